"""Everything that a check needs, loaded once: the tables without the registers, and the evidence as counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from wsiskg.evidence.index import EvidenceIndex
from wsiskg.graph.content.matrix import latest_edition
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release, current_release
from wsiskg.matrix.reference import Reference, read_reference
from wsiskg.matrix.standing import StandingLink, standing_links
from wsiskg.model.errors import UsageError
from wsiskg.tables.load import Reading, load_tables
from wsiskg.tables.rows import Tables

__all__ = ["LINKS_ONLY", "Workspace", "open_workspace", "workspace_of"]

LINKS_ONLY = Reading(without=frozenset({"evidence"}))
"""How tables are read for a check: projects and prizes were counted when the release was built."""


@dataclass(frozen=True, slots=True, eq=False)
class Workspace:
    """What a check looks at; nothing in it grows with the number of projects.

    Attributes:
        tables: all tables but the registers of projects and prizes.
        reference: look-ups made from them.
        latest: code of the latest edition.
        standing: the links of the latest edition by pair.
        index: evidence of every pair, as the release counted it.
        release: id of that release.
        iris: IRIs to build with.

    """

    tables: Tables
    reference: Reference
    latest: str
    standing: Mapping[tuple[str, str], StandingLink]
    index: EvidenceIndex
    release: str
    iris: Iris

    @property
    def editions(self) -> tuple[str, ...]:
        """Codes of the published editions, oldest first."""
        return tuple(sorted(self.tables.groups("links")))

    def links_of(self, edition: str) -> Mapping[tuple[str, str], StandingLink]:
        """Return the links of an edition by (action line, target); none if ``edition`` is empty.

        Raises:
            UsageError: there is no such edition.

        """
        if edition == self.latest:
            return self.standing
        if edition and edition not in self.editions:
            raise UsageError(f"there is no edition '{edition}'", f"Published: {', '.join(self.editions)}.")
        return standing_links(self.tables, edition)


def open_workspace(mappings: Traversable, data: Path, iris: Iris) -> Workspace:
    """Load what checks need from the tables in ``mappings`` and the current release below ``data``.

    Raises:
        ReleaseError: no release was built, or it is incomplete.
        UsageError: ``mappings`` holds no readable tables.
        ViolationError: some rows are wrong; lists every one of them.

    """
    release = current_release(data)
    return workspace_of(load_tables(mappings, LINKS_ONLY), release, iris)


def workspace_of(tables: Tables, release: Release, iris: Iris) -> Workspace:
    """Return the workspace made of tables that are loaded, and the evidence that ``release`` counted.

    Raises:
        ReleaseError: the release has no evidence index.

    """
    index, latest = EvidenceIndex.read(release.path), latest_edition(tables)
    return Workspace(tables, read_reference(tables), latest, standing_links(tables, latest), index, release.id, iris)
