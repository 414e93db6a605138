"""Whether proposals may be published: no violation, and evidence for each link or somebody who upholds it."""

from collections.abc import Mapping
from dataclasses import replace

from wsiskg.matrix.check import check_submission
from wsiskg.matrix.editions import Pair
from wsiskg.matrix.proposals import Decision, Submission
from wsiskg.matrix.publishing.messages import REMEDY, problem
from wsiskg.matrix.publishing.order import Order
from wsiskg.matrix.report import CheckedLink, CheckReport
from wsiskg.matrix.workspace import Workspace
from wsiskg.model.errors import UsageError, ViolationError
from wsiskg.model.problems import Origin, Problem, Severity
from wsiskg.rules.policy import Policy

__all__ = ["admit"]


def admit(
    submission: Submission, workspace: Workspace, policy: Policy, order: Order
) -> tuple[CheckReport, tuple[Problem, ...]]:
    """Check the proposals; return the report, and what the publisher is to know, none of it a violation.

    Args:
        submission: the proposals as read.
        workspace: what they are held against.
        policy: how much evidence is enough.
        order: the edition, and what the publisher upholds.

    Raises:
        UsageError: they change nothing, or the order upholds what is not proposed or needs no upholding.
        ViolationError: they break rules, or lack evidence and nobody upholds them.

    """
    upheld = _with_overrides(submission, order.overrides or {})
    report = check_submission(upheld, workspace, policy, edition=order.edition, hlpf=order.hlpf)
    violations = [p for p in report.problems if p.severity is Severity.VIOLATION]
    lacking = [_unsupported(link) for link in report.unsupported]
    if violations or lacking:
        raise ViolationError(
            f"{len(violations) + len(lacking)} violation(s), so nothing was published",
            [*report.problems, *lacking],
            REMEDY,
        )
    for pair in order.overrides or {}:
        link = next(link for link in report.links if link.proposal.pair == pair)
        if not link.findings:
            raise UsageError(f"--override {'-'.join(pair)}: the evidence meets the policy", "Leave the option out.")
    if all(link.change.value == "keep" and link.proposal.decision is None for link in report.links):
        raise UsageError(
            f"'{submission.name}' changes nothing in edition {workspace.latest}", "There is nothing to publish."
        )
    problems = [*report.problems, *(_needless(link) for link in report.links if _is_needless(link))]
    if not workspace.reference.sessions[order.hlpf].held:
        problems.append(problem("session-open", Origin(submission.name), severity=Severity.WARNING, hlpf=order.hlpf))
    return report, tuple(problems)


def _with_overrides(submission: Submission, overrides: Mapping[Pair, str]) -> Submission:
    """Return the submission with its links upheld as the caller wishes.

    Raises:
        UsageError: an override names a link that is not in the file.

    """
    pairs = {proposal.pair for proposal in submission.proposals}
    for pair in overrides:
        if pair not in pairs:
            raise UsageError(
                f"--override {'-'.join(pair)}: '{submission.name}' proposes no such link", "Check the codes."
            )
    proposals = tuple(
        replace(proposal, decision=Decision("upheld", overrides[proposal.pair]))
        if proposal.pair in overrides
        else proposal
        for proposal in submission.proposals
    )
    return replace(submission, proposals=proposals)


def _unsupported(link: CheckedLink) -> Problem:
    findings = {
        language: " ".join(finding.texts.get(language, finding.texts["en"]) for finding in link.findings)
        for language in ("en", "fr", "es")
    }
    return problem("unsupported", link.proposal.origin, pair="-".join(link.proposal.pair), findings=findings)


def _is_needless(link: CheckedLink) -> bool:
    decision = link.proposal.decision
    return decision is not None and decision.kind == "upheld" and not link.findings


def _needless(link: CheckedLink) -> Problem:
    place = link.proposal.place("decision")
    return problem("needless", place, severity=Severity.WARNING, pair="-".join(link.proposal.pair))
