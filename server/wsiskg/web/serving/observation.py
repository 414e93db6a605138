"""What is noted of every request: a count, and where it is wanted a line of JSON without anything personal in it."""

import asyncio
import hashlib
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wsiskg.web.http.problems import ProblemError, problem_response
from wsiskg.web.languages.translations import LANGUAGES
from wsiskg.web.serving.metrics import Metrics

__all__ = ["AtOnce", "Observation"]

_FIXED = ("/sparql", "/update", "/queries", "/health", "/ready", "/metrics", "/context.jsonld", "/ontology")
_BELOW = ("/graph-store", "/id", "/dumps", "/queries", "/static", "/operations", "/api", "/embed", "/.well-known",
          *(f"/{code}" for code in LANGUAGES))  # fmt: skip


AtOnce = Callable[[Scope, bytes], tuple[Message, Message] | None]
"""Answers a request, given with its body, without waiting; None: it must be handled as all others."""


class Observation:
    """ASGI middleware around all others.

    A line names the kind of address, never the address itself, and a digest of the query, never its text: no client,
    no token, no search term.
    """

    def __init__(self, app: ASGIApp, at_once: AtOnce, metrics: Metrics, log: bool) -> None:
        self._app = app
        self._at_once = at_once
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status, sent, release, started = 500, 0, b"", False

        async def send_noted(message: Message) -> None:
            nonlocal status, sent, release, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                if self._log:
                    release = _release(message)
            elif self._log:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, send_noted)
        except asyncio.CancelledError:  # the server ends, and has waited as long as it may
            if not started:
                error = ProblemError(
                    HTTPStatus.SERVICE_UNAVAILABLE, "the server is ending", "Ask again in a few seconds."
                )
                await problem_response(error)(scope, receive, send_noted)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._metrics.request(method, status)
            if self._log:
                self._write(scope, method, status, sent, release, time.perf_counter() - began)

    def at_once(self, scope: Scope, body: bytes) -> tuple[Message, Message] | None:
        """Answer a request that has an answer already, or nearly so, and note it; None: handle it as all others."""
        began = time.perf_counter()
        try:
            ready = self._at_once(scope, body)
        except Exception:  # handled as all others, it fails again, and is told of
            return None
        if ready is not None:
            start, answer = ready
            self._metrics.request(scope["method"], start["status"])
            if self._log:
                seconds = time.perf_counter() - began
                self._write(scope, scope["method"], start["status"], len(answer["body"]), _release(start), seconds)
        return ready

    @staticmethod
    def _write(scope: Scope, method: str, status: int, sent: int, release: bytes, seconds: float) -> None:
        line: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": method,
            "address": _kind(scope["path"]),
            "status": status,
            "bytes": sent,
            "ms": round(seconds * 1000, 2),
        }
        if release:
            line["release"] = release.decode("latin-1")
        queries = parse_qs(scope["query_string"].decode("latin-1")).get("query")
        if queries:
            line["query"] = hashlib.sha256(queries[0].encode("utf-8", "surrogatepass")).hexdigest()[:16]
        sys.stderr.write(json.dumps(line) + "\n")


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "QUERY"})


def _release(start: Message) -> bytes:
    """Return the release that an answer names, empty where it names none."""
    return next((value for name, value in start["headers"] if name == b"x-dataset-version"), b"")


def _kind(path: str) -> str:
    """Return the kind of an address: what stands before whatever a client may write into it."""
    if path in _FIXED or path == "/":
        return path
    return next((f"{start}/..." for start in _BELOW if path == start or path.startswith(f"{start}/")), "/...")
