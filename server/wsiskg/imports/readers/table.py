"""Rows of a sheet or a delimited text under their headers, wherever in the first rows these stand."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from wsiskg.imports.readers.rows import Part, RawRow
from wsiskg.tables.sheets.grid import Cell

__all__ = ["Score", "SheetRow", "part_of"]

Score = Callable[[Sequence[str]], int]
"""Says how many of some texts are known as headers."""

_LOOKED_AT = 30  # rows with content before which the headers must come


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with its cells by number of the column; ``width`` is the number of its cells where the file says it."""

    number: int
    cells: Mapping[int, Cell]
    fault: str = ""
    legacy: bool = False
    width: int = 0


def part_of(sheet: str, rows: Iterator[SheetRow], score: Score) -> Part | None:
    """Return the rows under the row that names most columns, or None if none names two."""
    first = list(islice(rows, _LOOKED_AT))
    scores = [0 if row.fault else score([cell.text for cell in row.cells.values()]) for row in first]
    best = max(range(len(first)), key=lambda i: (scores[i], -i), default=None)
    if best is None or scores[best] < 2:
        return None
    header = first[best]
    titles = _titles(header.cells)
    width = header.width
    return Part(sheet, list(titles.values()), _under(titles, width, chain(first[best + 1 :], rows)))


def _under(titles: dict[int, str], width: int, rows: Iterator[SheetRow]) -> Iterator[RawRow]:
    for row in rows:
        cells = {titles.get(number) or f"column {number}": cell for number, cell in row.cells.items()}
        fault = row.fault
        if not fault and width and row.cells and max(row.cells) > width:
            fault = "columns"  # a delimiter too many has moved what stands behind it
        yield RawRow(row.number, cells, fault, row.legacy)


def _titles(cells: Mapping[int, Cell]) -> dict[int, str]:
    """Return headers by column, single blanks between words; the second of the same name gets a number."""
    seen: Counter[str] = Counter()
    titles: dict[int, str] = {}
    for number in sorted(cells):
        title = " ".join(cells[number].text.split())
        seen[title] += 1
        titles[number] = title if seen[title] == 1 else f"{title} ({seen[title]})"
    return titles
