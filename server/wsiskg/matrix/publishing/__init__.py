"""Publish an edition: order, admission of proposals, rows of the new edition, tables and release together."""
