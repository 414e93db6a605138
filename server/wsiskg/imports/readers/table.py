"""Rows of a sheet or a delimited text under their headers, wherever in the first rows these stand."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from wsiskg.imports.readers.rows import NO_CELLS, Block, Part, RawRow
from wsiskg.tables.sheets.grid import Cell

__all__ = ["Score", "SheetBlock", "SheetRow", "part_of", "sheet_blocks"]

Score = Callable[[Sequence[str]], int]
"""Says how many of some texts are known as headers."""

_TOGETHER = 500  # rows of a block made of single ones
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


@dataclass(frozen=True, slots=True)
class SheetBlock:
    """Rows that follow one another: `readers.rows.Block` with columns by number, from 1.

    ``widths`` are the numbers of cells that the file says of each row; of its strange rows each says its own.
    """

    numbers: Sequence[int]
    widths: Sequence[int]
    columns: Mapping[int, Sequence[str]]
    strange: Mapping[int, SheetRow]
    odd: Mapping[int, Mapping[int, Cell]]

    def row(self, place: int) -> SheetRow:
        """Return one row."""
        if (found := self.strange.get(place)) is not None:
            return found
        cells = {column: text for column, texts in self.columns.items() if (text := texts[place])}
        return SheetRow(self.numbers[place], cells, width=self.widths[place], odd=self.odd.get(place, NO_CELLS))


def sheet_blocks(rows: Iterable[SheetRow]) -> Iterator[SheetBlock]:
    """Yield blocks of single rows."""
    waiting = iter(rows)
    while some := list(islice(waiting, _TOGETHER)):
        strange = {n: row for n, row in enumerate(some) if row.fault or row.legacy}
        last = max((column for n, row in enumerate(some) if n not in strange for column in row.cells), default=0)
        columns = {
            column: ["" if n in strange else row.cells.get(column, "") for n, row in enumerate(some)]
            for column in range(1, last + 1)
        }
        odd = {n: row.odd for n, row in enumerate(some) if row.odd and n not in strange}
        yield SheetBlock([row.number for row in some], [row.width for row in some], columns, strange, odd)


def part_of(sheet: str, blocks: Iterator[SheetBlock], score: Score) -> Part | None:
    """Return the rows under the row that names most columns, or None if none names two."""
    taken: list[SheetBlock] = []
    places: list[tuple[int, int]] = []
    while len(places) < _LOOKED_AT and (block := next(blocks, None)) is not None:
        places += [(len(taken), place) for place in range(len(block.numbers))]
        taken.append(block)
    first = [taken[block].row(place) for block, place in places[:_LOOKED_AT]]
    scores = [0 if row.fault else score(list(row.cells.values())) for row in first]
    best = max(range(len(first)), key=lambda i: (scores[i], -i), default=None)
    if best is None or scores[best] < 2:
        return None
    header = first[best]
    titles = _titles(header.cells)
    number, place = places[best]
    under = (_under(titles, header.width, block) for block in chain(taken[number:], blocks))
    below = next(under)
    rest = chain([below.part(place + 1, len(below.numbers))], under)
    return Part(sheet, list(titles.values()), (block for block in rest if block.numbers))


def _under(titles: dict[int, str], width: int, block: SheetBlock) -> Block:
    names = _Names(titles)
    beyond = [texts for column, texts in block.columns.items() if width and column > width]
    # A delimiter too many has moved what stands behind it.
    moved = {n for texts in beyond if any(texts) for n, text in enumerate(texts) if text}
    strange = {**block.strange, **{n: block.row(n)._replace(fault="columns") for n in moved}}
    columns: dict[str, Sequence[str]] = {}
    for column, texts in block.columns.items():
        name = names[column]
        if moved:
            texts = ["" if n in moved else text for n, text in enumerate(texts)]
        if name in columns:  # a header may be what a column without one is called
            texts = [text or before for text, before in zip(texts, columns[name], strict=True)]
        columns[name] = texts
    named = {n: _named(names, width, row) for n, row in strange.items()}
    odd = {
        n: {names[column]: cell for column, cell in cells.items()} for n, cells in block.odd.items() if n not in moved
    }
    return Block(block.numbers, columns, named, odd)


def _named(names: "_Names", width: int, row: SheetRow) -> RawRow:
    fault = row.fault or ("columns" if width and row.cells and max(row.cells) > width else "")
    cells = {names[column]: text for column, text in row.cells.items()}
    odd = {names[column]: cell for column, cell in row.odd.items()} if row.odd else NO_CELLS
    return RawRow(row.number, cells, fault, row.legacy, odd)


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
