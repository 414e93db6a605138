"""The front page, the release's files and descriptions, and every resource below ``/id/``."""

import json
from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from wsiskg import __version__
from wsiskg.graph.jsonld import load_context
from wsiskg.web.http.encoding import names_etag
from wsiskg.web.http.negotiation import choose
from wsiskg.web.http.problems import ProblemError, not_acceptable
from wsiskg.web.languages.preference import to_language
from wsiskg.web.protocol.service_description import DESCRIPTION_TYPES
from wsiskg.web.resources.dataset import describe_dataset
from wsiskg.web.resources.dumps import dump_response, list_dumps
from wsiskg.web.resources.linked_data import Forms, resource_response, timemap_response
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of

__all__ = ["add_documents"]

_READ = ["GET", "HEAD"]


def add_documents(app: FastAPI, engine: Engine, forms: Forms) -> None:
    """Add the documents to ``app``; ``forms`` are those of a resource for people."""

    @app.api_route("/", methods=_READ, summary="Front page")
    async def home(http: Request) -> Response:
        return to_language(http)

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

    @app.api_route("/graph/{name:path}", methods=_READ, summary="A graph by its own IRI: it leads to its statements")
    async def graph(name: str) -> Response:
        iri = engine.release.iris.graph(name).value
        if iri not in engine.release.manifest["graphs"]:
            raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no graph {iri}", "GET /sparql lists the graphs.")
        return RedirectResponse(f"/graph-store?{urlencode({'graph': iri})}", HTTPStatus.SEE_OTHER)

    @app.api_route(
        "/.well-known/void", methods=_READ, summary="VoID and DCAT description, in the form accepted",
        response_class=Response,
        responses={200: {"content": {kind: {"schema": {"type": "string"}} for kind in DESCRIPTION_TYPES}}},
    )  # fmt: skip
    async def void(http: Request) -> Response:
        return _described(http, engine)

    @app.api_route("/dumps/", methods=_READ, summary="The files of the release; a browser is led to the page of them")
    async def dumps(http: Request) -> Response:
        accept = http.headers.get("accept")
        if not engine.release.plain and choose(accept, ["application/json", "text/html"]) == "text/html":
            return to_language(http, "downloads")
        return list_dumps(engine.release)

    @app.api_route("/dumps/{name:path}", methods=_READ, summary="One file of the release")
    def dump(http: Request, name: str) -> Response:
        return dump_response(http, engine.release, name)

    @app.api_route("/id/{path:path}", methods=_READ, summary="A resource, in the form the client accepts")
    async def resource(http: Request, path: str) -> Response:
        return await resource_response(http, engine, forms, path)

    @app.api_route("/timemap/link/{pair}", methods=_READ, summary="The editions that hold a link, as a time map")
    def timemap(pair: str) -> Response:
        return timemap_response(index_of(engine), pair)


def _described(http: Request, engine: Engine) -> Response:
    """Return the description of the dataset: the release's, with how to ask here; as RDF by negotiation."""
    release = engine.release
    if release.plain:
        raise ProblemError(
            HTTPStatus.NOT_FOUND, "a plain dataset has no description", "GET /sparql describes the service."
        )
    media_type = choose(http.headers.get("accept"), [*DESCRIPTION_TYPES, "text/html"])
    if media_type is None:
        raise not_acceptable("the description is RDF", DESCRIPTION_TYPES)
    if media_type == "text/html":  # a browser shows text
        media_type = "text/turtle"
    headers = {
        "Vary": "Accept",
        "X-Dataset-Version": release.id,
        "ETag": f'"{release.id}-void-{media_type.replace("/", "-")}"',
        "Cache-Control": "no-cache",
    }
    if names_etag(http.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    body = describe_dataset(engine.settings, release, media_type)
    return Response(body, headers=headers, media_type=media_type + charset)
