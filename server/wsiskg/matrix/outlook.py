"""What the evidence says beside a check: candidates nobody has linked, links it does not bear out, other policies."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum

from wsiskg.evidence.assessments import Candidate, candidate_iri, candidate_triples, candidates
from wsiskg.matrix.report import CheckedLink, CheckReport
from wsiskg.matrix.workspace import Workspace
from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.model.errors import UsageError
from wsiskg.rules.policy import Finding, Policy, judge
from wsiskg.rules.status import INSUFFICIENT
from wsiskg.tables.crosschecks import nearest_codes
from wsiskg.tables.rows import Tables

__all__ = [
    "Flip",
    "JudgedCandidate",
    "Lack",
    "Ranking",
    "flips",
    "known_code",
    "lack_of",
    "pair_order",
    "ranked_candidates",
    "unsupported",
]

_LIKE = 50  # least likeness of a code offered instead of an unknown one, up to 100


@dataclass(frozen=True, slots=True)
class JudgedCandidate:
    """An evidenced pair that no link of the latest edition claims, and what the policy finds lacking in it."""

    candidate: Candidate
    findings: tuple[Finding, ...]

    @property
    def meets_policy(self) -> bool:
        """Whether a link of this pair would be validated."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best candidates of a selection, and how many there are in all of it."""

    best: tuple[JudgedCandidate, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Flip:
    """A link whose status differs under two policies.

    Attributes:
        before: the link under the first policy.
        after: the link under the second.

    """

    before: CheckedLink
    after: CheckedLink

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the stricter of the two policies finds lacking."""
        return self.after.findings or self.before.findings


class Lack(Enum):
    """In what way a link lacks evidence; only projects with declared or assigned tags are evidence."""

    NONE = "none"
    SUGGESTED_ONLY = "suggested-only"
    GOAL_LEVEL_ONLY = "goal-level-only"
    BELOW_THRESHOLD = "below-threshold"


def known_code(code: str, codes: Collection[str], kind: str) -> str:
    """Return ``code`` as it is written among ``codes``, whatever its case.

    Args:
        code: what was given.
        codes: the codes that exist.
        kind: what they are codes of, for the message.

    Raises:
        UsageError: there is no such code; names those written most like it.

    """
    found = next((known for known in codes if known.casefold() == code.strip().casefold()), None)
    if found is None:
        near = nearest_codes(code, codes, _LIKE)
        raise UsageError(f"there is no {kind} '{code}'", f"Did you mean {', '.join(near)}?" if near else "")
    return found


def ranked_candidates(
    workspace: Workspace, policy: Policy, *, line: str = "", goal: str = "", limit: int | None = None
) -> Ranking:
    """Return candidates for the edition after the latest one, best first, with their rank among all of them.

    Args:
        workspace: the latest edition, and the evidence of the release.
        policy: what they are held against.
        line: only this action line; C7 stands for its sub-lines.
        goal: only this SDG goal and its targets.
        limit: how many at most; all when None.

    """
    found = [
        candidate
        for candidate in candidates(workspace.index, workspace.standing)
        if not line or candidate.line == line or candidate.line.startswith(f"{line}-")
        if not goal or sdg_goal_of(candidate.sdg) == goal
    ]
    best = found[:limit]
    iris, edition = workspace.iris, workspace.latest
    lacking = judge(policy, candidate_triples(iris, edition, best), iris)
    judged = (JudgedCandidate(c, lacking.get(candidate_iri(iris, edition, c.line, c.sdg).value, ())) for c in best)
    return Ranking(tuple(judged), len(found))


def pair_order(tables: Tables) -> Callable[[tuple[str, str]], tuple[object, ...]]:
    """Return a sort key of pairs: action lines in the order of the Plan of Action, SDGs in the UN's."""
    places = {row.text("code"): row.integer("position") or 0 for row in tables["action_lines"]}
    return lambda pair: (places.get(pair[0], len(places)), natural_key(pair[1]))


def unsupported(report: CheckReport, tables: Tables) -> list[CheckedLink]:
    """Return the links of a checked edition whose status is insufficient evidence, by line and SDG."""
    order = pair_order(tables)
    found = (link for link in report.links if link.status == INSUFFICIENT)
    return sorted(found, key=lambda link: order(link.proposal.pair))


def lack_of(link: CheckedLink) -> Lack:
    """Say in what way a link lacks evidence."""
    evidence = link.evidence
    if evidence.of("direct", "confirmed").projects:
        return Lack.BELOW_THRESHOLD
    if evidence.of("goal-level", "confirmed").projects:
        return Lack.GOAL_LEVEL_ONLY
    return Lack.SUGGESTED_ONLY if evidence.sets else Lack.NONE


def flips(before: CheckReport, after: CheckReport, tables: Tables) -> list[Flip]:
    """Return the links of one edition, checked under two policies, whose statuses differ, by line and SDG."""
    pairs: Iterable[tuple[CheckedLink, CheckedLink]] = zip(before.links, after.links, strict=True)
    found = (Flip(one, other) for one, other in pairs if one.status != other.status)
    order = pair_order(tables)
    return sorted(found, key=lambda flip: order(flip.before.proposal.pair))
