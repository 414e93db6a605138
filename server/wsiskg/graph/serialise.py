"""Deterministic dumps: the same statements give the same bytes, whatever their order or the hash seed.

Each named graph is written on its own, once, block by block; a dump of everything is those parts behind one another,
graphs in IRI order. So a release in which one graph changed can take the parts of all others from the release before
it. Statements and subjects stand in the same order in every format, that of the sorted N-Quads.
"""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

import polars as pl
import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from wsiskg import __version__
from wsiskg.graph.index.columns import COLUMNS, TYPES
from wsiskg.graph.index.schema import INDEX_FORM
from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.jsonld_blocks import jsonld_block
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.statements import Statements
from wsiskg.graph.turtle_blocks import turtle_block, turtle_terms
from wsiskg.graph.vocabulary import RDF_TYPE, SKOS

__all__ = [
    "DUMPS",
    "GraphText",
    "Statistics",
    "form_digest",
    "frame",
    "graph_digest",
    "graph_file",
    "graph_turtle",
    "write_graph",
]

DUMPS: Mapping[str, str] = {
    "wsis-kg.nq": "application/n-quads",
    "wsis-kg.trig": "application/trig",
    "wsis-kg.ttl": "text/turtle",
    "wsis-kg.jsonld": "application/ld+json",
}
"""Dumps of the whole release, and their media types."""

_WRITTEN = ("wsis-kg.nq", "wsis-kg.ttl", "wsis-kg.jsonld")
"""Those whose parts are kept; TriG is Turtle, one tab further in."""

_FORM = "2"
"""Counts up when the bytes of a part change for another reason than those that `form_digest` knows."""

_CHUNK = 1 << 20
_IN_MEMORY = 4 << 20


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is counted of one graph: statements, distinct subjects and objects, uses of classes and properties."""

    triples: int
    subjects: int
    objects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    schemes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GraphText:
    """One graph in every format, in files that vanish with it.

    Attributes:
        statements: what it holds.
        digest: SHA-256 of its sorted N-Quads.
        statistics: what was counted while writing.

    """

    statements: Statements
    digest: str
    statistics: Statistics
    _iris: Iris
    _files: Mapping[str, "_File"]

    def part(self, dump: str) -> Iterator[bytes]:
        """Yield what this graph contributes to one of `DUMPS`, piece by piece."""
        graph = self.statements.graph
        if dump.endswith(".jsonld"):
            name = load_context(self._iris).compact_iri(graph.value)
            yield f'  {{\n   "id": {json.dumps(name, ensure_ascii=False)},\n   "@graph": ['.encode()
            yield from self._files[dump].read()
            yield b"\n   ]\n  }" if self.statistics.triples else b"]\n  }"
        elif dump.endswith(".trig") and self.statistics.triples:
            yield turtle_terms(pl.Series([str(graph)]), prefixes(self._iris)).item().encode() + b" {\n\t"
            for piece in self._files["wsis-kg.ttl"].read(without=1):
                yield piece.replace(b"\n", b"\n\t")
            yield b"\n}\n"
        elif not dump.endswith(".trig"):
            yield from self._files[dump].read()

    def open(self, dump: str) -> IO[bytes]:
        """Return the part of one of `DUMPS` (but TriG and JSON-LD) as a file at its beginning."""
        self._files[dump].handle.seek(0)
        return self._files[dump].handle


class _File:
    """What is written behind one another, to be read again: in memory while it is small."""

    def __init__(self, folder: Path | None) -> None:
        self.handle: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(folder) if folder else None)  # noqa: SIM115
        self.size = 0

    def __del__(self) -> None:
        self.handle.close()

    def write(self, text: bytes) -> None:
        self.handle.write(text)
        self.size += len(text)

    def read(self, without: int = 0) -> Iterator[bytes]:
        """Yield the content, except that many bytes at its end."""
        self.handle.seek(0)
        left = self.size - without
        while left > 0:
            piece = self.handle.read(min(_CHUNK, left))
            left -= len(piece)
            yield piece


class _Count:
    """Counts the statements of one graph, block by block."""

    def __init__(self) -> None:
        self.triples = 0
        self._subjects = 0
        self._objects: list[pl.Series] = []
        self._classes: Counter[str] = Counter()
        self._properties: Counter[str] = Counter()
        self._schemes: list[str] = []

    def add(self, block: pl.DataFrame) -> None:
        self.triples += len(block)
        self._subjects += block["subject"].n_unique()
        # Hashes of 64 bits, to save memory: two of ten million differing texts have one hash in 1 of 300,000 cases.
        self._objects.append(block["object"].hash().unique())
        self._properties.update(_counts(block["predicate"]))
        typed = block.filter((pl.col("predicate") == str(RDF_TYPE)) & pl.col("object").str.starts_with("<"))
        self._classes.update(_counts(typed["object"]))
        schemes = typed.filter(pl.col("object") == str(SKOS("ConceptScheme")))["subject"]
        self._schemes += [subject[1:-1] for subject in schemes]

    def statistics(self) -> Statistics:
        objects = pl.concat(self._objects).n_unique() if self._objects else 0
        return Statistics(
            self.triples,
            self._subjects,
            objects,
            dict(sorted(self._classes.items())),
            dict(sorted(self._properties.items())),
            tuple(sorted(self._schemes)),
        )


def _counts(iris: pl.Series) -> dict[str, int]:
    counted = iris.value_counts(name="n")
    return {iri[1:-1]: n for iri, n in counted.iter_rows()}


def write_graph(statements: Statements, iris: Iris, folder: Path | None = None) -> GraphText:
    """Write the statements of one graph in every format.

    Args:
        statements: what to write.
        iris: the IRIs it is built with.
        folder: where the files are while they exist; the system's place for such if None. They have no names.

    Raises:
        OSError: there is no room.

    """
    files = {dump: _File(folder) for dump in _WRITTEN}
    digest, count = hashlib.sha256(), _Count()
    context, names = load_context(iris), prefixes(iris)
    for block in statements.blocks():
        text = _nquads(block, statements.graph)
        digest.update(text)
        files["wsis-kg.nq"].write(text)
        files["wsis-kg.ttl"].write(turtle_block(block, names))
        files["wsis-kg.jsonld"].write(b",\n" if count.triples else b"\n")
        files["wsis-kg.jsonld"].write(jsonld_block(block, context))
        count.add(block)
    return GraphText(statements, digest.hexdigest(), count.statistics(), iris, files)


def graph_digest(statements: Statements) -> str:
    """Return the SHA-256 of the sorted N-Quads of one graph."""
    digest = hashlib.sha256()
    for block in statements.blocks():
        digest.update(_nquads(block, statements.graph))
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


def _nquads(block: pl.DataFrame, graph: NamedNode) -> bytes:
    if not len(block):
        return b""
    lines = block.select(pl.concat_str([*block.columns, pl.lit(f"{graph} .\n")], separator=" ")).to_series()
    return bytes(lines.str.join("").cast(pl.Binary).item())
