"""Rules on links that are put forward or published: ``shapes/links.shapes.ttl`` on the facts stated of each link."""

from collections.abc import Iterable

from pyoxigraph import Triple

from wsiskg.graph.iris import Iris
from wsiskg.rules.shacl import Result, load_shapes, run_shapes, to_rdflib

__all__ = ["link_results"]


def link_results(triples: Iterable[Triple], iris: Iris, focus: Iterable[str] | None = None) -> list[Result]:
    """Return what the rules say of links, in no particular order.

    Args:
        triples: facts on links, as `wsiskg.matrix.facts.link_facts` states them.
        iris: IRIs they are built with.
        focus: IRIs of the only nodes to check; all when None. The rules refer to no other shape, so the results are
            those of a whole check.

    """
    return run_shapes(to_rdflib(triples), load_shapes(iris, "links"), focus)
