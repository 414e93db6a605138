"""One pass over a worksheet part: where its rows and children stand in the bytes.

A sheet may be hundreds of megabytes of XML, so that it is read in passing and never held as a tree.
"""

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from pyexpat import ParserCreate

from openpyxl.utils.cell import range_boundaries

from wsiskg.tables.sheets.grid import Area
from wsiskg.tables.sheets.ooxml.markup import NAMESPACES
from wsiskg.tables.sheets.ooxml.tags import attributes_of, cell_at, decimal, tag_at

__all__ = ["ORDER", "Child", "Scan"]

ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
"""Children of a worksheet in the order that ECMA-376 demands (``CT_Worksheet``)."""

_RANKS = {name: rank for rank, name in enumerate(ORDER)}
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_OFFICE = (b"openxmlformats.org/officeDocument/2006/relationships", b"purl.oclc.org/ooxml/officeDocument/relationships")
_ROW_PIXELS = 20


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the worksheet: its rank in `ORDER` and its bytes. ``tag`` is where its first tag ends."""

    name: str
    rank: int
    start: int
    tag: int
    end: int


class Scan:
    """One pass over a worksheet: where its rows and children stand in the bytes."""

    def __init__(self, data: bytes, styles: frozenset[int], aside: tuple[int, int]) -> None:
        self.children: list[Child] = []
        self.numbers, self.starts, self.ends = array("l"), array("q"), array("q")
        self.bare_rows: list[int] = []
        self.marked: dict[tuple[int, int], int] = {}
        self.aside: list[tuple[int, int]] = []
        self.merged: list[Area] = []
        self.columns: list[tuple[int, int, bytes]] = []
        self.used = 0
        self.legacy = self.drawing = ""
        self.default_width: float | None = None
        self.default_height = _ROW_PIXELS
        self.prefix = b""
        self._data, self._styles, self._bounds = data, styles, aside
        self._path: list[str] = []
        self._row = self._column = self._start = self._child_start = 0
        self._child_rank = -1
        self._content = self._formula = False
        self._parser = ParserCreate(None, " ")
        self._parser.StartElementHandler = self._open
        self._parser.EndElementHandler = self._close
        self._parser.Parse(data, True)
        if not any(child.name == "sheetData" for child in self.children):
            raise ValueError("no sheetData")
        self._sorted = all(a < b for a, b in zip(self.numbers, self.numbers[1:], strict=False))
        self._places = {} if self._sorted else {n: i for i, n in reversed(list(enumerate(self.numbers)))}

    @property
    def relations(self) -> tuple[bytes, bytes]:
        """The prefix for ids of relations, and its declaration if the worksheet has none."""
        for name, value in attributes_of(self._root_tag).items():
            if name.startswith(b"xmlns:") and any(value.endswith(base) for base in _OFFICE):
                return name[6:], b""
        strict = self._namespace == NAMESPACES[1]
        return b"r", b' xmlns:r="http://%b"' % (_OFFICE[1] if strict else b"schemas." + _OFFICE[0])

    def child(self, name: str) -> Child:
        """Return the first child called ``name``."""
        return next(child for child in self.children if child.name == name)

    def place(self, number: int) -> int | None:
        """Return the place of a row among the rows that are there."""
        if not self._sorted:
            return self._places.get(number)
        place = bisect_left(self.numbers, number)
        return place if place < len(self.numbers) and self.numbers[place] == number else None

    def place_before(self, number: int) -> int:
        """Return the place of the first row that comes after row ``number``."""
        if self._sorted:
            return bisect_left(self.numbers, number)
        return next((i for i, n in enumerate(self.numbers) if n > number), len(self.numbers))

    def place_of(self, name: str) -> int:
        """Return the offset at which a child called ``name`` has to stand."""
        rank = _RANKS[name]
        later = [child.start for child in self.children if child.rank > rank]
        if later:
            return min(later)
        return self._data.rindex(b"<")  # the closing tag of the worksheet

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        path, at = self._path, self._parser.CurrentByteIndex
        namespace, _, tag = name.rpartition(" ")
        path.append(tag)
        depth = len(path)
        if depth == 1:
            if tag != "worksheet" or namespace not in NAMESPACES:
                raise ValueError("no worksheet")
            self._namespace = namespace
            self._root_tag = tag_at(self._data, at)
            qualified = self._root_tag[1:].split(None, 1)[0].rstrip(b"/>")
            self.prefix = qualified[: -len(b"worksheet")]
        elif depth == 2:
            self._child_start, self._child_rank = at, _RANKS.get(tag, -1)
            if tag == "legacyDrawing":
                self.legacy = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            elif tag == "drawing":
                self.drawing = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            elif tag == "sheetFormatPr":
                self.default_width = decimal(attributes.get("defaultColWidth", "").encode(), None)
                height = decimal(attributes.get("defaultRowHeight", "").encode(), None)
                self.default_height = _ROW_PIXELS if height is None else round(height * 4 / 3)
        elif path[1] == "sheetData":
            if depth == 3:
                self._row = int(float(attributes.get("r", self._row + 1)))
                if not 1 <= self._row <= _LAST_ROW:
                    raise ValueError(f"row {self._row}")
                if "r" not in attributes:
                    self.bare_rows.append(len(self.numbers))
                self._start, self._column = at, 0
            elif depth == 4 and tag == "c":
                self._open_cell(attributes)
            elif depth == 5:
                self._content = self._content or tag in {"v", "f", "is"}
                self._formula = self._formula or tag == "f"
        elif depth == 3 and tag == "col":
            low, high = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self.columns.append((low, high, tag_at(self._data, at)))
        elif depth == 3 and tag == "mergeCell":
            left, top, right, bottom = (int(bound or 1) for bound in range_boundaries(attributes.get("ref", "")))
            self.merged.append(Area(top, left, bottom, right))
        elif self._child_rank < 0:
            self._child_rank = _RANKS.get(tag, -1)  # mc:AlternateContent ranks as what it stands for

    def _open_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._column = cell_at(reference)[1] if reference else self._column + 1
        if not 1 <= self._column <= _LAST_COLUMN:
            raise ValueError(f"column {self._column}")
        self._content = self._formula = False
        if self._styles and (style := int(attributes.get("s", "0"))) in self._styles:
            self.marked[self._row, self._column] = style

    def _close(self, name: str) -> None:
        path, at = self._path, self._parser.CurrentByteIndex
        tag, depth = path.pop(), len(self._path) + 1
        if depth == 2:
            self._child(tag, at)
        elif depth == 3 and path[1] == "sheetData":
            self.numbers.append(self._row)
            self.starts.append(self._start)
            self.ends.append(self._end(self._start, at))
        elif depth == 4 and tag == "c" and path[1] == "sheetData":
            aside = self._bounds[0] <= self._column <= self._bounds[1] and not self._formula
            if aside:
                self.aside.append((self._row, self._column))
            elif self._content:
                self.used = max(self.used, self._column)

    def _child(self, tag: str, at: int) -> None:
        start = self._child_start
        tag_end = start + len(tag_at(self._data, start))
        self.children.append(Child(tag, self._child_rank, start, tag_end, self._end(start, at)))

    def _end(self, start: int, at: int) -> int:
        """Return where an element from ``start`` ends; ``at`` is where expat met its end: if empty, behind it."""
        return at if tag_at(self._data, start).endswith(b"/>") else self._data.index(b">", at) + 1
