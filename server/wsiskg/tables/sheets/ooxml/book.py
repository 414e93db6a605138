"""The workbook part: which sheets there are, and the hidden names that mark what was added to them."""

import re

from lxml import etree
from openpyxl.utils.cell import get_column_letter, quote_sheetname

from wsiskg.tables.sheets.marks import COLUMNS, NOTES, SUMMARY, Marks, read_marks
from wsiskg.tables.sheets.ooxml.markup import NAMESPACES, Markup, attribute_of, local, parse, serialise
from wsiskg.tables.sheets.ooxml.parts import Parts

__all__ = ["Book"]

_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BEFORE_NAMES = {
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences",
}  # fmt: skip
_FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_TITLE = 31  # UTF-16 units that a title may have


class Book:
    """The workbook part of a package.

    Raises:
        ValueError: it is no workbook.

    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._root = parse(parts.read(parts.main))
        self.namespace = str(etree.QName(self._root).namespace)
        if local(self._root) != "workbook" or self.namespace not in NAMESPACES:
            raise ValueError("no workbook")
        self._list = next(child for child in self._root if local(child) == "sheets")
        self.marks = self._read_marks()
        self._new_marks: list[tuple[str, str, str]] = []

    @property
    def titles(self) -> list[str]:
        """Titles of all sheets, in their order."""
        return [element.get("name") or "" for element in self._list]

    def part(self, title: str) -> str | None:
        """Return the part of a worksheet; None if there is none of that title, or it is a chart."""
        for element in self._list:
            if element.get("name") == title:
                wanted = attribute_of(element, "id")
                found = next((r for r in self._parts.relations(self._parts.main) if r.id == wanted), None)
                return found.target if found and found.kind == "worksheet" and found.target in self._parts else None
        return None

    def add_sheet(self, title: str, data: bytes) -> str:
        """Add a sheet at the end, or write anew the one that was added before; return the title that it gets."""
        old = self.marks.summary
        if part := old and self.part(old):
            entry = next(element for element in self._list if element.get("name") == old)
            self._parts.cut(part)
            self._parts.write(part, data)
            entry.set("name", "")
            entry.set("name", self.free_title(title))
        else:
            part = self._parts.free_name("xl/worksheets/sheet{}.xml")
            self._parts.write(part, data, _WORKSHEET)
            entry = etree.SubElement(self._list, f"{{{self.namespace}}}sheet")
            entry.set("name", self.free_title(title))
            numbers = [int(element.get("sheetId", "0")) for element in self._list]
            entry.set("sheetId", str(max(numbers) + 1))
            entry.set(f"{{{self._parts.office}}}id", self._parts.relate(self._parts.main, "worksheet", part))
        title = entry.get("name", "")
        self._new_marks.append((SUMMARY, title, "$A$1"))
        return title

    def remove_summary(self) -> None:
        """Remove the sheet that was added before, if it is still there and not the only one."""
        place = self.titles.index(self.marks.summary) if self.marks.summary in self.titles else -1
        if place < 0 or len(self._list) == 1 or (part := self.part(self.marks.summary)) is None:
            return
        relation = attribute_of(self._list[place], "id")
        self._list.remove(self._list[place])
        self._parts.unrelate(self._parts.main, relation)
        self._parts.drop(part)
        for name in list(self._names()):
            number = int(name.get("localSheetId", "-1"))
            if number == place:
                _remove(name)
            elif number > place:
                name.set("localSheetId", str(number - 1))
        for view in self._root.iter(f"{{{self.namespace}}}workbookView"):
            for key in ("activeTab", "firstSheet"):
                if int(view.get(key, "0")) >= place and key in view.attrib:
                    view.set(key, str(max(0, min(int(view.get(key, "0")) - 1, len(self._list) - 1))))

    def mark(self, title: str, columns: tuple[int, int] | None) -> None:
        """Remember that a sheet was annotated, and which columns it got."""
        self._new_marks.append((NOTES, title, "$1:$1048576"))
        if columns:
            self._new_marks.append((COLUMNS, title, f"${get_column_letter(columns[0])}:${_letters(columns[1])}"))

    def free_title(self, title: str) -> str:
        """Return ``title`` as a sheet may be called, with a number if another sheet has it."""
        wanted = " ".join(_FORBIDDEN_IN_TITLE.sub(" ", title).split()).strip("'") or "wsiskg"
        taken = {name.casefold() for name in self.titles} | {"history"}
        number, ending = 1, ""
        while (found := _shortened(wanted, _TITLE - len(ending)) + ending).casefold() in taken:
            number += 1
            ending = f" ({number})"
        return found

    def save(self) -> None:
        """Write the part, with the marks of this annotation in place of earlier ones."""
        for name in list(self._names()):
            if name.get("name") in {COLUMNS, NOTES, SUMMARY}:
                _remove(name)
        if self._new_marks:
            names = self._names_element()
            for kind, title, cells in sorted(self._new_marks, key=lambda m: (self.titles.index(m[1]), m[0])):
                element = etree.SubElement(names, f"{{{self.namespace}}}definedName")
                element.set("name", kind)
                element.set("localSheetId", str(self.titles.index(title)))
                element.set("hidden", "1")
                element.text = f"{quote_sheetname(title)}!{cells}"
        for empty in [e for e in self._root if local(e) == "definedNames" and not len(e)]:
            self._root.remove(empty)
        self._parts.write(self._parts.main, serialise(self._root))

    def _names(self) -> list[Markup]:
        return [name for group in self._root if local(group) == "definedNames" for name in group]

    def _names_element(self) -> Markup:
        for child in self._root:
            if local(child) == "definedNames":
                return child
        element = etree.Element(f"{{{self.namespace}}}definedNames")
        place = max(n for n, child in enumerate(self._root) if local(child) in _BEFORE_NAMES)
        self._root.insert(place + 1, element)
        return element

    def _read_marks(self) -> Marks:
        names = [(n.get("name", ""), n.get("localSheetId", ""), n.text or "") for n in self._names()]
        return read_marks(self.titles, names)


def _letters(column: int) -> str:
    return str(get_column_letter(column))


def _remove(element: Markup) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _shortened(title: str, units: int) -> str:
    """Return as much of ``title`` as fits into ``units`` of UTF-16."""
    while len(title.encode("utf-16-le")) > 2 * units:
        title = title[:-1]
    return title.rstrip(" '")
