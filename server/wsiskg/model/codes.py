"""Codes of the frameworks: action lines, SDGs, Connect 2020, countries, languages, dates."""

import re
from collections.abc import Callable, Mapping
from datetime import date

__all__ = [
    "FORMATS",
    "PATTERNS",
    "UN_LANGUAGES",
    "is_isodate",
    "natural_key",
    "parent_line",
    "sdg_goal_of",
]

UN_LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
"""The six official languages of the United Nations, BCP 47."""

# Characters of an IRI without its delimiters (RFC 3987); Oxigraph refuses any other, so a table must not hold them.
_IRI = r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2}|[\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef])"

PATTERNS: Mapping[str, str] = {
    "action-line": r"C(?:[1-9]|10|11|7-(?:EGOV|EBUS|ELEA|EHEA|EEMP|EENV|EAGR|ESCI))",
    "sdg": r"(?:[1-9]|1[0-7])(?:\.(?:[1-9]|1[0-9]|[a-d]))?",
    "sdg-goal": r"[1-9]|1[0-7]",
    "sdg-target": r"(?:[1-9]|1[0-7])\.(?:[1-9]|1[0-9]|[a-d])",
    "sdg-indicator": r"(?:[1-9]|1[0-7])\.(?:[1-9]|1[0-9]|[a-d])\.[1-9]",
    "connect2020": r"[1-4](?:\.[1-5](?:\.[AB])?)?",
    "country": r"[A-Z]{3}",
    "lang": r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?",
    "slug": r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?",
    "uri": rf"https?://{_IRI}+(?::[0-9]{{1,5}})?(?:/(?:{_IRI}|[:@/])*)?(?:[?](?:{_IRI}|[:@/?])*)?(?:#(?:{_IRI}|[:@/?])*)?"
    rf"|urn:[a-z0-9][a-z0-9-]+:(?:{_IRI}|[:@/])+",
}
"""Name of a format -> regular expression that a value matches as a whole (``isodate`` is a function)."""


def is_isodate(text: str) -> bool:
    """Say whether ``text`` is a real date written YYYY, YYYY-MM or YYYY-MM-DD (ISO 8601)."""
    if not re.fullmatch(r"[0-9]{4}(?:-[0-9]{2}){0,2}", text):
        return False
    year, month, day = ([int(part) for part in text.split("-")] + [1, 1])[:3]
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _matcher(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


FORMATS: Mapping[str, Callable[[str], bool]] = {name: _matcher(pattern) for name, pattern in PATTERNS.items()} | {
    "isodate": is_isodate
}
"""Name of a format -> predicate. Whether a well-formed code also exists is for the tables to say."""


def sdg_goal_of(code: str) -> str:
    """Return the goal of a goal, target or indicator code: ``9.c`` -> ``9``."""
    return code.split(".", 1)[0]


def parent_line(code: str) -> str | None:
    """Return ``C7`` for a sub-line of C7, else None."""
    return "C7" if code.startswith("C7-") else None


def natural_key(code: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key in which C2 comes before C10, 1.2 before 1.10, and numbers before letters; different for each text."""
    parts = re.findall(r"[0-9]+|[^0-9.]+", code)
    return (*((0, int(p), "") if p[0] in "0123456789" else (1, 0, p) for p in parts), (-1, 0, code))
