"""Decisions about what is the same: made by rule, reviewed and changed by people, in CSV tables of the workspace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import Enum
from pathlib import Path

from wsiskg.imports.csv_tables import numbered_rows, write_table
from wsiskg.model.errors import UsageError
from wsiskg.rules.report import spreadsheet_safe

__all__ = ["COLUMNS", "RULE", "Decision", "Verdict", "decided", "read_decisions", "write_decisions"]

RULE = "rule"
"""Who decided where nobody has: the program."""


class Verdict(Enum):
    """Whether two are the same; ``open`` ones wait for a person and count as different."""

    SAME = "same"
    DIFFERENT = "different"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about two records, or two names of organisations.

    Attributes:
        first: the one that was there first, and keeps its name.
        second: the other.
        verdict: whether they are the same; this is what a person changes.
        suggested: what the rule says, so that a change is seen.
        by: `RULE`, or the name of the person who decided.
        on: day of a person's decision, ISO 8601.
        score: likeness, 0 to 100.
        why: what speaks for it, or a person's reason.
        first_text: what the first is called, for who reads the table.
        second_text: what the second is called.

    """

    first: str
    second: str
    verdict: Verdict
    suggested: Verdict
    by: str = RULE
    on: str = ""
    score: int = 0
    why: str = ""
    first_text: str = ""
    second_text: str = ""

    @property
    def is_by_rule(self) -> bool:
        """Whether no person has decided: neither with a name nor by changing the verdict in the table."""
        return self.by == RULE and self.verdict is self.suggested

    @property
    def pair(self) -> tuple[str, str]:
        """The two, in alphabetical order."""
        return (self.first, self.second) if self.first < self.second else (self.second, self.first)


COLUMNS = tuple(f.name for f in fields(Decision))
_VERDICTS = {verdict.value: verdict for verdict in Verdict}


def read_decisions(path: Path) -> dict[tuple[str, str], Decision]:
    """Return the decisions of a table by pair; none if there is no such file.

    Raises:
        UsageError: it cannot be read, or a row of it is wrong.

    """
    decisions = (_decision(path, line, cells) for line, cells, _ in numbered_rows(path, COLUMNS))
    return {decision.pair: decision for decision in decisions}


def _decision(path: Path, line: int, cells: Sequence[str]) -> Decision:
    first, second, verdict, suggested, by, on, score, *texts = (cell.strip() for cell in cells)
    try:
        said, held, likeness = _VERDICTS[verdict], _VERDICTS[suggested], int(score or 0)
    except (KeyError, ValueError):
        raise UsageError(
            f"'{path}', row {line}: verdict is '{verdict}', score '{score}'",
            f"The verdict is one of: {', '.join(_VERDICTS)}; the score a number.",
        ) from None
    if not first or not second:
        raise UsageError(f"'{path}', row {line}: first or second is empty", "Restore the row.")
    return Decision(first, second, said, held, by, on, likeness, *texts)


def write_decisions(path: Path, decisions: Iterable[Decision]) -> None:
    """Write a table of decisions: those that wait for a person first, then by name."""
    order = {Verdict.OPEN: 0, Verdict.SAME: 1, Verdict.DIFFERENT: 2}
    rows = sorted(decisions, key=lambda d: (order[d.verdict], d.first, d.second))
    write_table(path, COLUMNS, map(_cells, rows))


def _cells(d: Decision) -> Sequence[object]:
    texts = map(spreadsheet_safe, (d.why, d.first_text, d.second_text))
    return [d.first, d.second, d.verdict.value, d.suggested.value, d.by, d.on, d.score, *texts]


def decided(
    decisions: Mapping[tuple[str, str], Decision], first: str, second: str, verdict: Verdict, by: str, on: str, why: str
) -> dict[tuple[str, str], Decision]:
    """Return ``decisions`` with a person's decision about two of them.

    Raises:
        UsageError: nothing is known about these two.

    """
    pair = (first, second) if first < second else (second, first)
    if pair not in decisions:
        raise UsageError(f"there is no decision about '{first}' and '{second}'", "See imports/decisions.csv.")
    new = replace(decisions[pair], verdict=verdict, by=by, on=on, why=why or decisions[pair].why)
    return {**decisions, pair: new}
