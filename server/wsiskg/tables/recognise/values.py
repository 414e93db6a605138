"""Plain values as people write them: yes and no, languages, decimal numbers."""

import re
from collections.abc import Mapping
from decimal import Decimal

from wsiskg.tables.recognise.folding import compatible, squeeze
from wsiskg.tables.recognise.names import Names
from wsiskg.tables.recognise.recognised import How, Recognised

__all__ = ["read_decimal", "read_flag", "read_language"]

_YES = [
    "yes",
    "y",
    "true",
    "1",
    "x",
    "✓",
    "✔",
    "oui",
    "o",
    "vrai",
    "si",
    "sí",
    "s",
    "verdadero",
    "да",
    "نعم",
    "是",
    "对",
]
_NO = ["no", "n", "false", "0", "non", "faux", "falso", "нет", "لا", "否", "不", "不是"]
_FLAGS: Mapping[str, bool] = {squeeze(w) or w: value for words, value in ((_YES, True), (_NO, False)) for w in words}
_LANGUAGES: Mapping[str, str] = {
    "en": "English anglais inglés английский الإنجليزية إنجليزي 英语 英文",
    "fr": "French français francés французский الفرنسية فرنسي 法语 法文",
    "es": "Spanish espagnol español castellano castillan испанский الإسبانية إسباني 西班牙语 西班牙文",
    "ru": "Russian russe ruso русский الروسية روسي 俄语 俄文",
    "ar": "Arabic arabe árabe арабский العربية عربي 阿拉伯语 阿拉伯文",
    "zh": "Chinese chinois chino mandarin китайский الصينية صيني 中文 汉语 汉文",
}
_NAMES = Names((code, name) for code, names in _LANGUAGES.items() for name in (code, *names.split()))
_TAG = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9]{2,8})+")
_NUMBER = re.compile(r"([+-]?)(\d{1,15}|\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,4})(?:[.,](\d{1,15}))?\s*(%?)")


def read_flag(text: str) -> bool | None:
    """Return what a yes or no in one of the six UN languages says, None if ``text`` is neither."""
    written = compatible(text)
    return _FLAGS.get(squeeze(written) or written)


def read_language(text: str) -> Recognised:
    """Read one of the six UN languages: its code, with a region or not, or its name in any of them."""
    written = compatible(text)
    if written in _LANGUAGES:
        return Recognised("language", text, written, How.EXACT)
    if found := _NAMES.find(written):
        return Recognised("language", text, found[0], How.TITLE if len(written) > 2 else How.NORMALISED)
    if (tag := _TAG.fullmatch(written)) and tag[1].lower() in _LANGUAGES:
        return Recognised("language", text, tag[1].lower(), How.NORMALISED)
    return Recognised("language", text, candidates=_NAMES.near(written), doubt="unknown")


def read_decimal(text: str) -> Decimal | None:
    """Return the number that ``text`` writes with a point or a comma, percent or not; None if it writes none.

    A point or comma is taken for the decimal sign, never for one between thousands; those are blanks.
    """
    match = _NUMBER.fullmatch(compatible(text))
    if match is None:
        return None
    whole = re.sub(r"\D", "", match[2])
    number = Decimal(f"{match[1]}{whole}.{match[3] or '0'}")
    number = number / 100 if match[4] else number
    return number.normalize() + 0  # no exponent of zero, no negative zero
