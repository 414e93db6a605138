"""What is kept of earlier imports, and the rows of others, loaded into the working file of an import."""

import json
from collections.abc import Collection, Mapping

import polars as pl

from wsiskg.graph.columns.terms import each
from wsiskg.imports.csv_tables import read_frames, read_rows
from wsiskg.imports.derive import AWARD_COLUMNS, PROJECT_COLUMNS, row_digests
from wsiskg.imports.fields import Kind
from wsiskg.imports.frames import packed_cells
from wsiskg.imports.record import ASIDE, COLUMNS
from wsiskg.imports.work import Work
from wsiskg.imports.workspace import KEPT_COLUMNS, Workspace
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
    kept = _load_records(work, workspace)
    edited: list[str] = []
    tagged: set[str] = set()
    overlays: dict[str, list[tuple[str, str, str]]] = {}
    for overlay in workspace.read_overlays():
        overlays.setdefault(overlay.project, []).append((overlay.column, overlay.before, overlay.after))
    for register in workspace.registers():
        for frame in read_frames(workspace.root / workspace.table(register, "projects"), PROJECT_COLUMNS):
            told = frame.select("project").join(kept, on="project", how="left", maintain_order="left")["written"]
            own = frame.filter(told != "")
            changed = pl.Series(row_digests(own), dtype=pl.String) != told.filter(told != "")
            edited += own["project"].filter(changed).to_list()
            for row in frame.filter(told.is_null()).iter_rows(named=True):
                for column, before, after in overlays.get(row["project"], ()):
                    if row[column] == after:
                        row[column] = before
                work.db.execute("INSERT INTO base VALUES (?, ?, ?)", (row["project"], register, _json(row)))
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


def _load_records(work: Work, workspace: Workspace) -> pl.DataFrame:
    """Load the kept records; return the names of their projects and what was written of each, empty for none."""
    found = [pl.DataFrame(schema={"project": pl.String, "written": pl.String})]
    for frame in read_frames(workspace.root / workspace.records, KEPT_COLUMNS):
        try:
            given = each(frame["as_given"], _canonical)
        except ValueError as error:
            raise UsageError(
                f"'{workspace.records}' is damaged at {_damaged(frame)}: {error}", "Restore it."
            ) from error
        cells = frame.with_columns(given).select(COLUMNS)
        said, source = packed_cells(cells[:, :-ASIDE]), packed_cells(cells[:, -ASIDE:])
        award = (frame["kind"] == Kind.PRIZES.value).to_list()
        beside = (frame[name].to_list() for name in ("record", "register"))
        work.db.executemany(
            "INSERT INTO record (record, register, award, said, source, fresh, kept, written) "
            "VALUES (?, ?, ?, ?, ?, 0, 1, ?)",
            zip(*beside, award, said, source, frame["written"].to_list(), strict=True),
        )
        found.append(frame.select("written", project="record").select("project", "written"))
    return pl.concat(found)


def _canonical(cell: str) -> str:
    """Return what is kept as given in the form in which it is compared."""
    given = json.loads(cell or "{}")
    return json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""


def _damaged(frame: pl.DataFrame) -> str:
    """Return the first record of which what is kept as given cannot be read."""
    for record, cell in frame.select("record", "as_given").iter_rows():
        try:
            _canonical(cell)
        except ValueError:
            return str(record)
    return ""


def _written(work: Work, name: str) -> str | None:
    """Return what was written of a kept record, None if there is no such record."""
    found = work.db.execute("SELECT written FROM record WHERE record = ?", (name,)).fetchone()
    return None if found is None else found[0] or ""


def _json(row: Mapping[str, str]) -> str:
    return json.dumps(row, ensure_ascii=False)
