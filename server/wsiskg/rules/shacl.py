"""Validate a graph with pySHACL, the one place that calls it, and say every result as a problem with its place.

Only graphs of ours and shapes of ours meet here: users never bring shapes (a shape is code), and data is copied into
a plain rdflib `Graph`, never validated through a store (docs/decisions/20261124-validation.md).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from pyshacl import validate as pyshacl_validate
from rdflib.namespace import RDF, RDFS, SH

from wsiskg.graph.content.collector import Origins
from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import rebase, turtle_files
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import LANGUAGES, Origin, Problem, Severity

__all__ = [
    "Result",
    "load_shapes",
    "problem_of",
    "problems_of",
    "run_shapes",
    "shapes_digest",
    "sorted_problems",
    "to_rdflib",
    "validate",
]

# rdflib would rewrite ill-typed literals before they can be reported, and follow FROM <file:...> in shapes.
rdflib.NORMALIZE_LITERALS = False
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_SHOWN = 80  # characters of a value that a message repeats
_SEVERITIES: Mapping[object, Severity] = {
    SH.Violation: Severity.VIOLATION,
    SH.Warning: Severity.WARNING,
    SH.Info: Severity.INFO,
}


def to_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    """Copy triples into a plain rdflib graph.

    Raises:
        UsageError: one is about a triple (RDF-star), which rdflib does not know.

    """
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
    graph = rdflib.Graph(bind_namespaces="none")
    for text in _shapes_texts(iris, *names):
        graph.parse(data=text, format="turtle")
    return graph


def shapes_digest(iris: Iris, *names: str) -> str:
    """Return a hash of shapes files, by name as for `load_shapes`.

    Raises:
        UsageError: there is no such file.

    """
    return hashlib.sha256("\0".join(_shapes_texts(iris, *names)).encode()).hexdigest()


def _shapes_texts(iris: Iris, *names: str) -> list[str]:
    files = turtle_files("shapes")
    if unknown := [name for name in names if f"{name}.shapes.ttl" not in files]:
        raise UsageError(f"there are no shapes called '{unknown[0]}'", "Known: " + ", ".join(files))
    return [rebase(files[f"{name}.shapes.ttl"], iris) for name in names]


@dataclass(frozen=True, slots=True)
class Result:
    """One sh:ValidationResult (https://www.w3.org/TR/shacl/#results-validation-result), its messages filled in.

    Attributes:
        focus: IRI of the node that was checked.
        path: IRI of the property, empty for other paths and for node shapes.
        value: the value that broke the rule; empty where a value is missing.
        component: local name of the constraint component, such as ``MinCount``.
        shape: IRI of the shape; of its constraint component where the shape has no name.
        severity: as the shape says.
        texts: messages by language; none where the shape has none.
        facts: what messages may name: ``value``, and the shape's properties by local name.

    """

    focus: str
    path: str
    value: str
    component: str
    shape: str
    severity: Severity
    texts: Mapping[str, str]
    facts: Mapping[str, str]


def run_shapes(data: rdflib.Graph, shapes: rdflib.Graph, focus: Iterable[str] | None = None) -> list[Result]:
    """Validate ``data`` with pySHACL and return the results, in no particular order.

    Messages may hold ``{?value}``, the name of a property of the shape, as in ``{?minInclusive}``, or that of a
    property of the value or of the node that is checked: they are filled in here, in the manner of SHACL's message
    templates (https://www.w3.org/TR/shacl/#sparql-constraints-message). A node is named by its label, else by the end
    of its IRI.

    Args:
        data: the graph, with the classes it refers to.
        shapes: SHACL Core shapes.
        focus: IRIs of the only nodes to check; all when None.

    """
    aimed = shapes if focus is None else _aimed(shapes, data, {rdflib.URIRef(node) for node in focus})
    _, report, _ = pyshacl_validate(data, shacl_graph=aimed, inference="none", do_owl_imports=False, advanced=False)
    if not isinstance(report, rdflib.Graph):
        raise TypeError(f"pySHACL returned no report: {report}")
    return [_result(report, shapes, data, node) for node in report.subjects(RDF.type, SH.ValidationResult)]


def validate(
    data: rdflib.Graph, shapes: rdflib.Graph, origins: Origins, focus: Iterable[str] | None = None, file: str = ""
) -> list[Problem]:
    """Validate ``data`` and return its problems, worst first.

    Args:
        data: the graph, with the classes it refers to.
        shapes: SHACL Core shapes.
        origins: cells that statements came from; results without one are placed in ``file``.
        focus: IRIs of the only nodes to check; all when None.
        file: name of the place for statements of unknown origin.

    """
    return problems_of(run_shapes(data, shapes, focus), origins, file)


def problems_of(results: Iterable[Result], origins: Origins, file: str = "") -> list[Problem]:
    """Return ``results`` as problems, worst first, each at the cell it came from, else in ``file``."""
    return sorted_problems(problem_of(r, origins, file, _about(r)) for r in results)


def problem_of(result: Result, origins: Origins, file: str = "", about: str = "") -> Problem:
    """Return ``result`` as a problem at the cell it came from, else in ``file``; ``about`` ends each message."""
    origin = origins.get((result.focus, result.path)) or origins.get((result.focus, ""))
    texts = {language: text + about for language, text in result.texts.items()}
    texts.setdefault("en", "A rule of the shapes is broken." + about)
    return Problem(origin or Origin(file or result.focus), result.shape, texts, result.severity, result.value)


def sorted_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems worst first, then by place."""
    order = list(Severity)
    return sorted(
        problems,
        key=lambda p: (
            order.index(p.severity), p.origin.file, p.origin.row or 0, p.origin.column or "", p.texts["en"], p.rule,
            p.value,
        ),
    )  # fmt: skip


_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)


def _aimed(shapes: rdflib.Graph, data: rdflib.Graph, focus: Set[rdflib.URIRef]) -> rdflib.Graph:
    """Return shapes that have those of their targets that are among ``focus``, each named by sh:targetNode.

    Not by pySHACL's option for it, with which version 0.40 passes over the shapes that a shape refers to.
    """
    aimed = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in shapes.namespaces():  # pySHACL's own messages use them
        aimed.bind(prefix, namespace)
    for shape, predicate, value in shapes:
        if predicate not in _TARGETS:
            aimed.add((shape, predicate, value))
            continue
        for node in focus & _targets(data, predicate, value):
            aimed.add((shape, SH.targetNode, node))
    return aimed


def _targets(data: rdflib.Graph, kind: rdflib.term.Node, value: rdflib.term.Node) -> Set[rdflib.term.Node]:
    """Return the nodes that a target declaration names (https://www.w3.org/TR/shacl/#targets)."""
    if kind == SH.targetClass:
        below = data.transitive_subjects(RDFS.subClassOf, value)
        return {node for name in below for node in data.subjects(RDF.type, name)}
    if kind == SH.targetSubjectsOf:
        return set(data.subjects(value, None))
    return set(data.objects(None, value)) if kind == SH.targetObjectsOf else {value}


def _about(result: Result) -> str:
    return f" [{result.focus}{f' = {result.value[:_SHOWN]}' if result.value else ''}]"


def _result(report: rdflib.Graph, shapes: rdflib.Graph, data: rdflib.Graph, result: rdflib.term.Node) -> Result:
    found = dict(report.predicate_objects(result))
    focus, value, shape = found[SH.focusNode], found.get(SH.value), found.get(SH.sourceShape)
    component = str(found[SH.sourceConstraintComponent])
    path = found.get(SH.resultPath)
    facts = {} if shape is None else {_local(p): str(o) for p, o in shapes.predicate_objects(shape)}
    facts["value"] = "" if value is None else str(value)
    messages: defaultdict[str, list[str]] = defaultdict(list)
    for message in report.objects(result, SH.resultMessage):
        if isinstance(message, rdflib.Literal):
            messages[message.language or "en"].append(str(message))

    def filled(text: str, language: str) -> str:
        return re.sub(r"\{[?$](\w+)\}", lambda m: _fact(m[1], language), text)

    def _fact(name: str, language: str) -> str:
        if name == "value" and value is not None:
            return _name(data, value, language)
        if name in facts:
            return facts[name]
        nodes = [node for node in (value, focus) if isinstance(node, rdflib.URIRef)]
        said = next(filter(None, ([o for p, o in data.predicate_objects(n) if _local(p) == name] for n in nodes)), [])
        return ", ".join(sorted(_name(data, o, language) for o in said)) or "–"

    return Result(
        focus=str(focus),
        path=str(path) if isinstance(path, rdflib.URIRef) else "",
        value=facts["value"],
        component=_local(component).removesuffix("ConstraintComponent"),
        shape=str(shape) if isinstance(shape, rdflib.URIRef) else component,
        severity=_SEVERITIES[found[SH.resultSeverity]],
        texts={k: filled(" ".join(sorted(messages[k])), k) for k in LANGUAGES if messages.get(k)},
        facts=facts,
    )


def _local(iri: object) -> str:
    return re.split("[#/]", str(iri))[-1]


def _name(data: rdflib.Graph, node: rdflib.term.Node, language: str) -> str:
    """Say a value in a message: a literal as it stands, a node by its label or the end of its IRI."""
    if not isinstance(node, rdflib.URIRef):
        text = str(node)
        return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    labels = {o.language: str(o) for o in data.objects(node, RDFS.label) if isinstance(o, rdflib.Literal)}
    return labels.get(language) or unquote(_local(node))
