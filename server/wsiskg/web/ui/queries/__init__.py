"""Queries as pages: the workbench, the catalogue's questions, and their answers."""
