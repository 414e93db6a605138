"""Form of the index files: SQLite, written once, opened read-only, the same bytes for the same content.

Two files: what depends on an edition, and what does not (projects and awards), so that publishing an edition takes
the larger one over as it is.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["CORE", "EVIDENCE", "INDEX_FORM", "Doc", "IndexWriter", "Item", "create_index"]

CORE = "index/core.sqlite"
"""Frameworks, agencies, places, editions, links, candidates."""

EVIDENCE = "index/evidence.sqlite"
"""Registers, projects, awards, organisations, and projects counted by action line and SDG."""

_TABLES = """
CREATE TABLE kind (name TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
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
CREATE VIRTUAL TABLE text USING fts5 (
  label, other, body, content='', prefix='2 3', tokenize="unicode61 remove_diacritics 0 tokenchars '_'"
);
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
_INDEXES = """
CREATE UNIQUE INDEX item_code ON item (kind, code);
CREATE INDEX item_year ON item (kind, year, id);
CREATE INDEX item_number ON item (kind, number, id);
CREATE UNIQUE INDEX term_value ON term (kind, name, value);
INSERT INTO text (text) VALUES ('optimize');
"""
INDEX_FORM = hashlib.sha256((_TABLES + _INDEXES).encode()).hexdigest()
"""Hash of the form: a release whose index has another one is not taken from."""

_VERSION_FIELD = 96  # of the file's header: the library that wrote it; written, never read


@dataclass(frozen=True, slots=True)
class Doc:
    """Texts of an item in one language (empty: no particular one), already folded for search (``search_text``)."""

    lang: str
    label: str
    words: str
    other: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One resource as lists show it.

    Attributes:
        kind: what it is, such as ``link``.
        code: its name within the kind.
        document: its JSON-LD without labels of what it names.
        facets: (name, value) pairs it is found by.
        label: the text it is sorted by.
        year: year it is sorted by, 0 for none.
        number: number it is sorted by.
        digest: hash of what an edition says of it.
        aliases: codes that mean it, as people write them.
        docs: its texts.

    """

    kind: str
    code: str
    document: Mapping[str, Any]
    facets: frozenset[tuple[str, str]] = frozenset()
    label: str = ""
    year: int = 0
    number: int = 0
    digest: str = ""
    aliases: tuple[str, ...] = ()
    docs: tuple[Doc, ...] = ()


@dataclass(slots=True)
class IndexWriter:
    """Writes items in the order in which they are to be listed; all of one kind stand together."""

    connection: sqlite3.Connection
    _items: int = 0
    _docs: int = 0
    _kinds: dict[str, tuple[int, int]] = field(default_factory=dict)
    _terms: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _counts: dict[int, int] = field(default_factory=dict)

    def add(self, items: Iterable[Item]) -> None:
        """Write items."""
        for item in items:
            self._item(item)

    def _item(self, item: Item) -> None:
        self._items += 1
        first, last = self._kinds.get(item.kind, (self._items, self._items - 1))
        if last != self._items - 1:
            raise ValueError(f"items of kind {item.kind} do not stand together")
        self._kinds[item.kind] = (first, self._items)
        run = self.connection.execute
        text = json.dumps(item.document, ensure_ascii=False, separators=(",", ":"))
        row = (self._items, item.kind, item.code, item.label, item.year, item.number, item.digest, text)
        run("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        for name, value in sorted(item.facets):
            term = self._terms.setdefault((item.kind, name, value), len(self._terms) + 1)
            self._counts[term] = self._counts.get(term, 0) + 1
            run("INSERT INTO facet VALUES (?, ?)", (term, self._items))
        for key in sorted(set(item.aliases)):
            run("INSERT INTO alias VALUES (?, ?)", (key, self._items))
        for doc in item.docs:
            self._docs += 1
            run("INSERT INTO doc VALUES (?, ?, ?, ?)", (self._docs, self._items, doc.lang, doc.label))
            columns = "INSERT INTO text (rowid, label, other, body) VALUES (?, ?, ?, ?)"
            run(columns, (self._docs, doc.words, doc.other, doc.body))

    def labels(self, labels: Mapping[str, Mapping[str, Any]]) -> None:
        """Write what is shown of resources where items name them, by compact IRI."""
        rows = ((i, json.dumps(labels[i], ensure_ascii=False, separators=(",", ":"))) for i in sorted(labels))
        self.connection.executemany("INSERT INTO label VALUES (?, ?)", rows)

    def cells(self, cells: Mapping[tuple[str, str, str, str, int], Sequence[int]]) -> None:
        """Write counts (projects, recognised) by (origin, region, action line, SDG, year)."""
        rows = ((*key, *cells[key]) for key in sorted(cells))
        self.connection.executemany("INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def finish(self) -> None:
        """Write what is known only at the end, and the indexes."""
        run = self.connection.executemany
        run("INSERT INTO kind VALUES (?, ?, ?)", ((k, *self._kinds[k]) for k in sorted(self._kinds)))
        run("INSERT INTO term VALUES (?, ?, ?, ?, ?)", ((i, *t, self._counts[i]) for t, i in self._terms.items()))
        self.connection.commit()
        self.connection.executescript(_INDEXES)


@contextmanager
def create_index(path: Path) -> Iterator[IndexWriter]:
    """Create an index file at ``path``; it is complete when the context is left."""
    with closing(sqlite3.connect(path)) as connection:
        # Nobody reads it before it is complete. Pages are zeroed, or what memory held before would get into the file.
        connection.executescript(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;"
            "PRAGMA cache_size = -65536; PRAGMA auto_vacuum = NONE; PRAGMA locking_mode = EXCLUSIVE;" + _TABLES
        )
        writer = IndexWriter(connection)
        yield writer
        writer.finish()
        connection.execute("VACUUM")
    with path.open("r+b") as handle:
        handle.seek(_VERSION_FIELD)
        handle.write(bytes(4))
