"""The store of a release, loaded while its N-Quads are being written."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from threading import Event

import pyoxigraph as ox

from wsiskg.graph.spans import Span

__all__ = ["STORE", "Loading"]

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
