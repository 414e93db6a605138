"""The rules, written in SHACL, applied the same way at every door."""
