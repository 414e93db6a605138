"""Deterministic dumps: the same statements give the same bytes, whatever their order or the hash seed.

Each named graph is written on its own, once, part by part; a dump of everything is those graphs behind one another, in
IRI order. So a release can take all that did not change from the release before it. Statements and subjects stand in
the same order in every format, that of the sorted N-Quads.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from wsiskg import __version__
from wsiskg.graph.columns.jsonld import jsonld_block
from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.columns.turtle import turtle_block, turtle_terms
from wsiskg.graph.index.columns import COLUMNS, TYPES
from wsiskg.graph.index.schema import INDEX_FORM
from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.parts import WRITTEN, Before, Piece
from wsiskg.graph.release import NQUADS
from wsiskg.graph.spans import Span
from wsiskg.graph.statistics import Statistics, count_block, total

__all__ = [
    "DUMPS",
    "Follow",
    "GraphText",
    "form_digest",
    "frame",
    "graph_digest",
    "graph_file",
    "graph_turtle",
    "nquads",
    "write_graph",
]

DUMPS: Mapping[str, str] = {
    NQUADS: "application/n-quads",
    "wsis-kg.trig": "application/trig",
    "wsis-kg.ttl": "text/turtle",
    "wsis-kg.jsonld": "application/ld+json",
}
"""Dumps of the whole release, and their media types."""

_FORM = "4"
"""Counts up when the bytes of a part change for another reason than those that `form_digest` knows."""

Follow = Callable[[Span], None]
"""Is told where lines of N-Quads stand as soon as they are written."""


@dataclass(frozen=True, slots=True)
class GraphText:
    """One graph in every format, in files that vanish with it.

    Attributes:
        graph: its IRI.
        digest: SHA-256 of its sorted N-Quads.
        statistics: what was counted while writing.
        pieces: the parts it was written in.

    """

    graph: NamedNode
    digest: str
    statistics: Statistics
    pieces: Sequence[Piece]
    _iris: Iris
    _texts: Mapping[str, "_Text"]

    def statements(self, piece: Piece | None = None) -> Statements:
        """Return the statements, or those of one of its pieces, read from the N-Quads."""
        place = piece.places[NQUADS] if piece else (0, self._texts[NQUADS].size)
        return Statements.read(self.graph, lambda: self._texts[NQUADS].read(*place))

    def part(self, dump: str) -> Iterator[bytes]:
        """Yield what this graph contributes to one of `DUMPS`, piece by piece."""
        if not dump.endswith(".trig"):
            yield from self._texts[dump].whole()
        elif self.statistics.triples:
            name = turtle_terms(pl.Series([str(self.graph)]), prefixes(self._iris)).item()
            yield name.encode() + b" {\n\t"
            text = self._texts["wsis-kg.ttl"]
            for piece in text.read(0, text.size - 1):
                yield piece.replace(b"\n", b"\n\t")
            yield b"\n}\n"


class _Text:
    """A text in pieces behind one another: own ones, in a file without a name, and some of other files.

    ``follow`` is told where each piece stands.
    """

    def __init__(self, folder: Path | None, follow: Follow = lambda _: None) -> None:
        self._follow = follow
        self._own = tempfile.TemporaryFile(buffering=0, dir=str(folder) if folder else None)  # noqa: SIM115
        self._own_size = 0
        self._spans: list[Span] = []
        self.size = 0

    def __del__(self) -> None:
        self._own.close()

    def write(self, text: bytes) -> tuple[int, int]:
        """Add text of its own; return offset and size."""
        view = memoryview(text)
        while view:
            view = view[self._own.write(view) :]
        self._own_size += len(text)
        return self.take(Span(self._own, self._own_size - len(text), len(text)))

    def take(self, span: Span) -> tuple[int, int]:
        """Add bytes of a file, which stay as they are; return offset and size."""
        self._follow(span)
        place = (self.size, span.size)
        self.size += span.size
        last = self._spans[-1] if self._spans else None
        if last and last.file == span.file and last.offset + last.size == span.offset:
            self._spans[-1] = Span(last.file, last.offset, last.size + span.size)
        else:
            self._spans.append(span)
        return place

    def read(self, offset: int, size: int) -> Iterator[bytes]:
        """Yield ``size`` bytes from ``offset`` on."""
        place, end = 0, offset + size
        for span in self._spans:
            start, stop = max(offset - place, 0), min(end - place, span.size)
            if start < stop:
                yield from Span(span.file, span.offset + start, stop - start).read()
            place += span.size

    def whole(self) -> Iterator[bytes]:
        """Yield all of it."""
        return self.read(0, self.size)


class _Writer:
    """Writes the parts of one graph."""

    def __init__(self, graph: NamedNode, iris: Iris, folder: Path | None, follow: Follow) -> None:
        self._graph = graph
        self._context, self._names = load_context(iris), prefixes(iris)
        self.texts = {dump: _Text(folder) for dump in WRITTEN} | {NQUADS: _Text(folder, follow)}
        self.pieces: list[Piece] = []
        name = json.dumps(self._context.compact_iri(graph.value), ensure_ascii=False)
        self.texts["wsis-kg.jsonld"].write(f'  {{\n   "id": {name},\n   "@graph": ['.encode())

    def add(self, first: str, source: str, block: pl.DataFrame) -> None:
        """Write a part."""
        lines = nquads(block, self._graph)
        texts = (lines, turtle_block(block, self._names), jsonld_block(block, self._context))
        self._separate()
        places = {dump: self.texts[dump].write(text) for dump, text in zip(WRITTEN, texts, strict=True)}
        self.pieces.append(Piece(first, source, places, count_block(block)))

    def take(self, piece: Piece, before: Before) -> None:
        """Take a part over from the release before."""
        self._separate()
        places = {dump: self.texts[dump].take(before.place(piece, dump)) for dump in WRITTEN}
        self.pieces.append(Piece(piece.first, piece.source, places, piece.count))

    def _separate(self) -> None:
        self.texts["wsis-kg.jsonld"].write(b",\n" if self.pieces else b"\n")

    def finish(self) -> str:
        """Return the hash of the N-Quads when all parts are written."""
        self.texts["wsis-kg.jsonld"].write(b"\n   ]\n  }" if self.pieces else b"]\n  }")
        digest = hashlib.sha256()
        for text in self.texts[NQUADS].whole():
            digest.update(text)
        return digest.hexdigest()


def write_graph(
    statements: Statements,
    iris: Iris,
    folder: Path | None = None,
    before: Before | None = None,
    follow: Follow = lambda _: None,
) -> GraphText:
    """Write the statements of one graph in every format.

    Args:
        statements: what to write.
        iris: the IRIs it is built with.
        folder: where the files are while they exist; the system's place for such if None. They have no names.
        before: the same graph of an earlier release, which parts that did not change are taken from.
        follow: told where each part's N-Quads stand.

    Raises:
        OSError: there is no room.

    """
    writer = _Writer(statements.graph, iris, folder, follow)
    for part in statements.parts(before.firsts if before else ()):
        source = part.source()
        if before and (known := before.find(source)):
            writer.take(known, before)
        elif len(block := part.block()):
            writer.add(part.first, source, block)
    digest = writer.finish()
    return GraphText(statements.graph, digest, total(p.count for p in writer.pieces), writer.pieces, iris, writer.texts)


def nquads(block: pl.DataFrame, graph: NamedNode) -> bytes:
    """Return statements of a graph as N-Quads, in their order."""
    if not len(block):
        return b""
    lines = block.select(pl.concat_str([*block.columns, pl.lit(f"{graph} .\n")], separator=" ")).to_series()
    return bytes(lines.str.join("").cast(pl.Binary).item())


def graph_digest(statements: Statements) -> str:
    """Return the SHA-256 of the sorted N-Quads of one graph."""
    digest = hashlib.sha256()
    for block in statements.blocks():
        digest.update(nquads(block, statements.graph))
    return digest.hexdigest()


def graph_turtle(triples: Iterable[Triple], iris: Iris) -> bytes:
    """Return the triples of one graph as a Turtle document."""
    blocks = Statements.of(iris.graph("any"), triples).blocks()
    return b"".join([frame("wsis-kg.ttl", iris)[0], *(turtle_block(block, prefixes(iris)) for block in blocks)])


def graph_file(graph: NamedNode, iris: Iris) -> str:
    """Return the name of the Turtle file of one graph, below ``dumps/``."""
    return "graphs/" + graph.value.removeprefix(iris.graph("").value).replace("/", "-") + ".ttl"


def frame(dump: str, iris: Iris) -> tuple[bytes, bytes, bytes]:
    """Return what stands before, between and behind the parts of one of `DUMPS`."""
    if dump.endswith(".nq"):
        return b"", b"", b""
    if dump.endswith(".jsonld"):
        document = json.dumps({**load_context(iris).document, "@graph": []}, ensure_ascii=False, indent=1)
        return document.removesuffix("]\n}").encode() + b"\n", b",\n", b"\n ]\n}\n"
    lines = (f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes(iris).items())
    return "".join(lines).encode(), b"", b""


@cache
def form_digest(iris: Iris) -> str:
    """Return a hash of all that the bytes of a part depend on beside its statements."""
    frames = [text for dump in DUMPS for text in frame(dump, iris)]
    versions = [__version__, ox.__version__, _FORM, INDEX_FORM, repr((COLUMNS, TYPES))]
    return hashlib.sha256(b"\0".join([*(v.encode() for v in versions), *frames])).hexdigest()
