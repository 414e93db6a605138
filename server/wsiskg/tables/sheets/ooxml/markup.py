"""XML of a package's parts: parsed without ever following a reference, written, and text made fit for it."""

import codecs
import re
from xml.sax.saxutils import escape

from lxml import etree

__all__ = ["NAMESPACES", "Markup", "attribute_of", "clean", "escaped", "legal", "local", "parse", "serialise", "utf8"]

NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""Namespaces of SpreadsheetML: transitional and strict."""

Markup = etree._Element
"""An element of a parsed part."""

_MAX_TREE = 40_000_000  # bytes of a part that is held as a tree
_DECLARATION = re.compile(rb"""^(\s*<\?xml[^>]*?encoding\s*=\s*)(["'])([A-Za-z0-9._-]+)\2""")
_ENCODINGS = {"utf-8", "utf-16", "ascii", "iso8859-1", "cp1252"}
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def parse(data: bytes) -> Markup:
    """Return the root of the part in ``data``, without remarks and instructions.

    Raises:
        lxml.etree.XMLSyntaxError: it is not well-formed.
        ValueError: it is too large, or declares a document type.

    """
    if len(data) > _MAX_TREE:
        raise ValueError(f"part of {len(data)} bytes")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        strip_cdata=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise ValueError("document type")
    return root


def serialise(root: Markup) -> bytes:
    """Return a part as bytes, with what stands before its root."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def local(element: Markup) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute_of(element: Markup, name: str) -> str:
    """Return an attribute by its local name, in whatever namespace, or nothing."""
    return next((str(v) for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), "")


def utf8(data: bytes) -> bytes:
    """Return a part in UTF-8.

    Raises:
        ValueError: its encoding is none that spreadsheet programs write.

    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16")
        return re.sub(r"""(<\?xml[^>]*?encoding\s*=\s*["'])[^"']+""", r"\1UTF-8", text, count=1).encode("utf-8")
    found = _DECLARATION.match(data)
    encoding = codecs.lookup(found[3].decode("ascii")).name if found else "utf-8"
    if encoding not in _ENCODINGS:
        raise ValueError(f"encoding {encoding}")
    if found is None or encoding == "utf-8":
        return data
    return (found[1] + b'"UTF-8"' + data[found.end() :]).decode(encoding).encode("utf-8")


def legal(text: str) -> str:
    """Return ``text`` without the characters that XML has no place for, its lines ended by LF."""
    return _FORBIDDEN.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def clean(text: str) -> str:
    """Return ``text`` as a cell or comment stores it (``ST_Xstring``).

    It is made `legal`, and what looks like the format's own escape of a character (``_x0041_``) is escaped so that it
    stays as it is.
    """
    return _LOOKS_ESCAPED.sub("_x005F_", legal(text))


def escaped(text: str) -> bytes:
    """Return ``text`` ready to stand in an element or in quotes."""
    return escape(clean(text), {'"': "&quot;"}).encode("utf-8")
