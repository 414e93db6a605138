"""Which nodes may break a shape now that did not before, when most parts of the graphs are as they were.

What screening says of a node follows from its own statements, from the classes of their objects and from the few
predicates that it follows further, which are read in all parts. So only nodes of which one of these changed are judged;
the others stay what they were (docs/decisions/20261126-validation-at-scale.md).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from wsiskg.graph.columns.statements import COLUMNS
from wsiskg.graph.statistics import Count
from wsiskg.rules.screening.nodes import TYPE
from wsiskg.rules.screening.screen import SUBCLASS, Screened, Union, hierarchy_of, screen
from wsiskg.rules.screening.shapes import Rule

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
            low = int(nodes.search_sorted(part.first, side="left"))
            high = int(nodes.search_sorted(part.end, side="left")) if part.end else len(nodes)
            if low < high:
                found.append(part.block().filter(pl.col("subject").is_in(nodes[low:high].implode())))
        return pl.concat(found).unique()

    def with_objects(self, nodes: pl.Series) -> pl.DataFrame:
        """Return all statements with one of ``nodes`` as their object."""
        hashes, found = nodes.hash().implode(), [_EMPTY]
        if len(nodes):
            for part in self._parts:
                if part.count is None or part.count.objects.is_in(hashes).any():
                    found.append(part.block().filter(pl.col("object").is_in(nodes.implode())))
        return pl.concat(found)

    def with_predicates(self, predicates: Iterable[str]) -> pl.DataFrame:
        """Return all statements with one of ``predicates``, N-Triples terms."""
        wanted, found = list(predicates), [_EMPTY]
        names = {term[1:-1] for term in wanted}
        for part in self._parts:
            if part.count is None or names & part.count.properties.keys():
                found.append(part.block().filter(pl.col("predicate").is_in(wanted)))
        return pl.concat(found)

    def of_classes(self, classes: Iterable[str]) -> pl.DataFrame:
        """Return all statements that something is of one of ``classes``, N-Triples terms."""
        wanted, found = list(classes), [_EMPTY]
        names = {term[1:-1] for term in wanted}
        for part in self._parts:
            if part.count is None or names & part.count.classes.keys():
                typed = (pl.col("predicate") == TYPE) & pl.col("object").is_in(wanted)
                found.append(part.block().filter(typed))
        return pl.concat(found)


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
    """Return what `screen` returns of the graphs as they are now, with some suspects more perhaps.

    None if that takes a look at everything: subclasses changed, or shapes follow rdf:type through other nodes.
    """
    parts, changed = changes.parts, pl.concat([changes.lost, changes.new])
    far = [rule for rule in rules if rule.far]
    followed = frozenset[str]().union(
        {SUBCLASS},
        *(rule.backwards for rule in rules),
        *(rule.predicates | rule.targets.subjects_of for rule in far),
    )
    if TYPE in followed or (changed["predicate"] == SUBCLASS).any():
        return None
    step()
    retyped = changed.filter(pl.col("predicate") == TYPE)["subject"].unique()
    concerned = pl.concat([changed["subject"], parts.with_objects(retyped)["subject"]]).unique()
    step()
    links = parts.with_predicates(followed)
    hierarchy = hierarchy_of(links.filter(pl.col("predicate") == SUBCLASS))
    aimed_at = {name for rule in far for kind in rule.targets.classes for name in hierarchy.get(kind, {kind})}
    step()
    rows = pl.concat([parts.about(concerned), links, parts.of_classes(aimed_at)])
    step()
    named = pl.concat([rows["subject"], rows["object"].filter(rows["object"].str.starts_with("<"))])
    classes = parts.about(named).filter(pl.col("predicate") == TYPE)
    found = pl.concat([rows, classes]).unique().sort(COLUMNS)
    screened = screen(Union.of(found), rules, step, among=concerned)
    earlier = changes.suspects.filter(~changes.suspects.is_in(concerned.implode()))
    return replace(screened, suspects=pl.concat([earlier, screened.suspects]).unique().sort())
