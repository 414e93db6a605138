"""``/queries``: the catalogue of the release that is served, listed and answered."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from wsiskg.model.errors import UsageError
from wsiskg.store.catalogue import CatalogueQuery, find_query, load_catalogue
from wsiskg.store.editions import edition_codes
from wsiskg.web.http.negotiation import choose
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.addresses import with_query
from wsiskg.web.languages.preference import to_language
from wsiskg.web.protocol.answers import answer_text
from wsiskg.web.protocol.requests import by_name, seconds_asked
from wsiskg.web.serving.engine import Engine

__all__ = ["add_queries", "known_questions", "question_called"]

_READ = ["GET", "HEAD"]


def known_questions(engine: Engine) -> Mapping[str, CatalogueQuery]:
    """Return the catalogue of the release that is served; its latest edition is the default of every question."""
    return load_catalogue(engine.release.iris, _latest(engine))


def question_called(name: str, engine: Engine) -> CatalogueQuery:
    """Return a question of the catalogue.

    Raises:
        ProblemError: 404, there is none; the remedy names the nearest.

    """
    try:
        return find_query(name, engine.release.iris, _latest(engine))
    except UsageError as error:
        raise ProblemError(HTTPStatus.NOT_FOUND, error.message, error.remedy) from error


def _latest(engine: Engine) -> str:
    return next(reversed(edition_codes(engine.release)), "")


def add_queries(app: FastAPI, engine: Engine) -> None:
    """Add the catalogue to ``app``; a browser is led to the pages."""

    @app.api_route("/queries", methods=_READ, summary="The catalogue of mapping questions")
    async def queries(http: Request) -> Response:
        if choose(http.headers.get("accept"), ["application/json", "text/html"]) == "text/html":
            return to_language(http, "queries")
        return JSONResponse(
            [
                {
                    "name": q.name,
                    "summary": q.summary,
                    "titles": q.titles,
                    "description": q.description,
                    "tags": q.tags,
                    "parameters": [
                        {"name": p.name, "type": p.type, "default": p.default, "description": p.description}
                        for p in q.params
                    ],
                    "columns": q.columns,
                    "url": f"/queries/{q.name}",
                }
                for q in known_questions(engine).values()
            ]
        )

    @app.api_route("/queries/{name}", methods=_READ, summary="Ask one question of the catalogue")
    async def query(http: Request, name: str) -> Response:
        iris = engine.release.iris
        if name.endswith(".rq"):
            return Response(
                question_called(name.removesuffix(".rq"), engine).text, media_type="application/sparql-query"
            )
        found = question_called(name, engine)
        values = by_name(http.query_params.multi_items())
        form, seconds = values.pop("format", [""])[0], seconds_asked(values)
        given = {key: value for key, (value,) in values.items() if key != "timeout"}
        bindings = dict(found.bind(given, iris))
        if not form and choose(http.headers.get("accept"), ["application/json", "text/html"]) == "text/html":
            return to_language(http, with_query(f"queries/{name}", given))
        return await answer_text(http, engine, found.text, bindings, seconds=seconds, short_format=form)
