"""Search over the REST interface: by words and codes, and by first letters."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from wsiskg.store.index.search import Found
from wsiskg.web.api.answers import answer, hydra_collection
from wsiskg.web.api.openapi import ROOT, api_route, operation
from wsiskg.web.api.parameters import FORM, Parameter, address, of_form, read_values
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of

__all__ = ["add_search"]

Json = Any

_FOUND_COLUMNS = ("id", "kind", "code", "text")
_FOUND_TERMS = {"code": None, "text": None}


def add_search(app: FastAPI, engine: Engine) -> None:
    """Add search and completion to ``app``."""
    shared = {
        "q": Parameter(r"(?s:.{1,400})", "internet", "Words or a code, in any of the six languages."),
        "kind": of_form("kind", "Only resources of this kind.", many=True),
        "lang": of_form("language", "The language of `text`, as far as there is one.", default="en"),
        "format": FORM,
    }
    limits = {"search": (100, "20"), "lookup": (50, "10")}
    texts = {
        "search": "Search by words and codes; accents and case do not count. Links of the latest edition only.",
        "lookup": "What may be meant by the first letters of a title, a name or a code, for autocompletion.",
    }
    for name, text in texts.items():
        most, default = limits[name]
        parameters = shared | {"limit": Parameter("", default, "Members, at most.", whole=most, default=default)}
        _add_finder(app, engine, name, text, parameters)


def _add_finder(app: FastAPI, engine: Engine, name: str, text: str, parameters: Mapping[str, Parameter]) -> None:
    path = f"{ROOT}/{name}"

    @api_route(app, path, text, operation(name, parameters, text, required=("q",)))
    def finder(http: Request) -> Response:
        index, values = index_of(engine), read_values(http, parameters)
        if "q" not in values:
            raise ProblemError(HTTPStatus.BAD_REQUEST, "nothing to look for", f"Example: {path}?q=internet")
        limit = int(values.get("limit", [parameters["limit"].default])[0])
        asked = (values["q"][0], values.get("kind", ()), values.get("lang", ["en"])[0])
        found = index.search(*asked) if name == "search" else index.lookup(*asked, limit=limit)
        members = [_member(hit) for hit in found[:limit]]
        document = hydra_collection(address(http.url.path, values), len(found), members)
        rows = ({column: str(member[column]) for column in _FOUND_COLUMNS} for member in members)
        return answer(http, index, values, document, rows, _FOUND_COLUMNS, _FOUND_TERMS)


def _member(hit: Found) -> dict[str, Json]:
    return {**hit.document, "kind": hit.kind, "code": hit.code, "text": hit.title}
