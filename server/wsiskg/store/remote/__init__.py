"""Another server as the store: any SPARQL 1.1 engine, asked and loaded over HTTP."""
