"""How alike lines are by the SDGs that they support, and agencies by the SDGs of their links."""

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from itertools import combinations

from wsiskg.analysis.network import EVIDENCE_SETS, Network, figures, of_kind
from wsiskg.model.codes import natural_key
from wsiskg.model.errors import UsageError

__all__ = ["Likeness", "jaccard", "similarity"]


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two lines, or two agencies, that share at least one SDG.

    Attributes:
        first: code.
        second: code.
        shared: codes of the SDGs that both are linked with.
        either: number of SDGs that at least one of them is linked with.
        jaccard: shared over either (Jaccard 1912).
        cosine: cosine of the angle between their vectors of projects by SDG (Salton and McGill 1983), 0 where they
            share no evidence; with ``evidence`` none every link counts 1.

    """

    first: str
    second: str
    shared: tuple[str, ...]
    either: int
    jaccard: float
    cosine: float


def similarity(network: Network, evidence: str = "direct-confirmed", of: str = "") -> tuple[Likeness, ...]:
    """Return every pair of lines, or of agencies, that share an SDG, the most alike first.

    Args:
        network: of lines and targets, or of agencies.
        evidence: set of `EVIDENCE_SETS` that the cosine is weighted by, or ``none``.
        of: code of a line or an agency; then its pairs only, with it as the first.

    Raises:
        UsageError: another kind of network, an unknown set, or a code that is not in the network.

    """
    if evidence != "none" and evidence not in EVIDENCE_SETS:
        raise UsageError(f"there is no evidence '{evidence}'", f"Choose from: none, {', '.join(EVIDENCE_SETS)}.")
    top = of_kind(network, "lines-targets", "agencies").top
    codes = {node.id: node.code for node in network.nodes if node.kind == top}
    if of and of not in codes.values():
        raise UsageError(f"'{of}' is not in this network", f"Choose from: {', '.join(codes.values())}.")
    sdgs = {node.id: node.code for node in network.nodes if node.kind.startswith("sdg")}
    ends: dict[str, set[str]] = {node: set() for node in codes}
    vectors: dict[str, dict[str, float]] = {node: {} for node in codes}
    for edge in network.edges:
        if edge.target in sdgs:
            ends[edge.source].add(edge.target)
            vectors[edge.source][edge.target] = 1.0 if evidence == "none" else edge.evidence.get(evidence, 0)
    found = []
    for one, other in combinations(codes, 2):
        first, second = (other, one) if codes[other] == of else (one, other)
        if (shared := ends[one] & ends[other]) and (not of or codes[first] == of):
            found.append(
                Likeness(
                    codes[first], codes[second],
                    tuple(sorted((sdgs[sdg] for sdg in shared), key=natural_key)),
                    len(ends[one] | ends[other]),
                    figures(jaccard(ends[one], ends[other])),
                    figures(_cosine(vectors[one], vectors[other])),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda x: (-x.jaccard, -x.cosine)))


def jaccard(one: Set[str], other: Set[str]) -> float:
    """Return the number of shared members over the number of members; 0 for two empty sets."""
    return len(one & other) / len(one | other) if one or other else 0.0


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    lengths = math.sqrt(sum(x * x for x in one.values()) * sum(x * x for x in other.values()))
    return math.fsum(x * other.get(sdg, 0.0) for sdg, x in one.items()) / lengths if lengths else 0.0
