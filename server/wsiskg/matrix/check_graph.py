"""A check as RDF (a SHACL report with the assessments) and as SARIF (for tools that show findings in files)."""

import json
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from wsiskg import __version__
from wsiskg.evidence.assessments import assessment_triples
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.vocabulary import RDF_TYPE, SH, XSD
from wsiskg.matrix.facts import UNNAMED
from wsiskg.matrix.report import CheckReport
from wsiskg.model.problems import Problem, Severity

__all__ = ["check_sarif", "check_turtle"]

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def check_turtle(report: CheckReport, iris: Iris) -> bytes:
    """Return what SHACL said (https://www.w3.org/TR/shacl/#validation-report) and the assessment of every link.

    Problems of reading have no shape; they are results of ``sh:sourceConstraintComponent wsis:ReadingConstraint``.
    """
    node = BlankNode("report")
    violations = bool(report.count(Severity.VIOLATION))
    triples = {
        Triple(node, RDF_TYPE, SH("ValidationReport")),
        Triple(node, SH("conforms"), Literal("false" if violations else "true", datatype=XSD("boolean"))),
    }
    for number, result in enumerate(report.results, 1):
        found = BlankNode(f"result{number}")
        triples |= {
            Triple(node, SH("result"), found),
            Triple(found, RDF_TYPE, SH("ValidationResult")),
            Triple(found, SH("focusNode"), NamedNode(result.focus)),
            Triple(found, SH("resultSeverity"), SH(result.severity.value)),
            Triple(found, SH("sourceShape"), NamedNode(result.shape)),
            Triple(found, SH("sourceConstraintComponent"), SH(f"{result.component}ConstraintComponent")),
            *(Triple(found, SH("resultMessage"), Literal(text, language=lang)) for lang, text in result.texts.items()),
        }
        if result.path:
            triples.add(Triple(found, SH("resultPath"), NamedNode(result.path)))
        if result.value:
            triples.add(Triple(found, SH("value"), Literal(result.value)))
    for number, problem in enumerate(_of_reading(report), 1):
        found = BlankNode(f"reading{number}")
        triples |= {
            Triple(node, SH("result"), found),
            Triple(found, RDF_TYPE, SH("ValidationResult")),
            Triple(found, SH("resultSeverity"), SH(problem.severity.value)),
            Triple(found, SH("sourceConstraintComponent"), iris.term("ReadingConstraint")),
            *(
                Triple(found, SH("resultMessage"), Literal(f"{problem.origin}: {text}", language=language))
                for language, text in problem.texts.items()
            ),
        }
    evidence = {link.proposal.pair: link.evidence for link in report.links if all(link.proposal.pair)}
    index = EvidenceIndex(evidence, report.loaded)
    triples |= assessment_triples(iris, report.edition or UNNAMED, evidence, index)
    # Not in columns as graphs are written: these hold no blank nodes.
    ordered, names = sorted(triples, key=str), dict(prefixes(iris))
    return ox.serialize(ordered, format=ox.RdfFormat.TURTLE, prefixes=names) or b""


def _of_reading(report: CheckReport) -> Iterable[Problem]:
    """Yield the problems that no shape found: those of reading the file."""
    shapes = {result.shape.rsplit("#", 1)[-1] for result in report.results}
    return (problem for problem in report.problems if problem.rule.rsplit("#", 1)[-1] not in shapes)


def check_sarif(report: CheckReport, language: str) -> str:
    """Return the problems as SARIF 2.1.0 (OASIS); a row is a line, a column of a sheet a column."""
    rules = sorted({problem.rule for problem in report.problems})
    places = {rule: place for place, rule in enumerate(rules)}
    results = [
        {
            "ruleId": problem.rule,
            "ruleIndex": places[problem.rule],
            "level": _LEVELS[problem.severity],
            "message": {"text": problem.text(language)},
            "locations": [{"physicalLocation": _location(problem)}],
        }
        for problem in report.problems
    ]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "wsiskg", "version": __version__, "rules": [{"id": rule} for rule in rules]}},
        "results": results,
        "columnKind": "unicodeCodePoints",
        "properties": {"release": report.release, "policy": report.policy[0], "edition": report.edition},
    }
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _location(problem: Problem) -> dict[str, Any]:
    origin = problem.origin
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(origin.file)}}
    if origin.row is not None:
        location["region"] = {"startLine": origin.row}
        if origin.number is not None:
            location["region"]["startColumn"] = origin.number
    return location


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file)
