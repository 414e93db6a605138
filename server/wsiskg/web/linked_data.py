"""``/id/...``: every resource as HTML, JSON-LD, Turtle, N-Triples or RDF/XML, by negotiation and by suffix."""

import json
from http import HTTPStatus
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import prefixes
from wsiskg.web.engine import Engine
from wsiskg.web.negotiation import choose
from wsiskg.web.pages import Pages
from wsiskg.web.problems import ProblemError
from wsiskg.web.resource_data import Described, describe_resource, resource_iri

__all__ = ["SUFFIXES", "resource_response"]

SUFFIXES = {
    ".html": "text/html",
    ".jsonld": "application/ld+json",
    ".json": "application/ld+json",
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
}
_OFFERED = ("text/html", "application/ld+json", "text/turtle", "application/n-triples", "application/rdf+xml")
_RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


async def resource_response(http: HttpRequest, engine: Engine, pages: Pages, path: str) -> Response:
    """Answer a request for ``/id/<path>``, whose last part may end in one of `SUFFIXES`.

    Raises:
        ProblemError: 404 nothing is known of it, 406 no offered form is accepted.

    """
    suffix = next((s for s in SUFFIXES if path.endswith(s)), "")
    code = quote(path.removesuffix(suffix), safe="/._-~")  # the path comes decoded; our IRIs are encoded like this
    media_type = SUFFIXES[suffix] if suffix else _negotiated(http)
    iri = resource_iri(engine.release.iris, code)
    try:
        described = await describe_resource(
            engine, iri, labels=media_type not in _RDF, incoming=media_type == "text/html"
        )
    except ValueError:  # the path makes no IRI
        described = None
    if described is None:
        raise ProblemError(
            HTTPStatus.NOT_FOUND, f"nothing is known of {iri}", "Look for it at /queries, or begin at the front page."
        )
    headers = {
        "Vary": "Accept",
        "X-Dataset-Version": engine.release.id,
        "ETag": f'"{engine.release.id}-{media_type.replace("/", "-")}"',
        "Cache-Control": "no-cache",
        "Content-Location": f"/id/{code}{next(s for s, m in SUFFIXES.items() if m == media_type)}",
        "Link": ", ".join(
            [f'<{iri}>; rel="canonical"', '<https://creativecommons.org/licenses/by/4.0/>; rel="license"']
            + [f'</id/{code}{s}>; rel="alternate"; type="{m}"' for s, m in SUFFIXES.items() if s != ".json"]
        ),
    }
    if headers["ETag"] in http.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if media_type == "text/html":
        return pages.resource(engine.release, described, f"/id/{code}", headers)
    body = _json_ld(engine, described) if media_type == "application/ld+json" else _rdf(engine, described, media_type)
    charset = "; charset=utf-8" if media_type == "text/turtle" else ""
    return Response(body, headers=headers, media_type=media_type + charset)


def _negotiated(http: HttpRequest) -> str:
    accept = http.headers.get("accept")
    if not accept or accept.strip() == "*/*":  # a tool that does not say: plain JSON reads best
        return "application/ld+json"
    chosen = choose(accept, [*_OFFERED, "application/json"])
    if chosen is None:
        raise ProblemError(
            HTTPStatus.NOT_ACCEPTABLE, f"none of '{accept}' is offered", "Accept one of the types listed.",
            offered=list(_OFFERED),
        )  # fmt: skip
    return "application/ld+json" if chosen == "application/json" else chosen


def _json_ld(engine: Engine, described: Described) -> bytes:
    """Return the resource as one JSON object, what it names nested with its label."""
    context = load_context(engine.release.iris)
    embed = {iri: context.node(iri, labels) for iri, labels in described.labels.items() if iri != described.iri}
    document = {
        "@context": f"{engine.release.iris.base}context.jsonld",
        **context.node(described.iri, described.triples, embed),
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _rdf(engine: Engine, described: Described, media_type: str) -> bytes:
    form = _RDF[media_type]
    names = dict(prefixes(engine.release.iris)) if form == ox.RdfFormat.TURTLE else None
    return ox.serialize(described.triples, format=form, prefixes=names) or b""
