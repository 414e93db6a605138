"""Read an XLSX package (ECMA-376): every sheet in one pass each, and the custom properties.

Streams, so that neither a million empty rows nor a false size in the file costs memory.
"""

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from xml.sax import SAXException

from defusedxml.common import DefusedXmlException
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from wsiskg.tables.sheets.grid import GridRow, Workbook
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.marks import COLUMNS, NOTES, SUMMARY, read_marks, without_added
from wsiskg.tables.sheets.messages import unreadable
from wsiskg.tables.sheets.parts import Handler, Parts, PartsError
from wsiskg.tables.sheets.sheet import Book, Strings, read_sheet, stream_rows, unescaped
from wsiskg.tables.sheets.styles import Styles

__all__ = ["read_package", "stream_package"]

_TRUE = frozenset({"1", "true"})
_SHEETS = 1_000
_PROPERTIES = 1_000
_NAMES = 2_000  # of ours, and characters of one
_MARKS = frozenset({COLUMNS, NOTES, SUMMARY})

# What goes wrong while reading a damaged package.
_FAULTS = (
    PartsError, SAXException, DefusedXmlException, zipfile.BadZipFile, zlib.error, EOFError, OSError,
    NotImplementedError, RuntimeError, ValueError, TypeError, OverflowError,
)  # fmt: skip


def read_package(archive: zipfile.ZipFile, name: str, limits: Limits) -> Workbook:
    """Read every sheet of an opened package, without what an annotation of ours added to it.

    Args:
        archive: from `open_package`.
        name: what messages call the file.
        limits: how much is read.

    Raises:
        UnreadableError: the package is damaged or holds too much.

    """
    try:
        return _read(Parts(archive), name, limits)
    except _FAULTS as error:
        raise unreadable("damaged", name) from error


def stream_package(
    archive: zipfile.ZipFile, name: str, limits: Limits
) -> Iterator[tuple[str, Iterator[GridRow] | None]]:
    """Yield the sheets of an opened package: the title, and the rows as they are asked for; None if it is hidden.

    Only the texts that cells share are held in memory. Annotations of ours are read like anything else.

    Raises:
        UnreadableError: the package is damaged or holds too much; also while rows are read.

    """
    try:
        parts = Parts(archive)
        listing, book, sheets = _opened(parts, limits)
    except _FAULTS as error:
        raise unreadable("damaged", name) from error
    for title, hidden, relation in listing.sheets:
        if relation in sheets:
            rows = stream_rows(parts, sheets[relation], title, book, name, limits)
            yield title, None if hidden else _streamed(rows, name)


def _streamed(rows: Iterator[GridRow], name: str) -> Iterator[GridRow]:
    try:
        yield from rows
    except _FAULTS as error:
        raise unreadable("damaged", name) from error


def _read(parts: Parts, name: str, limits: Limits) -> Workbook:
    listing, book, sheets = _opened(parts, limits)
    grids = tuple(
        read_sheet(parts, sheets[relation], title, hidden, book, name, limits)
        for title, hidden, relation in listing.sheets
        if relation in sheets
    )
    properties = _Properties(limits)
    if part := parts.target("", "custom-properties"):
        parts.parse(part, properties)
    marks = read_marks([title for title, _, _ in listing.sheets], listing.names)
    return without_added(Workbook(grids, properties.found), marks)


def _opened(parts: Parts, limits: Limits) -> tuple["_Listing", Book, Mapping[str, str]]:
    """Return what the package lists, what its cells refer to, and the parts of its sheets by relation."""
    main = parts.target("", "officeDocument") or "xl/workbook.xml"
    listing = _Listing()
    parts.parse(main, listing)
    strings, styles = Strings(limits), Styles()
    for handler, kind in ((strings, "sharedStrings"), (styles, "styles")):
        if part := parts.target(main, kind):
            parts.parse(part, handler)
    epoch = CALENDAR_MAC_1904 if listing.mac else CALENDAR_WINDOWS_1900
    book = Book(tuple(strings.cells), tuple(styles.shown), epoch)
    return listing, book, {r.id: r.target for r in parts.relations(main) if r.kind == "worksheet"}


class _Listing(Handler):
    """The part that lists the sheets: (title, hidden, relation) of each, whether dates count from 1904, our names."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, bool, str]] = []
        self.mac = False
        self.names: list[tuple[str, str, str]] = []
        self._name: tuple[str, str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "sheet":
            if len(self.sheets) >= _SHEETS:
                raise PartsError("too many sheets")
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", "visible") != "visible", relation))
        elif tag == "workbookPr":
            self.mac = attributes.get("date1904") in _TRUE
        elif tag == "definedName" and attributes.get("name") in _MARKS and len(self.names) < _NAMES:
            self._name = (attributes.get("name", ""), attributes.get("localSheetId", ""))
            self.names.append((*self._name, ""))

    def text(self, content: str) -> None:
        if self._name and len(said := self.names[-1][2]) < _NAMES:
            self.names[-1] = (*self._name, said + content)

    def end(self, tag: str) -> None:
        self._name = None


class _Properties(Handler):
    """Custom properties of the document (ECMA-376, part 1, 22.3), as texts."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._name, self._limit = "", limits.cell

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "property" and len(self.found) < _PROPERTIES:
            self._name = attributes.get("name", "")
            self.found[self._name] = ""

    def text(self, content: str) -> None:
        if self._name and len(self.found[self._name]) < self._limit:
            self.found[self._name] += content

    def end(self, tag: str) -> None:
        if tag == "property" and self._name:
            self.found[self._name] = unescaped(self.found[self._name]).strip()
            self._name = ""
