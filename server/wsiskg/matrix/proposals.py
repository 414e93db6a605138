"""Proposals: links put forward for the next edition, as understood from whatever file they came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum

from wsiskg.model.problems import Origin, Problem

__all__ = ["Change", "Decision", "Proposal", "Submission", "Withheld"]


class Change(Enum):
    """What a proposal does to the edition before: ``KEEP`` says again what stands there already."""

    ADD = "add"
    AMEND = "amend"
    RETIRE = "retire"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the secretariat decided on a link: ``kind`` is ``upheld`` or ``contested``, ``reason`` says why."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One link put forward, with codes that are well-formed; whether they exist is for the rules to say.

    Attributes:
        origin: the row it stands in.
        line: code of the action line, empty if it could not be recognised.
        sdg: code of the goal or target, empty if it could not be recognised.
        change: what the proposer says it does; None where that is left to the edition before.
        rationale: text by language (BCP 47).
        proposed_by: codes of agencies.
        shared: whether the proposer says that the rationale serves several links on purpose.
        confidence: from 0 to 1, None if not stated.
        sources: addresses.
        reason: why the link is amended or retired.
        note: anything else.
        decision: of the secretariat, if the file records one.
        cells: where each attribute came from, by its name here.

    """

    origin: Origin
    line: str = ""
    sdg: str = ""
    change: Change | None = None
    rationale: Mapping[str, str] = field(default_factory=dict)
    proposed_by: tuple[str, ...] = ()
    shared: bool = False
    confidence: Decimal | None = None
    sources: tuple[str, ...] = ()
    reason: str = ""
    note: str = ""
    decision: Decision | None = None
    cells: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def pair(self) -> tuple[str, str]:
        """The two ends: (action line, goal or target)."""
        return self.line, self.sdg

    def place(self, attribute: str) -> Origin:
        """Return the cell that ``attribute`` came from, or the row."""
        return self.cells.get(attribute, self.origin)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A proposal that its publisher left out: where it stood, its ends as far as they were read, and why."""

    origin: Origin
    line: str
    sdg: str
    reason: str


@dataclass(frozen=True, slots=True)
class Submission:
    """A file of proposals as understood: ``problems`` are those of reading it, ``digest`` is the file's SHA-256.

    ``edition`` and ``hlpf`` are what the file says it is for, empty if it does not say; ``withheld`` are proposals of
    the file that are not to be published.
    """

    name: str
    digest: str
    proposals: tuple[Proposal, ...]
    problems: tuple[Problem, ...] = ()
    edition: str = ""
    hlpf: str = ""
    withheld: tuple[Withheld, ...] = ()
