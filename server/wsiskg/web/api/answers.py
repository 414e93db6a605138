"""What every address of the REST interface shares: parameters read strictly, answers as JSON-LD or CSV, ETags."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.graph.jsonld import load_context
from wsiskg.model.errors import UsageError
from wsiskg.store.index import Index
from wsiskg.web.http.encoding import names_etag
from wsiskg.web.http.negotiation import choose
from wsiskg.web.http.problems import not_acceptable

__all__ = ["JSON_LD", "MANY", "MOST", "Parameter", "Values", "address", "answer", "read_values", "wants_csv"]

Json = Any

JSON_LD = "application/ld+json"
MOST = 500
"""Items on a page, at most."""

MANY = 20
"""Values of one parameter, at most."""

_MOST_PARAMETERS = 200
_FORMATS = {"json": "application/json", "jsonld": JSON_LD, "csv": "text/csv"}
_OFFERED = (JSON_LD, "application/json", "text/csv")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter.

    Attributes:
        pattern: regular expression that its value matches as a whole.
        example: a value.
        text: what it does, for the documentation.
        many: whether it may be given several times.
        whole: largest whole number, where the value is one (from 1); 0 where it is text.
        default: the value when it is left out, for the documentation.

    """

    pattern: str
    example: str
    text: str
    many: bool = False
    whole: int = 0
    default: str = ""


Values = Mapping[str, Sequence[str]]


def read_values(http: HttpRequest, known: Mapping[str, Parameter]) -> dict[str, list[str]]:
    """Return the query parameters by name, each as it was given.

    Raises:
        UsageError: one is unknown, repeated, empty or not of its form.

    """
    try:
        pairs = parse_qsl(http.url.query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, errors="strict")
    except (ValueError, UnicodeDecodeError) as error:
        raise UsageError("the query string cannot be read", f"UTF-8, at most {_MOST_PARAMETERS} parameters.") from error
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in known:
            raise UsageError(f"there is no parameter '{name[:80]}' here", f"It takes: {', '.join(sorted(known))}.")
        parameter = known[name]
        if values.get(name) and not parameter.many:
            raise UsageError(f"the parameter '{name}' is given several times", "Give it once.")
        if not _fits(parameter, value):
            raise UsageError(f"{name}: '{value[:80]}' is not of its form", f"Example: {name}={parameter.example}")
        values.setdefault(name, []).append(value)
        if len(values[name]) > MANY:
            raise UsageError(f"the parameter '{name}' is given more than {MANY} times", "Ask twice, or for all.")
    return values


def _fits(parameter: Parameter, value: str) -> bool:
    if parameter.whole:
        return re.fullmatch(r"[1-9][0-9]{0,9}", value) is not None and int(value) <= parameter.whole
    return re.fullmatch(parameter.pattern, value) is not None


def wants_csv(http: HttpRequest, values: Values) -> bool:
    """Return whether the client asks for CSV.

    Raises:
        ProblemError: 406, nothing offered is accepted.

    """
    return _media_type(http, values, _OFFERED) == "text/csv"


def _media_type(http: HttpRequest, values: Values, offered: Sequence[str]) -> str:
    if form := values.get("format"):
        wanted = _FORMATS[form[0]]
        if wanted not in offered:
            raise UsageError(f"format: '{form[0]}' is not for this address", f"Offered: {', '.join(offered)}.")
        return wanted
    accept = http.headers.get("accept")
    chosen = choose(accept, [*offered, "text/html"])
    if chosen is None:
        raise not_acceptable(accept, offered)
    return "application/json" if chosen == "text/html" else chosen  # a browser shows plain JSON


def answer(
    http: HttpRequest,
    index: Index,
    values: Values,
    document: Mapping[str, Json],
    rows: Iterable[Mapping[str, str]] | None = None,
    columns: Sequence[str] = (),
    terms: Mapping[str, Json] | None = None,
) -> Response:
    """Return a document as JSON-LD, or its rows as CSV, by what the client accepts.

    Args:
        http: the request.
        index: names the release in the ETag.
        values: the query parameters.
        document: without its context; ``view`` and ``next`` in it also become a Link header.
        rows: for CSV; None where CSV is not offered.
        columns: of CSV.
        terms: further terms of the context.

    """
    offered = _OFFERED if rows is not None else _OFFERED[:2]
    media_type = _media_type(http, values, offered)
    columns = _kept_columns(index, values, columns, terms or {}, csv=media_type == "text/csv")
    base = index.release.iris.base
    said = repr((index.release.id, http.url.path, sorted(values.items()), media_type))
    headers = {
        "ETag": f'"{hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:24]}"',
        "Vary": "Accept",
        "X-Dataset-Version": index.release.id,
        "Cache-Control": "no-cache",
    }
    links = ['<https://creativecommons.org/licenses/by/4.0/>; rel="license"', '</openapi.json>; rel="service-desc"']
    if following := document.get("view", {}).get("next"):
        links.append(f'<{following}>; rel="next"')
    if media_type == "application/json":
        relation = "http://www.w3.org/ns/json-ld#context"
        links.append(f'<{base}context.jsonld>; rel="{relation}"; type="{JSON_LD}"')
    headers["Link"] = ", ".join(links)
    if names_etag(http.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if media_type == "text/csv":
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\r\n")  # RFC 4180
        writer.writeheader()
        writer.writerows(rows or ())
        return Response(text.getvalue(), headers=headers, media_type="text/csv; charset=utf-8; header=present")
    context = f"{base}context.jsonld"
    full = {"@context": [context, terms] if terms else context, **document}
    body = json.dumps(full, ensure_ascii=False, indent=1) + "\n"
    return Response(body.encode(), headers=headers, media_type=media_type)


def _kept_columns(
    index: Index, values: Values, columns: Sequence[str], terms: Mapping[str, Json], *, csv: bool
) -> Sequence[str]:
    """Return the columns that the client asks for with ``fields``.

    Raises:
        UsageError: there is none of that name, or no such property.

    """
    if "fields" not in values:
        return columns
    names = values["fields"][0].split(",")
    known = columns if csv else {"id", "type", *terms, *load_context(index.release.iris).document["@context"]}
    if wrong := next((name for name in names if name not in known), ""):
        remedy = f"It takes: {', '.join(columns)}." if csv else "/context.jsonld lists the names there are."
        raise UsageError(f"fields: there is no {'column' if csv else 'property'} '{wrong[:80]}'", remedy)
    return [column for column in columns if column in names]


def address(path: str, values: Values, **changes: str) -> str:
    """Return ``path`` with its query parameters, those of ``changes`` in place of the given ones (empty: none)."""
    pairs = [(name, value) for name in sorted(values) if name not in changes for value in values[name]]
    pairs += [(name, value) for name, value in changes.items() if value]
    return f"{path}?{urlencode(pairs)}" if pairs else path
