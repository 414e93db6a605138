"""A release's index, read: lists, lookups and search, in a fixed number of SQLite statements whatever they find."""
