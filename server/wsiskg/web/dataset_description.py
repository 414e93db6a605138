"""``/.well-known/void`` (https://www.w3.org/TR/void/#well-known): the release's description, and how to ask here.

To what the release says of itself come this server's endpoint, the prefixes (``sh:declare``) and the catalogue as
``sh:SPARQLExecutable`` examples, as editors look for them (https://github.com/sib-swiss/sparql-examples).
"""

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.ontology import ontology_triples, prefixes
from wsiskg.graph.release import Release
from wsiskg.graph.vocabulary import RDF_TYPE, RDFS, SCHEMA, SH, VOID
from wsiskg.settings import Settings
from wsiskg.store.catalogue import load_catalogue
from wsiskg.store.guard import Form, read_query
from wsiskg.web.service_description import DESCRIPTION_TYPES, public_url

__all__ = ["describe_dataset"]

_FORMS = {
    Form.SELECT: ("SPARQLSelectExecutable", "select"),
    Form.ASK: ("SPARQLAskExecutable", "ask"),
    Form.CONSTRUCT: ("SPARQLConstructExecutable", "construct"),
    Form.DESCRIBE: ("SPARQLDescribeExecutable", "describe"),
}
_DECLARATIONS = frozenset({SH("declare"), SH("prefix"), SH("namespace")})


def describe_dataset(settings: Settings, release: Release, media_type: str) -> bytes:
    """Return the description of the dataset in one of `DESCRIPTION_TYPES`."""
    form = DESCRIPTION_TYPES[media_type]
    triples = {quad.triple for quad in ox.parse(path=str(release.path / "dumps" / "void.ttl"))}
    triples |= _examples(settings, release)
    triples |= {t for t in ontology_triples(release.iris) if t.predicate in _DECLARATIONS}
    names = dict(prefixes(release.iris)) if form == ox.RdfFormat.TURTLE else None
    return ox.serialize(sorted(triples, key=str), format=form, prefixes=names) or b""


def _examples(settings: Settings, release: Release) -> set[Triple]:
    iris = release.iris
    root, ontology = NamedNode(f"{iris.base}void#dataset"), NamedNode(f"{iris.base}ontology")
    endpoint = NamedNode(public_url(settings, "/sparql"))
    out = {Triple(root, VOID("sparqlEndpoint"), endpoint)}
    for query in load_catalogue(iris).values():
        kind, text = _FORMS[read_query(query.text).form or Form.SELECT]
        node = NamedNode(public_url(settings, f"/queries/{query.name}"))
        out |= {
            Triple(node, RDF_TYPE, SH("SPARQLExecutable")),
            Triple(node, RDF_TYPE, SH(kind)),
            *(Triple(node, RDFS("label"), Literal(t, language=code)) for code, t in query.titles.items()),
            Triple(node, RDFS("comment"), Literal(query.description, language="en")),
            Triple(node, SH("prefixes"), ontology),
            Triple(node, SH(text), Literal(query.text)),
            Triple(node, SCHEMA("target"), endpoint),
            *(Triple(node, SCHEMA("keywords"), Literal(tag)) for tag in query.tags),
        }
    return out
