"""Which nodes may break a shape now that did not before, when most parts of the graphs are as they were.

What screening says of a node follows from its own statements, from the classes of their objects, and from what shapes
see over the predicates that they follow further. Only nodes of which one of these changed are judged; the others stay
what they were (docs/decisions/20261126-validation-at-scale.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from wsiskg.graph.columns.statements import COLUMNS
from wsiskg.graph.held import Held, Parts
from wsiskg.rules.screening.nodes import TYPE
from wsiskg.rules.screening.screen import SUBCLASS, Screened, Union, screen
from wsiskg.rules.screening.shapes import Rule, followed_backwards, followed_far

__all__ = ["Changes", "screen_changes"]


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
