"""``/sparql``: the endpoint, and for browsers the form in which a query is written."""

from fastapi import FastAPI, Request
from starlette.responses import Response

from wsiskg.model.errors import UsageError
from wsiskg.web.engine import Engine
from wsiskg.web.negotiation import choose
from wsiskg.web.pages import Pages
from wsiskg.web.protocol import answer_query

__all__ = ["EXAMPLE", "add_sparql"]

EXAMPLE = """PREFIX wsis: <https://w3id.org/wsis-kg/ontology#>
PREFIX sdg: <http://metadata.un.org/sdg/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?code ?title WHERE {
  ?line wsis:supports sdg:9.c ; skos:notation ?code ; skos:prefLabel ?title .
  FILTER(lang(?title) = "en")
} ORDER BY ?code
"""


def add_sparql(app: FastAPI, engine: Engine, pages: Pages) -> None:
    """Add the endpoint to ``app``."""

    @app.api_route("/sparql", methods=["GET", "HEAD", "POST"], summary="SPARQL 1.1 endpoint (queries)")
    async def sparql(http: Request) -> Response:
        response = await answer_query(http, engine)
        if response is not None:
            return response
        if choose(http.headers.get("accept"), ["text/turtle", "application/ld+json", "text/html"]) == "text/html":
            return pages.sparql(engine.release, EXAMPLE)
        raise UsageError("the request holds no query", "Send it as ?query=..., or POST it.")
