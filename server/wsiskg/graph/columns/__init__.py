"""Graphs as columns, in blocks of sorted statements: how graphs of any size are read and written."""
