"""Codes of the frameworks: action lines, SDGs, Connect 2020, countries, languages, dates."""

import re
from collections.abc import Callable, Mapping
from datetime import date

__all__ = [
    "FORMATS",
    "UN_LANGUAGES",
    "is_isodate",
    "natural_key",
    "parent_line",
    "sdg_goal_of",
]

UN_LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh")
"""The six official languages of the United Nations, BCP 47."""

_PATTERNS: Mapping[str, str] = {
    "action-line": r"C(?:[1-9]|10|11|7-(?:EGOV|EBUS|ELEA|EHEA|EEMP|EENV|EAGR|ESCI))",
    "sdg": r"(?:[1-9]|1[0-7])(?:\.(?:[1-9]|1[0-9]|[a-d]))?",
    "sdg-goal": r"[1-9]|1[0-7]",
    "sdg-target": r"(?:[1-9]|1[0-7])\.(?:[1-9]|1[0-9]|[a-d])",
    "sdg-indicator": r"(?:[1-9]|1[0-7])\.(?:[1-9]|1[0-9]|[a-d])\.[1-9]",
    "connect2020": r"[1-4](?:\.[1-5](?:\.[AB])?)?",
    "country": r"[A-Z]{3}",
    "lang": r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*",
    "slug": r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?",
    "uri": r"(?:https?://[^\s<>\"{}|\\^`]+|urn:[a-z0-9][a-z0-9-]+:[^\s<>\"{}|\\^`]+)",
}


def is_isodate(text: str) -> bool:
    """Say whether ``text`` is a real date written YYYY, YYYY-MM or YYYY-MM-DD (ISO 8601)."""
    if not re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", text):
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


FORMATS: Mapping[str, Callable[[str], bool]] = {name: _matcher(pattern) for name, pattern in _PATTERNS.items()} | {
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
    """Sort key in which C2 comes before C10, 1.2 before 1.10, and numbers before letters."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|[^\d.]+", code))
