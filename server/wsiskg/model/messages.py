"""Catalogues of messages: what is said of a broken rule, in every language of `LANGUAGES`."""

from collections.abc import Mapping
from dataclasses import dataclass

from wsiskg.model.problems import Origin, Problem, Severity

__all__ = ["Catalogue"]

_SHOWN = 80  # characters of a value that a message repeats


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Messages by rule and language, with ``{value}`` and other facts to be filled in, as in `str.format`."""

    texts: Mapping[str, Mapping[str, str]]

    def problem(
        self, rule: str, origin: Origin, value: str = "", severity: Severity = Severity.VIOLATION, **facts: object
    ) -> Problem:
        """Return the problem that ``rule`` was broken at ``origin``.

        Args:
            rule: a key of the catalogue.
            origin: where.
            value: what stood there; messages repeat its first 80 characters.
            severity: how bad that is.
            facts: whatever else the message names; one that differs by language is a mapping from language to text.

        """
        facts["value"] = value if len(value) <= _SHOWN else value[: _SHOWN - 3] + "..."
        filled = {
            language: text.format(**{name: _in(language, fact) for name, fact in facts.items()})
            for language, text in self.texts[rule].items()
        }
        return Problem(origin, rule, filled, severity, value)


def _in(language: str, fact: object) -> object:
    return fact.get(language, fact.get("en", "")) if isinstance(fact, Mapping) else fact
