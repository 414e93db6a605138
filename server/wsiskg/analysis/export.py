"""Networks as files for Gephi, Cytoscape and programs: GraphML, GEXF 1.2, node-link JSON and CSV."""

import io
import json
import re
from typing import TYPE_CHECKING

from wsiskg.analysis.network import EVIDENCE_SETS, Edge, Network, Node
from wsiskg.matrix.papers.paper import Column, Record, as_csv
from wsiskg.model.errors import UsageError

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["EXPORT_FORMATS", "PARTS", "export_network"]

EXPORT_FORMATS = ("graphml", "gexf", "json", "csv")

PARTS = ("edges", "nodes")
"""The two tables of a network; a CSV file holds one."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NODES = ("Id", "Label", "kind", "code", "name", "goal", "iri")
_EVIDENCE = tuple(f"evidence_{name.replace('-', '_')}" for name in EVIDENCE_SETS)
_EDGES = ("Source", "Target", "Type", "Weight", "relation", "links", "agencies", *_EVIDENCE, "confidence", "iri")


def export_network(network: Network, form: str, part: str = "edges") -> bytes:
    """Return a network as a file in UTF-8.

    Every node keeps its kind, code, name, goal and IRI; every edge its relation, weight, links, agencies (separated by
    ``;``), projects by set of evidence, confidence and IRI. Nodes without edges are part of it.

    Args:
        network: any network.
        form: one of `EXPORT_FORMATS`.
        part: for CSV one of `PARTS`: edges or nodes, with the headings that Gephi reads.

    Raises:
        UsageError: the format or the part is unknown.

    """
    if part not in PARTS:
        raise UsageError(f"a network has no part '{part}'", f"Choose from: {', '.join(PARTS)}.")
    if form == "graphml":
        return _graphml(_attributed(network))
    if form == "gexf":
        return _gexf(_attributed(network))
    if form == "json":
        return _json(_attributed(network))
    if form != "csv":
        raise UsageError(f"unknown format '{form}'", f"Known: {', '.join(EXPORT_FORMATS)}.")
    names, records = (
        (_NODES, [_node_record(n) for n in network.nodes])
        if part == "nodes"
        else (_EDGES, [_edge_record(e) for e in network.edges])
    )
    return as_csv([Column(name, name) for name in names], records).encode()


def _node(node: Node) -> dict[str, str]:
    return {"label": node.code, "kind": node.kind, "code": node.code, "name": node.label, "goal": node.goal,
            "iri": node.iri}  # fmt: skip


def _edge(edge: Edge) -> dict[str, str | int | float]:
    counted = {key: edge.evidence.get(name, 0) for key, name in zip(_EVIDENCE, EVIDENCE_SETS, strict=True)}
    given = {} if edge.confidence is None else {"confidence": edge.confidence}
    return {"weight": edge.weight, "relation": edge.relation, "links": edge.links, "agencies": ";".join(edge.agencies),
            **counted, **given, "iri": edge.iri}  # fmt: skip


def _node_record(node: Node) -> Record:
    attributes = _node(node)
    return {"Id": node.id, "Label": attributes.pop("label"), **attributes}


def _edge_record(edge: Edge) -> Record:
    attributes = {"confidence": None, **_edge(edge)}
    weight = attributes.pop("weight")
    return {"Source": edge.source, "Target": edge.target, "Type": "Undirected", "Weight": weight, **attributes}


def _attributed(network: Network) -> "nx.Graph[str]":
    import networkx as nx

    described = {
        "kind": network.kind, "edition": network.edition, "level": network.level, "weight": network.weight,
        "release": network.release,
    }  # fmt: skip
    made: nx.Graph[str] = nx.Graph()
    made.graph.update(described)
    for node in network.nodes:
        made.add_node(node.id, **{key: _NOT_XML.sub("", value) for key, value in _node(node).items()})
    for edge in network.edges:
        made.add_edge(edge.source, edge.target, **_edge(edge))
    return made


def _graphml(made: "nx.Graph[str]") -> bytes:
    import networkx as nx

    return ("\n".join(nx.generate_graphml(made)) + "\n").encode()


def _gexf(made: "nx.Graph[str]") -> bytes:
    import networkx as nx

    out = io.BytesIO()
    nx.write_gexf(made, out, version="1.2draft")
    # The same release gives the same bytes on any day.
    return re.sub(rb' lastmodifieddate="[0-9-]+"', b"", out.getvalue(), count=1) + b"\n"


def _json(made: "nx.Graph[str]") -> bytes:
    import networkx as nx

    return (json.dumps(nx.node_link_data(made, edges="links"), ensure_ascii=False, indent=1) + "\n").encode()
