"""Graphs held against those of the release before: what is said now and was not then, and what is not said any more.

Once for all that goes by it: the store, the index of registers, and validation.
"""

from collections.abc import Iterable
from functools import lru_cache, partial

import polars as pl

from wsiskg.graph.columns.statements import COLUMNS, NONE, Statements
from wsiskg.graph.columns.terms import apart
from wsiskg.graph.held import Compared, Held
from wsiskg.graph.parts import Before, Change
from wsiskg.graph.serialise import GraphText

__all__ = ["compare"]

_MOST = 1_000_000
"""Statements that differ, above which they are not collected: they are held in memory."""

_READ = 4
"""Parts of a graph that stay in memory when they were read."""


def compare(graph: str, before: Before | None, text: GraphText | None) -> Compared | None:
    """Compare a graph with what it was.

    Args:
        graph: its IRI.
        before: what it was; None if there was no such graph.
        text: what it is; None if there is none any more.

    Returns:
        What differs; None if that is too much.

    """
    pieces = text.pieces if text else ()
    changes = before.changes(pieces) if before else [Change((), pieces)]
    room, lost, new, left = _MOST, [NONE], [NONE], [NONE]
    for change in changes:
        sizes = [sum(piece.count.triples for piece in side) for side in (change.before, change.after)]
        if abs(sizes[0] - sizes[1]) > room:
            return None
        then = _frame(before.statements(piece) for piece in change.before) if before else NONE
        now = _frame(text.statements(piece) for piece in change.after) if text else NONE
        gone = then.join(now, on=COLUMNS, how="anti")
        lost.append(apart(gone))
        new.append(apart(now.join(then, on=COLUMNS, how="anti")))
        left.append(apart(now.join(then, on=COLUMNS, how="semi").join(gone, on=COLUMNS[:2], how="semi")))
        room -= len(lost[-1]) + len(new[-1])
        if room < 0:
            return None
    return Compared(graph, _held(text) if text else (), *map(pl.concat, (lost, new, left)))


def _held(text: GraphText) -> list[Held]:
    read = lru_cache(_READ)(lambda place: _frame([text.statements(text.pieces[place])]))
    ends = [*(piece.first for piece in text.pieces[1:]), ""]
    return [
        Held(piece.first, end, piece.count, partial(read, place))
        for place, (piece, end) in enumerate(zip(text.pieces, ends, strict=True))
    ]


def _frame(parts: Iterable[Statements]) -> pl.DataFrame:
    return pl.concat([NONE, *(block for statements in parts for block in statements.blocks())])
