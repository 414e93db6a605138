"""What is kept of earlier imports, and the rows of others, loaded into the working file of an import."""

import json
from collections.abc import Collection, Mapping

from wsiskg.imports.csv_tables import read_rows
from wsiskg.imports.derive import AWARD_COLUMNS, PROJECT_COLUMNS, row_digest
from wsiskg.imports.fields import Kind
from wsiskg.imports.record import ASIDE, COLUMNS
from wsiskg.imports.work import Work, packed
from wsiskg.imports.workspace import KEPT_COLUMNS, Workspace
from wsiskg.model.errors import UsageError

__all__ = ["TAG_COLUMNS", "load_state"]

TAG_COLUMNS = ("project", "framework", "code", "reason", "curator", "assigned_on")
_SHOWN = 5
_KIND, _GIVEN = COLUMNS.index("kind"), COLUMNS.index("as_given")


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
        for cells in read_rows(workspace.root / workspace.table(register, "projects"), PROJECT_COLUMNS):
            name = cells[0]
            if (written := _written(work, name)) is not None:
                if written and written != row_digest(cells):
                    edited.append(name)
                continue
            row = dict(zip(PROJECT_COLUMNS, cells, strict=True))
            for column, before, after in overlays.get(name, ()):
                if row[column] == after:
                    row[column] = before
            work.db.execute("INSERT INTO base VALUES (?, ?, ?)", (name, register, _json(row)))
        for cells in read_rows(workspace.root / workspace.table(register, "awards"), AWARD_COLUMNS):
            if _written(work, cells[0]) is None:
                row = dict(zip(AWARD_COLUMNS, cells, strict=True))
                work.db.execute(
                    "INSERT INTO base_award VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (row["record"], register, row["project"], row["year"], row["grade"], row["category"], _json(row)),
                )
        tagged |= {cells[0] for cells in read_rows(workspace.root / workspace.table(register, "tags"), TAG_COLUMNS)}
    if edited and not discard_edits:
        more = f" and {len(edited) - _SHOWN} more" if len(edited) > _SHOWN else ""
        raise UsageError(
            f"rows that an import has written were edited by hand: {', '.join(edited[:_SHOWN])}{more}",
            "Correct the export, or the mapping file, and take the edits back; or repeat with --discard-edits.",
        )
    return tagged


def _load_records(work: Work, workspace: Workspace) -> None:
    rows = read_rows(workspace.root / workspace.records, KEPT_COLUMNS)
    work.db.executemany(
        "INSERT INTO record (record, register, award, said, source, fresh, kept, written) "
        "VALUES (?, ?, ?, ?, ?, 0, 1, ?)",
        (_kept(workspace, row) for row in rows),
    )


def _kept(workspace: Workspace, row: list[str]) -> tuple[object, ...]:
    register, _, *cells, written = row
    try:
        given = json.loads(cells[_GIVEN] or "{}")
    except ValueError as error:
        raise UsageError(f"'{workspace.records}' is damaged at {cells[0]}: {error}", "Restore it.") from error
    cells[_GIVEN] = json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""
    said, source = packed(cells[:-ASIDE]), packed(cells[-ASIDE:])
    return cells[0], register, cells[_KIND] == Kind.PRIZES.value, said, source, written


def _written(work: Work, name: str) -> str | None:
    """Return what was written of a kept record, None if there is no such record."""
    found = work.db.execute("SELECT written FROM record WHERE record = ?", (name,)).fetchone()
    return None if found is None else found[0] or ""


def _json(row: Mapping[str, str]) -> str:
    return json.dumps(row, ensure_ascii=False)
