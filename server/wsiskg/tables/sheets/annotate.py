"""Hand a workbook back with comments, colours, columns and a sheet more, and with nothing of it lost.

The package is edited where it must be and copied where not: a library that reads and writes whole workbooks drops
what it does not know. A workbook that was annotated before gets the new annotations in place of the old ones.
"""

import io
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError

from lxml import etree
from openpyxl.utils.cell import get_column_letter, quote_sheetname

from wsiskg.model.errors import UsageError
from wsiskg.model.problems import Severity
from wsiskg.tables.sheets.grid import Area, Grid
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.messages import unreadable
from wsiskg.tables.sheets.ooxml.book import Book
from wsiskg.tables.sheets.ooxml.comments import Comments
from wsiskg.tables.sheets.ooxml.markup import escaped, legal, local, parse
from wsiskg.tables.sheets.ooxml.parts import Parts
from wsiskg.tables.sheets.ooxml.sheet import LONGEST, SheetPart, Value
from wsiskg.tables.sheets.ooxml.styles import Styles, Tone
from wsiskg.tables.sheets.package import open_package

__all__ = ["Added", "Note", "Summary", "Tone", "Value", "annotate", "fresh_workbook"]

_COMMENTS = 5_000  # of one sheet: with more, spreadsheet programs crawl; further cells are coloured only
_COMMENT = 4_000  # characters of one
_LAST_COLUMN = 16_384
_AREAS = 2_000  # blocks of merged cells that are looked into
_WIDTH = 14.0
_FRESH_WIDTH = 60
_COLUMN_EMU = 609_600
_FAULTS = (
    etree.LxmlError, ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, KeyError,
    ValueError, IndexError, OverflowError, UnicodeError, StopIteration,
)  # fmt: skip
_ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Note:
    """Something said of a cell: a comment and, by ``severity``, a colour.

    ``row`` and ``column`` count from 1. ``sheet`` is the title of a sheet; empty, it is the first one.
    """

    row: int
    column: int
    text: str
    severity: Severity = Severity.VIOLATION
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """Columns that a sheet gets at the right of what it holds.

    Attributes:
        header_row: row of the headers.
        headers: one for each column.
        rows: values by number of the row, one for each column; None leaves a cell empty.
        sheet: title of the sheet; empty, it is the first one.
        widths: of the columns, in characters.
        tones: colour of some of the cells, by row and place among the columns (from 0).

    """

    header_row: int
    headers: tuple[str, ...]
    rows: Mapping[int, tuple[Value | None, ...]]
    sheet: str = ""
    widths: tuple[float, ...] = ()
    tones: Mapping[tuple[int, int], Tone] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """A sheet that is added at the end.

    Attributes:
        title: of the sheet; another one of that title makes it get a number.
        heading: its first line.
        facts: pairs of label and value below it.
        headers: of the table below those.
        rows: of that table.
        places: (sheet, row, column) that a click on the first cell of each row leads to, None for none.
        widths: of the columns, in characters.
        tones: colour of the first cell of some rows, by place among them (from 0).

    """

    title: str
    heading: str
    facts: tuple[tuple[str, Value], ...] = ()
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    places: tuple[tuple[str, int, int] | None, ...] = ()
    widths: tuple[float, ...] = ()
    tones: Mapping[int, Tone] = field(default_factory=dict)


Place = tuple[int, int]

_DEFAULT = Limits()
_OWN = Limits(unpacked=1 << 40, ratio=1 << 20)  # what we have packed ourselves is no bomb


def annotate(
    data: bytes,
    name: str,
    notes: Iterable[Note],
    added: Iterable[Added],
    summary: Summary | None,
    limits: Limits = _DEFAULT,
) -> bytes:
    """Return the workbook in ``data`` with notes on cells, columns added, and a summary.

    Args:
        data: an XLSX package.
        name: what messages call the file.
        notes: at most 5,000 comments are written on a sheet, the worst first; all cells are coloured.
        added: at most one for each sheet.
        summary: None for none.
        limits: how much is read.

    Raises:
        UnreadableError: the package is damaged or refused (see `open_package`).
        UsageError: it has no such sheet, or no room at the right.

    """
    notes, added = tuple(notes), tuple(added)
    with open_package(data, name, limits) as archive:
        try:
            return _annotate(archive, name, notes, added, summary)
        except _FAULTS as error:
            raise unreadable("damaged", name) from error


def fresh_workbook(grid: Grid, notes: Iterable[Note], added: Iterable[Added], summary: Summary | None) -> bytes:
    """Return a new workbook with the cells of ``grid`` as text, annotated: for what did not come as a workbook."""
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, options) as workbook:
        sheet = workbook.add_worksheet()
        text = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": 49})
        widths: defaultdict[int, int] = defaultdict(int)
        for row in grid.rows:
            for column, cell in row.cells.items():
                sheet.write_string(row.number - 1, column - 1, legal(cell.text)[:LONGEST], text)
                widths[column] = max(widths[column], min(len(cell.text) + 2, _FRESH_WIDTH))
        for column, width in widths.items():
            sheet.set_column(column - 1, column - 1, max(width, 10), text)
        if grid.rows:
            sheet.freeze_panes(grid.rows[0].number, 0)
    plain = [Note(note.row, note.column, note.text, note.severity) for note in notes]
    beside = [Added(a.header_row, a.headers, a.rows, "", a.widths, a.tones) for a in added]
    return annotate(stream.getvalue(), grid.name, plain, beside, summary, _OWN)


def _annotate(
    archive: zipfile.ZipFile, name: str, notes: Sequence[Note], added: Sequence[Added], summary: Summary | None
) -> bytes:
    parts = Parts(archive)
    book = Book(parts)
    styles = Styles(parts, book.namespace)
    first = next((title for title in book.titles if book.part(title)), "")
    by_sheet: defaultdict[str, list[Note]] = defaultdict(list)
    for note in notes:
        by_sheet[note.sheet or first].append(note)
    columns = {block.sheet or first: block for block in added}
    for title in [t for t in book.titles if t in by_sheet or t in columns or t in book.marks.sheets]:
        part = book.part(title)
        if part is not None:
            found = _annotate_sheet(parts, book, styles, part, title, by_sheet[title], columns.get(title), name)
            if by_sheet[title] or found:
                book.mark(title, found)
    for title in (*by_sheet, *columns):
        if book.part(title) is None:
            raise UsageError(f"'{name}' has no sheet '{title}' to write on.", "Name a sheet that holds cells.")
    if summary is None:
        book.remove_summary()
    else:
        book.add_sheet(summary.title, _summary_sheet(summary, styles, book))
    styles.save()
    book.save()
    return parts.save()


def _annotate_sheet(
    parts: Parts,
    book: Book,
    styles: Styles,
    part: str,
    title: str,
    notes: Sequence[Note],
    added: Added | None,
    name: str,
) -> tuple[int, int] | None:
    """Write on one sheet and return the first and last column added, if any."""
    known = title in book.marks.sheets
    before = book.marks.columns.get(title)
    toned = styles.toned if known else frozenset()
    sheet = SheetPart(parts.read(part), toned, before or (0, -1))
    comments = Comments(parts, part, sheet, book.namespace)
    comments.remove()
    if known:
        for (row, column), style in sheet.marked.items():
            sheet.restyle(row, column, styles.without_tone(style))
    if before:
        sheet.clear()
        sheet.release(*before)
    by_cell: defaultdict[tuple[int, int], list[Note]] = defaultdict(list)
    shown = _first_cells(sheet.merged, [(note.row, note.column) for note in notes])
    for note in notes:
        by_cell[shown.get((note.row, note.column), (note.row, note.column))].append(note)
    for place, found in by_cell.items():
        worst = min((note.severity for note in found), key=_ORDER.index)
        base = sheet.style_at(*place)
        plain = styles.without_tone(base) if base in toned else base
        sheet.restyle(*place, styles.with_tone(plain, Tone[worst.name]))
    worst_first = sorted(by_cell, key=lambda p: (min(_ORDER.index(n.severity) for n in by_cell[p]), p))
    comments.write({place: _comment(by_cell[place]) for place in worst_first[:_COMMENTS]})
    columns = _add_columns(sheet, styles, added, _first_free(parts, part, sheet), name) if added else None
    comments.save()
    parts.write(part, sheet.save())
    return columns


def _first_cells(merged: Sequence[Area], places: Iterable[Place]) -> dict[Place, Place]:
    """Return the first cell of each block of merged cells that one of ``places`` lies in: the one that shows."""
    by_row: defaultdict[int, list[Place]] = defaultdict(list)
    for place in places:
        by_row[place[0]].append(place)
    rows, found = sorted(by_row), dict[Place, Place]()
    for area in merged[:_AREAS]:
        for row in rows[bisect_left(rows, area.first_row) : bisect_right(rows, area.last_row)]:
            inside = (p for p in by_row[row] if area.first_column <= p[1] <= area.last_column)
            found |= dict.fromkeys(inside, (area.first_row, area.first_column))
    return found


def _comment(notes: Sequence[Note]) -> str:
    text = "\n\n".join(dict.fromkeys(note.text for note in sorted(notes, key=lambda n: _ORDER.index(n.severity))))
    return text if len(text) <= _COMMENT else text[: _COMMENT - 3] + "..."


def _first_free(parts: Parts, part: str, sheet: SheetPart) -> int:
    """Return the first column right of cells, merged cells, charts and pictures."""
    last = max([sheet.used, *(area.last_column for area in sheet.merged if area.last_column < _LAST_COLUMN // 2)])
    drawing = next((r.target for r in parts.relations(part) if r.id == sheet.drawing and r.target in parts), None)
    if drawing is not None:
        for anchor in parse(parts.read(drawing)):
            numbers = {local(corner): _column_in(corner) for corner in anchor if local(corner) in {"from", "to"}}
            wide = sum(int(e.get("cx", "0")) for e in anchor if local(e) == "ext") // _COLUMN_EMU
            last = max(last, numbers.get("to", 0), numbers.get("from", 0) + wide)
    return last + 1


def _column_in(corner: etree._Element) -> int:
    """Return the number, from 1, of the column that a corner of a drawing lies in."""
    return next((int(element.text or "0") + 1 for element in corner if local(element) == "col"), 0)


def _add_columns(sheet: SheetPart, styles: Styles, added: Added, start: int, name: str) -> tuple[int, int]:
    end = start + len(added.headers) - 1
    if end > _LAST_COLUMN:
        raise UsageError(f"'{name}' has no room for columns at the right.", "Remove the last columns of the sheet.")
    for place, header in enumerate(added.headers):
        sheet.fill_in(added.header_row, start + place, header, styles.added(Tone.HEADER, bold=True))
        sheet.set_width(start + place, added.widths[place] if place < len(added.widths) else _WIDTH)
    for row, values in added.rows.items():
        for place, value in enumerate(values):
            if value is not None:
                tone = added.tones.get((row, place), Tone.PLAIN)
                sheet.fill_in(row, start + place, value, styles.added(tone))
    return start, end


def _height(values: Sequence[Value | None], widths: Sequence[float]) -> float:
    """Return the points that a row needs for values wrapped to widths: not every program works it out."""
    lines = (-(-len(str(value)) // max(int(width) - 1, 1)) for value, width in zip(values, widths, strict=False))
    return 15.0 * min(max(1, *lines, 1), 27)


def _summary_sheet(summary: Summary, styles: Styles, book: Book) -> bytes:
    """Return a worksheet part."""
    bold, plain = styles.added(Tone.PLAIN, bold=True), styles.added(Tone.PLAIN)
    header = styles.added(Tone.HEADER, bold=True)
    frame = b'<worksheet xmlns="%b"><sheetFormatPr defaultRowHeight="15"/><sheetData/></worksheet>'
    sheet = SheetPart(frame % book.namespace.encode("ascii"))
    sheet.fill_in(1, 1, summary.heading, styles.added(Tone.PLAIN, bold=True, wrap=False))
    row = 2
    for label, value in summary.facts:
        row += 1
        sheet.fill_in(row, 1, label, bold)
        sheet.fill_in(row, 2, value, plain)
    row += 2
    for place, title in enumerate(summary.headers, 1):
        sheet.fill_in(row, place, title, header)
    links: list[bytes] = []
    titles = set(book.titles)
    for number, values in enumerate(summary.rows):
        row += 1
        for place, cell in enumerate(values, 1):
            if cell is not None:
                tone = summary.tones.get(number, Tone.PLAIN) if place == 1 else Tone.PLAIN
                sheet.fill_in(row, place, cell, styles.added(tone))
        sheet.set_height(row, _height(values, summary.widths))
        target = summary.places[number] if number < len(summary.places) else None
        if target is not None and (title := target[0] or next(iter(book.titles), "")) in titles:
            where = f"{quote_sheetname(title)}!{get_column_letter(target[2])}{target[1]}"
            links.append(b'<hyperlink ref="A%d" location="%b"/>' % (row, escaped(where)))
    for place, width in enumerate(summary.widths, 1):
        sheet.set_width(place, width)
    tail = b"<hyperlinks>%b</hyperlinks>" % b"".join(links) if links else b""
    page = b'<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    setup = b'<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    data = sheet.save().replace(b"<sheetFormatPr", setup + b"<sheetFormatPr", 1)
    return data.removesuffix(b"</worksheet>") + tail + page + b"</worksheet>"
