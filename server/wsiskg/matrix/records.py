"""Editions, links, evidence and changes as plain values, ready for JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from wsiskg.evidence.frozen import Frozen
from wsiskg.evidence.index import Loaded
from wsiskg.evidence.measures import Measures, PairEvidence
from wsiskg.matrix.editions import Edition, EditionDiff, FieldChange, LinkChange, Recorded, Stage
from wsiskg.matrix.proposals import Withheld
from wsiskg.matrix.report import CheckedLink, CheckReport
from wsiskg.matrix.standing import StandingLink
from wsiskg.model.problems import Problem
from wsiskg.rules.policy import Finding
from wsiskg.rules.status import Verdict

__all__ = [
    "diff_record",
    "edition_record",
    "evidence_record",
    "finding_record",
    "frozen_record",
    "link_record",
    "loaded_record",
    "problem_record",
    "report_record",
    "stage_record",
    "verdict_record",
    "withheld_record",
]

Record = dict[str, Any]


def edition_record(edition: Edition) -> Record:
    """Return an edition at a glance."""
    return asdict(edition)


def link_record(link: StandingLink) -> Record:
    """Return what a link of an edition says."""
    return {
        "line": link.pair[0],
        "sdg": link.pair[1],
        "rationale": dict(link.rationale),
        "shared": link.shared,
        "proposed_by": list(link.proposed_by),
        "proposer_basis": link.row.text("proposer_basis"),
        "confidence": None if link.confidence is None else str(link.confidence),
        "status": link.row.text("status"),
        "sources": list(link.sources),
        "note": link.row.text("note"),
    }


def evidence_record(evidence: PairEvidence) -> list[Record]:
    """Return the sets of evidence of a pair, zeros and unknown values left out."""
    return [
        {"directness": directness, "origin": origin, **_given(measures)}
        for (directness, origin), measures in sorted(evidence.sets.items())
    ]


def finding_record(finding: Finding) -> Record:
    """Return what a policy asks for and the evidence lacks."""
    return {
        "rule": finding.rule,
        "value": finding.value,
        "needed": finding.needed,
        "measure": finding.measure,
        "texts": dict(finding.texts),
    }


def frozen_record(frozen: Frozen | None) -> Record | None:
    """Return an assessment as an edition froze it."""
    if frozen is None:
        return None
    return {"status": frozen.status, "policy": frozen.policy, "evidence": evidence_record(frozen.evidence)}


def verdict_record(verdict: Verdict | None) -> Record | None:
    """Return the verdict on today's evidence."""
    if verdict is None:
        return None
    return {
        "status": verdict.status,
        "findings": [finding_record(finding) for finding in verdict.findings],
        "evidence": evidence_record(verdict.evidence),
    }


def diff_record(diff: EditionDiff) -> Record:
    """Return the differences between two editions."""
    return {
        "first": diff.first,
        "second": diff.second,
        "unchanged": diff.unchanged,
        "added": [_change(change) for change in diff.added],
        "removed": [_change(change) for change in diff.removed],
        "amended": [_change(change) for change in diff.amended],
    }


def stage_record(stage: Stage) -> Record:
    """Return a link in one edition."""
    return {
        "edition": stage.edition,
        "issued": stage.issued,
        "change": stage.change,
        "link": link_record(stage.link) if stage.link else None,
        "fields": _fields(stage.fields),
        "decisions": _decisions(stage.decisions),
        "then": frozen_record(stage.then),
    }


def report_record(report: CheckReport) -> Record:
    """Return a whole check, its problems in all languages."""
    return {
        "name": report.name,
        "digest": report.digest,
        "edition": report.edition,
        "before": report.before,
        "hlpf": report.hlpf,
        "policy": {"name": report.policy[0], "sha256": report.policy[1]},
        "release": report.release,
        "loaded": loaded_record(report.loaded),
        "links": [_checked(link) for link in report.links],
        "problems": [problem_record(problem) for problem in report.problems],
    }


def problem_record(problem: Problem) -> Record:
    """Return a problem with its place, in all languages."""
    return {
        "severity": problem.severity.value,
        "place": {name: value for name, value in asdict(problem.origin).items() if value},
        "rule": problem.rule,
        "value": problem.value,
        "texts": dict(problem.texts),
    }


def withheld_record(withheld: Withheld) -> Record:
    """Return a proposal that was left out, with its place."""
    return {
        "place": {name: value for name, value in asdict(withheld.origin).items() if value},
        "line": withheld.line,
        "sdg": withheld.sdg,
        "reason": withheld.reason,
    }


def loaded_record(loaded: Loaded) -> Record:
    """Return how much evidence there is."""
    return asdict(loaded)


def _checked(link: CheckedLink) -> Record:
    proposal = link.proposal
    decision = proposal.decision
    return {
        "line": proposal.line,
        "sdg": proposal.sdg,
        "change": link.change.value,
        "status": link.status,
        "proposed_by": list(proposal.proposed_by),
        "reason": proposal.reason,
        "decision": None if decision is None else {"kind": decision.kind, "reason": decision.reason},
        "findings": [finding_record(finding) for finding in link.findings],
        "evidence": evidence_record(link.evidence),
    }


def _change(change: LinkChange) -> Record:
    return {
        "line": change.line,
        "sdg": change.sdg,
        "before": link_record(change.before) if change.before else None,
        "after": link_record(change.after) if change.after else None,
        "fields": _fields(change.fields),
        "decisions": _decisions(change.decisions),
        "then": frozen_record(change.then),
        "later": frozen_record(change.later),
        "now": verdict_record(change.now),
    }


def _fields(changes: Sequence[FieldChange]) -> list[Mapping[str, str]]:
    return [asdict(change) for change in changes]


def _decisions(decisions: Sequence[Recorded]) -> list[Record]:
    return [asdict(decision) for decision in decisions]


def _given(measures: Measures) -> Record:
    return {name: value for name, value in asdict(measures).items() if value or isinstance(value, float)}
