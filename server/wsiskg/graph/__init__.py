"""Rows to RDF: named graphs, their serialisations, and the release that holds them."""
