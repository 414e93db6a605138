"""Find the rows of a large table that have a wrong cell, so that only they are checked one by one.

What is right beyond doubt is told by regular expressions over whole columns; what remains is asked of `field_problems`,
each text once. So no rule is written a second time, and messages come from one place.
"""

import re
from typing import TYPE_CHECKING

from wsiskg.model.codes import PATTERNS
from wsiskg.model.problems import Origin
from wsiskg.tables.cells import field_problems
from wsiskg.tables.rows import Columns
from wsiskg.tables.schema import Field

if TYPE_CHECKING:
    import polars as pl

__all__ = ["rows_with_wrong_cells"]

# Every blank at either end, and every character that `text_problem` may refuse, with some that it accepts: whole blocks
# of rare scripts are left to it, and all above U+FFFF.
_DOUBTFUL = (
    r"\A\s|\s\z"
    r"|[\x00-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e\u200b\u2028-\u202e"
    r"\u2060-\u206f\ufeff\ufff0-\uffff\x{10000}-\x{10ffff}]"
)
_MARKUP = r"|[<&]"
# No code holds one of these, so that they cut between two values and nowhere else; an address may hold all but the bar.
_SEPARATORS = frozenset({"", "|", ";", ","})
_OF_ADDRESSES = frozenset({"", "|"})


def rows_with_wrong_cells(rows: Columns) -> Columns:
    """Return the rows that `cell_problems` finds something in."""
    import polars as pl

    wrong = _without_source(rows)
    for field in rows.schema.fields:
        column = rows.frame[field.name]
        if cells := _wrong_cells(field, column):
            wrong |= column.is_in(pl.Series(cells).implode())
    return rows.filter(wrong)


def _without_source(rows: Columns) -> "pl.Series":
    """Say which rows have neither a source nor the status ``unverified`` (where there is one)."""
    import polars as pl

    if {"source_url", "status"} <= rows.schema.by_name.keys():
        return rows.frame.select((pl.col("source_url") == "") & (pl.col("status") != "unverified")).to_series()
    return pl.repeat(False, len(rows), dtype=pl.Boolean, eager=True)


def _wrong_cells(field: Field, column: "pl.Series") -> list[str]:
    """Return the different cells that are wrong."""
    import polars as pl

    cells = column.unique()
    doubtful = cells.filter(~cells.to_frame("cell").select(_is_right(field, pl.col("cell"))).to_series())
    nowhere = Origin("")
    return [cell for cell in doubtful.to_list() if any(True for _ in field_problems(nowhere, field, cell))]


def _is_right(field: Field, cell: "pl.Expr") -> "pl.Expr":
    """Say of which cells nothing can be wrong."""
    import polars as pl

    empty = pl.lit(not field.required) & (cell == "")
    if field.type != "string" or field.enum or field.pattern or field.minimum is not None or field.maximum is not None:
        return empty
    address = field.format == "uri"
    right = ~cell.str.contains(_DOUBTFUL if address else _DOUBTFUL + _MARKUP)
    if field.max_length is not None:
        right &= cell.str.len_chars() <= field.max_length
    separator = re.escape(field.separator)
    if field.format:
        known = field.separator in (_OF_ADDRESSES if address else _SEPARATORS)
        if (pattern := PATTERNS.get(field.format)) is None or not known:
            return empty
        more = rf"(?: *{separator} *(?:{pattern}))*" if separator else ""
        right &= cell.str.contains(rf"\A(?:{pattern}){more}\z")
    elif separator:
        right &= ~cell.str.contains(rf"(?:\A|{separator})\s*(?:{separator}|\z)")
    return empty | ((cell != "") & right)
