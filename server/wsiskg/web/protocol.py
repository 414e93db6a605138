"""The SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/): queries by GET and POST, read-only."""

import hashlib
from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.model.errors import ForbiddenQueryError, LimitError, UsageError
from wsiskg.store.evaluate import Request
from wsiskg.store.formats import GRAPH_TYPES, RESULT_TYPES, SHORT_NAMES
from wsiskg.store.guard import Form, check_query
from wsiskg.web.engine import Engine
from wsiskg.web.negotiation import choose
from wsiskg.web.problems import ProblemError

__all__ = ["answer_query", "answer_text", "read_body", "result_type"]

_ONCE = ("query", "update", "timeout", "format")


async def answer_query(http: HttpRequest, engine: Engine) -> Response | None:
    """Answer a protocol request; None when it carries no query."""
    parameters = parse_qsl(http.url.query, keep_blank_values=True)
    if http.method == "POST":
        kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await read_body(http, engine.settings.body_bytes)
        if kind == "application/x-www-form-urlencoded":
            parameters += parse_qsl(_text(body), keep_blank_values=True)
        elif kind == "application/sparql-query":
            parameters.append(("query", _text(body)))
        elif kind == "application/sparql-update":
            raise ForbiddenQueryError("this endpoint answers queries only")
        else:
            raise ProblemError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f"'{kind or 'no Content-Type'}' is not a way to send a query",
                "Send application/x-www-form-urlencoded or application/sparql-query.",
            )
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    for name in _ONCE:
        if len(values.get(name, ())) > 1:
            raise UsageError(f"the parameter '{name}' is given {len(values[name])} times", "Give it once.")
    if "update" in values:
        raise ForbiddenQueryError("this endpoint answers queries only")
    if "query" not in values:
        return None
    return await answer_text(
        http, engine, values["query"][0], {}, values.get("default-graph-uri"), values.get("named-graph-uri"),
        _seconds(values), values.get("format", [""])[0],
    )  # fmt: skip


async def answer_text(
    http: HttpRequest,
    engine: Engine,
    query: str,
    bindings: dict[str, str],
    default_graphs: list[str] | None = None,
    named_graphs: list[str] | None = None,
    seconds: float | None = None,
    short_format: str = "",
    conditional: bool = True,
) -> Response:
    """Guard, evaluate and answer one query in the form the client accepts; ``conditional`` minds If-None-Match."""
    reading = check_query(query)
    media_type = result_type(reading.form or Form.SELECT, http.headers.get("accept"), short_format)
    etag = _etag(engine, query, bindings, default_graphs, named_graphs, media_type)
    headers = {"ETag": etag, "Vary": "Accept", "X-Dataset-Version": engine.release.id, "Cache-Control": "no-cache"}
    if conditional and http.method in {"GET", "HEAD"} and etag in http.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    answer = await engine.ask(
        Request(
            query, media_type, bindings, default_graphs, named_graphs, reading.has_dataset_clause,
            engine.settings.answer_bytes, engine.release.iris.base,
        ),
        seconds, http,
    )  # fmt: skip
    return Response(answer.body, headers=headers, media_type=_with_charset(media_type))


def result_type(form: Form, accept: str | None, short_name: str = "") -> str:
    """Return the media type to answer in.

    Raises:
        UsageError: ``short_name`` is unknown, or is not for this query form.
        ProblemError: 406, nothing offered is accepted.

    """
    offered = list(GRAPH_TYPES if form.gives_graph else RESULT_TYPES)
    if short_name:
        wanted = SHORT_NAMES.get(short_name, short_name)
        if form.gives_graph and short_name == "json":
            wanted = "application/ld+json"
        if wanted not in offered:
            raise UsageError(f"a {form.value} query cannot be answered as '{short_name}'", f"Offered: {offered}.")
        return wanted
    chosen = choose(accept, [*offered, "application/json", "text/html"])
    if chosen == "application/json":
        return "application/ld+json" if form.gives_graph else "application/sparql-results+json"
    if chosen == "text/html":  # a browser that shows what it is given
        return offered[0]
    if chosen is None:
        raise ProblemError(
            HTTPStatus.NOT_ACCEPTABLE, f"none of '{accept}' is offered for a {form.value} query",
            "Accept one of the types listed.", offered=offered,
        )  # fmt: skip
    return chosen


async def read_body(http: HttpRequest, limit: int) -> bytes:
    """Read the request's body.

    Raises:
        LimitError: it is larger than ``limit`` bytes.

    """
    body = bytearray()
    async for chunk in http.stream():
        body += chunk
        if len(body) > limit:
            raise LimitError(f"the request body is larger than {limit:,} bytes", "body")
    return bytes(body)


def _seconds(values: dict[str, list[str]]) -> float | None:
    if "timeout" not in values:
        return None
    try:
        seconds = float(values["timeout"][0])
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"timeout: '{values['timeout'][0]}' is not a number of seconds above 0")
    return seconds


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError("the request body is not UTF-8") from error


def _etag(engine: Engine, *parts: object) -> str:
    digest = hashlib.sha256(repr((engine.release.id, *parts)).encode()).hexdigest()[:24]
    return f'"{digest}"'


def _with_charset(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
