"""Fewer packets, and fewer steps: what is sent in one go of the event loop leaves together; what is ready, at once.

The HTTP server writes head and body of a response one after the other; over a connection without delay each would be a
packet of its own, and each would wake the client.
"""

import asyncio
from typing import Any

from starlette.types import Message
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

__all__ = ["GatheringProtocol"]

_SPARQL = b"/sparql"
_DIGITS = 4  # of the length of a body that is held


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


class GatheringProtocol(HttpToolsProtocol):
    """Uvicorn's HTTP protocol on a transport that gathers, which answers at once what needs no waiting.

    Where the application has ``at_once`` (`wsiskg.web.serving.observation`), a request to ``/sparql`` that came as a
    whole is first shown to it, one for each piece received, so that nobody keeps the event loop by sending many. What
    it does not answer goes the usual way, and so does all that needs more of HTTP: other methods and versions, closing,
    continuing, upgrading, a client that reads too slowly.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Take what uvicorn gives."""
        super().__init__(*arguments, **named)
        self._at_once = getattr(self.config.app, "at_once", None)
        self._may = False
        self._held = False
        self._body = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection."""
        self._gathering = _Gathering(transport, self.loop)
        super().connection_made(self._gathering)  # type: ignore[arg-type]

    def data_received(self, data: bytes) -> None:
        """Take a piece of a request, or of several; many clients send head and body as two."""
        self._may = self._at_once is not None
        super().data_received(data)

    def shutdown(self) -> None:
        """End the connection when what was begun is answered."""
        if self._held:
            self._let_go()
        super().shutdown()

    def on_headers_complete(self) -> None:
        """Hold a request that may be answered at once until it is whole."""
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
        if self._held:
            ready = self._at_once(self.scope, self._body) if self._at_once else None
            if ready is not None:
                self._held, self._may, self._body = False, False, b""
                self._reply(*ready)
                return
            self._let_go()
        super().on_message_complete()

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
