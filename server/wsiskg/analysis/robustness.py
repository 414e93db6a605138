"""What the matrix would lose if the links of one agency went."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from wsiskg.analysis.network import Edge, Network, graph, of_kind

__all__ = ["Loss", "robustness"]


@dataclass(frozen=True, slots=True)
class Loss:
    """What falls with the links that one agency alone puts forward (removal of nodes: Albert, Jeong, Barabasi 2000).

    Attributes:
        agency: its code.
        links: links that it puts forward.
        lost: of these, those that nobody else puts forward.
        pairs: pairs of line and goal left without any link.
        targets: targets left without any line.
        goals: goals left without any line, for themselves and for all of their targets.
        lines: lines left without any link.
        components: connected parts of what remains linked.
        largest: nodes of the largest of these parts.

    """

    agency: str
    links: int
    lost: int
    pairs: int
    targets: int
    goals: int
    lines: int
    components: int
    largest: int


def robustness(network: Network) -> tuple[Loss, ...]:
    """Return what falls with each agency, the greatest loss first; the first row, without agency, loses nothing.

    Raises:
        UsageError: another kind of network than of lines and targets.

    """
    edges = of_kind(network, "lines-targets").edges
    agencies = sorted({agency for edge in edges for agency in edge.agencies})
    losses = sorted((_loss(network, agency) for agency in agencies), key=lambda x: (-x.lost, x.agency))
    return (_loss(network, ""), *losses)


def _loss(network: Network, agency: str) -> Loss:
    import networkx as nx

    own = [edge for edge in network.edges if agency in edge.agencies]
    lost = [edge for edge in own if edge.agencies == (agency,)]
    gone = {(edge.source, edge.target) for edge in lost}
    kept = tuple(edge for edge in network.edges if (edge.source, edge.target) not in gone)
    before, after = _reached(network, network.edges), _reached(network, kept)
    parts = [len(part) for part in nx.connected_components(graph(replace(network, edges=kept)))]
    pairs, targets, goals, lines = (len(b - a) for b, a in zip(before, after, strict=True))
    return Loss(
        agency, sum(e.links for e in own), sum(e.links for e in lost), pairs, targets, goals, lines,
        len(parts), max(parts, default=0),
    )  # fmt: skip


def _reached(network: Network, edges: Collection[Edge]) -> tuple[set[str], set[str], set[str], set[str]]:
    """Return the pairs of line and goal, the targets, the goals and the lines that edges reach."""
    nodes = {node.id: node for node in network.nodes}
    ends = [(edge.source, nodes[edge.target]) for edge in edges]
    return (
        {f"{line} {sdg.goal}" for line, sdg in ends},
        {sdg.id for _, sdg in ends if sdg.kind == "sdg-target"},
        {sdg.goal for _, sdg in ends},
        {line for line, _ in ends},
    )
