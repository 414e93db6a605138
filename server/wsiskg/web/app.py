"""The web application: ``create_app(settings)`` builds it; nothing is read or started at import."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request
from starlette.datastructures import MutableHeaders
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wsiskg import __version__
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.release import DUMP_TYPES
from wsiskg.model.errors import UsageError, WsiskgError
from wsiskg.settings import Settings
from wsiskg.store.catalogue import CatalogueQuery, find_query, load_catalogue
from wsiskg.store.guard import Form, check_query
from wsiskg.web.engine import ClientGoneError, Engine
from wsiskg.web.linked_data import resource_response
from wsiskg.web.negotiation import choose
from wsiskg.web.pages import Pages
from wsiskg.web.problems import ProblemError, problem_response
from wsiskg.web.protocol import answer_query, answer_text

__all__ = ["create_app"]

_READ = ["GET", "HEAD"]
EXAMPLE = """PREFIX wsis: <https://w3id.org/wsis-kg/ontology#>
PREFIX sdg: <http://metadata.un.org/sdg/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?code ?title WHERE {
  ?line wsis:supports sdg:9.c ; skos:notation ?code ; skos:prefLabel ?title .
  FILTER(lang(?title) = "en")
} ORDER BY ?code
"""


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
    _sparql(app, engine, pages)
    _queries(app, engine, pages)
    _documents(app, engine, pages)
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


def _sparql(app: FastAPI, engine: Engine, pages: Pages) -> None:
    @app.api_route("/sparql", methods=[*_READ, "POST"], summary="SPARQL 1.1 endpoint (queries)")
    async def sparql(http: Request) -> Response:
        response = await answer_query(http, engine)
        if response is not None:
            return response
        if choose(http.headers.get("accept"), ["text/turtle", "application/ld+json", "text/html"]) == "text/html":
            return pages.sparql(engine.release, EXAMPLE)
        raise UsageError("the request holds no query", "Send it as ?query=..., or POST it.")


def _queries(app: FastAPI, engine: Engine, pages: Pages) -> None:
    @app.api_route("/queries", methods=_READ, summary="The catalogue of mapping questions")
    async def queries(http: Request) -> Response:
        catalogue = load_catalogue(engine.release.iris)
        if choose(http.headers.get("accept"), ["application/json", "text/html"]) == "text/html":
            return pages.catalogue(engine.release, catalogue)
        return JSONResponse(
            [
                {
                    "name": q.name,
                    "summary": q.summary,
                    "description": q.description,
                    "tags": q.tags,
                    "parameters": [
                        {"name": p.name, "type": p.type, "default": p.default, "description": p.description}
                        for p in q.params
                    ],
                    "columns": q.columns,
                    "url": f"/queries/{q.name}",
                }
                for q in catalogue.values()
            ]
        )

    @app.api_route("/queries/{name}", methods=_READ, summary="Ask one question of the catalogue")
    async def query(http: Request, name: str) -> Response:
        iris = engine.release.iris
        if name.endswith(".rq"):
            return Response(_find(name.removesuffix(".rq"), engine).text, media_type="application/sparql-query")
        found = _find(name, engine)
        given = {k: v for k, v in http.query_params.items() if k not in {"format", "timeout"}}
        bindings = dict(found.bind(given, iris))
        form = http.query_params.get("format", "")
        table = (check_query(found.text).form or Form.SELECT) in {Form.SELECT, Form.ASK}
        wants_page = choose(http.headers.get("accept"), ["application/json", "text/html"]) == "text/html"
        if form or not (table and wants_page):
            return await answer_text(http, engine, found.text, bindings, short_format=form)
        answer = await answer_text(http, engine, found.text, bindings, short_format="json", conditional=False)
        values = {p.name: given.get(p.name) or p.default for p in found.params}
        return pages.query(engine.release, found, values, json.loads(bytes(answer.body) or b"{}"))


def _find(name: str, engine: Engine) -> CatalogueQuery:
    try:
        return find_query(name, engine.release.iris)
    except UsageError as error:
        raise ProblemError(HTTPStatus.NOT_FOUND, error.message, error.remedy) from error


def _documents(app: FastAPI, engine: Engine, pages: Pages) -> None:
    @app.api_route("/", methods=_READ, summary="Front page")
    async def home() -> Response:
        return pages.home(engine.release, EXAMPLE)

    @app.api_route("/health", methods=_READ, summary="Is the server alive, and on which release")
    async def health() -> Response:
        return JSONResponse({"status": "ok", "release": engine.release.id, "software": f"wsiskg {__version__}"})

    @app.api_route("/context.jsonld", methods=_READ, summary="The JSON-LD context")
    async def context() -> Response:
        body = json.dumps(load_context(engine.release.iris).document, ensure_ascii=False, indent=1)
        return Response(body + "\n", media_type="application/ld+json", headers={"Cache-Control": "max-age=3600"})

    @app.api_route("/ontology", methods=_READ, summary="The ontology, as Turtle")
    async def ontology() -> Response:
        return RedirectResponse("/dumps/graphs/ontology.ttl", HTTPStatus.SEE_OTHER)

    @app.api_route("/.well-known/void", methods=_READ, summary="VoID and DCAT description, as Turtle")
    async def void(http: Request) -> Response:
        return _dump(http, "void.ttl", engine)

    @app.api_route("/dumps/", methods=_READ, summary="The files of the release")
    async def dumps() -> Response:
        manifest = engine.release.manifest
        files = [{**f, "url": "/" + f["path"]} for f in manifest["files"] if f["path"].startswith("dumps/")]
        return JSONResponse({**manifest, "files": files}, headers={"X-Dataset-Version": engine.release.id})

    @app.api_route("/dumps/{name:path}", methods=_READ, summary="One file of the release")
    async def dump(http: Request, name: str) -> Response:
        return _dump(http, name, engine)

    @app.api_route("/id/{path:path}", methods=_READ, summary="A resource, in the form the client accepts")
    async def resource(http: Request, path: str) -> Response:
        return await resource_response(http, engine, pages, path)


def _dump(http: Request, name: str, engine: Engine) -> Response:
    """Return a file that the manifest names; nothing else below the release can be reached."""
    known = {f["path"]: f["sha256"] for f in engine.release.manifest["files"]}
    if f"dumps/{name}" not in known:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"the release has no file '{name}'", "GET /dumps/ lists them.")
    headers = {"X-Dataset-Version": engine.release.id, "ETag": f'"{known[f"dumps/{name}"]}"'}
    if headers["ETag"] in http.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    media_type = DUMP_TYPES[Path(name).suffix]
    return FileResponse(engine.release.path / "dumps" / name, media_type=media_type, headers=headers)


class OpenReads:
    """Cross-origin reads for everybody, without credentials; OPTIONS answered on every path."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            allow = "GET, HEAD, POST, OPTIONS" if scope["path"] == "/sparql" else "GET, HEAD, OPTIONS"
            headers = {
                "Allow": allow,
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Allow-Methods": allow,
                "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
                "Access-Control-Max-Age": "86400",
            }
            await Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)(scope, receive, send)
            return

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Access-Control-Allow-Origin"] = "*"
                headers["Access-Control-Expose-Headers"] = "ETag, X-Dataset-Version, Link, Retry-After"
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Vary", "Accept")
            await send(message)

        await self._app(scope, receive, send_open)
