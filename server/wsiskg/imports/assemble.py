"""The third stage of an import: records, decisions and the rows of others to tables, written aside."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from wsiskg.imports.csv_tables import read_table, write_table
from wsiskg.imports.decisions import Decision, Verdict, write_decisions
from wsiskg.imports.derive import AWARD_COLUMNS, PROJECT_COLUMNS, award_row, project_row, sort_key
from wsiskg.imports.matching import Member, add_members, clusters, decide, folded_name, index_tokens, member_of
from wsiskg.imports.organisations import decide_names, one_name
from wsiskg.imports.record import Record
from wsiskg.imports.state import TAG_COLUMNS
from wsiskg.imports.work import Step, Work, unpacked
from wsiskg.imports.workspace import KEPT_COLUMNS, Overlay, Workspace, row_digest
from wsiskg.tables.replacement import Replacement

__all__ = ["REGISTER_COLUMNS", "Assembled", "assemble", "stage_tables"]

REGISTER_COLUMNS = (
    "code", "title_en", "title_fr", "title_es", "publisher", "licence", "as_of", "source_url", "note",
)  # fmt: skip
_SAME_COLUMNS = ("record", "project", "reason")
_REASON = 200  # characters that the table allows

Decisions = dict[tuple[str, str], Decision]


@dataclass(frozen=True, slots=True)
class Assembled:
    """Decisions about projects and names, cells changed in rows of others, and the registers with rows to write."""

    decisions: Decisions
    names: Decisions
    overlays: tuple[Overlay, ...]
    registers: tuple[str, ...]


def assemble(work: Work, before: Decisions, names_before: Decisions, tagged: Collection[str], step: Step) -> Assembled:
    """Decide what is the same, and keep the rows of all tables in the working file.

    Args:
        work: with all records and the rows of others; new and changed records are marked as such.
        before: decisions about projects so far.
        names_before: decisions about names of organisations so far.
        tagged: projects that curators have tagged, whose names must stay.
        step: told of progress.

    """
    names = decide_names(_name_counts(work), names_before, _base_names(work))
    same_name = one_name(names)
    add_members(work, _base_members(work))
    add_members(work, _record_members(work, same_name))
    index_tokens(work)
    decisions = decide(work, before, lambda done, total: step("matching", done, total))
    fixed = {row[0] for row in work.db.execute("SELECT project FROM base")} | set(tagged)
    leaders = clusters(decisions.values(), _ages(work, decisions), fixed)
    for record in [row[0] for row in work.db.execute("SELECT record FROM record")]:
        work.db.execute("UPDATE record SET project = ? WHERE record = ?", (leaders.get(record, record), record))
    touched = {row[0] for row in work.db.execute("SELECT DISTINCT register FROM record")}
    overlays = _write_projects(work, same_name, touched, step)
    _write_awards(work, decisions)
    return Assembled(decisions, names, tuple(overlays), tuple(sorted(touched)))


def _name_counts(work: Work) -> Mapping[str, int]:
    counts: Counter[str] = Counter()
    for (data,) in work.db.execute("SELECT data FROM record ORDER BY seq"):
        counts.update(unpacked(data).organisations)
    return counts


def _base_names(work: Work) -> frozenset[str]:
    """Return the names of organisations that rows of others use: theirs are the spellings to keep."""
    cells = (json.loads(cells)["organisations"] for (cells,) in work.db.execute("SELECT cells FROM base"))
    return frozenset(name.strip() for cell in cells for name in cell.split(";") if name.strip())


def _base_members(work: Work) -> Iterator[tuple[Member, str, bool, bool]]:
    rows = work.db.execute("SELECT project, register, cells FROM base ORDER BY rowid").fetchall()
    for name, register, cells in rows:
        row = json.loads(cells)
        organisations = tuple(sorted({folded_name(n) for n in row["organisations"].split(";") if n.strip()}))
        countries = frozenset(filter(None, row["countries"].split(";")))
        yield Member(name, "base", row["title"], "", "", organisations, countries), register, False, True


def _record_members(work: Work, same_name: Mapping[str, str]) -> Iterator[tuple[Member, str, bool, bool]]:
    cursor = work.db.execute("SELECT data, register, fresh FROM record ORDER BY seq")
    for data, register, fresh in cursor:
        yield member_of(unpacked(data), same_name), register, bool(fresh), False


def _ages(work: Work, decisions: Decisions) -> Mapping[str, int]:
    ages = {}
    for name in {name for pair in decisions for name in pair}:
        if said := work.db.execute("SELECT n FROM member WHERE id = ?", (name,)).fetchone():
            ages[name] = said[0]
    return ages


def _write_projects(work: Work, same_name: Mapping[str, str], touched: set[str], step: Step) -> list[Overlay]:
    """Keep the rows of all projects; add registers to ``touched`` whose rows an import changes or has changed."""
    overlays: list[Overlay] = []
    total = work.db.execute("SELECT COUNT(*) FROM record").fetchone()[0]
    place = 0
    found = work.db.execute("SELECT project, register, data FROM record ORDER BY project, seq")
    joined: set[str] = set()
    for name, group in groupby(found, key=itemgetter(0)):
        members = list(group)
        place += len(members)
        if place % 1_000 < len(members):
            step("writing", place, total)
        records = [unpacked(data) for _, _, data in members]
        said = work.db.execute("SELECT register, cells FROM base WHERE project = ?", (name,)).fetchone()
        base = json.loads(said[1]) if said else None
        register = said[0] if said else next(r for (_, r, _), rec in zip(members, records, strict=True)
                                             if rec.record == name)  # fmt: skip
        row = project_row(name, base, records, same_name)
        if base is not None:
            joined.add(name)
            touched.add(register)
            overlays += [Overlay(name, c, base[c], row[c]) for c in PROJECT_COLUMNS if base[c] != row[c]]
        else:
            work.db.execute("UPDATE record SET written = ? WHERE record = ?", (row_digest(row), name))
        work.write("projects", register, sort_key(name), [row[c] for c in PROJECT_COLUMNS])
    work.db.execute("UPDATE record SET written = '' WHERE project != record")
    for name, register, cells in work.db.execute("SELECT project, register, cells FROM base").fetchall():
        if name not in joined:
            row = json.loads(cells)
            work.write("projects", register, sort_key(name), [row[c] for c in PROJECT_COLUMNS])
    return overlays


def _write_awards(work: Work, decisions: Decisions) -> None:
    """Keep the rows of all awards; one that stands in rows of others already is not written twice."""
    for record, register, cells in work.db.execute("SELECT record, register, cells FROM base_award").fetchall():
        row = json.loads(cells)
        work.write("awards", register, sort_key(record), [row[c] for c in AWARD_COLUMNS])
    reasons = {d.second: d.why for d in decisions.values() if d.verdict is Verdict.SAME}
    found = work.db.execute("SELECT project, register, data FROM record ORDER BY seq")
    for project, register, data in found:
        record = unpacked(data)
        if not record.is_award or _is_known(work, project, record):
            continue
        row = award_row(record, project)
        work.write("awards", register, sort_key(record.record), [row[c] for c in AWARD_COLUMNS])
        if project != record.record and _register_of(work, project) == register:
            reason = reasons.get(record.record) or f"the same as {project}, by other records"
            work.write("same_project", register, sort_key(record.record), [record.record, project, reason[:_REASON]])


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


def stage_tables(
    work: Work, workspace: Workspace, files: Replacement, assembled: Assembled, register_row: Mapping[str, str] | None
) -> None:
    """Write every table that has changed, where ``files`` says.

    Args:
        work: holds the rows.
        workspace: that the tables are for.
        files: new files of it.
        assembled: from `assemble`.
        register_row: description of the register that is imported into, if it is new or changed.

    """
    # Rows of others that were changed by an earlier import, and are not any more, are written too.
    for register in sorted({*assembled.registers, *_overlaid(work, workspace)} - {""}):
        for name, columns in (("projects", PROJECT_COLUMNS), ("awards", AWARD_COLUMNS)):
            _stage_table(workspace, files, workspace.table(register, name), columns, work.written(name, register))
        _stage_same(work, workspace, files, register)
        if not (workspace.root / workspace.table(register, "tags")).exists():
            _stage_table(workspace, files, workspace.table(register, "tags"), TAG_COLUMNS, ())
    if register_row is not None:
        row = [register_row[column] for column in REGISTER_COLUMNS]
        _stage_table(workspace, files, workspace.table(row[0], "register"), REGISTER_COLUMNS, [row])
    _stage_table(workspace, files, workspace.records, KEPT_COLUMNS, _kept(work))
    _stage(workspace, files, workspace.decisions, lambda path: write_decisions(path, assembled.decisions.values()))
    _stage(workspace, files, workspace.organisations, lambda path: write_decisions(path, assembled.names.values()))
    _stage(workspace, files, workspace.overlays, lambda path: workspace.write_overlays(path, assembled.overlays))


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


def _kept(work: Work) -> Iterator[list[str]]:
    found = work.db.execute("SELECT register, project, data, written FROM record ORDER BY seq")
    for register, project, data, written in found:
        yield [register, project, *json.loads(data), written or ""]
