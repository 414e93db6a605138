"""Bytes of a text to characters: Unicode as marked or as proven, else Windows or old Macintosh, or not at all."""

import codecs
import re

from wsiskg.tables.sheets.messages import unreadable

__all__ = ["decoded"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LEGACY = ("cp1252", "mac_roman")
_WESTERN = frozenset("àáâãäåçèéêëìíîïñòóôõöøùúûüÿœæßÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜŸŒÆ«»‹›¿¡ºª°‘’‚“”„–—…€•·§©®™ \xa0")
_RUN = re.compile("[^\\W\\d_\x00-\x7f]{4}")  # no word of a western language has four accented letters in a row
_SAMPLE = 4_096


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of ``data``, and its encoding where that is not Unicode and had to be guessed.

    A text that is not Unicode is read as what spreadsheet programs write in western languages, if its accented letters
    then make sense; any other encoding is refused rather than guessed.

    Raises:
        UnreadableError: the encoding is none of these.

    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, name), ""
    if encoding := _unmarked(data[:_SAMPLE]):
        return _strict(data, encoding, name), ""
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return _legacy(data, name, error.start)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable("encoding", name, byte=f"0x{data[error.start]:02x}") from error


def _unmarked(sample: bytes) -> str:
    """Recognise UTF-16 without mark by the zero bytes of its ASCII characters."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(len(sample) // 2, 1)
    if odd > 0.3 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.3 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def _legacy(data: bytes, name: str, start: int) -> tuple[str, str]:
    found = []
    for encoding in _LEGACY:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        found.append((_strange(text), text, encoding))
    strange, text, encoding = min(found, key=lambda entry: entry[0])  # the Macintosh's has no undefined byte
    accented = sum(character > "\x7f" for character in text)
    if strange > 0.1 * accented or _RUN.search(text):
        row = len(re.findall(rb"\r\n|\r|\n", data[:start])) + 1
        raise unreadable("encoding", name, row, byte=f"0x{data[start]:02x}")
    return text, encoding


def _strange(text: str) -> int:
    """Count the characters that no western text has: other signs, capitals after small letters."""
    pairs = zip(" " + text, text, strict=False)
    return sum(c > "\x7f" and (c not in _WESTERN or (c.isupper() and before.islower())) for before, c in pairs)
