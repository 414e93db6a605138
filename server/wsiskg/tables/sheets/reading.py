"""The door for tables of strangers: bytes to sheets, by what the bytes are and not by what the file is called."""

from wsiskg.tables.sheets.delimited import read_delimited
from wsiskg.tables.sheets.encodings import decoded
from wsiskg.tables.sheets.grid import Grid, Workbook
from wsiskg.tables.sheets.kinds import check_kind, is_package
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.messages import unreadable
from wsiskg.tables.sheets.package import open_package

__all__ = ["read_grids", "read_sheets"]

_LIMITS = Limits()


def read_grids(data: bytes, name: str, limits: Limits = _LIMITS) -> tuple[Grid, ...]:
    """Return the sheets of a workbook (XLSX), or the one of a delimited text (CSV, TSV).

    Raises:
        UnreadableError: ``data`` is no table, is damaged or holds too much; it says what to do.

    """
    return read_sheets(data, name, limits).sheets


def read_sheets(data: bytes, name: str, limits: Limits = _LIMITS) -> Workbook:
    """Return the sheets with the custom properties of the workbook; see `read_grids`.

    Raises:
        UnreadableError: ``data`` is no table, is damaged or holds too much; it says what to do.

    """
    check_kind(data, name, limits)
    if is_package(data):
        from wsiskg.tables.sheets.workbook import read_package

        with open_package(data, name, limits) as archive:
            found = read_package(archive, name, limits)
    else:
        text, encoding = decoded(data, name)
        found = Workbook((read_delimited(text, name, limits, encoding),))
    if not any(grid.rows for grid in found.sheets):
        raise unreadable("no-cells", name)
    return found
