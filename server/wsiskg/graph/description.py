"""VoID and DCAT description of a release (https://www.w3.org/TR/void/, https://www.w3.org/TR/vocab-dcat-3/)."""

from collections import Counter
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.iris import Iris
from wsiskg.graph.serialise import DUMPS
from wsiskg.graph.statistics import Statistics
from wsiskg.graph.vocabulary import DCAT, DCTERMS, FOAF, LICENCE, PROV, RDF_TYPE, SCHEMA, VOID, XSD

__all__ = ["describe", "release_triples"]

_TITLES = {
    "en": "WSIS knowledge graph: action lines, Sustainable Development Goals and evidence",
    "fr": "Graphe de connaissances du SMSI : grandes orientations, objectifs de développement durable et preuves",
    "es": "Grafo de conocimiento de la CMSI: líneas de acción, Objetivos de Desarrollo Sostenible y pruebas",
}


def release_triples(iris: Iris, release: str, graphs: Iterable[NamedNode]) -> set[Triple]:
    """Return what ``graph/provenance`` says of release ``release`` (a content hash) and its graphs."""
    node = iris.resource("release", release)
    found = {
        Triple(node, RDF_TYPE, iris.term("Release")),
        Triple(node, RDF_TYPE, PROV("Entity")),
        Triple(node, DCTERMS("identifier"), Literal(release)),
        Triple(node, PROV("wasGeneratedBy"), iris.resource("activity", "build")),
    }
    found |= {Triple(node, DCTERMS("hasPart"), graph) for graph in graphs}
    return found


def describe(iris: Iris, graphs: Mapping[str, Statistics], release: str) -> set[Triple]:
    """Return the description of the whole dataset: sizes, classes, properties, linksets, dumps.

    Args:
        iris: IRIs to build with.
        graphs: what was counted of each named graph, by IRI. The dataset's own numbers are their sums: a statement that
            stands in two graphs counts twice.
        release: id of the release.

    """
    root = NamedNode(f"{iris.base}void#dataset")
    out: set[Triple] = set()

    def say(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        out.add(Triple(subject, predicate, value))

    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    for found in graphs.values():
        classes.update(found.classes)
        properties.update(found.properties)
    say(root, RDF_TYPE, VOID("Dataset"))
    say(root, RDF_TYPE, DCAT("Dataset"))
    for language, title in _TITLES.items():
        say(root, DCTERMS("title"), Literal(title, language=language))
    say(root, DCTERMS("license"), LICENCE)
    say(root, DCAT("version"), Literal(release))
    say(root, DCTERMS("hasVersion"), iris.resource("release", release))
    say(root, FOAF("homepage"), NamedNode(iris.base))
    say(root, VOID("uriSpace"), Literal(f"{iris.base}id/"))
    say(root, VOID("sparqlEndpoint"), NamedNode(f"{iris.base}sparql"))
    say(root, VOID("triples"), _count(sum(g.triples for g in graphs.values())))
    say(root, VOID("properties"), _count(len(properties)))
    say(root, VOID("classes"), _count(len(classes)))
    for vocabulary in sorted({_namespace(name) for name in properties}):
        say(root, VOID("vocabulary"), NamedNode(vocabulary))
    for name, media in DUMPS.items():
        dump = NamedNode(f"{iris.base}dumps/{name}")
        say(root, VOID("dataDump"), dump)
        distribution = NamedNode(f"{iris.base}void#{name}")
        say(root, DCAT("distribution"), distribution)
        say(distribution, RDF_TYPE, DCAT("Distribution"))
        say(distribution, DCAT("downloadURL"), dump)
        say(distribution, DCAT("mediaType"), NamedNode(f"https://www.iana.org/assignments/media-types/{media}"))
        say(distribution, DCTERMS("license"), LICENCE)
    _partitions(out, iris, root, classes, properties)
    for graph, found in graphs.items():
        say(root, VOID("subset"), NamedNode(graph))
        say(NamedNode(graph), RDF_TYPE, VOID("Dataset"))
        _sizes(out, NamedNode(graph), found)
        for scheme in found.schemes:
            say(root, SCHEMA("about"), NamedNode(scheme))
    _linksets(out, iris, root, properties[iris.term("supports").value])
    return out


def _sizes(out: set[Triple], node: NamedNode, found: Statistics) -> None:
    counts = {
        "triples": found.triples,
        "distinctSubjects": found.subjects,
        "distinctObjects": found.objects,
        "properties": len(found.properties),
        "classes": len(found.classes),
    }
    out.update(Triple(node, VOID(name), _count(n)) for name, n in counts.items())


def _partitions(
    out: set[Triple], iris: Iris, root: NamedNode, classes: Mapping[str, int], properties: Mapping[str, int]
) -> None:
    for kind, link, counter, counted in (
        ("class", "classPartition", classes, "entities"),
        ("property", "propertyPartition", properties, "triples"),
    ):
        for iri, number in counter.items():
            part = NamedNode(f"{iris.base}void#{kind}-{_local(iri)}")
            out.add(Triple(root, VOID(link), part))
            out.add(Triple(part, VOID(kind), NamedNode(iri)))
            out.add(Triple(part, VOID(counted), _count(number)))


def _linksets(out: set[Triple], iris: Iris, root: NamedNode, supports: int) -> None:
    part = NamedNode(f"{iris.base}void#linkset-supports")
    out.add(Triple(root, VOID("subset"), part))
    out.add(Triple(part, RDF_TYPE, VOID("Linkset")))
    out.add(Triple(part, VOID("linkPredicate"), iris.term("supports")))
    out.add(Triple(part, VOID("subjectsTarget"), root))
    out.add(Triple(part, VOID("objectsTarget"), NamedNode("http://metadata.un.org/sdg")))
    out.add(Triple(part, VOID("triples"), _count(supports)))


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=XSD("integer"))


def _namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _local(iri: str) -> str:
    """Name for a partition: the last two parts of the IRI, so that equal local names stay apart."""
    parts = [p for p in iri.replace("#", "/").split("/") if p]
    return "-".join(parts[-2:])
