"""Fewer packets, and fewer steps: what is sent in one go of the event loop leaves together; what is ready, at once.

The HTTP server writes head and body of a response one after the other; over a connection without delay each would be a
packet of its own, and each would wake the client. Nor does it bound what a connection may hold: heads of requests
without end, requests that never come, answers that nobody reads.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from starlette.types import Message
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from wsiskg.web.http.cors import OPEN_HEADERS
from wsiskg.web.http.problems import ProblemError, problem_response

__all__ = ["GatheringProtocol"]

_SPARQL = b"/sparql"
_LONGEST_TARGET = 60_000
_LONGEST_HEAD = 64_000
_SLOWEST = 1_000  # bytes a second of a request's body
_STALLED = 6  # looks, two in each time that a request may take: a person may halt a download for a while
_GRACE = 0.5  # seconds: a client that has closed its end may have gone, or may wait for its answer
_DIGITS = 4  # of the length of a body that is held
_PATIENCE = 20.0  # seconds, where the application does not say


class _Gathering:
    """A transport that sends in one piece what is written before the event loop goes on."""

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._inner = inner
        self._loop = loop
        self._held: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def write(self, data: bytes) -> None:
        """Send ``data`` with what was written just before."""
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def write_whole(self, data: bytes) -> None:
        """Send ``data``, after what is held and with nothing to follow soon."""
        if self._held:
            self._held.append(data)
        elif not self._inner.is_closing():
            self._inner.write(data)

    def close(self) -> None:
        """Send what is left, then close."""
        self._flush()
        self._inner.close()

    def _flush(self) -> None:
        held, self._held = self._held, []
        if held and not self._inner.is_closing():
            self._inner.write(held[0] if len(held) == 1 else b"".join(held))


_UNREADABLE = ProblemError(HTTPStatus.BAD_REQUEST, "the request cannot be read as HTTP/1.1")
_HOSTS = ProblemError(HTTPStatus.BAD_REQUEST, "an HTTP/1.1 request has one Host header", "Send one.")
_TARGET = ProblemError(
    HTTPStatus.REQUEST_URI_TOO_LONG, f"the address is longer than {_LONGEST_TARGET:,} bytes", "Send a query by POST."
)
_HEAD = ProblemError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"the headers are longer than {_LONGEST_HEAD:,} bytes")
_SLOW = ProblemError(HTTPStatus.REQUEST_TIMEOUT, "the request took too long to arrive")


class GatheringProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP protocol on a transport that gathers, which answers at once what needs no waiting.

    Where the application has ``at_once`` (`wsiskg.web.serving.observation`), a request to ``/sparql`` that came as a
    whole is first shown to it, one for each piece received, so that nobody keeps the event loop by sending many. What
    it does not answer goes the usual way, and so does all that needs more of HTTP: other methods and versions, closing,
    continuing, upgrading, a client that reads too slowly.

    The head of a request must arrive within the application's ``request_seconds``, its body at a kilobyte a second on
    top of that, and an answer must go on being read within three times as long; else the connection is closed, which
    takes half as long again.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Take what uvicorn gives."""
        super().__init__(*arguments, **named)
        self._at_once = getattr(self.config.app, "at_once", None)
        self._may = False
        self._held = False
        self._body = b""
        self._refusal = _UNREADABLE
        self._patience: float = getattr(self.config.app, "request_seconds", _PATIENCE)
        self._began = 0.0  # when a request began to arrive, or to be waited for
        self._came = self._piece = 0  # bytes since, and in the piece that is read
        self._arriving = self._in_head = False
        self._unread = self._stalled = 0  # bytes of answers left at the last look, and looks since they grew no fewer
        self._looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection."""
        self._gathering = _Gathering(transport, self.loop)
        super().connection_made(self._gathering)  # type: ignore[arg-type]
        self._began = self.loop.time()
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let a connection go."""
        super().connection_lost(exc)
        if self._looking is not None:
            self._looking.cancel()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Let an answer under way go out to a client that will send no more."""
        if self.cycle is None or self.cycle.response_complete or self._arriving:
            self.transport.close()
        else:
            self.cycle.keep_alive = False
            self.loop.call_later(_GRACE, self.transport.close)
        return True

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request, or of several; many clients send head and body as two."""
        self._may = self._at_once is not None
        self._piece = len(data)
        self._came += self._piece
        super().data_received(data)
        if self._in_head and self._came > _LONGEST_TARGET + _LONGEST_HEAD and not self.transport.is_closing():
            self._refuse(_TARGET if len(self.url) > _LONGEST_TARGET else _HEAD)

    def shutdown(self) -> None:
        """End the connection when what was begun is answered."""
        if self._held:
            self._let_go()
        super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or none that is taken, and close."""
        if not self.transport.is_closing():
            self._refuse(self._refusal)

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        super().on_message_begin()
        self._began, self._came = self.loop.time(), self._piece
        self._arriving = self._in_head = True

    def on_headers_complete(self) -> None:
        """Hold a request that may be answered at once until it is whole."""
        self._in_head = False
        if len(self.url) > _LONGEST_TARGET:
            self._object(_TARGET)
        if self._came > _LONGEST_HEAD and sum(len(name) + len(value) for name, value in self.headers) > _LONGEST_HEAD:
            self._object(_HEAD)
        if self.parser.get_http_version() == "1.1" and [name for name, _ in self.headers].count(b"host") != 1:
            self._object(_HOSTS)  # RFC 9112, section 3.2
        self._held = self._may and self._is_short()
        if not self._held:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        if self._held:
            self._body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Answer a request that was held, or let it go the usual way."""
        self._arriving = False
        if self._held:
            ready = self._at_once(self.scope, self._body) if self._at_once else None
            if ready is not None:
                self._held, self._may, self._body = False, False, b""
                self._reply(*ready)
                return
            self._let_go()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for what is left of one that was answered early."""
        self._began, self._came = self.loop.time(), 0
        super().on_response_complete()

    def _object(self, refusal: ProblemError) -> None:
        """Have the parser stop, and `send_400_response` answer with ``refusal``."""
        self._refusal = refusal
        raise refusal

    def _refuse(self, refusal: ProblemError) -> None:
        """Answer outside of the application, and close."""
        response = problem_response(refusal)
        parts = [STATUS_LINE[response.status_code]]
        sent = (*self.server_state.default_headers, *response.raw_headers, *OPEN_HEADERS, (b"connection", b"close"))
        for name, value in sent:
            parts += (name, b": ", value, b"\r\n")
        self.transport.write(b"".join([*parts, b"\r\n", response.body]))
        self.transport.close()

    def _look_later(self) -> None:
        self._looking = self.loop.call_later(self._patience / 2, self._look)

    def _look(self) -> None:
        """Close the connection of a client that neither sends nor reads."""
        self._look_later()
        unread = self.transport.get_write_buffer_size()
        self._stalled = self._stalled + 1 if unread and unread == self._unread else 0
        self._unread = unread
        if self._stalled == _STALLED:
            self.transport.abort()
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        if self.transport.is_closing() or (answering and not self._arriving):
            return
        if answering and self.flow.read_paused:  # the server does not take more
            self._began, self._came = self.loop.time(), 0
            return
        in_body = self._arriving and not self._in_head
        early = in_body and not self._held and self.cycle.response_complete  # nobody wants the rest
        more = self._came / _SLOWEST if in_body and not early else 0.0
        if self.loop.time() - self._began <= self._patience + more:
            return
        if self._arriving and not early and not (answering and self.cycle.response_started):
            self._refuse(_SLOW)
        else:
            self.transport.close()

    def _is_short(self) -> bool:
        """Whether a request is to ``/sparql`` and needs nothing of HTTP but an answer; names it in its scope."""
        path, _, query = self.url.partition(b"?")
        if path != _SPARQL or b"#" in query or self.expect_100_continue or self.root_path or self.flow.write_paused:
            return False
        if self.cycle is not None and not self.cycle.response_complete:
            return False
        parser = self.parser
        if parser.get_http_version() != "1.1" or not parser.should_keep_alive() or parser.should_upgrade():
            return False
        length = b"0"
        for name, value in self.headers:
            if name == b"transfer-encoding":
                return False
            if name == b"content-length":
                length = value
        method = parser.get_method()
        if (method != b"GET" or length != b"0") and (method != b"POST" or len(length) > _DIGITS):
            return False
        self.scope["method"] = method.decode("ascii")
        self.scope["path"], self.scope["raw_path"] = _SPARQL.decode(), _SPARQL
        self.scope["query_string"] = query
        return True

    def _let_go(self) -> None:
        body, self._held, self._body = self._body, False, b""
        super().on_headers_complete()
        if body:
            super().on_body(body)

    def _reply(self, start: Message, answer: Message) -> None:
        """Send a whole answer."""
        parts = [STATUS_LINE[start["status"]]]
        for name, value in (*self.server_state.default_headers, *start["headers"]):
            parts += (name, b": ", value, b"\r\n")
        parts += (b"\r\n", answer["body"])
        self._gathering.write_whole(b"".join(parts))
        self.on_response_complete()
