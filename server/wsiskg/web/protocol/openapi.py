"""The protocols in the OpenAPI description: they are answered before the routes, see `wsiskg.web.protocol.endpoint`."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from wsiskg.settings import Settings
from wsiskg.store.formats import GRAPH_TYPES, RESULT_TYPES

__all__ = ["EXAMPLE", "describe_protocols"]

EXAMPLE = """PREFIX wsis: <https://w3id.org/wsis-kg/ontology#>
PREFIX sdg: <http://metadata.un.org/sdg/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?code ?title WHERE {
  ?line wsis:supports sdg:9.c ; skos:notation ?code ; skos:prefLabel ?title .
  FILTER(lang(?title) = "en")
} ORDER BY ?code
"""

_TEXT: Mapping[str, Any] = {"type": "string"}
_IRIS: Mapping[str, Any] = {"type": "array", "items": {"type": "string", "format": "iri"}}
_PROBLEM = {"application/problem+json": {"schema": {"type": "object"}}, "text/html": {"schema": _TEXT}}
_ANSWERS = {kind: {"schema": _TEXT} for kind in (*RESULT_TYPES, *GRAPH_TYPES, "text/html")}
_ERRORS: Mapping[str, str] = {
    "400": "Not a query, or not as the protocol has it",
    "403": "SERVICE, LOAD, or an update where only queries are answered",
    "406": "Nothing that is offered is accepted",
    "413": "The answer or the request is too large",
    "415": "The body is of another media type, charset or encoding",
    "429": "Too many queries of this client are running or waiting",
    "503": "The query was stopped at a limit, or no worker was free",
}
_QUERY_PARAMETERS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "query": (_TEXT, "SPARQL query; left out: the service description"),
    "default-graph-uri": (_IRIS, "Graphs that make up the default graph"),
    "named-graph-uri": (_IRIS, "Named graphs of the dataset"),
    "timeout": ({"type": "number", "exclusiveMinimum": 0}, "Seconds after which the query is stopped"),
    "format": (_TEXT, "Short name of the answer's form, in place of Accept: json, csv, ttl ..."),
}
_UPDATE_PARAMETERS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "update": (_TEXT, "SPARQL update"),
    "using-graph-uri": (_IRIS, "Graphs that make up the default graph of its patterns"),
    "using-named-graph-uri": (_IRIS, "Named graphs of its patterns"),
}


def describe_protocols(app: FastAPI, settings: Settings) -> None:
    """Add the protocols' addresses to the application's OpenAPI description."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        schema = original()
        schema["paths"] |= {"/sparql": _sparql(), "/graph-store": _graph_store(settings)}
        if settings.updates != "off":
            schema["paths"]["/update"] = {"post": _update("SPARQL 1.1 Protocol: update")}
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def _sparql() -> dict[str, Any]:
    form = {"schema": _form(_QUERY_PARAMETERS)}
    post = {
        "summary": "SPARQL 1.1 Protocol: query by POST",
        "operationId": "sparql_post",
        "requestBody": {
            "required": True,
            "content": {"application/x-www-form-urlencoded": form, "application/sparql-query": {"schema": _TEXT}},
        },
        "responses": _responses("200", "The answer, in the form that Accept asks for", _ANSWERS),
    }
    get = {
        "summary": "SPARQL 1.1 Protocol: query by GET",
        "operationId": "sparql_get",
        "parameters": _in_address(_QUERY_PARAMETERS),
        "responses": _responses("200", "The answer, or the service description", _ANSWERS),
    }
    return {"get": get, "post": post}


def _update(summary: str) -> dict[str, Any]:
    content = {
        "application/x-www-form-urlencoded": {"schema": _form(_UPDATE_PARAMETERS)},
        "application/sparql-update": {"schema": _TEXT},
    }
    return {
        "summary": summary,
        "operationId": "update_post",
        "requestBody": {"required": True, "content": content},
        "responses": _responses("204", "A release with the change is served", {})
        | {"401": {"description": "No valid token", "content": _PROBLEM}},
    }


def _graph_store(settings: Settings) -> dict[str, Any]:
    graph = [
        {"name": "graph", "in": "query", "schema": {"type": "string"}, "description": "IRI of the graph"},
        {"name": "default", "in": "query", "schema": _TEXT, "allowEmptyValue": True, "description": "Default graph"},
    ]
    answers = {kind: {"schema": _TEXT} for kind in GRAPH_TYPES}
    described: dict[str, Any] = {
        "get": {
            "summary": "Graph Store Protocol: read a graph",
            "operationId": "graph_store_get",
            "parameters": graph,
            "responses": _responses("200", "The graph", answers)
            | {"404": {"description": "There is no such graph", "content": _PROBLEM}},
        }
    }
    if settings.updates != "off":
        body = {"required": True, "content": {kind: {"schema": _TEXT} for kind in GRAPH_TYPES}}
        for method in ("put", "post", "delete"):
            described[method] = {
                "summary": f"Graph Store Protocol: {method.upper()} a graph",
                "operationId": f"graph_store_{method}",
                "parameters": graph,
                "responses": _responses("204", "A release with the change is served", {})
                | {"401": {"description": "No valid token", "content": _PROBLEM}},
                **({} if method == "delete" else {"requestBody": body}),
            }
    return described


def _responses(status: str, meaning: str, content: Mapping[str, Any]) -> dict[str, Any]:
    good = {"description": meaning, "content": dict(content)} if content else {"description": meaning}
    return {status: good, **{code: {"description": text, "content": _PROBLEM} for code, text in _ERRORS.items()}}


def _in_address(parameters: Mapping[str, tuple[Mapping[str, Any], str]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "schema": schema, "description": meaning}
        for name, (schema, meaning) in parameters.items()
    ]


def _form(parameters: Mapping[str, tuple[Mapping[str, Any], str]]) -> dict[str, Any]:
    fields = {name: {**schema, "description": meaning} for name, (schema, meaning) in parameters.items()}
    return {"type": "object", "properties": fields, "required": [next(iter(fields))]}
