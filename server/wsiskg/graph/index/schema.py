"""Form of the index files: SQLite, written once, opened read-only, from nothing the same bytes for the same content.

The number of an item says where lists have it; there is room between these numbers (see `changing`).

Two files: what depends on an edition, and what does not (projects and awards), so that publishing an edition takes
the larger one over as it is.
"""

import hashlib

__all__ = ["CORE", "EVIDENCE", "INDEXES", "INDEX_FORM", "OPTIMIZE", "PLAIN_TEXT", "TABLES", "TEXT"]

CORE = "index/core.sqlite"
"""Frameworks, agencies, places, editions, links, candidates."""

EVIDENCE = "index/evidence.sqlite"
"""Registers, projects, awards, organisations, and projects counted by action line and SDG."""

TABLES = """
CREATE TABLE kind (
  name TEXT PRIMARY KEY,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  items INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE item (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  code TEXT NOT NULL,
  label TEXT NOT NULL,
  year INTEGER NOT NULL,
  number INTEGER NOT NULL,
  digest TEXT NOT NULL,
  json TEXT NOT NULL
);
CREATE TABLE term (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  items INTEGER NOT NULL
);
CREATE TABLE facet (term INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (term, item)) WITHOUT ROWID;
CREATE TABLE label (id TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE alias (key TEXT NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (key, item)) WITHOUT ROWID;
CREATE TABLE doc (id INTEGER PRIMARY KEY, item INTEGER NOT NULL, lang TEXT NOT NULL, label TEXT NOT NULL);
CREATE TABLE cell (
  origin TEXT NOT NULL,
  region TEXT NOT NULL,
  line TEXT NOT NULL,
  sdg TEXT NOT NULL,
  year INTEGER NOT NULL,
  projects INTEGER NOT NULL,
  recognised INTEGER NOT NULL,
  PRIMARY KEY (origin, region, line, sdg, year)
) WITHOUT ROWID;
"""
TEXT = """
CREATE VIRTUAL TABLE text USING fts5 (
  label, other, body, content='', prefix='2 3', tokenize="unicode61 remove_diacritics 0 tokenchars '_'"
);
"""
PLAIN_TEXT = "CREATE TABLE text (label TEXT NOT NULL, other TEXT NOT NULL, body TEXT NOT NULL);"
"""In place of `TEXT`: texts that can be read again, and are not searched."""

INDEXES = """
CREATE UNIQUE INDEX item_code ON item (kind, code);
CREATE INDEX item_year ON item (kind, year, id);
CREATE INDEX item_number ON item (kind, number, id);
CREATE UNIQUE INDEX term_value ON term (kind, name, value);
"""
OPTIMIZE = "INSERT INTO text (text) VALUES ('optimize');"

INDEX_FORM = hashlib.sha256((TABLES + TEXT + INDEXES).encode()).hexdigest()
"""Hash of the form: a release whose index has another one is not taken from."""
