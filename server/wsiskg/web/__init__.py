"""HTTP: the SPARQL endpoint, linked data, dumps, and pages."""
