"""The outcome of a check: a verdict with its numbers for every proposal, and every problem with its place."""

from collections.abc import Mapping
from dataclasses import dataclass

from wsiskg.evidence.index import Loaded
from wsiskg.evidence.measures import PairEvidence
from wsiskg.matrix.proposals import Change, Proposal
from wsiskg.model.problems import Problem, Severity
from wsiskg.rules.policy import Finding
from wsiskg.rules.shacl import Result

__all__ = ["NOT_CHECKED", "CheckReport", "CheckedLink"]

NOT_CHECKED = "not-checked"


@dataclass(frozen=True, slots=True)
class CheckedLink:
    """One proposal held against the rules and the evidence.

    Attributes:
        proposal: what was proposed.
        change: what it does to the edition before.
        evidence: the numbers its status follows from.
        findings: what the policy asks for and the evidence lacks.
        status: ``validated``, ``insufficient-evidence``, ``contested`` or ``retired`` (``adms:status`` of the link);
            ``not-checked`` where an end does not exist, so that nothing could be counted.
        problems: what is wrong with it, and what is worth knowing.

    """

    proposal: Proposal
    change: Change
    evidence: PairEvidence
    findings: tuple[Finding, ...]
    status: str
    problems: tuple[Problem, ...]

    @property
    def counted(self) -> bool:
        """Whether there is evidence to speak of, be it none."""
        return self.status != NOT_CHECKED


@dataclass(frozen=True, slots=True)
class CheckReport:
    """A whole check.

    Attributes:
        name: what was checked: a file's name, or ``edition 2015``.
        digest: SHA-256 of the file.
        edition: code of the edition that the proposals are for, empty if none is named.
        before: code of the edition they are held against.
        hlpf: code of the HLPF session that the edition follows, empty if none is named.
        policy: name and SHA-256 of the evidence policy.
        release: id of the release whose evidence was used.
        loaded: how much evidence that is.
        links: the proposals in the order of the file.
        problems: all problems, those of the links included, in the order of the file.
        titles: names of the codes that appear, in the language of the report.
        nodes: IRI of each link in turn, as the results name them.
        results: what SHACL said of the links, and of the edition they are for.

    """

    name: str
    digest: str
    edition: str
    before: str
    hlpf: str
    policy: tuple[str, str]
    release: str
    loaded: Loaded
    links: tuple[CheckedLink, ...]
    problems: tuple[Problem, ...]
    titles: Mapping[str, str]
    nodes: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()

    def count(self, severity: Severity) -> int:
        """Return the number of problems of one severity."""
        return sum(problem.severity is severity for problem in self.problems)

    @property
    def unsupported(self) -> tuple[CheckedLink, ...]:
        """New or amended links that the policy asks more evidence for, and that no decision upholds."""
        return tuple(
            link
            for link in self.links
            if link.change in {Change.ADD, Change.AMEND} and link.findings and link.proposal.decision is None
        )
