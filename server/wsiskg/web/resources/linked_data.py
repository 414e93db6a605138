"""``/id/...``: every resource as HTML, JSON-LD, Turtle, N-Triples or RDF/XML, by negotiation and by suffix.

A link has one resource for each edition that holds it. ``/id/link/C2-9.c`` leads to the latest of these, or to the one
of a date (``Accept-Datetime``), and ``/timemap/link/C2-9.c`` lists them: RFC 7089, with editions as mementos.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response

from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.release import Release
from wsiskg.graph.vocabulary import LICENCE
from wsiskg.model.errors import UsageError
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.http.encoding import names_etag
from wsiskg.web.http.negotiation import choose
from wsiskg.web.http.problems import ProblemError, not_acceptable
from wsiskg.web.languages.addresses import PAGES, page_of
from wsiskg.web.resources.description import Described, describe_resource, resource_iri
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of

__all__ = ["SUFFIXES", "Forms", "StatementsPage", "SubjectPage", "resource_response", "timemap_response"]

StatementsPage = Callable[[Release, Described, str, str, Mapping[str, str]], Response]
"""Makes the page of a resource that shows its statements: takes the release, its description, its path, that of the
page about it, empty if there is none, and the headers of the answer."""

SubjectPage = Callable[[HttpRequest, str, Mapping[str, str]], Response]
"""Makes the page about a resource, in the language that its reader likes best: takes the request, the path of the page
without its language, and headers of the answer."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a resource for people: ``about`` for those that have a page of their own, else ``statements``."""

    about: SubjectPage
    statements: StatementsPage


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


async def resource_response(http: HttpRequest, engine: Engine, forms: Forms, path: str) -> Response:
    """Answer a request for ``/id/<path>``, whose last part may end in one of `SUFFIXES`.

    Args:
        http: the request.
        engine: answers the queries.
        forms: those for people.
        path: what stands behind ``/id/``.

    Raises:
        ProblemError: 404 nothing is known of it, 406 no offered form is accepted, 410 an edition retired it.

    """
    suffix = next((s for s in SUFFIXES if path.endswith(s)), "")
    code = quote(path.removesuffix(suffix), safe="/._-~")  # the path comes decoded; our IRIs are encoded like this
    if re.fullmatch(r"link/[^/]+", code):
        return await run_in_threadpool(_link_at, http, index_of(engine), code.partition("/")[2], suffix)
    media_type = SUFFIXES[suffix] if suffix else _negotiated(http)
    iri = resource_iri(engine.release.iris, code)
    headers = _headers(engine, iri, code, media_type)
    page = "" if media_type != "text/html" or engine.release.plain else page_of(f"/id/{code}")
    if page and not await run_in_threadpool(_is_indexed, index_of(engine), page):
        page = ""
    if page and not suffix:
        return await run_in_threadpool(forms.about, http, page, headers)
    try:
        described = await describe_resource(engine, iri, incoming=media_type == "text/html")
    except ValueError:  # the path makes no IRI
        described = None
    if described is None:
        raise await run_in_threadpool(_absent, engine, iri, code)
    if names_etag(http.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if media_type == "text/html":
        return forms.statements(engine.release, described, f"/id/{code}", page, headers)
    iris = engine.release.iris
    body = _json_ld(iris, described) if media_type == "application/ld+json" else _rdf(iris, described, media_type)
    charset = "; charset=utf-8" if media_type == "text/turtle" else ""
    return Response(body, headers=headers, media_type=media_type + charset)


def timemap_response(index: Index, pair: str) -> Response:
    """Return the editions that hold the link of a pair such as ``C2-9.c``, in link format (RFC 6690).

    Raises:
        ProblemError: 404, no edition does.

    """
    held = _editions_of(index, pair)
    if not held:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"no edition holds a link {pair}", "GET /api/v1/links lists them.")
    lines = [
        f'</id/link/{pair}>; rel="original timegate"',
        f'</timemap/link/{pair}>; rel="self"; type="application/link-format"',
    ]
    for position, (edition, issued) in enumerate(held):
        rel = " ".join(
            [name for name, place in (("first", 0), ("last", len(held) - 1)) if position == place] + ["memento"]
        )
        date = f'; datetime="{format_datetime(issued, usegmt=True)}"' if issued else ""
        lines.append(f'</id/link/{edition}/{pair}>; rel="{rel}"{date}')
    headers = {"X-Dataset-Version": index.release.id}
    return Response(",\n".join(lines) + "\n", headers=headers, media_type="application/link-format")


def _headers(engine: Engine, iri: str, code: str, media_type: str) -> dict[str, str]:
    name = code.rpartition("/")[2]  # relative, so that they hold below any address of this server
    links = [f'<{iri}>; rel="canonical"', f'{LICENCE}; rel="license"', '</.well-known/void>; rel="describedby"']
    links += [
        f'<./{name}{suffix}>; rel="alternate"; type="{offered}"'
        for suffix, offered in SUFFIXES.items()
        if suffix != ".json"
    ]
    if media_type == "application/ld+json":
        context = f"{engine.release.iris.base}context.jsonld"
        links.append(f'<{context}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"')
    if found := re.fullmatch(r"link/[^/]+/([^/]+)", code):
        pair = found.group(1)
        links.append(f'</id/link/{pair}>; rel="original timegate"')
        links.append(f'</timemap/link/{pair}>; rel="timemap"; type="application/link-format"')
    return {
        "Vary": "Accept",
        "X-Dataset-Version": engine.release.id,
        "ETag": f'"{engine.release.id}-{media_type.replace("/", "-")}"',
        "Cache-Control": "no-cache",
        "Content-Location": f"/id/{code}{next(s for s, m in SUFFIXES.items() if m == media_type)}",
        "Link": ", ".join(links),
    }


def _is_indexed(index: Index, page: str) -> bool:
    """Return whether the index has what a page would show."""
    kind, _, code = page.partition("/")
    return any(index.get(known, unquote(code)) is not None for known in PAGES[kind])


def _link_at(http: HttpRequest, index: Index, pair: str, suffix: str) -> Response:
    """Lead to the link of a pair in the edition that the client asks for by date, else in the latest that holds it."""
    held = _editions_of(index, pair)
    if not held:
        iri = index.release.iris.resource("link", pair).value
        raise ProblemError(HTTPStatus.NOT_FOUND, f"nothing is known of {iri}", "GET /api/v1/links lists the links.")
    chosen = held[-1][0]
    if wanted := http.headers.get("accept-datetime"):
        try:
            moment = parsedate_to_datetime(wanted)
        except ValueError as error:
            raise UsageError(
                f"Accept-Datetime: '{wanted}' is not a date", "Write it like Tue, 01 Dec 2015 00:00:00 GMT."
            ) from error
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        chosen = next((e for e, issued in reversed(held) if issued and issued <= moment), held[0][0])
    headers = {
        "Vary": "Accept-Datetime",
        "Cache-Control": "no-cache",
        "X-Dataset-Version": index.release.id,
        "Link": f'</timemap/link/{pair}>; rel="timemap"; type="application/link-format"',
    }
    return RedirectResponse(f"/id/link/{chosen}/{pair}{suffix}", HTTPStatus.FOUND, headers)


def _editions_of(index: Index, pair: str) -> list[tuple[str, datetime | None]]:
    """Return the editions that hold a link, oldest first, each with the date it was issued."""
    codes = {code.partition("/")[0] for code in index.codes("link", "pair", pair)}
    if not codes:
        return []
    found = []
    for document in index.items(Listing(("edition",))):
        code = str(document["id"]).rpartition("/")[2]
        if code in codes:
            found.append((code, _issued(document)))
    return sorted(found, key=lambda pair: pair[0])


def _issued(document: Mapping[str, Any]) -> datetime | None:
    """Return when an edition was issued; of a year its last second, by which it certainly had been."""
    if day := document.get("issued"):
        return datetime.combine(datetime.fromisoformat(str(day)), time(), UTC)
    if year := document.get("issuedYear"):
        return datetime(int(year), 12, 31, 23, 59, 59, tzinfo=UTC)
    return None


def _absent(engine: Engine, iri: str, code: str) -> ProblemError:
    """Return why there is nothing at ``code``: 410 for a link that an edition retired, else 404."""
    unknown = ProblemError(
        HTTPStatus.NOT_FOUND, f"nothing is known of {iri}", "Look for it at /api/v1/search?q=, or at /queries."
    )
    found = re.fullmatch(r"link/([^/]+)/([^/]+)", code)
    if found is None:
        return unknown
    index = index_of(engine)
    if found.group(1) not in index.editions:
        return unknown
    edition, pair = found.groups()
    holding = sorted(c.partition("/")[0] for c in index.codes("link", "pair", pair))
    before = [e for e in holding if e < edition]
    if not before:
        return unknown
    later = [e for e in holding if e > edition]
    resource = index.release.iris.resource
    decided = [d for d in index.codes("decision", "pair", pair) if d.startswith(f"{edition}/")]
    return ProblemError(
        HTTPStatus.GONE,
        f"edition {edition} does not hold the link {pair}: it was retired after edition {before[-1]}",
        "The earlier link stays at its own address." if not later else "A later edition holds it again.",
        lastVersion=resource("link", before[-1], pair).value,
        replacedBy=resource("link", later[0], pair).value if later else None,
        decisions=[resource("decision", *code.split("/")).value for code in decided],
    )


def _negotiated(http: HttpRequest) -> str:
    accept = http.headers.get("accept")
    if not accept or accept.strip() == "*/*":  # a tool that does not say: plain JSON reads best
        return "application/ld+json"
    chosen = choose(accept, [*_OFFERED, "application/json"])
    if chosen is None:
        raise not_acceptable(accept, _OFFERED)
    return "application/ld+json" if chosen == "application/json" else chosen


def _json_ld(iris: Iris, described: Described) -> bytes:
    document = {"@context": f"{iris.base}context.jsonld", **described.document(iris)}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _rdf(iris: Iris, described: Described, media_type: str) -> bytes:
    form = _RDF[media_type]
    names = dict(prefixes(iris)) if form == ox.RdfFormat.TURTLE else None
    triples: Sequence[ox.Triple] = described.triples(iris)
    return ox.serialize(triples, format=form, prefixes=names) or b""
