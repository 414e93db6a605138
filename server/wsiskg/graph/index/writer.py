"""Writes index files: items as lists show them."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import polars as pl

from wsiskg.graph.index.schema import INDEXES, TABLES

__all__ = ["Doc", "IndexWriter", "Item", "create_index"]

_TEXT = "INSERT INTO text (rowid, label, other, body) VALUES (?, ?, ?, ?)"
_ITEMS = 8192  # written at once
_WORDS = 16 << 20  # bytes of words that are held before they are written: fewer parts to merge at the end
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
    _facets: list[pl.DataFrame] = field(default_factory=list)

    def add(self, items: Iterable[Item]) -> None:
        """Write items."""
        for kind, group in groupby(items, key=lambda item: item.kind):
            while some := list(islice(group, _ITEMS)):
                self._some(kind, some)

    def _some(self, kind: str, items: Sequence[Item]) -> None:
        numbered = list(enumerate(items, self._begin(kind, len(items))))
        run = self.connection.executemany
        run(
            "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((i, kind, v.code, v.label, v.year, v.number, v.digest, _json_text(v.document)) for i, v in numbered),
        )
        run("INSERT INTO alias VALUES (?, ?)", ((key, i) for i, item in numbered for key in sorted(set(item.aliases))))
        docs = list(enumerate(((i, doc) for i, item in numbered for doc in item.docs), self._docs + 1))
        self._docs += len(docs)
        run("INSERT INTO doc VALUES (?, ?, ?, ?)", ((n, i, doc.lang, doc.label) for n, (i, doc) in docs))
        run(_TEXT, ((n, doc.words, doc.other, doc.body) for n, (_, doc) in docs))
        pairs = [
            (i, self._terms.setdefault((kind, *facet), len(self._terms))) for i, item in numbered
            for facet in item.facets
        ]  # fmt: skip
        self._facets.append(pl.DataFrame(pairs, {"item": pl.UInt32, "term": pl.UInt32}, orient="row"))

    def _begin(self, kind: str, size: int) -> int:
        first, last = self._kinds.get(kind, (self._items + 1, self._items))
        if last != self._items:
            raise ValueError(f"items of kind {kind} do not stand together")
        begin, self._items = self._items + 1, self._items + size
        if size:
            self._kinds[kind] = (first, self._items)
        return begin

    def labels(self, labels: Mapping[str, Mapping[str, Any]]) -> None:
        """Write what is shown of resources where items name them, by compact IRI."""
        rows = ((i, _json_text(labels[i])) for i in sorted(labels))
        self.connection.executemany("INSERT INTO label VALUES (?, ?)", rows)

    def cells(self, cells: Mapping[tuple[str, str, str, str, int], Sequence[int]]) -> None:
        """Write counts (projects, recognised) by (origin, region, action line, SDG, year)."""
        rows = ((*key, *cells[key]) for key in sorted(cells))
        self.connection.executemany("INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def finish(self) -> None:
        """Write what is known only at the end, and the indexes."""
        run = self.connection.executemany
        run("INSERT INTO kind VALUES (?, ?, ?)", ((k, *self._kinds[k]) for k in sorted(self._kinds)))
        self._finish_facets()
        self.connection.execute("DELETE FROM text_config WHERE k = 'hashsize'")
        self.connection.commit()
        self.connection.executescript(INDEXES)

    def _finish_facets(self) -> None:
        """Write terms, numbered in the order in which items first have them, and what has them."""
        if not self._facets:
            return
        facets = pl.concat(self._facets)
        names = pl.DataFrame(list(self._terms), ["kind", "name", "value"], orient="row").with_row_index("term")
        terms = (
            facets.group_by("term").agg(first=pl.col("item").min(), items=pl.len())
            .join(names, "term").sort("first", "name", "value").with_row_index("id", 1)
        )  # fmt: skip
        rows = terms.select("id", "kind", "name", "value", "items").iter_rows()
        self.connection.executemany("INSERT INTO term VALUES (?, ?, ?, ?, ?)", rows)
        numbers = facets.select(pl.col("term").replace_strict(terms["term"], terms["id"]), "item").sort("term", "item")
        self.connection.executemany("INSERT INTO facet VALUES (?, ?)", numbers.iter_rows())


@contextmanager
def create_index(path: Path) -> Iterator[IndexWriter]:
    """Create an index file at ``path``; it is complete when the context is left."""
    with closing(sqlite3.connect(path)) as connection:
        # Nobody reads it before it is complete. Pages are zeroed, or what memory held before would get into the file.
        connection.executescript(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;"
            "PRAGMA cache_size = -65536; PRAGMA auto_vacuum = NONE; PRAGMA locking_mode = EXCLUSIVE;" + TABLES
        )
        connection.execute("INSERT INTO text (text, rank) VALUES ('hashsize', ?)", (_WORDS,))
        writer = IndexWriter(connection)
        yield writer
        writer.finish()
        connection.execute("VACUUM")
    with path.open("r+b") as handle:
        handle.seek(_VERSION_FIELD)
        handle.write(bytes(4))


def _json_text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
