"""Frozen types, codes and errors that every other room uses. Nothing here reads or writes."""
