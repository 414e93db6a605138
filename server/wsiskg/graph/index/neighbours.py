"""Numbers for items that get in between those of an index: they list where an index written anew would list them."""

import sqlite3
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wsiskg.graph.index.writer import STEP
from wsiskg.graph.iris import Iris
from wsiskg.model.codes import natural_key

__all__ = ["NoRoomError", "place_items"]

_SPARED = 16
"""Parts of the room between two items, of which newcomers take one: most are put at an end, again and again."""

Key = Callable[[str], Any]


class NoRoomError(Exception):
    """There is no number left, or it cannot be told where an item belongs."""


def place_items(
    connection: sqlite3.Connection, iris: Iris, kind: str, items: Iterable[tuple[str, str]]
) -> Mapping[str, int]:
    """Return a number for each of some new items of a kind, by code.

    Args:
        connection: the index, without them.
        iris: the IRIs it is built with.
        kind: ``project``, ``award`` or ``organisation``.
        items: code and register of each; the register is empty for organisations.

    Raises:
        NoRoomError: the index has to be written anew.

    """
    by_register: defaultdict[str, list[str]] = defaultdict(list)
    for code, register in items:
        by_register[register].append(code)
    key: Key = natural_key if kind != "organisation" else lambda code: iris.resource(kind, code).value
    ranges = {register: _range(connection, kind, register) for register in by_register}
    # What is last in one register may have the same predecessor as what is first in the next.
    behind: defaultdict[int, list[str]] = defaultdict(list)
    for register in sorted(by_register, key=ranges.__getitem__):
        for code in sorted(by_register[register], key=key):
            behind[_predecessor(connection, *ranges[register], key, code)].append(code)
    found: dict[str, int] = {}
    for predecessor, codes in behind.items():
        found |= zip(codes, _numbers(connection, predecessor, len(codes)), strict=True)
    return found


def _range(connection: sqlite3.Connection, kind: str, register: str) -> tuple[int, int]:
    """Return the numbers of the first and the last item of a kind that a register has."""
    if kind == "organisation":
        row = connection.execute("SELECT first, last FROM kind WHERE name = ?", (kind,)).fetchone()
    else:
        row = connection.execute(
            "SELECT MIN(f.item), MAX(f.item) FROM term t JOIN facet f ON f.term = t.id"
            " WHERE t.kind = ? AND t.name = 'register' AND t.value = ?",
            (kind, register),
        ).fetchone()
    if row is None or row[0] is None:
        raise NoRoomError
    return row[0], row[1]


def _predecessor(connection: sqlite3.Connection, first: int, last: int, key: Key, code: str) -> int:
    """Return the number of the item behind which ``code`` belongs; of items from ``first`` to ``last``, or before."""
    wanted = key(code)

    def not_before(number: int) -> bool:
        found = connection.execute("SELECT id, code FROM item WHERE id >= ? ORDER BY id LIMIT 1", (number,)).fetchone()
        return found is None or found[0] > last or not key(found[1]) < wanted

    at = bisect_left(range(first, last + 2), True, key=not_before) + first
    (found,) = connection.execute("SELECT MAX(id) FROM item WHERE id < ?", (at,)).fetchone()
    return int(found or 0)


def _numbers(connection: sqlite3.Connection, predecessor: int, size: int) -> Sequence[int]:
    """Return numbers behind an item and before the next one."""
    (following,) = connection.execute("SELECT MIN(id) FROM item WHERE id > ?", (predecessor,)).fetchone()
    room = (following or predecessor + STEP * (size + 1)) - predecessor
    if room <= size:
        raise NoRoomError
    step = min(STEP, max(1, room // (_SPARED * (size + 1))))
    return range(predecessor + step, predecessor + step * size + 1, step)
