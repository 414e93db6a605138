"""The protocols' own addresses, answered before the application's routes: ``/sparql``, ``/update``, ``/graph-store``.

Nothing stands between a request that was asked before and its bytes: a kept answer takes one look-up by the request's
own text. Everything else goes through the protocol.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from weakref import ReferenceType, ref

from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wsiskg.model.errors import UsageError, WsiskgError
from wsiskg.web.access.tokens import TokenFile
from wsiskg.web.http.compression import Compression
from wsiskg.web.http.cors import OPEN_HEADERS, allow, open_headers
from wsiskg.web.http.encoding import etag_matches
from wsiskg.web.http.negotiation import choose
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.preference import to_language
from wsiskg.web.protocol.answers import Terms, answer_asked, answer_at_once
from wsiskg.web.protocol.graph_store import GRAPH_STORE, answer_graph_store
from wsiskg.web.protocol.graph_store import METHODS as GRAPH_METHODS
from wsiskg.web.protocol.requests import METHODS, lone_query, read_asked
from wsiskg.web.protocol.service_description import DESCRIPTION_TYPES, describe_service
from wsiskg.web.protocol.updates import carry_out_update
from wsiskg.web.serving.cache import StoredAnswer
from wsiskg.web.serving.clients import ClientGoneError
from wsiskg.web.serving.engine import Engine

__all__ = ["Endpoint"]

Fail = Callable[[HttpRequest, Exception], Awaitable[Response]]
_SPARQL, _UPDATE = "/sparql", "/update"
_READS = ("GET", "HEAD")
_FORM = b"application/x-www-form-urlencoded"
_MOST_REQUESTS = 10_000
_MOST_SAME = 16  # ways of asking for one answer that are kept
_LONGEST_REQUEST = 8_000
_Key = tuple[bytes, bytes, bytes]


class Endpoint:
    """ASGI application that answers the protocols' addresses and hands on all else to ``app``."""

    def __init__(self, app: ASGIApp, engine: Engine, tokens: TokenFile, fail: Fail) -> None:
        self._app = app
        self._engine = engine
        self._tokens = tokens
        self._fail = fail
        self._kept: OrderedDict[_Key, ReferenceType[StoredAnswer]] = OrderedDict()
        engine.on_switch.append(self._kept.clear)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not path.startswith((_SPARQL, _UPDATE, GRAPH_STORE)):
            await self._app(scope, receive, send)
            return
        if path == _SPARQL:
            key = _key(scope)
            if (ready := self._find(key)) is not None:
                for message in ready:
                    await send(message)
                return
            await self._answer(scope, receive, send, METHODS, self._sparql, key)
        elif path == _UPDATE:
            await self._answer(scope, receive, send, ("POST",), self._update)
        elif path == GRAPH_STORE or path.startswith(f"{GRAPH_STORE}/"):
            methods = _READS if self._engine.settings.updates == "off" else GRAPH_METHODS
            await self._answer(scope, receive, send, methods, self._graph_store)
        elif path in {f"{_SPARQL}/", f"{_UPDATE}/"}:
            query = scope["query_string"].decode("latin-1")
            target = path.rstrip("/") + (f"?{query}" if query else "")
            await _opened(RedirectResponse(target, HTTPStatus.PERMANENT_REDIRECT))(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def at_once(self, scope: Scope, body: bytes) -> tuple[Message, Message] | None:
        """Return the answer to a request to ``/sparql`` that has one without waiting; None: handle it as all others.

        Args:
            scope: the request, GET or POST, over HTTP 1.1.
            body: its whole body.

        Raises:
            WsiskgError, ProblemError: there is something to object.

        """
        key = _key(scope)
        if (ready := self._find(key)) is not None:
            return ready
        sent: bytes = scope["query_string"]
        if scope["method"] == "POST":
            if sent or not _is_form(scope) or len(body) > self._engine.settings.body_bytes:
                return None
            sent = body
        query = lone_query(sent)
        found = None if query is None else answer_at_once(self._engine, query, Terms.of(scope))
        if found is None:
            return None
        response, stored = found
        ready = _messages(response)
        if key is not None:
            self._keep(key, ready, stored)
        return ready

    async def _answer(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        methods: tuple[str, ...],
        answer: Callable[[HttpRequest], Awaitable[tuple[Response, StoredAnswer | None]]],
        key: _Key | None = None,
    ) -> None:
        http = HttpRequest(scope, receive)
        method = scope["method"]
        if method == "OPTIONS":
            await allow(methods)(scope, receive, send)
            return
        stored: StoredAnswer | None = None
        failed: Exception | None = None
        try:
            if method not in methods:
                raise ProblemError(
                    HTTPStatus.METHOD_NOT_ALLOWED, f"{method} is not for {scope['path']}",
                    headers={"Allow": ", ".join([*methods, "OPTIONS"])},
                )  # fmt: skip
            response, stored = await answer(http)
        except (ClientGoneError, ClientDisconnect):
            response = Response(status_code=499)  # nobody reads it
        except (WsiskgError, ProblemError) as error:
            response = await self._fail(http, error)
        except Exception as error:
            response, failed = await self._fail(http, error), error
        if stored is not None:
            ready = _messages(response)
            if key is not None:
                self._keep(key, ready, stored)
            for message in ready:
                await send(message)
            return
        await Compression(_opened(response))(scope, receive, send)
        if failed is not None:
            raise failed  # for the server's log

    async def _sparql(self, http: HttpRequest) -> tuple[Response, StoredAnswer | None]:
        asked = await read_asked(http, self._engine.settings.body_bytes)
        if asked.update is not None:
            return await carry_out_update(http, self._engine, self._tokens, asked), None
        if not asked.nothing:
            return await answer_asked(http, self._engine, asked)
        if http.method not in {"GET", "HEAD"}:
            raise UsageError("the request holds no query", "Send it as a form, or as application/sparql-query.")
        return self._describe(http), None

    async def _update(self, http: HttpRequest) -> tuple[Response, None]:
        asked = await read_asked(http, self._engine.settings.body_bytes)
        if asked.query is not None:
            raise UsageError("this address takes updates only", "Send queries to /sparql.")
        if asked.update is None:
            raise UsageError("the request holds no update", "Send it as a form, or as application/sparql-update.")
        return await carry_out_update(http, self._engine, self._tokens, asked), None

    async def _graph_store(self, http: HttpRequest) -> tuple[Response, None]:
        return await answer_graph_store(http, self._engine, self._tokens), None

    def _describe(self, http: HttpRequest) -> Response:
        """Lead a person to the workbench, return the service description to a program."""
        release = self._engine.release
        chosen = choose(http.headers.get("accept"), [*DESCRIPTION_TYPES, "text/html", "application/xhtml+xml"])
        if chosen is None:
            raise ProblemError(
                HTTPStatus.NOT_ACCEPTABLE, "the request holds no query, and no description is offered in such a form",
                "Send a query, or accept one of the types listed.", offered=[*DESCRIPTION_TYPES, "text/html"],
            )  # fmt: skip
        if chosen not in DESCRIPTION_TYPES:
            return to_language(http, "query")
        etag = f'"{release.id}-{chosen.replace("/", "-")}"'
        headers = {"ETag": etag, "Vary": "Accept", "X-Dataset-Version": release.id, "Cache-Control": "no-cache"}
        if etag_matches(http.headers.get("if-none-match"), etag, http.headers.get("accept-encoding")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        kind = f"{chosen}; charset=utf-8" if chosen.startswith("text/") else chosen
        return Response(describe_service(self._engine.settings, release, chosen), headers=headers, media_type=kind)

    def _find(self, key: _Key | None) -> tuple[Message, Message] | None:
        """Return the messages of a response that is kept, if its answer still is."""
        if key is None or (kept := self._kept.get(key)) is None:
            return None
        stored = kept()
        if stored is None or not self._engine.cache.touch(stored):
            del self._kept[key]
            return None
        ready = stored.ready.get(key)
        if ready is not None:
            self._engine.metrics.cached.inc()
        return ready

    def _keep(self, key: _Key, ready: tuple[Message, Message], stored: StoredAnswer) -> None:
        """Keep a whole response, with its answer, for whoever sends the same request."""
        if len(stored.ready) >= _MOST_SAME or not self._engine.cache.touch(stored):
            return
        stored.ready[key] = ready
        self._kept[key] = ref(stored)
        while len(self._kept) > _MOST_REQUESTS:
            self._kept.popitem(last=False)


def _messages(response: Response) -> tuple[Message, Message]:
    """Return what is sent of a whole answer."""
    headers = [*response.raw_headers, *OPEN_HEADERS]
    return (
        {"type": "http.response.start", "status": response.status_code, "headers": headers},
        {"type": "http.response.body", "body": response.body},
    )


def _opened(response: Response) -> Response:
    open_headers(response.headers)
    return response


def _is_form(scope: Scope) -> bool:
    """Whether a body is a plain form: of this type to the letter, in no encoding."""
    found = b""
    for name, value in scope["headers"]:
        if name == b"content-encoding" or (name == b"content-type" and found):
            return False
        if name == b"content-type":
            found = value
    return found == _FORM


def _key(scope: Scope) -> _Key | None:
    """Return all that the answer to a request by GET depends on; None where it may be another, or is too long."""
    if scope["method"] != "GET":
        return None
    accept = encoding = b""
    for name, value in scope["headers"]:
        if name == b"accept":
            accept = accept + b"," + value if accept else value
        elif name == b"accept-encoding":
            encoding = encoding + b"," + value if encoding else value
        elif name == b"if-none-match":
            return None
    query: bytes = scope["query_string"]
    if not query or len(query) + len(accept) + len(encoding) > _LONGEST_REQUEST:
        return None
    return query, accept, encoding
