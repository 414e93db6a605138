"""The styles part: a style that is there already, with another fill; and the few styles of what is added."""

from copy import deepcopy
from enum import Enum

from lxml import etree

from wsiskg.tables.sheets.ooxml.markup import NAMESPACES, Markup, local, parse, serialise
from wsiskg.tables.sheets.ooxml.parts import Parts

__all__ = ["Styles", "Tone"]

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles")
_BASE = "{6D1B6C0E-6D3F-4D5B-9C7A-5A1F0B7C2E11}"  # names the extension that remembers a style's own fill
_OURS = "urn:wsiskg:styles"
_MOST = 65_000  # styles that a workbook may have


class Tone(Enum):
    """Colours of cells (ARGB), each a shade off what palettes offer: nobody else's are taken for ours."""

    VIOLATION = "FFF8CBAC"
    WARNING = "FFFFE698"
    INFO = "FFDDEBF6"
    GOOD = "FFE2EFD9"
    HEADER = "FF1B4F71"
    PLAIN = ""


class Styles:
    """The styles of a workbook.

    Raises:
        ValueError: the part is no list of styles.

    """

    def __init__(self, parts: Parts, namespace: str = NAMESPACES[0]) -> None:
        self._parts, self._namespace = parts, namespace
        found = parts.related(parts.main, "styles")
        if found is None:
            self._part = "xl/styles.xml" if "xl/styles.xml" not in parts else parts.free_name("xl/styles{}.xml")
            self._root: Markup = etree.Element(f"{{{namespace}}}styleSheet")
            parts.write(self._part, serialise(self._root), _TYPE)
            parts.relate(parts.main, "styles", self._part)
            self._group("cellStyleXfs").append(self._make("xf", numFmtId="0", fontId="0", fillId="0", borderId="0"))
            self._group("cellStyles").append(self._make("cellStyle", name="Normal", xfId="0", builtinId="0"))
        else:
            self._part = found.target
            self._root = parse(parts.read(self._part))
            if local(self._root) != "styleSheet":
                raise ValueError("no styles")
            self._namespace = str(etree.QName(self._root).namespace)
        self._fonts, self._fills, self._borders = (self._group(name) for name in ("fonts", "fills", "borders"))
        self._xfs = self._group("cellXfs")
        self._complete()
        self._fill_of: dict[Tone, int] = {}
        self._known: dict[tuple[int, Tone], int] = {}
        self._added: dict[tuple[Tone, bool, bool], int] = {}
        self._places: dict[str, dict[tuple[object, ...], int]] = {}

    @property
    def toned(self) -> frozenset[int]:
        """Styles whose fill is one of ours."""
        ours = {tone.value for tone in Tone if tone is not Tone.PLAIN}
        fills = {
            str(number)
            for number, fill in enumerate(self._fills)
            if any(local(e) == "fgColor" and e.get("rgb") in ours for e in fill.iter())
        }
        return frozenset(number for number, xf in enumerate(self._xfs) if xf.get("fillId") in fills)

    def with_tone(self, style: int, tone: Tone) -> int:
        """Return the style that is ``style`` but for its fill."""
        if not 0 <= style < len(self._xfs):
            style = 0
        if (style, tone) not in self._known:
            xf = deepcopy(self._xfs[style])
            own = xf.get("fillId", "0")
            xf.set("fillId", str(self._fill(tone)))
            xf.set("applyFill", "1")
            self._remember(xf, own)
            self._known[style, tone] = self._put(self._xfs, xf)
        return self._known[style, tone]

    def without_tone(self, style: int) -> int:
        """Return the style that is ``style`` with the fill that it had before it got one of ours, or with none."""
        xf = deepcopy(self._xfs[style])
        own = "0"
        for extensions in [e for e in xf if local(e) == "extLst"]:
            for extension in [e for e in extensions if e.get("uri") == _BASE]:
                own = next((e.get("fill", "0") for e in extension), "0")
                extensions.remove(extension)
            if not len(extensions):
                xf.remove(extensions)
        xf.set("fillId", own if own.isdigit() and int(own) < len(self._fills) else "0")
        if xf.get("fillId") == "0" and "applyFill" in xf.attrib:
            del xf.attrib["applyFill"]
        return self._put(self._xfs, xf)

    def added(self, tone: Tone, bold: bool = False, wrap: bool = True) -> int:
        """Return a style of our own: at the top left, ``bold`` or not, on a fill or none."""
        key = (tone, bold, wrap)
        if key not in self._added:
            xf = self._make("xf", numFmtId="0", fontId="0", fillId="0", borderId="0", xfId="0")
            if tone is not Tone.PLAIN:
                xf.set("fillId", str(self._fill(tone)))
                xf.set("applyFill", "1")
            if bold:
                xf.set("fontId", str(self._bold("FFFFFFFF" if tone is Tone.HEADER else "")))
                xf.set("applyFont", "1")
            xf.set("applyAlignment", "1")
            xf.append(self._make("alignment", horizontal="left", vertical="top", wrapText=str(int(wrap))))
            self._added[key] = self._put(self._xfs, xf)
        return self._added[key]

    def save(self) -> None:
        """Write the part."""
        for group in (self._fonts, self._fills, self._borders, self._xfs):
            group.set("count", str(len(group)))
        self._parts.write(self._part, serialise(self._root))

    def _make(self, tag: str, **attributes: str) -> Markup:
        element = etree.Element(f"{{{self._namespace}}}{tag}", nsmap=self._root.nsmap)  # type: ignore[arg-type]
        for key, value in attributes.items():
            element.set(key, value)
        return element

    def _group(self, name: str) -> Markup:
        """Return a list of the part, made at its place if it is not there."""
        for child in self._root:
            if local(child) == name:
                return child
        group = self._make(name)
        before = _ORDER[: _ORDER.index(name)]
        self._root.insert(sum(local(child) in before for child in self._root), group)
        return group

    def _complete(self) -> None:
        """Fill empty lists with what every workbook has."""
        if not len(self._fonts):
            self._fonts.append(self._make("font"))
        for kind in ("none", "gray125")[len(self._fills) :]:
            fill = self._make("fill")
            fill.append(self._make("patternFill", patternType=kind))
            self._fills.append(fill)
        if not len(self._borders):
            self._borders.append(self._make("border"))
        if not len(self._xfs):
            self._xfs.append(self._make("xf", numFmtId="0", fontId="0", fillId="0", borderId="0", xfId="0"))

    def _fill(self, tone: Tone) -> int:
        if tone not in self._fill_of:
            fill, pattern = self._make("fill"), self._make("patternFill", patternType="solid")
            pattern.append(self._make("fgColor", rgb=tone.value))
            pattern.append(self._make("bgColor", indexed="64"))
            fill.append(pattern)
            self._fill_of[tone] = self._put(self._fills, fill)
        return self._fill_of[tone]

    def _bold(self, colour: str) -> int:
        font = deepcopy(self._fonts[0])
        for element in [e for e in font if local(e) in {"b", "color"}]:
            font.remove(element)
        font.insert(0, self._make("b"))
        if colour:
            # CT_Font is a sequence for Excel: the colour comes after what may stand before it.
            early = {"b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz"}
            font.insert(sum(local(e) in early for e in font), self._make("color", rgb=colour))
        return self._put(self._fonts, font)

    def _remember(self, xf: Markup, fill: str) -> None:
        """Note in an extension of ``xf`` which fill it had: programs that do not know it pass over it."""
        extensions = next((e for e in xf if local(e) == "extLst"), None)
        if extensions is None:
            extensions = self._make("extLst")
            xf.append(extensions)
        extension = self._make("ext", uri=_BASE)
        etree.SubElement(extension, f"{{{_OURS}}}own", nsmap={"wsiskg": _OURS}).set("fill", fill)
        extensions.append(extension)

    def _put(self, group: Markup, element: Markup) -> int:
        """Return the place of an element among those of a group, put at the end if it is not there yet."""
        element.tail = None
        kind = local(group)
        if kind not in self._places:
            self._places[kind] = {_identity(known): number for number, known in reversed(list(enumerate(group)))}
        places = self._places[kind]
        identity = _identity(element)
        if identity not in places:
            if len(group) >= _MOST:
                raise ValueError("too many styles")
            places[identity] = len(group)
            group.append(element)
        return places[identity]


def _identity(element: Markup) -> tuple[object, ...]:
    """Return what is the same for elements that say the same."""
    children = tuple(_identity(child) for child in element)
    return element.tag, frozenset(element.attrib.items()), (element.text or "").strip(), children
