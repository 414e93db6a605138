"""Evidence policies: plain SHACL Core constraints on assessments, which the secretariat can read and change.

A link whose assessment conforms is ``validated``, one whose assessment does not is ``insufficient-evidence``; recorded
decisions may make it ``contested`` or ``retired``. Messages may hold ``{?value}`` and the name of a parameter of the
constraint, as in ``{?minInclusive}`` (see `wsiskg.rules.shacl.run_shapes`).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import rdflib
from pyoxigraph import NamedNode, Triple
from rdflib.namespace import OWL, RDF, RDFS, SH

from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import rebase, turtle_files
from wsiskg.graph.vocabulary import RDF_TYPE
from wsiskg.model.errors import UsageError
from wsiskg.rules.shacl import Result, run_shapes, to_rdflib

__all__ = ["SHIPPED", "Finding", "Policy", "judge", "load_policy", "parse_policy"]

SHIPPED: Mapping[str, str] = {"default": "evidence.shapes.ttl", "strict": "evidence-strict.shapes.ttl"}
"""Policies that come with the project, and their files in ``shapes/``."""

_MAX_BYTES = 1_000_000
_MANY = 20_000
"""Statements above which those that may lack something are looked for first: of many pairs, most lack nothing."""
_NOT_CORE = (SH.sparql, SH.select, SH.ask, SH.js, SH.rule, SH.target, OWL.imports, SH.validator)


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy: its name, the SHA-256 of its file, its shapes, and its text in Turtle."""

    name: str
    digest: str
    shapes: rdflib.Graph
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a policy asks for and an assessment lacks.

    Attributes:
        rule: IRI of the constraint.
        value: the number found.
        needed: the number asked for.
        texts: what is said of it, by language.
        names: what is counted, by language, as the policy calls it.
        measure: property of the evidence set that the constraint reads, such as ``projectCount``; empty for others.
        component: local name of the SHACL constraint component, such as ``MinInclusive``.

    """

    rule: str
    value: str
    needed: str
    texts: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    measure: str = ""
    component: str = ""


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
    return Policy(name, hashlib.sha256(text.encode()).hexdigest(), shapes, text)


def judge(policy: Policy, assessments: Iterable[Triple], iris: Iris) -> Mapping[str, tuple[Finding, ...]]:
    """Return what each assessment lacks under ``policy``, by its IRI; those that lack nothing are not in the result.

    Args:
        policy: the shapes.
        assessments: statements about assessments and candidates, their evidence sets included.
        iris: IRIs that the statements were built with.

    """
    candidate, assessment = iris.term("Candidate"), iris.term("Assessment")
    said = set(_asked_for(policy.shapes, assessments))
    # Candidates are held against the same rules as links.
    said |= {Triple(t.subject, RDF_TYPE, assessment) for t in said if t.predicate == RDF_TYPE and t.object == candidate}
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for result in _results(policy, said, iris):
        found[result.focus].append(_finding(policy, result))
    return {node: tuple(sorted(findings, key=lambda f: f.rule)) for node, findings in sorted(found.items())}


def _results(policy: Policy, said: Collection[Triple], iris: Iris) -> Iterable[Result]:
    if len(said) <= _MANY:
        return run_shapes(to_rdflib(said), policy.shapes)
    # Who judges a few needs no Polars.
    from wsiskg.graph.columns.statements import Statements
    from wsiskg.rules.decide import decide

    return decide([Statements.of(iris.graph("evidence"), said)], policy.shapes).results


def _asked_for(shapes: rdflib.Graph, triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the statements that can matter to ``shapes``: of classes, and of properties that they name."""
    if (None, SH.closed, None) in shapes:
        yield from triples
        return
    named = {str(o) for o in shapes.objects() if isinstance(o, rdflib.URIRef)}
    told = {name for text in shapes.objects(None, SH.message) for name in re.findall(r"\{[?$](\w+)\}", str(text))}
    named |= {str(RDF.type), str(RDFS.label), str(RDFS.subClassOf)}
    asked: dict[NamedNode, bool] = {}
    for triple in triples:
        predicate = triple.predicate
        if predicate not in asked:
            asked[predicate] = predicate.value in named or re.split("[#/]", predicate.value)[-1] in told
        if asked[predicate]:
            yield triple


def _finding(policy: Policy, result: Result) -> Finding:
    parameter = result.component[:1].lower() + result.component[1:]
    needed = result.facts.get(parameter, "")
    texts = dict(result.texts)
    texts.setdefault("en", f"{result.value} found, {needed} needed.")
    shape = rdflib.URIRef(result.shape)
    names = {o.language or "en": str(o) for o in policy.shapes.objects(shape, SH.name) if isinstance(o, rdflib.Literal)}
    path = policy.shapes.value(shape, SH.path)
    steps = [] if path is None or isinstance(path, rdflib.URIRef) else list(policy.shapes.items(path))
    measure = str(steps[-1]).rsplit("#", 1)[-1] if steps else ""
    return Finding(result.shape, result.value, needed, texts, names, measure, result.component)
