"""Validate a graph with pySHACL and say every result as a problem with its place.

Only graphs of ours and shapes of ours meet here: users never bring shapes (a shape is code), and data is copied into
a plain rdflib `Graph`, never validated through a store (docs/decisions/20261124-validation.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from pyshacl import validate as pyshacl_validate
from rdflib.namespace import RDF, SH

from wsiskg.graph.collector import Origins
from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import rebase, turtle_files
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import LANGUAGES, Origin, Problem, Severity

__all__ = ["load_shapes", "to_rdflib", "validate"]

# rdflib would rewrite ill-typed literals before they can be reported, and follow FROM <file:...> in shapes.
rdflib.NORMALIZE_LITERALS = False
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}


def to_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    """Copy triples into a plain rdflib graph."""
    graph = rdflib.Graph(bind_namespaces="none")
    terms: dict[str, rdflib.URIRef] = {}

    def iri(value: str) -> rdflib.URIRef:
        return terms.setdefault(value, rdflib.URIRef(value))

    def term(value: object) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
        if isinstance(value, NamedNode):
            return iri(value.value)
        if isinstance(value, BlankNode):
            return rdflib.BNode(value.value)
        if not isinstance(value, Literal):
            raise UsageError("quoted triples are not supported in data", "Write the statement without RDF-star.")
        if value.language:
            return rdflib.Literal(value.value, lang=value.language)
        kind = value.datatype.value
        # rdflib holds "a"^^xsd:string and "a" unequal, RDF 1.1 does not: keep to one form.
        return rdflib.Literal(value.value, datatype=None if kind == _XSD_STRING else iri(kind))

    for triple in triples:
        graph.add((term(triple.subject), iri(triple.predicate.value), term(triple.object)))
    return graph


@cache
def load_shapes(iris: Iris, *names: str) -> rdflib.Graph:
    """Read shapes files of ``shapes/`` by name (``structure`` -> ``structure.shapes.ttl``).

    Raises:
        UsageError: there is no such file.

    """
    files = turtle_files("shapes")
    graph = rdflib.Graph(bind_namespaces="none")
    for name in names:
        if f"{name}.shapes.ttl" not in files:
            raise UsageError(f"there are no shapes called '{name}'", "Known: " + ", ".join(files))
        graph.parse(data=rebase(files[f"{name}.shapes.ttl"], iris), format="turtle")
    return graph


def validate(
    data: rdflib.Graph, shapes: rdflib.Graph, origins: Origins, focus: Iterable[str] | None = None, file: str = ""
) -> list[Problem]:
    """Validate ``data`` and return its problems, worst first.

    Args:
        data: the graph, with the classes it refers to.
        shapes: SHACL Core shapes.
        origins: cells that statements came from; results without one are placed in ``file``.
        focus: IRIs of the only nodes to report on; all when None. The whole graph is validated all the same: with
            its own ``focus_nodes`` pySHACL 0.40 passes over the shapes inside sh:or and qualified shapes.
        file: name of the place for statements of unknown origin.

    """
    _, report, _ = pyshacl_validate(
        data,
        shacl_graph=shapes,
        inference="none",
        do_owl_imports=False,
        advanced=False,
    )
    if not isinstance(report, rdflib.Graph):
        raise TypeError(f"pySHACL returned no report: {report}")
    wanted = None if focus is None else frozenset(focus)
    problems = [
        _problem(report, shapes, result, origins, file)
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if wanted is None or str(report.value(result, SH.focusNode)) in wanted
    ]
    order = list(Severity)
    return sorted(
        problems,
        key=lambda p: (order.index(p.severity), p.origin.file, p.origin.row or 0, p.origin.column or "", p.texts["en"]),
    )


def _problem(
    report: rdflib.Graph, shapes: rdflib.Graph, result: rdflib.term.Node, origins: Origins, file: str
) -> Problem:
    focus, path = str(report.value(result, SH.focusNode)), report.value(result, SH.resultPath)
    value, shape = report.value(result, SH.value), report.value(result, SH.sourceShape)
    origin = origins.get((focus, str(path or ""))) or origins.get((focus, "")) or Origin(file or focus)
    shown = "" if value is None else str(value)
    texts = _texts(report, result, focus, shown)
    rule = str(shape) if isinstance(shape, rdflib.URIRef) else str(report.value(result, SH.sourceConstraintComponent))
    severity = _SEVERITIES[report.value(result, SH.resultSeverity)]  # type: ignore[index]
    return Problem(origin, rule, texts, severity, shown)


def _texts(report: rdflib.Graph, result: rdflib.term.Node, focus: str, shown: str) -> Mapping[str, str]:
    """Return the messages by language, each naming the resource and the value it is about."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for message in report.objects(result, SH.resultMessage):
        if isinstance(message, rdflib.Literal):
            found[message.language or "en"].append(str(message))
    about = f" [{focus}{f' = {shown[:80]}' if shown else ''}]"
    texts = {language: " ".join(sorted(found[language])) + about for language in LANGUAGES if found.get(language)}
    texts.setdefault("en", "A rule of the shapes is broken." + about)
    return texts
