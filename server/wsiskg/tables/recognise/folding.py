"""Texts made comparable: without case, accents, punctuation, look-alike letters and digits of other scripts."""

import string
import unicodedata
from collections.abc import Callable, Sequence

__all__ = ["compatible", "compatible_lines", "flat", "squeeze", "squeeze_all"]

_TATWEEL = "\u0640"  # stretches Arabic words, says nothing
_CYRILLIC, _LATIN = "авекмнорстухі", "abekmhopctyxi"
_ASCII = bytes.maketrans(string.ascii_uppercase.encode(), string.ascii_lowercase.encode())
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_LOOKALIKES = dict(zip(_CYRILLIC, _LATIN, strict=True))
_KNOWN = 10_000  # characters that a table remembers


def compatible(text: str) -> str:
    """Return ``text`` with compatibility characters resolved (NFKC), invisible ones removed and blanks made single."""
    normal = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not normal.isprintable():
        visible = (
            c if unicodedata.category(c) not in {"Cf", "Cc"} else " " if c.isspace() else "" for c in normal
        )  # fmt: skip
        normal = "".join(visible)
    return " ".join(normal.split())


def squeeze(text: str) -> str:
    """Return the letters and digits alone, without case and accents: ``C7 - É-agri`` becomes ``c7eagri``."""
    if text.isascii():
        return text.encode("ascii").translate(_ASCII, _SIGNS).decode("ascii")
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", parts.casefold()).translate(_COUNTING)


def squeeze_all(texts: Sequence[str]) -> list[str]:
    """Return what `squeeze` makes of each text, in less time."""
    whole = "\n".join(texts)
    if whole.count("\n") != len(texts) - 1:
        return list(map(squeeze, texts))
    # A line end composes with nothing, so that texts beside it do not change each other.
    parts = unicodedata.normalize("NFKD", whole.casefold())
    return unicodedata.normalize("NFC", parts.casefold()).translate(_COUNTING_LINES).split("\n")


def compatible_lines(texts: Sequence[str]) -> str:
    """Return what `compatible` makes of each text, a line each; blanks stay as many as they are."""
    whole = unicodedata.normalize("NFKC", "\n".join(texts))
    if whole.count("\n") == len(texts) - 1 and whole.replace("\n", "").isprintable():
        return whole
    return "\n".join(map(compatible, texts))


def flat(text: str) -> str:
    """Return small letters without accents, Cyrillic look-alikes and other digits as Latin ones; the length stays."""
    return text.lower() if text.isascii() else text.translate(_FLAT)


class _Table(dict[int, str | None]):
    """Says what becomes of a character, worked out when it is first met."""

    def __init__(self, made: Callable[[str], str | None]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, code: int) -> str | None:
        found = self._made(chr(code))
        if len(self) < _KNOWN:
            self[code] = found
        return found


def _counted(character: str) -> str | None:
    return _digit(character) if character.isalnum() and character != _TATWEEL else None


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)


def _flat(character: str) -> str:
    plain = unicodedata.normalize("NFD", character)[0].lower()[0]
    return _LOOKALIKES.get(plain, _digit(plain))


_COUNTING, _FLAT = _Table(_counted), _Table(_flat)
_COUNTING_LINES = _Table(lambda character: character if character == "\n" else _counted(character))
