"""Which editions there are, by the named graphs that hold their links."""

from collections.abc import Iterable

from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release

__all__ = ["edition_codes", "editions_among"]


def edition_codes(release: Release) -> tuple[str, ...]:
    """Return the codes of the editions of a release, the latest last; empty where it has none."""
    return editions_among(release.graphs, release.iris)


def editions_among(graphs: Iterable[str], iris: Iris) -> tuple[str, ...]:
    """Return the codes of the editions whose links are in one of ``graphs``, the latest last."""
    prefix = iris.graph("matrix", "").value
    return tuple(sorted(graph.removeprefix(prefix) for graph in graphs if graph.startswith(prefix)))
