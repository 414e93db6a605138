"""Writes index files: items as lists show them, one by one or as columns."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import polars as pl

from wsiskg.graph.index.documents import json_text
from wsiskg.graph.index.schema import INDEXES, OPTIMIZE, PLAIN_TEXT, TABLES, TEXT

__all__ = ["STEP", "TUNED", "Doc", "IndexWriter", "Item", "create_index", "without_version"]

STEP = 1 << 10
"""Between the numbers of items that follow one another: others may get in between later (`changing`)."""

_TEXT = "INSERT INTO text (rowid, label, other, body) VALUES (?, ?, ?, ?)"
_ITEM = "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_ALIAS = "INSERT INTO alias VALUES (?, ?)"
_DOC = "INSERT INTO doc VALUES (?, ?, ?, ?)"
_FACETS = {"item": pl.UInt32, "term": pl.UInt32}
_ITEMS = 8192  # written at once
_AT_ONCE = 4096  # pairs written by one statement: a good deal faster than one by one
_ROOM = 1 << 14  # items that may still follow those of one kind
_WORDS = 16 << 20  # bytes of words that are held before they are written: fewer parts to merge at the end
_VERSION_FIELD = 96  # of the file's header: the library that wrote it; written, never read

# Nobody reads it before it is complete. Pages are zeroed, or what memory held before would get into the file.
TUNED = (
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536;"
    "PRAGMA locking_mode = EXCLUSIVE;"
)
"""How a file is written."""


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
    _kinds: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    _terms: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _facets: list[pl.DataFrame] = field(default_factory=list)

    @property
    def next(self) -> int:
        """Place of the first item of a kind, if it is written next; those that follow are counted on from it."""
        return self._items + 1 + (_ROOM if self._items else 0)

    def add(self, items: Iterable[Item]) -> None:
        """Write items."""
        for kind, group in groupby(items, key=lambda item: item.kind):
            while some := list(islice(group, _ITEMS)):
                self._some(kind, some)

    def _some(self, kind: str, items: Sequence[Item]) -> None:
        begin = self._begin(kind, len(items))
        numbered = [(place * STEP, item) for place, item in enumerate(items, begin)]
        run = self.connection.executemany
        rows = ((i, kind, v.code, v.label, v.year, v.number, v.digest, json_text(v.document)) for i, v in numbered)
        run(_ITEM, rows)
        run(_ALIAS, ((key, i) for i, item in numbered for key in sorted(set(item.aliases))))
        docs = list(enumerate(((i, doc) for i, item in numbered for doc in item.docs), self._docs + 1))
        self._docs += len(docs)
        run(_DOC, ((n, i, doc.lang, doc.label) for n, (i, doc) in docs))
        run(_TEXT, ((n, doc.words, doc.other, doc.body) for n, (_, doc) in docs))
        pairs = [(n, self.term(kind, *facet)) for n, item in enumerate(items, begin) for facet in item.facets]
        self.facets(pl.DataFrame(pairs, _FACETS, orient="row"))

    def write(self, kind: str, rows: pl.DataFrame) -> None:
        """Write items given as columns.

        Args:
            kind: what they are.
            rows: ``code``, ``label``, ``year``, ``number`` and ``json``; ``alias``, if they have one; ``words``,
                ``other`` and ``body``, if they are searched for.

        """
        numbered = rows.with_columns(id=(pl.int_range(pl.len()) + self._begin(kind, len(rows))) * STEP)
        run = self.connection.executemany
        columns = ("id", pl.lit(kind), "code", "label", "year", "number", pl.lit("").alias("digest"), "json")
        run(_ITEM, numbered.select(columns).iter_rows())
        if "alias" in rows.columns:
            run(_ALIAS, numbered.select("alias", "id").iter_rows())
        if "words" in rows.columns:
            docs = numbered.with_row_index("doc", self._docs + 1)
            self._docs += len(rows)
            run(_DOC, docs.select("doc", "id", lang=pl.lit(""), label=pl.lit("")).iter_rows())
            run(_TEXT, docs.select("doc", "words", "other", "body").iter_rows())

    def term(self, kind: str, name: str, value: str) -> int:
        """Return a number for a facet of a kind of items, for `facets`."""
        return self._terms.setdefault((kind, name, value), len(self._terms))

    def facets(self, rows: pl.DataFrame) -> None:
        """Enter what items are found by: pairs, each once, of the place of an ``item`` and the number of a ``term``."""
        self._facets.append(rows.select(pl.col(name).cast(dtype) for name, dtype in _FACETS.items()))

    def _begin(self, kind: str, size: int) -> int:
        """Return the place of the first of some items of a kind."""
        begin = self.next
        first, last, items = self._kinds.get(kind, (begin, begin - 1, 0))
        if items:
            begin = last + 1
            if last != self._items:
                raise ValueError(f"items of kind {kind} do not stand together")
        if size:
            self._items = begin + size - 1
            self._kinds[kind] = (first, self._items, items + size)
        return begin

    def labels(self, labels: Mapping[str, Mapping[str, Any]]) -> None:
        """Write what is shown of resources where items name them, by compact IRI."""
        rows = ((i, json_text(labels[i])) for i in sorted(labels))
        self.connection.executemany("INSERT INTO label VALUES (?, ?)", rows)

    def cells(self, cells: pl.DataFrame) -> None:
        """Write counts (projects, recognised) by (origin, region, action line, SDG, year), in this order."""
        rows = cells.sort(cells.columns[:5]).iter_rows()
        self.connection.executemany("INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def finish(self) -> None:
        """Write what is known only at the end, and the indexes."""
        run = self.connection.executemany
        kinds = ((kind, first * STEP, last * STEP, items) for kind, (first, last, items) in sorted(self._kinds.items()))
        run("INSERT INTO kind VALUES (?, ?, ?, ?)", kinds)
        self._finish_facets()
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
        items = pl.col("item").cast(pl.Int64) * STEP
        numbers = facets.select(pl.col("term").replace_strict(terms["term"], terms["id"]), items).sort("term", "item")
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers.slice(start, _AT_ONCE)
            places = ", ".join(["(?, ?)"] * len(some))
            self.connection.execute("INSERT INTO facet VALUES " + places, some.to_numpy().ravel().tolist())  # noqa: S608


@contextmanager
def create_index(path: Path, *, plain: bool = False) -> Iterator[IndexWriter]:
    """Create an index file at ``path``; it is complete when the context is left.

    Args:
        path: the file.
        plain: texts are kept as they are and not searched, so that they can be read again.

    """
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("PRAGMA page_size = 8192; PRAGMA auto_vacuum = NONE;" + TUNED + TABLES)
        connection.executescript(PLAIN_TEXT if plain else TEXT)
        if not plain:
            connection.execute("INSERT INTO text (text, rank) VALUES ('hashsize', ?)", (_WORDS,))
        writer = IndexWriter(connection)
        yield writer
        writer.finish()
        if not plain:
            connection.execute("DELETE FROM text_config WHERE k = 'hashsize'")
            connection.commit()
            connection.executescript(OPTIMIZE)
            connection.execute("VACUUM")
    without_version(path)


def without_version(path: Path) -> None:
    """Take the version of the library that wrote it last out of an index file: the same content, the same bytes."""
    with path.open("r+b") as handle:
        handle.seek(_VERSION_FIELD)
        handle.write(bytes(4))
