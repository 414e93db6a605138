"""Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol), and headers that every answer carries."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["OPEN_HEADERS", "OpenReads", "allow", "open_headers"]

_EXPOSED = "ETag, X-Dataset-Version, X-Unknown-Function, X-Replaced-Characters, Link, Location, Retry-After"

OPEN_HEADERS = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED.encode()),
    (b"x-content-type-options", b"nosniff"),
)
"""What `open_headers` adds to an answer that says what it varies by."""


def allow(methods: Sequence[str]) -> Response:
    """Return the answer to OPTIONS for an address that takes ``methods``: any origin, never with credentials.

    A token is sent by name (Authorization), never by the browser on its own: so no page can write for its reader.
    """
    named = ", ".join(dict.fromkeys([*methods, "OPTIONS"]))
    headers = {
        "Allow": named,
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": named,
        "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


def open_headers(headers: MutableHeaders) -> None:
    """Let any origin read an answer, without credentials, and nobody guess its type."""
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = _EXPOSED
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Vary", "Accept")


class OpenReads:
    """ASGI middleware: cross-origin reads for everybody, without credentials; OPTIONS answered on every path."""

    def __init__(self, app: ASGIApp, methods: Callable[[Scope], Sequence[str]]) -> None:
        self._app = app
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            await allow(self._methods(scope))(scope, receive, send)
            return

        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("cross-origin-resource-policy") != "same-origin":  # pages for one reader stay closed
                    open_headers(headers)
            await send(message)

        await self._app(scope, receive, send_open)
