"""Deterministic dumps: the same statements give the same bytes, whatever their order or the hash seed."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from pyoxigraph import NamedNode, Quad, Triple

from wsiskg.graph.dataset import Dataset
from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import prefixes

__all__ = ["graph_turtle", "jsonld_dump", "nquads", "trig", "turtle"]


def nquads(dataset: Dataset) -> bytes:
    """Return all quads as N-Quads, one a line, sorted."""
    return "".join(sorted(f"{quad} .\n" for quad in dataset.quads())).encode()


def trig(dataset: Dataset) -> bytes:
    """Return all quads as TriG, graphs, subjects, predicates and objects in order."""
    quads = [
        Quad(t.subject, t.predicate, t.object, g) for g in _sorted_graphs(dataset) for t in _sorted(dataset.graphs[g])
    ]
    return _serialise(quads, ox.RdfFormat.TRIG, dataset.iris)


def turtle(dataset: Dataset) -> bytes:
    """Return the union of all graphs as Turtle."""
    union = {t for triples in dataset.graphs.values() for t in triples}
    return _serialise(_sorted(union), ox.RdfFormat.TURTLE, dataset.iris)


def graph_turtle(triples: Iterable[Triple], iris: Iris) -> bytes:
    """Return the triples of one graph as Turtle."""
    return _serialise(_sorted(triples), ox.RdfFormat.TURTLE, iris)


def jsonld_dump(dataset: Dataset) -> bytes:
    """Return all graphs as one JSON-LD document, its context inside, one object for each resource of a graph."""
    context = load_context(dataset.iris)
    graphs = [
        {"id": context.compact_iri(graph.value), "@graph": list(_nodes(dataset, graph))}
        for graph in _sorted_graphs(dataset)
    ]
    document = {**context.document, "@graph": graphs}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _nodes(dataset: Dataset, graph: NamedNode) -> Iterator[dict[str, object]]:
    context = load_context(dataset.iris)
    by_subject: defaultdict[str, list[Triple]] = defaultdict(list)
    for triple in dataset.graphs[graph]:
        by_subject[_iri(triple.subject)].append(triple)
    for subject in sorted(by_subject):
        yield context.node(subject, by_subject[subject])


def _iri(node: object) -> str:
    if not isinstance(node, NamedNode):
        raise TypeError(f"{node}: the project's graphs hold no blank nodes")
    return node.value


def _sorted_graphs(dataset: Dataset) -> list[NamedNode]:
    return sorted(dataset.graphs, key=lambda g: g.value)


def _sorted(triples: Iterable[Triple]) -> list[Triple]:
    return sorted(triples, key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))


def _serialise(items: list[Quad] | list[Triple], form: ox.RdfFormat, iris: Iris) -> bytes:
    data = ox.serialize(items, format=form, prefixes=dict(prefixes(iris)))
    if data is None:
        raise TypeError("serialize returned nothing although no output was given")
    return data
