"""The comments of a worksheet (ECMA-376) and the boxes that they are shown in (VML).

What is there is kept: to a comment of somebody else ours is appended. Each begins with a line that tells it apart,
since not every program keeps authors.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from lxml import etree
from openpyxl.utils.cell import get_column_letter

from wsiskg.tables.sheets.ooxml.markup import Markup, clean, local, parse, serialise
from wsiskg.tables.sheets.ooxml.parts import Parts
from wsiskg.tables.sheets.ooxml.sheet import SheetPart
from wsiskg.tables.sheets.ooxml.tags import cell_at

__all__ = ["AUTHOR", "SIGN", "Comments"]

AUTHOR = "wsiskg"
SIGN = "\u2014 wsiskg \u2014\n"
"""First line of every comment of ours."""

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_WIDTH, _LETTERS, _LINE_PIXELS = 320, 46, 17
_END = b"</v:shape>"
_ROW, _COLUMN = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>"), re.compile(rb"<x:Column>\s*(\d+)\s*</x:Column>")
_IDENTIFIER = re.compile(rb"_x0000_s(\d{4,9})")
_PREFIXES = (
    b' xmlns:v="urn:schemas-microsoft-com:vml"',
    b' xmlns:o="urn:schemas-microsoft-com:office:office"',
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"',
)
_EMPTY = (
    b"<xml%b%b%b>" % _PREFIXES + b'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
_BOX = b"wsiskg_note"  # our own type of shape: the one that is there may have been changed
_SHAPE_TYPE = (
    b'<v:shapetype id="' + _BOX + b'" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"%b>'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)

Place = tuple[int, int]


class Comments:
    """The comments of one worksheet.

    Raises:
        ValueError: the part holds no comments.

    """

    def __init__(self, parts: Parts, part: str, sheet: SheetPart, namespace: str) -> None:
        self._parts, self._owner, self._sheet = parts, part, sheet
        found = parts.related(part, "comments")
        self._part = found.target if found else ""
        self._root: Markup = parse(parts.read(self._part)) if found else etree.Element(f"{{{namespace}}}comments")
        if local(self._root) != "comments":
            raise ValueError("no comments")
        self._namespace = str(etree.QName(self._root).namespace)
        self._authors = self._child("authors")
        self._list = self._child("commentList")
        self._gone: set[Place] = set()
        self._new: dict[Place, str] = {}

    def remove(self) -> None:
        """Remove what an earlier annotation wrote."""
        for comment in list(self._list):
            body = _text_of(comment)
            if body is not None and _cut(body) and not any(element.text for element in _texts(body)):
                self._list.remove(comment)
                self._gone.add(_place(comment.get("ref", "")))

    def write(self, texts: Mapping[Place, str]) -> None:
        """Write a comment at each (row, column), or append it to the one that is there."""
        there = {_place(comment.get("ref", "")): comment for comment in self._list}
        for place, text in sorted(texts.items()):
            comment = there.get(place)
            if comment is not None and (body := _text_of(comment)) is not None:
                self._run(body, f"\n{SIGN}{text}")
                continue
            comment = etree.SubElement(self._list, f"{{{self._namespace}}}comment")
            comment.set("ref", f"{get_column_letter(place[1])}{place[0]}")
            comment.set("authorId", str(self._author()))
            self._run(etree.SubElement(comment, f"{{{self._namespace}}}text"), SIGN + text)
            self._new[place] = SIGN + text

    def save(self) -> None:
        """Write the parts, and tell the worksheet of them."""
        if not self._part and not len(self._list):
            return
        if not self._part:
            self._part = self._parts.free_name("xl/comments{}.xml")
            self._parts.relate(self._owner, "comments", self._part)
        self._parts.write(self._part, serialise(self._root), _TYPE)
        drawing = next((r for r in self._parts.relations(self._owner) if r.id == self._sheet.legacy), None)
        if drawing is None or drawing.target not in self._parts:
            target = self._parts.free_name("xl/drawings/vmlDrawing{}.vml")
            self._sheet.legacy = self._parts.relate(self._owner, "vmlDrawing", target)
            data = _EMPTY
        else:
            target, data = drawing.target, self._parts.read(drawing.target)
        self._parts.write(target, self._drawn(data), _VML_TYPE)

    def _drawn(self, data: bytes) -> bytes:
        """Return a drawing without the boxes of removed comments and with those of new ones."""
        if self._gone:
            pieces = data.split(_END)
            data = b"".join([*(self._kept(piece) for piece in pieces[:-1]), pieces[-1]])
        if not self._new:
            return data
        end = data.rindex(b"</")
        number = max((int(found) for found in _IDENTIFIER.findall(data)), default=1024)
        declared = b"".join(prefix for prefix in _PREFIXES if prefix.strip() not in data)
        kind = b"" if b'id="%b"' % _BOX in data else _SHAPE_TYPE % declared
        boxes = (self._box(number + n, place, text, declared) for n, (place, text) in enumerate(self._new.items(), 1))
        return b"".join([data[:end], kind, *boxes, data[end:]])

    def _kept(self, piece: bytes) -> bytes:
        """Return what ends in a box, without the box if its comment was removed."""
        start = max(piece.rfind(b"<v:shape "), 0)
        return piece[:start] if _shape_place(piece[start:]) in self._gone else piece + _END

    def _box(self, number: int, place: Place, text: str, declared: bytes) -> bytes:
        row, column = place
        lines = sum(1 + len(line) // _LETTERS for line in text.split("\n"))
        height = _LINE_PIXELS * (lines + 1)
        last_column, right = _reach(self._sheet.column_pixels, column + 1, _WIDTH)
        first_row = max(row - 1, 1)
        last_row, bottom = _reach(self._sheet.row_pixels, first_row, height)
        anchor = f"{column}, 12, {first_row - 1}, 8, {last_column - 1}, {right}, {last_row - 1}, {bottom}"
        return (
            b'<v:shape id="_x0000_s%d" type="#%b" style="position:absolute;visibility:hidden;width:%dpt;height:%dpt" '
            b'fillcolor="#ffffe1" o:insetmode="auto"%b>'
            b'<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
            b'<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
            b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%b</x:Anchor>'
            b"<x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
            % (number, _BOX, _WIDTH * 3 // 4, height * 3 // 4, declared, anchor.encode("ascii"), row - 1, column - 1)
        )

    def _author(self) -> int:
        for number, author in enumerate(self._authors):
            if author.text == AUTHOR:
                return number
        etree.SubElement(self._authors, f"{{{self._namespace}}}author").text = AUTHOR
        return len(self._authors) - 1

    def _run(self, body: Markup, text: str) -> None:
        """Append a run of text; a text without runs becomes the first one."""
        for plain in [e for e in body if local(e) == "t"]:
            run = etree.Element(f"{{{self._namespace}}}r")
            body.replace(plain, run)
            run.append(plain)
        run = etree.Element(f"{{{self._namespace}}}r")
        body.insert(sum(local(e) == "r" for e in body), run)
        element = etree.SubElement(run, f"{{{self._namespace}}}t")
        element.set(_SPACE, "preserve")
        element.text = clean(text)

    def _child(self, name: str) -> Markup:
        found = next((child for child in self._root if local(child) == name), None)
        if found is None:
            found = etree.Element(f"{{{self._namespace}}}{name}")
            self._root.insert(0 if name == "authors" else len(self._root), found)
        return found


def _place(reference: str) -> Place:
    try:
        return cell_at(reference)
    except ValueError:
        return 0, 0


def _shape_place(shape: bytes) -> Place | None:
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    return (int(row[1]) + 1, int(column[1]) + 1) if b"Note" in shape and row and column else None


def _text_of(comment: Markup) -> Markup | None:
    return next((child for child in comment if local(child) == "text"), None)


def _texts(body: Markup) -> Iterable[Markup]:
    return (e for e in body.iter() if local(e) == "t")


def _cut(body: Markup) -> bool:
    """Cut off what we wrote, and say whether there was any."""
    found = False
    for element in list(_texts(body)):
        text = element.text or ""
        if found:
            element.text = ""
        elif SIGN in text:
            found = True
            element.text = text[: text.index(SIGN)].removesuffix("\n")
        else:
            continue
        run = element.getparent()
        if not element.text and run is not None and local(run) == "r" and (parent := run.getparent()) is not None:
            parent.remove(run)
    return found


def _reach(pixels: Callable[[int], int], first: int, wanted: int) -> Place:
    """Return the column or row that lies ``wanted`` pixels after the start of ``first``, and how far into it."""
    number = first
    while wanted > (size := pixels(number)) and number < first + 200:
        wanted -= size
        number += 1
    return number, min(wanted, pixels(number))
