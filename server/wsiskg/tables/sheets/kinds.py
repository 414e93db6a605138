"""What a file is, by its first bytes; those that are no table are refused with what to do instead."""

import re

from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.messages import KINDS, unreadable

__all__ = ["check_kind", "is_package"]

_PACKAGES = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE 2: old Office files, and any encrypted workbook
_STREAMS = (("EncryptedPackage", "password"), ("Workbook", "xls"), ("Book", "xls"), ("WordDocument", "word"))
_BIFF = re.compile(rb"\t[\x00\x02\x04\x08][\x04\x06\x08]\x00")  # workbooks older than OLE
_SIGNATURES = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"), (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"), (b"RIFF", "picture"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "packed"), (b"7z\xbc\xaf\x27\x1c", "packed"), (b"Rar!", "packed"), (b"BZh", "packed"),
    (b"\xfd7zXZ", "packed"),
)  # fmt: skip
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body|table|meta)\b", re.I | re.S
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|[a-z]+:rdf)\b", re.IGNORECASE)
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 4_096


def is_package(data: bytes) -> bool:
    """Say whether ``data`` begins as a ZIP package does."""
    return data.startswith(_PACKAGES)


def check_kind(data: bytes, name: str, limits: Limits) -> None:
    """Refuse what is too large, empty, or neither a package nor text.

    Raises:
        UnreadableError: it is; the message says what it is and what to do.

    """
    if len(data) > limits.bytes:
        raise unreadable("large", name, size=len(data), limit=limits.bytes)
    if not data.strip(b" \t\r\n\0"):
        raise unreadable("empty", name)
    if is_package(data):
        return
    if data.startswith(_COMPOUND):
        found = next((kind for stream, kind in _STREAMS if stream.encode("utf-16-le") in data), "office")
        if found == "password":
            raise unreadable("password", name)
        raise unreadable("resave" if found == "xls" else "no-table", name, kind=KINDS[found])
    if _BIFF.match(data):
        raise unreadable("resave", name, kind=KINDS["xls"])
    head = data[:_SAMPLE]
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            raise unreadable("no-table", name, kind=KINDS[kind])
    if _PAGE.match(head):
        raise unreadable("resave", name, kind=KINDS["page"])
    if _XML.match(head):
        raise unreadable("resave", name, kind=KINDS["xml"])
    # Texts in UTF-16 have zero bytes, but hardly other control characters.
    if len(_CONTROL.findall(head)) > len(head) // 50:
        raise unreadable("no-table", name, kind=KINDS["binary"])
