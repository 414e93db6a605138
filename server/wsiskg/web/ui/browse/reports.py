"""The list of reports, and each report as a page that can be printed."""

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.model.errors import WsiskgError
from wsiskg.reports.texts import words
from wsiskg.reports.writing import KINDS
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.translations import told_language
from wsiskg.web.reports.reports import Reports
from wsiskg.web.ui.site import Site

__all__ = ["report_page", "reports_page"]

_OFFERED = {"pdf": "PDF", "docx": "DOCX", "md": "Markdown", "json": "JSON"}
_SUBJECTS = {"goal": "sdg", "target": "sdg"}


def reports_page(site: Site, language: str) -> str:
    """Return the page that lists the kinds of reports with an example of each."""
    written = told_language(language)
    kinds = [(kind, words(f"kind-{kind.name}", written)) for kind in KINDS.values()]
    return site.render("reports.html", language, "reports", kinds=kinds, written=written)


async def report_page(site: Site, reports: Reports, language: str, http: HttpRequest) -> Response:
    """Return a report as a page, in English where reports are not written in the language."""
    kind, code = http.path_params["kind"], http.path_params.get("code", "")
    written = told_language(language)
    try:
        return await reports.respond(http, kind, code, written, "html", _links(language, written, kind, code))
    except (WsiskgError, ProblemError) as error:
        return site.problem(http, language, error)


def _links(language: str, written: str, kind: str, code: str) -> list[tuple[str, str]]:
    """Return the links above a report: to its subject, and to its other formats."""
    if kind not in KINDS:
        return []
    back = f"/{language}/{_SUBJECTS.get(kind, kind)}/{code}" if code else f"/{language}/reports"
    address = f"/api/v1/reports/{kind}" + (f"/{code}" if code else "")
    return [
        (f"← {code or kind}", back),
        *((name, f"{address}?format={form}&lang={written}") for form, name in _OFFERED.items()),
    ]
