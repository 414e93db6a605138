"""Tags and rows of a worksheet part as bytes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pyexpat import ParserCreate

from openpyxl.utils.cell import column_index_from_string

__all__ = ["Row", "RowCell", "attributes_of", "cell_at", "changed", "decimal", "read_row", "tag_at", "whole", "without"]

_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
_ATTRIBUTE = re.compile(rb"""\s+([^\s=>/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


@dataclass(frozen=True, slots=True)
class RowCell:
    """A cell of a row, by offsets in the row's bytes."""

    column: int
    start: int
    tag: int
    end: int
    style: int
    bare: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its bytes, where its first tag ends, whether it is empty, the style it gives to cells, its cells."""

    data: bytes
    tag: int
    closed: bool
    style: int | None
    cells: tuple[RowCell, ...]

    def cell(self, column: int) -> RowCell | None:
        """Return the cell in a column, if there is one."""
        return next((cell for cell in self.cells if cell.column == column), None)


def tag_at(data: bytes, start: int) -> bytes:
    """Return the tag that begins at an offset.

    Raises:
        ValueError: none does.

    """
    found = _TAG.match(data, start)
    if found is None:
        raise ValueError("tag")
    return found[0]


def cell_at(reference: str) -> tuple[int, int]:
    """Return row and column of a reference such as ``C7``.

    Raises:
        ValueError: it is none.

    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(f"reference {reference}")
    return int(found[2]), column_index_from_string(found[1])


def attributes_of(tag: bytes) -> dict[bytes, bytes]:
    """Return the attributes of a tag, as they are escaped."""
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(tag)}


def changed(tag: bytes, values: Mapping[bytes, bytes | None]) -> bytes:
    """Return a tag with attributes set, or removed where the value is None."""
    closing = b"/>" if tag.endswith(b"/>") else b">"
    first = _ATTRIBUTE.search(tag)
    name = (tag[: first.start()] if first else tag[: -len(closing)]).rstrip()
    kept = attributes_of(tag) | dict(values)
    written = b"".join(b' %b="%b"' % (k, v.replace(b'"', b"&quot;")) for k, v in kept.items() if v is not None)
    return name + written + closing


def whole(text: bytes | None, default: int) -> int:
    """Return the number that an attribute holds, or ``default`` if it holds none."""
    return int(text) if text is not None and text.isdigit() else default


def decimal(text: bytes | None, default: float | None) -> float | None:
    """Return the number that an attribute holds, or ``default`` if it holds none from 0 to 1,000."""
    try:
        number = float(text or b"")
    except ValueError:
        return default
    return number if 0 <= number <= 1_000 else default


def without(segments: Sequence[tuple[int, int, bytes]], first: int, last: int) -> list[tuple[int, int, bytes]]:
    """Return (first, last, tag) of runs of columns without those from ``first`` to ``last``."""
    left = [(low, min(high, first - 1), tag) for low, high, tag in segments if low < first]
    right = [(max(low, last + 1), high, tag) for low, high, tag in segments if high > last]
    return [*left, *right]


def read_row(data: bytes) -> Row:
    """Read the bytes of one row."""
    return _RowReading(data).row()


class _RowReading:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._cells: list[RowCell] = []
        self._depth = self._column = self._start = 0
        self._attributes: dict[str, str] = {}
        self._parser = ParserCreate()
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.Parse(data, True)

    def row(self) -> Row:
        tag = tag_at(self._data, 0)
        found = attributes_of(tag)
        own = found.get(b"customFormat") in {b"1", b"true"}
        style = whole(found.get(b"s"), 0) if own else None
        return Row(self._data, len(tag), tag.endswith(b"/>"), style, tuple(self._cells))

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 2:
            self._start, self._attributes = self._parser.CurrentByteIndex, attributes

    def _close(self, name: str) -> None:
        self._depth -= 1
        if self._depth != 1 or name.rpartition(":")[2] != "c":
            return
        at, start, reference = self._parser.CurrentByteIndex, self._start, self._attributes.get("r")
        tag = tag_at(self._data, start)
        end = at if tag.endswith(b"/>") else self._data.index(b">", at) + 1
        self._column = cell_at(reference)[1] if reference else self._column + 1
        style = whole(self._attributes.get("s", "0").encode(), 0)
        self._cells.append(RowCell(self._column, start, start + len(tag), end, style, not reference))
