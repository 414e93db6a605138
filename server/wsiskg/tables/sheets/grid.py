"""Cells of a sheet or a delimited text, before anything is understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["EMPTY", "Area", "Cell", "Grid", "GridRow", "Workbook"]


@dataclass(frozen=True, slots=True)
class Cell:
    """The ``text`` of a cell as a reader sees it.

    ``kind`` is ``text``, ``number``, ``date`` (ISO 8601), ``error`` or ``formula`` (one without a stored result; then
    ``text`` is the formula). ``cut`` says that the text was longer than is read.
    """

    text: str = ""
    kind: str = "text"
    cut: bool = False


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
    """One sheet, or one delimited text.

    Attributes:
        name: of the sheet, empty for a text.
        rows: those with content, in order.
        merged: blocks of merged cells.
        hidden: whether the sheet is.
        hidden_columns: numbers of those that are, as far as they may hold anything.
        gap: the row after which so many empty rows came that what follows was not read, if any did.
        links: where a click on a cell leads, by (row, column).
        delimiter: between the cells of a text.
        encoding: of a text that is not Unicode, as guessed from its bytes; else empty.

    """

    name: str
    rows: tuple[GridRow, ...]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    gap: int | None = None
    links: Mapping[tuple[int, int], str] = field(default_factory=dict)
    delimiter: str = ""
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a file in their order, and its custom properties."""

    sheets: tuple[Grid, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
