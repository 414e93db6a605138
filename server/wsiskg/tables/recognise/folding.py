"""Texts made comparable: without case, accents, punctuation, look-alike letters and digits of other scripts."""

import unicodedata

__all__ = ["compatible", "flat", "squeeze"]

_TATWEEL = "\u0640"  # stretches Arabic words, says nothing
_CYRILLIC, _LATIN = "авекмнорстухі", "abekmhopctyxi"
_ASCII = {code: None for code in range(128) if not chr(code).isalnum()}
_LOOKALIKES = dict(zip(_CYRILLIC, _LATIN, strict=True))


def compatible(text: str) -> str:
    """Return ``text`` with compatibility characters resolved (NFKC), invisible ones removed and blanks made single."""
    normal = unicodedata.normalize("NFKC", text)
    visible = (c if unicodedata.category(c) not in {"Cf", "Cc"} else " " if c.isspace() else "" for c in normal)
    return " ".join("".join(visible).split())


def squeeze(text: str) -> str:
    """Return the letters and digits alone, without case and accents: ``C7 - É-agri`` becomes ``c7eagri``."""
    if text.isascii():
        return text.lower().translate(_ASCII)
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_digit(c) for c in unicodedata.normalize("NFC", parts.casefold()) if _counts(c)) if parts else ""


def flat(text: str) -> str:
    """Return small letters without accents, Cyrillic look-alikes and other digits as Latin ones; the length stays."""
    return text.lower() if text.isascii() else "".join(map(_flat, text))


def _counts(character: str) -> bool:
    return character.isalnum() and character != _TATWEEL


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)


def _flat(character: str) -> str:
    plain = unicodedata.normalize("NFD", character)[0].lower()[0]
    return _LOOKALIKES.get(plain, _digit(plain))
