"""The store of a release: loaded while its N-Quads are being written, or made from that of the release before."""

import os
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pyoxigraph as ox
from pyoxigraph import NamedNode

from wsiskg.graph.spans import Span

__all__ = ["STORE", "Loading", "change_store"]

STORE = "store"
"""The store, in the directory of a release."""


class Loading:
    """A store that is loaded from what is added, in threads that begin at once; `stop` it in any case.

    Loading takes as long as all other work on a release, most of it without Python, so it begins before the N-Quads
    are complete. Oxigraph reads a pipe by its path; from an object of Python it would wait for the interpreter at each
    piece.

    Attributes:
        folder: the directory of the release.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._spans: SimpleQueue[Span | None] = SimpleQueue()
        self._unwanted = Event()
        self._end, self._begin = os.pipe()
        self._threads = ThreadPoolExecutor(2, "store")
        self._loaded = self._threads.submit(self._load)
        self._fed = self._threads.submit(self._feed)

    def add(self, span: Span) -> None:
        """Add lines of N-Quads, which are not to change until they are loaded."""
        self._spans.put(span)

    def finish(self) -> None:
        """Wait until all is loaded.

        Raises:
            OSError: there is no room, or the lines cannot be read.
            ReleaseError: a file is too short.

        """
        self._spans.put(None)
        self._loaded.result()
        self._fed.result()

    def stop(self) -> None:
        """End the work, whether or not it is finished."""
        self._unwanted.set()
        self._spans.put(None)
        self._threads.shutdown()

    def _feed(self) -> None:
        try:
            with os.fdopen(self._begin, "wb") as pipe:
                while (span := self._spans.get()) is not None:
                    for piece in span.read():
                        if self._unwanted.is_set():
                            return
                        pipe.write(piece)
        except BrokenPipeError:
            return  # loading has failed, and says why

    def _load(self) -> None:
        try:
            store = ox.Store(str(self.folder / STORE))
            store.bulk_load(path=f"/dev/fd/{self._end}", format=ox.RdfFormat.N_QUADS)
            store.flush()
        finally:
            os.close(self._end)


def change_store(
    before: Path, folder: Path, graphs: Collection[str], changes: Iterable[tuple[Sequence[Span], Sequence[Span]]]
) -> None:
    """Make the store of a release from another one: its tables are hard links (a RocksDB checkpoint).

    Args:
        before: the other store.
        folder: the directory of the release.
        graphs: IRIs of all graphs that the release has.
        changes: N-Quads of one graph about some subjects, all of them, as they were and as they are.

    Raises:
        OSError: there is no room, or a file cannot be read.

    """
    place = str(folder / STORE)
    ox.Store.read_only(str(before)).backup(place)
    store = ox.Store(place)
    for graph in list(store.named_graphs()):
        if isinstance(graph, NamedNode) and graph.value not in graphs:
            store.remove_graph(graph)
    for change in changes:
        old, new = ([line for span in spans for line in _lines(span)] for spans in change)
        gone = set(old).difference(new)
        for quad in ox.parse(b"".join(sorted(gone)), ox.RdfFormat.N_QUADS):
            store.remove(quad)
        # The store has one form for 0.5 and 0.50: what is left of a property that lost a value is said again.
        said = {_about(line) for line in gone}
        added = set(new).difference(old).union(line for line in new if _about(line) in said)
        if added:
            store.bulk_load(input=b"".join(sorted(added)), format=ox.RdfFormat.N_QUADS)
    store.flush()


def _lines(span: Span) -> list[bytes]:
    return b"".join(span.read()).splitlines(keepends=True)


def _about(line: bytes) -> bytes:
    """Return subject and predicate of a line of N-Quads."""
    return b" ".join(line.split(b" ", 2)[:2])
