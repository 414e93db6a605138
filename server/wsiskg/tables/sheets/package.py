"""Open a workbook's ZIP package safely: nothing is unpacked before its size is known, no entity is ever expanded."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from wsiskg.model.errors import UsageError
from wsiskg.tables.sheets.limits import Limits

__all__ = ["SAVE_AS_XLSX", "broken", "open_package"]

SAVE_AS_XLSX = "Open it in a spreadsheet program and save it as 'Excel workbook (.xlsx)'."

_LARGE = 10_000_000  # bytes: below this, a part may be packed as tightly as it likes
_CHUNK = 1 << 20
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_OFFICE = {
    "opendocument": "an OpenDocument file",
    "wordprocessingml": "a Word document",
    "presentationml": "a presentation",
}


@contextmanager
def open_package(data: bytes, name: str, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open the workbook in ``data`` for reading, once everything about it is known to be harmless.

    Raises:
        UsageError: it is damaged, encrypted, holds macros, is no workbook, or unpacks to too much.

    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise broken(name) from error
    with archive:
        _check_directory(archive, name, limits)
        try:
            _check_kind(archive, name)
            for info in archive.infolist():
                if info.filename.lower().endswith((".xml", ".rels", ".vml")):
                    with archive.open(info) as part:
                        _check_entities(part, name, info.filename)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise broken(name) from error
        yield archive


def broken(name: str) -> UsageError:
    """Return the error that says that the workbook called ``name`` cannot be read."""
    return UsageError(f"'{name}' is damaged: it cannot be read as a workbook.", f"{SAVE_AS_XLSX} Or send it again.")


def _check_directory(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    """Judge the sizes in the directory; the module never unpacks more of a part than the directory says."""
    parts = archive.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise UsageError(f"'{name}' is protected by a password.", "Remove the password and save the workbook again.")
    if len(parts) > limits.parts:
        raise UsageError(f"'{name}' has {len(parts)} parts; at most {limits.parts} are read.", SAVE_AS_XLSX)
    total = sum(part.file_size for part in parts)
    tight = any(p.file_size > _LARGE and p.file_size > limits.ratio * max(p.compress_size, 1) for p in parts)
    if total > limits.unpacked or tight:
        raise UsageError(
            f"'{name}' would unpack from {sum(p.compress_size for p in parts):,} to {total:,} bytes and is refused.",
            "Delete empty rows, unused sheets and pictures, then save it again.",
        )


def _check_kind(archive: zipfile.ZipFile, name: str) -> None:
    names = {part.filename.lower() for part in archive.infolist()}
    types = ""
    for listing in ("mimetype", "[Content_Types].xml"):
        if listing.lower() in names and listing in archive.namelist():
            with archive.open(listing) as part:
                types += part.read(200_000).decode("utf-8", "replace").lower()
    if "macroenabled" in types or any(n.endswith("vbaproject.bin") for n in names):
        raise UsageError(
            f"'{name}' holds macros and is not opened.", "Save it as 'Excel workbook (.xlsx)', without macros."
        )
    for mark, what in _OTHER_OFFICE.items():
        if mark in types and "spreadsheetml" not in types:
            raise UsageError(f"'{name}' is {what}, not an Excel workbook.", SAVE_AS_XLSX)
    if any(n.endswith("workbook.bin") for n in names):
        raise UsageError(f"'{name}' is a binary workbook (.xlsb).", SAVE_AS_XLSX)
    if "[content_types].xml" not in names:
        raise UsageError(f"'{name}' is a ZIP archive, not a workbook.", "Send the workbook that is inside.")


def _check_entities(part: IO[bytes], name: str, member: str) -> None:
    """Refuse document types and entities, in UTF-16 too: no spreadsheet program writes them."""
    kept = b""
    while chunk := part.read(_CHUNK):
        text = kept + chunk.replace(b"\0", b"")
        if _FORBIDDEN.search(text):
            raise UsageError(f"'{name}' declares XML entities in {member} and is not opened.", SAVE_AS_XLSX)
        kept = text[-16:]
