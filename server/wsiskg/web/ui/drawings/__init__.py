"""Geometry of the drawings: pure functions from numbers to places on a sheet."""
