"""A check in every form that is asked for: one call from bytes of a file to bytes of a report."""

import io
from collections.abc import Mapping

from wsiskg.graph.iris import Iris
from wsiskg.matrix.annotation import annotated_workbook
from wsiskg.matrix.check_graph import check_sarif, check_turtle
from wsiskg.matrix.papers.checks import check_paper, check_records
from wsiskg.matrix.papers.paper import as_csv, as_html, as_json, as_markdown, print_paper
from wsiskg.matrix.report import CheckReport
from wsiskg.tables.sheets.limits import Limits

__all__ = ["CHECK_FORMATS", "render_check"]

CHECK_FORMATS: Mapping[str, str] = {
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "sarif": "application/sarif+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
}
"""Media type by name of the format."""

_WIDTH = 160


def render_check(
    report: CheckReport, form: str, language: str, iris: Iris, data: bytes = b"", limits: Limits | None = None
) -> bytes:
    """Return a check in one of `CHECK_FORMATS`.

    Args:
        report: the check.
        form: name of the format.
        language: of what people read: ``en``, ``fr`` or ``es``.
        iris: IRIs of the project.
        data: the file that was checked, for ``xlsx``; empty for an edition.
        limits: how much of it is read.

    Raises:
        UnreadableError: it is to be annotated, and cannot be read.

    """
    match form:
        case "xlsx":
            return annotated_workbook(report, data, report.name, limits or Limits(), language)
        case "ttl":
            return check_turtle(report, iris)
        case "sarif":
            return check_sarif(report, language).encode()
        case "csv":
            return as_csv(*check_records(report, language)).encode("utf-8-sig")
    paper = check_paper(report, language)
    match form:
        case "json":
            return as_json(paper).encode()
        case "html":
            return as_html(paper).encode()
        case "md":
            return as_markdown(paper).encode()
    from rich.console import Console

    page = io.StringIO()
    print_paper(paper, Console(file=page, width=_WIDTH, highlight=False))
    return page.getvalue().encode()
