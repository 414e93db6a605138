"""Load releases into a remote store, and say which one readers see.

A release is loaded into graphs of its own (`Names`), counted, and only then named as the one to read: by one statement,
which any engine writes as a whole. The graph ``<base>releases`` holds, of each release ``<base>id/release/ID``::

    dcterms:hasPart         each of its graphs, written before anything is loaded
    prov:generatedAtTime    when it was complete: every graph counted
    dcterms:available       when it was made the one to read: of all releases, the latest is read

So readers go on with the graphs they began with, until these are pruned.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release
from wsiskg.model.errors import ReleaseError, StoreError, UsageError
from wsiskg.store.remote.client import RemoteStore
from wsiskg.store.remote.names import Names, releases_graph

__all__ = [
    "Held",
    "current_held",
    "graph_batches",
    "held_releases",
    "load_release",
    "names_of",
    "prune_releases",
    "switch_release",
]

_PART = "http://purl.org/dc/terms/hasPart"
_COMPLETE = "http://www.w3.org/ns/prov#generatedAtTime"
_AVAILABLE = "http://purl.org/dc/terms/available"
_DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"
_BATCH_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class Held:
    """A release in the store: the names of its graphs there, when it was complete, when it was made the one to read."""

    release: str
    graphs: tuple[str, ...]
    complete: datetime | None
    available: datetime | None


def names_of(base: str, held: Held) -> Names:
    """Return the renaming of a release that the store holds."""
    names = Names(base, held.release, ())
    return Names(base, held.release, tuple(names.inward(graph) for graph in held.graphs))


def held_releases(store: RemoteStore, base: str) -> list[Held]:
    """Return the releases that the store holds, the one that is read first, incomplete ones last.

    Raises:
        StoreError: the store cannot be asked.

    """
    graph = releases_graph(base)
    rows = store.rows(f"SELECT ?release ?said ?value WHERE {{ GRAPH <{graph}> {{ ?release ?said ?value }} }}")
    prefix = Iris(base).resource("release", "").value
    parts: dict[str, list[str]] = {}
    times: dict[tuple[str, str], datetime] = {}
    for row in rows:
        release = row["release"].removeprefix(prefix)
        found = parts.setdefault(release, [])
        if row["said"] == _PART:
            found.append(row["value"])
        elif row["said"] in {_COMPLETE, _AVAILABLE}:
            key = (release, row["said"])
            times[key] = max(_moment(row["value"]), times.get(key, datetime.min.replace(tzinfo=UTC)))
    held = [
        Held(name, tuple(sorted(graphs)), times.get((name, _COMPLETE)), times.get((name, _AVAILABLE)))
        for name, graphs in parts.items()
    ]
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(held, key=lambda h: (h.available or never, h.complete or never, h.release), reverse=True)


def current_held(store: RemoteStore, base: str) -> Held:
    """Return the release that is to be read.

    Raises:
        ReleaseError: there is none.
        StoreError: the store cannot be asked.

    """
    for held in held_releases(store, base):
        if held.complete is not None and held.available is not None:
            return held
    raise ReleaseError(f"the store holds no release below {base}", "Load one: wsiskg store load")


def load_release(store: RemoteStore, release: Release, step: Callable[[str, int, int], None] = lambda *_: None) -> Held:
    """Load a release, graph by graph, and count each; nobody reads it yet.

    Where it was begun before, graphs that are complete are left as they are; loading again changes nothing.

    Args:
        store: where to.
        release: a built release.
        step: called with a graph, and how many of its statements are there, of how many.

    Raises:
        StoreError: the store does not take it, or counts otherwise.
        ReleaseError: the release is no longer there.

    """
    base = str(release.manifest["base"])
    names = Names(base, release.id, release.graphs)
    sizes: Mapping[str, int] = release.manifest["counts"]["graphs"]
    node = Iris(base).resource("release", release.id).value
    held = next((h for h in held_releases(store, base) if h.release == release.id), None)
    if held is not None and held.complete is not None:
        return held
    parts = "".join(f"<{node}> <{_PART}> <{names.outward(graph)}> . " for graph in release.graphs)
    store.update(f"INSERT DATA {{ GRAPH <{releases_graph(base)}> {{ {parts}}} }}")
    before = {graph: store.count(names.outward(graph)) for graph in release.graphs} if held is not None else {}
    for graph, found in before.items():
        if found > sizes.get(graph, 0):
            store.update(f"DROP SILENT GRAPH <{names.outward(graph)}>")
    complete = {graph for graph, found in before.items() if found == sizes.get(graph, 0)}
    sent: dict[str, int] = {}
    for graph, number, batch in graph_batches(release, store.engine.batch, complete):
        store.add(names.outward(graph), names.outward(batch).encode())
        sent[graph] = sent.get(graph, 0) + number
        step(graph, sent[graph], sizes.get(graph, 0))
    for graph in release.graphs:
        found, expected = store.count(names.outward(graph)), sizes.get(graph, 0)
        if found != expected:
            raise StoreError(
                f"{graph} has {expected:,} statements in the release, and {found:,} in the store",
                "Nothing was switched. Load again: what is missing is sent once more.",
            )
    moment = datetime.now(UTC).replace(microsecond=0)
    _say(store, base, node, _COMPLETE, moment)
    return Held(release.id, tuple(names.outward(graph) for graph in release.graphs), moment, None)


def switch_release(store: RemoteStore, base: str, release: str) -> Held:
    """Make a complete release the one that readers see, by one statement.

    Raises:
        UsageError: the store does not hold it complete.
        StoreError: the store cannot be asked, or does not take the statement.

    """
    known = held_releases(store, base)
    held = next((h for h in known if h.release == release and h.complete is not None), None)
    if held is None:
        complete = ", ".join(h.release for h in known if h.complete is not None) or "none"
        raise UsageError(f"the store does not hold release {release} complete", f"It holds: {complete}.")
    newest = known[0]
    if newest.release == release and newest.available is not None:
        return newest
    moment = datetime.now(UTC).replace(microsecond=0)
    if newest.available is not None:  # whatever the clocks say, the last one made wins
        moment = max(moment, newest.available + timedelta(seconds=1))
    _say(store, base, Iris(base).resource("release", release).value, _AVAILABLE, moment)
    return Held(held.release, held.graphs, held.complete, moment)


def prune_releases(store: RemoteStore, base: str, keep: int = 1, *, unfinished: bool = False) -> list[Held]:
    """Remove releases that are no longer read, but the ``keep`` latest of them; return those removed.

    Those who still read one that is removed see graphs go empty: keep one at least for as long as queries run.

    Args:
        store: where.
        base: of the releases.
        keep: releases to keep beside the one that is read.
        unfinished: whether to remove those whose loading has not ended, too.

    Raises:
        StoreError: the store cannot be asked, or does not remove them.

    """
    known = held_releases(store, base)
    read = [h for h in known if h.complete is not None and h.available is not None]
    fresh = [h for h in known if h.complete is not None and h.available is None]  # loaded, not yet switched to
    gone = read[1 + keep :] + [h for h in known if h.complete is None and unfinished]
    graph = releases_graph(base)
    kept = {h.release for h in read[: 1 + keep] + fresh}
    removed = [h for h in gone if h.release not in kept]
    for held in removed:
        node = Iris(base).resource("release", held.release).value
        # First nobody begins to read it, then its graphs go, then the list of them: so it can be taken up again.
        for said in (_AVAILABLE, _COMPLETE):
            store.update(f"DELETE WHERE {{ GRAPH <{graph}> {{ <{node}> <{said}> ?moment }} }}")
        for part in held.graphs:
            store.update(f"DROP SILENT GRAPH <{part}>")
            if left := store.count(part):
                raise StoreError(
                    f"<{part}> still has {left:,} statements", "Prune again: wsiskg store prune --unfinished"
                )
        store.update(f"DELETE WHERE {{ GRAPH <{graph}> {{ <{node}> ?said ?value }} }}")
    return removed


def graph_batches(
    release: Release, most: int, without: Sequence[str] | set[str] = ()
) -> Iterator[tuple[str, int, str]]:
    """Yield the release's statements as N-Triples: graph, number of statements, at most ``most`` of them.

    Raises:
        ReleaseError: its dump cannot be read.

    """
    graph, lines, size = "", list[str](), 0
    try:
        with release.nquads_path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                # A release has no blank nodes and no default graph: the last word is a graph's name.
                triple, name, _ = line.rsplit(" ", 2)
                if lines and (name != graph or len(lines) == most or size > _BATCH_BYTES):
                    yield graph[1:-1], len(lines), "".join(lines)
                    lines, size = [], 0
                graph = name
                if name[1:-1] not in without:
                    lines.append(f"{triple} .\n")
                    size += len(triple)
    except (OSError, ValueError) as error:
        raise ReleaseError(f"the statements of '{release.path}' cannot be read: {error}") from error
    if lines:
        yield graph[1:-1], len(lines), "".join(lines)


def _say(store: RemoteStore, base: str, node: str, said: str, moment: datetime) -> None:
    value = f'"{moment.strftime("%Y-%m-%dT%H:%M:%SZ")}"^^<{_DATE_TIME}>'
    store.update(f"INSERT DATA {{ GRAPH <{releases_graph(base)}> {{ <{node}> <{said}> {value} }} }}")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise StoreError(f"the store's list of releases is damaged: '{text}' is no moment") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
