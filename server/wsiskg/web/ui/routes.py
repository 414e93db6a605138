"""``/<language>/...``: every page in every language, and ``/embed/...``."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Mount, Route

from wsiskg.analysis.quality.badge import quality_badge
from wsiskg.model.errors import WsiskgError
from wsiskg.web.access.tokens import TokenFile
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.translations import LANGUAGES
from wsiskg.web.proposals.desk import Desk
from wsiskg.web.reports.reports import Reports
from wsiskg.web.ui.browse.downloads import downloads_page
from wsiskg.web.ui.browse.embeds import embed_page, oembed
from wsiskg.web.ui.browse.explorer import explorer_page, projects_csv
from wsiskg.web.ui.browse.home import browse_page, home_page, search_page
from wsiskg.web.ui.browse.reports import report_page, reports_page
from wsiskg.web.ui.browse.subjects import SUBJECTS, subject_page
from wsiskg.web.ui.matrix.frameworks import ask_proposals, frameworks_page
from wsiskg.web.ui.matrix.network import network_file, network_page
from wsiskg.web.ui.matrix.page import cell_page, matrix_csv, matrix_page, matrix_png, matrix_svg
from wsiskg.web.ui.officers.check import FORM_PAGE, check_page, check_routes
from wsiskg.web.ui.officers.publish import publish_routes
from wsiskg.web.ui.officers.sign_in import Gate, sign_in_routes
from wsiskg.web.ui.queries.quality import ask_quality, quality_page
from wsiskg.web.ui.queries.questions import question_page, questions_page
from wsiskg.web.ui.queries.workbench import vocabulary_json, workbench_page
from wsiskg.web.ui.site import EMBEDDED, Site

__all__ = ["add_pages"]

_NETWORK_TYPES: Mapping[str, str] = {
    "graphml": "application/xml", "gexf": "application/xml", "json": "application/json", "csv": "text/csv",
}  # fmt: skip

Page = Callable[[Site, str, HttpRequest], str | bytes]


def add_pages(app: FastAPI, site: Site, reports: Reports, desk: Desk, tokens: TokenFile, plain: bool = False) -> None:
    """Add the pages to ``app``; of a plain dataset, which has none of what the others tell of, those that ask.

    Files of proposals are worked on at ``desk``; publishers sign in with one of ``tokens``.
    """
    gate = Gate(site.engine.settings, tokens)
    app.router.routes += [] if plain else [*_frames(site), _badge(site)]
    for language in LANGUAGES:
        told = [] if plain else [*_routes(site, language), *_reports(site, reports, language)]
        officers = [] if plain else _officers(site, desk, gate, language)
        routes = [*_asking(site, language), *officers, *told, _missing(site, language)]
        app.router.routes.append(Mount(f"/{language}", routes=routes, name=f"pages-{language}"))


def _asking(site: Site, language: str) -> list[Route]:
    """Return the routes of the pages that ask and answer queries."""

    async def workbench(http: HttpRequest) -> Response:
        return await workbench_page(site, language, http)

    async def question(http: HttpRequest) -> Response:
        return await question_page(site, language, http)

    def questions(http: HttpRequest) -> Response:
        return site.answer(http, language, lambda: questions_page(site, language))

    def vocabulary(http: HttpRequest) -> Response:
        return site.answer(http, language, lambda: vocabulary_json(site, language), media_type="application/json")

    return [
        Route("/query", workbench, methods=["GET", "POST"], include_in_schema=False),
        Route("/query/vocabulary.json", vocabulary, methods=["GET"], include_in_schema=False),
        Route("/queries", questions, methods=["GET"], include_in_schema=False),
        Route("/queries/{name}", question, methods=["GET"], include_in_schema=False),
    ]


def _reports(site: Site, reports: Reports, language: str) -> list[Route]:
    """Return the routes of the list of reports, and of each as a page for print."""

    async def report(http: HttpRequest) -> Response:
        return await report_page(site, reports, language, http)

    def listed(http: HttpRequest) -> Response:
        return site.answer(http, language, lambda: reports_page(site, language))

    return [
        Route("/reports", listed, methods=["GET"], include_in_schema=False),
        Route("/report/{kind}", report, methods=["GET"], include_in_schema=False),
        Route("/report/{kind}/{code}", report, methods=["GET"], include_in_schema=False),
    ]


def _officers(site: Site, desk: Desk, gate: Gate, language: str) -> list[Route]:
    """Return the routes of the pages where proposals are checked and editions published."""

    def check(http: HttpRequest) -> Response:
        return site.answer(http, language, lambda: check_page(site, language), FORM_PAGE)

    return [
        Route("/check", check, methods=["GET"], include_in_schema=False),
        *check_routes(site, desk, language),
        *sign_in_routes(site, gate, language),
        *publish_routes(site, desk, gate, language),
    ]


def _missing(site: Site, language: str) -> Route:
    def missing(http: HttpRequest) -> Response:
        return site.problem(http, language, ProblemError(HTTPStatus.NOT_FOUND, f"there is nothing at {http.url.path}"))

    return Route("/{path:path}", missing, methods=["GET"], include_in_schema=False)


def _routes(site: Site, language: str) -> list[Route]:
    def add(path: str, page: Page, media_type: str = "text/html", headers: Mapping[str, str] | None = None) -> Route:
        def endpoint(http: HttpRequest) -> Response:
            return site.answer(http, language, lambda: page(site, language, http), headers, media_type)

        return Route(path, endpoint, methods=["GET"], include_in_schema=False)

    async def frameworks(http: HttpRequest) -> Response:
        try:
            proposals = await ask_proposals(site)
        except WsiskgError as error:
            return site.problem(http, language, error)
        page = lambda: frameworks_page(site, language, proposals)  # noqa: E731 - one of several pages
        return await run_in_threadpool(site.answer, http, language, page)

    async def quality(http: HttpRequest) -> Response:
        try:
            found = await ask_quality(site)
        except WsiskgError as error:
            return site.problem(http, language, error)
        page = lambda: quality_page(site, language, found, site.origin(http))  # noqa: E731 - one of several pages
        return await run_in_threadpool(site.answer, http, language, page)

    pages = [
        add("/", lambda s, lang, _: home_page(s, lang)),
        add("/matrix", lambda s, lang, http: matrix_page(s, lang, _values(http))),
        add("/matrix.csv", lambda s, _, http: matrix_csv(s, _values(http)), "text/csv", _attached("matrix.csv")),
        add("/matrix.png", lambda s, lang, http: matrix_png(s, lang, _values(http)), "image/png"),
        add("/matrix.svg", lambda s, lang, http: matrix_svg(s, lang, _values(http)), "image/svg+xml"),
        add(
            "/matrix/{line}/{goal}",
            lambda s, lang, http: cell_page(s, lang, http.path_params["line"], http.path_params["goal"], _values(http)),
        ),
        add("/projects", lambda s, lang, http: explorer_page(s, lang, _values(http))),
        add("/projects.csv", lambda s, _, http: projects_csv(s, _values(http)), "text/csv", _attached("projects.csv")),
        add("/embed", lambda s, lang, http: embed_page(s, lang, s.origin(http), _values(http))),
        Route("/frameworks", frameworks, methods=["GET"], include_in_schema=False),
        add("/network", lambda s, lang, http: network_page(s, lang, _values(http))),
        *[
            add(f"/network.{form}", _network_file(form), media_type, _attached(f"network.{form}"))
            for form, media_type in _NETWORK_TYPES.items()
        ],
        Route("/quality", quality, methods=["GET"], include_in_schema=False),
        add("/downloads", lambda s, lang, _: downloads_page(s, lang)),
        add("/browse", lambda s, lang, _: browse_page(s, lang)),
        add("/search", lambda s, lang, http: search_page(s, lang, _values(http))),
    ]
    return pages + [add(f"/{kind}/{{code:path}}", _subject(kind)) for kind in SUBJECTS]


def _frames(site: Site) -> list[Route]:
    """Return the routes of what other sites may show in a frame, and of oEmbed."""

    def add(path: str, page: Page) -> Route:
        def endpoint(http: HttpRequest) -> Response:
            language = http.query_params.get("lang", "en")
            if language not in LANGUAGES:
                language = "en"
            return site.answer(http, language, lambda: page(site, language, http), EMBEDDED)

        return Route(f"/embed/{path}", endpoint, methods=["GET"], include_in_schema=False)

    def described(http: HttpRequest) -> Response:
        body = oembed(site.origin(http), http.query_params.get("url", ""))
        return Response(body, media_type="application/json")

    def subject(kind: str, template: str) -> Page:
        return lambda s, lang, http: subject_page(s, lang, kind, http.path_params["code"], template=template)

    return [
        add("matrix", lambda s, lang, http: matrix_page(s, lang, _values(http), template="embed_matrix.html")),
        add("projects", lambda s, lang, http: explorer_page(s, lang, _values(http), template="embed_projects.html")),
        add("link/{code:path}", subject("link", "embed_link.html")),
        add("line/{code:path}", subject("action-line", "embed_line.html")),
        Route("/oembed", described, methods=["GET"], include_in_schema=False),
    ]


def _network_file(form: str) -> Page:
    return lambda site, _, http: network_file(site, form, _values(http))


def _badge(site: Site) -> Route:
    """Return the route of the badge, which pages of any site may show."""

    async def badge(http: HttpRequest) -> Response:
        found = await ask_quality(site)
        picture = lambda: quality_badge(found)  # noqa: E731 - as a page
        return await run_in_threadpool(site.answer, http, "en", picture, None, "image/svg+xml")

    return Route("/quality.svg", badge, methods=["GET"], include_in_schema=False)


def _subject(kind: str) -> Page:
    return lambda site, language, http: subject_page(site, language, kind, http.path_params["code"])


def _values(http: HttpRequest) -> Mapping[str, str]:
    return dict(http.query_params)


def _attached(name: str) -> Mapping[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
