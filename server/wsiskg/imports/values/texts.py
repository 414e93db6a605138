"""Running text as it may stand in a table: plain, on one line, without addresses of persons."""

import html
import re
import unicodedata

from wsiskg.model.problems import Origin
from wsiskg.tables.cells import text_problem

__all__ = ["has_words", "is_personal", "plain_text", "without_addresses"]

_TAG = re.compile(r"<(?:!--.*?--|/?[A-Za-z][^<>]{0,500}|[!?][^<>]{0,500})>", re.DOTALL)
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"']+@[^\s@<>()\[\],;:\"']+\.[^\W\d_]{2,}")
_PHONE = re.compile(
    r"(?:(?:tel|phone|mobile|fax|тел)\w*[\s.:]*)?(?<![\w.,])(?:\+|00)[1-9][\d\s()./-]{6,18}\d", re.IGNORECASE
)
_DIALLED = re.compile(r"(?:\+|00(?<![0-9]00))[1-9]")  # every number that is one has it
_ALLOWED = frozenset("\u200c\u200d\u200e\u200f")  # as in the tables: Persian, Arabic and Indic texts need them
_UNESCAPED = 3  # times that a text may have been escaped
_NOWHERE = Origin("")


def plain_text(text: str) -> str:
    """Return ``text`` without markup and invisible characters, blanks made single."""
    if text.isprintable() and "&" not in text and "<" not in text:
        return " ".join(unicodedata.normalize("NFC", text).split())
    found = text
    for _ in range(_UNESCAPED):
        if "&" not in found or (plain := html.unescape(found)) == found:
            break
        found = plain
    if "<" in found:
        found = _OPENING.sub("< ", _TAG.sub(" ", found))
    visible = (c if c in _ALLOWED or unicodedata.category(c)[0] != "C" else " " if c.isspace() else "" for c in found)
    found = " ".join(unicodedata.normalize("NFC", "".join(visible)).split())
    return found if text_problem(_NOWHERE, found) is None else found.replace("&", "& ").replace("<", "< ")


def has_words(text: str) -> bool:
    """Say whether ``text`` has a letter, and is not what a spreadsheet shows in place of a value."""
    return any(map(str.isalpha, text)) and text not in _ERRORS


def without_addresses(text: str) -> tuple[str, int]:
    """Return ``text`` without addresses of e-mail and international telephone numbers, and how many there were."""
    if "@" not in text and "+" not in text and "00" not in text:
        return text, 0
    found, mails = _MAIL.subn("", text) if "@" in text else (text, 0)
    found, phones = _PHONE.subn("", found) if _DIALLED.search(found) else (found, 0)
    return (" ".join(found.split()), mails + phones) if mails or phones else (text, 0)


def is_personal(text: str) -> bool:
    """Say whether ``text`` is nothing but an address of e-mail or an international telephone number."""
    return not re.sub(r"[\s,;/]+", "", without_addresses(text)[0]) and bool(text.strip())
