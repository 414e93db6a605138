"""Rows of a sheet or a delimited text under their headers, wherever in the first rows these stand."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from wsiskg.imports.readers.rows import NO_CELLS, Part, RawRow
from wsiskg.tables.sheets.grid import Cell

__all__ = ["Score", "SheetRow", "part_of"]

Score = Callable[[Sequence[str]], int]
"""Says how many of some texts are known as headers."""

_LOOKED_AT = 30  # rows with content before which the headers must come


class SheetRow(NamedTuple):
    """A row with the texts of its cells by number of the column, as `RawRow` has them by header.

    ``width`` is the number of its cells where the file says it.
    """

    number: int
    cells: Mapping[int, str]
    fault: str = ""
    legacy: bool = False
    width: int = 0
    odd: Mapping[int, Cell] = NO_CELLS


def part_of(sheet: str, rows: Iterator[SheetRow], score: Score) -> Part | None:
    """Return the rows under the row that names most columns, or None if none names two."""
    first = list(islice(rows, _LOOKED_AT))
    scores = [0 if row.fault else score(list(row.cells.values())) for row in first]
    best = max(range(len(first)), key=lambda i: (scores[i], -i), default=None)
    if best is None or scores[best] < 2:
        return None
    header = first[best]
    titles = _titles(header.cells)
    width = header.width
    return Part(sheet, list(titles.values()), _under(titles, width, chain(first[best + 1 :], rows)))


def _under(titles: dict[int, str], width: int, rows: Iterator[SheetRow]) -> Iterator[RawRow]:
    names = _Names(titles)
    for number, cells, fault, legacy, _, odd in rows:
        if not fault and width and cells and max(cells) > width:
            fault = "columns"  # a delimiter too many has moved what stands behind it
        named = {names[column]: text for column, text in cells.items()}
        strange = {names[column]: cell for column, cell in odd.items()} if odd else NO_CELLS
        yield RawRow(number, named, fault, legacy, strange)


class _Names(dict[int, str]):
    """Headers by column, also of those that have none."""

    def __init__(self, titles: Mapping[int, str]) -> None:
        super().__init__({number: title for number, title in titles.items() if title})

    def __missing__(self, number: int) -> str:
        return f"column {number}"


def _titles(cells: Mapping[int, str]) -> dict[int, str]:
    """Return headers by column, single blanks between words; the second of the same name gets a number."""
    seen: Counter[str] = Counter()
    titles: dict[int, str] = {}
    for number in sorted(cells):
        title = " ".join(cells[number].split())
        seen[title] += 1
        titles[number] = title if seen[title] == 1 else f"{title} ({seen[title]})"
    return titles
