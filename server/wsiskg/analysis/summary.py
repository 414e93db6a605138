"""How large a network is, and how it hangs together."""

from collections import Counter
from dataclasses import dataclass

from wsiskg.analysis.network import NODE_KINDS, RELATIONS, Network, figures, graph

__all__ = ["KindCount", "RelationCount", "Summary", "summarise"]


@dataclass(frozen=True, slots=True)
class KindCount:
    """Nodes of one kind, and those of them with an edge."""

    kind: str
    nodes: int
    linked: int


@dataclass(frozen=True, slots=True)
class RelationCount:
    """Edges of one relation, and the links that they stand for."""

    relation: str
    edges: int
    links: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A network in numbers.

    Attributes:
        kinds: nodes by kind.
        relations: edges by relation.
        density: edges over possible edges between linked nodes; in a bipartite network only those across its two sides
            are possible (Borgatti and Everett 1997). None without two nodes.
        components: parts of linked nodes that no edge connects.
        largest: nodes of the largest part.
        triangles: triples of nodes that are all linked with each other; always 0 in a bipartite network.

    """

    kinds: tuple[KindCount, ...]
    relations: tuple[RelationCount, ...]
    density: float | None
    components: int
    largest: int
    triangles: int


def summarise(network: Network) -> Summary:
    """Return the numbers of a network."""
    import networkx as nx

    made = graph(network)
    nodes = Counter(node.kind for node in network.nodes)
    linked = Counter(node.kind for node in network.nodes if node.id in made)
    edges, links = Counter[str](), Counter[str]()
    for edge in network.edges:
        edges[edge.relation] += 1
        links[edge.relation] += edge.links
    number = made.number_of_nodes()
    top = linked[network.top] if network.top else 0
    possible = top * (number - top) if network.top else number * (number - 1) // 2
    components = [len(part) for part in nx.connected_components(made)]
    return Summary(
        tuple(KindCount(kind, nodes[kind], linked[kind]) for kind in NODE_KINDS if nodes[kind]),
        tuple(RelationCount(relation, edges[relation], links[relation]) for relation in RELATIONS if edges[relation]),
        figures(made.number_of_edges() / possible) if possible else None,
        len(components),
        max(components, default=0),
        sum(1 for _ in nx.all_triangles(made)),
    )
