"""The officer's own workbook back, with every problem at its cell and the evidence beside each link."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from wsiskg.matrix.columns import COLUMNS, rationale_attribute
from wsiskg.matrix.papers.checks import SEVERITY_NAMES, check_records, check_text
from wsiskg.matrix.papers.outlook import why
from wsiskg.matrix.papers.wording import STATUS_NAMES, loaded_text
from wsiskg.matrix.proposals import Proposal
from wsiskg.matrix.reading.headers import find_header
from wsiskg.matrix.reading.submission import read_delimited_rows
from wsiskg.matrix.report import NOT_CHECKED, CheckedLink, CheckReport
from wsiskg.model.errors import UnreadableError
from wsiskg.model.problems import Problem, Severity
from wsiskg.tables.sheets.annotate import Added, Note, Summary, Tone, Value, annotate, fresh_workbook
from wsiskg.tables.sheets.grid import Cell, Grid, GridRow
from wsiskg.tables.sheets.kinds import is_package
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.reading import read_sheets

__all__ = ["annotated_workbook"]

Texts = Mapping[str, str]

_KEYS = ("status", "projects", "countries", "prizes", "goal_level", "why", "examples")
_WIDTHS = (20.0, 10.0, 10.0, 10.0, 12.0, 50.0, 60.0)
_EXAMPLES = 3
_TONES = {
    "validated": Tone.GOOD,
    "insufficient-evidence": Tone.WARNING,
    "contested": Tone.VIOLATION,
    "retired": Tone.PLAIN,
    NOT_CHECKED: Tone.PLAIN,
}
_SEVERITY_TONES = {Severity.VIOLATION: Tone.VIOLATION, Severity.WARNING: Tone.WARNING, Severity.INFO: Tone.INFO}
_SUMMARY: Mapping[str, Texts] = {
    "title": {"en": "wsiskg check", "fr": "Vérification wsiskg", "es": "Comprobación wsiskg"},
    "heading": {
        "en": "What the check found, and what to do",
        "fr": "Ce que la vérification a trouvé, et que faire",
        "es": "Lo que encontró la comprobación, y qué hacer",
    },
    "severity": {"en": "Severity", "fr": "Gravité", "es": "Gravedad"},
    "place": {"en": "Sheet, row", "fr": "Feuille, ligne", "es": "Hoja, fila"},
    "column": {"en": "Column", "fr": "Colonne", "es": "Columna"},
    "message": {"en": "What to do", "fr": "Que faire", "es": "Qué hacer"},
    "edition": {"en": "Edition", "fr": "Édition", "es": "Edición"},
    "before": {"en": "Held against edition", "fr": "Comparé à l'édition", "es": "Comparado con la edición"},
    "links": {"en": "Links", "fr": "Liens", "es": "Vínculos"},
    "policy": {"en": "Policy", "fr": "Politique", "es": "Política"},
    "release": {"en": "Release", "fr": "Version", "es": "Versión"},
    "evidence": {"en": "Evidence", "fr": "Éléments", "es": "Pruebas"},
}
_MOST = 5_000  # problems listed on the summary; the cells have them all


def annotated_workbook(report: CheckReport, data: bytes, name: str, limits: Limits, language: str) -> bytes:
    """Return the workbook in ``data`` with what the check says; for other files, a workbook with the same rows.

    Every cell of a delimited text is kept as it was written, those that were not understood included; RDF and editions
    become rows below our headers.

    Args:
        report: the check of the file.
        data: the file.
        name: what messages call it.
        limits: how much is read.
        language: of what is said.

    Raises:
        UnreadableError: it is a workbook that cannot be read.
        UsageError: there is no room for the columns.

    """
    if is_package(data):
        sheets: Sequence[Grid] = read_sheets(data, name, limits).sheets
        added = list(_added(report, sheets, language))
        return annotate(data, name, _notes(report, language), added, _summary(report, language), limits)
    written = _written(data, name, limits)
    header = find_header(written) if written else None
    if written and header:
        own = Added(header.row, _headers(report, language), _rows(report.links, language), widths=_WIDTHS,
                    tones=_tones(report.links))  # fmt: skip
        return fresh_workbook(written, _notes(report, language), [own], _summary(report, language, linked=False))
    grid = _grid(report)
    notes = [_moved(note, place) for note, place in zip(_notes(report, language), _places(report), strict=True)]
    fresh = [Added(1, _headers(report, language), _rows(report.links, language, fresh=True), widths=_WIDTHS,
                   tones=_tones(report.links, fresh=True))]  # fmt: skip
    return fresh_workbook(grid, [note for note in notes if note], fresh, _summary(report, language, linked=False))


def _written(data: bytes, name: str, limits: Limits) -> Grid | None:
    try:
        return read_delimited_rows(data, name, limits)
    except UnreadableError:  # the report says so, on the summary
        return None


def _notes(report: CheckReport, language: str) -> list[Note]:
    """Return a note for every problem that has a row; one without a column stands at the first."""
    return [
        Note(
            problem.origin.row,
            problem.origin.number or 1,
            _said(problem, language),
            problem.severity,
            problem.origin.sheet,
        )
        for problem in report.problems
        if problem.origin.row is not None
    ]


def _said(problem: Problem, language: str) -> str:
    return f"{SEVERITY_NAMES[problem.severity.value][language].capitalize()}: {problem.text(language)}"


def _added(report: CheckReport, sheets: Sequence[Grid], language: str) -> Iterable[Added]:
    """Yield the columns that each sheet with proposals gets."""
    by_sheet: defaultdict[str, list[CheckedLink]] = defaultdict(list)
    for link in report.links:
        by_sheet[link.proposal.origin.sheet].append(link)
    for grid in sheets:
        header = find_header(grid) if grid.name in by_sheet else None
        if header is not None:
            links = by_sheet[grid.name]
            rows = _rows(links, language)
            yield Added(header.row, _headers(report, language), rows, grid.name, _WIDTHS, _tones(links))


def _headers(report: CheckReport, language: str) -> tuple[str, ...]:
    titles = {column.key: column.title for column in check_records(report, language)[0]}
    return tuple(titles[key].capitalize() for key in _KEYS)


def _rows(
    links: Sequence[CheckedLink], language: str, *, fresh: bool = False
) -> Mapping[int, tuple[Value | None, ...]]:
    return {_row(place, link, fresh=fresh): _values(link, language) for place, link in enumerate(links)}


def _tones(links: Sequence[CheckedLink], *, fresh: bool = False) -> Mapping[tuple[int, int], Tone]:
    return {(_row(place, link, fresh=fresh), 0): _TONES[link.status] for place, link in enumerate(links)}


def _row(place: int, link: CheckedLink, *, fresh: bool) -> int:
    return place + 2 if fresh else link.proposal.origin.row or 1


def _values(link: CheckedLink, language: str) -> tuple[Value | None, ...]:
    direct, goal_level = link.evidence.of("direct", "confirmed"), link.evidence.of("goal-level", "confirmed")
    numbers = (direct.projects, direct.countries, direct.recognised, goal_level.projects)
    return (
        STATUS_NAMES[link.status][language],
        *(numbers if link.counted else (None, None, None, None)),
        why(link.findings, language) or None,
        "; ".join(example.title for example in link.evidence.examples[:_EXAMPLES]) or None,
    )


def _summary(report: CheckReport, language: str, *, linked: bool = True) -> Summary:
    shown = report.problems[:_MOST]
    facts: list[tuple[str, Value]] = [
        (_SUMMARY["links"][language], len(report.links)),
        *(
            (STATUS_NAMES[status][language].capitalize(), len(list(found)))
            for status, found in groupby(sorted(link.status for link in report.links))
        ),
        *((SEVERITY_NAMES[severity.value][language].capitalize(), report.count(severity)) for severity in Severity),
        (_SUMMARY["before"][language], report.before),
        (_SUMMARY["edition"][language], report.edition or check_text("open", language)),
        (_SUMMARY["policy"][language], report.policy[0]),
        (_SUMMARY["release"][language], report.release),
        (_SUMMARY["evidence"][language], loaded_text(report.loaded, language)),
    ]
    return Summary(
        title=_SUMMARY["title"][language],
        heading=_SUMMARY["heading"][language],
        facts=tuple(facts),
        headers=tuple(_SUMMARY[key][language] for key in ("severity", "place", "column", "message")),
        rows=tuple(
            (
                SEVERITY_NAMES[problem.severity.value][language],
                ", ".join(str(part) for part in (problem.origin.sheet, problem.origin.row) if part),
                problem.origin.column or "",
                problem.text(language),
            )
            for problem in shown
        ),
        places=tuple(
            (problem.origin.sheet, problem.origin.row, problem.origin.number or 1)
            if linked and problem.origin.row is not None and problem.origin.sheet
            else None
            for problem in shown
        ),
        widths=(16.0, 24.0, 26.0, 110.0),
        tones={place: _SEVERITY_TONES[problem.severity] for place, problem in enumerate(shown)},
    )


def _grid(report: CheckReport) -> Grid:
    """Return the proposals of a file that is no workbook as rows below our headers."""
    titles = GridRow(1, {number: Cell(column.titles["en"]) for number, column in enumerate(COLUMNS, 1)})
    rows = [
        GridRow(place, {number: Cell(text) for number, text in enumerate(_texts(link.proposal), 1) if text})
        for place, link in enumerate(report.links, 2)
    ]
    return Grid("", (titles, *rows))


def _texts(proposal: Proposal) -> Iterable[str]:
    decision = proposal.decision
    texts = {
        "line": proposal.line,
        "sdg": proposal.sdg,
        "change": proposal.change.value if proposal.change else "",
        "proposed_by": "; ".join(proposal.proposed_by),
        "shared": "yes" if proposal.shared else "",
        "confidence": "" if proposal.confidence is None else f"{proposal.confidence:f}",
        "sources": " | ".join(proposal.sources),
        "reason": proposal.reason,
        "note": proposal.note,
        "decision": decision.kind if decision else "",
        "decision_reason": decision.reason if decision else "",
        **{rationale_attribute(language): text for language, text in proposal.rationale.items()},
    }
    return [texts.get(column.attribute, "") for column in COLUMNS]


def _places(report: CheckReport) -> Iterable[int | None]:
    """Return the row of the fresh workbook for every problem that has a row."""
    rows = {link.proposal.origin.row: place for place, link in enumerate(report.links, 2)}
    return [rows.get(problem.origin.row) for problem in report.problems if problem.origin.row is not None]


def _moved(note: Note, row: int | None) -> Note | None:
    return None if row is None else Note(row, 1, note.text, note.severity)
