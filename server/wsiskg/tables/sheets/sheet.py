"""Read one sheet of a workbook in one pass (ECMA-376, part 1, 18.3), keeping cells with content only."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from wsiskg.tables.sheets.grid import EMPTY, Area, Cell, Grid, GridRow
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.messages import unreadable
from wsiskg.tables.sheets.parts import Handler, Parts, PartsError
from wsiskg.tables.sheets.styles import number_cell

__all__ = ["GAP", "Book", "Strings", "read_sheet", "stream_rows", "unescaped"]

GAP = 10_000
"""Empty rows in a run after which a sheet is taken to be over."""

_CHUNK = 1 << 20
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # of the format
_AREAS = 20_000
_STRINGS = 2_000_000
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)(?=[\s>])")
_AREA = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:$]+)\"")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of a workbook refer to: its texts, the way its styles show numbers, and day 0 of its dates."""

    strings: tuple[Cell, ...]
    shown: tuple[int, ...]
    epoch: datetime


class _Text:
    """Text in pieces, as much as is read of it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[str] = []
        self._length = 0

    def add(self, piece: str) -> None:
        if self._length <= self._limit:
            self._pieces.append(piece)
            self._length += len(piece)

    def cell(self) -> Cell:
        text = unescaped("".join(self._pieces))
        return Cell(text[: self._limit], cut=True) if len(text) > self._limit else Cell(text)


class Strings(Handler):
    """Reads the part of shared texts into ``cells``."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.cells: list[Cell] = []
        self._limit = limits.cell
        self._text = _Text(limits.cell)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin a text."""
        if tag == "si":
            self._text = _Text(self._limit)

    def text(self, content: str) -> None:
        """Take a piece, unless it is a reading (``rPh``) that East Asian texts may carry."""
        if self.path[-1] == "t" and "rPh" not in self.path:
            self._text.add(content)

    def end(self, tag: str) -> None:
        """End a text."""
        if tag == "si":
            if len(self.cells) >= _STRINGS:
                raise PartsError("too many texts")
            self.cells.append(self._text.cell())


def unescaped(text: str) -> str:
    """Return ``text`` with what is written ``_x0009_`` as the character it stands for (22.9.2.19)."""
    return _ESCAPED.sub(_escaped, text) if "_x" in text else text


def _escaped(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def read_sheet(parts: Parts, part: str, title: str, hidden: bool, book: Book, name: str, limits: Limits) -> Grid:
    """Read the sheet in ``part``, called ``title``, of the file called ``name``.

    Raises:
        UnreadableError: it has more rows or columns than ``limits`` allow.
        PartsError, ValueError: it is damaged.

    """
    reading = _Sheet(book, name, title, limits)
    parts.parse(part, reading)
    gap, areas = None, reading.areas
    if reading.done:
        with parts.open(part) as stream:
            values, areas = _scan(stream)
        if values > reading.values:
            gap = max(reading.rows, default=0)
    targets = {relation.id: relation.target for relation in parts.relations(part)} if reading.links else {}
    links = {place: targets[link] for place, link in reading.links.items() if link in targets}
    rows = tuple(reading.rows[number] for number in sorted(reading.rows))
    return Grid(title, rows, tuple(areas), hidden, frozenset(reading.hidden_columns), gap, links)


def stream_rows(parts: Parts, part: str, title: str, book: Book, name: str, limits: Limits) -> Iterator[GridRow]:
    """Yield the rows of the sheet in ``part`` one after the other, as `read_sheet` reads them, keeping none.

    Raises:
        UnreadableError: it has more rows or columns than ``limits`` allow.
        PartsError, ValueError: it is damaged, or its rows are not in order.

    """
    reading, last = _Sheet(book, name, title, limits), 0
    for _ in parts.feed(part, reading):
        for number, row in reading.rows.items():
            if number <= last:
                raise PartsError(f"row {number} after row {last}")
            last = number
            yield row
        reading.rows.clear()


def _scan(stream: IO[bytes]) -> tuple[int, list[Area]]:
    """Count the values of a whole sheet and find its merged cells, without parsing it."""
    areas: list[Area] = []
    values, kept = 0, b""
    while chunk := stream.read(_CHUNK):
        text = kept + chunk
        cut = max(text.rfind(b"<"), 0)  # a tag may go on in the next chunk
        kept, text = text[cut:][:1_000], text[:cut]
        values += len(_VALUE.findall(text))
        if len(areas) < _AREAS:
            areas += [_area(match.decode("ascii")) for match in _AREA.findall(text)]
    return values + len(_VALUE.findall(kept)), areas[:_AREAS]


def _area(reference: str) -> Area:
    first_column, first_row, last_column, last_row = (part or 1 for part in range_boundaries(reference))
    return Area(first_row, first_column, last_row, last_column)


class _Sheet(Handler):
    def __init__(self, book: Book, name: str, title: str, limits: Limits) -> None:
        super().__init__()
        self.book, self.name, self.title, self.limits = book, name, title, limits
        self.rows: dict[int, GridRow] = {}
        self.areas: list[Area] = []
        self.links: dict[tuple[int, int], str] = {}
        self.hidden_columns: set[int] = set()
        self.values = self.count = 0
        self._row, self._column, self._empty, self._hidden = 0, 0, 0, False
        self._cells: dict[int, Cell] = {}
        self._attributes: dict[str, str] | None = None  # of the cell that is being read
        self._pieces: dict[str, _Text] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._attributes is not None:
            if tag in {"v", "f", "is"}:
                self._pieces[tag] = _Text(self.limits.cell)
                self.values += tag != "f"
        elif tag == "c":
            self._attributes = dict(attributes.items())
            self._pieces = {}
        elif tag == "row":
            self._row = int(float(attributes.get("r", str(self._row + 1))))
            if not 1 <= self._row <= _LAST_ROW:
                raise PartsError(f"row {self._row}")
            self._column, self._hidden, self._cells = 0, attributes.get("hidden") in _TRUE, {}
        elif tag == "col" and attributes.get("hidden") in _TRUE:
            first, last = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.hidden_columns.update(range(max(first, 1), min(last, self.limits.columns) + 1))
        elif tag == "mergeCell" and len(self.areas) < _AREAS:
            self.areas.append(_area(attributes.get("ref", "")))
        elif tag == "hyperlink" and len(self.links) < _AREAS:
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.links[coordinate_to_tuple(attributes.get("ref", "").partition(":")[0])] = relation

    def text(self, content: str) -> None:
        tag = self.path[-1]
        if self._attributes is None:
            return
        if tag in {"v", "f"}:
            self._pieces[tag].add(content)
        elif tag == "t" and "is" in self._pieces and "rPh" not in self.path:
            self._pieces["is"].add(content)

    def end(self, tag: str) -> None:
        if tag == "c" and self._attributes is not None:
            self._end_cell(self._attributes)
            self._attributes = None
        elif tag == "row":
            self._end_row()

    def _end_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        self._column = coordinate_to_tuple(reference)[1] if reference else self._column + 1
        if not 1 <= self._column <= _LAST_COLUMN:
            raise PartsError(f"column {self._column}")
        found = self._typed(attributes)
        if found.text.strip():
            self._cells[self._column] = found

    def _end_row(self) -> None:
        if not self._cells:
            self._empty += 1
            self.done = self._empty > GAP
            return
        self._empty = 0
        if self._row in self.rows:
            raise PartsError(f"row {self._row} stands there twice")
        if self.count >= self.limits.rows:
            raise unreadable("rows", self.name, sheet=self.title, limit=self.limits.rows)
        if max(self._cells) > self.limits.columns:
            raise unreadable("wide", self.name, self._row, self.title, limit=self.limits.columns)
        self.count += 1
        self.rows[self._row] = GridRow(self._row, self._cells, self._hidden)

    def _typed(self, attributes: Mapping[str, str]) -> Cell:
        kind = attributes.get("t", "n")
        if "is" in self._pieces:
            return self._pieces["is"].cell()
        value = self._pieces["v"].cell() if "v" in self._pieces else EMPTY
        if not value.text:
            # An empty text as result is stored as t="str" with an empty value.
            formula = self._pieces.get("f")
            return EMPTY if formula is None or kind == "str" else Cell(f"={formula.cell().text}", "formula")
        if kind == "s":
            index = int(value.text)
            if not 0 <= index < len(self.book.strings):
                raise PartsError(f"no text {index}")
            return self.book.strings[index]
        if kind == "str":
            return value
        if kind == "b":
            return Cell("yes" if value.text in _TRUE else "no")
        if kind == "e":
            return Cell(value.text, "error")
        if kind == "d":
            return Cell(value.text.removesuffix("T00:00:00"), "date")
        style = int(attributes.get("s", "0"))
        return number_cell(value.text, self.book.shown[style] if style < len(self.book.shown) else 0, self.book.epoch)
