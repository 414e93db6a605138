"""Read the sheets of an XLSX package (ECMA-376) in one pass each: values, formulas, dates, merged and hidden cells.

Streams, so that neither a million empty rows nor a false size in the file costs memory.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from wsiskg.model.errors import UsageError
from wsiskg.tables.sheets.grid import EMPTY, Area, Cell, Grid, GridRow
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.package import broken

__all__ = ["GAP", "Workbook", "read_workbook"]

GAP = 10_000
"""Empty rows in a run after which a sheet is taken to be over."""

_CHUNK = 1 << 20
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # of the format
_AREAS = 20_000
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)(?=[\s>])")
_AREA = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z0-9:$]+)\"")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

# What goes wrong while reading a damaged package.
_FAULTS = (
    ParseError, DefusedXmlException, zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError,
    KeyError, ValueError, IndexError, OverflowError, UnicodeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook in their order, and its custom properties."""

    sheets: tuple[Grid, ...]
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Styles:
    strings: tuple[str, ...]
    dates: frozenset[int]
    epoch: datetime


def read_workbook(archive: zipfile.ZipFile, name: str, limits: Limits) -> Workbook:
    """Read every sheet of an opened package.

    Args:
        archive: from `open_package`.
        name: what messages call the file.
        limits: how much is read.

    Raises:
        UsageError: the package is damaged or holds too much.

    """
    try:
        main = _target_of(archive, "", "officeDocument")
        relations = _relations(archive, main)
        kinds = dict(relations.values())
        entries, mac = _sheet_list(archive, main)
        epoch = CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900
        strings = tuple(_strings(archive, kinds["sharedStrings"])) if "sharedStrings" in kinds else ()
        dates = _date_styles(archive, kinds["styles"]) if "styles" in kinds else frozenset()
        styles = _Styles(strings, dates, epoch)
        sheets = []
        for title, hidden, relation in entries:
            kind, target = relations[relation]
            if kind == "worksheet":
                sheets.append(_sheet(archive, target, title, hidden, styles, name, limits))
        return Workbook(tuple(sheets), _properties(archive))
    except _FAULTS as error:
        raise broken(name) from error


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[Element]:
    """Yield the elements of a small part as each ends."""
    with archive.open(part) as stream:
        for _, element in iterparse(stream, events=("end",), forbid_dtd=True):
            yield element


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return id -> (kind, part) of what ``part`` refers to; of what lies outside the package, its address."""
    folder, base = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{base}.rels")
    if listing not in archive.namelist():
        return {}
    found = {}
    for element in _elements(archive, listing):
        if _local(element) == "Relationship":
            target = element.get("Target", "")
            if element.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], target)
    return found


def _target_of(archive: zipfile.ZipFile, part: str, kind: str) -> str:
    return next((target for found, target in _relations(archive, part).values() if found == kind), "xl/workbook.xml")


def _sheet_list(archive: zipfile.ZipFile, main: str) -> tuple[list[tuple[str, bool, str]], bool]:
    """Return (title, hidden, relation) of each sheet, and whether dates count from 1904."""
    entries, mac = [], False
    for element in _elements(archive, main):
        if _local(element) == "sheet":
            relation = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            entries.append((element.get("name", ""), element.get("state", "visible") != "visible", relation))
        elif _local(element) == "workbookPr":
            mac = element.get("date1904") in {"1", "true"}
    return entries, mac


def _strings(archive: zipfile.ZipFile, part: str) -> Iterator[str]:
    for element in _elements(archive, part):
        if _local(element) == "si":
            yield _rich_text(element)
            element.clear()


def _rich_text(element: Element) -> str:
    """Return the text of ``si`` or ``is``, without the readings (``rPh``) that East Asian texts may carry."""
    texts: list[str] = []
    for child in element:
        if _local(child) == "t":
            texts.append(child.text or "")
        elif _local(child) == "r":
            texts += [grandchild.text or "" for grandchild in child if _local(grandchild) == "t"]
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), "".join(texts))


def _date_styles(archive: zipfile.ZipFile, part: str) -> frozenset[int]:
    """Return the numbers of the cell styles that show a number as a date."""
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    used: list[int] = []
    for element in _elements(archive, part):
        if _local(element) == "numFmt":
            codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
        elif _local(element) == "cellXfs":
            used = [int(style.get("numFmtId", "0")) for style in element if _local(style) == "xf"]
    return frozenset(n for n, code in enumerate(used) if is_date_format(codes.get(code, "General")))


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    if "docProps/custom.xml" not in archive.namelist():
        return {}
    return {
        element.get("name", ""): "".join(element.itertext()).strip()
        for element in _elements(archive, "docProps/custom.xml")
        if _local(element) == "property"
    }


def _sheet(
    archive: zipfile.ZipFile, part: str, title: str, hidden: bool, styles: _Styles, name: str, limits: Limits
) -> Grid:
    with archive.open(part) as stream:
        reading = _SheetReading(styles, name, title, limits)
        reading.run(stream)
    gap = None
    areas, links = reading.areas, reading.links
    if reading.stopped:
        with archive.open(part) as stream:
            values, areas = _scan(stream)
        gap = reading.rows[-1].number if reading.rows and values > reading.values else None
        if not reading.rows and values > reading.values:
            gap = 0
    targets = _relations(archive, part) if links else {}
    addresses = {place: targets[link][1] for place, link in links.items() if link in targets}
    return Grid(title, tuple(reading.rows), tuple(areas), hidden, gap, addresses)


def _scan(stream: IO[bytes]) -> tuple[int, list[Area]]:
    """Count the values of a whole sheet and find its merged cells, without parsing it."""
    values, areas, kept = 0, [], b""
    while chunk := stream.read(_CHUNK):
        text = kept + chunk
        cut = text.rfind(b"<")  # a tag may go on in the next chunk
        kept, text = text[cut:], text[:cut]
        values += len(_VALUE.findall(text))
        areas += [_area(match.decode("ascii")) for match in _AREA.findall(text)]
    return values + len(_VALUE.findall(kept)), areas[:_AREAS]


def _area(reference: str) -> Area:
    first_column, first_row, last_column, last_row = (part or 1 for part in range_boundaries(reference))
    return Area(first_row, first_column, last_row, last_column)


class _SheetReading:
    """One pass over one sheet."""

    def __init__(self, styles: _Styles, name: str, title: str, limits: Limits) -> None:
        self.styles, self.name, self.title, self.limits = styles, name, title, limits
        self.rows: list[GridRow] = []
        self.areas: list[Area] = []
        self.links: dict[tuple[int, int], str] = {}
        self.values = 0
        self.stopped = False

    def run(self, stream: IO[bytes]) -> None:
        number, column, empty, hidden = 0, 0, 0, False
        cells: dict[int, Cell] = {}
        data: Element | None = None
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            tag = _local(element)
            if event == "start":
                if tag == "sheetData":
                    data = element
                elif tag == "row":
                    number = int(float(element.get("r", number + 1)))
                    if not 1 <= number <= _LAST_ROW:
                        raise ValueError(f"row {number}")
                    column, hidden, cells = 0, element.get("hidden") in {"1", "true"}, {}
            elif tag == "c":
                column = self._cell(element, column, cells)
            elif tag == "row":
                if cells:
                    empty = 0
                    self._keep(GridRow(number, cells, hidden))
                else:
                    empty += 1
                if data is not None:
                    data.clear()
                if empty > GAP:
                    self.stopped = True
                    return
            elif tag == "mergeCell" and len(self.areas) < _AREAS:
                self.areas.append(_area(element.get("ref", "")))
            elif tag == "hyperlink" and len(self.links) < _AREAS:
                relation = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
                self.links[coordinate_to_tuple(element.get("ref", "").partition(":")[0])] = relation

    def _keep(self, row: GridRow) -> None:
        limits = self.limits
        if len(self.rows) >= limits.rows:
            raise UsageError(
                f"'{self.name}', sheet '{self.title}' has more than {limits.rows:,} rows with content.",
                "Send it in several files.",
            )
        if max(row.cells) > limits.columns:
            raise UsageError(
                f"'{self.name}', sheet '{self.title}' has content beyond column {limits.columns} (row {row.number}).",
                "Keep the proposals in the first columns and remove the rest.",
            )
        self.rows.append(row)

    def _cell(self, element: Element, column: int, cells: dict[int, Cell]) -> int:
        """Read one ``c`` element into ``cells`` and return its column."""
        if reference := element.get("r"):
            column = coordinate_to_tuple(reference)[1]
        else:
            column += 1
        if not 1 <= column <= _LAST_COLUMN:
            raise ValueError(f"column {column}")
        value, formula, inline = "", None, None
        for child in element:
            tag = _local(child)
            if tag == "v":
                value = child.text or ""
                self.values += 1
            elif tag == "f":
                formula = child.text or ""
            elif tag == "is":
                inline = _rich_text(child)
                self.values += 1
        found = self._typed(element, value, formula, inline)
        if found.text.strip():
            cells[column] = found
        return column

    def _typed(self, element: Element, value: str, formula: str | None, inline: str | None) -> Cell:
        kind = element.get("t", "n")
        if inline is not None:
            return Cell(inline)
        if not value:
            # An empty text as result is stored as t="str" with an empty value.
            return EMPTY if formula is None or kind == "str" else Cell(f"={formula}", "formula")
        if kind == "s":
            return Cell(self.styles.strings[int(value)])
        if kind == "str":
            return Cell(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), value))
        if kind == "b":
            return Cell("yes" if value in {"1", "true"} else "no")
        if kind == "e":
            return Cell(value, "error")
        if kind == "d":
            return Cell(value.removesuffix("T00:00:00"), "date")
        number = float(value)
        if int(element.get("s", "0")) in self.styles.dates:
            return Cell(_date_text(number, self.styles.epoch), "date")
        return Cell(f"{number:.15g}" if number.is_integer() else f"{number:.10g}", "number")


def _date_text(number: float, epoch: datetime) -> str:
    try:
        found: date | datetime | time | timedelta | None = from_excel(number, epoch)
    except (OverflowError, ValueError):
        return f"{number:.10g}"
    if isinstance(found, datetime):
        return found.date().isoformat() if found.time() == time() else found.isoformat(" ")
    return str(found)
