"""Plain values as people write them: yes and no, decimal numbers."""

import re
from collections.abc import Mapping
from decimal import Decimal

from wsiskg.tables.recognise.folding import compatible, squeeze

__all__ = ["read_decimal", "read_flag"]

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
_NUMBER = re.compile(r"([+-]?)(\d{1,15}|\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,4})(?:[.,](\d{1,15}))?\s*(%?)")


def read_flag(text: str) -> bool | None:
    """Return what a yes or no in one of the six UN languages says, None if ``text`` is neither."""
    written = compatible(text)
    return _FLAGS.get(squeeze(written) or written)


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
