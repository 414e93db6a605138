"""The matrix as pages: as a table, as a network, and as three frameworks in one view."""
