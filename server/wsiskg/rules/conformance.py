"""SHACL Core shapes as checks in columns, which say of many nodes at once which of them may break a shape.

A check never claims more than it knows: a constraint component, path or value that it is not certain of leaves the
verdict open, and pySHACL decides. What is certain here is certain in pySHACL, whose reading of the specification
(https://www.w3.org/TR/shacl/#core-components) is followed: regular expressions are Python's, for one.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import reduce
from math import inf
from operator import and_, or_

import numpy as np
import polars as pl
import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import OWL, RDF, RDFS, SH, XSD

from wsiskg.rules.nodes import Alternative, Inverse, Mask, Nodes, Path, Sequence, Values, Verdict

__all__ = ["Rule", "Targets", "compile_shapes", "term_of"]

Check = Callable[[Nodes, Values], Verdict]
"""A constraint on nodes and their value nodes."""

_TELLING = frozenset({
    RDF.type, RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso, SH.path, SH.name, SH.description, SH.message,
    SH.severity, SH.order, SH.group, SH.defaultValue, SH.deactivated, SH.flags, SH.qualifiedMinCount,
    SH.qualifiedMaxCount, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode,
})  # fmt: skip
"""What a shape says that is no constraint, or belongs to one that is read with another property."""

_YEAR, _MONTH = "[12][0-9]{3}", "(?:0[1-9]|1[0-2])"
_DATE = rf"{_YEAR}-(?:{_MONTH}-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
_FRACTION = r"[+-]?[0-9]{1,8}(?:\.[0-9]{1,7})?"  # no more digits than a double holds
_FORMS: dict[rdflib.term.Node, str] = {
    XSD.integer: "[+-]?[0-9]{1,15}",
    XSD.decimal: _FRACTION,
    XSD.double: f"{_FRACTION}(?:[eE][+-]?[0-9]{{1,2}})?",
    XSD.boolean: "true|false",
    XSD.date: _DATE,
    XSD.gYear: _YEAR,
    XSD.gYearMonth: f"{_YEAR}-{_MONTH}",
    XSD.anyURI: "[A-Za-z0-9:/?#._~%&=+-]*",
}
"""Lexical forms that are well-formed beyond doubt, by datatype."""

_NUMERIC = (XSD.integer, XSD.decimal, XSD.double)
_KINDS: dict[rdflib.term.Node, str] = {
    SH.IRI: "<", SH.Literal: '"', SH.BlankNode: "_", SH.BlankNodeOrIRI: "_<", SH.BlankNodeOrLiteral: '_"',
    SH.IRIOrLiteral: '<"',
}  # fmt: skip
"""First characters of the terms of each sh:nodeKind."""


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
    check: Callable[[Nodes], Verdict]
    predicates: frozenset[str]
    far: bool
    depth: float
    backwards: frozenset[str]
    whole: bool


def compile_shapes(shapes: rdflib.Graph) -> list[Rule]:
    """Return the rules of all shapes that have targets, in the order of their names."""
    compiler = _Compiler(shapes)
    return [compiler.rule(shape) for shape in sorted(set(shapes.subjects()), key=str) if _targets(shapes, shape)]


def term_of(node: rdflib.term.Node) -> str:
    """Return a node of rdflib as N-Triples writes it."""
    if isinstance(node, rdflib.Literal):
        if node.language:
            return str(ox.Literal(str(node), language=node.language))
        return str(ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or XSD.string))))
    return f"<{node}>" if isinstance(node, rdflib.URIRef) else f"_:{node}"


def _targets(shapes: rdflib.Graph, shape: rdflib.term.Node) -> Targets:
    classes = set(shapes.objects(shape, SH.targetClass))
    if {RDFS.Class, OWL.Class} & set(shapes.objects(shape, RDF.type)):
        classes.add(shape)
    others = (SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    return Targets(_terms(classes), *(_terms(shapes.objects(shape, kind)) for kind in others))


def _terms(nodes: Iterable[rdflib.term.Node]) -> frozenset[str]:
    return frozenset(map(term_of, nodes))


@dataclass(frozen=True, slots=True)
class _Constraint:
    """A constraint as a check, with the predicates and other shapes that it needs."""

    check: Check
    predicates: frozenset[str] = frozenset()
    rules: tuple[Rule, ...] = field(default=())


def _open(nodes: Nodes, _values: Values) -> Verdict:
    return Verdict.open(len(nodes))


_UNKNOWN = _Constraint(_open)


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
        inner = [rule for constraint in found for rule in constraint.rules]
        predicates = frozenset[str]().union(*(c.predicates for c in found), *(rule.predicates for rule in inner))
        targets = _targets(self._shapes, shape)
        backwards = targets.objects_of.union(*(rule.backwards for rule in inner))
        known = all(c is not _UNKNOWN for c in found) and all(rule.whole for rule in inner)
        far, depth = any(rule.far for rule in inner), max((rule.depth for rule in inner), default=0.0)
        if any(c is _UNKNOWN for c in found):
            depth = inf
        paths = list(self._shapes.objects(shape, SH.path))
        if not paths:
            return Rule(
                str(shape), targets, _check_of(_itself, found), predicates, far, depth, backwards,
                known,
            )  # fmt: skip
        path = _path(self._shapes, paths[0])
        along = (lambda nodes: None) if path is None else (lambda nodes: nodes.values(path))
        # What the values' own statements say is not looked at.
        known = known and path is not None and not any(rule.predicates for rule in inner)
        return Rule(
            str(shape), targets, _check_of(along, found), predicates | _predicates(path),
            far or _is_far(path), depth + _length(path), backwards | _backwards(path), known,
        )  # fmt: skip

    def _is_off(self, shape: rdflib.term.Node) -> bool:
        return rdflib.Literal(True) in set(self._shapes.objects(shape, SH.deactivated))

    def _constraints(self, shape: rdflib.term.Node) -> Iterable[_Constraint]:
        for predicate in sorted(set(self._shapes.predicates(shape)) - _TELLING, key=str):
            for value in self._shapes.objects(shape, predicate):
                yield self._constraint(shape, predicate, value)

    def _constraint(self, shape: rdflib.term.Node, predicate: rdflib.term.Node, value: rdflib.term.Node) -> _Constraint:
        if predicate in (SH.property, SH.node):
            return self._of_rules([value], lambda verdicts: reduce(and_, verdicts))
        if predicate == SH["not"]:
            return self._of_rules([value], lambda verdicts: ~verdicts[0])
        if predicate in (SH["or"], SH["and"], SH.xone):
            return self._of_rules(list(Collection(self._shapes, value)), _LOGIC[predicate])
        if predicate == SH.qualifiedValueShape:
            return self._qualified(shape, value)
        if predicate == SH.pattern:
            return _pattern(value, list(self._shapes.objects(shape, SH.flags)))
        if predicate in (SH["in"], SH.languageIn):
            members = list(Collection(self._shapes, value))
            return _one_of(members) if predicate == SH["in"] else _languages(members)
        return _PLAIN[predicate](value) if predicate in _PLAIN else _UNKNOWN

    def _of_rules(self, shapes: list[rdflib.term.Node], combine: Callable[[list[Verdict]], Verdict]) -> _Constraint:
        rules = tuple(map(self.rule, shapes))
        if not rules:
            return _UNKNOWN
        return _Constraint(_each(lambda nodes: combine([rule.check(nodes) for rule in rules])), rules=rules)

    def _qualified(self, shape: rdflib.term.Node, value: rdflib.term.Node) -> _Constraint:
        rule = self.rule(value)
        least = [_count(n) for n in self._shapes.objects(shape, SH.qualifiedMinCount)]
        most = [_count(n) for n in self._shapes.objects(shape, SH.qualifiedMaxCount)]

        def check(_nodes: Nodes, values: Values) -> Verdict:
            found = rule.check(values.nodes)
            possible, certain = values.count(found.holds), values.count(found.holds & ~found.fails)
            holds, fails = np.ones(values.size, bool), np.zeros(values.size, bool)
            for number in least:
                holds, fails = holds & (possible >= number), fails | (certain < number)
            for number in most:
                holds, fails = holds & (certain <= number), fails | (possible > number)
            return Verdict(holds, fails)

        return _Constraint(check, rules=(rule,))


def _check_of(
    along: Callable[[Nodes], Values | None], constraints: Iterable[_Constraint]
) -> Callable[[Nodes], Verdict]:
    def check(nodes: Nodes) -> Verdict:
        values = along(nodes)
        if values is None:
            return Verdict.open(len(nodes))
        everything = Verdict.known(np.ones(len(nodes), bool))
        return reduce(and_, (c.check(nodes, values) for c in constraints), everything)

    return check


def _itself(nodes: Nodes) -> Values:
    return Values(len(nodes), np.arange(len(nodes), dtype=np.uint32), nodes)


def _each(test: Callable[[Nodes], Verdict]) -> Check:
    """Return the constraint that every value node passes a test."""
    return lambda _, values: values.all(test(values.nodes))


# The constraint components, by what is certain of them.


def _count(number: rdflib.term.Node) -> int:
    return int(str(number))


def _min_count(number: rdflib.term.Node) -> _Constraint:
    least = _count(number)
    return _Constraint(lambda _, values: Verdict.known(values.count() >= least))


def _max_count(number: rdflib.term.Node) -> _Constraint:
    most = _count(number)
    return _Constraint(lambda _, values: Verdict.known(values.count() <= most))


def _has_value(value: rdflib.term.Node) -> _Constraint:
    term = term_of(value)
    return _Constraint(lambda _, values: Verdict.known(values.any(values.nodes.among([term]))))


def _class(value: rdflib.term.Node) -> _Constraint:
    kind = term_of(value)
    return _Constraint(_each(lambda nodes: nodes.instances(kind)))


def _node_kind(value: rdflib.term.Node) -> _Constraint:
    if value not in _KINDS:
        return _UNKNOWN
    first = f"^[{_KINDS[value]}]"
    return _Constraint(_each(lambda nodes: Verdict.known(nodes.matching(first))))


def _datatype(value: rdflib.term.Node) -> _Constraint:
    if value in (RDFS.Literal, RDFS.Datatype):
        return _UNKNOWN
    end = rf'"\^\^<{re.escape(str(value))}>$'
    if value == XSD.string:
        return _Constraint(_each(lambda nodes: Verdict.known(nodes.matching('"$'))))
    form = f'^"(?:{_FORMS[value]}){end}' if value in _FORMS else "^$"
    if value == RDF.langString:
        form = '"@[^"]+$'

    def test(nodes: Nodes) -> Verdict:
        well_formed = nodes.matching(form)
        return Verdict.where(well_formed | ~nodes.matching(end), well_formed)

    return _Constraint(_each(test))


def _pattern(value: rdflib.term.Node, flags: list[rdflib.term.Node]) -> _Constraint:
    if flags:
        return _UNKNOWN
    search, alike = re.compile(str(value)).search, _is_alike(str(value))

    def matching(nodes: Nodes) -> Mask:
        texts = nodes.texts
        found, left = np.ones(len(nodes), bool), texts
        if alike:
            plain = nodes.once("plain", lambda: _are_plain(texts))
            found, left = texts.str.contains(str(value)).to_numpy() | ~plain, texts.filter(pl.Series(~plain))
        others = [text for text in left.unique().to_list() if search(text) is None]
        return found & ~texts.is_in(others).to_numpy() if others else found

    return _Constraint(_each(lambda nodes: Verdict.known(nodes.once(("pattern", value), lambda: matching(nodes)))))


def _is_alike(pattern: str) -> bool:
    """Say whether a regular expression is of the kind that Rust reads as Python does, for plain texts."""
    simple = re.fullmatch(r"(?:[A-Za-z0-9 /:_.,%@=^$|()?+*{}\[\]-]|\\[.SsdDwW-])*", pattern)
    return simple is not None and re.search(r"\[\^?[\[\]]|\(\?|--|[*+?}][*+]", pattern) is None


def _are_plain(texts: pl.Series) -> Mask:
    """Return which texts are of one line of printable ASCII."""
    return texts.str.contains("^[ -~]*$").to_numpy()


def _length_of(most: bool) -> Callable[[rdflib.term.Node], _Constraint]:
    def component(number: rdflib.term.Node) -> _Constraint:
        bound = _count(number)

        def test(nodes: Nodes) -> Verdict:
            length = nodes.texts.str.len_chars().to_numpy()
            return Verdict.known(length <= bound if most else length >= bound)

        return _Constraint(_each(test))

    return component


def _one_of(members: list[rdflib.term.Node]) -> _Constraint:
    terms = _terms(members)
    return _Constraint(_each(lambda nodes: Verdict.known(nodes.among(terms))))


def _languages(members: list[rdflib.term.Node]) -> _Constraint:
    wanted = [str(member).lower() for member in members]
    if "*" in wanted:
        return _UNKNOWN

    def test(nodes: Nodes) -> Verdict:
        tags = _tags(nodes)
        found = tags.is_in(wanted) | tags.str.extract("^([^-]*)").is_in(wanted)
        return Verdict.known(found.fill_null(False).to_numpy())

    return _Constraint(_each(test))


def _tags(nodes: Nodes) -> pl.Series:
    return nodes.once("tags", lambda: nodes.terms.str.extract('"@([^"]+)$').str.to_lowercase())


def _unique_lang(value: rdflib.term.Node) -> _Constraint:
    if value != rdflib.Literal(True):
        return _UNKNOWN

    def check(_nodes: Nodes, values: Values) -> Verdict:
        said = values.frame().with_columns(tag=_tags(values.nodes)).drop_nulls("tag")
        twice = said.filter(pl.struct("owner", "tag").is_duplicated())["owner"].to_numpy()
        return Verdict.known(np.bincount(twice, minlength=values.size) == 0)

    return _Constraint(check)


_COMPARED: dict[rdflib.term.Node, Callable[[pl.Series, float], pl.Series]] = {
    SH.minInclusive: lambda numbers, bound: numbers >= bound,
    SH.maxInclusive: lambda numbers, bound: numbers <= bound,
    SH.minExclusive: lambda numbers, bound: numbers > bound,
    SH.maxExclusive: lambda numbers, bound: numbers < bound,
}


def _range(component: rdflib.term.Node) -> Callable[[rdflib.term.Node], _Constraint]:
    def constraint(value: rdflib.term.Node) -> _Constraint:
        kind = value.datatype if isinstance(value, rdflib.Literal) else None
        if kind not in _NUMERIC or not re.fullmatch(_FORMS[kind], str(value)):
            return _UNKNOWN
        bound = float(str(value))

        def test(nodes: Nodes) -> Verdict:
            numbers = _numbers(nodes)
            within = _COMPARED[component](numbers, bound).fill_null(False)
            return Verdict.where(numbers.is_not_null().to_numpy(), within.to_numpy())

        return _Constraint(_each(test))

    return constraint


def _numbers(nodes: Nodes) -> pl.Series:
    """Return the numbers whose order is beyond doubt, null for other terms."""
    forms = [rf'^"({_FORMS[kind]})"\^\^<{re.escape(str(kind))}>$' for kind in _NUMERIC]
    return nodes.once(
        "numbers",
        lambda: pl.select(pl.coalesce(nodes.terms.str.extract(form).cast(pl.Float64) for form in forms)).to_series(),
    )


_PAIRS: dict[rdflib.term.Node, Callable[[pl.DataFrame, pl.DataFrame], pl.Series]] = {
    SH.equals: lambda own, other: pl.concat(
        [own.join(other, on=own.columns, how="anti"), other.join(own, on=own.columns, how="anti")]
    )["owner"],
    SH.disjoint: lambda own, other: own.join(other, on=own.columns, how="semi")["owner"],
}
"""The nodes that break a constraint on a pair of properties."""


def _beside(compare: Callable[[Nodes, Values, Values], Verdict]) -> Callable[[rdflib.term.Node], _Constraint]:
    """Return a constraint that holds values against those of another property of the nodes."""

    def constraint(value: rdflib.term.Node) -> _Constraint:
        predicate = term_of(value)

        def check(nodes: Nodes, values: Values) -> Verdict:
            other = nodes.values(predicate)
            return Verdict.open(len(nodes)) if other is None else compare(nodes, values, other)

        return _Constraint(check, frozenset({predicate}))

    return constraint


def _pair(component: rdflib.term.Node) -> Callable[[rdflib.term.Node], _Constraint]:
    def compare(nodes: Nodes, values: Values, other: Values) -> Verdict:
        broken = _PAIRS[component](values.frame(), other.frame()).to_numpy()
        return Verdict.known(np.bincount(broken, minlength=len(nodes)) == 0)

    return _beside(compare)


_ORDERED = tuple(
    (rf'^"({_FORMS[kind]})"\^\^<{re.escape(str(kind))}>$', column)
    for kind, column in ((XSD.integer, pl.Int64), (XSD.date, pl.String))
)
"""Forms whose order is beyond doubt, and what they are compared as."""


def _less(*, equal: bool) -> Callable[[rdflib.term.Node], _Constraint]:
    def compare(nodes: Nodes, values: Values, other: Values) -> Verdict:
        both = values.frame().join(other.frame(), on="owner", suffix="_other")
        orders = []
        for form, kind in _ORDERED:
            first, second = (pl.col(c).str.extract(form).cast(kind) for c in ("value", "value_other"))
            orders.append(first <= second if equal else first < second)
        both = both.select("owner", before=pl.coalesce(orders))
        holds = Values(len(nodes), both["owner"].to_numpy(), Nodes(pl.Series(dtype=pl.String), nodes.classes))
        known, before = both["before"].is_not_null().to_numpy(), both["before"].fill_null(False).to_numpy()
        return holds.all(Verdict.where(known, before))

    return _beside(compare)


_PLAIN: dict[rdflib.term.Node, Callable[[rdflib.term.Node], _Constraint]] = {
    SH.minCount: _min_count,
    SH.maxCount: _max_count,
    SH.hasValue: _has_value,
    SH["class"]: _class,
    SH.nodeKind: _node_kind,
    SH.datatype: _datatype,
    SH.minLength: _length_of(most=False),
    SH.maxLength: _length_of(most=True),
    SH.uniqueLang: _unique_lang,
    SH.lessThan: _less(equal=False),
    SH.lessThanOrEquals: _less(equal=True),
    **{component: _range(component) for component in _COMPARED},
    **{component: _pair(component) for component in _PAIRS},
}


def _exactly_one(verdicts: list[Verdict]) -> Verdict:
    certain = np.sum([v.holds & ~v.fails for v in verdicts], axis=0)
    possible = np.sum([v.holds for v in verdicts], axis=0)
    return Verdict((certain <= 1) & (possible >= 1), (certain != 1) | (possible != 1))


_LOGIC: dict[rdflib.term.Node, Callable[[list[Verdict]], Verdict]] = {
    SH["or"]: lambda verdicts: reduce(or_, verdicts),
    SH["and"]: lambda verdicts: reduce(and_, verdicts),
    SH.xone: _exactly_one,
}


# Paths.


def _path(shapes: rdflib.Graph, node: rdflib.term.Node) -> Path | None:
    """Return a path, None if it is of a kind that is not followed in columns."""
    if isinstance(node, rdflib.URIRef):
        return term_of(node)
    if (node, RDF.first, None) in shapes:
        steps = [_path(shapes, step) for step in Collection(shapes, node)]
        known: list[Path] = [step for step in steps if isinstance(step, str | Alternative) and not _is_far(step)]
        return reduce(_then, known) if len(known) == len(steps) else None
    inverse, alternative = shapes.value(node, SH.inversePath), shapes.value(node, SH.alternativePath)
    if isinstance(inverse, rdflib.URIRef):
        return Inverse(term_of(inverse))
    if alternative is not None:
        paths = [_path(shapes, path) for path in Collection(shapes, alternative)]
        known_paths = tuple(path for path in paths if path is not None)
        return Alternative(known_paths) if len(known_paths) == len(paths) else None
    return None


def _then(first: Path, second: Path) -> Path:
    return Sequence(first, second)


def _is_far(path: Path | None) -> bool:
    if isinstance(path, Alternative):
        return any(map(_is_far, path.paths))
    return isinstance(path, Inverse | Sequence)


def _predicates(path: Path | None) -> frozenset[str]:
    if isinstance(path, Sequence):
        return _predicates(path.first) | _predicates(path.second)
    if isinstance(path, Alternative):
        return frozenset[str]().union(*map(_predicates, path.paths))
    return frozenset({path.predicate if isinstance(path, Inverse) else path}) if path else frozenset()


def _backwards(path: Path | None) -> frozenset[str]:
    if isinstance(path, Alternative):
        return frozenset[str]().union(*map(_backwards, path.paths))
    return frozenset({path.predicate}) if isinstance(path, Inverse) else frozenset()


def _length(path: Path | None) -> float:
    if isinstance(path, Sequence):
        return _length(path.first) + _length(path.second)
    if isinstance(path, Alternative):
        return max(map(_length, path.paths))
    return inf if path is None else 1
