"""``/queries``: the catalogue, listed and answered."""

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from wsiskg.web.http.negotiation import choose
from wsiskg.web.languages.addresses import with_query
from wsiskg.web.languages.preference import to_language
from wsiskg.web.protocol.sparql import answer_text
from wsiskg.web.serving.engine import Engine
from wsiskg.web.ui.queries.questions import known_questions, question_called

__all__ = ["add_queries"]

_READ = ["GET", "HEAD"]


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
        given = {k: v for k, v in http.query_params.items() if k not in {"format", "timeout"}}
        bindings = dict(found.bind(given, iris))
        form = http.query_params.get("format", "")
        if not form and choose(http.headers.get("accept"), ["application/json", "text/html"]) == "text/html":
            return to_language(http, with_query(f"queries/{name}", given))
        return await answer_text(http, engine, found.text, bindings, short_format=form)
