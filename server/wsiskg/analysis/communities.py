"""Communities by the Louvain method, and how far they depend on chance.

Louvain (Blondel et al. 2008) visits nodes in a random order, so it is run once for each of several seeds. The partition
of the highest modularity is shown, and how much the others agree with it: a community that most runs do not find again
is no finding.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from statistics import fmean
from typing import Any

from wsiskg.analysis.network import Network, figures, graph

__all__ = ["Communities", "Community", "adjusted_rand", "communities", "modularity"]

Partition = Sequence[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Community:
    """A community: ids of its nodes in the order of the network.

    ``stability`` is the mean over the other runs of the Jaccard similarity with the community that is most like it
    there (Hennig 2007): below 0.5 it dissolves, above 0.85 it is highly stable.
    """

    number: int
    nodes: tuple[str, ...]
    stability: float


@dataclass(frozen=True, slots=True)
class Communities:
    """The best partition of the linked nodes, the largest community first.

    Attributes:
        communities: of the best partition.
        modularity: its quality: after Barber (2007) in a bipartite network, after Newman and Girvan (2004) in others.
        lowest: the lowest modularity of a run.
        seeds: number of runs.
        partitions: number of different partitions among the runs.
        agreement: mean adjusted Rand index of two runs (Hubert and Arabie 1985): 1 equal, 0 as by chance.

    """

    communities: tuple[Community, ...]
    modularity: float
    lowest: float
    seeds: int
    partitions: int
    agreement: float


def communities(network: Network, seeds: int = 50, resolution: float = 1.0) -> Communities:
    """Return the communities of the linked nodes.

    Args:
        network: any network; its weights count.
        seeds: runs, seeded 0, 1, 2 and so on, at least 2.
        resolution: above 1 for smaller communities, below for larger ones.

    """
    import networkx as nx

    # Integers hash alike in every process, so that sets of them are gone through in the same order.
    named: nx.Graph[Any] = graph(network)
    names = list(named)
    made = nx.convert_node_labels_to_integers(named)
    runs: list[Partition] = []
    for seed in range(seeds if names else 0):
        found = nx.community.louvain_communities(made, weight="weight", resolution=resolution, seed=seed)
        runs.append(_ordered([frozenset(names[n] for n in part) for part in found], names))
    if not runs:
        return Communities((), 0.0, 0.0, 0, 0, 1.0)
    qualities = [modularity(network, run) for run in runs]
    best = qualities.index(max(qualities))
    others = [run for number, run in enumerate(runs) if number != best]
    place = {name: number for number, name in enumerate(names)}
    return Communities(
        tuple(
            Community(number, tuple(sorted(part, key=place.__getitem__)), figures(_stability(part, others)))
            for number, part in enumerate(runs[best], 1)
        ),
        qualities[best],
        min(qualities),
        len(runs),
        len({frozenset(run) for run in runs}),
        _agreement(runs),
    )


def modularity(network: Network, partition: Partition) -> float:
    """Return the modularity of a partition of the linked nodes: after Barber for networks of two sides.

    Barber's expects edges across the two sides only: the sum over communities of the share of weight inside less the
    product of the shares of weight that its nodes of either side have. Newman and Girvan's expects them between any
    two nodes.
    """
    kinds = {node.id: node.kind for node in network.nodes}
    home = {node: number for number, part in enumerate(partition) for node in part}
    inside, one, other = defaultdict[int, float](float), defaultdict[int, float](float), defaultdict[int, float](float)
    for edge in network.edges:
        ends = sorted((edge.source, edge.target), key=lambda node: kinds[node] != network.top)
        one[home[ends[0]]] += edge.weight
        other[home[ends[1]]] += edge.weight
        if home[ends[0]] == home[ends[1]]:
            inside[home[ends[0]]] += edge.weight
    whole = sum(edge.weight for edge in network.edges)
    if not whole:
        return 0.0
    expected = {
        c: one[c] * other[c] / whole**2 if network.top else ((one[c] + other[c]) / (2 * whole)) ** 2
        for c in range(len(partition))
    }
    return figures(sum(inside[c] / whole - expected[c] for c in range(len(partition))))


def adjusted_rand(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """Return the adjusted Rand index of two partitions, given as the community of each node.

    1 for equal partitions, 0 where they agree as two random ones of the same sizes would on average.
    """
    together = sum(comb(n, 2) for n in Counter((one[node], other[node]) for node in one).values())
    first, second = (sum(comb(n, 2) for n in Counter(side.values()).values()) for side in (one, other))
    expected = first * second / comb(len(one), 2) if len(one) > 1 else 0.0
    most = (first + second) / 2
    return 1.0 if most == expected else (together - expected) / (most - expected)


def _ordered(partition: Collection[frozenset[str]], names: Sequence[str]) -> Partition:
    """Return the communities, the largest first, then in the order of their first nodes."""
    place = {name: number for number, name in enumerate(names)}
    return sorted(partition, key=lambda part: (-len(part), min(place[node] for node in part)))


def _stability(part: frozenset[str], runs: Sequence[Partition]) -> float:
    return fmean(max(len(part & p) / len(part | p) for p in run) for run in runs) if runs else 1.0


def _agreement(runs: Sequence[Partition]) -> float:
    # Runs that found the same are compared once.
    counted = Counter(tuple(run) for run in runs)
    homes = {run: {node: n for n, part in enumerate(run) for node in part} for run in counted}
    total = float(sum(comb(times, 2) for times in counted.values()))
    for one, other in combinations(counted, 2):
        total += counted[one] * counted[other] * adjusted_rand(homes[one], homes[other])
    return figures(total / comb(len(runs), 2)) if len(runs) > 1 else 1.0
