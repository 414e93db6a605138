"""What is counted for a pair of action line and SDG, and how it is kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

__all__ = ["DIRECTNESS", "MEASURE_NAMES", "NO_EVIDENCE", "ORIGINS", "Example", "Measures", "PairEvidence"]

DIRECTNESS = ("direct", "goal-level")
"""``direct``: the project carries the target itself (for a goal: the goal or any of its targets). ``goal-level``: it
carries only the target's goal. The two are never added up."""

ORIGINS = ("declared", "assigned", "confirmed", "suggested")
"""Origin of the weaker of the two tags. ``confirmed`` is declared or assigned, counted anew, not added up."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts over the projects of one pair, directness and origin.

    Numbers of projects unless said otherwise. ``lift`` and the p-values exist for direct evidence of origin declared
    or confirmed only; years are None where no project is dated.
    """

    projects: int = 0
    recognised: int = 0
    winners: int = 0
    champions: int = 0
    nominees: int = 0
    countries: int = 0
    regions: int = 0
    stakeholder_types: int = 0
    organisations: int = 0
    first_year: int | None = None
    last_year: int | None = None
    since_review: int = 0
    lift: float | None = None
    p_value: float | None = None
    q_value: float | None = None


NO_EVIDENCE = Measures()

MEASURE_NAMES = tuple(f.name for f in fields(Measures))


@dataclass(frozen=True, slots=True)
class Example:
    """A project that bears a pair out, for people to look at: winners come first."""

    project: str
    title: str
    directness: str
    origin: str


@dataclass(frozen=True, slots=True)
class PairEvidence:
    """All evidence of one pair; sets without projects are left out."""

    line: str
    sdg: str
    sets: Mapping[tuple[str, str], Measures] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def of(self, directness: str, origin: str) -> Measures:
        """Return the measures of one set, zeros where there is no evidence."""
        return self.sets.get((directness, origin), NO_EVIDENCE)
