"""An import from end to end: files and decisions to the tables of a workspace, all or nothing."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from wsiskg import __version__
from wsiskg.graph.journal import workspace_lock
from wsiskg.imports.assemble import REGISTER_COLUMNS, Assembled, assemble, count_projects, stage_tables
from wsiskg.imports.csv_tables import read_table, write_table
from wsiskg.imports.decisions import Decision, Verdict, decided
from wsiskg.imports.fields import IGNORE, KEEP, PERSONAL, Kind
from wsiskg.imports.layout import Layout, layout_text, read_layout
from wsiskg.imports.messages import import_problem
from wsiskg.imports.normalise import JUDGED, Normaliser
from wsiskg.imports.readers.files import LIMITS, ExportFile, describe
from wsiskg.imports.reading import read_files
from wsiskg.imports.record import differences
from wsiskg.imports.rejects import Rejected, write_rejects
from wsiskg.imports.report import OUTCOMES, ColumnReport, Counts, NotUnderstood, Report, Updated
from wsiskg.imports.settle import settle_rows
from wsiskg.imports.state import load_state
from wsiskg.imports.tally import Tally
from wsiskg.imports.work import Step, Work, open_work, unpacked_record
from wsiskg.imports.workspace import Workspace, open_workspace
from wsiskg.model.codes import FORMATS, is_isodate
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import LANGUAGES, Origin, Problem, Severity
from wsiskg.processes import without_collector
from wsiskg.resources import default_mappings
from wsiskg.tables.load import SYNTHETIC, Reading, load_tables
from wsiskg.tables.replacement import complete, replacement
from wsiskg.tables.rows import Tables

__all__ = ["REGISTERS", "Order", "apply_decisions", "decide_pair", "import_files", "open_pairs"]

REGISTERS: Mapping[Kind, str] = {Kind.STOCKTAKING: "stocktaking", Kind.PRIZES: "wsis-prizes"}
"""The register that an export goes into unless another one is named."""

_TITLES: Mapping[str, Mapping[str, str]] = {
    "stocktaking": {
        "en": "WSIS stocktaking database",
        "fr": "Base de données de l'inventaire du SMSI",
        "es": "Base de datos del inventario de la CMSI",
    },
    "wsis-prizes": {"en": "WSIS Prizes", "fr": "Prix du SMSI", "es": "Premios de la CMSI"},
}
_INVENTED: Mapping[str, str] = {"en": "Synthetic data:", "fr": "Données synthétiques :", "es": "Datos sintéticos:"}
_NAMES_ONLY = Reading(without=frozenset({"evidence", "matrix"}))
_LISTED, _UPDATED = 200, 100
_NOT_UNDERSTOOD = ("field", "text", "taken", "candidates", "count", "file", "sheet", "row")


@dataclass(frozen=True, slots=True)
class Order:
    """What to import, and how.

    Attributes:
        kind: of the export.
        files: in the order in which they count: a later one corrects an earlier one.
        workspace: directory of tables that the rows go into.
        register: code of the register; empty: the usual one of the kind.
        title: of a register that is new, in all languages; empty: a usual one, or its code.
        publisher: of a register that is new.
        source: address that names the source of records without a page of their own; empty: the hash of their file.
        as_of: day for which the export was made, ISO 8601; empty: today.
        mapping: the saved mapping; None: that of the workspace.
        rejects: where to write rejected rows.
        dry: write nothing.
        discard_edits: overwrite rows of earlier imports that were edited by hand.

    """

    kind: Kind
    files: Sequence[Path]
    workspace: Path
    register: str = ""
    title: str = ""
    publisher: str = "ITU"
    source: str = ""
    as_of: str = ""
    mapping: Path | None = None
    rejects: Path = field(default_factory=lambda: Path("rejects.xlsx"))
    dry: bool = False
    discard_edits: bool = False


def import_files(order: Order, step: Step = lambda _what, _done, _total: None) -> Report:
    """Import exports into a workspace.

    Everything is read first, held against what is kept, and written together at the end. An import that was killed
    goes on where it was when it is started again with the same files.

    Raises:
        UsageError: a file or the workspace cannot be read or written, or something named does not exist; nothing has
            changed then.

    """
    _check(order)
    workspace = open_workspace(order.workspace, None if order.dry else default_mappings())
    register = order.register or REGISTERS[order.kind]
    files = [describe(path) for path in order.files]
    with ExitStack() as stack:
        stack.enter_context(without_collector())
        if order.dry:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="wsiskg-"))
            place = Path(folder) / "import.sqlite"
        else:
            stack.enter_context(workspace_lock(workspace.root))
            complete(workspace.root)
            place = workspace.work
        tables = load_tables(workspace.root, _NAMES_ONLY)
        mapping = order.mapping or workspace.root / workspace.mapping(order.kind)
        layout, normaliser = read_layout(mapping, order.kind), Normaliser(tables, register)
        normaliser.check(layout)
        key = _key(order, register, files, layout, tables)
        work = stack.enter_context(open_work(place, key))
        shown = order.mapping.name if order.mapping else workspace.mapping(order.kind)
        layout, tally, resumed = read_files(work, files, layout, normaliser, order.source, shown, step)
        tagged = load_state(work, workspace, discard_edits=order.discard_edits)
        settle_rows(work, register, lambda done, total: step("comparing", done, total))
        assembled = assemble(work, *workspace.read_decisions(), tagged, step)
        _mark_merged(work)
        counts = _counts(work)
        notices = [*_notices(files, tally, layout, normaliser, shown)]
        rejects = str(order.rejects) if counts.rejected and not order.dry else ""
        if not order.dry:
            if counts.rejected:
                _write_rejects(work, order.rejects, files, layout)
            _write(work, workspace, assembled, order, register, layout, mapping, counts, files, step)
        report = _report(work, order, register, files, counts, layout, tally, notices, assembled)
        work.db.rollback()
    if not order.dry:
        _forget(workspace)
    return replace(report, resumed=resumed, rejects=rejects)


def apply_decisions(root: Path, *, discard_edits: bool = False) -> Report:
    """Make the tables of a workspace anew from the records kept and the decisions as they stand.

    Completes an import that was interrupted while it wrote. Decisions that a person has edited in the table count from
    then on.

    Raises:
        UsageError: the workspace cannot be read or written.

    """
    workspace = open_workspace(root, default_mappings())
    with ExitStack() as stack:
        stack.enter_context(workspace_lock(workspace.root))
        complete(workspace.root)
        return _apply(workspace, *workspace.read_decisions(), discard_edits=discard_edits)


def decide_pair(
    root: Path, first: str, second: str, verdict: Verdict, by: str, reason: str = "", on: str = ""
) -> Report:
    """Record a person's decision whether two records, or two names of organisations, are the same; apply it.

    To undo a merge is to decide that the two are different.

    Raises:
        UsageError: nothing is known about the two, or the workspace cannot be read or written.

    """
    workspace = open_workspace(root, default_mappings())
    with ExitStack() as stack:
        stack.enter_context(workspace_lock(workspace.root))
        complete(workspace.root)
        decisions, names = workspace.read_decisions()
        pair = (first, second) if first < second else (second, first)
        day = on or date.today().isoformat()
        if pair in names:
            names = decided(names, first, second, verdict, by, day, reason)
        else:
            decisions = decided(decisions, first, second, verdict, by, day, reason)
        return _apply(workspace, decisions, names, discard_edits=False)


def open_pairs(root: Path) -> tuple[list[Decision], list[Decision]]:
    """Return all decisions about records, and about names of organisations: those that wait for a person first.

    Raises:
        UsageError: the workspace cannot be read.

    """
    tables = open_workspace(root, default_mappings()).read_decisions()
    order = {Verdict.OPEN: 0, Verdict.SAME: 1, Verdict.DIFFERENT: 2}
    first, second = (sorted(t.values(), key=lambda d: (order[d.verdict], d.first, d.second)) for t in tables)
    return first, second


def _apply(
    workspace: Workspace,
    decisions: dict[tuple[str, str], Decision],
    names: dict[tuple[str, str], Decision],
    *,
    discard_edits: bool,
) -> Report:
    with tempfile.TemporaryDirectory(prefix="wsiskg-") as folder, open_work(Path(folder) / "work.sqlite", "") as work:
        tagged = load_state(work, workspace, discard_edits=discard_edits)
        assembled = assemble(work, decisions, names, tagged, lambda _what, _done, _total: None)
        with replacement(workspace.root) as new:
            stage_tables(work, workspace, new, assembled, None, lambda _what, _done, _total: None)
        projects = count_projects(work)
        work.db.rollback()
    waiting = [sum(d.verdict is Verdict.OPEN for d in t.values()) for t in (assembled.decisions, assembled.names)]
    return Report("", "", False, Counts(), open_decisions=waiting[0], open_names=waiting[1], projects=projects)


def _check(order: Order) -> None:
    if not order.files:
        raise UsageError("no file to import was named", "Name one or more files.")
    if order.register and not FORMATS["slug"](order.register):
        raise UsageError(f"'{order.register}' is no code of a register", "Use letters, digits and hyphens.")
    if order.source and not FORMATS["uri"](order.source):
        raise UsageError(f"'{order.source}' is no address", "Give one that begins with https://.")
    if order.as_of and not is_isodate(order.as_of):
        raise UsageError(f"'{order.as_of}' is no date", "Write YYYY, YYYY-MM or YYYY-MM-DD.")


def _key(order: Order, register: str, files: Sequence[ExportFile], layout: Layout, tables: Tables) -> str:
    """Return what must be the same for an interrupted import to go on."""
    return json.dumps(
        [
            __version__, order.kind.value, register, order.source, [[f.name, f.digest] for f in files],
            layout_text(layout), sorted(t.digest for t in tables.tables),
        ]
    )  # fmt: skip


def _mark_merged(work: Work) -> None:
    """Call merged what is new and belongs to a project that another record has begun."""
    work.db.execute(
        "UPDATE row SET outcome = 'merged' WHERE outcome = 'added' AND record IN "
        "(SELECT record FROM record WHERE project != record)"
    )


def _counts(work: Work) -> Counts:
    said = dict(work.db.execute("SELECT outcome, COUNT(*) FROM row GROUP BY outcome").fetchall())
    read = work.db.execute("SELECT COUNT(*) FROM row").fetchone()[0]
    return Counts(read, **{outcome: said.get(outcome, 0) for outcome in OUTCOMES})


def _notices(
    files: Sequence[ExportFile], tally: Tally, layout: Layout, normaliser: Normaliser, mapping: str
) -> Iterator[Problem]:
    for name, sheet, rule in tally.skipped:
        yield import_problem(rule, Origin(name, sheet=sheet), severity=Severity.WARNING)
    if tally.columns and "title" not in {layout.columns[header] for header in tally.columns}:
        yield import_problem("no-title-column", Origin(files[0].name), severity=Severity.WARNING, mapping=mapping)
    for name, count in tally.legacy.items():
        yield import_problem("legacy", Origin(name), severity=Severity.WARNING, count=count)
    if tally.cut:
        yield import_problem("cut", Origin(""), severity=Severity.WARNING, count=tally.cut, limit=LIMITS.cell)
    for header, column in tally.columns.items():
        origin = Origin(files[column.file].name, None, header, column.sheet)
        if column.dropped:
            yield import_problem("personal", origin, severity=Severity.INFO, count=column.dropped)
        kept = column.filled - column.dropped
        if layout.columns.get(header) == KEEP and kept:
            yield import_problem("kept", origin, severity=Severity.INFO, count=kept, mapping=mapping)
        if trend := column.trend if column.trend.since else None:
            name = layout.columns[header]
            instead = _instead(normaliser, name, trend.samples)
            yield import_problem(
                "changed-meaning", origin, severity=Severity.WARNING,
                last=trend.since, count=trend.after, instead=instead,
            )  # fmt: skip
    if tally.removed:
        yield import_problem("addresses", Origin(""), severity=Severity.INFO, count=tally.removed)


_READS_LIKE: Mapping[str, str] = {
    "en": "; they read like {field}", "fr": " ; elles se lisent comme {field}", "es": "; se leen como {field}",
}  # fmt: skip


def _instead(normaliser: Normaliser, name: str, samples: Sequence[str]) -> Mapping[str, str]:
    """Say what the values of a column have become, if most of them are values of another field."""
    for other in JUDGED:
        if other != name and samples and sum(normaliser.understands(other, s) for s in samples) > 0.8 * len(samples):
            return {language: _READS_LIKE[language].format(field=other) for language in LANGUAGES}
    return dict.fromkeys(LANGUAGES, "")


def _write_rejects(work: Work, path: Path, files: Sequence[ExportFile], layout: Layout) -> None:
    found = "SELECT file, sheet, number, rule, facts, cells FROM row WHERE outcome = 'rejected' ORDER BY seq"
    used = {header for *_, cells in work.db.execute(found) for header in json.loads(cells)}
    known = [h for h, name in layout.columns.items() if h in used and name not in {PERSONAL, IGNORE}]
    headers = [*known, *sorted(used - set(layout.columns))]

    def rows() -> Iterator[Rejected]:
        for file, sheet, number, rule, facts, cells in work.db.execute(found):
            origin = Origin(files[file].name, number, sheet=sheet)
            said = import_problem(rule, origin, **json.loads(facts))
            name = f"{files[file].name}[{sheet}]" if sheet else files[file].name
            yield name, number, said.text(), json.loads(cells)

    try:
        write_rejects(path, headers, rows())
    except OSError as error:
        raise UsageError(
            f"nothing was changed: the rejected rows cannot be written to '{path}' ({error.strerror or error})",
            "Name another file with --rejects.",
        ) from error


def _write(
    work: Work, workspace: Workspace, assembled: Assembled, order: Order, register: str, layout: Layout,
    mapping: Path, counts: Counts, files: Sequence[ExportFile], step: Step,
) -> None:  # fmt: skip
    """Write the tables, the mapping and the list of what was not understood, all or nothing."""
    row = _register_row(workspace, order, register, files, work) if register in assembled.registers else None
    if row is not None and not counts.added + counts.updated + counts.merged and _exists(workspace, register):
        row = None  # nothing has changed, the day neither
    with replacement(workspace.root) as new:
        stage_tables(work, workspace, new, assembled, row, step)
        text = layout_text(layout)
        if order.mapping is None and (not mapping.exists() or mapping.read_text("utf-8") != text):
            new.path(workspace.mapping(order.kind)).write_text(text, "utf-8")
        listed = [[f, t, k, c, str(n), files[i].name, s, str(r)] for f, t, k, c, n, i, s, r in _unknown(work, None)]
        aside = new.path(workspace.not_understood)
        write_table(aside, _NOT_UNDERSTOOD, listed)
        place = workspace.root / workspace.not_understood
        if place.exists() and place.read_bytes() == aside.read_bytes():
            new.drop(workspace.not_understood)
    if order.mapping is not None and not order.mapping.exists():
        order.mapping.write_text(text, "utf-8")


def _exists(workspace: Workspace, register: str) -> bool:
    return (workspace.root / workspace.table(register, "register")).exists()


def _register_row(
    workspace: Workspace, order: Order, register: str, files: Sequence[ExportFile], work: Work
) -> dict[str, str] | None:
    """Return the description of the register: new, or with a new day; that of one which others keep is theirs."""
    day = order.as_of or date.today().isoformat()
    if _exists(workspace, register):
        if work.db.execute("SELECT 1 FROM base WHERE register = ?", (register,)).fetchone():
            return None
        row = next(iter(read_table(workspace.root / workspace.table(register, "register"), REGISTER_COLUMNS)), None)
        return None if row is None else {**row, "as_of": day}
    invented = work.db.execute(
        "SELECT 1 FROM record WHERE register = ? AND record LIKE ? LIMIT 1", (register, f"{SYNTHETIC}%")
    ).fetchone()
    titles = _TITLES.get(register, {}) if not order.title else {}
    titles = {language: titles.get(language, order.title or register) for language in LANGUAGES}
    if invented:
        titles = {language: f"{_INVENTED[language]} {title}" for language, title in titles.items()}
    return {
        "code": register,
        **{f"title_{language}": title for language, title in titles.items()},
        "publisher": "wsiskg benchmarks" if invented else order.publisher,
        "licence": "",
        "as_of": day,
        "source_url": order.source or f"urn:sha256:{files[-1].digest}",
        "note": "Imported from an export; the records as read are kept in imports/records.csv.",
    }


def _unknown(work: Work, limit: int | None) -> list[tuple[str, str, str, str, int, int, str, int]]:
    return work.db.execute(
        "SELECT field, text, taken, candidates, count, file, sheet, number FROM unknown "
        "ORDER BY taken != '', count DESC, field, text LIMIT ?",
        (-1 if limit is None else limit,),
    ).fetchall()


def _report(
    work: Work, order: Order, register: str, files: Sequence[ExportFile], counts: Counts, layout: Layout,
    tally: Tally, notices: Sequence[Problem], assembled: Assembled,
) -> Report:  # fmt: skip
    columns = []
    for header, seen in tally.columns.items():
        name = layout.columns.get(header, KEEP)
        columns.append(ColumnReport(header, name, seen.filled, seen.trend.understood if name in JUDGED else None))
    changed = work.db.execute(
        "SELECT record.before, record.before_source, record.said, record.source "
        "FROM record JOIN row ON record.row = row.seq WHERE row.outcome = 'updated' ORDER BY row.seq LIMIT ?",
        (_UPDATED,),
    )
    return Report(
        kind=order.kind.value,
        register=register,
        dry=order.dry,
        counts=counts,
        columns=columns,
        notices=notices,
        not_understood=[
            NotUnderstood(f, t, n, files[i].name, r, tuple(filter(None, c.split(";"))), k)
            for f, t, k, c, n, i, _, r in _unknown(work, _LISTED)
        ],
        unknown=work.db.execute("SELECT COUNT(*) FROM unknown").fetchone()[0],
        updated=[
            Updated(after.record, after.title, differences(before, after))
            for before, after in ((unpacked_record(*row[:2]), unpacked_record(*row[2:])) for row in changed)
        ],
        open_decisions=sum(d.verdict is Verdict.OPEN for d in assembled.decisions.values()),
        open_names=sum(d.verdict is Verdict.OPEN for d in assembled.names.values()),
        projects=count_projects(work, register),
        files={f.name: f.digest for f in files},
    )


def _forget(workspace: Workspace) -> None:
    """Remove the working file of an import that has ended."""
    for suffix in ("", "-wal", "-shm"):
        workspace.work.with_name(workspace.work.name + suffix).unlink(missing_ok=True)
