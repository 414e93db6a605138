"""A worksheet part, changed by cutting bytes in and out: what is not changed stays as it was, to the byte."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from openpyxl.utils.cell import get_column_letter, range_boundaries

from wsiskg.tables.sheets.grid import Area
from wsiskg.tables.sheets.ooxml.markup import escaped, utf8
from wsiskg.tables.sheets.ooxml.scan import Scan
from wsiskg.tables.sheets.ooxml.tags import Row, attributes_of, changed, decimal, read_row, tag_at, whole, without

__all__ = ["LONGEST", "SheetPart", "Value"]

Value = str | int | float
"""What a cell can be filled with; a text stays a text, whatever it begins with."""

LONGEST = 32_767
"""Characters that a cell holds."""

_COLUMN_PIXELS, _ROW_PIXELS = 64, 20


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of a cell: another style, other content, or both; or nothing of it stays."""

    style: int | None = None
    content: bytes | None = None
    kind: bytes = b""
    gone: bool = False


class SheetPart:
    """One worksheet.

    Attributes:
        marked: style of each cell that has one of the styles asked for, by (row, column).
        merged: blocks of merged cells.
        used: number of the last column with content, outside the columns set aside.
        legacy: id of the relation to the legacy drawing, empty if there is none.
        drawing: id of the relation to the drawing, empty if there is none.

    """

    def __init__(self, data: bytes, styles: frozenset[int] = frozenset(), aside: tuple[int, int] = (0, -1)) -> None:
        """Read a worksheet in passing.

        Args:
            data: the part.
            styles: which cells are to be found again.
            aside: first and last of the columns whose content does not count as used.

        Raises:
            ValueError: it is no worksheet.
            xml.parsers.expat.ExpatError: it is not well-formed.

        """
        self._data = utf8(data)
        scan = Scan(self._data, styles, aside)
        self._scan = scan
        self.marked: Mapping[tuple[int, int], int] = scan.marked
        self.merged: Sequence[Area] = scan.merged
        self.used = scan.used
        self.legacy, self.drawing = scan.legacy, scan.drawing
        self._legacy_before = self.legacy
        self._changes: dict[int, dict[int, _Change]] = defaultdict(dict)
        self._rows: dict[int, Row | None] = {}
        self._widths: dict[int, float] = {}
        self._heights: dict[int, float] = {}
        self._released: tuple[int, int] | None = None

    def style_at(self, row: int, column: int) -> int:
        """Return the style of a cell, or the one that it would get from its row or column."""
        found = self._row(row)
        if found is not None:
            if (cell := found.cell(column)) is not None:
                return cell.style
            if found.style is not None:
                return found.style
        tag = next((tag for first, last, tag in self._scan.columns if first <= column <= last), b"")
        return whole(attributes_of(tag).get(b"style"), 0)

    def restyle(self, row: int, column: int, style: int) -> None:
        """Give a cell another style."""
        self._changes[row][column] = _Change(style)

    def fill_in(self, row: int, column: int, value: Value, style: int) -> None:
        """Write a number or a text into a cell, in place of what it holds."""
        if isinstance(value, str) or not isfinite(value):
            text = escaped(str(value)[:LONGEST])
            prefix = self._scan.prefix
            content = b'<%bis><%bt xml:space="preserve">%b</%bt></%bis>' % (prefix, prefix, text, prefix, prefix)
            self._changes[row][column] = _Change(style, content, b"inlineStr")
        else:
            number = repr(value + 0).encode("ascii")  # a truth value becomes a number
            self._changes[row][column] = _Change(
                style, b"<%bv>%b</%bv>" % (self._scan.prefix, number, self._scan.prefix)
            )

    def clear(self) -> None:
        """Remove the cells of the columns set aside, but for formulas: these somebody else has written."""
        for row, column in self._scan.aside:
            self._changes[row][column] = _Change(gone=True)

    def set_width(self, column: int, width: float) -> None:
        """Make a column ``width`` characters wide, and show it."""
        self._widths[column] = width

    def set_height(self, row: int, height: float) -> None:
        """Make a row ``height`` points high, if it is a new one."""
        self._heights[row] = height

    def release(self, first: int, last: int) -> None:
        """Take back the widths of a block of columns."""
        self._released = (first, last)

    def column_pixels(self, column: int) -> int:
        """Return the width of a column, 0 if it is hidden."""
        tag = next((tag for first, last, tag in self._scan.columns if first <= column <= last), None)
        found = attributes_of(tag) if tag else {}
        if found.get(b"hidden") in {b"1", b"true"}:
            return 0
        width = decimal(found.get(b"width"), self._scan.default_width)
        return _COLUMN_PIXELS if width is None else round(7 * width + 5)

    def row_pixels(self, row: int) -> int:
        """Return the height of a row, 0 if it is hidden."""
        place = self._scan.place(row)
        if place is None:
            return self._scan.default_height
        found = attributes_of(tag_at(self._data, self._scan.starts[place]))
        if found.get(b"hidden") in {b"1", b"true"}:
            return 0
        height = decimal(found.get(b"ht"), None)
        return self._scan.default_height if height is None else round(height * 4 / 3)

    def save(self) -> bytes:
        """Return the part as changed."""
        edits = [*self._row_edits(), *self._column_edits(), *self._legacy_edits(), *self._dimension_edits()]
        pieces, done = [], 0
        for start, end, replacement in sorted(edits, key=lambda e: e[:2]):
            pieces += [self._data[done:start], replacement]
            done = end
        return b"".join([*pieces, self._data[done:]])

    def _row(self, number: int) -> Row | None:
        if number not in self._rows:
            place = self._scan.place(number)
            data = b"" if place is None else self._data[self._scan.starts[place] : self._scan.ends[place]]
            self._rows[number] = read_row(data) if data else None
        return self._rows[number]

    def _row_edits(self) -> list[tuple[int, int, bytes]]:
        scan = self._scan
        edits: list[tuple[int, int, bytes]] = []
        inserted: dict[int, list[bytes]] = defaultdict(list)
        for number, changes in sorted(self._changes.items()):
            place = scan.place(number)
            if place is not None:
                edits.append((scan.starts[place], scan.ends[place], self._render(number, changes)))
            elif cells := self._new_cells(number, {c: x for c, x in changes.items() if not x.gone}):
                tag = b'<%brow r="%d"/>' % (scan.prefix, number)
                if height := self._heights.get(number):
                    tag = changed(tag, {b"ht": b"%g" % height, b"customHeight": b"1"})
                row = b"%b>%b</%brow>" % (tag[:-2], cells, scan.prefix)
                inserted[scan.place_before(number)].append(row)
        if not inserted:
            return edits
        data = scan.child("sheetData")
        if self._data[data.tag - 2 : data.tag] == b"/>":
            opening = self._data[data.start : data.tag - 2].rstrip() + b">"
            rows = b"".join(row for _, found in sorted(inserted.items()) for row in found)
            return [(data.start, data.end, b"%b%b</%bsheetData>" % (opening, rows, scan.prefix))]
        after_all = data.end - len(b"</%bsheetData>" % scan.prefix)
        if not self._data.startswith(b"</%bsheetData" % scan.prefix, after_all):
            after_all = self._data.rindex(b"<", data.start, data.end)
        for place, rows_here in inserted.items():
            at = scan.starts[place] if place < len(scan.starts) else after_all
            edits.append((at, at, b"".join(rows_here)))
        touched = {scan.place(number) for number in self._changes}
        for place in scan.bare_rows:  # a row without a number would count from the one put before it
            if place not in touched:
                start = scan.starts[place]
                tag = tag_at(self._data, start)
                edits.append((start, start + len(tag), changed(tag, {b"r": b"%d" % scan.numbers[place]})))
        return edits

    def _render(self, number: int, changes: Mapping[int, _Change]) -> bytes:
        row = self._row(number)
        if row is None:
            raise ValueError(f"row {number}")
        pieces: dict[int, bytes] = {}
        for cell in row.cells:
            change = changes.get(cell.column, _Change())
            reference = b"%b%d" % (get_column_letter(cell.column).encode("ascii"), number)
            tag, rest = row.data[cell.start : cell.tag], row.data[cell.tag : cell.end]
            if cell.bare:
                tag = changed(tag, {b"r": reference})
            if change.content is not None:
                pieces[cell.column] = self._new_cell(number, cell.column, change)
            elif not change.gone:
                styled = tag if change.style is None else changed(tag, {b"s": b"%d" % change.style})
                pieces[cell.column] = pieces.get(cell.column, b"") + styled + rest
        known = {cell.column for cell in row.cells}
        added = {c: x for c, x in changes.items() if c not in known and not x.gone}
        pieces |= {column: self._new_cell(number, column, change) for column, change in added.items()}
        tag = row.data[: row.tag]
        if b"r" not in attributes_of(tag):
            tag = changed(tag, {b"r": b"%d" % number})
        if added or any(change.gone for change in changes.values()):
            tag = changed(tag, {b"spans": None})
        cells = b"".join(cells for _, cells in sorted(pieces.items()))
        if row.closed:
            return tag[:-2].rstrip() + b">" + cells + b"</%brow>" % self._scan.prefix if cells else tag
        last = row.cells[-1].end if row.cells else row.tag
        return tag + cells + row.data[last:]

    def _new_cells(self, number: int, changes: Mapping[int, _Change]) -> bytes:
        return b"".join(self._new_cell(number, column, change) for column, change in sorted(changes.items()))

    def _new_cell(self, number: int, column: int, change: _Change) -> bytes:
        prefix = self._scan.prefix
        tag = b'<%bc r="%b%d"' % (prefix, get_column_letter(column).encode("ascii"), number)
        if change.style is not None:
            tag += b' s="%d"' % change.style
        if change.kind:
            tag += b' t="%b"' % change.kind
        return tag + b"/>" if change.content is None else b"%b>%b</%bc>" % (tag, change.content, prefix)

    def _column_edits(self) -> list[tuple[int, int, bytes]]:
        scan = self._scan
        if not self._widths and self._released is None:
            return []
        segments = list(scan.columns)
        if self._released is not None:
            first, last = self._released
            inner = [
                (max(first, low), min(last, high), changed(tag, {b"width": None, b"customWidth": None}))
                for low, high, tag in segments
                if low <= last and high >= first
            ]
            plain = {b"min", b"max"}
            segments = without(segments, first, last) + [s for s in inner if set(attributes_of(s[2])) - plain]
        for column, width in sorted(self._widths.items()):
            tag = next((tag for low, high, tag in segments if low <= column <= high), b"<%bcol/>" % scan.prefix)
            shown = {
                b"width": b"%g" % width,
                b"customWidth": b"1",
                b"hidden": None,
                b"collapsed": None,
                b"bestFit": None,
            }
            segments = [*without(segments, column, column), (column, column, changed(tag, shown))]
        tags = [changed(tag, {b"min": b"%d" % low, b"max": b"%d" % high}) for low, high, tag in sorted(segments)]
        written = b"<%bcols>%b</%bcols>" % (scan.prefix, b"".join(tags), scan.prefix) if tags else b""
        found = next((child for child in scan.children if child.name == "cols"), None)
        if found is not None:
            return [(found.start, found.end, written)]
        at = scan.place_of("cols")
        return [(at, at, written)]

    def _legacy_edits(self) -> list[tuple[int, int, bytes]]:
        if self.legacy == self._legacy_before:
            return []
        scan = self._scan
        edits = [(child.start, child.end, b"") for child in scan.children if child.name == "legacyDrawing"]
        if self.legacy:
            at = edits[0][1] if edits else scan.place_of("legacyDrawing")
            prefix, declared = scan.relations
            edits.append(
                (at, at, b'<%blegacyDrawing%b %b:id="%b"/>' % (scan.prefix, declared, prefix, escaped(self.legacy)))
            )
        return edits

    def _dimension_edits(self) -> list[tuple[int, int, bytes]]:
        """Let the size that the sheet states cover what was added: some readers believe it."""
        child = next((child for child in self._scan.children if child.name == "dimension"), None)
        added = [(r, c) for r, changes in self._changes.items() for c, x in changes.items() if not x.gone]
        if child is None or not added:
            return []
        tag = self._data[child.start : child.tag]
        try:
            bounds = range_boundaries(attributes_of(tag).get(b"ref", b"A1").decode("ascii"))
            left, top, right, bottom = (int(bound or 1) for bound in bounds)
        except ValueError:
            return []
        left, top = min(left, *(c for _, c in added)), min(top, *(r for r, _ in added))
        right, bottom = max(right, *(c for _, c in added)), max(bottom, *(r for r, _ in added))
        reference = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        return [(child.start, child.tag, changed(tag, {b"ref": reference.encode("ascii")}))]
