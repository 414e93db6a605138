"""The store of a release: loaded while its N-Quads are being written, or made from that of the release before."""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterable
from pathlib import Path
from queue import SimpleQueue

import pyoxigraph as ox
from pyoxigraph import NamedNode

from wsiskg.beside import Beside, Step
from wsiskg.graph.held import Compared
from wsiskg.graph.serialise import nquads
from wsiskg.graph.spans import Span
from wsiskg.processes import end_with_parent

__all__ = ["STORE", "Loading", "change_store"]

STORE = "store"
"""The store, in the directory of a release."""


class Loading:
    """A store that is loaded from what is added, by a process of its own that begins at once; `stop` it in any case.

    Loading takes as long as all other work on a release, so it begins before the N-Quads are complete. In a process of
    its own it does not share memory with that work: each of the two takes and returns much of it, and would have the
    other wait meanwhile. It can be ended at once, too.

    Attributes:
        folder: the directory of the release.

    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._spans: SimpleQueue[Span | None] = SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "wsiskg.graph.loading", str(os.getpid()), str((folder / STORE).resolve())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path("/"), start_new_session=True,
        )  # fmt: skip
        self._fed = Beside("store", self._feed)

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
        self._fed.result()
        said = self._process.stdout.read() if self._process.stdout else b""
        code = self._process.wait()
        if code or said:
            raise OSError(*json.loads(said)) if said else OSError(f"the process that loads the store ended with {code}")

    def stop(self) -> None:
        """End the work, whether or not it is finished."""
        self._process.kill()
        self._spans.put(None)
        self._fed.stop()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def _feed(self, step: Step) -> None:
        pipe = self._process.stdin
        if pipe is None:
            raise TypeError("the process has no standard input")
        try:
            with pipe:
                while (span := self._spans.get()) is not None:
                    for piece in span.read():
                        step()
                        pipe.write(piece)
        except BrokenPipeError:
            return  # loading has failed, and says why


def change_store(before: Path, folder: Path, graphs: Collection[str], changes: Iterable[Compared]) -> None:
    """Make the store of a release from another one: its tables are hard links (a RocksDB checkpoint).

    Args:
        before: the other store.
        folder: the directory of the release.
        graphs: IRIs of all graphs that the release has.
        changes: those that changed.

    Raises:
        OSError: there is no room, or a file cannot be read.

    """
    place = str(folder / STORE)
    ox.Store.read_only(str(before)).backup(place)
    store = ox.Store(place)
    for graph in list(store.named_graphs()):
        if isinstance(graph, NamedNode) and graph.value not in graphs:
            store.remove_graph(graph)
    added = []
    for change in changes:
        name = NamedNode(change.graph)
        for quad in ox.parse(nquads(change.lost, name), ox.RdfFormat.N_QUADS):
            store.remove(quad)
        # The store has one form for 0.5 and 0.50: what is left of a property that lost a value is said again.
        added += [nquads(change.left, name), nquads(change.new, name)]
    if any(added):
        store.bulk_load(input=b"".join(added), format=ox.RdfFormat.N_QUADS)
    store.flush()


def main() -> None:
    """Load the N-Quads of the standard input into a store, for the process and at the place that arguments name."""
    end_with_parent(int(sys.argv[1]))
    try:
        store = ox.Store(sys.argv[2])
        # Oxigraph reads a pipe by its path; from an object of Python it would wait for the interpreter at each piece.
        store.bulk_load(path="/dev/stdin", format=ox.RdfFormat.N_QUADS)
        store.flush()
    except (OSError, RuntimeError, SyntaxError, ValueError) as error:
        print(json.dumps([getattr(error, "errno", 0) or 0, getattr(error, "strerror", "") or str(error)]))  # noqa: T201


if __name__ == "__main__":
    main()
