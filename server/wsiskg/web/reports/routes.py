"""``/api/v1/reports``: which reports there are, and each of them in every format."""

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from wsiskg.model.problems import LANGUAGES
from wsiskg.reports.renderings import FORMATS
from wsiskg.reports.writing import KINDS
from wsiskg.web.api.answers import answer, hydra_collection
from wsiskg.web.api.openapi import ROOT, errors_of, operation
from wsiskg.web.api.parameters import FORM_JSON, Parameter, read_values
from wsiskg.web.http.negotiation import choose
from wsiskg.web.http.problems import not_acceptable
from wsiskg.web.reports.reports import Reports
from wsiskg.web.serving.indexes import index_of

__all__ = ["add_reports"]

Json = Any

_READ = ["GET", "HEAD"]
_ADDRESS = f"{ROOT}/reports"
_LIST = {"format": FORM_JSON}
_ONE = {
    "format": Parameter("|".join(FORMATS), "json", "The format of the report, in place of Accept."),
    "lang": Parameter("|".join(LANGUAGES), "en", "The language of the report.", default="en"),
}
_TERMS = {"kind": None, "example": None, "formats": None, "languages": None}
_ORDER = ("json", "html", "pdf", "docx", "md", "text")  # of preference, where a client takes anything


def add_reports(app: FastAPI, reports: Reports) -> None:
    """Add the reports to ``app``."""

    @app.api_route(
        _ADDRESS, methods=_READ, summary="Kinds of reports", tags=["reports"], include_in_schema=False,
        openapi_extra=operation("reports", _LIST, "What each holds, and an example of each.", csv=False),
    )  # fmt: skip
    def kinds(http: Request) -> Response:
        values = read_values(http, _LIST)
        members = [
            {
                "id": f"{_ADDRESS}/{kind.name}", "kind": kind.name, "comment": {"en": kind.text},
                "example": "/".join(part for part in (_ADDRESS, kind.name, kind.example) if part),
                "formats": list(FORMATS), "languages": list(LANGUAGES),
            }
            for kind in KINDS.values()
        ]  # fmt: skip
        document = hydra_collection(_ADDRESS, len(members), members)
        return answer(http, index_of(reports.engine), values, document, terms=_TERMS)

    async def respond(http: Request, kind: str, code: str) -> Response:
        values = read_values(http, _ONE)
        form = (values.get("format") or [""])[0] or _negotiated(http)
        return await reports.respond(http, kind, code, (values.get("lang") or ["en"])[0], form)

    @app.api_route(
        f"{_ADDRESS}/{{kind}}", methods=_READ, summary="A report that has no subject", tags=["reports"],
        openapi_extra=_described("report-without-subject", [name for name, kind in KINDS.items() if not kind.example]),
    )  # fmt: skip
    async def report(http: Request, kind: str) -> Response:
        return await respond(http, kind, "")

    @app.api_route(
        f"{_ADDRESS}/{{kind}}/{{code}}", methods=_READ, summary="The report on one subject", tags=["reports"],
        openapi_extra=_described("report", [name for name, kind in KINDS.items() if kind.example]),
    )  # fmt: skip
    async def report_on(http: Request, kind: str, code: str) -> Response:
        return await respond(http, kind, code)


def _negotiated(http: Request) -> str:
    """Return the format that the client likes best.

    Raises:
        ProblemError: 406, it takes none.

    """
    media = {FORMATS[form].media.partition(";")[0]: form for form in _ORDER}
    chosen = choose(http.headers.get("accept"), list(media))
    if chosen is None:
        accept = http.headers.get("accept")
        raise not_acceptable(accept, media)
    return media[chosen]


def _described(name: str, kinds: list[str]) -> dict[str, Json]:
    """Return what OpenAPI says of a report."""
    path = {"kind": ("|".join(kinds), kinds[0])}
    if KINDS[kinds[0]].example:
        path["code"] = (r"[^/]{1,40}", KINDS[kinds[0]].example)
    found = operation(
        name, _ONE, "Each number names the question that gives it, in every format.", path=path, csv=False
    )
    content: dict[str, Json] = {form.media.partition(";")[0]: {"schema": {}} for form in FORMATS.values()}
    content["application/json"] = {"schema": {"type": "object"}}
    found["responses"] = {
        "200": {"description": "As asked.", "content": content},
        "304": {"description": "The client has it already."},
        **errors_of("400", "404", "406", "501", "503"),
    }
    return found
