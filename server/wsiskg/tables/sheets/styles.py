"""How a workbook shows numbers: as dates, with a fixed number of decimals, or as they are."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import from_excel

from wsiskg.tables.sheets.grid import Cell
from wsiskg.tables.sheets.parts import Handler

__all__ = ["DATE", "Styles", "number_cell"]

DATE = -1
_FORMATS = 100_000
_DECIMALS = re.compile(r"[#,0]*0\.(0{1,9})")


class Styles(Handler):
    """Reads a part of styles: ``shown`` maps the number of a style to `DATE` or to its decimals, 0 if it fixes none."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[int] = []
        self._codes: dict[str, str] = {str(key): code for key, code in BUILTIN_FORMATS.items()}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take a number format or a style of cells."""
        if tag == "numFmt" and len(self._codes) < _FORMATS:
            self._codes[attributes.get("numFmtId", "0")] = attributes.get("formatCode", "")
        elif tag == "xf" and self.path[-2:-1] == ["cellXfs"] and len(self.shown) < _FORMATS:
            code = self._codes.get(attributes.get("numFmtId", "0"), "General")
            fixed = _DECIMALS.fullmatch(code)
            self.shown.append(DATE if is_date_format(code) else len(fixed[1]) if fixed else 0)


def number_cell(text: str, shown: int, epoch: datetime) -> Cell:
    """Return the cell that shows the number ``text``; a format's decimals count only where they hide nothing.

    Raises:
        ValueError: ``text`` is not a number.

    """
    number = float(text)
    if shown == DATE:
        return _date_cell(number, epoch)
    plain = f"{number:.15g}"
    if shown and "e" not in plain and Decimal(fixed := f"{number:.{shown}f}") == Decimal(plain):
        return Cell(fixed, "number")
    return Cell(plain, "number")


def _date_cell(number: float, epoch: datetime) -> Cell:
    try:
        found: date | datetime | time | timedelta | None = from_excel(number, epoch)
    except (OverflowError, ValueError):
        return Cell(f"{number:.15g}", "number")
    if isinstance(found, datetime):
        return Cell(found.date().isoformat() if found.time() == time() else found.isoformat(" "), "date")
    return Cell(str(found), "date")
