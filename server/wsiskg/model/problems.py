"""A problem found in data: where, what, and what to do, in three languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

__all__ = ["LANGUAGES", "Origin", "Problem", "Severity"]

LANGUAGES = ("en", "fr", "es")
"""Languages in which every problem can be said."""


class Severity(Enum):
    """Severities of SHACL (https://www.w3.org/TR/shacl/#severity), worst first."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"


@dataclass(frozen=True, slots=True)
class Origin:
    """The cell that a value came from.

    ``row`` counts as a spreadsheet does: the header of a table is row 1. ``column`` is its header. ``sheet`` names the
    sheet of a workbook, ``number`` the column as a spreadsheet counts, from 1; both are unknown for other files.
    """

    file: str
    row: int | None = None
    column: str | None = None
    sheet: str = ""
    number: int | None = None

    def __str__(self) -> str:
        """Return ``file[sheet]:row: column``, leaving out what is unknown."""
        text = f"{self.file}[{self.sheet}]" if self.sheet else self.file
        if self.row is not None:
            text = f"{text}:{self.row}"
        return text if self.column is None else f"{text}: {self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: ``rule`` names the rule broken, ``texts`` says it by language (``en`` always present)."""

    origin: Origin
    rule: str
    texts: Mapping[str, str]
    severity: Severity = Severity.VIOLATION
    value: str = ""

    def text(self, language: str = "en") -> str:
        """Return the message in ``language``, or in English where that is missing."""
        return self.texts.get(language) or self.texts["en"]
