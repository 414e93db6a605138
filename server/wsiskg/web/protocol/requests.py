"""Requests of the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), and of the method QUERY of 1.2."""

from binascii import a2b_qp
from codecs import BOM_UTF8
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_to_bytes

from pyoxigraph import NamedNode
from starlette.requests import Request as HttpRequest

from wsiskg.model.errors import UsageError
from wsiskg.store.formats import GRAPH_TYPES, RESULT_TYPES, SHORT_NAMES
from wsiskg.web.http.bodies import content_type, read_body
from wsiskg.web.http.problems import ProblemError

__all__ = ["METHODS", "Asked", "by_name", "lone_query", "read_asked", "seconds_asked"]

METHODS = ("GET", "HEAD", "POST", "QUERY")
"""Methods that the address of queries takes."""

_READS = ("GET", "HEAD")
_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_ONCE = ("query", "update", "timeout")
_MOST_PARAMETERS = 1_000
_CLIENTS_NAMES: Mapping[str, str] = {"rdf+xml": "rdf", "json-ld": "jsonld", "n3": "nt"}
"""Names that SPARQLWrapper and others use -> ours; N-Triples are N3 too."""


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
            parameters.append(("query", _text(body.removeprefix(BOM_UTF8), "the request body")))
        elif kind == _UPDATE and method == "POST":
            parameters.append(("update", _text(body.removeprefix(BOM_UTF8), "the request body")))
        elif kind or body:
            raise ProblemError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f"'{kind or 'no Content-Type'}' is not a way to send a query",
                f"Send {_FORM}, {_QUERY} or {_UPDATE}.",
            )
    values = by_name(parameters, _ONCE)
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
        values.get("query", [None])[0], values.get("update", [None])[0], _graphs(values, f"{prefix}-graph-uri"),
        _graphs(values, f"{named}-graph-uri"), seconds_asked(values), _format(values),
    )  # fmt: skip


def by_name(parameters: Iterable[tuple[str, str]], once: Collection[str] | None = None) -> dict[str, list[str]]:
    """Return the values of each parameter; those named ``once``, all if None, may have one.

    Raises:
        UsageError: one of these has more.

    """
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    for name, given in values.items():
        if len(given) > 1 and (once is None or name in once):
            raise UsageError(f"the parameter '{name[:80]}' is given {len(given)} times", "Give it once.")
    return values


def lone_query(sent: bytes) -> str | None:
    """Return the query of parameters that hold nothing else; None: they hold something else.

    Raises:
        UsageError: it is not UTF-8.

    """
    if not sent.startswith(b"query=") or b"&" in sent:
        return None
    return _text(_unquoted(sent[6:].replace(b"+", b" ")), "the address")


def _unquoted(sent: bytes) -> bytes:
    """Return text without its percent-encoding (RFC 3986, section 2.1).

    Quoted-printable differs by its sign alone where every escape is whole, and is decoded at once, not piece by piece.
    """
    if b"=" not in sent and b"\n" not in sent and b"\r" not in sent:
        plain = a2b_qp(sent.replace(b"%", b"="))
        if len(sent) - len(plain) == 2 * sent.count(b"%"):
            return plain
    return unquote_to_bytes(sent)


def _parameters(text: bytes, place: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeDecodeError as error:
        raise UsageError(f"{place} is not UTF-8") from error
    except ValueError as error:
        raise UsageError(f"{place} has more than {_MOST_PARAMETERS:,} parameters") from error


def _format(values: Mapping[str, Sequence[str]]) -> str:
    """Return the form that is asked for: SPARQLWrapper names one several times, by short name and by media type.

    Raises:
        UsageError: different ones are asked for.

    """
    given = [_CLIENTS_NAMES.get(part, part) for text in values.get("format", ()) for part in text.split(",")]
    if len(given) < 2:
        return given[0] if given else ""
    known = {SHORT_NAMES.get(name, name): name for name in reversed(given)}
    known = {kind: name for kind, name in known.items() if kind in RESULT_TYPES or kind in GRAPH_TYPES}
    if len(known) > 1:
        raise UsageError("the parameter 'format' is given several times, with different values", "Give it once.")
    return next(iter(known.values()), given[0])


def _graphs(values: Mapping[str, list[str]], name: str) -> list[str] | None:
    for graph in values.get(name, ()):
        try:
            NamedNode(graph)
        except ValueError as error:
            raise UsageError(f"{name}: '{graph}' is not an absolute IRI", "GET /sparql names the graphs.") from error
    return values.get(name)


def seconds_asked(values: Mapping[str, Sequence[str]]) -> float | None:
    """Return the time limit that the parameter ``timeout`` sets.

    Raises:
        UsageError: it is no number of seconds above 0.

    """
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
