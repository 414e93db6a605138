"""Terms of shapes as they stand in blocks of statements."""

from collections.abc import Iterable

import pyoxigraph as ox
import rdflib
from rdflib.namespace import XSD

__all__ = ["term_of", "terms_of"]


def term_of(node: rdflib.term.Node) -> str:
    """Return a node of rdflib as N-Triples writes it."""
    if isinstance(node, rdflib.Literal):
        if node.language:
            return str(ox.Literal(str(node), language=node.language))
        return str(ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or XSD.string))))
    return f"<{node}>" if isinstance(node, rdflib.URIRef) else f"_:{node}"


def terms_of(nodes: Iterable[rdflib.term.Node]) -> frozenset[str]:
    """Return nodes of rdflib as N-Triples writes them."""
    return frozenset(map(term_of, nodes))
