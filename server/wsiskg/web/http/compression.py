"""Compression of what the routes answer. Answers to queries are compressed where they are kept."""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wsiskg.web.http.encoding import AT_ONCE, ENCODINGS, choose_encoding, compress, etag_of

__all__ = ["Compression"]

_TEXTUAL = ("text/", "application/json", "application/ld+json", "application/problem+json", "application/rdf+xml",
            "application/n-triples", "application/n-quads", "application/trig", "application/openapi", "image/svg+xml",
            "application/javascript", "application/sparql-")  # fmt: skip


class Compression:
    """ASGI middleware: compresses a textual answer that comes in one piece, unless it is compressed already.

    Each encoding has an ETag of its own; the routes see If-None-Match without the encoding's suffix.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        encoding = choose_encoding(asked.get("accept-encoding"), 1 << 20)
        held = asked.get("if-none-match", "")
        if held:
            scope = {**scope, "headers": [*((n, v) for n, v in scope["headers"] if n != b"if-none-match"),
                                          (b"if-none-match", _bare(held).encode("latin-1"))]}  # fmt: skip
        start: Message | None = None

        async def send_packed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                _vary(headers)
                if message["status"] == 304 and "etag" in headers:
                    headers["ETag"] = _held_form(held, headers["etag"])
                if encoding and message["status"] not in {204, 206, 304} and _may_be_packed(headers):
                    start = message  # its length is known with the body
                    return
                await send(message)
                return
            if start is None:
                await send(message)
                return
            first, start = start, None
            body = message.get("body", b"")
            headers = MutableHeaders(scope=first)
            if not message.get("more_body") and choose_encoding(encoding, len(body)):
                packed = (
                    await asyncio.to_thread(compress, body, encoding)
                    if len(body) > AT_ONCE
                    else compress(body, encoding)
                )
                headers["Content-Encoding"] = encoding
                headers["Content-Length"] = str(len(packed))
                if headers.get("etag", "").startswith('"'):
                    headers["ETag"] = etag_of(headers["etag"], encoding)
                message = {**message, "body": packed}
            await send(first)
            await send(message)

        await self._app(scope, receive, send_packed)


def _may_be_packed(headers: Headers) -> bool:
    return headers.get("content-type", "").startswith(_TEXTUAL) and "content-encoding" not in headers


def _vary(headers: MutableHeaders) -> None:
    named = [part.strip() for part in headers.get("vary", "Accept").split(",")]
    if "Accept-Encoding" not in named and "*" not in named:
        headers["Vary"] = ", ".join([*named, "Accept-Encoding"])


def _bare(held: str) -> str:
    """Return If-None-Match without the suffixes of encodings."""
    for encoding in ENCODINGS:
        held = held.replace(f'-{encoding}"', '"')
    return held


def _held_form(held: str, etag: str) -> str:
    """Return ``etag`` in the form in which the client holds it."""
    forms = (etag_of(etag, encoding) for encoding in (*ENCODINGS, ""))
    return next((form for form in forms if form in held), etag)
