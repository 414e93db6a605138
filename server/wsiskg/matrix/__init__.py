"""Editions of the matrix and the proposals for the next one: read, check, compare, publish."""
