"""The files of a release's index: connections, read-only and reused, and statements with bounded work.

Nothing a client sends gets into a statement's text.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from wsiskg.graph.index.schema import CORE, EVIDENCE
from wsiskg.graph.index.text import folded
from wsiskg.graph.release import Release
from wsiskg.model.errors import LimitError, ReleaseError

__all__ = ["EVIDENCE_KINDS", "IndexFiles", "Run", "file_of", "marks"]

EVIDENCE_KINDS = frozenset({"register", "project", "award", "organisation"})
"""Kinds in the index of registers; all others are in the core."""

_STEPS = 200_000_000  # of SQLite's virtual machine: seconds, where an answer takes milliseconds


class Run:
    """Runs statements on one connection, each within a number of steps."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __call__(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement; ``values`` are bound to its question marks."""
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 100_000
            return int(steps > _STEPS)

        self._connection.set_progress_handler(count, 100_000)
        return self._connection.execute(sql, values).fetchall()


class IndexFiles:
    """The two files; may be used by several threads.

    Args:
        release: its files are opened read-only, as they are needed.
        trace: called with each statement that is run.

    Attributes:
        ranges: kind -> numbers of its first and its last item; others of no item may be in between.
        sizes: kind -> number of its items.

    Raises:
        ReleaseError: the release has no index.

    """

    def __init__(self, release: Release, trace: Callable[[str], None] | None = None) -> None:
        self._release = release
        self._trace = trace
        self._idle: dict[str, deque[sqlite3.Connection]] = {CORE: deque(), EVIDENCE: deque()}
        self.ranges: dict[str, tuple[int, int]] = {}
        self.sizes: dict[str, int] = {}
        for name in (CORE, EVIDENCE):
            with self.open(name) as run:
                for kind, first, last, items in run("SELECT name, first, last, items FROM kind"):
                    self.ranges[kind], self.sizes[kind] = (first, last), items

    def close(self) -> None:
        """Close the connections that are not in use."""
        for idle in self._idle.values():
            while idle:
                idle.pop().close()

    @contextmanager
    def open(self, name: str) -> Iterator["Run"]:
        """Lend a connection to one of the two files, `CORE` or `EVIDENCE`.

        Raises:
            LimitError: a statement took too many steps.

        """
        try:
            connection = self._idle[name].pop()
        except IndexError:
            connection = self._connect(name)
        try:
            yield Run(connection)
        except sqlite3.OperationalError as error:
            if "interrupt" in str(error):
                raise LimitError("the search takes too long", "time", "Ask for less.") from error
            raise
        finally:
            self._idle[name].append(connection)

    def _connect(self, name: str) -> sqlite3.Connection:
        uri = f"{(self._release.path / name).absolute().as_uri()}?mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise ReleaseError(f"release {self._release.id} has no index", "Build again: wsiskg build") from error
        connection.set_trace_callback(self._trace)
        connection.create_function("folded", 1, folded, deterministic=True)
        return connection


def file_of(kinds: Sequence[str]) -> str:
    """Return the file that items of these kinds are in."""
    return EVIDENCE if EVIDENCE_KINDS.issuperset(kinds) else CORE


def marks(values: Sequence[object]) -> str:
    """Return as many question marks as there are values."""
    return ", ".join("?" for _ in values)
