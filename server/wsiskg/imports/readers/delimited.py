"""Delimited text, block by block: a row that cannot be read is handed on as such, and the next one is read."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import IO

from wsiskg.imports.readers.lines import LONGEST, byte_lines, line_text
from wsiskg.imports.readers.rows import NO_CELLS, odd_cells
from wsiskg.imports.readers.table import SheetBlock, SheetRow
from wsiskg.tables.sheets.delimited import cells_of, find_delimiter
from wsiskg.tables.sheets.grid import Cell
from wsiskg.tables.sheets.limits import Limits

__all__ = ["delimited_blocks"]

_HEAD = 1_000_000  # bytes looked at to find the delimiter
_TOGETHER = 1 << 20  # bytes of lines that are read together
_LINES = 200  # that a quoted cell may have


def delimited_blocks(stream: IO[bytes], limits: Limits) -> Iterator[SheetBlock]:
    """Yield the rows of a delimited text with content, numbered as a spreadsheet does.

    Lines are decoded one by one, so that rows in UTF-8 and rows in Windows-1252 may stand in one file. A quotation mark
    that is never closed costs the row that it stands in, not those after it.
    """
    lines = _Lines(byte_lines(stream))
    head = lines.take(_HEAD)
    delimiter, skipped = find_delimiter("".join(line_text(line)[0] for line in head))
    lines.put_back(head[1 if skipped else 0 :])
    number = 1
    while some := lines.take(_TOGETHER):
        if (plain := _plain(some, delimiter)) is not None:
            records = [(record, False, "") for record in plain]
        else:
            lines.put_back(some)
            records, end = [], lines.left - len(some)
            while lines.left > end:
                records += _records(lines, delimiter)
        yield _block(records, number, limits)
        number += len(records)


class _Lines:
    """Lines, of which some may be put back. ``left`` falls by one for each that is taken."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._waiting: list[bytes] = []  # the next one last
        self.left = 0

    def next(self) -> bytes | None:
        """Return the next one, None at the end."""
        line = self._waiting.pop() if self._waiting else next(self._lines, None)
        self.left -= line is not None
        return line

    def take(self, size: int) -> list[bytes]:
        """Return the next ones, of so many bytes in all or somewhat more."""
        some = []
        while size > 0 and (line := self.next()) is not None:
            some.append(line)
            size -= len(line)
        return some

    def put_back(self, lines: Sequence[bytes]) -> None:
        """Let these be the next ones."""
        self._waiting += reversed(lines)
        self.left += len(lines)


def _plain(lines: Sequence[bytes], delimiter: str) -> list[list[str]] | None:
    """Return the records of lines in Unicode that are one record each, None if these are not."""
    if max(map(len, lines)) > LONGEST:
        return None
    try:
        records = _parsed(list(map(bytes.decode, lines)), delimiter)
    except UnicodeDecodeError:
        return None
    return records if records is not None and len(records) == len(lines) else None


def _block(records: Sequence[tuple[list[str], bool, str]], number: int, limits: Limits) -> SheetBlock:
    """Return the records that are not blank; ``number`` is that of the first."""
    numbers: list[int] = []
    plain: list[list[str]] = []
    strange: dict[int, SheetRow] = {}
    odd: dict[int, Mapping[int, Cell]] = {}
    for here, (record, legacy, fault) in enumerate(records, number):
        text = "".join(record)
        if not text or text.isspace():
            continue
        cut = len(text) > limits.cell and max(map(len, record)) > limits.cell
        if legacy or fault or len(record) > limits.columns:
            cells = cells_of(record, limits)
            wide = not fault and max(cells) > limits.columns
            strange[len(numbers)] = SheetRow(
                here, {column: cell.text if cut else record[column - 1] for column, cell in cells.items()},
                "columns" if wide else fault, legacy, len(record), odd_cells(cells) if cut else NO_CELLS,
            )  # fmt: skip
            plain.append([""])
        elif cut:
            cells = cells_of(record, limits)
            odd[len(numbers)] = odd_cells(cells)
            plain.append([text[: limits.cell] for text in record])
        else:
            plain.append(record)
        numbers.append(here)
    columns = {column: _texts(texts) for column, texts in enumerate(zip_longest(*plain, fillvalue=""), 1)}
    return SheetBlock(numbers, list(map(len, plain)), columns, strange, odd)


def _texts(texts: tuple[str, ...]) -> Sequence[str]:
    return ["" if text.isspace() else text for text in texts] if any(map(str.isspace, texts)) else texts


def _records(lines: _Lines, delimiter: str) -> list[tuple[list[str], bool, str]]:
    """Return the next records, whether their bytes are not Unicode, and what is wrong with them.

    Lines belong together while a quoted cell goes on; if it never ends as it should, its first line is a record that
    is wrong, and the others are read anew.
    """
    if (line := lines.next()) is None:
        return []
    text, legacy, bad = line_text(line)
    if len(line) > LONGEST:
        return [([text], legacy, "long")]
    if '"' not in text:
        return [(_split(text, delimiter), legacy, "encoding" if bad else "")]
    taken, texts, quotes = [line], [text], text.count('"')
    first_legacy = legacy
    if quotes % 2 and (alone := _parsed(texts, delimiter)) is not None:  # a sign of inches, say
        return [(alone[0], legacy, "encoding" if bad else "")]
    while quotes % 2 and len(taken) < _LINES and (more := lines.next()):
        taken.append(more)
        text, old, wrong = line_text(more)
        texts.append(text)
        legacy, bad, quotes = legacy or old, bad or wrong, quotes + text.count('"')
    found = None if quotes % 2 else _parsed(texts, delimiter)
    if found is None:
        lines.put_back(taken[1:])
        return [([texts[0].rstrip("\r\n")], first_legacy, "quote")]
    return [(record, legacy, "encoding" if bad else "") for record in found]


def _split(text: str, delimiter: str) -> list[str]:
    cells = text.rstrip("\r\n").split(delimiter)
    return [cell.lstrip(" ") for cell in cells] if " " in text else cells


def _parsed(texts: list[str], delimiter: str) -> list[list[str]] | None:
    """Return the records in some lines, None if their quotation marks do not fit."""
    try:
        return list(csv.reader(texts, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return None
