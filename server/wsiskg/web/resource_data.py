"""What the graph says of one resource: its statements with their graphs, labels of what it names, and who names it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from wsiskg.graph.iris import SDG, Iris
from wsiskg.store.evaluate import Request
from wsiskg.web.engine import Engine

__all__ = ["Described", "describe_resource", "label_of", "local_path", "resource_iri"]

_JSON = "application/sparql-results+json"
_INCOMING = 300

_STATEMENTS = "SELECT ?s ?g ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?p ?o ?g"
_BACK = f"SELECT ?o ?s ?p WHERE {{ ?s ?p ?o }} ORDER BY ?p ?s LIMIT {_INCOMING}"
_LABELS = """
SELECT ?s ?p ?label WHERE {{
  VALUES ?s {{ {iris} }}
  VALUES ?p {{ <http://www.w3.org/2004/02/skos/core#prefLabel> <http://www.w3.org/2000/01/rdf-schema#label>
    <http://schema.org/name> <http://purl.org/dc/terms/title> <http://www.w3.org/2004/02/skos/core#notation> }}
  ?s ?p ?label
}} ORDER BY ?s ?p ?label
"""
_LABEL_PREDICATES = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://schema.org/name",
    "http://purl.org/dc/terms/title",
)


@dataclass(frozen=True, slots=True)
class Described:
    """A resource: (graph, statement) pairs, incoming (subject, predicate) pairs, labels by IRI."""

    iri: str
    statements: Sequence[tuple[str, Triple]]
    incoming: Sequence[tuple[str, str]]
    labels: Mapping[str, Sequence[Triple]]

    @property
    def triples(self) -> list[Triple]:
        """The statements without their graphs, each once."""
        return list(dict.fromkeys(triple for _, triple in self.statements))


def resource_iri(iris: Iris, path: str) -> str:
    """Return the IRI of the resource at ``/id/<path>``: the UN's own for SDGs, ours for all else."""
    return SDG + path.removeprefix("sdg/") if path.startswith("sdg/") else f"{iris.base}id/{path}"


def local_path(iris: Iris, iri: str) -> str:
    """Return the path at which this server shows ``iri``, empty if it is not ours to show."""
    if iri.startswith(SDG):
        return "/id/sdg/" + iri.removeprefix(SDG)
    return "/" + iri.removeprefix(iris.base) if iri.startswith(f"{iris.base}id/") else ""


async def describe_resource(engine: Engine, iri: str, labels: bool = True, incoming: bool = True) -> Described | None:
    """Ask the graph for ``iri``; None when it says nothing of it. At most three queries, however much it says.

    Args:
        engine: answers the queries.
        iri: the resource.
        labels: also ask for labels of what it names, and of what names it.
        incoming: also ask what names it.

    """
    node = {"s": str(NamedNode(iri))}
    rows = await _rows(engine, _STATEMENTS, node)
    if not rows:
        return None
    statements = [(r["g"].value, Triple(NamedNode(iri), r["p"], r["o"])) for r in rows]
    back = await _rows(engine, _BACK, {"o": str(NamedNode(iri))}) if incoming else []
    namers = [(r["s"].value, r["p"].value) for r in back if isinstance(r["s"], NamedNode)]
    found: dict[str, list[Triple]] = {}
    if labels:
        objects = {t.object.value for _, t in statements if isinstance(t.object, NamedNode)}
        named = sorted(objects | {s for s, _ in namers} | {iri})
        for r in await _rows(engine, _LABELS.format(iris=" ".join(str(NamedNode(i)) for i in named)), {}):
            found.setdefault(r["s"].value, []).append(Triple(r["s"], r["p"], r["label"]))
    return Described(iri, statements, namers, found)


def label_of(triples: Sequence[Triple], language: str) -> str:
    """Return the label in ``language``, else in English, else any; empty when there is none."""
    for predicate in _LABEL_PREDICATES:
        found = [t.object for t in triples if t.predicate.value == predicate and isinstance(t.object, Literal)]
        for wanted in (language, "en", None):
            for literal in found:
                if wanted is None or literal.language in {wanted, None}:
                    return literal.value
    return ""


async def _rows(engine: Engine, query: str, bindings: Mapping[str, str]) -> list[dict[str, Any]]:
    answer = await engine.ask(Request(query, _JSON, bindings, max_bytes=engine.settings.answer_bytes))
    bound = json.loads(answer.body)["results"]["bindings"]
    return [{name: _term(value) for name, value in row.items()} for row in bound]


def _term(value: Mapping[str, str]) -> NamedNode | BlankNode | Literal:
    if value["type"] == "uri":
        return NamedNode(value["value"])
    if value["type"] == "bnode":
        return BlankNode(value["value"])
    if language := value.get("xml:lang"):
        return Literal(value["value"], language=language)
    if kind := value.get("datatype"):
        return Literal(value["value"], datatype=NamedNode(kind))
    return Literal(value["value"])
