"""VoID and DCAT description of a release (https://www.w3.org/TR/void/, https://www.w3.org/TR/vocab-dcat-3/)."""

from collections import Counter

from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.dataset import Dataset
from wsiskg.graph.vocabulary import DCAT, DCTERMS, FOAF, PROV, RDF_TYPE, SCHEMA, SKOS, VOID, XSD

__all__ = ["describe", "release_triples"]

_TITLES = {
    "en": "WSIS knowledge graph: action lines, Sustainable Development Goals and evidence",
    "fr": "Graphe de connaissances du SMSI : grandes orientations, objectifs de développement durable et preuves",
    "es": "Grafo de conocimiento de la CMSI: líneas de acción, Objetivos de Desarrollo Sostenible y pruebas",
}
_LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")


def release_triples(dataset: Dataset, release: str) -> set[Triple]:
    """Return what ``graph/provenance`` says of release ``release`` (a content hash)."""
    iris = dataset.iris
    node = iris.resource("release", release)
    found = {
        Triple(node, RDF_TYPE, iris.term("Release")),
        Triple(node, RDF_TYPE, PROV("Entity")),
        Triple(node, DCTERMS("identifier"), Literal(release)),
        Triple(node, PROV("wasGeneratedBy"), iris.resource("activity", "build")),
    }
    found |= {Triple(node, DCTERMS("hasPart"), graph) for graph in dataset.graphs}
    return found


def describe(dataset: Dataset, release: str) -> set[Triple]:
    """Return the description of the whole dataset: sizes, classes, properties, linksets, dumps."""
    iris = dataset.iris
    root = NamedNode(f"{iris.base}void#dataset")
    out: set[Triple] = set()

    def say(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        out.add(Triple(subject, predicate, value))

    union = {t for triples in dataset.graphs.values() for t in triples}
    say(root, RDF_TYPE, VOID("Dataset"))
    say(root, RDF_TYPE, DCAT("Dataset"))
    for language, title in _TITLES.items():
        say(root, DCTERMS("title"), Literal(title, language=language))
    say(root, DCTERMS("license"), _LICENCE)
    say(root, DCAT("version"), Literal(release))
    say(root, DCTERMS("hasVersion"), iris.resource("release", release))
    say(root, FOAF("homepage"), NamedNode(iris.base))
    say(root, VOID("uriSpace"), Literal(f"{iris.base}id/"))
    say(root, VOID("sparqlEndpoint"), NamedNode(f"{iris.base}sparql"))
    _sizes(out, root, union)
    for vocabulary in sorted({_namespace(t.predicate.value) for t in union}):
        say(root, VOID("vocabulary"), NamedNode(vocabulary))
    for name, media in _DUMPS.items():
        dump = NamedNode(f"{iris.base}dumps/{name}")
        say(root, VOID("dataDump"), dump)
        distribution = NamedNode(f"{iris.base}void#{name}")
        say(root, DCAT("distribution"), distribution)
        say(distribution, RDF_TYPE, DCAT("Distribution"))
        say(distribution, DCAT("downloadURL"), dump)
        say(distribution, DCAT("mediaType"), NamedNode(f"https://www.iana.org/assignments/media-types/{media}"))
        say(distribution, DCTERMS("license"), _LICENCE)
    _partitions(out, dataset, root, union)
    for graph, triples in dataset.graphs.items():
        say(root, VOID("subset"), graph)
        say(graph, RDF_TYPE, VOID("Dataset"))
        _sizes(out, graph, set(triples))
    _linksets(out, dataset, root, union)
    for scheme in (t.subject for t in union if t.predicate == RDF_TYPE and t.object == SKOS("ConceptScheme")):
        if isinstance(scheme, NamedNode):
            say(root, SCHEMA("about"), scheme)
    return out


_DUMPS = {
    "wsis-kg.nq": "application/n-quads",
    "wsis-kg.trig": "application/trig",
    "wsis-kg.ttl": "text/turtle",
    "wsis-kg.jsonld": "application/ld+json",
}


def _sizes(out: set[Triple], node: NamedNode, triples: set[Triple]) -> None:
    counts = {
        "triples": len(triples),
        "distinctSubjects": len({t.subject for t in triples}),
        "distinctObjects": len({t.object for t in triples}),
        "properties": len({t.predicate for t in triples}),
        "classes": len({t.object for t in triples if t.predicate == RDF_TYPE}),
    }
    out.update(Triple(node, VOID(name), _count(n)) for name, n in counts.items())


def _partitions(out: set[Triple], dataset: Dataset, root: NamedNode, union: set[Triple]) -> None:
    classes = Counter(t.object.value for t in union if t.predicate == RDF_TYPE and isinstance(t.object, NamedNode))
    properties = Counter(t.predicate.value for t in union)
    for kind, link, counter, counted in (
        ("class", "classPartition", classes, "entities"),
        ("property", "propertyPartition", properties, "triples"),
    ):
        for iri, number in counter.items():
            part = NamedNode(f"{dataset.iris.base}void#{kind}-{_local(iri)}")
            out.add(Triple(root, VOID(link), part))
            out.add(Triple(part, VOID(kind), NamedNode(iri)))
            out.add(Triple(part, VOID(counted), _count(number)))


def _linksets(out: set[Triple], dataset: Dataset, root: NamedNode, union: set[Triple]) -> None:
    iris = dataset.iris
    part = NamedNode(f"{iris.base}void#linkset-supports")
    supports = [t for t in union if t.predicate == iris.term("supports")]
    out.add(Triple(root, VOID("subset"), part))
    out.add(Triple(part, RDF_TYPE, VOID("Linkset")))
    out.add(Triple(part, VOID("linkPredicate"), iris.term("supports")))
    out.add(Triple(part, VOID("subjectsTarget"), root))
    out.add(Triple(part, VOID("objectsTarget"), NamedNode("http://metadata.un.org/sdg")))
    out.add(Triple(part, VOID("triples"), _count(len(supports))))


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=XSD("integer"))


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _local(iri: str) -> str:
    """Name for a partition: the last two parts of the IRI, so that equal local names stay apart."""
    parts = [p for p in iri.replace("#", "/").split("/") if p]
    return "-".join(parts[-2:])
