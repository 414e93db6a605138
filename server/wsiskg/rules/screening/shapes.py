"""SHACL Core shapes as rules in columns, which say of many nodes at once which of them may break a shape.

A constraint or path that is not understood leaves the verdict open, and pySHACL decides.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from math import inf
from operator import and_

import numpy as np
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH

from wsiskg.rules.screening.components import LOGICAL, UNKNOWN, Constraint, Test, component, logical, qualified
from wsiskg.rules.screening.nodes import Nodes, Values, Verdict
from wsiskg.rules.screening.paths import backwards_of, is_far, length_of, predicates_of, read_path
from wsiskg.rules.screening.terms import terms_of

__all__ = ["Rule", "Targets", "compile_shapes", "followed_backwards", "followed_far"]

_TELLING = frozenset({
    RDF.type, RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso, SH.path, SH.name, SH.description, SH.message,
    SH.severity, SH.order, SH.group, SH.defaultValue, SH.deactivated, SH.flags, SH.qualifiedMinCount,
    SH.qualifiedMaxCount, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode,
})  # fmt: skip
"""What a shape says that is no constraint, or belongs to one that is read with another property."""

_LISTED = (SH["and"], SH["or"], SH.xone)
"""Constraints whose value is a list of shapes."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The target declarations of a shape (https://www.w3.org/TR/shacl/#targets), as N-Triples terms."""

    classes: frozenset[str]
    subjects_of: frozenset[str]
    objects_of: frozenset[str]
    nodes: frozenset[str]

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return bool(self.classes or self.subjects_of or self.objects_of or self.nodes)


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape as a check.

    Attributes:
        shape: its name.
        targets: whom it concerns.
        check: returns the verdict on nodes.
        predicates: those of the statements that the check asks for.
        far: whether it follows paths through other subjects than the nodes themselves.
        depth: how many statements away from a node the shape looks; infinite where that is not known.
        backwards: predicates that it follows, or its targets are found by, from object to subject.
        whole: whether everything in it is understood, though single values may not be.

    """

    shape: str
    targets: Targets
    check: Test
    predicates: frozenset[str]
    far: bool
    depth: float
    backwards: frozenset[str]
    whole: bool


def compile_shapes(shapes: rdflib.Graph) -> list[Rule]:
    """Return the rules of all shapes that have targets, in the order of their names."""
    compiler = _Compiler(shapes)
    return [compiler.rule(shape) for shape in sorted(set(shapes.subjects()), key=str) if _targets(shapes, shape)]


def followed_backwards(rules: Sequence[Rule]) -> frozenset[str]:
    """Return the predicates that any of ``rules`` follows from object to subject."""
    return frozenset[str]().union(*(rule.backwards for rule in rules))


def followed_far(rules: Sequence[Rule]) -> frozenset[str]:
    """Return these, and the predicates that ``rules`` ask for beyond the statements about the node itself."""
    far = (rule.predicates | rule.targets.subjects_of for rule in rules if rule.far)
    return followed_backwards(rules).union(*far)


def _targets(shapes: rdflib.Graph, shape: rdflib.term.Node) -> Targets:
    classes = set(shapes.objects(shape, SH.targetClass))
    if {RDFS.Class, OWL.Class} & set(shapes.objects(shape, RDF.type)):
        classes.add(shape)
    others = (SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    return Targets(terms_of(classes), *(terms_of(shapes.objects(shape, kind)) for kind in others))


class _Compiler:
    """Reads shapes, each once."""

    def __init__(self, shapes: rdflib.Graph) -> None:
        self._shapes = shapes
        self._rules: dict[rdflib.term.Node, Rule | None] = {}

    def rule(self, shape: rdflib.term.Node) -> Rule:
        """Return the rule of a shape."""
        if shape not in self._rules:
            self._rules[shape] = None  # until it is known, the shape refers to itself if it is met again
            self._rules[shape] = self._compile(shape)
        nothing: frozenset[str] = frozenset()
        return self._rules[shape] or Rule(
            str(shape), _targets(self._shapes, shape), lambda nodes: Verdict.open(len(nodes)), nothing, False, inf,
            nothing, False,
        )  # fmt: skip

    def _compile(self, shape: rdflib.term.Node) -> Rule:
        found = () if self._is_off(shape) else tuple(self._constraints(shape))
        constraints, inner = [c for c, _ in found], [rule for _, rules in found for rule in rules]
        predicates = frozenset[str]().union(*(c.predicates for c in constraints), *(rule.predicates for rule in inner))
        targets = _targets(self._shapes, shape)
        backwards = targets.objects_of.union(*(rule.backwards for rule in inner))
        known = UNKNOWN not in constraints and all(rule.whole for rule in inner)
        far, depth = any(rule.far for rule in inner), max((rule.depth for rule in inner), default=0.0)
        if UNKNOWN in constraints:
            depth = inf
        paths = list(self._shapes.objects(shape, SH.path))
        if not paths:
            return Rule(str(shape), targets, _check_of(_itself, constraints), predicates, far, depth, backwards, known)
        path = read_path(self._shapes, paths[0])
        along = (lambda nodes: None) if path is None else (lambda nodes: nodes.values(path))
        # What the values' own statements say is not looked at.
        known = known and path is not None and not any(rule.predicates for rule in inner)
        return Rule(
            str(shape), targets, _check_of(along, constraints), predicates | predicates_of(path),
            far or is_far(path), depth + length_of(path), backwards | backwards_of(path), known,
        )  # fmt: skip

    def _is_off(self, shape: rdflib.term.Node) -> bool:
        return rdflib.Literal(True) in set(self._shapes.objects(shape, SH.deactivated))

    def _constraints(self, shape: rdflib.term.Node) -> Iterator[tuple[Constraint, Sequence[Rule]]]:
        """Yield the constraints of a shape, each with the rules of the shapes that it asks for."""
        for predicate in sorted(set(self._shapes.predicates(shape)) - _TELLING, key=str):
            for value in self._shapes.objects(shape, predicate):
                yield self._constraint(shape, predicate, value)

    def _constraint(
        self, shape: rdflib.term.Node, predicate: rdflib.term.Node, value: rdflib.term.Node
    ) -> tuple[Constraint, Sequence[Rule]]:
        if predicate in LOGICAL:
            rules = [self.rule(s) for s in (Collection(self._shapes, value) if predicate in _LISTED else [value])]
            return logical(predicate, [rule.check for rule in rules]), rules
        if predicate == SH.qualifiedValueShape:
            rule = self.rule(value)
            least, most = (self._shapes.objects(shape, p) for p in (SH.qualifiedMinCount, SH.qualifiedMaxCount))
            return qualified(rule.check, least, most), [rule]
        return component(self._shapes, shape, predicate, value), []


def _check_of(along: Callable[[Nodes], Values | None], constraints: Iterable[Constraint]) -> Test:
    def check(nodes: Nodes) -> Verdict:
        values = along(nodes)
        if values is None:
            return Verdict.open(len(nodes))
        everything = Verdict.known(np.ones(len(nodes), bool))
        return reduce(and_, (c.check(nodes, values) for c in constraints), everything)

    return check


def _itself(nodes: Nodes) -> Values:
    return Values(len(nodes), np.arange(len(nodes), dtype=np.uint32), nodes)
