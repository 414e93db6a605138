"""The web application: ``create_app(settings)`` builds it; nothing is read or started at import."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from wsiskg import __version__
from wsiskg.model.errors import WsiskgError
from wsiskg.settings import Settings
from wsiskg.web.cors import OpenReads
from wsiskg.web.engine import ClientGoneError, Engine
from wsiskg.web.negotiation import choose
from wsiskg.web.pages import Pages
from wsiskg.web.problems import ProblemError, problem_response
from wsiskg.web.routes.documents import add_documents
from wsiskg.web.routes.queries import add_queries
from wsiskg.web.routes.sparql import add_sparql

__all__ = ["create_app"]


def create_app(settings: Settings) -> FastAPI:
    """Build the application on the releases below ``settings.data``."""
    engine, pages = Engine(settings), Pages()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with engine:
            yield

    app = FastAPI(title="WSIS knowledge graph", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.engine = engine
    app.add_middleware(OpenReads)
    app.mount("/static", StaticFiles(packages=[("wsiskg.web", "static")]), name="static")
    _errors(app, engine, pages)
    add_sparql(app, engine, pages)
    add_queries(app, engine, pages)
    add_documents(app, engine, pages)
    return app


def _errors(app: FastAPI, engine: Engine, pages: Pages) -> None:
    async def problem(http: Request, error: Exception) -> Response:
        if not isinstance(error, WsiskgError | ProblemError):
            error = ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "the server failed to answer")
        response = problem_response(error)
        if (
            choose(http.headers.get("accept"), ["application/problem+json", "application/json", "text/html"])
            != "text/html"
        ):
            return response
        content = json.loads(bytes(response.body))
        page = pages.problem(
            engine.release, response.status_code, content["title"], content["detail"], content.get("remedy", "")
        )
        page.status_code = response.status_code
        page.headers.update({n: v for n, v in response.headers.items() if n in {"cache-control", "retry-after"}})
        return page

    async def not_found(http: Request, _: Exception) -> Response:
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
