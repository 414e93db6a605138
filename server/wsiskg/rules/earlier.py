"""What the validation of a release found, kept with it: the next build judges only what changed since.

That is the release's own note, like that of its parts (`wsiskg.graph.parts`), and not named in its manifest.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import pairwise

import numpy as np
import polars as pl
import pyoxigraph as ox
import pyshacl
import rdflib
from pyoxigraph import NamedNode

from wsiskg import __version__
from wsiskg.disk import sync
from wsiskg.graph.columns.statements import COLUMNS, Statements, frame_of
from wsiskg.graph.description import release_triples
from wsiskg.graph.parts import Before, read_parts
from wsiskg.graph.release import NQUADS, Release
from wsiskg.rules.screening.changes import Changes, Held
from wsiskg.rules.shacl import shapes_digest

__all__ = ["SUSPECTS", "changes_since", "save_suspects"]

SUSPECTS = "suspects.parquet"
"""The file, in the directory of the release."""

_FORM = "1"
"""Counts up when other nodes may be suspects for another reason than the shapes."""

_MOST = 1_000_000
"""Statements to compare, above which all are judged: they are held in memory."""

_HELD = 4
"""Parts that stay in memory when they were read."""

_EMPTY = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


def save_suspects(release: Release, suspects: pl.Series, graphs: Iterable[str], shapes: Sequence[str]) -> None:
    """Keep with a release what was found when it was validated.

    Args:
        release: where the note goes.
        suspects: all nodes that may break one of the shapes, and perhaps others.
        graphs: IRIs of the graphs that were validated, as the release has them, but for what it says of itself.
        shapes: names of the shapes.

    Raises:
        OSError: it cannot be written.

    """
    known = {"key": _key(release, shapes), "graphs": json.dumps(sorted(graphs))}
    unfinished = release.path / f".{SUSPECTS}"
    suspects.alias("node").to_frame().write_parquet(unfinished, metadata=known)
    sync(unfinished)
    unfinished.rename(release.path / SUSPECTS)
    sync(release.path)


def changes_since(release: Release, graphs: Sequence[Statements], shapes: Sequence[str]) -> Changes | None:
    """Compare graphs with those of a release that was validated by the same shapes.

    None if there is no note of that, or too much changed.
    """
    path = release.path / SUSPECTS
    try:
        known = pl.read_parquet_metadata(path)
        suspects = pl.read_parquet(path)["node"]
    except (OSError, pl.exceptions.PolarsError):
        return None
    if known.get("key") != _key(release, shapes):
        return None
    validated, before = set(json.loads(known["graphs"])), read_parts(release)
    if not validated <= before.keys():
        return None
    comparison = _Comparison(release)
    try:
        for statements in graphs:
            iri = statements.graph.value
            comparison.add(iri, statements, before[iri] if iri in validated else None)
        for iri in validated - {statements.graph.value for statements in graphs}:
            comparison.add(iri, Statements.of(NamedNode(iri), ()), before[iri])
    except _TooManyError:
        return None
    return comparison.outcome(suspects)


class _TooManyError(Exception):
    """More changed than is worth comparing."""


class _Comparison:
    """Compares graphs with those of a release, one after another."""

    def __init__(self, release: Release) -> None:
        self._release = release
        iris, names = release.iris, [NamedNode(graph) for graph in release.graphs]
        self._about_itself = frame_of(release_triples(iris, release.id, names))
        self._left = _MOST
        self._held: list[Held] = []
        self._lost, self._new = [_EMPTY], [_EMPTY]
        self._stored = lru_cache(_HELD)(self._read)

    def add(self, graph: str, statements: Statements, before: Before | None) -> None:
        """Compare a graph; ``before`` are its pieces when it was validated, if it was."""
        found: list[Held] = []
        same: set[str] = set()
        after = [_EMPTY]
        for part in statements.parts(before.firsts if before else ()):
            source = part.source() if before else ""
            piece = before.find(source) if before else None
            if before and piece:
                span = before.place(piece, NQUADS)
                block: Callable[[], pl.DataFrame] = partial(self._stored, graph, span.offset, span.size)
                same.add(source)
            else:
                frame = part.block()
                self._spend(len(frame))
                after.append(frame)
                block = partial(_same, frame)
            found.append(Held(graph, part.first, "", piece.count if piece else None, block))
        self._held += [replace(part, end=following.first) for part, following in pairwise(found)] + found[-1:]
        gone = [_EMPTY]
        for piece in before.pieces if before else ():
            if before and piece.source not in same:
                self._spend(piece.count.triples)
                span = before.place(piece, NQUADS)
                gone.append(self._read(graph, span.offset, span.size))
        then, now = pl.concat(gone), pl.concat(after)
        if graph == self._release.iris.graph("provenance").value:  # a release is validated before it has its name
            then = then.join(self._about_itself, on=COLUMNS, how="anti")
        self._lost.append(then.join(now, on=COLUMNS, how="anti"))
        self._new.append(now.join(then, on=COLUMNS, how="anti"))

    def outcome(self, suspects: pl.Series) -> Changes:
        """Return what changed."""
        return Changes(suspects, self._held, pl.concat(self._lost), pl.concat(self._new))

    def _spend(self, statements: int) -> None:
        self._left -= statements
        if self._left < 0:
            raise _TooManyError

    def _read(self, graph: str, offset: int, size: int) -> pl.DataFrame:
        stored = Statements.stored(NamedNode(graph), self._release.nquads_path, offset, size)
        return pl.concat([_EMPTY, *stored.blocks()])


def _same(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def _key(release: Release, shapes: Sequence[str]) -> str:
    """Return what the note is good for: this release, these shapes, and the versions of all that judges."""
    versions = [_FORM, __version__, pyshacl.__version__, rdflib.__version__, pl.__version__, np.__version__]
    text = " ".join([release.id, shapes_digest(release.iris, *shapes), *versions, ox.__version__])
    return hashlib.sha256(text.encode()).hexdigest()
