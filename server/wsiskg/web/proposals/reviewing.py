"""What a process apart does for the pages: check a file and say which cell each problem stands in, publish it."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from openpyxl.utils.cell import get_column_letter

from wsiskg.graph.iris import Iris
from wsiskg.matrix.reading.headers import find_header
from wsiskg.matrix.reading.submission import read_delimited_rows
from wsiskg.matrix.report import CheckedLink, CheckReport
from wsiskg.matrix.template import write_template
from wsiskg.matrix.workspace import open_workspace
from wsiskg.model.errors import UnreadableError, ViolationError
from wsiskg.model.problems import Problem, Severity
from wsiskg.settings import Settings
from wsiskg.tables.sheets.grid import EMPTY, Grid, GridRow
from wsiskg.tables.sheets.kinds import is_package
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.reading import read_sheets
from wsiskg.web.proposals.checking import CheckOrder, mappings_of, run_check
from wsiskg.web.proposals.publishing import PublishOrder, publish_file
from wsiskg.web.work.apart import Reply, Step

__all__ = ["MOST_LINKS", "problem_texts", "publish_reviewed", "review_file", "template_file"]

MOST_LINKS = 2_000
"""Links of a file that a page shows, and that can be decided on there."""

_MOST_PROBLEMS = 500
_SHOWN_PER_RULE = 20
_LONGEST = 300  # characters of a cell that are shown
_NEIGHBOURS = 8  # cells of the row that are shown beside it
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Record = dict[str, Any]


def review_file(name: str, data: bytes, order: CheckOrder, settings: Settings, step: Step) -> Reply:
    """Check a file of proposals and return what the pages show of it, in all languages, as JSON.

    Raises:
        WsiskgError: the check could not be made.

    """
    done = run_check(name, data, order, settings, step)
    report = done.report
    step("Writing the report")
    cells = _Cells(_sheets(data, name, done.limits) if report.problems else {})
    shown, hidden = _listed(report.problems)
    document = {
        "name": report.name,
        "sha256": report.digest,
        "edition": report.edition,
        "before": report.before,
        "hlpf": report.hlpf,
        "policy": report.policy[0],
        "release": report.release,
        "loaded": asdict(report.loaded),
        "counts": {severity.value: report.count(severity) for severity in Severity},
        "statuses": Counter(link.status for link in report.links),
        "unsupported": len(report.unsupported),
        "sheets": len({link.proposal.origin.sheet for link in report.links}) > 1,
        "links": [_link(place, link) for place, link in enumerate(report.links[:MOST_LINKS])],
        "links_total": len(report.links),
        "problems": [{**problem_texts(problem), **cells.around(problem)} for problem in shown],
        "problems_hidden": hidden,
        "loose": _loose(report),
    }
    return Reply(200, "application/json", json.dumps(document, ensure_ascii=False).encode())


def template_file(language: str, settings: Settings, step: Step) -> Reply:
    """Return an empty workbook for proposals.

    Raises:
        WsiskgError: the tables cannot be read.

    """
    step("Reading tables and evidence")
    workspace = open_workspace(mappings_of(settings), settings.data, Iris(settings.base))
    headers = {"Content-Disposition": 'attachment; filename="proposals.xlsx"'}
    return Reply(200, _XLSX, write_template(workspace.tables, language, "", ""), headers)


def publish_reviewed(name: str, data: bytes, asked: PublishOrder, settings: Settings, step: Step) -> Reply:
    """Try or publish an edition, see `publish_file`; what stands against it comes as JSON in all languages, with 422.

    Raises:
        WsiskgError: it was refused for another reason.

    """
    try:
        return publish_file(name, data, asked, settings, step)
    except ViolationError as error:
        listed, hidden = _listed(error.problems)
        document = {
            "detail": error.message,
            "remedy": error.remedy,
            "problems": [problem_texts(problem) for problem in listed],
            "problems_hidden": hidden,
        }
        return Reply(422, "application/json", json.dumps(document, ensure_ascii=False).encode())


def problem_texts(problem: Problem) -> Record:
    """Return a problem as the pages show it, in all languages."""
    origin = problem.origin
    return {
        "severity": problem.severity.value,
        "rule": problem.rule,
        "sheet": origin.sheet,
        "row": origin.row,
        "column": origin.column or "",
        "texts": dict(problem.texts),
    }


def _listed(problems: Sequence[Problem]) -> tuple[list[Problem], int]:
    """Return the problems to show, 20 of a rule at most so that one mistake hides no other, and how many are not."""
    seen: Counter[str] = Counter()
    shown: list[Problem] = []
    for problem in sorted(problems, key=lambda p: list(Severity).index(p.severity)):  # the worst are shown in any case
        seen[problem.rule] += 1
        if seen[problem.rule] <= _SHOWN_PER_RULE and len(shown) < _MOST_PROBLEMS:
            shown.append(problem)
    kept = {id(problem) for problem in shown}
    return [problem for problem in problems if id(problem) in kept], len(problems) - len(shown)


def _loose(report: CheckReport) -> int:
    """Return the number of violations that leaving rows out does not mend: those of the file itself."""
    rows = {(link.proposal.origin.sheet, link.proposal.origin.row) for link in report.links}
    told = {id(problem) for link in report.links for problem in link.problems}
    return sum(
        problem.severity is Severity.VIOLATION
        and id(problem) not in told
        and (problem.origin.sheet, problem.origin.row) not in rows
        for problem in report.problems
    )


def _link(place: int, link: CheckedLink) -> Record:
    proposal, evidence = link.proposal, link.evidence
    direct = evidence.of("direct", "confirmed")
    worst = min((problem.severity for problem in link.problems), key=list(Severity).index, default=None)
    return {
        "place": place,
        "sheet": proposal.origin.sheet,
        "row": proposal.origin.row,
        "line": proposal.line,
        "sdg": proposal.sdg,
        "change": link.change.value,
        "status": link.status,
        "worst": worst.value if worst else "",
        "rationale": dict(proposal.rationale),
        "proposed_by": list(proposal.proposed_by),
        "reason": proposal.reason,
        "sources": list(proposal.sources),
        "decision": None if proposal.decision is None else asdict(proposal.decision),
        "direct": asdict(direct),
        "goal_level": evidence.of("goal-level", "confirmed").projects,
        "suggested": evidence.of("direct", "suggested").projects,
        "examples": [asdict(example) for example in evidence.examples],
        "findings": [dict(finding.texts) for finding in link.findings],
        "problems": [problem_texts(problem) for problem in link.problems],
    }


def _sheets(data: bytes, name: str, limits: Limits) -> Mapping[str, Grid]:
    """Return the cells of a table by sheet; none of RDF, and of what cannot be read."""
    try:
        if is_package(data):
            return {grid.name: grid for grid in read_sheets(data, name, limits).sheets}
        grid = read_delimited_rows(data, name, limits)
    except UnreadableError:
        return {}
    return {} if grid is None else {"": grid}


@dataclass(slots=True)
class _Cells:
    """The cells that problems speak of."""

    grids: Mapping[str, Grid]
    rows: dict[str, Mapping[int, GridRow]] = field(default_factory=dict)
    titles: dict[str, Mapping[int, str]] = field(default_factory=dict)

    def around(self, problem: Problem) -> Record:
        """Return the cell of a problem with its address, and the other cells of its row with their headers."""
        origin = problem.origin
        row = self._rows(origin.sheet).get(origin.row or 0)
        if row is None:
            return {"cell": "", "value": problem.value[:_LONGEST], "beside": []}
        number = origin.number
        cell = f"{get_column_letter(number)}{row.number}" if number else ""
        value = row.cells.get(number, EMPTY).text if number else problem.value
        titles = self.titles[origin.sheet]
        beside = [
            (titles.get(n, ""), c.text[:_LONGEST]) for n, c in sorted(row.cells.items()) if n != number and c.text
        ]
        return {"cell": cell, "value": value[:_LONGEST], "beside": beside[:_NEIGHBOURS]}

    def _rows(self, sheet: str) -> Mapping[int, GridRow]:
        if sheet not in self.rows:
            grid = self.grids.get(sheet)
            self.rows[sheet] = {row.number: row for row in grid.rows} if grid else {}
            header = find_header(grid) if grid else None
            self.titles[sheet] = header.titles if header else {}
        return self.rows[sheet]
