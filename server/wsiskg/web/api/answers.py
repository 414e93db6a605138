"""Answers of the REST interface: documents as JSON-LD, lists also as CSV, each with an ETag."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.graph.jsonld import load_context
from wsiskg.graph.vocabulary import LICENCE
from wsiskg.model.errors import UsageError
from wsiskg.store.index.index import Index
from wsiskg.web.api.parameters import Values
from wsiskg.web.http.encoding import names_etag
from wsiskg.web.http.negotiation import choose
from wsiskg.web.http.problems import not_acceptable

__all__ = ["JSON_LD", "answer", "hydra_collection", "kept", "wants_csv"]

Json = Any

JSON_LD = "application/ld+json"
_FORMATS = {"json": "application/json", "jsonld": JSON_LD, "csv": "text/csv"}
_OFFERED = (JSON_LD, "application/json", "text/csv")


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
    links = [f'{LICENCE}; rel="license"', '</openapi.json>; rel="service-desc"']
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


def hydra_collection(path: str, total: int, members: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    """Return a Hydra collection with its members, or with those of one page."""
    return {"id": path, "type": ["Collection"], "totalItems": total, "member": list(members)}


def kept(document: Mapping[str, Json], values: Values) -> Mapping[str, Json]:
    """Return a document with the names that are asked for in ``fields``, with all where none are."""
    if "fields" not in values:
        return document
    wanted = {"id", *values["fields"][0].split(",")}
    return {name: value for name, value in document.items() if name in wanted}
