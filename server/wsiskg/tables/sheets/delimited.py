"""Read CSV and TSV as people's programs write them (RFC 4180 and what departs from it)."""

import contextlib
import csv
import io
import re
from collections import Counter
from itertools import islice

from wsiskg.tables.sheets.grid import Cell, Grid, GridRow
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.messages import unreadable

__all__ = ["cells_of", "find_delimiter", "read_delimited"]

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE, _HEAD = 200, 1_000_000  # records and characters looked at to find the delimiter
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


def read_delimited(text: str, name: str, limits: Limits, encoding: str = "", first: int = 1) -> Grid:
    """Read delimited text; rows are counted as a spreadsheet does, a quoted cell of several lines being in one row.

    Args:
        text: the characters of the file.
        name: what messages call the file.
        limits: how much is read.
        encoding: from `decoded`.
        first: number of the first row.

    Raises:
        UnreadableError: a quotation mark is not closed, or there is too much.

    """
    delimiter, skipped = find_delimiter(text)
    text = text[skipped:]
    rows: list[GridRow] = []
    number = first - 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        for number, record in enumerate(reader, first):
            if cells := cells_of(record, limits):
                if len(rows) >= limits.rows:
                    raise unreadable("rows", name, limit=limits.rows)
                if max(cells) > limits.columns:
                    raise unreadable("wide", name, number, limit=limits.columns)
                rows.append(GridRow(number, cells))
    except csv.Error as error:
        if "limit" in str(error):
            raise unreadable("field", name, number + 1, limit=csv.field_size_limit()) from error
        raise unreadable("quote", name, number + 1) from error
    return Grid("", tuple(rows), delimiter=delimiter, encoding=encoding)


def cells_of(record: list[str], limits: Limits) -> dict[int, Cell]:
    """Return the cells of a record that are not blank, by column (from 1), each cut to what is read of one."""
    return {
        column: Cell(text[: limits.cell], cut=len(text) > limits.cell)
        for column, text in enumerate(record, 1)
        if text.strip()
    }


def find_delimiter(text: str) -> tuple[str, int]:
    """Return the delimiter of a delimited text, and the length of a line at its beginning that only names it.

    It is the one by which most records have the same number of cells, and that the most.
    """
    hint = _SEPARATOR_LINE.match(text)  # a line for Excel, which does not count it
    start = hint.end() if hint else 0
    if hint and hint[1] in _DELIMITERS:
        return hint[1], start
    return max(_DELIMITERS, key=lambda delimiter: _agreement(text[start : start + _HEAD], delimiter)), start


def _agreement(text: str, delimiter: str) -> tuple[int, int]:
    """Return (records, cells): how many records have the number of cells, at least two, that most of them have."""
    widths: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    with contextlib.suppress(csv.Error):  # said when the whole is read
        widths.update(len(record) for record in islice(reader, _SAMPLE) if any(cell.strip() for cell in record))
    del widths[0], widths[1]
    return max(((count, width) for width, count in widths.items()), default=(0, 0))
