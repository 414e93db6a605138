"""Deterministic dumps: the same statements give the same bytes, whatever their order or the hash seed.

Each named graph is serialised on its own; a dump of everything is those parts behind one another, graphs in IRI order.
So a release in which one graph changed can take the parts of all others from the release before it.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, Triple

from wsiskg import __version__
from wsiskg.graph.index.columns import COLUMNS, TYPES
from wsiskg.graph.index.schema import INDEX_FORM
from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.vocabulary import RDF_TYPE, SKOS

__all__ = [
    "DUMPS",
    "GraphText",
    "Statistics",
    "form_digest",
    "frame",
    "graph_file",
    "graph_text",
    "graph_turtle",
]

DUMPS: Mapping[str, str] = {
    "wsis-kg.nq": "application/n-quads",
    "wsis-kg.trig": "application/trig",
    "wsis-kg.ttl": "text/turtle",
    "wsis-kg.jsonld": "application/ld+json",
}
"""Dumps of the whole release, and their media types."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is counted of one graph: statements, distinct subjects and objects, uses of classes and properties."""

    triples: int
    subjects: int
    objects: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    schemes: tuple[str, ...]

    @classmethod
    def of(cls, triples: Collection[Triple]) -> "Statistics":
        """Count the statements of one graph."""
        classes: Counter[str] = Counter()
        schemes = []
        for t in triples:
            if t.predicate == RDF_TYPE and isinstance(t.object, NamedNode):
                classes[t.object.value] += 1
                if t.object == SKOS("ConceptScheme") and isinstance(t.subject, NamedNode):
                    schemes.append(t.subject.value)
        return cls(
            len(triples),
            len({t.subject for t in triples}),
            len({t.object for t in triples}),
            dict(sorted(classes.items())),
            dict(sorted(Counter(t.predicate.value for t in triples).items())),
            tuple(sorted(schemes)),
        )


@dataclass(frozen=True, slots=True)
class GraphText:
    """The statements of one graph, in order, ready to be written in every format."""

    graph: NamedNode
    triples: tuple[Triple, ...]
    nquads: bytes
    iris: Iris

    @property
    def digest(self) -> str:
        """SHA-256 of the graph's sorted N-Quads."""
        return hashlib.sha256(self.nquads).hexdigest()

    def part(self, dump: str) -> bytes:
        """Return what this graph contributes to one of `DUMPS`."""
        if dump.endswith(".nq"):
            return self.nquads
        if dump.endswith(".trig"):
            quads = [Quad(t.subject, t.predicate, t.object, self.graph) for t in self.triples]
            return _body(quads, ox.RdfFormat.TRIG, self.iris)
        if dump.endswith(".ttl"):
            return _body(list(self.triples), ox.RdfFormat.TURTLE, self.iris)
        return _jsonld_part(self.graph, self.triples, self.iris)


def graph_text(graph: NamedNode, triples: Iterable[Triple], iris: Iris) -> GraphText:
    """Put the statements of one graph in order: by subject, predicate and object as N-Triples write them."""
    found = list(triples)
    lines = _serialise(found, ox.RdfFormat.N_TRIPLES).decode().splitlines(keepends=True) if found else []
    if len(lines) != len(found):
        raise TypeError(f"{graph}: N-Triples has one line a statement")
    pairs = sorted(zip(lines, found, strict=True), key=lambda pair: pair[0])
    end = f" {graph} .\n"
    nquads = "".join(line[:-3] + end for line, _ in pairs).encode()
    return GraphText(graph, tuple(triple for _, triple in pairs), nquads, iris)


def graph_turtle(triples: Iterable[Triple], iris: Iris) -> bytes:
    """Return the triples of one graph as a Turtle document."""
    text = graph_text(iris.graph("any"), triples, iris)
    return _prefix_lines(iris) + text.part("wsis-kg.ttl")


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
    return _prefix_lines(iris), b"", b""


@cache
def form_digest(iris: Iris) -> str:
    """Return a hash of all that the bytes of a part depend on beside its statements."""
    frames = [text for dump in DUMPS for text in frame(dump, iris)]
    versions = [__version__, ox.__version__, INDEX_FORM, repr((COLUMNS, TYPES))]
    return hashlib.sha256(b"\0".join([*(v.encode() for v in versions), *frames])).hexdigest()


def _jsonld_part(graph: NamedNode, triples: Iterable[Triple], iris: Iris) -> bytes:
    document = {"id": load_context(iris).compact_iri(graph.value), "@graph": list(_nodes(triples, iris))}
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return ("  " + text.replace("\n", "\n  ")).encode()


def _nodes(triples: Iterable[Triple], iris: Iris) -> Iterator[dict[str, object]]:
    context = load_context(iris)
    by_subject: defaultdict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        by_subject[_iri(triple.subject)].append(triple)
    for subject in sorted(by_subject):
        yield context.node(subject, by_subject[subject])


def _iri(node: object) -> str:
    if not isinstance(node, NamedNode):
        raise TypeError(f"{node}: the project's graphs hold no blank nodes")
    return node.value


@cache
def _prefix_lines(iris: Iris) -> bytes:
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes(iris).items()).encode()


def _body(items: list[Quad] | list[Triple], form: ox.RdfFormat, iris: Iris) -> bytes:
    if not items:
        return b""
    text = _serialise(items, form, dict(prefixes(iris)))
    # The serialiser writes the prefixes first, in no fixed order: ours stand once, at the head of the dump.
    place = 0
    while text.startswith(b"@prefix ", place):
        place = text.index(b"\n", place) + 1
    return text[place:]


def _serialise(items: list[Quad] | list[Triple], form: ox.RdfFormat, prefixes: dict[str, str] | None = None) -> bytes:
    data = ox.serialize(items, format=form, prefixes=prefixes)
    if data is None:
        raise TypeError("serialize returned nothing although no output was given")
    return data
