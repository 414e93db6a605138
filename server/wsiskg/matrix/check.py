"""Check proposals, or a published edition, against the rules and the evidence.

Evidence is read from the release's index and SHACL runs on links and assessments alone, so that a check costs the same
however many projects there are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from wsiskg.evidence.assessments import assessment_iri, assessment_triples
from wsiskg.evidence.frozen import frozen_assessments
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.evidence.measures import PairEvidence
from wsiskg.graph.content.matrix import previous_edition
from wsiskg.matrix.facts import UNNAMED, Setting, link_facts
from wsiskg.matrix.proposals import Change, Decision, Proposal, Submission
from wsiskg.matrix.report import NOT_CHECKED, CheckedLink, CheckReport
from wsiskg.matrix.standing import StandingLink
from wsiskg.matrix.workspace import Workspace
from wsiskg.model.codes import sdg_goal_of
from wsiskg.model.problems import Origin, Problem, Severity
from wsiskg.rules.links import link_results
from wsiskg.rules.policy import Finding, Policy, judge
from wsiskg.rules.shacl import Result, problem_of
from wsiskg.rules.status import decisions, status_of
from wsiskg.tables.rows import Tables

__all__ = ["check_edition", "check_pair", "check_submission"]

Pair = tuple[str, str]

# A cell that could not be read is not missing: its own problem says more.
_MISSING = ("Proposal-line", "Proposal-sdg", "Proposal-proposer")


def check_submission(
    submission: Submission,
    workspace: Workspace,
    policy: Policy,
    *,
    edition: str = "",
    hlpf: str = "",
    language: str = "en",
) -> CheckReport:
    """Check a file of proposals for the next edition.

    Args:
        submission: the proposals as read.
        workspace: what they are held against: the latest edition, and the evidence of the release.
        policy: how much evidence is enough.
        edition: code of the edition they are for; by default what the file says.
        hlpf: code of the HLPF session that it follows; by default what the file says.
        language: of the names of codes in the report.

    """
    setting = Setting(
        name=submission.name,
        digest=submission.digest,
        edition=edition or submission.edition,
        hlpf=hlpf or submission.hlpf,
        before=workspace.latest,
        standing=workspace.standing,
        editions=workspace.editions,
    )
    links = submission.proposals
    evidence = {pair: workspace.index.get(*pair) for pair in dict.fromkeys(link.pair for link in links)}
    judged = _judge(evidence, setting.edition, workspace, policy)
    return _report(links, setting, workspace, policy, judged, submission.problems, language)


def check_edition(code: str, workspace: Workspace, policy: Policy, *, language: str = "en") -> CheckReport:
    """Check the links of a published edition.

    One that was published with frozen assessments keeps the numbers of that day; ``policy`` is applied to these.

    Raises:
        UsageError: there is no such edition.

    """
    standing = workspace.links_of(code)
    tables, before = workspace.tables, previous_edition(workspace.tables, code)
    hlpf = next((row.text("hlpf") for row in tables.groups("editions")[code]), "")
    name = f"edition {code}"
    setting = Setting(name, "", code, hlpf, before, workspace.links_of(before), workspace.editions, published=True)
    decided = _decided(tables, code)
    links = [_as_proposal(link, decided.get(pair)) for pair, link in standing.items()]
    frozen = frozen_assessments(tables, code)
    evidence = {pair: frozen[pair].evidence if pair in frozen else workspace.index.get(*pair) for pair in standing}
    judged = _judge(evidence, code, workspace, policy)
    return _report(links, setting, workspace, policy, judged, (), language)


def check_pair(line: str, sdg: str, workspace: Workspace, policy: Policy) -> CheckedLink:
    """Check one pair of action line and SDG: as the latest edition states it, else as a claim that nobody makes yet."""
    standing = workspace.standing.get((line, sdg))
    before = previous_edition(workspace.tables, workspace.latest)
    setting = Setting(
        name=f"{line}-{sdg}",
        digest="",
        edition=workspace.latest,
        hlpf="",
        before=before,
        standing={},
        editions=workspace.editions,
        published=True,
    )
    decided = _decided(workspace.tables, workspace.latest)
    link = _as_proposal(standing, decided.get((line, sdg))) if standing else Proposal(Origin(setting.name), line, sdg)
    facts = link_facts([link], setting, workspace.reference, workspace.iris)
    results = link_results(facts.triples, workspace.iris, [facts.nodes[0].value])
    if standing is None:
        results = [r for r in results if not r.shape.endswith("#Published-rationale")]
    judged = _judge({(line, sdg): workspace.index.get(line, sdg)}, workspace.latest, workspace, policy)
    problems = [problem_of(r, facts.origins, setting.name) for r in results]
    change = Change.KEEP if standing else Change.ADD
    return _checked(link, change, judged, _in_order(problems))


def _as_proposal(link: StandingLink, decision: Decision | None) -> Proposal:
    """Return a published link in the form that the rules look at."""
    row = link.row
    line, sdg = link.pair
    cells = {"line": "action_line", "sdg": "target", "rationale": "rationale", "proposed_by": "proposed_by"}
    return Proposal(
        origin=row.origin(),
        line=line,
        sdg=sdg,
        rationale=link.rationale,
        proposed_by=link.proposed_by,
        shared=link.shared,
        confidence=link.confidence,
        sources=link.sources,
        note=row.text("note"),
        decision=decision,
        cells={attribute: row.origin(column) for attribute, column in cells.items()},
    )


def _decided(tables: Tables, edition: str) -> Mapping[Pair, Decision]:
    """Return the recorded decisions that links of an edition stand under, with their reasons."""
    found, latest = {}, decisions(tables, edition)
    for row in tables.groups("decisions").get(edition, ()):
        pair = (row.text("action_line"), row.text("target"))
        if row.text("decision") == latest[pair] and row.text("decision") in {"upheld", "contested"}:
            found[pair] = Decision(row.text("decision"), row.text("reason"))
    return found


def _judge(
    evidence: Mapping[Pair, PairEvidence], edition: str, workspace: Workspace, policy: Policy
) -> Mapping[Pair, tuple[PairEvidence, tuple[Finding, ...] | None]]:
    """Return the evidence of each pair with what the policy finds lacking; None where an end does not exist."""
    code = edition or UNNAMED
    known = [pair for pair in evidence if workspace.reference.knows(*pair)]
    index = EvidenceIndex({pair: evidence[pair] for pair in known}, workspace.index.loaded)
    triples = assessment_triples(workspace.iris, code, known, index, measurements=False)
    lacking = judge(policy, triples, workspace.iris)
    nodes = {pair: assessment_iri(workspace.iris, code, *pair).value for pair in known}
    return {pair: (found, lacking.get(nodes[pair], ()) if pair in nodes else None) for pair, found in evidence.items()}


def _checked(
    link: Proposal,
    change: Change,
    judged: Mapping[Pair, tuple[PairEvidence, tuple[Finding, ...] | None]],
    problems: Sequence[Problem],
) -> CheckedLink:
    evidence, findings = judged[link.pair]
    decision = link.decision.kind if link.decision else ""
    if change is Change.RETIRE:
        status = "retired"
    elif findings is None:
        status = NOT_CHECKED
    else:
        status = status_of(findings, decision)
    return CheckedLink(link, change, evidence, findings or (), status, tuple(problems))


def _report(
    links: Sequence[Proposal],
    setting: Setting,
    workspace: Workspace,
    policy: Policy,
    judged: Mapping[Pair, tuple[PairEvidence, tuple[Finding, ...] | None]],
    read: Sequence[Problem],
    language: str,
) -> CheckReport:
    facts = link_facts(links, setting, workspace.reference, workspace.iris)
    results = _sorted(link_results(facts.triples, workspace.iris))
    unread = {(p.origin.sheet, p.origin.row) for p in read if p.severity is Severity.VIOLATION and p.origin.row}
    by_node: defaultdict[str, list[Problem]] = defaultdict(list)
    kept: list[Result] = []
    for result in results:
        problem = problem_of(result, facts.origins, setting.name)
        place = (problem.origin.sheet, problem.origin.row)
        if result.shape.rsplit("#", 1)[-1] in _MISSING and place in unread:
            continue
        kept.append(result)
        by_node[result.focus.removesuffix("/decision")].append(problem)
    by_row: defaultdict[tuple[str, int | None], list[Problem]] = defaultdict(list)
    for problem in read:
        if problem.origin.row is not None:
            by_row[problem.origin.sheet, problem.origin.row].append(problem)
    checked = tuple(
        _checked(
            link,
            change,
            judged,
            _in_order([*by_row.get((link.origin.sheet, link.origin.row), ()), *by_node.get(node.value, ())]),
        )
        for link, node, change in zip(links, facts.nodes, facts.changes, strict=True)
    )
    return CheckReport(
        name=setting.name,
        digest=setting.digest,
        edition=setting.edition,
        before=setting.before,
        hlpf=setting.hlpf,
        policy=(policy.name, policy.digest),
        release=workspace.release,
        loaded=workspace.index.loaded,
        links=checked,
        problems=tuple(_in_order([*read, *(p for found in by_node.values() for p in found)])),
        titles=_titles(links, workspace, language),
        nodes=tuple(node.value for node in facts.nodes),
        results=tuple(kept),
    )


def _titles(links: Iterable[Proposal], workspace: Workspace, language: str) -> Mapping[str, str]:
    codes = {code for link in links for code in (*link.pair, sdg_goal_of(link.sdg), *link.proposed_by)}
    titles = {code: workspace.reference.title(code, language) for code in sorted(codes)}
    return {code: title for code, title in titles.items() if title}


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems in the order of the file; those of the whole file first, at one place the worst first."""
    order = list(Severity)
    return sorted(
        problems,
        key=lambda p: (p.origin.sheet, p.origin.row or 0, order.index(p.severity), p.origin.number or 0, p.rule),
    )


def _sorted(results: Iterable[Result]) -> list[Result]:
    return sorted(results, key=lambda r: (r.focus, r.shape, r.value))
