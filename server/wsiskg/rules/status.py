"""Status of links: never typed in, it follows from the assessment, the policy and recorded decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.evidence.assessments import assessment_iri, assessment_triples, candidate_iri, candidate_triples, candidates
from wsiskg.evidence.frozen import frozen_assessments
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.evidence.measures import PairEvidence
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import ADMS_STATUS, DCTERMS, PROV, RDF_TYPE
from wsiskg.rules.policy import Finding, Policy, judge
from wsiskg.tables.rows import Tables

__all__ = [
    "INSUFFICIENT",
    "VALIDATED",
    "Verdict",
    "decisions",
    "evidence_graph",
    "policy_triples",
    "status_of",
    "verdicts",
]

VALIDATED, INSUFFICIENT = "validated", "insufficient-evidence"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy says of the evidence of one pair: the numbers, what they lack, and the status that follows."""

    evidence: PairEvidence
    findings: tuple[Finding, ...]
    status: str


def status_of(findings: Sequence[Finding], decision: str = "") -> str:
    """Return the status of a link: a decision to contest or retire wins over the evidence."""
    if decision in {"contested", "retired"}:
        return decision
    return INSUFFICIENT if findings else VALIDATED


def verdicts(
    iris: Iris,
    edition: str,
    index: EvidenceIndex,
    pairs: Sequence[tuple[str, str]],
    policy: Policy,
    decided: Mapping[tuple[str, str], str] | None = None,
) -> Mapping[tuple[str, str], Verdict]:
    """Return the verdict on each pair.

    Args:
        iris: IRIs to build with.
        edition: code of the edition whose links the pairs are, or would be.
        index: counted evidence.
        pairs: (action line, SDG), by code.
        policy: how much evidence is enough.
        decided: decisions by pair, such as ``contested``.

    """
    lacking = judge(policy, assessment_triples(iris, edition, pairs, index, measurements=False), iris)
    found = {}
    for pair in pairs:
        findings = lacking.get(assessment_iri(iris, edition, *pair).value, ())
        found[pair] = Verdict(index.get(*pair), findings, status_of(findings, (decided or {}).get(pair, "")))
    return found


def evidence_graph(
    iris: Iris, edition: str, tables: Tables, index: EvidenceIndex, policy: Policy, *, with_candidates: bool
) -> set[Triple]:
    """Return ``graph/evidence/<edition>``: assessments with their status and findings, and candidates.

    An edition that was published with frozen assessments keeps its numbers and its statuses; candidates are always
    counted on the evidence of now.

    Args:
        iris: IRIs to build with.
        edition: code of the edition.
        tables: with its links, and with its frozen assessments if it has some.
        index: evidence as counted now.
        policy: what statuses follow from.
        with_candidates: whether pairs that nobody has linked are proposed too: for the latest edition only.

    """
    links = [(r.text("action_line"), r.text("target")) for r in tables.groups("links")[edition]]
    frozen = frozen_assessments(tables, edition)
    counted = EvidenceIndex({pair: found.evidence for pair, found in frozen.items()}, index.loaded) if frozen else index
    found = candidates(index, links) if with_candidates else []
    proposed = candidate_triples(iris, edition, found)
    lacking = judge(policy, assessment_triples(iris, edition, links, counted, measurements=False) | proposed, iris)
    out = proposed
    out |= assessment_triples(iris, edition, links, counted)
    out |= policy_triples(iris, policy)
    for candidate in found:
        node = candidate_iri(iris, edition, candidate.line, candidate.sdg)
        out.add(Triple(node, iris.term("meetsPolicy"), Literal(node.value not in lacking)))
    judged = iris.resource("policy", policy.digest[:16])
    if frozen:
        for row in tables.groups("activity").get(edition, ()):
            judged = iris.resource("policy", row.text("policy_sha256")[:16])
        if judged != iris.resource("policy", policy.digest[:16]):
            lacking = {}  # what the policy of then found is not said by the policy of now
    decided = decisions(tables, edition)
    for line, sdg in links:
        node = assessment_iri(iris, edition, line, sdg)
        findings = lacking.get(node.value, ())
        kept = frozen.get((line, sdg))
        text = kept.status if kept else status_of(findings, decided.get((line, sdg), ""))
        status = iris.resource("status", text)
        out.add(Triple(iris.resource("link", edition, f"{line}-{sdg}"), ADMS_STATUS, status))
        out.add(Triple(node, ADMS_STATUS, status))
        out.add(Triple(node, iris.term("policy"), judged))
        out |= _findings(iris, node, findings)
    return out


def decisions(tables: Tables, edition: str) -> Mapping[tuple[str, str], str]:
    """Return the latest recorded decision on each link of an edition."""
    rows = sorted(tables.groups("decisions").get(edition, ()), key=lambda r: r.text("decided_on"))
    return {(r.text("action_line"), r.text("target")): r.text("decision") for r in rows}


def policy_triples(iris: Iris, policy: Policy) -> set[Triple]:
    """Return what is said of a policy: its name and its hash."""
    node = iris.resource("policy", policy.digest[:16])
    return {
        Triple(node, RDF_TYPE, iris.term("Policy")),
        Triple(node, RDF_TYPE, PROV("Entity")),
        Triple(node, DCTERMS("identifier"), Literal(policy.name)),
        Triple(node, iris.term("sha256"), Literal(policy.digest)),
    }


def _findings(iris: Iris, node: NamedNode, findings: Sequence[Finding]) -> set[Triple]:
    return {
        Triple(node, iris.term("finding"), Literal(text, language=language))
        for finding in findings
        for language, text in finding.texts.items()
    }
