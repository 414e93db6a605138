"""Delimited text row by row: a row that cannot be read is handed on as such, and the next one is read."""

import csv
from collections.abc import Iterator
from itertools import chain
from typing import IO

from wsiskg.imports.readers.lines import LONGEST, byte_lines, line_text
from wsiskg.imports.readers.rows import NO_CELLS, odd_cells
from wsiskg.imports.readers.table import SheetRow
from wsiskg.tables.sheets.delimited import cells_of, find_delimiter
from wsiskg.tables.sheets.limits import Limits

__all__ = ["delimited_rows"]

_HEAD = 1_000_000  # bytes looked at to find the delimiter
_LINES = 200  # that a quoted cell may have


def delimited_rows(stream: IO[bytes], limits: Limits) -> Iterator[SheetRow]:
    """Yield the rows of a delimited text with content, numbered as a spreadsheet does.

    Lines are decoded one by one, so that rows in UTF-8 and rows in Windows-1252 may stand in one file. A quotation mark
    that is never closed costs the row that it stands in, not those after it.
    """
    lines = byte_lines(stream)
    head, size = [], 0
    for line in lines:
        head.append(line)
        if (size := size + len(line)) > _HEAD:
            break
    delimiter, skipped = find_delimiter("".join(line_text(line)[0] for line in head))
    records = _records(iter(chain(head[1 if skipped else 0 :], lines)), delimiter)
    for number, (record, legacy, fault) in enumerate(records, 1):
        cells = {column: text for column, text in enumerate(record, 1) if text and not text.isspace()}
        if not cells:
            continue
        odd = NO_CELLS
        if max(map(len, record)) > limits.cell:
            odd = odd_cells(cells_of(record, limits))
            cells |= {column: cell.text for column, cell in odd.items()}
        wide = not fault and max(cells) > limits.columns
        yield SheetRow(number, cells, "columns" if wide else fault, legacy, len(record), odd)


def _records(lines: Iterator[bytes], delimiter: str) -> Iterator[tuple[list[str], bool, str]]:
    """Yield records, whether their bytes are not Unicode, and what is wrong with them.

    Lines belong together while a quoted cell goes on; if it never ends as it should, its first line is a record that
    is wrong, and the others are read anew.
    """
    waiting: list[bytes] = []
    while (line := waiting.pop() if waiting else next(lines, None)) is not None:
        text, legacy, bad = line_text(line)
        if len(line) > LONGEST:
            yield [text], legacy, "long"
            continue
        if '"' not in text:
            yield _split(text, delimiter), legacy, "encoding" if bad else ""
            continue
        taken, texts, quotes = [line], [text], text.count('"')
        first_legacy = legacy
        if quotes % 2 and (alone := _parsed(texts, delimiter)) is not None:  # a sign of inches, say
            yield alone[0], legacy, "encoding" if bad else ""
            continue
        while quotes % 2 and len(taken) < _LINES and (more := waiting.pop() if waiting else next(lines, None)):
            taken.append(more)
            text, old, wrong = line_text(more)
            texts.append(text)
            legacy, bad, quotes = legacy or old, bad or wrong, quotes + text.count('"')
        found = None if quotes % 2 else _parsed(texts, delimiter)
        if found is None:
            waiting += reversed(taken[1:])
            yield [texts[0].rstrip("\r\n")], first_legacy, "quote"
        else:
            for record in found:
                yield record, legacy, "encoding" if bad else ""


def _split(text: str, delimiter: str) -> list[str]:
    cells = text.rstrip("\r\n").split(delimiter)
    return [cell.lstrip(" ") for cell in cells] if " " in text else cells


def _parsed(texts: list[str], delimiter: str) -> list[list[str]] | None:
    """Return the records in some lines, None if their quotation marks do not fit."""
    try:
        return list(csv.reader(texts, delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return None
