"""Which SDGs bring different lines together, and which lines stand alone."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from wsiskg.analysis.centrality import betweenness
from wsiskg.analysis.network import Network, figures, neighbours, of_kind
from wsiskg.analysis.similarity import jaccard
from wsiskg.model.codes import natural_key

__all__ = ["Bridge", "Standing", "bridges", "isolation"]


@dataclass(frozen=True, slots=True)
class Bridge:
    """An SDG that at least one line supports.

    Attributes:
        sdg: its code.
        lines: codes of the lines that support it; their number is its degree.
        agencies: codes of those who put these links forward.
        betweenness: share of the shortest ways of the network that lead through it, as in `centralities`.
        effective_lines: number of lines that would be as diverse if all had the same weight: exponential of Shannon's
            entropy of the weights (Hill 1973, order 1). Without weights it is the number of lines.
        diversity: mean distance of two of its lines drawn by weight, one after the other with return, where the
            distance is 1 less the Jaccard similarity by all other SDGs (Rao 1982, Stirling 2007). 0 for one line;
            high where lines meet that share little else.

    """

    sdg: str
    lines: tuple[str, ...]
    agencies: tuple[str, ...]
    betweenness: float
    effective_lines: float
    diversity: float


def bridges(network: Network) -> tuple[Bridge, ...]:
    """Return the supported SDGs, those that bridge most first: by lines, then betweenness.

    Raises:
        UsageError: another kind of network than of lines and targets.

    """
    around = neighbours(of_kind(network, "lines-targets"))
    codes = {node.id: node.code for node in network.nodes}
    agencies: dict[str, set[str]] = {}
    for edge in network.edges:
        agencies.setdefault(edge.target, set()).update(edge.agencies)
    between = betweenness(network)
    found = [
        Bridge(
            codes[sdg],
            tuple(sorted((codes[line] for line in around[sdg]), key=natural_key)),
            tuple(sorted(named)),
            between[sdg],
            figures(_effective(around[sdg])),
            figures(_diversity(sdg, around)),
        )
        for sdg, named in agencies.items()
    ]
    return tuple(sorted(found, key=lambda b: (-len(b.lines), -b.betweenness, natural_key(b.sdg))))


@dataclass(frozen=True, slots=True)
class Standing:
    """How an action line stands among the others.

    ``sdgs`` it is linked with; ``shared`` of these with other lines; ``partners``, the lines it shares one with;
    ``closest`` of them by Jaccard similarity, empty where there is none. ``state``: ``unlinked`` has no link, ``alone``
    shares no SDG with another line, ``connected`` does.
    """

    line: str
    state: str
    sdgs: int
    shared: int
    partners: int
    closest: str
    jaccard: float


def isolation(network: Network) -> tuple[Standing, ...]:
    """Return every line, the most isolated first: by partners, then by shared SDGs.

    Raises:
        UsageError: another kind of network than of lines and targets.

    """
    around = neighbours(of_kind(network, "lines-targets"))
    codes = {node.id: node.code for node in network.nodes if node.kind == "action-line"}
    found = []
    for line, code in codes.items():
        shared = [sdg for sdg in around[line] if len(around[sdg]) > 1]
        partners = {other for sdg in shared for other in around[sdg]} - {line}
        # The first in the order of lines, where several are as close.
        likeness = {other: jaccard(around[line].keys(), around[other].keys()) for other in codes if other in partners}
        closest = max(likeness, key=likeness.__getitem__, default="")
        found.append(
            Standing(
                code, "unlinked" if not around[line] else "connected" if partners else "alone",
                len(around[line]), len(shared), len(partners), codes.get(closest, ""),
                figures(likeness.get(closest, 0.0)),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda s: (s.partners, s.shared, s.sdgs, natural_key(s.line))))


def _effective(weights: Mapping[str, float]) -> float:
    whole = sum(weights.values())
    return math.exp(-math.fsum(w / whole * math.log(w / whole) for w in weights.values()))


def _diversity(sdg: str, around: Mapping[str, Mapping[str, float]]) -> float:
    weights = around[sdg]
    whole = sum(weights.values())
    others = {line: around[line].keys() - {sdg} for line in weights}
    return math.fsum(
        2 * (1 - jaccard(others[one], others[other])) * weights[one] * weights[other] / whole**2
        for one, other in combinations(weights, 2)
    )
