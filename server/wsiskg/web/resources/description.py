"""What the graph says of one resource: its statements with their graphs, its parts, labels, and who names it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from wsiskg.graph.framing import LABELS, Part, framer, parts_of_kind
from wsiskg.graph.iris import SDG, Iris
from wsiskg.store.evaluate import Request
from wsiskg.web.serving.engine import Engine

__all__ = ["Described", "describe_resource", "label_of", "local_path", "resource_iri"]

_JSON = "application/sparql-results+json"
_INCOMING = 300

_BACK = f"SELECT ?o ?s ?p WHERE {{ ?s ?p ?o }} ORDER BY ?p ?s LIMIT {_INCOMING}"
_LABELS = "SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?s {{ {iris} }} VALUES ?p {{ {predicates} }} ?s ?p ?o }}"
_LABEL_PREDICATES = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://schema.org/name",
    "http://purl.org/dc/terms/title",
)


@dataclass(frozen=True, slots=True)
class Described:
    """A resource.

    Attributes:
        iri: the resource.
        statements: (graph, statement) pairs of the resource itself.
        parts: statements of what belongs to it, by subject (see `wsiskg.graph.framing`).
        labels: label statements of what it and its parts name, and of what names it, by IRI.
        incoming: (subject, predicate) pairs that name it, when they were asked for.

    """

    iri: str
    statements: Sequence[tuple[str, Triple]]
    parts: Mapping[str, Sequence[Triple]]
    labels: Mapping[str, Sequence[Triple]]
    incoming: Sequence[tuple[str, str]]

    @property
    def own(self) -> list[Triple]:
        """The statements of the resource without their graphs, each once."""
        return list(dict.fromkeys(triple for _, triple in self.statements))

    def document(self, iris: Iris) -> dict[str, Any]:
        """Return the description as one nested JSON-LD object, without its context."""
        frame = framer(iris)
        nested = frame.nest(self.iri, {**self.parts, self.iri: self.own})
        labels = {frame.context.compact_iri(i): frame.label(i, found) for i, found in self.labels.items()}
        return frame.with_labels(nested, labels)

    def triples(self, iris: Iris) -> list[Triple]:
        """Return the description as statements: those that `document` holds."""
        named = _named(iris, self.iri, {**self.parts, self.iri: self.own})
        found = dict.fromkeys(self.own)
        for triples in self.parts.values():
            found |= dict.fromkeys(triples)
        for iri in sorted(named):
            found |= dict.fromkeys(self.labels.get(iri, ()))
        return list(found)


def resource_iri(iris: Iris, path: str) -> str:
    """Return the IRI of the resource at ``/id/<path>``: the UN's own for SDGs, ours for all else."""
    if path == "sdg":  # the scheme
        return SDG.rstrip("/")
    return SDG + path.removeprefix("sdg/") if path.startswith("sdg/") else f"{iris.base}id/{path}"


def local_path(iris: Iris, iri: str) -> str:
    """Return the path at which this server shows ``iri``, empty if it is not ours to show."""
    if iri == SDG.rstrip("/"):
        return "/id/sdg"
    if iri.startswith(SDG):
        return "/id/sdg/" + iri.removeprefix(SDG)
    return "/" + iri.removeprefix(iris.base) if iri.startswith(f"{iris.base}id/") else ""


async def describe_resource(engine: Engine, iri: str, incoming: bool = True) -> Described | None:
    """Ask the graph for ``iri``; None when it says nothing of it. At most three queries, however much it says.

    Args:
        engine: answers the queries.
        iri: the resource.
        incoming: also ask what names it.

    Raises:
        ValueError: ``iri`` is not an IRI.

    """
    iris = engine.release.iris
    rows = await _rows(engine, _statements_query(iris, iri), {})
    statements = [(r["g"].value, Triple(NamedNode(iri), r["p"], r["o"])) for r in rows if r["s"].value == iri]
    if not statements:
        return None
    parts: dict[str, list[Triple]] = {}
    for r in rows:
        if r["s"].value != iri:
            triple = Triple(r["s"], r["p"], r["o"])
            if triple not in parts.setdefault(r["s"].value, []):
                parts[r["s"].value].append(triple)
    own = [triple for _, triple in statements]
    named = _named(iris, iri, {**parts, iri: own})
    namers: list[tuple[str, str]] = []
    if incoming:
        back = await _rows(engine, _BACK, {"o": str(NamedNode(iri))})
        namers = [(r["s"].value, r["p"].value) for r in back if isinstance(r["s"], NamedNode)]
        named |= {t.object.value for t in own if isinstance(t.object, NamedNode)} | {s for s, _ in namers} | {iri}
    labels: dict[str, list[Triple]] = {}
    if named:
        query = _LABELS.format(
            iris=" ".join(str(NamedNode(i)) for i in sorted(named)), predicates=" ".join(f"<{p}>" for p in LABELS)
        )
        for r in await _rows(engine, query, {}):
            labels.setdefault(r["s"].value, []).append(Triple(r["s"], r["p"], r["o"]))
    return Described(iri, statements, parts, labels, namers)


def label_of(triples: Sequence[Triple], language: str) -> str:
    """Return the label in ``language``, else in English, else any; empty when there is none."""
    for predicate in _LABEL_PREDICATES:
        found = [t.object for t in triples if t.predicate.value == predicate and isinstance(t.object, Literal)]
        found.sort(key=lambda literal: (literal.language or "", literal.value))
        for wanted in (language, "en", None):
            for literal in found:
                if wanted is None or literal.language in {wanted, None}:
                    return literal.value
    return ""


def _named(iris: Iris, iri: str, statements: Mapping[str, Sequence[Triple]]) -> set[str]:
    """Return the IRIs of ours and the UN's that the description shows with their labels."""
    frame = framer(iris)
    found = {frame.context.expand(name) for name in frame.references(frame.nest(iri, statements))}
    return {name for name in found - {iri} if name.startswith((iris.base, SDG))}


def _statements_query(iris: Iris, iri: str) -> str:
    """Return the query for the statements of a resource and of its parts."""
    node = str(NamedNode(iri))  # raises ValueError for what is no IRI, so nothing else gets into the text
    branches = [f"{{ GRAPH ?g {{ {node} ?p ?o }} BIND({node} AS ?s) }}"]
    branches += _branches(node, parts_of_kind(iris, framer(iris).kind(iri)), "")
    return "SELECT ?s ?g ?p ?o WHERE {\n" + "\nUNION\n".join(branches) + "\n} ORDER BY ?s ?p ?o ?g"


def _branches(node: str, parts: Sequence[Part], before: str) -> Iterator[str]:
    forward = [p for p in parts if not p.reverse]
    if forward:
        via = " ".join(f"<{p.predicate}>" for p in forward)
        yield f"{{ {before} {node} ?via ?s . VALUES ?via {{ {via} }} GRAPH ?g {{ ?s ?p ?o }} }}"
    for part in parts:
        if part.reverse and not part.whole:
            yield f"{{ GRAPH ?g {{ ?s ?p {node} }} VALUES ?p {{ <{part.predicate}> }} BIND({node} AS ?o) }}"
        elif part.reverse:
            of_class = f" . ?part a <{part.of_class}>" if part.of_class else ""
            # In one graph: a part is described where it names the resource, and the search stays small.
            reach = f"GRAPH ?in {{ ?part <{part.predicate}> {node}{of_class} }}"
            yield f"{{ {reach} GRAPH ?g {{ ?part ?p ?o }} BIND(?part AS ?s) }}"
            yield from _branches("?part", part.parts, reach)


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
