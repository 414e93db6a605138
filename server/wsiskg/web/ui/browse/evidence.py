"""The numbers behind a link as they are shown: by how directly projects carry it, by origin of their tags."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wsiskg.graph.iris import Iris
from wsiskg.web.languages.addresses import code_of

__all__ = ["COUNTS", "SETS", "Measure", "measures", "thresholds"]

Json = Any

SETS: Mapping[str, tuple[str, str]] = {
    "directConfirmed": ("direct", "confirmed"),
    "directDeclared": ("direct", "declared"),
    "directAssigned": ("direct", "assigned"),
    "directSuggested": ("direct", "suggested"),
    "goalConfirmed": ("goal-level", "confirmed"),
    "goalDeclared": ("goal-level", "declared"),
    "goalAssigned": ("goal-level", "assigned"),
    "goalSuggested": ("goal-level", "suggested"),
}
"""Evidence sets of an assessment -> (how directly, origin of tags), the weightiest first."""

COUNTS = (
    "projectCount", "recognisedCount", "winnerCount", "championCount", "nomineeCount", "countryCount", "regionCount",
    "stakeholderTypeCount", "organisationCount", "firstEvidenceYear", "lastEvidenceYear", "sinceReviewCount",
)  # fmt: skip
"""Numbers of an evidence set, in the order in which they are shown."""

Thresholds = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Measure:
    """An evidence set.

    Attributes:
        name: one of `SETS`.
        directness: ``direct`` or ``goal-level``.
        origin: of the tags.
        counts: by name, those of `COUNTS` that are stated.
        needed: the same names -> number that the policy asks for.
        lift: how much oftener than by chance both ends come together, empty when it is not stated.
        p_value: of Fisher's exact test, empty when it is not stated.
        q_value: corrected for the number of pairs tested.

    """

    name: str
    directness: str
    origin: str
    counts: Mapping[str, int]
    needed: Mapping[str, int]
    lift: str = ""
    p_value: str = ""
    q_value: str = ""

    def lacks(self, count: str) -> bool:
        """Return whether the policy asks for more of ``count`` than there is."""
        return self.counts.get(count, 0) < self.needed.get(count, 0)


def measures(assessment: Mapping[str, Json], needed: Thresholds) -> tuple[Measure, ...]:
    """Return the evidence sets of an assessment or candidate; ``needed`` as `thresholds` gives it."""
    found = []
    for name, (directness, origin) in SETS.items():
        if (numbers := assessment.get(name)) is None:
            continue
        asked = {count: number for (of, count), number in needed.items() if of == name}
        found.append(
            Measure(
                name, directness, origin, {count: int(numbers[count]) for count in COUNTS if count in numbers}, asked,
                *(_number(numbers.get(key)) for key in ("lift", "pValue", "qValue")),
            )
        )  # fmt: skip
    return tuple(found)


def _number(value: Json) -> str:
    return str(value.get("@value", "")) if isinstance(value, Mapping) else str(value or "")


def thresholds(assessment: Mapping[str, Json], iris: Iris) -> Thresholds:
    """Return (evidence set, count) -> number that the policy of an assessment asks for; empty if it is not shipped."""
    named = assessment.get("policy", "")
    name = str(named.get("id", "")) if isinstance(named, Mapping) else str(named)
    return _thresholds(code_of(name), iris)


@lru_cache(maxsize=16)
def _thresholds(digest: str, iris: Iris) -> Thresholds:
    from rdflib import SH, URIRef

    from wsiskg.rules.policy import SHIPPED, load_policy

    for shipped in SHIPPED:
        policy = load_policy(shipped, iris)
        if not digest or not policy.digest.startswith(digest):
            continue
        found: dict[tuple[str, str], int] = {}
        for shape, least in policy.shapes.subject_objects(SH.minInclusive):
            path = policy.shapes.value(shape, SH.path)
            steps = [] if path is None else list(policy.shapes.items(path))
            if len(steps) == 2 and all(isinstance(step, URIRef) for step in steps):
                of, count = (str(step).rsplit("#", 1)[-1] for step in steps)
                found[of, count] = int(str(least))
        return found
    return {}
