"""Cells of a sheet or a delimited text, before anything is understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["EMPTY", "Area", "Cell", "Grid", "GridRow"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The ``text`` of a cell as a reader sees it.

    ``kind`` is ``text``, ``number``, ``date``, ``error`` or ``formula`` (one without a stored result; then ``text`` is
    the formula). ``link`` is where a click on the cell leads.
    """

    text: str = ""
    kind: str = "text"
    link: str = ""


EMPTY = Cell()


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row with content: its number as a spreadsheet counts, and its cells by number of the column (from 1)."""

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A block of merged cells, from its first to its last row and column."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. ``gap`` is the row after which so many empty rows came that what follows was not read, if any did."""

    name: str
    rows: tuple[GridRow, ...]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    gap: int | None = None
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
