"""The SPARQL protocols: queries, updates, graph store, and what the service says of itself."""
