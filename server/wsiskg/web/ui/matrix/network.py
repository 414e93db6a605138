"""The matrix as a network: a drawing of agencies, action lines and SDGs, the same as a table, and as files."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from wsiskg.analysis.export import EXPORT_FORMATS, PARTS, export_network
from wsiskg.analysis.network import LEVELS, WEIGHTS, Edge, Network, at_level
from wsiskg.analysis.reading import read_network
from wsiskg.graph.release import Release
from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.model.errors import UsageError
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.languages.addresses import code_of, with_query
from wsiskg.web.ui.drawings.rings import SIZE, draw_rings
from wsiskg.web.ui.site import Site

__all__ = ["EXPORTS", "Neighbourhood", "neighbourhood", "network_file", "network_page"]

EXPORTS = ("lines-targets", "three-way", "agencies")
"""Networks that can be taken along from a page; that of all projects has no bound, and is for the command."""

_LEVELS = ("linked", "goals")
_KEPT = 8


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What hangs together with one node: its edges, as pairs of ids, and the nodes at their ends and behind them."""

    node: str
    edges: frozenset[tuple[str, str]]
    nodes: frozenset[str]


def neighbourhood(links: Network, agencies: Network, node: str) -> Neighbourhood:
    """Return the edges of a node, those of the links that it puts forward if it is an agency, and all their nodes.

    Args:
        links: the network ``lines-targets``.
        agencies: the network ``agencies`` of the same edition and level.
        node: id of a node of either.

    """
    code = code_of(node)
    own = [e for e in links.edges if node in {e.source, e.target} or (_is_agency(node) and code in e.agencies)]
    behind = {f"kg:agency/{agency}" for e in own for agency in e.agencies}
    lines = {e.source for e in own}
    forward = [e for e in _forward(agencies) if e.target in lines and (e.source == node or e.source in behind)]
    if _is_agency(node):
        forward = [e for e in forward if e.source == node]
        behind = {node}
    elif node.startswith("sdg:"):
        forward = [e for e in forward if any(e.target == o.source and code_of(e.source) in o.agencies for o in own)]
    pairs = frozenset((e.source, e.target) for e in (*own, *forward))
    return Neighbourhood(node, pairs, frozenset({node, *behind, *(end for pair in pairs for end in pair)}))


def _is_agency(node: str) -> bool:
    return node.startswith("kg:agency/")


def _forward(agencies: Network) -> list[Edge]:
    """Return the edges from agencies to lines: those to SDGs follow from them and the links."""
    return [e for e in agencies.edges if e.target.startswith("line:")]


class _Networks:
    """The last networks that were read: a page for each node of one is asked for, and the next may be too."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], Network] = OrderedDict()
        self._lock = Lock()

    def get(self, release: Release, kind: str, edition: str, level: str) -> Network:
        key = (str(release.path), kind, edition, level)
        with self._lock:
            found = self._kept.get(key)
        if found is None:
            found = read_network(release, kind, edition, "none", level)
        with self._lock:
            self._kept[key] = found
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


_networks = _Networks()


def network_page(site: Site, language: str, values: Mapping[str, str]) -> str:
    """Return the drawing with its table, the neighbourhood of one node marked out where ``node`` names one.

    Raises:
        UsageError: there is no such edition, level or node.

    """
    release, index = site.engine.release, site.index
    level = _one_of("level", values.get("level", "") or "linked", _LEVELS)
    editions = index.editions
    edition = values.get("edition", "") or (editions[-1] if editions else "")
    if edition not in editions and (edition or editions):
        raise UsageError(f"there is no edition '{edition}'", f"Choose from: {', '.join(editions)}.")
    parameters = {
        "level": level if level != "linked" else "", "edition": edition if edition != editions[-1] else "",
    }  # fmt: skip
    links = _networks.get(release, "lines-targets", edition, level)
    agencies = _networks.get(release, "agencies", edition, level)
    ends = {end for edge in (*links.edges, *_forward(agencies)) for end in (edge.source, edge.target)}
    rings = [
        [n.id for n in network.nodes if n.id in ends and n.kind.startswith(kind)]
        for network, kind in ((agencies, "agency"), (links, "action-line"), (links, "sdg"))
    ]
    rings[2].sort(key=lambda node: (int(sdg_goal_of(code_of(node))), natural_key(code_of(node))))
    edges = [(e.source, e.target) for e in (*_forward(agencies), *links.edges)]
    node = _known(values.get("node", ""), ends)
    lit = neighbourhood(links, agencies, node) if node else None
    behind = {(e.source, e.target): e for e in (*_forward(agencies), *links.edges)}
    return site.render(
        "network.html", language, with_query("network", parameters, node=code_of(node)),
        drawing=draw_rings(rings, edges), size=SIZE, lit=lit, edges=behind, degree=_degree(edges),
        documents=_documents(index, ends),
        links=_links(index, edition, level, node), edition=edition, level=level, parameters=parameters,
        editions_known=editions, exports=EXPORTS, forms=EXPORT_FORMATS, parts=PARTS,
    )  # fmt: skip


def network_file(site: Site, form: str, values: Mapping[str, str]) -> str:
    """Return a network as a file.

    Raises:
        UsageError: there is no such network, edition, weight, level or part, or the weight does not fit the network.

    """
    kind = _one_of("network", values.get("network", "") or EXPORTS[0], EXPORTS)
    weight = _one_of("weight", values.get("weight", "") or "none", WEIGHTS)
    level = _one_of("level", values.get("level", "") or "linked", LEVELS)
    network = read_network(site.engine.release, kind, values.get("edition", ""), weight, level)
    return export_network(network, form, values.get("part", "") or "edges").decode()


def _one_of(what: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise UsageError(f"there is no {what} '{value[:40]}'", f"Choose from: {', '.join(known)}.")
    return value


def _known(code: str, ends: set[str]) -> str:
    """Return the id of the node with a code such as C2, 9.c or ITU, empty for none."""
    if not code:
        return ""
    found = next((end for end in ends if code_of(end) == code), "")
    if not found:
        raise UsageError(f"the network has no node '{code[:40]}'", "Examples: C2, 9.c, ITU.")
    return found


def _degree(edges: list[tuple[str, str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for pair in edges:
        for end in pair:
            found[end] = found.get(end, 0) + 1
    return found


def _documents(index: Index, ends: set[str]) -> dict[str, dict[str, Any]]:
    kinds = ("action-line", "goal", "target", "agency")
    found = {str(d["id"]): d for kind in kinds for d in index.items(Listing((kind,)))}
    return {end: found.get(end, {"id": end}) for end in ends}


def _links(index: Index, edition: str, level: str, node: str) -> list[dict[str, Any]]:
    """Return the links of the edition, of one node only if there is one."""
    found = index.items(Listing(("link",), {"edition": [edition]})) if edition else []

    def ends(link: dict[str, Any]) -> set[str]:
        sdg = at_level(code_of(str(link["target"])), level)
        return {str(link["actionLine"]), f"sdg:{sdg}", *map(str, link.get("proposedBy", ()))}

    return [link for link in found if not node or node in ends(link)]
