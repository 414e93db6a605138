"""Constraint components of SHACL Core (https://www.w3.org/TR/shacl/#core-components), by what is certain of them.

A constraint never claims more than it knows: a value that it is not certain of leaves the verdict open. What is certain
here is certain in pySHACL, whose reading of the specification is followed: regular expressions are Python's, for one.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import numpy as np
import polars as pl
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH, XSD

from wsiskg.rules.screening.nodes import Mask, Nodes, Values, Verdict
from wsiskg.rules.screening.terms import term_of, terms_of

__all__ = ["LOGICAL", "UNKNOWN", "Constraint", "Test", "component", "logical", "qualified"]

Test = Callable[[Nodes], Verdict]
"""Returns the verdict on nodes."""

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
class Constraint:
    """A constraint as a check.

    Attributes:
        check: returns the verdict on nodes, of which the value nodes are given too.
        predicates: those of the statements about the nodes that it asks for besides.

    """

    check: Callable[[Nodes, Values], Verdict]
    predicates: frozenset[str] = frozenset()


UNKNOWN = Constraint(lambda nodes, _: Verdict.open(len(nodes)))
"""A constraint of which nothing is known."""


def component(
    shapes: rdflib.Graph, shape: rdflib.term.Node, predicate: rdflib.term.Node, value: rdflib.term.Node
) -> Constraint:
    """Return the constraint ``predicate`` ``value`` of a shape, one that asks for no other shape."""
    if predicate == SH.pattern:
        return _pattern(value, list(shapes.objects(shape, SH.flags)))
    if predicate in (SH["in"], SH.languageIn):
        members = list(Collection(shapes, value))
        return _one_of(members) if predicate == SH["in"] else _languages(members)
    return _PLAIN[predicate](value) if predicate in _PLAIN else UNKNOWN


def logical(predicate: rdflib.term.Node, tests: Sequence[Test]) -> Constraint:
    """Return the constraint that value nodes conform to other shapes, as ``predicate``, one of `LOGICAL`, asks it."""
    if not tests:
        return UNKNOWN
    combine = LOGICAL[predicate]
    return _each(lambda nodes: combine([test(nodes) for test in tests]))


def qualified(test: Test, least: Iterable[rdflib.term.Node], most: Iterable[rdflib.term.Node]) -> Constraint:
    """Return the constraint that so many value nodes conform to another shape.

    Args:
        test: the verdict on that shape.
        least: values of sh:qualifiedMinCount.
        most: values of sh:qualifiedMaxCount.

    """
    lowest, highest = [_count(n) for n in least], [_count(n) for n in most]

    def check(_nodes: Nodes, values: Values) -> Verdict:
        found = test(values.nodes)
        possible, certain = values.count(found.holds), values.count(found.holds & ~found.fails)
        holds, fails = np.ones(values.size, bool), np.zeros(values.size, bool)
        for number in lowest:
            holds, fails = holds & (possible >= number), fails | (certain < number)
        for number in highest:
            holds, fails = holds & (certain <= number), fails | (possible > number)
        return Verdict(holds, fails)

    return Constraint(check)


def _each(test: Test) -> Constraint:
    """Return the constraint that every value node passes a test."""
    return Constraint(lambda _, values: values.all(test(values.nodes)))


def _count(number: rdflib.term.Node) -> int:
    return int(str(number))


def _min_count(number: rdflib.term.Node) -> Constraint:
    least = _count(number)
    return Constraint(lambda _, values: Verdict.known(values.count() >= least))


def _max_count(number: rdflib.term.Node) -> Constraint:
    most = _count(number)
    return Constraint(lambda _, values: Verdict.known(values.count() <= most))


def _has_value(value: rdflib.term.Node) -> Constraint:
    term = term_of(value)
    return Constraint(lambda _, values: Verdict.known(values.any(values.nodes.among([term]))))


def _class(value: rdflib.term.Node) -> Constraint:
    kind = term_of(value)
    return _each(lambda nodes: nodes.instances(kind))


def _node_kind(value: rdflib.term.Node) -> Constraint:
    if value not in _KINDS:
        return UNKNOWN
    first = f"^[{_KINDS[value]}]"
    return _each(lambda nodes: Verdict.known(nodes.matching(first)))


def _datatype(value: rdflib.term.Node) -> Constraint:
    if value in (RDFS.Literal, RDFS.Datatype):
        return UNKNOWN
    end = rf'"\^\^<{re.escape(str(value))}>$'
    if value == XSD.string:
        return _each(lambda nodes: Verdict.known(nodes.matching('"$')))
    form = f'^"(?:{_FORMS[value]}){end}' if value in _FORMS else "^$"
    if value == RDF.langString:
        form = '"@[^"]+$'

    def test(nodes: Nodes) -> Verdict:
        well_formed = nodes.matching(form)
        return Verdict.where(well_formed | ~nodes.matching(end), well_formed)

    return _each(test)


def _pattern(value: rdflib.term.Node, flags: list[rdflib.term.Node]) -> Constraint:
    if flags:
        return UNKNOWN
    search, alike = re.compile(str(value)).search, _is_alike(str(value))

    def matching(nodes: Nodes) -> Mask:
        texts = nodes.texts
        found, left = np.ones(len(nodes), bool), texts
        if alike:
            plain = nodes.once("plain", lambda: _are_plain(texts))
            found, left = texts.str.contains(str(value)).to_numpy() | ~plain, texts.filter(pl.Series(~plain))
        others = [text for text in left.unique().to_list() if search(text) is None]
        return found & ~texts.is_in(others).to_numpy() if others else found

    return _each(lambda nodes: Verdict.known(nodes.once(("pattern", value), lambda: matching(nodes))))


def _is_alike(pattern: str) -> bool:
    """Say whether a regular expression is of the kind that Rust reads as Python does, for plain texts."""
    simple = re.fullmatch(r"(?:[A-Za-z0-9 /:_.,%@=^$|()?+*{}\[\]-]|\\[.SsdDwW-])*", pattern)
    return simple is not None and re.search(r"\[\^?[\[\]]|\(\?|--|[*+?}][*+]", pattern) is None


def _are_plain(texts: pl.Series) -> Mask:
    """Return which texts are of one line of printable ASCII."""
    return texts.str.contains("^[ -~]*$").to_numpy()


def _length_of(most: bool) -> Callable[[rdflib.term.Node], Constraint]:
    def component(number: rdflib.term.Node) -> Constraint:
        bound = _count(number)

        def test(nodes: Nodes) -> Verdict:
            length = nodes.texts.str.len_chars().to_numpy()
            return Verdict.known(length <= bound if most else length >= bound)

        return _each(test)

    return component


def _one_of(members: list[rdflib.term.Node]) -> Constraint:
    terms = terms_of(members)
    return _each(lambda nodes: Verdict.known(nodes.among(terms)))


def _languages(members: list[rdflib.term.Node]) -> Constraint:
    wanted = [str(member).lower() for member in members]
    if "*" in wanted:
        return UNKNOWN

    def test(nodes: Nodes) -> Verdict:
        tags = _tags(nodes)
        found = tags.is_in(wanted) | tags.str.extract("^([^-]*)").is_in(wanted)
        return Verdict.known(found.fill_null(False).to_numpy())

    return _each(test)


def _tags(nodes: Nodes) -> pl.Series:
    return nodes.once("tags", lambda: nodes.terms.str.extract('"@([^"]+)$').str.to_lowercase())


def _unique_lang(value: rdflib.term.Node) -> Constraint:
    if value != rdflib.Literal(True):
        return UNKNOWN

    def check(_nodes: Nodes, values: Values) -> Verdict:
        said = values.frame().with_columns(tag=_tags(values.nodes)).drop_nulls("tag")
        twice = said.filter(pl.struct("owner", "tag").is_duplicated())["owner"].to_numpy()
        return Verdict.known(np.bincount(twice, minlength=values.size) == 0)

    return Constraint(check)


_COMPARED: dict[rdflib.term.Node, Callable[[pl.Series, float], pl.Series]] = {
    SH.minInclusive: lambda numbers, bound: numbers >= bound,
    SH.maxInclusive: lambda numbers, bound: numbers <= bound,
    SH.minExclusive: lambda numbers, bound: numbers > bound,
    SH.maxExclusive: lambda numbers, bound: numbers < bound,
}


def _range(component: rdflib.term.Node) -> Callable[[rdflib.term.Node], Constraint]:
    def constraint(value: rdflib.term.Node) -> Constraint:
        kind = value.datatype if isinstance(value, rdflib.Literal) else None
        if kind not in _NUMERIC or not re.fullmatch(_FORMS[kind], str(value)):
            return UNKNOWN
        bound = float(str(value))

        def test(nodes: Nodes) -> Verdict:
            numbers = _numbers(nodes)
            within = _COMPARED[component](numbers, bound).fill_null(False)
            return Verdict.where(numbers.is_not_null().to_numpy(), within.to_numpy())

        return _each(test)

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


def _beside(value: rdflib.term.Node, verdict: Callable[[Nodes, Values, Values], Verdict]) -> Constraint:
    """Return a constraint on value nodes and the values of another property, which is ``value``."""
    predicate = term_of(value)

    def check(nodes: Nodes, values: Values) -> Verdict:
        other = nodes.values(predicate)
        return Verdict.open(len(nodes)) if other is None else verdict(nodes, values, other)

    return Constraint(check, frozenset({predicate}))


def _pair(component: rdflib.term.Node) -> Callable[[rdflib.term.Node], Constraint]:
    def verdict(nodes: Nodes, values: Values, other: Values) -> Verdict:
        broken = _PAIRS[component](values.frame(), other.frame()).to_numpy()
        return Verdict.known(np.bincount(broken, minlength=len(nodes)) == 0)

    return lambda value: _beside(value, verdict)


_ORDERED = tuple(
    (rf'^"({_FORMS[kind]})"\^\^<{re.escape(str(kind))}>$', column)
    for kind, column in ((XSD.integer, pl.Int64), (XSD.date, pl.String))
)
"""Forms whose order is beyond doubt, and what they are compared as."""


def _less(*, equal: bool) -> Callable[[rdflib.term.Node], Constraint]:
    def verdict(nodes: Nodes, values: Values, other: Values) -> Verdict:
        both = values.frame().join(other.frame(), on="owner", suffix="_other")
        orders = []
        for form, kind in _ORDERED:
            first, second = (pl.col(c).str.extract(form).cast(kind) for c in ("value", "value_other"))
            orders.append(first <= second if equal else first < second)
        both = both.select("owner", before=pl.coalesce(orders))
        holds = Values(len(nodes), both["owner"].to_numpy(), Nodes(pl.Series(dtype=pl.String), nodes.classes))
        known, before = both["before"].is_not_null().to_numpy(), both["before"].fill_null(False).to_numpy()
        return holds.all(Verdict.where(known, before))

    return lambda value: _beside(value, verdict)


_PLAIN: dict[rdflib.term.Node, Callable[[rdflib.term.Node], Constraint]] = {
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


def _all(verdicts: list[Verdict]) -> Verdict:
    return reduce(and_, verdicts)


LOGICAL: Mapping[rdflib.term.Node, Callable[[list[Verdict]], Verdict]] = {
    SH.property: _all,
    SH.node: _all,
    SH["not"]: lambda verdicts: ~verdicts[0],
    SH["or"]: lambda verdicts: reduce(or_, verdicts),
    SH["and"]: _all,
    SH.xone: _exactly_one,
}
"""Constraints on the conformance to other shapes, as verdicts on these are combined."""
