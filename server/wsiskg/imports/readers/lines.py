"""Bytes of a text file as lines, whatever its encoding and its line ends, in bounded memory."""

import codecs
from collections.abc import Iterator
from typing import IO

__all__ = ["LONGEST", "byte_lines", "line_text"]

LONGEST = 1 << 20
"""Bytes of a line; no row is made of a longer one."""

_CHUNK = 1 << 16
_SAMPLE = 4_096
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def byte_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of ``stream`` with their ends (LF, CR LF or CR), in UTF-8 if the file is of wider characters.

    Of a line that is too long, its beginning is yielded, which is longer than `LONGEST`.
    """
    kept, skipping = b"", False
    for chunk in _unicode(stream):
        *lines, kept = (kept + chunk).splitlines(keepends=True) or [b""]
        if kept.endswith(b"\n"):  # a CR at the end may be half of a line end
            lines.append(kept)
            kept = b""
        for line in lines:
            if not skipping:
                yield line
            skipping = False
        if len(kept) > LONGEST:
            if not skipping:
                yield kept
            kept, skipping = kept[-1:], True  # what ends it may have begun
    if kept and not skipping:
        yield kept


def line_text(line: bytes) -> tuple[str, bool, bool]:
    """Return the text of a line, whether it is not Unicode but Windows-1252, and whether it is neither."""
    try:
        return line.decode("utf-8"), False, False
    except UnicodeDecodeError:
        try:
            return line.decode("cp1252"), True, False
        except UnicodeDecodeError:
            return line.decode("utf-8", "replace"), False, True


def _unicode(stream: IO[bytes]) -> Iterator[bytes]:
    head = stream.read(_CHUNK)
    if head.startswith(codecs.BOM_UTF8):
        head = head[len(codecs.BOM_UTF8) :]
    elif encoding := _wide(head[:_SAMPLE]):
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        yield decoder.decode(head).removeprefix("\ufeff").encode("utf-8", "replace")
        while chunk := stream.read(_CHUNK):
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")
        return
    yield head
    while chunk := stream.read(_CHUNK):
        yield chunk


def _wide(sample: bytes) -> str:
    """Return the encoding of a text in UTF-16 or UTF-32 by its mark, or by the zero bytes of its ASCII characters."""
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * half and odd < 0.05 * half else ""
