"""``/queries``: the catalogue, listed and answered."""

import json
from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from wsiskg.model.errors import UsageError
from wsiskg.store.catalogue import CatalogueQuery, find_query, load_catalogue
from wsiskg.store.guard import Form, check_query
from wsiskg.store.index import edition_codes
from wsiskg.web.engine import Engine
from wsiskg.web.negotiation import choose
from wsiskg.web.pages import Pages
from wsiskg.web.problems import ProblemError
from wsiskg.web.protocol import answer_text

__all__ = ["add_queries"]

_READ = ["GET", "HEAD"]


def add_queries(app: FastAPI, engine: Engine, pages: Pages) -> None:
    """Add the catalogue to ``app``."""

    @app.api_route("/queries", methods=_READ, summary="The catalogue of mapping questions")
    async def queries(http: Request) -> Response:
        catalogue = load_catalogue(engine.release.iris, _latest(engine))
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


def _latest(engine: Engine) -> str:
    return next(reversed(edition_codes(engine.release)), "")


def _find(name: str, engine: Engine) -> CatalogueQuery:
    try:
        return find_query(name, engine.release.iris, _latest(engine))
    except UsageError as error:
        raise ProblemError(HTTPStatus.NOT_FOUND, error.message, error.remedy) from error
