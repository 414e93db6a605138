"""Which nodes stand in the middle: degree, strength, betweenness, PageRank, eigenvector centrality."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wsiskg.analysis.network import Network, figures, graph

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["EXACT_UP_TO", "PIVOTS", "Centrality", "betweenness", "centralities"]

EXACT_UP_TO = 2_000
"""Nodes up to which betweenness is exact; beyond, it is estimated from `PIVOTS` of them (Brandes and Pich 2007)."""

PIVOTS = 500

_DAMPING = 0.85
_TOLERANCE = 1e-10
_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Centrality:
    """Centralities of one linked node.

    Attributes:
        node: id of the node.
        degree: number of its edges (Freeman 1978).
        strength: sum of the weights of its edges (Barrat et al. 2004); the degree where edges have no weight.
        betweenness: share of the shortest ways between other nodes that lead through it (Freeman 1977), against the
            most that its side of a bipartite network allows (Borgatti and Halgin 2011). With weights an edge is as
            long as the reciprocal of its weight (Newman 2001).
        pagerank: share of time that a walk along the edges spends there, which at each step starts anew anywhere with
            probability 0.15 (Brin and Page 1998).
        eigenvector: in proportion to the sum of its neighbours' own values (Bonacich 1972), within the largest
            connected part; None outside of it, where it is not defined.

    """

    node: str
    degree: int
    strength: float
    betweenness: float
    pagerank: float
    eigenvector: float | None


def centralities(network: Network) -> tuple[Centrality, ...]:
    """Return the centralities of every linked node, in the order of the network."""
    import networkx as nx

    made = graph(network)
    if not made:
        return ()
    strength = dict(made.degree(weight="weight"))
    between = betweenness(network)
    rank = nx.pagerank(made, alpha=_DAMPING, weight="weight", tol=_TOLERANCE, max_iter=_ROUNDS)
    vector = _eigenvector(made)
    return tuple(
        Centrality(
            node, made.degree[node], figures(strength[node]), between[node], figures(rank[node]), vector.get(node)
        )
        for node in made
    )


def betweenness(network: Network) -> Mapping[str, float]:
    """Return the betweenness of every linked node, 0 to 1."""
    import networkx as nx

    made = graph(network)
    number = made.number_of_nodes()
    found = nx.betweenness_centrality(
        made, k=None if number <= EXACT_UP_TO else PIVOTS, normalized=False, seed=0,
        weight=None if network.weight == "none" else "distance",
    )  # fmt: skip
    kinds = {node.id: node.kind for node in network.nodes}
    top = sum(kinds[node] == network.top for node in made)
    limits = {
        True: _most(top, number - top) if network.top else _most(number, 0),
        False: _most(number - top, top) if network.top else _most(number, 0),
    }
    return {
        node: figures(value / limit) if (limit := limits[kinds[node] == network.top]) else 0.0
        for node, value in found.items()
    }


def _most(own: int, other: int) -> float:
    """Return the most shortest ways that can lead through a node: own side and other side of a bipartite network.

    ``other`` 0 stands for a network without sides, where the most is in the middle of a star.
    """
    if not other:
        return (own - 1) * (own - 2) / 2
    s, t = divmod(own - 1, other)
    return (other**2 * (s + 1) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2


def _eigenvector(made: "nx.Graph[str]") -> Mapping[str, float]:
    """Return the eigenvector centrality within the largest part; the first one where several are as large."""
    import networkx as nx

    part = made.subgraph(max(nx.connected_components(made), key=len)).copy()
    heaviest = max((attributes["weight"] for _, _, attributes in part.edges(data=True)), default=1.0)
    # Scaling changes nothing but the number of rounds that it takes.
    for _, _, attributes in part.edges(data=True):
        attributes["weight"] /= heaviest
    try:
        found = nx.eigenvector_centrality(part, max_iter=_ROUNDS, tol=_TOLERANCE, weight="weight")
    except nx.PowerIterationFailedConvergence:
        return {}
    return {node: figures(value) for node, value in found.items()}
