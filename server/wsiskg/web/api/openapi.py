"""``/openapi.json`` (OpenAPI 3.1): what each address takes and gives, with an example from the release itself."""

import copy
import json
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.graph.release import DUMP_TYPES, Release
from wsiskg.model.codes import PATTERNS
from wsiskg.store.catalogue import PARAMETER_TYPES, CatalogueQuery, load_catalogue
from wsiskg.store.editions import edition_codes
from wsiskg.store.formats import GRAPH_TYPES, RESULT_TYPES, SHORT_NAMES
from wsiskg.store.guard import check_query
from wsiskg.web.api.answers import JSON_LD
from wsiskg.web.api.parameters import MANY, Parameter
from wsiskg.web.serving.engine import Engine

__all__ = ["ROOT", "add_openapi", "api_route", "errors_of", "operation"]

Json = Any
Handler = TypeVar("Handler", bound=Callable[..., Response])

ROOT = "/api/v1"
"""Address of the REST interface."""

_PROBLEM = "application/problem+json"
_PATTERNS = {**PATTERNS, "integer": r"-?[0-9]{1,15}"}
_ERRORS = {
    "400": "A parameter is unknown, repeated, or not of its form.",
    "404": "There is no such thing.",
    "406": "No form that is offered is accepted.",
    "410": "A later edition retired it; the answer names the last version.",
    "416": "The range is outside of the file.",
    "413": "The answer is larger than this server gives.",
    "429": "One client asks too much at the same time.",
    "501": "The server lacks a library or a font that the format needs.",
    "503": "The server is busy, or a limit was reached; Retry-After says when to try again.",
}
_SCHEMAS: dict[str, Json] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457",
        "required": ["title", "status", "detail"],
        "properties": {
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "remedy": {"type": "string"},
        },
    },
    "Collection": {
        "type": "object",
        "description": "A Hydra collection in JSON-LD",
        "required": ["@context", "id", "type", "totalItems", "member"],
        "properties": {
            "id": {"type": "string"},
            "type": {"type": "array", "items": {"type": "string"}},
            "totalItems": {"type": "integer", "minimum": 0},
            "member": {"type": "array", "items": {"type": "object"}},
            "view": {
                "type": "object",
                "properties": {"first": {"type": "string"}, "next": {"type": "string"}},
            },
        },
    },
    "Resource": {
        "type": "object",
        "description": "A resource in framed JSON-LD",
        "required": ["@context", "id"],
        "properties": {"id": {"type": "string"}, "type": {"type": "array", "items": {"type": "string"}}},
    },
}


_RDF_TYPES = ("text/html", JSON_LD, "text/turtle", "application/n-triples", "application/rdf+xml")
_DOCUMENTS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "/": (["text/html"], []),
    "/.well-known/void": (["text/turtle", "application/n-triples", "application/rdf+xml", JSON_LD], ["304", "406"]),
    "/context.jsonld": ([JSON_LD], []),
    "/dumps/": (["application/json"], ["303"]),
    "/dumps/{name}": (sorted(set(DUMP_TYPES.values())), ["206", "304", "404", "416"]),
    "/graph/{name}": ([], ["303", "404"]),
    "/id/{path}": (_RDF_TYPES, ["302", "304", "400", "404", "406", "410"]),
    "/ontology": (["text/turtle"], ["303"]),
    "/queries": (["application/json", "text/html"], ["406"]),
    "/queries/{name}": (
        ["application/sparql-query", "text/html", *RESULT_TYPES, *GRAPH_TYPES],
        ["304", "400", "404", "406", "503"],
    ),
    "/timemap/link/{pair}": (["application/link-format"], ["404"]),
}
"""Addresses that are not of the REST interface -> media types of the answer, and further statuses."""

_NAMED = {
    "/dumps/{name}": "csv/matrix.zip",
    "/graph/{name}": "wsis",
    "/id/{path}": "action-line/C2",
    "/queries/{name}": "matrix-size",
    "/timemap/link/{pair}": "C2-9.c",
}
"""Examples of what stands in their paths."""

_STATUSES = {
    "206": "A part of it.",
    "302": "It leads to the link in one edition.",
    "303": "It is at another address.",
    "304": "The client has it already.",
}


def api_route(app: FastAPI, path: str, summary: str, described: dict[str, Json]) -> Callable[[Handler], Handler]:
    """Return the decorator of what answers an address of the REST interface, see `operation`."""
    return app.api_route(
        path, methods=["GET", "HEAD"], summary=summary, tags=["api"], include_in_schema=False, openapi_extra=described
    )


def operation(
    name: str,
    parameters: Mapping[str, Parameter],
    description: str,
    *,
    path: Mapping[str, tuple[str, str]] | None = None,
    csv: bool = True,
    required: Sequence[str] = (),
) -> dict[str, Json]:
    """Return an operation object of the REST interface.

    Args:
        name: its operationId.
        parameters: query parameters by name.
        description: what it does.
        path: pattern and example of each part of the path.
        csv: whether it also answers in CSV, which only collections do.
        required: query parameters that must be given.

    """
    schema = {"$ref": f"#/components/schemas/{'Collection' if csv or name == 'entry' else 'Resource'}"}
    content: dict[str, Json] = {JSON_LD: {"schema": schema}, "application/json": {"schema": schema}}
    if csv:
        content["text/csv"] = {"schema": {"type": "string"}}
    listed = [
        {
            "name": part, "in": "path", "required": True, "example": example,
            "schema": {"type": "string", "pattern": f"^(?:{pattern})$"},
        }
        for part, (pattern, example) in (path or {}).items()
    ] + [_query_parameter(key, p, needed=key in required) for key, p in parameters.items()]  # fmt: skip
    return {
        "operationId": name,
        "description": description,
        "parameters": listed,
        "responses": {
            "200": {"description": "As asked.", "content": content},
            "304": {"description": "The client has it already."},
            **errors_of("400", "404", "406", "503"),
        },
    }


def add_openapi(app: FastAPI, engine: Engine) -> None:
    """Have ``app`` describe the REST interface and every question of the catalogue, as the release has them."""
    plain: Callable[[], dict[str, Json]] = app.openapi
    kept: dict[str, dict[str, Json]] = {}

    def document() -> dict[str, Json]:
        release = engine.release
        if release.id not in kept:
            kept.clear()
            with warnings.catch_warnings():  # FastAPI takes GET and HEAD of one address for two operations
                warnings.filterwarnings("ignore", "Duplicate Operation ID")
                kept[release.id] = _document(app, plain(), release)
        return kept[release.id]

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI, plain: Mapping[str, Json], release: Release) -> dict[str, Json]:
    found: dict[str, Json] = copy.deepcopy(dict(plain))
    found["openapi"] = "3.1.0"
    paths: dict[str, Json] = found.setdefault("paths", {})
    for path, operations in paths.items():
        for method in [m for m in operations if m == "head" and "get" in operations]:
            del operations[method]  # HEAD is GET without a body, and says nothing more here
        for method, described in operations.items():  # FastAPI names an operation after any of its route's methods
            if path in _DOCUMENTS and method == "get":
                _document_plain(path, described)
            described["operationId"] = re.sub("_(get|head|post)$", f"_{method}", described["operationId"])
    for route in app.routes:
        if isinstance(route, APIRoute) and "operationId" in (route.openapi_extra or {}):
            described = copy.deepcopy(route.openapi_extra or {}) | {"summary": route.summary, "tags": route.tags}
            if JSON_LD in described["responses"]["200"]["content"]:
                _give_example(app, route, described)
            paths[route.path_format] = {**paths.get(route.path_format, {}), "get": described}
    if editions := edition_codes(release):
        for query in load_catalogue(release.iris, editions[-1]).values():
            paths[f"/queries/{query.name}"] = {"get": _question(query)}
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_SCHEMAS)
    return found


def _document_plain(path: str, described: dict[str, Json]) -> None:
    """Say what an address really answers, in place of what FastAPI takes for granted."""
    types, statuses = _DOCUMENTS[path]
    for parameter in described.get("parameters", ()):
        if path in _NAMED and parameter["in"] == "path":
            parameter["example"] = _NAMED[path]
    content: Json = {media_type: {"schema": {}} for media_type in types}
    described["responses"] = {"200": {"description": "As asked.", "content": content}} | {
        status: {"description": _STATUSES[status]} | ({"content": content} if status == "206" else {})
        for status in statuses
        if status in _STATUSES
    }
    described["responses"] |= errors_of(*(status for status in statuses if status in _ERRORS))


def _give_example(app: FastAPI, route: APIRoute, described: dict[str, Json]) -> None:
    """Answer the example request, and put the answer, with one member, beside its schema."""
    given = {p["name"]: p["example"] for p in described["parameters"] if p["in"] == "path"}
    needed = [p for p in described["parameters"] if p["in"] == "query" and p.get("required")]
    query = urlencode([(p["name"], p["example"]) for p in needed])
    path = route.path_format.format(**given)
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": [], "app": app,
        "scheme": "http", "server": ("localhost", 80), "root_path": "",
    }  # fmt: skip
    answer = json.loads(bytes(route.endpoint(HttpRequest(scope), **given).body))
    if "member" in answer:
        answer["member"] = answer["member"][:1]
    for media_type in (JSON_LD, "application/json"):
        described["responses"]["200"]["content"][media_type]["example"] = answer


def _question(query: CatalogueQuery) -> dict[str, Json]:
    """Return the operation of one question of the catalogue."""
    form = check_query(query.text).form
    types = GRAPH_TYPES if form is not None and form.gives_graph else RESULT_TYPES
    short = [name for name, media_type in SHORT_NAMES.items() if media_type in types]
    patterns = {name: _PATTERNS[form] for name, (form, _) in PARAMETER_TYPES.items()}
    listed: list[Json] = [
        {
            "name": p.name,
            "in": "query",
            "description": p.description,
            "example": p.default,
            "schema": {"type": "string", "pattern": f"^(?:{patterns[p.type]})?$", "default": p.default},
        }
        for p in query.params
    ]
    listed.append(
        {
            "name": "format", "in": "query", "description": "The form of the answer, in place of Accept.",
            "schema": {"type": "string", "enum": [*short, *types, ""]}, "example": short[0],
        }
    )  # fmt: skip
    return {
        "operationId": f"query-{query.name}",
        "summary": query.summary,
        "description": query.description,
        "tags": ["queries"],
        "parameters": listed,
        "responses": {
            "200": {
                "description": "Columns: " + ", ".join(query.columns) + ".",
                "content": {media_type: {"schema": {}} for media_type in types},
            },
            "304": {"description": "The client has it already."},
            **errors_of("400", "406", "413", "429", "503"),
        },
    }


def _query_parameter(name: str, parameter: Parameter, *, needed: bool) -> dict[str, Json]:
    schema: dict[str, Json]
    if parameter.whole:
        schema = {"type": "integer", "minimum": 1, "maximum": parameter.whole}
    elif "|" in parameter.pattern and not set(parameter.pattern) & set("()[]{}?\\"):
        schema = {"type": "string", "enum": parameter.pattern.split("|")}
    elif parameter.pattern.startswith("(?s:"):
        schema = {"type": "string", "minLength": 1, "maxLength": 400}
    else:
        schema = {"type": "string", "pattern": f"^(?:{parameter.pattern})$"}
    if parameter.default:
        schema["default"] = int(parameter.default) if parameter.whole else parameter.default
    if parameter.many:
        schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": MANY}
    found: dict[str, Json] = {"name": name, "in": "query", "description": parameter.text, "schema": schema}
    if parameter.many:
        found |= {"style": "form", "explode": True}
    if parameter.example:
        example: Json = int(parameter.example) if parameter.whole else parameter.example
        found["example"] = [example] if parameter.many else example
    return found | ({"required": True} if needed else {})


def errors_of(*statuses: str, said: Mapping[str, str] = _ERRORS) -> dict[str, Json]:
    """Return the responses that are problem documents, by status; ``said`` is what each means."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {s: {"description": said[s], "content": {_PROBLEM: schema}} for s in statuses}
