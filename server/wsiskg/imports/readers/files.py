"""The door for files of an export: what a file is, by its first bytes, and its rows one after the other."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO

from wsiskg.imports.readers.delimited import delimited_blocks
from wsiskg.imports.readers.documents import document_rows, is_document, is_json, line_rows
from wsiskg.imports.readers.rows import Part, RawRow, Unread, blocks_of, odd_cells
from wsiskg.imports.readers.table import Score, SheetRow, part_of, sheet_blocks
from wsiskg.model.errors import UsageError
from wsiskg.tables.sheets.grid import GridRow
from wsiskg.tables.sheets.kinds import check_kind, is_package
from wsiskg.tables.sheets.limits import Limits

__all__ = ["LIMITS", "ExportFile", "describe", "open_parts"]

LIMITS = Limits(bytes=200_000_000, rows=1_048_576, columns=500, cell=20_000, unpacked=4_000_000_000)
"""How much is read of a workbook, which must fit in memory packed, and of a cell; texts may be of any length."""

_HEAD = 1 << 16
_FIRST = 30  # objects whose attributes are looked at
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file to import: what messages call it, its size in bytes, and the SHA-256 of its content."""

    path: Path
    name: str
    size: int
    digest: str


def describe(path: Path) -> ExportFile:
    """Look at a file that is to be imported.

    Raises:
        UsageError: it cannot be read.

    """
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise UsageError(f"'{path}' cannot be read: {error.strerror}") from error
    return ExportFile(path, path.name, size, digest.hexdigest())


@contextmanager
def open_parts(file: ExportFile, score: Score) -> Iterator[tuple[IO[bytes], Iterator[Part | Unread]]]:
    """Open a file; give its stream, to see how far it has been read, and its parts, each to be read before the next.

    Raises:
        UsageError: it cannot be read.
        UnreadableError: it is no table and no JSON, or is damaged; also while rows are read.

    """
    try:
        with file.path.open("rb") as stream:
            yield stream, _parts(stream, file.name, score)
    except OSError as error:
        raise UsageError(f"'{file.path}' cannot be read: {error.strerror}") from error


def _parts(stream: IO[bytes], name: str, score: Score) -> Iterator[Part | Unread]:
    head = stream.read(_HEAD)
    check_kind(head, name, LIMITS)
    stream.seek(0)
    if is_package(head):
        yield from _sheets(stream, name, score)
    elif is_json(head):
        rows = document_rows(stream, name, LIMITS) if is_document(head) else line_rows(stream, LIMITS)
        yield _objects(rows, score) or Unread("", "sheet")
    else:
        yield part_of("", delimited_blocks(stream, LIMITS), score) or Unread("", "sheet")


def _objects(rows: Iterator[RawRow], score: Score) -> Part | None:
    """Return objects as a part, if the first of them have attributes that are known."""
    first = list(islice(rows, _FIRST))
    headers = tuple(dict.fromkeys(header for row in first if not row.fault for header in row.cells))
    return Part("", headers, blocks_of(chain(first, rows))) if score(headers) else None


def _sheets(stream: IO[bytes], name: str, score: Score) -> Iterator[Part | Unread]:
    from wsiskg.tables.sheets.package import open_package
    from wsiskg.tables.sheets.workbook import stream_package

    data = stream.read(LIMITS.bytes + 1)
    check_kind(data, name, LIMITS)  # its size
    with open_package(data, name, LIMITS) as archive:
        for title, rows in stream_package(archive, name, LIMITS):
            if rows is None:
                yield Unread(title, "hidden-sheet")
            else:
                yield part_of(title, sheet_blocks(map(_sheet_row, rows)), score) or Unread(title, "sheet")


def _sheet_row(row: GridRow) -> SheetRow:
    return SheetRow(row.number, {n: cell.text for n, cell in row.cells.items()}, odd=odd_cells(row.cells))
