"""Files of proposals, read as people send them: workbooks, delimited texts, SSSOM, RDF."""
