"""One row of an export, before anything is understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from wsiskg.tables.sheets.grid import Cell

__all__ = ["NO_CELLS", "Part", "RawRow", "odd_cells"]

K = TypeVar("K")

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
class Part:
    """One sheet, or the one table of a file: its headers as far as they are known beforehand, and its rows."""

    sheet: str
    headers: Sequence[str]
    rows: Iterator[RawRow]


def odd_cells(cells: Mapping[K, Cell]) -> Mapping[K, Cell]:
    """Return the cells that are no plain text or were cut."""
    return {key: cell for key, cell in cells.items() if cell.cut or cell.kind != "text"}
