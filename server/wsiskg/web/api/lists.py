"""Lists of the REST interface, and single things of them: pages, facets, and the projects behind a link."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from wsiskg.graph.framing import framer
from wsiskg.graph.index.columns import row_of
from wsiskg.model.codes import sdg_goal_of
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.api.answers import answer, hydra_collection, kept
from wsiskg.web.api.listings import COLLECTIONS, FORMS, Collection
from wsiskg.web.api.openapi import ROOT, api_route, operation
from wsiskg.web.api.parameters import (
    FIELDS,
    FORM,
    FORM_JSON,
    MOST,
    Parameter,
    Values,
    address,
    known_editions,
    of_form,
    read_values,
    year_range,
    years,
)
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of

__all__ = ["add_evidence", "add_list"]

Json = Any

_LIMIT = Parameter("", "50", "Members on a page, of CSV too; the header Link names the next.", whole=MOST, default="50")
_CURSOR = Parameter(r"[A-Za-z0-9_-]{8,400}", "", "From `next` of the page before.")
_MOST_VALUES = 50  # of a facet, the most frequent ones
_FACET_TERMS = {"facets": None}


def add_list(app: FastAPI, engine: Engine, collection: Collection) -> None:
    """Add a list to ``app``, and each single thing of it."""
    parameters = _list_parameters(collection)
    path = f"{ROOT}/{collection.name}"
    of_edition = collection.latest

    @api_route(app, path, collection.text, operation(collection.name, parameters, collection.text))
    def listed(http: Request) -> Response:
        index, values = index_of(engine), read_values(http, parameters)
        having: dict[str, Sequence[str]] = {
            f.facet: values[name] for name, f in collection.filters.items() if name in values
        }
        if collection.latest:
            having["edition"] = known_editions(index, values.get("edition", ()))
        return _page(http, index, values, collection, having)

    one = {"fields": FIELDS, "format": FORM_JSON}
    codes = {"edition": FORMS["edition"], "pair": (r"[^/]{1,80}", collection.example.partition("/")[2])}
    names = codes if of_edition else {"code": (r"[^/]{1,80}", collection.example)}

    def shown(http: Request, code: str) -> Response:
        index, values = index_of(engine), read_values(http, one)
        found = next((d for kind in collection.kinds if (d := index.get(kind, code)) is not None), None)
        if found is None:
            raise ProblemError(
                HTTPStatus.NOT_FOUND, f"there is no {code} in {path}", f"GET {path} lists what there is."
            )
        return answer(http, index, values, kept(found, values))

    extra = operation(f"{collection.name}-one", one, "With all that is known of it.", path=names, csv=False)
    title = f"One of: {collection.text[0].lower()}{collection.text[1:]}"
    if of_edition:

        @api_route(app, f"{path}/{{edition}}/{{pair}}", title, extra)
        def shown_of_edition(http: Request, edition: str, pair: str) -> Response:
            return shown(http, f"{edition}/{pair}")
    else:

        @api_route(app, f"{path}/{{code}}", title, extra)
        def shown_by_code(http: Request, code: str) -> Response:
            return shown(http, code)


def add_evidence(app: FastAPI, engine: Engine) -> None:
    """Add the lists of projects behind each link to ``app``."""
    projects = COLLECTIONS["projects"]
    parameters = {
        "directness": of_form(
            "directness", "Projects that carry the target itself, or its goal alone.", default="direct"
        ),
        "origin": Parameter(
            "confirmed|declared", "declared",
            "Tags that count: declared by owners, or also assigned by curators.", default="confirmed",
        ),
        **{name: value for name, value in _list_parameters(projects).items() if name not in {"line", "sdg"}},
    }  # fmt: skip
    text = "Projects that carry both ends of a link, the evidence behind its assessment."
    names = {"edition": FORMS["edition"], "pair": (r"[^/]{1,80}", "C2-9.c")}

    @api_route(
        app, f"{ROOT}/links/{{edition}}/{{pair}}/evidence", text, operation("evidence", parameters, text, path=names)
    )
    def evidence(http: Request, edition: str, pair: str) -> Response:
        index, values = index_of(engine), read_values(http, parameters)
        if index.get("link", f"{edition}/{pair}") is None:
            raise ProblemError(
                HTTPStatus.NOT_FOUND, f"edition {edition} holds no link {pair}", f"GET {ROOT}/links lists them."
            )
        line, _, sdg = pair.rpartition("-")
        origin = ":declared" if values.get("origin") == ["declared"] else ""
        having: dict[str, Sequence[str]] = {
            f.facet: values[name] for name, f in projects.filters.items() if name in values
        }
        lacking: dict[str, Sequence[str]] = {}
        having[f"line{origin}"] = [line]
        if values.get("directness") == ["goal-level"]:
            having[f"named-goal{origin}"] = [sdg_goal_of(sdg)]
            lacking[f"sdg{origin}"] = [sdg]
        else:
            having[f"sdg{origin}"] = [sdg]
        return _page(http, index, values, projects, having, lacking)


def _list_parameters(collection: Collection) -> dict[str, Parameter]:
    found = {
        name: of_form(f.form, f"Only those {f.text}." if name != "edition" else f"Only {f.text}.", many=True)
        for name, f in collection.filters.items()
    }
    sorts = "|".join(f"-?{name}" for name in collection.sorts)
    text = f"Order: {', '.join(collection.sorts)}; a minus before it: the other way round."
    found["sort"] = Parameter(sorts, collection.sorts[-1], text, default="code")
    if collection.filters:
        name = "|".join(collection.filters)
        text = f"Also count the members by these, joined by commas: {', '.join(collection.filters)}."
        found["facets"] = Parameter(rf"({name})(,({name}))*", ",".join(list(collection.filters)[:2]), text)
    return found | (years() if collection.dated else {}) | _paging()


def _paging() -> dict[str, Parameter]:
    return {"limit": _LIMIT, "cursor": _CURSOR, "fields": FIELDS, "format": FORM}


def _page(
    http: Request,
    index: Index,
    values: Values,
    collection: Collection,
    having: Mapping[str, Sequence[str]],
    lacking: Mapping[str, Sequence[str]] | None = None,
) -> Response:
    """Return one page of a list."""
    sort = values.get("sort", ["code"])[0]
    key = sort.removeprefix("-")
    listing = Listing(
        collection.kinds, having, lacking or {}, year_range(values), "number" if key == collection.number else key,
        sort.startswith("-"), int(values.get("limit", ["50"])[0]), values.get("cursor", [""])[0],
    )  # fmt: skip
    page = index.page(listing)
    here = http.url.path
    members = [kept(d, values) for d in page.documents]
    document = hydra_collection(address(here, values, cursor=""), page.total, members)
    document["view"] = {
        "id": address(here, values),
        "type": ["PartialCollectionView"],
        "first": address(here, values, cursor=""),
        **({"next": address(here, values, cursor=page.next)} if page.next else {}),
    }
    if "facets" in values:
        document["facets"] = _facets(http, index, values, collection, listing)
    context = framer(index.release.iris).context
    rows = (row_of(d, collection.columns, context) for d in page.documents)
    terms = _FACET_TERMS if "facets" in values else None
    return answer(http, index, values, document, rows, tuple(collection.columns), terms)


def _facets(
    http: Request, index: Index, values: Values, collection: Collection, listing: Listing
) -> list[dict[str, Json]]:
    """Return for each facet asked for how many of the listed items have each value, and the address of these."""
    names = dict.fromkeys(values["facets"][0].split(","))
    counts = index.facets(listing, [collection.filters[name].facet for name in names])
    found = []
    for name in names:
        counted = counts[collection.filters[name].facet]
        members = [
            {
                "value": value,
                "count": count,
                "id": address(http.url.path, {**values, name: [value]}, cursor="", facets=""),
            }
            for value, count in counted[:_MOST_VALUES]
        ]
        found.append({"name": name, "values": members, "valuesInAll": len(counted)})
    return found
