"""What stands below the base IRI: linked data, dumps, the dataset's description, the catalogue of queries."""
