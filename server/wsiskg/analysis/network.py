"""A network read from one release: frozen nodes and edges that the measures are pure functions of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wsiskg.evidence.index import Loaded
from wsiskg.evidence.measures import DIRECTNESS, ORIGINS
from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.model.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "EVIDENCE_SETS",
    "LEVELS",
    "NETWORKS",
    "NODE_KINDS",
    "RELATIONS",
    "WEIGHTS",
    "Edge",
    "Network",
    "Node",
    "at_level",
    "figures",
    "graph",
    "neighbours",
    "node_order",
    "of_kind",
]

NETWORKS = ("lines-targets", "three-way", "agencies", "projects")
"""``lines-targets``: action lines and the SDGs that they support in one edition. ``three-way``: these with Connect 2020
and ITU's statements. ``agencies``: agencies, and the lines and SDGs of their links. ``projects``: projects and their
tags."""

LEVELS = ("linked", "targets", "goals")
"""Which SDG nodes: ``linked`` takes goals and targets as the links name them, ``targets`` keeps links to targets only,
``goals`` folds every target into its goal."""

EVIDENCE_SETS: Mapping[str, tuple[str, str]] = {
    f"{directness}-{origin}": (directness, origin)
    for directness in DIRECTNESS
    for origin in ORIGINS
    if origin != "suggested"
}
"""Sets of evidence by name: directness and origin, never mixed."""

WEIGHTS = ("none", *EVIDENCE_SETS)
"""What edges weigh: 1 each, or the projects of one set of evidence."""

NODE_KINDS = (
    "action-line", "sdg-goal", "sdg-target", "connect2020-target", "itu-subject", "agency", "project",
)  # fmt: skip
"""Kinds of nodes, in the order in which networks list them."""

RELATIONS = ("matrix-link", "project-proposal", "itu-statement", "puts-forward", "declared-tag", "assigned-tag")
"""Kinds of edges. ``project-proposal`` is what this project proposes, ``itu-statement`` what ITU itself has said."""

_TOPS = {"lines-targets": "action-line", "agencies": "agency", "projects": "project"}


@dataclass(frozen=True, slots=True)
class Node:
    """A node: ``id`` is its compact IRI, ``kind`` one of `NODE_KINDS`, ``goal`` the goal that an SDG belongs to."""

    id: str
    kind: str
    code: str
    label: str = ""
    iri: str = ""
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge without direction.

    Attributes:
        source: id of a node; in networks of two sides one of the first side.
        target: id of another node.
        relation: one of `RELATIONS`.
        weight: above 0: 1, or the projects of the chosen set of evidence.
        links: links that the edge stands for; more than one where goals or agencies fold them.
        agencies: codes of those who put the links forward, sorted.
        evidence: projects by name of `EVIDENCE_SETS`; sets without any are left out.
        confidence: of a proposal, 0 to 1.
        iri: of the link, where the edge stands for one.

    """

    source: str
    target: str
    relation: str = "matrix-link"
    weight: float = 1.0
    links: int = 1
    agencies: tuple[str, ...] = ()
    evidence: Mapping[str, int] = field(default_factory=dict)
    confidence: float | None = None
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and edges of one kind of `NETWORKS`, as one release holds them.

    ``nodes`` holds what could be linked, linked or not: every action line without sub-lines, every goal and target
    of the level. With a weight, links without such evidence are no edges; ``without_evidence`` counts them.
    ``loaded`` says how much evidence there is at all.
    """

    kind: str
    edition: str
    level: str
    weight: str
    release: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    without_evidence: int = 0
    loaded: Loaded | None = None

    @property
    def top(self) -> str | None:
        """The kind of the nodes on the first side of a bipartite network, None for one that has no two sides."""
        return _TOPS.get(self.kind)


def at_level(code: str, level: str) -> str | None:
    """Return the SDG that stands for ``code`` at a level of `LEVELS`, None where the level leaves it out."""
    if level == "goals":
        return sdg_goal_of(code)
    return code if level == "linked" or "." in code else None


def of_kind(network: Network, *kinds: str) -> Network:
    """Return ``network`` if it is one of ``kinds``.

    Raises:
        UsageError: the measure means nothing for this kind of network.

    """
    if network.kind not in kinds:
        raise UsageError(
            f"this measure is not defined for the network '{network.kind}'", f"Choose from: {', '.join(kinds)}."
        )
    return network


def neighbours(network: Network) -> Mapping[str, Mapping[str, float]]:
    """Return the weights of each node's edges by neighbour, empty for a node without edges."""
    found: dict[str, dict[str, float]] = {node.id: {} for node in network.nodes}
    for edge in network.edges:
        found[edge.source][edge.target] = edge.weight
        found[edge.target][edge.source] = edge.weight
    return found


def graph(network: Network) -> "nx.Graph[str]":
    """Return the linked nodes and the edges as a NetworkX graph, always in the same order.

    Edges have ``weight`` and ``distance``, its reciprocal: the more evidence, the shorter the way (Newman 2001).
    """
    import networkx as nx

    made: nx.Graph[str] = nx.Graph()
    ends = {end for edge in network.edges for end in (edge.source, edge.target)}
    made.add_nodes_from(node.id for node in network.nodes if node.id in ends)
    for edge in network.edges:
        made.add_edge(edge.source, edge.target, weight=edge.weight, distance=1 / edge.weight)
    return made


def figures(value: float) -> float:
    """Return ``value`` to six significant figures, so that the same network gives the same text on any machine."""
    return float(f"{value:.6g}")


def node_order(node: Node) -> tuple[int, tuple[tuple[int, int, str], ...]]:
    """Sort key of nodes: by kind, then C2 before C10."""
    return (NODE_KINDS.index(node.kind), natural_key(node.code))
