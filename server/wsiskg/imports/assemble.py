"""The third stage of an import: records, decisions and the rows of others to tables, written aside."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from wsiskg.imports.csv_tables import read_table, write_frames, write_table
from wsiskg.imports.decisions import Decision, Verdict, write_decisions
from wsiskg.imports.derive import (
    AWARD_COLUMNS,
    PROJECT_COLUMNS,
    award_row,
    project_frame,
    project_row,
    row_digest,
    row_digests,
    sort_key,
    sort_keys,
)
from wsiskg.imports.frames import record_frame, said_column
from wsiskg.imports.matching import Registry, clusters, decide
from wsiskg.imports.organisations import decide_names, one_name
from wsiskg.imports.record import Record
from wsiskg.imports.state import TAG_COLUMNS
from wsiskg.imports.work import Step, Work, WrittenRow, in_batches, unpacked, unpacked_record
from wsiskg.imports.workspace import KEPT_COLUMNS, Overlay, Workspace
from wsiskg.tables.replacement import Replacement

__all__ = ["REGISTER_COLUMNS", "Assembled", "assemble", "count_projects", "stage_tables"]

REGISTER_COLUMNS = (
    "code", "title_en", "title_fr", "title_es", "publisher", "licence", "as_of", "source_url", "note",
)  # fmt: skip
_SAME_COLUMNS = ("record", "project", "reason")
_BATCH = 20_000
_CELLS = dict.fromkeys(PROJECT_COLUMNS, pl.String)
_BASE = {
    "projects": "SELECT project, register, cells FROM base",
    "awards": "SELECT record, register, cells FROM base_award",
}
_JOINED = (  # projects of several records, or of rows of others too
    "SELECT project FROM record WHERE project != record "
    "UNION SELECT record.record FROM record JOIN base ON base.project = record.record"
)
_MEMBERS = (
    "SELECT register, said, source FROM (SELECT seq, register, said, source FROM record WHERE record = ? "
    "AND project = record UNION ALL SELECT seq, register, said, source FROM record WHERE project = ? "
    "AND project != record) ORDER BY seq"
)
_PROJECTS = (
    "SELECT written.cells, record.seq, record.said, record.source FROM written LEFT JOIN record "
    "ON record.seq = written.seq WHERE written.name = 'projects' AND written.register = ? ORDER BY written.sort"
)
_REASON = 200  # characters that the table allows

Decisions = dict[tuple[str, str], Decision]


@dataclass(frozen=True, slots=True)
class Assembled:
    """Decisions about projects and names, the one name of organisations with several, registers with rows to write."""

    decisions: Decisions
    names: Decisions
    same_name: Mapping[str, str]
    registers: tuple[str, ...]


def assemble(work: Work, before: Decisions, names_before: Decisions, tagged: Collection[str], step: Step) -> Assembled:
    """Decide what is the same.

    Args:
        work: with all records and the rows of others; new and changed records are marked as such.
        before: decisions about projects so far.
        names_before: decisions about names of organisations so far.
        tagged: projects that curators have tagged, whose names must stay.
        step: told of progress.

    """
    names = decide_names(_name_counts(work), names_before, _base_names(work))
    same_name = one_name(names)
    registry = Registry(work, same_name)
    decisions = decide(registry, before, lambda done, total: step("matching", done, total))
    members = {name for pair in decisions for name in pair}
    ages = {name: number for name in members if (number := registry.number(name)) is not None}
    fixed = {name for name, number in ages.items() if registry.is_base(number)} | set(tagged)
    leaders = clusters(decisions.values(), ages, fixed)
    others = ((project, record) for record, project in leaders.items() if project != record)
    work.db.execute("UPDATE record SET project = record")
    work.db.executemany("UPDATE record SET project = ? WHERE record = ?", others)
    touched = work.db.execute(
        "SELECT register FROM record UNION SELECT base.register FROM record JOIN base ON base.project = record.project"
    )
    return Assembled(decisions, names, same_name, tuple(sorted(row[0] for row in touched)))


def _name_counts(work: Work) -> Mapping[str, int]:
    cells: Counter[str] = Counter()
    for batch in in_batches(work.db.execute("SELECT said FROM record ORDER BY seq"), 0, _BATCH):
        cells.update(said_column([said for (said,) in batch], "organisations").to_list())
    counts: Counter[str] = Counter()
    for cell, number in cells.items():
        for name in cell.split(";") if cell else ():
            counts[name] += number
    return counts


def _base_names(work: Work) -> frozenset[str]:
    """Return the names of organisations that rows of others use: theirs are the spellings to keep."""
    cells = (json.loads(cells)["organisations"] for (cells,) in work.db.execute("SELECT cells FROM base"))
    return frozenset(name.strip() for cell in cells for name in cell.split(";") if name.strip())


def count_projects(work: Work, register: str | None = None) -> int:
    """Return how many projects there are in a register, or in all."""
    found = work.db.execute(
        "SELECT (SELECT COUNT(*) FROM base WHERE ? IS NULL OR register = ?) + (SELECT COUNT(*) FROM record "
        "WHERE project = record AND (? IS NULL OR register = ?) AND record NOT IN (SELECT project FROM base))",
        (register, register, register, register),
    )
    return int(found.fetchone()[0])


def stage_tables(
    work: Work, workspace: Workspace, files: Replacement, assembled: Assembled,
    register_row: Mapping[str, str] | None, step: Step,
) -> None:  # fmt: skip
    """Write every table that has changed, where ``files`` says.

    Args:
        work: holds the records and the rows of others.
        workspace: that the tables are for.
        files: new files of it.
        assembled: from `assemble`.
        register_row: description of the register that is imported into, if it is new or changed.
        step: told of progress.

    """
    # Rows of others that were changed by an earlier import, and are not any more, are written too.
    registers = sorted({*assembled.registers, *_overlaid(work, workspace)} - {""})
    work.write(_base_rows(work, registers))
    overlays = [*_write_projects(work, assembled.same_name, step)]
    work.write(_award_rows(work, assembled.decisions))
    for register in registers:
        projects = _project_frames(work, register, assembled.same_name)
        _stage_frames(workspace, files, workspace.table(register, "projects"), PROJECT_COLUMNS, projects)
        awards = work.written("awards", register)
        _stage_table(workspace, files, workspace.table(register, "awards"), AWARD_COLUMNS, awards)
        _stage_same(work, workspace, files, register)
        if not (workspace.root / workspace.table(register, "tags")).exists():
            _stage_table(workspace, files, workspace.table(register, "tags"), TAG_COLUMNS, ())
    if register_row is not None:
        row = [register_row[column] for column in REGISTER_COLUMNS]
        _stage_table(workspace, files, workspace.table(row[0], "register"), REGISTER_COLUMNS, [row])
    _stage_frames(workspace, files, workspace.records, KEPT_COLUMNS, _kept(work))
    _stage(workspace, files, workspace.decisions, lambda path: write_decisions(path, assembled.decisions.values()))
    _stage(workspace, files, workspace.organisations, lambda path: write_decisions(path, assembled.names.values()))
    _stage(workspace, files, workspace.overlays, lambda path: workspace.write_overlays(path, overlays))


def _base_rows(work: Work, registers: Collection[str]) -> Iterator[WrittenRow]:
    """Yield the rows of others, which those of records take the place of."""
    for table, columns in (("projects", PROJECT_COLUMNS), ("awards", AWARD_COLUMNS)):
        for name, register, cells in work.db.execute(_BASE[table]):
            if register in registers:
                row = json.loads(cells)
                yield table, register, sort_key(name), [row[c] for c in columns]


def _write_projects(work: Work, same_name: Mapping[str, str], step: Step) -> Iterator[Overlay]:
    """Keep the rows of the projects of all records; yield what they change in rows of others."""
    db = work.db
    total = db.execute("SELECT COUNT(*) FROM record").fetchone()[0]
    db.execute("CREATE INDEX joined ON record (project) WHERE project != record")
    joined = {name for (name,) in db.execute(_JOINED)}
    done = 0
    rows = db.execute("SELECT seq, record, register FROM record WHERE project = record ORDER BY seq")
    while batch := rows.fetchmany(_BATCH):
        step("writing", done, total)
        done += len(batch)
        if joined:
            batch = [row for row in batch if row[1] not in joined]
        keys = sort_keys(pl.Series([name for _, name, _ in batch], dtype=pl.String)).to_list()
        work.write_later((register, key, seq) for key, (seq, _, register) in zip(keys, batch, strict=True))
    for name in sorted(joined):
        members = db.execute(_MEMBERS, (name, name)).fetchall()
        records = [unpacked_record(said, source) for _, said, source in members]
        found = db.execute("SELECT register, cells FROM base WHERE project = ?", (name,)).fetchone()
        base = json.loads(found[1]) if found else None
        row = project_row(name, base, records, same_name)
        if base is not None:
            register = found[0]
            cells = zip(PROJECT_COLUMNS, row, strict=True)
            yield from (Overlay(name, column, base[column], cell) for column, cell in cells if base[column] != cell)
        else:
            register = next(r for (r, _, _), record in zip(members, records, strict=True) if record.record == name)
            db.execute("UPDATE record SET written = ? WHERE record = ?", (row_digest(row), name))
        work.write([("projects", register, sort_key(name), row)])
    db.execute("UPDATE record SET written = '' WHERE project != record")


def _project_frames(work: Work, register: str, same_name: Mapping[str, str]) -> Iterator[pl.DataFrame]:
    """Yield the rows of the projects of a register in their order; remember the hash of those that records make."""
    for batch in in_batches(work.db.execute(_PROJECTS, (register,)), 2, _BATCH):
        single = [(seq, said, source) for cells, seq, said, source in batch if cells is None]
        made = [unpacked(cells) for cells, *_ in batch if cells is not None]
        frames = [pl.DataFrame(made, _CELLS, orient="row")]
        if single:
            seqs, said, source = zip(*single, strict=True)
            frames.insert(0, project_frame(record_frame(said, source), same_name))
            digests = zip(row_digests(frames[0]), seqs, strict=True)
            work.db.executemany("UPDATE record SET written = ? WHERE seq = ?", digests)
        if made and single:
            are_made = pl.Series([cells is not None for cells, *_ in batch])
            places = (~are_made).arg_true().append(are_made.arg_true())
            frames = [pl.concat(frames)[places.arg_sort()]]
        yield pl.concat(frames)


def _award_rows(work: Work, decisions: Decisions) -> Iterator[WrittenRow]:
    """Yield the rows of all awards of records; one that stands in rows of others already is not written twice."""
    reasons = {d.second: d.why for d in decisions.values() if d.verdict is Verdict.SAME}
    found = work.db.execute("SELECT project, register, said, source FROM record WHERE award ORDER BY seq")
    for project, register, said, source in found:
        record = unpacked_record(said, source)
        if _is_known(work, project, record):
            continue
        key = sort_key(record.record)
        yield "awards", register, key, award_row(record, project)
        if project != record.record and _register_of(work, project) == register:
            reason = reasons.get(record.record) or f"the same as {project}, by other records"
            yield "same_project", register, key, [record.record, project, reason[:_REASON]]


def _is_known(work: Work, project: str, record: Record) -> bool:
    """Say whether an award stands in rows of others: under its number, or of the same project, year and grade."""
    award = (record.given_id, project, record.year, record.grade or "nominee", record.category, record.category)
    found = work.db.execute(
        "SELECT 1 FROM base_award WHERE record = ? "
        "OR (project = ? AND year = ? AND grade = ? AND (category = ? OR ? = ''))",
        award,
    )
    return found.fetchone() is not None


def _register_of(work: Work, project: str) -> str:
    said = work.db.execute("SELECT register FROM base WHERE project = ?", (project,)).fetchone()
    said = said or work.db.execute("SELECT register FROM record WHERE record = ?", (project,)).fetchone()
    return str(said[0]) if said else ""


def _overlaid(work: Work, workspace: Workspace) -> set[str]:
    return {_register_of(work, overlay.project) for overlay in workspace.read_overlays()}


def _stage_same(work: Work, workspace: Workspace, files: Replacement, register: str) -> None:
    """Write which awards are of one project: those that people listed, and those that imports found."""
    name = workspace.table(register, "same_project")
    kept = [
        [row[c] for c in _SAME_COLUMNS]
        for row in read_table(workspace.root / name, _SAME_COLUMNS)
        if work.db.execute("SELECT 1 FROM record WHERE record = ?", (row["record"],)).fetchone() is None
    ]
    rows = sorted([*kept, *work.written("same_project", register)], key=lambda row: sort_key(row[0]))
    _stage_table(workspace, files, name, _SAME_COLUMNS, rows)


def _stage_frames(
    workspace: Workspace, files: Replacement, name: str, columns: Sequence[str], frames: Iterable[pl.DataFrame]
) -> None:
    _stage(workspace, files, name, lambda path: write_frames(path, columns, frames))


def _stage_table(
    workspace: Workspace, files: Replacement, name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    _stage(workspace, files, name, lambda path: write_table(path, columns, rows))


def _stage(workspace: Workspace, files: Replacement, name: str, write: Callable[[Path], None]) -> None:
    """Write a file aside, unless it would be what stands there already."""
    aside, place = files.path(name), workspace.root / name
    write(aside)
    if place.exists() and _equal(aside, place):
        files.drop(name)


def _equal(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as first, other.open("rb") as second:
        while chunk := first.read(1 << 20):
            if chunk != second.read(1 << 20):
                return False
    return True


def _kept(work: Work) -> Iterator[pl.DataFrame]:
    rows = work.db.execute("SELECT register, project, said, source, written FROM record ORDER BY seq")
    for batch in in_batches(rows, 2, _BATCH):
        register, project, said, source, written = zip(*batch, strict=True)
        beside = {"register": register, "project": project, "written": [digest or "" for digest in written]}
        yield (
            record_frame(said, source)
            .with_columns(pl.Series(n, v, pl.String) for n, v in beside.items())
            .select(KEPT_COLUMNS)
        )
