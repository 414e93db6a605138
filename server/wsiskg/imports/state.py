"""What is kept of earlier imports, and the rows of others, loaded into the working file of an import."""

import json
from collections.abc import Collection, Mapping

from wsiskg.imports.csv_tables import read_table
from wsiskg.imports.derive import AWARD_COLUMNS, PROJECT_COLUMNS
from wsiskg.imports.record import record_digest, record_of
from wsiskg.imports.work import Work, packed
from wsiskg.imports.workspace import KEPT_COLUMNS, Workspace, row_digest
from wsiskg.model.errors import UsageError

__all__ = ["TAG_COLUMNS", "load_state"]

TAG_COLUMNS = ("project", "framework", "code", "reason", "curator", "assigned_on")
_SHOWN = 5


def load_state(work: Work, workspace: Workspace, *, discard_edits: bool) -> Collection[str]:
    """Load kept records, and projects and awards that no import made; return the projects that curators have tagged.

    Cells that an import has changed in rows of others are taken back first; where somebody has edited such a cell
    since, the edit stands.

    Raises:
        UsageError: a table is wrong, or a row that an import has written was edited by hand since, unless these edits
            are to be discarded.

    """
    _load_records(work, workspace)
    edited: list[str] = []
    tagged: set[str] = set()
    overlays: dict[str, list[tuple[str, str, str]]] = {}
    for overlay in workspace.read_overlays():
        overlays.setdefault(overlay.project, []).append((overlay.column, overlay.before, overlay.after))
    for register in workspace.registers():
        for row in read_table(workspace.root / workspace.table(register, "projects"), PROJECT_COLUMNS):
            name = row["project"]
            said = work.db.execute("SELECT written FROM record WHERE record = ?", (name,)).fetchone()
            if said is not None:
                if said[0] and said[0] != row_digest(row):
                    edited.append(name)
                continue
            for column, before, after in overlays.get(name, ()):
                if row[column] == after:
                    row[column] = before
            work.db.execute("INSERT INTO base VALUES (?, ?, ?)", (name, register, _json(row)))
        for row in read_table(workspace.root / workspace.table(register, "awards"), AWARD_COLUMNS):
            if not _is_record(work, row["record"]):
                work.db.execute(
                    "INSERT INTO base_award VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (row["record"], register, row["project"], row["year"], row["grade"], row["category"], _json(row)),
                )
        tagged |= {r["project"] for r in read_table(workspace.root / workspace.table(register, "tags"), TAG_COLUMNS)}
    if edited and not discard_edits:
        more = f" and {len(edited) - _SHOWN} more" if len(edited) > _SHOWN else ""
        raise UsageError(
            f"rows that an import has written were edited by hand: {', '.join(edited[:_SHOWN])}{more}",
            "Correct the export, or the mapping file, and take the edits back; or repeat with --discard-edits.",
        )
    return tagged


def _load_records(work: Work, workspace: Workspace) -> None:
    for row in read_table(workspace.root / workspace.records, KEPT_COLUMNS):
        try:
            record = record_of(row)
        except ValueError as error:
            raise UsageError(f"'{workspace.records}' is damaged at {row['record']}: {error}", "Restore it.") from error
        work.db.execute(
            "INSERT INTO record (record, register, digest, data, fresh, kept, written) VALUES (?, ?, ?, ?, 0, 1, ?)",
            (record.record, row["register"], record_digest(record), packed(record), row["written"]),
        )


def _is_record(work: Work, name: str) -> bool:
    return work.db.execute("SELECT 1 FROM record WHERE record = ?", (name,)).fetchone() is not None


def _json(row: Mapping[str, str]) -> str:
    return json.dumps(row, ensure_ascii=False)
