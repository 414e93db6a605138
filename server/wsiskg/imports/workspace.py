"""What imports keep in a directory of tables: records, decisions, mappings; and the evidence tables they write."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wsiskg.imports.csv_tables import read_table, write_table
from wsiskg.imports.decisions import Decision, read_decisions
from wsiskg.imports.fields import Kind
from wsiskg.imports.record import COLUMNS as RECORD_COLUMNS
from wsiskg.model.errors import UsageError

__all__ = ["KEPT_COLUMNS", "Overlay", "Workspace", "open_workspace"]

KEPT_COLUMNS = ("register", "project", *RECORD_COLUMNS, "written")
"""Columns of the kept records: also the project each belongs to, and a hash of that project's row as written."""

_FOLDER = "imports"
_OVERLAY = ("project", "column", "before", "after")


@dataclass(frozen=True, slots=True)
class Overlay:
    """A cell of a project that was in the tables before: what stood there, and what records of imports made of it."""

    project: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """A directory of tables that is imported into. Names are relative to it."""

    root: Path

    records = f"{_FOLDER}/records.csv"
    decisions = f"{_FOLDER}/decisions.csv"
    organisations = f"{_FOLDER}/organisations.csv"
    overlays = f"{_FOLDER}/overlays.csv"
    not_understood = f"{_FOLDER}/not-understood.csv"

    def mapping(self, kind: Kind) -> str:
        """Return the file that says how exports of ``kind`` are read."""
        return f"{_FOLDER}/{kind.value}.toml"

    @property
    def work(self) -> Path:
        """The working file of an import under way."""
        return self.root / _FOLDER / ".import.sqlite"

    def table(self, register: str, name: str) -> str:
        """Return the file of an evidence table."""
        return f"evidence/{register}/{name}.csv"

    def registers(self) -> list[str]:
        """Return the registers by code."""
        folder = self.root / "evidence"
        return sorted(f.name for f in folder.iterdir() if f.is_dir() and not f.name.startswith("."))

    def read_decisions(self) -> tuple[dict[tuple[str, str], Decision], dict[tuple[str, str], Decision]]:
        """Return the decisions about projects and about names of organisations.

        Raises:
            UsageError: a table of them is wrong.

        """
        return read_decisions(self.root / self.decisions), read_decisions(self.root / self.organisations)

    def read_overlays(self) -> list[Overlay]:
        """Return the cells that imports have changed in rows of others."""
        return [Overlay(**row) for row in read_table(self.root / self.overlays, _OVERLAY)]

    def write_overlays(self, path: Path, overlays: Iterable[Overlay]) -> None:
        """Write the cells that imports have changed in rows of others."""
        write_table(path, _OVERLAY, ([o.project, o.column, o.before, o.after] for o in overlays))


def open_workspace(root: Path, bundled: Path | None) -> Workspace:
    """Return the workspace at ``root``, which is to be written unless ``bundled`` is None.

    Raises:
        UsageError: it is not a directory of tables, or the one that came with the package.

    """
    if bundled is not None and root.resolve() == bundled.resolve():
        raise UsageError(
            "the tables that came with the package are not imported into",
            f"Copy them to a directory of your own (cp -r '{root}' mappings), and name it with --mappings.",
        )
    if not (root / "evidence" / "datapackage.yaml").is_file():
        raise UsageError(f"'{root}' is not a directory of tables", "Name a directory shaped like mappings/.")
    return Workspace(root)
