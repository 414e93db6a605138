"""The formats of reports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import StringIO

from wsiskg.matrix.papers.paper import print_paper
from wsiskg.reports.content import Report

__all__ = ["FORMATS", "Format", "render_report"]

_TEXT_WIDTH = 120


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how a report is written in it, its media type, and whether it is no text for a terminal."""

    render: Callable[[Report], bytes]
    media: str
    binary: bool = False


def _html(report: Report) -> bytes:
    from wsiskg.reports.html import as_html

    return as_html(report).encode()


def _pdf(report: Report) -> bytes:
    from wsiskg.reports.pdf import as_pdf

    return as_pdf(report)


def _docx(report: Report) -> bytes:
    from wsiskg.reports.word import as_docx

    return as_docx(report)


def _markdown(report: Report) -> bytes:
    from wsiskg.reports.markdown import as_markdown

    return as_markdown(report).encode()


def _json(report: Report) -> bytes:
    from wsiskg.reports.plain import as_json

    return as_json(report).encode()


def _text(report: Report) -> bytes:
    from rich.console import Console

    from wsiskg.reports.plain import as_paper

    page = StringIO()
    print_paper(as_paper(report), Console(file=page, width=_TEXT_WIDTH, highlight=False))
    return page.getvalue().encode()


FORMATS: Mapping[str, Format] = {
    "html": Format(_html, "text/html; charset=utf-8"),
    "pdf": Format(_pdf, "application/pdf", binary=True),
    "docx": Format(
        _docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", binary=True
    ),
    "md": Format(_markdown, "text/markdown; charset=utf-8"),
    "json": Format(_json, "application/json"),
    "text": Format(_text, "text/plain; charset=utf-8"),
}  # fmt: skip
"""Formats by their names."""


def render_report(report: Report, form: str) -> bytes:
    """Return a report in a format, one of `FORMATS`.

    Raises:
        InstallationError: a library or a font that the format needs is missing.

    """
    return FORMATS[form].render(report)
