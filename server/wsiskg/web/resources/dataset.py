"""``/.well-known/void`` (https://www.w3.org/TR/void/#well-known): the release's description, and how to ask here.

To what the release says of itself come its files with sizes and checksums, this server's endpoint, the prefixes
(``sh:declare``) and the catalogue as ``sh:SPARQLExecutable`` examples, as editors look for them (https://github.com/sib-swiss/sparql-examples).
"""

from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.ontology import ontology_triples, prefixes
from wsiskg.graph.release import DUMP_TYPES, Release
from wsiskg.graph.vocabulary import DCAT, DCTERMS, LICENCE, RDF_TYPE, RDFS, SCHEMA, SH, SPDX, VOID, XSD
from wsiskg.settings import Settings
from wsiskg.store.catalogue import load_catalogue
from wsiskg.store.guard import Form, read_query
from wsiskg.web.protocol.service_description import DESCRIPTION_TYPES, public_url

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
    triples |= _examples(settings, release) | _files(release)
    triples |= {t for t in ontology_triples(release.iris) if t.predicate in _DECLARATIONS}
    names = dict(prefixes(release.iris)) if form == ox.RdfFormat.TURTLE else None
    return ox.serialize(sorted(triples, key=str), format=form, prefixes=names) or b""


def _files(release: Release) -> set[Triple]:
    """Return a DCAT distribution for each file of the release, with size and checksum.

    The release does not say this of itself: a description would have to hold its own checksum.
    """
    base = release.iris.base
    root, out = NamedNode(f"{base}void#dataset"), set()
    for entry in release.manifest["files"]:
        folder, _, name = entry["path"].partition("/")
        if folder != "dumps":
            continue
        node, checksum = (NamedNode(f"{base}void#{name.replace('/', '-')}{part}") for part in ("", "-checksum"))
        media = DUMP_TYPES[Path(name).suffix].partition(";")[0]
        out |= {
            Triple(root, DCAT("distribution"), node),
            Triple(node, RDF_TYPE, DCAT("Distribution")),
            Triple(node, DCTERMS("title"), Literal(name)),
            Triple(node, DCAT("downloadURL"), NamedNode(f"{base}dumps/{name}")),
            Triple(node, DCAT("mediaType"), NamedNode(f"https://www.iana.org/assignments/media-types/{media}")),
            Triple(node, DCAT("byteSize"), Literal(str(entry["bytes"]), datatype=XSD("nonNegativeInteger"))),
            Triple(node, DCTERMS("license"), LICENCE),
            Triple(node, SPDX("checksum"), checksum),
            Triple(checksum, RDF_TYPE, SPDX("Checksum")),
            Triple(checksum, SPDX("algorithm"), SPDX("checksumAlgorithm_sha256")),
            Triple(checksum, SPDX("checksumValue"), Literal(entry["sha256"], datatype=XSD("hexBinary"))),
        }
    return out


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
