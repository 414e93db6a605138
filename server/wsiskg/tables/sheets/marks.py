"""Hidden names in a workbook that mark what an annotation added to it: whoever reads it passes over that."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from openpyxl.utils.cell import column_index_from_string

from wsiskg.tables.sheets.grid import Grid, Workbook

__all__ = ["COLUMNS", "NOTES", "SUMMARY", "Marks", "read_marks", "without_added"]

COLUMNS, NOTES, SUMMARY = "_wsiskg_columns", "_wsiskg_notes", "_wsiskg_summary"
"""Names, each local to a sheet, of the columns added to it, of its annotated cells, and of the sheet added."""

_RANGE = re.compile(r"!\$?([A-Z]{1,3})(?:\$?1)?:\$?([A-Z]{1,3})(?:\$?1048576)?$")
_LAST_COLUMN = 16_384


@dataclass(frozen=True, slots=True)
class Marks:
    """What the hidden names say of an earlier annotation.

    Attributes:
        sheets: titles of the sheets that have notes or columns.
        columns: first and last column that was added, by title of the sheet.
        summary: title of the sheet that was added, empty if there is none.

    """

    sheets: frozenset[str] = frozenset()
    columns: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    summary: str = ""


def read_marks(titles: Sequence[str], names: Iterable[tuple[str, str, str]]) -> Marks:
    """Return what defined names mark.

    Args:
        titles: of all sheets in their order.
        names: of each name itself, the number of its sheet (``localSheetId``), and what it stands for.

    """
    sheets, columns, summary = set(), {}, ""
    for name, number, cells in names:
        if not number.isascii() or not number.isdigit() or int(number) >= len(titles):
            continue
        title = titles[int(number)]
        if name == SUMMARY:
            summary = title
        elif name == NOTES:
            sheets.add(title)
        elif name == COLUMNS and (found := _RANGE.search(cells)):
            first, last = (column_index_from_string(letters) for letters in found.groups())
            if first <= last <= _LAST_COLUMN:
                sheets.add(title)
                columns[title] = (first, last)
    return Marks(frozenset(sheets - {summary}), columns, summary)


def without_added(workbook: Workbook, marks: Marks) -> Workbook:
    """Return a workbook without the sheet and the columns that are marked."""
    sheets = (grid for grid in workbook.sheets if not marks.summary or grid.name != marks.summary)
    return replace(workbook, sheets=tuple(_without_columns(grid, marks.columns.get(grid.name)) for grid in sheets))


def _without_columns(grid: Grid, columns: tuple[int, int] | None) -> Grid:
    if columns is None:
        return grid
    first, last = columns
    rows = (
        replace(row, cells={number: cell for number, cell in row.cells.items() if not first <= number <= last})
        for row in grid.rows
    )
    return replace(grid, rows=tuple(row for row in rows if row.cells))
