"""Evidence policies: plain SHACL Core constraints on assessments, which the secretariat can read and change.

A link whose assessment conforms is ``validated``, one whose assessment does not is ``insufficient-evidence``; recorded
decisions may make it ``contested`` or ``retired``. Messages may hold ``{?value}`` and the name of a parameter of the
constraint, as in ``{?minInclusive}``: they are filled in here, in the manner of SHACL's message templates
(https://www.w3.org/TR/shacl/#sparql-constraints-message).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import rdflib
from pyoxigraph import Triple
from pyshacl import validate as pyshacl_validate
from rdflib.namespace import OWL, RDF, SH

from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import rebase, turtle_files
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import LANGUAGES
from wsiskg.rules.shacl import to_rdflib

__all__ = ["SHIPPED", "Finding", "Policy", "judge", "load_policy", "parse_policy"]

SHIPPED: Mapping[str, str] = {"default": "evidence.shapes.ttl", "strict": "evidence-strict.shapes.ttl"}
"""Policies that come with the project, and their files in ``shapes/``."""

_MAX_BYTES = 1_000_000
_NOT_CORE = (SH.sparql, SH.select, SH.ask, SH.js, SH.rule, SH.target, OWL.imports, SH.validator)


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy: its name, the SHA-256 of its file, and its shapes."""

    name: str
    digest: str
    shapes: rdflib.Graph


@dataclass(frozen=True, slots=True)
class Finding:
    """What a policy asks for and an assessment lacks: the constraint, the number found, what is said of it."""

    rule: str
    value: str
    needed: str
    texts: Mapping[str, str]


def load_policy(name: str, iris: Iris) -> Policy:
    """Return a shipped policy by name, or the one in the file ``name``.

    Raises:
        UsageError: it is neither, or is not made of SHACL Core.

    """
    if name in SHIPPED:
        return parse_policy(name, rebase(turtle_files("shapes")[SHIPPED[name]], iris))
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"there is no policy '{name}'", f"Name a file, or one of: {', '.join(SHIPPED)}.")
    if path.stat().st_size > _MAX_BYTES:
        raise UsageError(f"'{name}' is larger than {_MAX_BYTES:,} bytes")
    try:
        return parse_policy(path.name, path.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise UsageError(f"'{name}' is not UTF-8") from error


def parse_policy(name: str, text: str) -> Policy:
    """Read a policy from Turtle.

    Raises:
        UsageError: it is not Turtle, has no shapes, or uses more than SHACL Core.

    """
    shapes = rdflib.Graph(bind_namespaces="none")
    try:
        shapes.parse(data=text, format="turtle")
    except Exception as error:  # rdflib's parsers raise many kinds
        raise UsageError(f"policy '{name}': not readable Turtle ({str(error).splitlines()[0]})") from error
    if used := [p for p in _NOT_CORE if (None, p, None) in shapes]:
        raise UsageError(f"policy '{name}' uses {used[0]}", "A policy is written in SHACL Core only.")
    if (None, RDF.type, SH.NodeShape) not in shapes:
        raise UsageError(f"policy '{name}' has no sh:NodeShape, so it would accept everything")
    return Policy(name, hashlib.sha256(text.encode()).hexdigest(), shapes)


def judge(policy: Policy, assessments: Iterable[Triple], iris: Iris) -> Mapping[str, tuple[Finding, ...]]:
    """Return what each assessment lacks under ``policy``; those that lack nothing are not in the result."""
    data = to_rdflib(assessments)
    # Candidates are held against the same rules as links.
    for node in list(data.subjects(RDF.type, rdflib.URIRef(iris.term("Candidate").value))):
        data.add((node, RDF.type, rdflib.URIRef(iris.term("Assessment").value)))
    _, report, _ = pyshacl_validate(
        data, shacl_graph=policy.shapes, inference="none", do_owl_imports=False, advanced=False
    )
    if not isinstance(report, rdflib.Graph):
        raise TypeError(f"pySHACL returned no report: {report}")
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        found[str(report.value(result, SH.focusNode))].append(_finding(report, policy.shapes, result))
    return {node: tuple(sorted(findings, key=lambda f: f.rule)) for node, findings in sorted(found.items())}


def _finding(report: rdflib.Graph, shapes: rdflib.Graph, result: rdflib.term.Node) -> Finding:
    shape, found = report.value(result, SH.sourceShape), report.value(result, SH.value)
    value = "" if found is None else str(found)
    facts = {"value": value}
    if shape is not None:
        facts |= {str(p).rsplit("#", 1)[-1]: str(o) for p, o in shapes.predicate_objects(shape)}
    component = str(report.value(result, SH.sourceConstraintComponent)).rsplit("#", 1)[-1]
    parameter = component.removesuffix("ConstraintComponent")
    needed = facts.get(parameter[:1].lower() + parameter[1:], "")
    texts: dict[str, str] = {}
    for message in report.objects(result, SH.resultMessage):
        if isinstance(message, rdflib.Literal):
            filled = re.sub(r"\{[?$](\w+)\}", lambda m: facts.get(m[1], m[0]), str(message))
            texts[message.language or "en"] = filled
    texts.setdefault("en", f"{value} found, {needed} needed.")
    return Finding(str(shape), value, needed, {k: texts[k] for k in LANGUAGES if k in texts})
