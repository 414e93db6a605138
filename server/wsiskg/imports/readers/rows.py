"""Rows of an export, before anything is understood: one by one, or some that follow one another as columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from wsiskg.tables.sheets.grid import Cell

__all__ = ["NO_CELLS", "Block", "Part", "RawRow", "Unread", "batches", "blocks_of", "odd_cells"]

K = TypeVar("K")

_TOGETHER = 500  # rows of a block made of single ones

NO_CELLS: Mapping[Any, Cell] = MappingProxyType({})
"""Of a row with plain cells alone."""


class RawRow(NamedTuple):
    """A row as it stands in a file.

    Attributes:
        number: of the row as a spreadsheet counts, of the object in a list, or of the line.
        cells: the texts of those with content, by header.
        fault: rule of `imports.messages` by which it cannot be read, empty if it can.
        legacy: whether its bytes are not Unicode and were read as Windows-1252.
        odd: of the cells, those that are no plain text or were cut.

    """

    number: int
    cells: Mapping[str, str]
    fault: str = ""
    legacy: bool = False
    odd: Mapping[str, Cell] = NO_CELLS


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one part that follow one another.

    Attributes:
        numbers: of each, as `RawRow` has it.
        columns: by header, the text of each row, empty where it has none; in the order of the cells.
        strange: by place, rows that are not in the columns: those that cannot be read, or are not in Unicode.
        odd: by place, the cells of rows that are no plain text or were cut.

    """

    numbers: Sequence[int]
    columns: Mapping[str, Sequence[str]]
    strange: Mapping[int, RawRow] = field(default_factory=dict)
    odd: Mapping[int, Mapping[str, Cell]] = field(default_factory=dict)

    def row(self, place: int) -> RawRow:
        """Return one row."""
        if (found := self.strange.get(place)) is not None:
            return found
        cells = {header: text for header, texts in self.columns.items() if (text := texts[place])}
        return RawRow(self.numbers[place], cells, odd=self.odd.get(place, NO_CELLS))

    def rows(self) -> Iterator[RawRow]:
        """Yield all rows."""
        return map(self.row, range(len(self.numbers)))

    def part(self, start: int, stop: int) -> "Block":
        """Return the rows from one place to before another one."""
        if (start, stop) == (0, len(self.numbers)):
            return self
        columns = {header: texts[start:stop] for header, texts in self.columns.items()}
        strange = {place - start: row for place, row in self.strange.items() if start <= place < stop}
        odd = {place - start: cells for place, cells in self.odd.items() if start <= place < stop}
        return Block(self.numbers[start:stop], columns, strange, odd)


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet, or the one table of a file: its headers as far as they are known beforehand, and its rows."""

    sheet: str
    headers: Sequence[str]
    blocks: Iterator[Block]


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet that is not read, and by which rule of `imports.messages`."""

    sheet: str
    rule: str


def batches(blocks: Iterable[Block], size: int, most: int) -> Iterator[Block]:
    """Yield the rows of blocks ``size`` together; fewer of those of ``most`` blocks, and where the columns change."""
    waiting: list[Block] = []
    headers: list[str] = []
    rows = 0
    for block in blocks:
        here = list(block.columns)
        if headers[: len(here)] != here[: len(headers)] or len(waiting) >= most:
            yield from _parts(waiting, size, rows)
            waiting, rows = [], 0
        headers = max(headers, here, key=len) if waiting else here
        waiting.append(block)
        rows += len(block.numbers)
        if rows >= size:
            *whole, rest = _parts(waiting, size, rows)
            yield from whole
            waiting, rows = [rest], len(rest.numbers)
    yield from _parts(waiting, size, rows)


def _parts(blocks: Sequence[Block], size: int, rows: int) -> Iterator[Block]:
    """Yield the rows of blocks ``size`` together, and at last those that are left."""
    if blocks:
        whole = _joined(blocks)
        yield from (whole.part(start, min(start + size, rows)) for start in range(0, rows or 1, size))


def _joined(blocks: Sequence[Block]) -> Block:
    """Return the rows of several blocks as one; the columns of one are the first of those of another one."""
    if len(blocks) == 1:
        return blocks[0]
    numbers: list[int] = []
    columns: dict[str, list[str]] = {}
    strange: dict[int, RawRow] = {}
    odd: dict[int, Mapping[str, Cell]] = {}
    for block in blocks:
        before = len(numbers)
        numbers += block.numbers
        for header, texts in block.columns.items():
            columns.setdefault(header, [""] * before).extend(texts)
        for column in columns.values():
            column += [""] * (len(numbers) - len(column))
        strange.update((before + place, row) for place, row in block.strange.items())
        odd.update((before + place, cells) for place, cells in block.odd.items())
    return Block(numbers, columns, strange, odd)


def blocks_of(rows: Iterable[RawRow]) -> Iterator[Block]:
    """Yield blocks of single rows."""
    waiting = iter(rows)
    while some := list(islice(waiting, _TOGETHER)):
        yield _block(some)


def _block(rows: Sequence[RawRow]) -> Block:
    plain = [row for row in rows if not row.fault and not row.legacy]
    headers = list(dict.fromkeys(header for row in plain for header in row.cells))
    # What comes first in a row counts first, so that the rows of a block have their cells in one order.
    order = {header: place for place, header in enumerate(headers)}
    good = {
        keys
        for keys in {tuple(row.cells) for row in plain}
        if all(order[one] < order[other] for one, other in pairwise(keys))
    }
    strange = {n: row for n, row in enumerate(rows) if row.fault or row.legacy or tuple(row.cells) not in good}
    columns = {
        header: ["" if n in strange else row.cells.get(header, "") for n, row in enumerate(rows)] for header in headers
    }
    odd = {n: row.odd for n, row in enumerate(rows) if row.odd and n not in strange}
    return Block([row.number for row in rows], columns, strange, odd)


def odd_cells(cells: Mapping[K, Cell]) -> Mapping[K, Cell]:
    """Return the cells that are no plain text or were cut."""
    return {key: cell for key, cell in cells.items() if cell.cut or cell.kind != "text"}
