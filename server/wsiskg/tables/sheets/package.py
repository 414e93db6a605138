"""Open a workbook's ZIP package safely: nothing is unpacked before its size is known, no entity is ever expanded."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.messages import KINDS, unreadable

__all__ = ["open_package"]

_LARGE = 10_000_000  # bytes: below this, a part may be packed as tightly as it likes
_CHUNK = 1 << 20
_ENTRY = b"PK\x01\x02"
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_OFFICE = {"opendocument": "ods", "wordprocessingml": "word", "presentationml": "slides"}
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


@contextmanager
def open_package(data: bytes, name: str, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open the workbook in ``data`` for reading, once everything about it is known to be harmless.

    Raises:
        UnreadableError: it is damaged, encrypted, holds macros, is no workbook, or unpacks to too much.

    """
    # The module makes an object of each entry of the directory, about a kilobyte: count them first.
    if data.count(_ENTRY) > limits.parts:
        raise unreadable("parts", name, limit=limits.parts)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _FAULTS as error:
        raise unreadable("damaged", name) from error
    with archive:
        _check_directory(archive, name, limits)
        try:
            _check_kind(archive, name)
            for info in archive.infolist():
                if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                    with archive.open(info) as part:
                        _check_entities(part, name, info.filename)
        except _FAULTS as error:
            raise unreadable("damaged", name) from error
        yield archive


def _check_directory(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Judge the sizes in the directory; the module never unpacks more of a part than the directory says."""
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise unreadable("password", name)
    total = sum(part.file_size for part in parts)
    tight = any(p.file_size > _LARGE and p.file_size > limits.ratio * max(p.compress_size, 1) for p in parts)
    if total > limits.unpacked or tight:
        raise unreadable("unpacks", name, packed=sum(p.compress_size for p in parts), unpacked=total)


def _check_kind(archive: zipfile.ZipFile, name: str) -> None:
    parts = {part.filename.lower(): part for part in archive.infolist()}
    types = ""
    for listing in ("mimetype", "[content_types].xml"):
        if listing in parts:
            with archive.open(parts[listing]) as part:
                types += part.read(_CHUNK).decode("utf-8", "replace").lower()
    if "macroenabled" in types or any(part.endswith("vbaproject.bin") for part in parts):
        raise unreadable("macros", name)
    for mark, kind in _OTHER_OFFICE.items():
        if mark in types and "spreadsheetml" not in types:
            raise unreadable("resave" if kind == "ods" else "no-table", name, kind=KINDS[kind])
    if any(part.endswith("workbook.bin") for part in parts):
        raise unreadable("resave", name, kind=KINDS["xlsb"])
    if "[content_types].xml" not in parts:
        raise unreadable("archive", name)


def _check_entities(part: IO[bytes], name: str, member: str) -> None:
    """Refuse document types and entities, in UTF-16 too: no spreadsheet program writes them."""
    kept = b""
    while chunk := part.read(_CHUNK):
        text = kept + chunk.replace(b"\0", b"")
        if _FORBIDDEN.search(text):
            raise unreadable("entities", name, part=member)
        kept = text[-16:]
