"""The SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/).

``/graph-store?graph=IRI`` and ``/graph-store?default`` name graphs indirectly; ``/graph-store/NAME`` is a graph's own
address, so its IRI is that address as users see it. Reading is open, writing needs the role ``editor``.
"""

import uuid
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qs

import pyoxigraph as ox
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.model.errors import UsageError
from wsiskg.store.changes import Change, Document
from wsiskg.web.access.tokens import TokenFile
from wsiskg.web.http.bodies import content_type, form_parts, read_body
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.protocol.answers import answer_text
from wsiskg.web.protocol.service_description import public_url
from wsiskg.web.protocol.updates import carry_out, recorded, require_editor
from wsiskg.web.serving.engine import Engine

__all__ = ["GRAPH_STORE", "METHODS", "answer_graph_store"]

GRAPH_STORE = "/graph-store"
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
_DOCUMENTS = ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json")
_WHOLE = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_MOST_PARTS = 100


async def answer_graph_store(http: HttpRequest, engine: Engine, tokens: TokenFile) -> Response:
    """Answer a request of the protocol.

    Raises:
        ProblemError: 401, 403, 404, 406 or 415.
        UsageError: no graph, or more than one, is named.
        WsiskgError: see `Engine.change`.

    """
    writes = http.method in {"PUT", "POST", "DELETE"}
    token = require_editor(http, engine, tokens) if writes else None
    graph = _graph(http, engine)
    if token is None:
        return await _read(http, engine, graph)
    created = ""
    if graph is None:
        raise UsageError("no graph is named", "Add ?default or ?graph=IRI.")
    if graph == _NEW:
        graph = created = public_url(engine.settings, f"{GRAPH_STORE}/{uuid.uuid4()}")
    name = graph or None
    if http.method == "DELETE":
        async with recorded(engine, token, Change("delete", graph=name)):
            _require(engine, graph)
        await carry_out(engine, token, Change("delete", graph=name))
        return Response(status_code=HTTPStatus.NO_CONTENT)
    base = name or public_url(engine.settings, GRAPH_STORE)
    kind: Literal["put", "post"] = "put" if http.method == "PUT" else "post"
    async with recorded(engine, token, Change(kind, graph=name)):
        documents = await _documents(http, engine.settings.graph_bytes)
    effect, release = await carry_out(engine, token, Change(kind, graph=name, documents=documents, base=base))
    headers = {"X-Dataset-Version": release.id}
    if created:
        headers["Location"] = created
    status = HTTPStatus.NO_CONTENT if effect.existed else HTTPStatus.CREATED
    return Response(status_code=status, headers=headers)


_NEW = "urn:wsiskg:new"
"""Stands for a graph that a POST to the graph store itself makes."""


def _graph(http: HttpRequest, engine: Engine) -> str | None:
    """Return the graph that a request names: an IRI, empty for the default graph, None when it names none."""
    path = http.url.path.removeprefix(GRAPH_STORE)
    try:
        named = parse_qs(http.scope["query_string"].decode("utf-8"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise UsageError("the address is not UTF-8") from error
    graphs = named.get("graph", [])
    if len(graphs) + ("default" in named) > 1 or (path.strip("/") and (graphs or "default" in named)):
        raise UsageError("more than one graph is named", "Name one.")
    if "default" in named:
        return ""
    if graphs:
        return _iri(graphs[0], public_url(engine.settings, GRAPH_STORE))
    if path.strip("/"):
        return _iri(public_url(engine.settings, http.scope.get("raw_path", b"").decode("ascii", "replace")), "")
    return _NEW if http.method == "POST" else None


def _iri(text: str, base: str) -> str:
    """Return an absolute IRI, resolved against ``base``."""
    try:
        # The parser resolves and checks in one step; the text cannot leave the angle brackets, for it refuses those.
        quad = next(iter(ox.parse(f"<{text}> <urn:p> <urn:o> .", ox.RdfFormat.TURTLE, base_iri=base or None)))
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"'{text}' is not an IRI") from error
    if any(character in text for character in '<> "{}|\\^`'):
        raise UsageError(f"'{text}' is not an IRI")
    return str(quad.subject)[1:-1]


def _require(engine: Engine, graph: str) -> None:
    if graph and graph not in engine.release.manifest["graphs"]:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no graph {graph}", "GET /sparql lists the graphs.")


async def _read(http: HttpRequest, engine: Engine, graph: str | None) -> Response:
    if graph is None:
        raise UsageError("no graph is named", "Add ?default or ?graph=IRI.")
    _require(engine, graph)
    if graph:
        return await answer_text(http, engine, _WHOLE, {}, default_graphs=[graph])
    return await answer_text(http, engine, _WHOLE, {})


async def _documents(http: HttpRequest, limit: int) -> list[Document]:
    """Return the documents that a request sends: its body, or each part of a form."""
    kind = content_type(http)
    body = await read_body(http, limit)
    if kind == "multipart/form-data":
        return await _parts(http, body)
    if not body and not kind:
        return []
    return [Document(_document_type(kind), body)]


async def _parts(http: HttpRequest, body: bytes) -> list[Document]:
    documents = []
    for part in await form_parts(http, body, _MOST_PARTS, _MOST_PARTS):
        if part.value is not None:
            raise UsageError("a part of the form is no file", "Send each document as a file with its type.")
        documents.append(Document(_document_type(part.media_type), part.data))
    return documents


def _document_type(kind: str) -> str:
    if kind not in _DOCUMENTS:
        raise ProblemError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"'{kind or 'no Content-Type'}' is not a graph's media type",
            f"Send {', '.join(_DOCUMENTS)}.", headers={"Accept": ", ".join(_DOCUMENTS)},
        )  # fmt: skip
    return kind
