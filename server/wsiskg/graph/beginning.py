"""A release of which parts are made while the others are still worked out: its store, and its index of registers."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pyoxigraph import Triple

from wsiskg.beside import Beside, Step
from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.index.changing import Change, change_evidence
from wsiskg.graph.index.evidence import write_evidence
from wsiskg.graph.index.schema import EVIDENCE
from wsiskg.graph.iris import Iris
from wsiskg.graph.loading import Loading

__all__ = ["REGISTER_TABLES", "Beginning"]

REGISTER_TABLES = "dumps/csv/registers.zip"
"""The CSV tables of registers, in the directory of a release."""


class Beginning:
    """The directory of a release that is being made, and the work that has begun there; `stop` it in any case.

    Attributes:
        folder: the directory.
        loading: its store, if that is to hold all graphs; None if it will be made from that of another release.

    """

    def __init__(self, folder: Path, *, load: bool) -> None:
        self.folder = folder
        self.loading = Loading(folder) if load else None
        self._indexing: Beside[None] | None = None

    def index(
        self, iris: Iris, registers: Sequence[Statements], places: Iterable[Triple], change: Change | None
    ) -> None:
        """Begin the index of all registers, and their tables (see `write_evidence`), from another index if that can be.

        Args:
            iris: the IRIs the graphs are built with.
            registers: the graph of each register.
            places: ``graph/wsis``.
            change: what to begin with.

        """
        index, tables = self.folder / EVIDENCE, self.folder / REGISTER_TABLES
        index.parent.mkdir(parents=True, exist_ok=True)
        tables.parent.mkdir(parents=True, exist_ok=True)

        def work(step: Step) -> None:
            if not (change and change_evidence(index, tables, iris, change, places, step)):
                write_evidence(index, tables, iris, registers, places, step)

        self._indexing = Beside("index", work)

    def indexed(self) -> bool:
        """Wait for the index of registers; say whether it was begun at all.

        Raises:
            OSError: there is no room.

        """
        if self._indexing is None:
            return False
        self._indexing.result()
        return True

    def stop(self) -> None:
        """End the work, whether or not it is finished."""
        if self._indexing is not None:
            self._indexing.stop()
        if self.loading is not None:
            self.loading.stop()
