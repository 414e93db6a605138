"""Answers of the SPARQL 1.1 Protocol: in the form the client accepts, from memory where they were asked before."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any, BinaryIO

from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse
from starlette.types import Scope

from wsiskg.model.errors import LimitError, UsageError, WorkerError
from wsiskg.settings import addresses_of
from wsiskg.store.evaluate import Request
from wsiskg.store.federation import ServiceBlock, find_services, without_services
from wsiskg.store.formats import GRAPH_TYPES, RESULT_TYPES, SHORT_NAMES
from wsiskg.store.guard import Form, check_query
from wsiskg.store.lookup import lookup_form
from wsiskg.store.traps import find_traps
from wsiskg.web.http.encoding import AT_ONCE, choose_encoding, compressor, etag_matches, etag_of
from wsiskg.web.http.negotiation import choose
from wsiskg.web.http.problems import not_acceptable
from wsiskg.web.protocol.requests import Asked
from wsiskg.web.protocol.service_description import public_url
from wsiskg.web.serving.cache import StoredAnswer
from wsiskg.web.serving.clients import client_of
from wsiskg.web.serving.engine import Engine

__all__ = ["Terms", "answer_asked", "answer_at_once", "answer_text"]

_Header = tuple[bytes, bytes]
_PIECE = 1 << 18
_TAUGHT = frozenset({"time", "memory", "bytes", "rows"})


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request says of how it is to be answered: the headers of content negotiation (None: not sent)."""

    accept: str | None = None
    accept_encoding: str | None = None
    if_none_match: str | None = None

    @classmethod
    def of(cls, scope: Scope) -> "Terms":
        """Return those of a request; a header sent several times is one list."""
        accept = encoding = held = None
        for name, value in scope["headers"]:
            if name == b"accept":
                accept = value if accept is None else accept + b"," + value
            elif name == b"accept-encoding":
                encoding = value if encoding is None else encoding + b"," + value
            elif name == b"if-none-match":
                held = value if held is None else held + b"," + value
        return cls(*(None if value is None else value.decode("latin-1") for value in (accept, encoding, held)))


class _Ready(Response):
    """A whole answer, whose headers are made once."""

    def __init__(self, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        self.status_code, self.body, self.raw_headers, self.background = HTTPStatus.OK.value, body, headers, None


def answer_at_once(engine: Engine, query: str, terms: Terms) -> tuple[Response, StoredAnswer] | None:
    """Answer a lookup here and now as `answer_asked` would; None: that takes more, or there is something to object.

    Raises:
        QuerySyntaxError: the engine cannot parse the query.
        ProblemError: nothing offered is accepted.

    """
    form = lookup_form(query)
    if form is None or terms.if_none_match:
        return None
    media_type = _result_type(form, terms.accept)
    settings, release = engine.settings, engine.release
    request = Request(
        query, media_type, {}, None, None, False, settings.answer_bytes, release.iris.base,
        public_url(settings, "/sparql"), settings.union_default_graph, settings.answer_rows,
    )  # fmt: skip
    stored = engine.look_up(request)
    if stored is None:
        return None
    etag = _etag(engine, query, {}, None, None, media_type)
    encoding = choose_encoding(terms.accept_encoding, stored.size)
    return _whole(engine, stored, _standing(release.id, media_type, volatile=False), etag, encoding), stored


async def answer_asked(http: HttpRequest, engine: Engine, asked: Asked) -> tuple[Response, StoredAnswer | None]:
    """Answer the query of a request; also return the answer as it is kept, where it may be given to others as it is."""
    return await _answer(
        http, engine, asked.query or "", {}, asked.default_graphs, asked.named_graphs, asked.seconds,
        asked.short_format, conditional=True,
    )  # fmt: skip


async def answer_text(
    http: HttpRequest,
    engine: Engine,
    query: str,
    bindings: Mapping[str, str],
    default_graphs: Sequence[str] | None = None,
    named_graphs: Sequence[str] | None = None,
    seconds: float | None = None,
    short_format: str = "",
    conditional: bool = True,
) -> Response:
    """Guard, evaluate and answer one query in the form the client accepts; ``conditional`` minds If-None-Match."""
    response, _ = await _answer(
        http, engine, query, bindings, default_graphs, named_graphs, seconds, short_format, conditional
    )
    return response


async def _answer(
    http: HttpRequest,
    engine: Engine,
    query: str,
    bindings: Mapping[str, str],
    default_graphs: Sequence[str] | None,
    named_graphs: Sequence[str] | None,
    seconds: float | None,
    short_format: str,
    conditional: bool,
) -> tuple[Response, StoredAnswer | None]:
    settings = engine.settings
    address = public_url(settings, "/sparql")
    blocks: Sequence[ServiceBlock] = ()
    bare, has_dataset, volatile = "", False, False
    form = lookup_form(query)
    lookup = form is not None and default_graphs is None and named_graphs is None and not bindings
    if form is None:
        if settings.services:
            blocks = find_services(query, addresses_of(settings.services), address, settings.service_rows)
            bare = without_services(query, blocks) if blocks else ""
        reading = check_query(bare or query)
        form, has_dataset = reading.form or Form.SELECT, reading.has_dataset_clause
        volatile = reading.volatile or bool(blocks)  # other endpoints' data change when they like
    scope = http.scope
    terms = Terms.of(scope)
    media_type = _result_type(form, terms.accept, short_format)
    etag = _etag(engine, query, bindings, default_graphs, named_graphs, media_type)
    release = engine.release.id  # another may be served when the answer is there
    headers = _headers(release, media_type, volatile=volatile)
    standing = _standing(release, media_type, volatile=volatile)
    accept_encoding = terms.accept_encoding if conditional else None
    if not volatile and conditional and terms.if_none_match and scope["method"] != "POST":
        held = etag_matches(terms.if_none_match, etag, accept_encoding)
        if held:
            kept = {name: value for name, value in headers.items() if name != "Content-Type"}
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**kept, "ETag": held}), None
    rows = await engine.ask_services(blocks, http.receive) if blocks else ()
    request = Request(
        query, media_type, bindings, default_graphs, named_graphs, has_dataset, settings.answer_bytes,
        engine.release.iris.base, address, settings.union_default_graph, settings.answer_rows, rows, bare,
    )  # fmt: skip
    try:
        stored = await engine.answer(request, seconds, client_of(scope), http.receive, not volatile, lookup)
    except (LimitError, WorkerError) as error:
        if isinstance(error, WorkerError) or error.limit in _TAUGHT:
            error.hints = find_traps(query)
        raise
    encoding = choose_encoding(accept_encoding, stored.size)
    if stored.file is not None:
        if scope.get("http_version") == "1.0":
            encoding = ""  # such a client cannot be told where the body ends
        headers |= _noted(stored)
        if encoding:
            headers["Content-Encoding"] = encoding
        if not volatile:
            headers["ETag"] = etag_of(etag, encoding)
        return _spooled(stored.file, stored.spooled, encoding, headers), None
    if encoding and encoding not in stored.encoded and len(stored.body) > AT_ONCE:
        await asyncio.to_thread(stored.in_encoding, encoding)
        _weigh(engine, stored)
    return _whole(engine, stored, standing, "" if volatile else etag, encoding), stored


def _headers(release: str, media_type: str, *, volatile: bool) -> dict[str, str]:
    """Return the headers of an answer that do not depend on what it holds."""
    return {
        "Vary": "Accept, Accept-Encoding",
        "X-Dataset-Version": release,
        "Cache-Control": "no-store" if volatile else "no-cache",
        "Content-Type": f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type,
    }


def _noted(stored: StoredAnswer) -> dict[str, str]:
    """Return the headers that say what a reader of the answer must know."""
    noted = {}
    if stored.unknown_functions:
        noted["X-Unknown-Function"] = ", ".join(f"<{name}>" for name in stored.unknown_functions)
    if stored.replaced:
        noted["X-Replaced-Characters"] = str(stored.replaced)
    return noted


def _whole(engine: Engine, stored: StoredAnswer, standing: Iterable[_Header], etag: str, encoding: str) -> Response:
    """Return an answer that is in memory; ``etag`` is empty where asking again may give another."""
    if encoding and encoding not in stored.encoded:
        stored.in_encoding(encoding)
        _weigh(engine, stored)
    body = stored.in_encoding(encoding)
    raw = [*standing, *(_header(name, value) for name, value in _noted(stored).items())]
    if encoding:
        raw.append(_header("Content-Encoding", encoding))
    raw.append((b"content-length", str(len(body)).encode()))
    if etag:
        raw.append((b"etag", etag_of(etag, encoding).encode()))
    return _Ready(body, raw)


def _weigh(engine: Engine, stored: StoredAnswer) -> None:
    """Have an answer that has grown by an encoding weighed again."""
    if engine.cache.touch(stored):
        engine.cache.put(stored.key, stored)


@lru_cache(1024)
def _standing(release: str, media_type: str, *, volatile: bool) -> Sequence[_Header]:
    """Return the headers of an answer that do not depend on what it holds, as they are sent."""
    return [_header(name, value) for name, value in _headers(release, media_type, volatile=volatile).items()]


@lru_cache(1024)
def _header(name: str, value: str) -> _Header:
    """Return a header as it is sent: one object for the many answers that have it."""
    return name.lower().encode("latin-1"), value.encode("latin-1")


@lru_cache(1024)
def _result_type(form: Form, accept: str | None, short_name: str = "") -> str:
    """Return the media type to answer in.

    Raises:
        UsageError: ``short_name`` is unknown, or is not for this query form.
        ProblemError: 406, nothing offered is accepted.

    """
    offered = list(GRAPH_TYPES if form.gives_graph else RESULT_TYPES)
    if short_name:
        wanted = SHORT_NAMES.get(short_name, short_name)
        if form.gives_graph:
            wanted = _OF_GRAPHS.get(short_name, wanted)
        if wanted not in offered:
            raise UsageError(f"a {form.value} query cannot be answered as '{short_name}'", f"Offered: {offered}.")
        return wanted
    others = _ALSO_GRAPHS if form.gives_graph else _ALSO_TABLES
    chosen = choose(accept, [*offered, *others])
    if chosen is None:
        raise not_acceptable(accept, offered, f" for a {form.value} query")
    return others.get(chosen, chosen)


_OF_GRAPHS: Mapping[str, str] = {"json": "application/ld+json", "xml": "application/rdf+xml"}
"""Short names that mean another form of a graph than of a table."""

# Names that clients use for what is offered; a browser shows what it is given.
_ALSO_TABLES: Mapping[str, str] = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/html": "application/sparql-results+json",
}
_ALSO_GRAPHS: Mapping[str, str] = {
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/html": "text/turtle",
}


def _etag(engine: Engine, query: str, *parts: Any) -> str:
    text = f"{engine.release.id} {parts} {query}"
    return f'"{hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()}"'


def _spooled(file: BinaryIO, length: int, encoding: str, headers: dict[str, str]) -> Response:
    """Return a response that streams a file which is known to be whole, so that nothing can break it."""

    async def pieces() -> AsyncIterator[bytes]:
        packer = compressor(encoding) if encoding else None
        for start in range(0, length, _PIECE):
            piece = os.pread(file.fileno(), min(_PIECE, length - start), start)
            yield piece if packer is None else await asyncio.to_thread(packer.compress, piece)
        if packer is not None:
            yield packer.flush()

    if not encoding:
        headers = {**headers, "Content-Length": str(length)}
    return StreamingResponse(pieces(), headers=headers)
