"""Ask a release: the guard before the engine, the embedded store, killable workers, the catalogue of queries."""
