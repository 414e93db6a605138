"""The web application: ``create_app(settings)`` builds it; nothing is read or started at import."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from wsiskg import __version__
from wsiskg.model.errors import WsiskgError
from wsiskg.settings import Settings
from wsiskg.web.access.tokens import TokenFile
from wsiskg.web.api.openapi import add_openapi
from wsiskg.web.api.routes import add_api
from wsiskg.web.http.compression import Compression
from wsiskg.web.http.cors import OpenReads
from wsiskg.web.http.negotiation import choose
from wsiskg.web.http.problems import ProblemError, problem_response
from wsiskg.web.languages.preference import language_of
from wsiskg.web.proposals.check_routes import add_checks
from wsiskg.web.proposals.desk import Desk
from wsiskg.web.proposals.openapi import describe_uploads
from wsiskg.web.proposals.publish_routes import add_publishing
from wsiskg.web.protocol.endpoint import Endpoint
from wsiskg.web.protocol.openapi import describe_protocols
from wsiskg.web.reports.reports import Reports
from wsiskg.web.reports.routes import add_reports
from wsiskg.web.resources.linked_data import Forms
from wsiskg.web.resources.queries import add_queries
from wsiskg.web.resources.routes import add_documents
from wsiskg.web.serving.clients import ClientGoneError
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.observation import AtOnce, Observation
from wsiskg.web.serving.operations import add_operations
from wsiskg.web.ui.assets import Assets
from wsiskg.web.ui.browse.statements import statements_page
from wsiskg.web.ui.browse.subjects import page_of_resource
from wsiskg.web.ui.routes import add_pages
from wsiskg.web.ui.site import Site
from wsiskg.web.work.apart import Apart
from wsiskg.web.work.jobs import Jobs

__all__ = ["create_app"]

_WAITING = 16  # files that may wait to be checked
_PRELOADED = ["wsiskg.web.proposals.publishing", "wsiskg.web.proposals.reviewing"]


class _Application(FastAPI):
    """The application behind ``front``, which answers what must be quick before the framework's layers see it."""

    front: ASGIApp
    at_once: AtOnce
    request_seconds: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.front(scope, receive, send)


def create_app(settings: Settings) -> FastAPI:
    """Build the application on the releases below ``settings.data``."""
    engine, tokens, jobs = Engine(settings), TokenFile(settings.data), Jobs()
    site = Site(engine)
    apart = Apart(settings.checks, _WAITING, settings.check_seconds, settings.check_memory, _PRELOADED)

    reports = Reports(engine, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine:
            yield
            await jobs.stop()

    app = _Application(
        title="WSIS knowledge graph",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would redirect to wherever the client's Host header says
    )
    app.state.engine = engine
    app.state.tokens = tokens
    fail = _errors(app, site)
    # The last one added stands outermost.
    app.add_middleware(OpenReads, methods=lambda scope: _methods(app, scope))
    app.add_middleware(Compression)
    endpoint = Endpoint(partial(FastAPI.__call__, app), engine, tokens, fail)
    app.front = observation = Observation(endpoint, endpoint.at_once, engine.metrics, settings.request_log)
    app.at_once = observation.at_once
    app.request_seconds = settings.request_seconds
    app.mount("/static", Assets(), name="static")
    describe_protocols(app, settings)
    add_operations(app, engine)
    if settings.updates == "plain":  # a plain dataset has none of what the front page tells of
        app.add_api_route("/", _to_sparql, methods=["GET", "HEAD"], include_in_schema=False)
    add_queries(app, engine)
    add_checks(app, apart, jobs)
    add_publishing(app, apart, jobs)
    add_documents(app, engine, Forms(partial(page_of_resource, site), statements_page))
    add_api(app, engine)
    add_reports(app, reports)
    describe_uploads(app)
    add_openapi(app, engine)
    add_pages(app, site, reports, Desk(settings, apart, jobs), tokens, plain=settings.updates == "plain")
    return app


async def _to_sparql() -> Response:
    return RedirectResponse("/sparql", HTTPStatus.SEE_OTHER)


def _methods(app: FastAPI, scope: Scope) -> Sequence[str]:
    """Return the methods of all routes at an address."""
    found: set[str] = set()
    for route in app.routes:
        if route.matches({**scope, "method": "GET"})[0] is not Match.NONE:
            found |= set(getattr(route, "methods", None) or {"GET", "HEAD"})
    return sorted(found) or ["GET", "HEAD"]


def _meant(app: FastAPI, scope: Scope) -> str:
    """Return the address that a request may have meant, with a slash at the end or without; empty if there is none."""
    path, query = scope["raw_path"].decode("ascii"), scope["query_string"].decode("latin-1")
    other = scope["path"].rstrip("/") if path.endswith("/") else f"{scope['path']}/"
    if not any(route.matches({**scope, "path": other})[0] is Match.FULL for route in app.routes):
        return ""
    return (path.rstrip("/") if path.endswith("/") else f"{path}/") + (f"?{query}" if query else "")


def _errors(app: FastAPI, site: Site) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Add the handlers of errors to ``app``; return the one that makes a problem document, or a page, of any."""

    async def problem(http: Request, error: Exception) -> Response:
        if not isinstance(error, WsiskgError | ProblemError):
            error = ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "the server failed to answer")
        response = problem_response(error)
        if (
            choose(http.headers.get("accept"), ["application/problem+json", "application/json", "text/html"])
            != "text/html"
        ):
            return response
        page = await run_in_threadpool(site.problem, http, language_of(http), error)
        page.headers["Vary"] = "Accept, Accept-Language"
        return page

    async def not_found(http: Request, _: Exception) -> Response:
        if meant := _meant(app, http.scope):
            return RedirectResponse(meant, HTTPStatus.PERMANENT_REDIRECT)
        return await problem(http, ProblemError(HTTPStatus.NOT_FOUND, f"there is nothing at {http.url.path}"))

    async def not_allowed(http: Request, error: Exception) -> Response:
        detail = f"{http.method} is not for {http.url.path}"
        response = await problem(http, ProblemError(HTTPStatus.METHOD_NOT_ALLOWED, detail))
        response.headers.update(getattr(error, "headers", None) or {})  # Allow
        return response

    async def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=499)  # nobody reads it

    app.add_exception_handler(WsiskgError, problem)
    app.add_exception_handler(ProblemError, problem)
    app.add_exception_handler(ClientGoneError, gone)
    app.add_exception_handler(HTTPStatus.NOT_FOUND, not_found)
    app.add_exception_handler(HTTPStatus.METHOD_NOT_ALLOWED, not_allowed)
    app.add_exception_handler(Exception, problem)
    return problem
