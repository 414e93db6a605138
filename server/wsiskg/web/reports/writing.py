"""What a process apart does to write a report."""

from http import HTTPStatus
from pathlib import Path

from wsiskg.graph.release import open_release
from wsiskg.reports.html import as_html
from wsiskg.reports.renderings import FORMATS, render_report
from wsiskg.reports.writing import write_report
from wsiskg.web.work.apart import Reply, Step

__all__ = ["report_reply"]


def report_reply(
    path: str, kind: str, code: str, language: str, date: str, form: str, links: tuple[tuple[str, str], ...], step: Step
) -> Reply:
    """Write a report and return it.

    Args:
        path: directory of the release that answers.
        kind: of the report.
        code: of its subject.
        language: of the report.
        date: that it bears.
        form: its format.
        links: as `as_html` takes them.
        step: called as each step begins.

    Raises:
        WsiskgError: it cannot be written.

    """
    step("Asking")
    report = write_report(open_release(Path(path)), kind, code, language, date)
    step("Writing")
    body = as_html(report, links).encode() if form == "html" else render_report(report, form)
    return Reply(HTTPStatus.OK, FORMATS[form].media, body)
