"""The parts that the graphs of a release were written in, kept with it: the next one writes only those that changed.

Of each part is kept what it was made from, where it stands in the dumps, and what was counted of it. That is the
release's own note, not named in its manifest: it says how statements were cut, which the release does not depend on.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
from pyoxigraph import NamedNode

from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.release import NQUADS, Release
from wsiskg.graph.spans import Span
from wsiskg.graph.statistics import Count

__all__ = ["PARTS", "WRITTEN", "Before", "Change", "Piece", "read_parts", "save_parts"]

PARTS = "parts.parquet"
"""The file, in the directory of the release."""

WRITTEN = (NQUADS, "wsis-kg.ttl", "wsis-kg.jsonld")
"""Dumps of which parts are kept; TriG is Turtle, one tab further in."""

_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "graph": pl.String, "first": pl.String, "source": pl.String,
    **{f"{dump}:{what}": pl.UInt64 for dump in WRITTEN for what in ("offset", "size")},
    "triples": pl.UInt64, "subjects": pl.UInt64, "objects": pl.List(pl.UInt64), "counts": pl.String,
    "key": pl.String,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A part as it was written.

    Attributes:
        first: its first subject, as N-Triples writes it.
        source: hash of what it was made from; empty if unknown.
        places: offset and size in bytes, by name of the dump, from where the graph begins in it.
        count: what was counted of it.

    """

    first: str
    source: str
    places: Mapping[str, tuple[int, int]]
    count: Count


@dataclass(frozen=True, slots=True)
class Change:
    """Pieces that take the place of others: all statements about some subjects, before and after."""

    before: Sequence[Piece]
    after: Sequence[Piece]


class Before:
    """A graph of the release before, in pieces.

    Attributes:
        pieces: all of it, in order.

    """

    def __init__(self, release: Release, graph: str, pieces: Sequence[Piece]) -> None:
        self._graph = NamedNode(graph)
        self._dumps = release.path / "dumps"
        self._ranges: Mapping[str, Sequence[int]] = release.manifest["graphs"][graph]["ranges"]
        self.pieces = pieces

    @cached_property
    def firsts(self) -> Sequence[str]:
        """The first subject of each piece."""
        return [piece.first for piece in self.pieces]

    @cached_property
    def _by_source(self) -> Mapping[str, Piece]:
        return {piece.source: piece for piece in self.pieces if piece.source}

    def find(self, source: str) -> Piece | None:
        """Return the piece that was made from the same, if there is one."""
        return self._by_source.get(source)

    def place(self, piece: Piece, dump: str) -> Span:
        """Return where the text of a piece stands."""
        offset, size = piece.places[dump]
        return Span(self._dumps / dump, self._ranges[dump][0] + offset, size)

    def statements(self, piece: Piece) -> Statements:
        """Return the statements of a piece."""
        return Statements.read(self._graph, self.place(piece, NQUADS).read)

    def changes(self, after: Sequence[Piece]) -> Iterator[Change]:
        """Compare with the pieces of now, which begin wherever those of before do."""
        if not self.pieces:
            yield Change((), after)
            return
        sides: list[tuple[list[Piece], list[Piece]]] = [([piece], []) for piece in self.pieces]
        for piece in after:
            sides[max(bisect_right(self.firsts, piece.first) - 1, 0)][1].append(piece)
        for old, new in sides:
            if [piece.source or None for piece in old] != [piece.source for piece in new]:
                yield Change(old, new)


def save_parts(folder: Path, graphs: Mapping[str, Sequence[Piece]], manifest: Mapping[str, Any]) -> None:
    """Write the pieces of every graph, by its IRI, into the directory of a release with this manifest."""
    key = _key(manifest)
    pieces = [(graph, piece) for graph, found in graphs.items() for piece in found]
    rows = [
        {
            "graph": graph, "first": piece.first, "source": piece.source,
            **{f"{dump}:offset": place[0] for dump, place in piece.places.items()},
            **{f"{dump}:size": place[1] for dump, place in piece.places.items()},
            "triples": piece.count.triples, "subjects": piece.count.subjects,
            "counts": json.dumps([piece.count.classes, piece.count.properties, piece.count.schemes]),
            "key": key,
        }
        for graph, piece in pieces
    ]  # fmt: skip
    objects = pl.Series("objects", [piece.count.objects for _, piece in pieces], _SCHEMA["objects"])
    others = {name: kind for name, kind in _SCHEMA.items() if name != "objects"}
    pl.DataFrame(rows, others).with_columns(objects).select(list(_SCHEMA)).write_parquet(folder / PARTS)


def read_parts(release: Release) -> Mapping[str, Before]:
    """Return the graphs of ``release`` in pieces, by IRI; none of those whose pieces cannot be compared with ours."""
    try:
        found = pl.read_parquet(release.path / PARTS)
    except (OSError, pl.exceptions.PolarsError):
        return {}
    if dict(found.schema) != _SCHEMA or (found["key"] != _key(release.manifest)).any():
        return {}
    graphs: dict[str, list[Piece]] = {}
    for row, objects in zip(found.drop("objects").iter_rows(named=True), found["objects"], strict=True):
        classes, properties, schemes = json.loads(row["counts"])
        count = Count(row["triples"], row["subjects"], objects, classes, properties, tuple(schemes))
        places = {dump: (row[f"{dump}:offset"], row[f"{dump}:size"]) for dump in WRITTEN}
        graphs.setdefault(row["graph"], []).append(Piece(row["first"], row["source"], places, count))
    return {iri: Before(release, iri, graphs.get(iri, ())) for iri in release.graphs}


def _key(manifest: Mapping[str, Any]) -> str:
    """Return what pieces are good for: these dumps, and the version of Polars, which hashes of objects follow from."""
    digests = {file["path"]: file["sha256"] for file in manifest["files"]}
    return " ".join([pl.__version__, *(digests[f"dumps/{dump}"] for dump in WRITTEN)])
