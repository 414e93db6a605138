"""Graphs in parts that are held somewhere, of which those are read that may say what is asked for."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import polars as pl

from wsiskg.graph.columns.statements import NONE
from wsiskg.graph.statistics import Count

__all__ = ["Compared", "Held", "Parts", "nodes_between", "statements_about"]


def statements_about(nodes: pl.Series, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the statements of ``frame`` about ``nodes``."""
    return frame.filter(pl.col("subject").is_in(nodes.implode()))


def nodes_between(nodes: pl.Series, first: str, end: str) -> pl.Series:
    """Return those of ``nodes``, which are in order, from ``first`` on and before ``end``, or all if that is empty."""
    low = int(nodes.search_sorted(first, side="left"))
    return nodes[low : int(nodes.search_sorted(end, side="left")) if end else len(nodes)]


@dataclass(frozen=True, slots=True)
class Held:
    """A part of a graph as it is now.

    Attributes:
        first: its first subject, as N-Triples writes it.
        end: the first subject behind it in the graph; empty if there is none.
        count: what was counted of it; None if it is to be looked at in any case.
        block: returns its statements.

    """

    first: str
    end: str
    count: Count | None
    block: Callable[[], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Compared:
    """A graph, and what differs.

    Attributes:
        graph: its IRI.
        held: its parts as they are.
        lost: statements that are not made any more.
        new: statements that were not made before.
        left: statements that are made still, of subjects and predicates that lost some.

    """

    graph: str
    held: Sequence[Held]
    lost: pl.DataFrame
    new: pl.DataFrame
    left: pl.DataFrame


class Parts:
    """The union of graphs in parts, of which those are read that may say what is asked for."""

    def __init__(self, parts: Sequence[Held]) -> None:
        self._parts = parts

    def about(self, nodes: pl.Series) -> pl.DataFrame:
        """Return all statements about ``nodes``."""
        nodes = nodes.unique().sort()
        found = [NONE]
        for part in self._parts:
            if len(wanted := nodes_between(nodes, part.first, part.end)):
                found.append(statements_about(wanted, part.block()))
        return pl.concat(found).unique()

    def naming(self, nodes: pl.Series, predicates: Collection[str] | None = None) -> pl.DataFrame:
        """Return all statements with one of ``nodes`` as their object, and one of ``predicates`` unless None."""
        hashes, found = nodes.hash().implode(), [NONE]
        wanted = pl.col("object").is_in(nodes.implode())
        if predicates is not None:
            wanted &= pl.col("predicate").is_in(list(predicates))
        for part in self._parts if len(nodes) else ():
            if _has(part, predicates) and (part.count is None or part.count.objects.is_in(hashes).any()):
                found.append(part.block().filter(wanted))
        return pl.concat(found).unique()

    def apart_from(self, prefixes: Sequence[str]) -> pl.DataFrame:
        """Return all statements about nodes that begin with none of some texts."""
        many = pl.any_horizontal(pl.col("subject").str.starts_with(prefix) for prefix in prefixes)
        found = [NONE]
        for part in self._parts:
            if not any(part.first.startswith(prefix) and part.end.startswith(prefix) for prefix in prefixes):
                found.append(part.block().filter(~many))
        return pl.concat(found).unique()

    def saying(self, predicate: str) -> pl.DataFrame:
        """Return all statements with a predicate."""
        blocks = (part.block() for part in self._parts if _has(part, {predicate}))
        return pl.concat([NONE, *(block.filter(pl.col("predicate") == predicate) for block in blocks)]).unique()


def _has(part: Held, predicates: Collection[str] | None) -> bool:
    """Say whether a part may have statements with one of some predicates."""
    known = part.count
    return predicates is None or known is None or any(term[1:-1] in known.properties for term in predicates)
