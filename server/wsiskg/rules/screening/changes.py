"""Which nodes may break a shape now that did not before, when most parts of the graphs are as they were.

What screening says of a node follows from its own statements, from the classes of their objects, and from what shapes
see over the predicates that they follow further. Only nodes of which one of these changed are judged; the others stay
what they were (docs/decisions/20261126-validation-at-scale.md).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from wsiskg.graph.columns.statements import COLUMNS
from wsiskg.graph.statistics import Count
from wsiskg.rules.screening.nodes import TYPE, nodes_between, statements_about
from wsiskg.rules.screening.screen import SUBCLASS, Screened, Union, screen
from wsiskg.rules.screening.shapes import Rule, followed_backwards, followed_far

__all__ = ["Changes", "Held", "Parts", "screen_changes"]

_EMPTY = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))


@dataclass(frozen=True, slots=True)
class Held:
    """A part of a graph as it is now.

    Attributes:
        graph: IRI of the graph.
        first: its first subject, as N-Triples writes it.
        end: the first subject behind it in the graph; empty if there is none.
        count: what was counted of it; None if it is to be looked at in any case.
        block: returns its statements.

    """

    graph: str
    first: str
    end: str
    count: Count | None
    block: Callable[[], pl.DataFrame]


class Parts:
    """The union of graphs in parts, of which those are read that may say what is asked for."""

    def __init__(self, parts: Sequence[Held]) -> None:
        self._parts = parts

    def about(self, nodes: pl.Series) -> pl.DataFrame:
        """Return all statements about ``nodes``."""
        nodes = nodes.unique().sort()
        found = [_EMPTY]
        for part in self._parts:
            if len(wanted := nodes_between(nodes, part.first, part.end)):
                found.append(statements_about(wanted, part.block()))
        return pl.concat(found).unique()

    def naming(self, nodes: pl.Series, predicates: Collection[str] | None = None) -> pl.DataFrame:
        """Return all statements with one of ``nodes`` as their object, and one of ``predicates`` unless None."""
        hashes, found = nodes.hash().implode(), [_EMPTY]
        wanted = pl.col("object").is_in(nodes.implode())
        if predicates is not None:
            wanted &= pl.col("predicate").is_in(list(predicates))
        for part in self._parts if len(nodes) else ():
            if _has(part, predicates) and (part.count is None or part.count.objects.is_in(hashes).any()):
                found.append(part.block().filter(wanted))
        return pl.concat(found).unique()

    def saying(self, predicate: str) -> pl.DataFrame:
        """Return all statements with a predicate."""
        blocks = (part.block() for part in self._parts if _has(part, {predicate}))
        return pl.concat([_EMPTY, *(block.filter(pl.col("predicate") == predicate) for block in blocks)]).unique()


def _has(part: Held, predicates: Collection[str] | None) -> bool:
    """Say whether a part may have statements with one of some predicates."""
    known = part.count
    return predicates is None or known is None or any(term[1:-1] in known.properties for term in predicates)


@dataclass(frozen=True)
class Changes:
    """What was found of graphs earlier, and what of them changed since.

    Attributes:
        suspects: the suspects of then.
        now: all parts of now.
        lost: statements in no graph that has them now, which had them then.
        new: statements in a graph that did not have them then.

    """

    suspects: pl.Series
    now: Sequence[Held]
    lost: pl.DataFrame
    new: pl.DataFrame

    @cached_property
    def parts(self) -> Parts:
        """All parts of now, to ask them."""
        return Parts(self.now)


def screen_changes(changes: Changes, rules: Sequence[Rule], step: Callable[[], None] = lambda: None) -> Screened | None:
    """Return the suspects that `screen` finds in the graphs as they are now, with some more perhaps.

    Its links are those around the nodes that were judged.

    None if that takes a look at everything: subclasses changed, or shapes follow rdf:type through other nodes.
    """
    parts, changed = changes.parts, pl.concat([changes.lost, changes.new])
    backwards, followed = followed_backwards(rules), followed_far(rules)
    steps = int(max([1, *(rule.depth for rule in rules if rule.far)]))
    if TYPE in followed or (changed["predicate"] == SUBCLASS).any():
        return None
    step()
    retyped = changed.filter(pl.col("predicate") == TYPE)["subject"].unique()
    seen_from = changed.filter(pl.col("predicate").is_in(list(backwards)))["object"]
    concerned = pl.concat([changed["subject"], parts.naming(retyped)["subject"], _iris(seen_from)]).unique()
    for _ in range(steps):  # to those that see these
        step()
        own = parts.about(concerned).filter(pl.col("predicate").is_in(list(backwards)))
        nearer = parts.naming(concerned, followed)["subject"]
        concerned = pl.concat([concerned, nearer, _iris(own["object"])]).unique()
    found, near = [parts.about(concerned)], concerned
    for _ in range(steps):  # to what those see
        step()
        ahead = parts.about(near).filter(pl.col("predicate").is_in(list(followed)))
        behind = parts.naming(near, backwards)
        found += [ahead, behind]
        near = pl.concat([near, _iris(ahead["object"]), behind["subject"]]).unique()
    found.append(parts.saying(SUBCLASS))
    step()
    rows = pl.concat(found)
    classes = parts.about(pl.concat([near, rows["subject"], _iris(rows["object"])]))
    union = Union.of(pl.concat([rows, classes.filter(pl.col("predicate") == TYPE)]).unique().sort(COLUMNS))
    screened = screen(union, rules, step, among=concerned)
    earlier = changes.suspects.filter(~changes.suspects.is_in(concerned.implode()))
    return replace(screened, suspects=pl.concat([earlier, screened.suspects]).unique().sort())


def _iris(terms: pl.Series) -> pl.Series:
    return terms.filter(terms.str.starts_with("<"))
