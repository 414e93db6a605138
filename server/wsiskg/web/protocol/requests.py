"""Requests of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), and of the method QUERY of 1.2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.requests import Request as HttpRequest

from wsiskg.model.errors import UsageError
from wsiskg.web.http.bodies import content_type, read_body
from wsiskg.web.http.problems import ProblemError

__all__ = ["METHODS", "Asked", "lone_query", "read_asked"]

METHODS = ("GET", "HEAD", "POST", "QUERY")
"""Methods that the address of queries takes."""

_READS = ("GET", "HEAD")
_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_ONCE = ("query", "update", "timeout", "format")
_MOST_PARAMETERS = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a protocol request asks: ``query`` or ``update``, or neither, and the dataset (None: not given)."""

    query: str | None
    update: str | None
    default_graphs: Sequence[str] | None
    named_graphs: Sequence[str] | None
    seconds: float | None
    short_format: str

    @property
    def nothing(self) -> bool:
        """Whether it holds neither a query nor an update."""
        return self.query is None and self.update is None


async def read_asked(http: HttpRequest, body_bytes: int) -> Asked:
    """Read a protocol request.

    Raises:
        UsageError: a parameter is given twice or is wrong, or something is not UTF-8.
        LimitError: the body is larger than ``body_bytes``.
        ProblemError: 405 an update by GET, 415 the body is of another media type, charset or encoding.

    """
    method, sent = http.scope["method"], http.scope["query_string"]
    if method in _READS and (query := lone_query(sent)) is not None:  # as most do
        return Asked(query, None, None, None, None, "")
    parameters = _parameters(sent, "the address")
    if method in {"POST", "QUERY"}:
        body = await read_body(http, body_bytes)
        kind = content_type(http)
        if kind == _FORM:
            parameters += _parameters(body, "the form")
        elif kind == _QUERY:
            parameters.append(("query", _text(body, "the request body")))
        elif kind == _UPDATE and method == "POST":
            parameters.append(("update", _text(body, "the request body")))
        elif kind or body:
            raise ProblemError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f"'{kind or 'no Content-Type'}' is not a way to send a query",
                f"Send {_FORM}, {_QUERY} or {_UPDATE}.",
            )
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    for name in _ONCE:
        if len(values.get(name, ())) > 1:
            raise UsageError(f"the parameter '{name}' is given {len(values[name])} times", "Give it once.")
    if "update" in values and method != "POST":
        raise ProblemError(
            HTTPStatus.METHOD_NOT_ALLOWED, f"an update is not sent by {method}", "Send it by POST.",
            headers={"Allow": "POST"},
        )  # fmt: skip
    if "update" in values and "query" in values:
        raise UsageError("the request holds a query and an update", "Send one at a time.")
    prefix = "using" if "update" in values else "default"
    named = "using-named" if "update" in values else "named"
    return Asked(
        values.get("query", [None])[0], values.get("update", [None])[0], values.get(f"{prefix}-graph-uri"),
        values.get(f"{named}-graph-uri"), _seconds(values), values.get("format", [""])[0],
    )  # fmt: skip


def lone_query(sent: bytes) -> str | None:
    """Return the query of parameters that hold nothing else; None: they hold something else.

    Raises:
        UsageError: it is not UTF-8.

    """
    if not sent.startswith(b"query=") or b"&" in sent:
        return None
    return _text(unquote_to_bytes(sent[6:].replace(b"+", b" ")), "the address")


def _parameters(text: bytes, place: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeDecodeError as error:
        raise UsageError(f"{place} is not UTF-8") from error
    except ValueError as error:
        raise UsageError(f"{place} has more than {_MOST_PARAMETERS:,} parameters") from error


def _seconds(values: Mapping[str, Sequence[str]]) -> float | None:
    if "timeout" not in values:
        return None
    try:
        seconds = float(values["timeout"][0])
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"timeout: '{values['timeout'][0]}' is not a number of seconds above 0")
    return seconds


def _text(body: bytes, place: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{place} is not UTF-8") from error
