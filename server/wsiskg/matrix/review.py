"""The review of links at a session of the High-level Political Forum: what has changed since their goal's last one.

For each goal that the session reviews in depth, the evidence of each link is counted up to the last held session that
reviewed this goal, after it, without date, and altogether; a policy judges each of these by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from wsiskg.evidence.assessments import assessment_iri, assessment_triples
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.evidence.measures import PairEvidence
from wsiskg.evidence.periods import since, undated, up_to
from wsiskg.matrix.check import check_submission
from wsiskg.matrix.outlook import Ranking, known_code, pair_order, ranked_candidates
from wsiskg.matrix.proposals import Submission
from wsiskg.matrix.report import CheckedLink
from wsiskg.matrix.standing import StandingLink
from wsiskg.matrix.workspace import Workspace
from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.model.errors import ReleaseError, UsageError
from wsiskg.rules.policy import Finding, Policy, judge
from wsiskg.rules.status import decisions, status_of
from wsiskg.tables.rows import Row, Tables

__all__ = ["Movement", "Review", "ReviewedGoal", "ReviewedLink", "review"]

Pair = tuple[str, str]


class Movement(Enum):
    """What became of the support of a link since its goal's last review, by the policy.

    ``NEWLY_SUPPORTED``: the evidence of now suffices, that of then did not. ``NO_LONGER_SUPPORTED``: that of then did,
    what came after it does not by itself. ``SUPPORTED``: it did then and does again, or does now where the goal was not
    reviewed before. ``SUPPORTED_UNDATED``: it does now, but which of these it is depends on projects without a year.
    ``UNSUPPORTED``: it does not now, nor did then.
    """

    NEWLY_SUPPORTED = "newly-supported"
    NO_LONGER_SUPPORTED = "no-longer-supported"
    SUPPORTED = "supported"
    SUPPORTED_UNDATED = "supported-undated"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class ReviewedLink:
    """A link of a reviewed goal.

    Attributes:
        link: as it stands.
        status: that follows from the evidence of now and recorded decisions.
        findings: what the policy finds lacking now.
        movement: what became of its support.
        now: all evidence.
        before: evidence up to the year of the last review; None where the goal was not reviewed before.
        since: evidence after that year; None where the goal was not reviewed before.
        undated: evidence of projects without any year, which is in neither.

    """

    link: StandingLink
    status: str
    findings: tuple[Finding, ...]
    movement: Movement
    now: PairEvidence
    before: PairEvidence | None
    since: PairEvidence | None
    undated: PairEvidence


@dataclass(frozen=True, slots=True)
class ReviewedGoal:
    """A goal that the session reviews in depth.

    Attributes:
        goal: its code.
        verified: whether a source says so; otherwise it is from memory.
        last_review: code of the last held session that reviewed it, empty if there was none.
        last_year: year of that session.
        links: links to it and its targets, by line and SDG.
        candidates: the best candidates for it.
        proposals: of the files handed in, with the name of the file.

    """

    goal: str
    verified: bool
    last_review: str
    last_year: int | None
    links: tuple[ReviewedLink, ...]
    candidates: Ranking
    proposals: tuple[tuple[str, CheckedLink], ...]


@dataclass(frozen=True, slots=True)
class Review:
    """The agenda of one session.

    Attributes:
        session: its row in the table of sessions.
        edition: code of the edition reviewed.
        policy: that support was judged by.
        goals: those that the session reviews in depth.
        files: name of each file handed in, with its number of proposals and of those that concern these goals.

    """

    session: Row
    edition: str
    policy: Policy
    goals: tuple[ReviewedGoal, ...]
    files: tuple[tuple[str, int, int], ...] = ()


def review(
    session: str,
    workspace: Workspace,
    policy: Policy,
    tables: Tables,
    submissions: Sequence[Submission] = (),
    *,
    limit: int = 10,
) -> Review:
    """Review the latest edition for one session.

    Args:
        session: code of the session.
        workspace: the edition, and the evidence of the release.
        policy: how much evidence is enough.
        tables: all tables of the same directory, registers of projects included: a release keeps no dates of pairs.
        submissions: open proposals.
        limit: how many candidates a goal has at most.

    Raises:
        UsageError: there is no such session, or it reviews no goals.
        ReleaseError: the registers are not those that the release was built from.

    """
    row = _session(session, workspace)
    goals = [*row.values("goals_in_depth"), *row.values("goals_unverified")]
    if EvidenceIndex.count(tables) != workspace.index:
        raise ReleaseError("the registers of projects have changed since the release was built", "Build: wsiskg build.")
    last = {goal: _last_review(goal, row, tables) for goal in goals}
    counted = _Counted(tables)
    checked = [
        (submission.name, link)
        for submission in submissions
        for link in check_submission(submission, workspace, policy, hlpf=session).links
    ]
    return Review(
        session=row,
        edition=workspace.latest,
        policy=policy,
        goals=tuple(
            ReviewedGoal(
                goal=goal,
                verified=goal in row.values("goals_in_depth"),
                last_review="" if (found := last[goal]) is None else found.text("code"),
                last_year=None if found is None else found.integer("year"),
                links=_links(goal, None if found is None else found.integer("year"), counted, workspace, policy),
                candidates=ranked_candidates(workspace, policy, goal=goal, limit=limit),
                proposals=tuple(item for item in checked if sdg_goal_of(item[1].proposal.sdg) == goal),
            )
            for goal in sorted(goals, key=natural_key)
        ),
        files=tuple(
            (s.name, len(s.proposals), sum(sdg_goal_of(p.sdg) in goals for p in s.proposals)) for s in submissions
        ),
    )


def _session(code: str, workspace: Workspace) -> Row:
    rows = {row.text("code"): row for row in workspace.tables["hlpf_sessions"]}
    row = rows[known_code(code, rows, "HLPF session")]
    if not row.values("goals_in_depth") and not row.values("goals_unverified"):
        others = [c for c, r in rows.items() if r.values("goals_in_depth") or r.values("goals_unverified")]
        raise UsageError(
            f"no goals are known to be reviewed in depth at {row.text('label')}", f"They are for: {', '.join(others)}."
        )
    return row


def _last_review(goal: str, session: Row, tables: Tables) -> Row | None:
    """Return the last session before ``session`` that was held and reviewed the goal in depth."""
    held = [
        row
        for row in tables["hlpf_sessions"]
        if row.text("state") == "held" and goal in row.values("goals_in_depth") and _year(row) < _year(session)
    ]
    return max(held, key=_year, default=None)


def _year(row: Row) -> int:
    return row.integer("year") or 0


class _Counted:
    """The evidence of each part of time, counted once."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._periods: dict[tuple[int, bool], tuple[EvidenceIndex, EvidenceIndex]] = {}
        self.undated = EvidenceIndex.count(undated(tables))

    def around(self, year: int, *, perhaps: bool = False) -> tuple[EvidenceIndex, EvidenceIndex]:
        """Return the evidence up to ``year`` and after it; ``perhaps`` adds to both what has no year."""
        key = year, perhaps
        if key not in self._periods:
            before, after = (cut(self._tables, year, perhaps=perhaps) for cut in (up_to, since))
            self._periods[key] = EvidenceIndex.count(before), EvidenceIndex.count(after)
        return self._periods[key]


def _links(
    goal: str, year: int | None, counted: _Counted, workspace: Workspace, policy: Policy
) -> tuple[ReviewedLink, ...]:
    order = pair_order(workspace.tables)
    pairs = sorted((pair for pair in workspace.standing if sdg_goal_of(pair[1]) == goal), key=order)
    lacking = _lacking(pairs, workspace.index, workspace, policy)
    decided = decisions(workspace.tables, workspace.latest)
    before, after = (None, None) if year is None else counted.around(year)
    movements = _movements(pairs, lacking, year, counted, workspace, policy)
    return tuple(
        ReviewedLink(
            link=workspace.standing[pair],
            status=status_of(lacking[pair], decided.get(pair, "")),
            findings=lacking[pair],
            movement=movements[pair],
            now=workspace.index.get(*pair),
            before=before.get(*pair) if before else None,
            since=after.get(*pair) if after else None,
            undated=counted.undated.get(*pair),
        )
        for pair in pairs
    )


def _movements(
    pairs: Sequence[Pair],
    lacking: Mapping[Pair, Sequence[Finding]],
    year: int | None,
    counted: _Counted,
    workspace: Workspace,
    policy: Policy,
) -> Mapping[Pair, Movement]:
    if year is None:
        return {pair: Movement.UNSUPPORTED if lacking[pair] else Movement.SUPPORTED for pair in pairs}
    then, later = (_lacking(pairs, index, workspace, policy) for index in counted.around(year))
    found = {pair: _movement(not then[pair], not lacking[pair], not later[pair]) for pair in pairs}
    unsure = [
        pair
        for pair in pairs
        if found[pair] in {Movement.NEWLY_SUPPORTED, Movement.NO_LONGER_SUPPORTED} and counted.undated.get(*pair).sets
    ]
    if unsure:
        # What has no year may have been there then, or have come later: say what moved only if it moved either way.
        then, later = (_lacking(unsure, index, workspace, policy) for index in counted.around(year, perhaps=True))
        for pair in unsure:
            if not (then if found[pair] is Movement.NEWLY_SUPPORTED else later)[pair]:
                found[pair] = Movement.SUPPORTED_UNDATED
    return found


def _movement(then: bool, now: bool, later: bool) -> Movement:
    """Return the movement from whether the evidence of then, of now and of the time between suffices."""
    if now and not then:
        return Movement.NEWLY_SUPPORTED
    if then and not later:
        return Movement.NO_LONGER_SUPPORTED
    return Movement.SUPPORTED if now else Movement.UNSUPPORTED


def _lacking(
    pairs: Iterable[Pair], index: EvidenceIndex, workspace: Workspace, policy: Policy
) -> Mapping[Pair, tuple[Finding, ...]]:
    iris, edition, kept = workspace.iris, workspace.latest, list(pairs)
    found = judge(policy, assessment_triples(iris, edition, kept, index, measurements=False), iris)
    return {pair: found.get(assessment_iri(iris, edition, *pair).value, ()) for pair in kept}
