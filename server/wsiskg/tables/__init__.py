"""Read tables, check them against their Table Schema, and say exactly which cell is wrong."""
