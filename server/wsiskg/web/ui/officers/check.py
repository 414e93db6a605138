"""``/<language>/check``: a file of proposals held against the rules and the evidence, for a reader of the page."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from wsiskg.model.errors import LimitError, UsageError, WsiskgError
from wsiskg.rules.policy import SHIPPED
from wsiskg.settings import Settings
from wsiskg.store.index.listings import Listing
from wsiskg.web.access.forms import require_own_page
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.addresses import code_of
from wsiskg.web.languages.translations import told_language
from wsiskg.web.proposals.checking import CheckOrder
from wsiskg.web.proposals.desk import Desk, Held, document_of, wait_for
from wsiskg.web.proposals.uploads import Form, plain_name, read_form
from wsiskg.web.ui.site import SECURITY, Site
from wsiskg.web.work.apart import Reply

__all__ = [
    "FORM_PAGE",
    "PRIVATE_PAGE",
    "FileFaultError",
    "check_page",
    "check_routes",
    "guarded",
    "known_codes",
    "named_ends",
    "progress_page",
    "put_file",
    "read_file_form",
]  # fmt: skip

Endpoint = Callable[[HttpRequest], Awaitable[Response]]

FORM_PAGE: Mapping[str, str] = {"Referrer-Policy": "same-origin"}
"""Headers of pages with a form that writes: without its origin a browser says ``Origin: null``."""

PRIVATE_PAGE: Mapping[str, str] = {
    **SECURITY,
    **FORM_PAGE,
    "Cache-Control": "no-store",
    "Vary": "Cookie",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
"""Headers of pages that are for one reader only."""

DOWNLOADS: Mapping[str, str] = {
    "xlsx": "xlsx", "csv": "csv", "html": "html", "md": "md", "json": "json", "ttl": "ttl", "sarif": "sarif",
    "txt": "text",
}  # fmt: skip
"""Ending of a report's address -> its format; ``xlsx`` is the reader's own workbook with notes."""

_FIELDS = 100_000  # bytes of a form beside its file
_SHOWN = 500  # links on the page; the downloads have them all


def check_page(site: Site, language: str, fault: str = "") -> str:
    """Return the page where a file is chosen; ``fault`` is one of `FileFaultError`."""
    limit = site.engine.settings.check_bytes
    return site.render("check.html", language, "check", **known_codes(site), limit=limit, fault=fault)


def known_codes(site: Site) -> dict[str, Sequence[str]]:
    """Return what the fields of a check are chosen from: HLPF sessions after the latest edition, and policies."""
    codes = sorted(code_of(str(d["id"])) for d in site.index.page(Listing(("hlpf",), limit=100)).documents)
    latest = site.index.editions[-1] if site.index.editions else ""
    return {"sessions": [code for code in codes if code > latest], "policies": tuple(SHIPPED)}


def named_ends(site: Site, links: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the documents of the action lines, goals and targets that proposals of a review name, by code."""
    index = site.index
    lines, sdgs = ({str(link[end]) for link in links} for end in ("line", "sdg"))
    found = {code: index.get("action-line", code) for code in lines}
    found |= {code: index.get("target" if "." in code else "goal", code) for code in sdgs}
    return {code: document for code, document in found.items() if document is not None}


def check_routes(site: Site, desk: Desk, language: str) -> list[Route]:
    """Return the routes of the check's pages in one language, without that of the page where a file is chosen."""

    async def receive(http: HttpRequest) -> Response:
        require_own_page(http, site.engine.settings.public_url)
        try:
            held = put_file(await read_file_form(http, desk.settings), desk)
        except FileFaultError as error:
            text = await run_in_threadpool(check_page, site, language, error.fault)
            return HTMLResponse(text, error.status, {**PRIVATE_PAGE, "Content-Language": language})
        return RedirectResponse(f"/{language}/check/{held.id}", HTTPStatus.SEE_OTHER, PRIVATE_PAGE)

    async def show(http: HttpRequest) -> Response:
        held = desk.find(http.path_params["name"])
        await wait_for(held.check)
        if held.check.reply is None:
            return await run_in_threadpool(progress_page, site, language, f"check/{held.id}", held.check.steps)
        review = held.review()

        def page() -> Response:
            text = site.render(
                "checked.html", language, f"check/{held.id}", it=review, held=held, shown=_SHOWN,
                told=told_language(language), downloads=DOWNLOADS, names=named_ends(site, review["links"][:_SHOWN]),
            )  # fmt: skip
            return HTMLResponse(text, headers={**PRIVATE_PAGE, "Content-Language": language})

        return await run_in_threadpool(page)

    async def report(http: HttpRequest) -> Response:
        held = desk.find(http.path_params["name"])
        form = DOWNLOADS.get(http.path_params["form"])
        if form is None:
            raise ProblemError(HTTPStatus.NOT_FOUND, f"there is nothing at {http.url.path}")
        reply = await desk.report(held, form, told_language(language))
        return _download(reply, f"checked.{http.path_params['form']}")

    async def template(http: HttpRequest) -> Response:
        return _download(await desk.template(told_language(language)), "proposals.xlsx")

    async def forget(http: HttpRequest) -> Response:
        require_own_page(http, site.engine.settings.public_url)
        held = desk.find(http.path_params["name"])
        if held.owner:
            raise ProblemError(HTTPStatus.CONFLICT, "a publisher works on this file", "It is dropped after a while.")
        desk.drop(held)
        return RedirectResponse(f"/{language}/check", HTTPStatus.SEE_OTHER, PRIVATE_PAGE)

    def add(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
        return Route(path, guarded(site, language, endpoint), methods=[method], include_in_schema=False)

    return [
        add("/check", receive, "POST"),
        add("/check/proposals.xlsx", template),
        add("/check/{name}", show),
        add("/check/{name}/report.{form}", report),
        add("/check/{name}/forget", forget, "POST"),
    ]


def guarded(site: Site, language: str, endpoint: Endpoint) -> Endpoint:
    """Return ``endpoint`` with its errors as pages."""

    async def answer(http: HttpRequest) -> Response:
        try:
            return await endpoint(http)
        except (WsiskgError, ProblemError) as error:
            response = await run_in_threadpool(site.problem, http, language, error)
            response.headers.update(PRIVATE_PAGE)
            return response

    return answer


class FileFaultError(ProblemError):
    """A form without what is to be checked; ``fault`` is ``nothing``, ``both`` (a file and a text) or ``large``."""

    def __init__(self, fault: str) -> None:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if fault == "large" else HTTPStatus.BAD_REQUEST
        super().__init__(status, f"the form holds {fault}")
        self.fault = fault


async def read_file_form(http: HttpRequest, settings: Settings) -> Form:
    """Read a form with a file of proposals.

    Raises:
        FileFaultError: it is too large.
        UsageError: it cannot be read.

    """
    try:
        return await read_form(http, settings.check_bytes + _FIELDS)
    except LimitError as error:
        raise FileFaultError("large") from error


def put_file(form: Form, desk: Desk) -> Held:
    """Take the file of a form, or the text pasted in it, and begin its check.

    Raises:
        FileFaultError: there is neither, or both, or it is too large.
        UsageError: a field has a value that does not exist.
        LimitError: too many are being worked on.

    """
    text = form.field("text")
    files = [(name, data) for field, name, data in form.files if field == "file"]
    if len(files) + bool(text.strip()) != 1:
        raise FileFaultError("both" if files else "nothing")
    name, data = files[0] if files else ("", text.encode("utf-8", "replace"))
    if len(data) > desk.settings.check_bytes:
        raise FileFaultError("large")
    policy = form.field("policy") or "default"
    if policy not in SHIPPED:
        raise UsageError(f"policy: there is no '{policy[:60]}'", f"Known: {', '.join(SHIPPED)}.")
    order = CheckOrder(form.field("edition").strip()[:40], form.field("hlpf").strip()[:40], policy, "en", "json")
    return desk.put(plain_name(name or "pasted"), data, order)


def progress_page(site: Site, language: str, path: str, steps: list[str]) -> Response:
    """Return the page that says how far work is; it loads itself again until there is more to see."""
    text = site.render("progress.html", language, path, steps=list(steps))
    headers = {**PRIVATE_PAGE, "Content-Language": language}
    return HTMLResponse(text, HTTPStatus.OK, headers)


def _download(reply: Reply, name: str) -> Response:
    if reply.status >= HTTPStatus.BAD_REQUEST:
        document_of(reply)
    headers = {**PRIVATE_PAGE, **reply.headers, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(reply.body, headers=headers, media_type=reply.media)
