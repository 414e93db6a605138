"""The workbook of rejected rows: as they came, with the reason beside them, to be corrected and imported."""

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

__all__ = ["REASON_HEADERS", "Rejected", "write_rejects"]

REASON_HEADERS = ("Rejected file", "Rejected row", "Reason for rejection")

Rejected = tuple[str, int, str, Mapping[str, str]]
"""File with sheet, row, reason, cells by header."""

_LONGEST = 32_767  # characters of a cell
_MOST = 1_048_575  # rows below the headers
_WIDTH, _REASON_WIDTH = 24, 60


def write_rejects(path: Path, headers: Sequence[str], rows: Iterable[Rejected]) -> None:
    """Write the workbook, all cells as text, so that nothing in it is a formula; in bounded memory.

    Raises:
        OSError: it cannot be written.

    """
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    columns = [*headers, *REASON_HEADERS]
    with path.open("wb") as handle:
        sink = _Sink(handle)
        with Workbook(sink, options) as book:
            sheet = book.add_worksheet("Rejected")
            bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
            text = book.add_format({"num_format": 49, "text_wrap": True, "valign": "top"})
            sheet.set_column(0, max(len(headers) - 1, 0), _WIDTH, text)
            sheet.set_column(len(columns) - 1, len(columns) - 1, _REASON_WIDTH, text)
            sheet.freeze_panes(1, 0)
            for place, title in enumerate(columns):
                sheet.write_string(0, place, title[:_LONGEST], bold)
            for number, (file, row, reason, cells) in enumerate(rows, 1):
                if number > _MOST:
                    break
                for place, title in enumerate(headers):
                    if said := cells.get(title):
                        sheet.write_string(number, place, said[:_LONGEST], text)
                for place, said in enumerate((file, str(row), reason), len(headers)):
                    sheet.write_string(number, place, said[:_LONGEST], text)
        if sink.error is not None:
            raise sink.error


class _Sink(io.RawIOBase):
    """Takes bytes until the disk is full, and remembers that: a ZIP file that fails complains when it is forgotten."""

    def __init__(self, handle: IO[bytes]) -> None:
        super().__init__()
        self._handle = handle
        self.error: OSError | None = None

    def writable(self) -> bool:
        """Say that bytes may be written."""
        return True

    def write(self, data: Any) -> int:
        """Write bytes, unless that has failed before."""
        if self.error is None:
            try:
                self._handle.write(data)
                self._handle.flush()
            except OSError as error:
                self.error = error
        return len(data)
