"""The service description (https://www.w3.org/TR/sparql11-service-description/), made from what is really enabled."""

from collections.abc import Mapping

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from wsiskg.graph.ontology import prefixes
from wsiskg.graph.release import Release
from wsiskg.graph.vocabulary import DCTERMS, RDF_TYPE, VOID, XSD
from wsiskg.settings import Settings

__all__ = ["DESCRIPTION_TYPES", "describe_service", "public_url"]

DESCRIPTION_TYPES: Mapping[str, ox.RdfFormat] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
"""Media types that a description is offered in, preferred first."""

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples",
    "N-Quads", "TriG", "RDF_XML", "JSON-LD",
)  # fmt: skip
_INPUTS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")


def public_url(settings: Settings, path: str) -> str:
    """Return the address of ``path`` as users of the server see it; without a setting, below the base IRI."""
    return (settings.public_url or settings.base).rstrip("/") + path


def describe_service(settings: Settings, release: Release, media_type: str) -> bytes:
    """Return the description of the endpoint in one of `DESCRIPTION_TYPES`.

    SPARQL 1.2 is said as a language extension: its triple terms and functions are understood, but it is not yet a
    Recommendation, and the vocabulary has no name for it.
    """
    form = DESCRIPTION_TYPES[media_type]
    triples = _triples(settings, release)
    names = dict(prefixes(release.iris)) if form == ox.RdfFormat.TURTLE else None
    return ox.serialize(triples, format=form, prefixes=names) or b""


def _triples(settings: Settings, release: Release) -> list[Triple]:
    out: list[Triple] = []
    address = NamedNode(public_url(settings, "/sparql"))
    dataset, default = BlankNode("dataset"), BlankNode("default")

    def say(subject: NamedNode | BlankNode, predicate: NamedNode, *values: NamedNode | BlankNode | Literal) -> None:
        out.extend(Triple(subject, predicate, value) for value in values)

    def sd(name: str) -> NamedNode:
        return NamedNode(_SD + name)

    say(address, RDF_TYPE, sd("Service"))
    say(address, sd("endpoint"), address)
    say(address, sd("supportedLanguage"), sd("SPARQL10Query"), sd("SPARQL11Query"))
    say(address, sd("languageExtension"), NamedNode("http://www.w3.org/TR/sparql12-query/"))
    say(address, sd("feature"), sd("EmptyGraphs"))
    say(address, sd("resultFormat"), *(NamedNode(_FORMATS + name) for name in _RESULTS))
    if settings.services:
        say(address, sd("feature"), sd("BasicFederatedQuery"))
    if settings.union_default_graph:
        say(address, sd("feature"), sd("UnionDefaultGraph"))
    if settings.updates != "off":
        say(address, sd("supportedLanguage"), sd("SPARQL11Update"))
        say(address, sd("inputFormat"), *(NamedNode(_FORMATS + name) for name in _INPUTS))
    say(address, sd("defaultDataset"), dataset)
    say(dataset, RDF_TYPE, sd("Dataset"))
    say(dataset, sd("defaultGraph"), default)
    say(default, RDF_TYPE, sd("Graph"))
    say(dataset, DCTERMS("hasVersion"), release.iris.resource("release", release.id))
    if not release.plain:
        say(dataset, DCTERMS("source"), NamedNode(f"{release.iris.base}void#dataset"))
    for position, (graph, counted) in enumerate(release.manifest["graphs"].items()):
        named, inner = BlankNode(f"named{position}"), BlankNode(f"graph{position}")
        say(dataset, sd("namedGraph"), named)
        say(named, RDF_TYPE, sd("NamedGraph"))
        say(named, sd("name"), NamedNode(graph))
        say(named, sd("graph"), inner)
        say(inner, RDF_TYPE, sd("Graph"))
        say(inner, VOID("triples"), Literal(str(counted["triples"]), datatype=XSD("integer")))
    return out
