"""What an import did, or would do: counts that add up, columns, values not understood, what became of records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wsiskg.model.problems import Problem

__all__ = ["OUTCOMES", "ColumnReport", "Counts", "NotUnderstood", "Report", "Updated"]

OUTCOMES = ("added", "updated", "unchanged", "merged", "rejected")
"""What becomes of a row: each has exactly one."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows read, and what became of them: ``read`` is the sum of the others."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    merged: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class ColumnReport:
    """One column: its header, what it is read as, values in it, of these understood (None: nobody can say)."""

    header: str
    field: str
    filled: int
    understood: int | None = None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A text that was not understood, or was ``taken`` for a code and deserves a look; and where it first stood."""

    field: str
    text: str
    count: int
    file: str
    row: int
    candidates: tuple[str, ...] = ()
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Updated:
    """A record that a corrected row has changed, and the fields that did."""

    record: str
    title: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The report of an import.

    Attributes:
        kind: of what.
        register: that the records are in.
        dry: whether nothing was written.
        counts: of rows.
        columns: as they were read.
        notices: what else is to be said of files and columns.
        not_understood: the most frequent texts; ``unknown`` is the number of all.
        unknown: different texts not understood.
        updated: records changed, at most a hundred.
        open_decisions: pairs of records that wait for a person.
        open_names: pairs of names of organisations that do.
        projects: in the register, afterwards.
        resumed: rows that an interrupted import had read already.
        rejects: the workbook of rejected rows, empty if there are none.

    """

    kind: str
    register: str
    dry: bool
    counts: Counts
    columns: Sequence[ColumnReport] = ()
    notices: Sequence[Problem] = ()
    not_understood: Sequence[NotUnderstood] = ()
    unknown: int = 0
    updated: Sequence[Updated] = ()
    open_decisions: int = 0
    open_names: int = 0
    projects: int = 0
    resumed: int = 0
    rejects: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
