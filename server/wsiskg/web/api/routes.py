"""``/api/v1``: lists, single resources, the matrix, differences of editions, search."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from wsiskg.graph.framing import framer
from wsiskg.graph.index.columns import row_of
from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.store.index import Found, Index, Listing
from wsiskg.web.api.answers import MOST, Parameter, Values, address, answer, read_values, wants_csv
from wsiskg.web.api.listings import COLLECTIONS, FORMS, Collection
from wsiskg.web.api.openapi import operation
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of

__all__ = ["ROOT", "add_api"]

Json = Any

ROOT = "/api/v1"
_READ = ["GET", "HEAD"]
_FORM = Parameter("json|jsonld|csv", "csv", "The form of the answer, in place of Accept.")
_FORM_JSON = Parameter("json|jsonld", "json", "The form of the answer, in place of Accept.")
_FIELDS = Parameter(
    r"[A-Za-z_]+(,[A-Za-z_]+)*", "id,type", "Names to keep of each member, joined by commas; in CSV, of the columns."
)
_LIMIT = Parameter("", "50", "Members on a page, of CSV too; the header Link names the next.", whole=MOST, default="50")
_CURSOR = Parameter(r"[A-Za-z0-9_-]{8,400}", "", "From `next` of the page before.")
_FOUND_COLUMNS = ("id", "kind", "code", "text")
_MOST_VALUES = 50  # of a facet, the most frequent ones
_FACET_TERMS = {"facets": None}
_FOUND_TERMS = {"code": None, "text": None}
_CELL_COLUMNS = {
    "line": "actionLine", "sdg": "target", "goal": "goal", "level": "level", "link": "assessmentOf", "status": "status",
    "agencies": "proposedBy", "projects": "projectCount", "recognised": "recognisedCount",
}  # fmt: skip
_DIFF_TERMS = {
    "added": {"@id": "prov:generated", "@type": "@id", "@container": "@set"},
    "removed": {"@id": "prov:invalidated", "@type": "@id", "@container": "@set"},
    "changed": {"@id": "dcterms:hasPart", "@type": "@id", "@container": "@set"},
    "unchangedCount": None,
}


def add_api(app: FastAPI, engine: Engine) -> None:
    """Add the REST interface to ``app``."""
    _add_entry(app, engine)
    _add_evidence(app, engine)
    _add_matrix(app, engine)
    _add_diff(app, engine)
    _add_search(app, engine)
    for collection in COLLECTIONS.values():
        _add_collection(app, engine, collection)


def _parameter(form: str, text: str, *, many: bool = False, default: str = "") -> Parameter:
    pattern, example = FORMS[form]
    return Parameter(pattern, example, text, many, default=default)


def _years() -> dict[str, Parameter]:
    return {
        "year-from": _parameter("year", "From this year on; what has no year is left out."),
        "year-to": _parameter("year", "Up to this year; what has no year is left out."),
    }


def _list_parameters(collection: Collection) -> dict[str, Parameter]:
    found = {
        name: _parameter(f.form, f"Only those {f.text}." if name != "edition" else f"Only {f.text}.", many=True)
        for name, f in collection.filters.items()
    }
    sorts = "|".join(f"-?{name}" for name in collection.sorts)
    text = f"Order: {', '.join(collection.sorts)}; a minus before it: the other way round."
    found["sort"] = Parameter(sorts, collection.sorts[-1], text, default="code")
    if collection.filters:
        name = "|".join(collection.filters)
        text = f"Also count the members by these, joined by commas: {', '.join(collection.filters)}."
        found["facets"] = Parameter(rf"({name})(,({name}))*", ",".join(list(collection.filters)[:2]), text)
    return found | (_years() if collection.dated else {}) | _paging()


def _paging() -> dict[str, Parameter]:
    return {"limit": _LIMIT, "cursor": _CURSOR, "fields": _FIELDS, "format": _FORM}


def _add_entry(app: FastAPI, engine: Engine) -> None:
    extra = operation("entry", {"format": _FORM_JSON}, "Where to begin.", csv=False)

    @app.api_route(
        ROOT,
        methods=_READ,
        summary="The lists of this interface",
        tags=["api"],
        include_in_schema=False,
        openapi_extra=extra,
    )
    def entry(http: Request) -> Response:
        values = read_values(http, {"format": _FORM_JSON})
        members = [
            {"id": f"{ROOT}/{c.name}", "type": ["Collection"], "comment": {"en": c.text}} for c in COLLECTIONS.values()
        ]
        others = {
            "matrix": "Cells of the matrix with projects counted.",
            "search": "Search in six languages, by words and codes.",
            "lookup": "What may be meant by a few letters.",
        }
        members += [{"id": f"{ROOT}/{n}", "type": ["Collection"], "comment": {"en": t}} for n, t in others.items()]
        document = {"id": ROOT, "type": ["Collection"], "totalItems": len(members), "member": members}
        return answer(http, index_of(engine), values, document)


def _add_collection(app: FastAPI, engine: Engine, collection: Collection) -> None:
    parameters = _list_parameters(collection)
    path = f"{ROOT}/{collection.name}"
    of_edition = collection.latest

    @app.api_route(
        path, methods=_READ, summary=collection.text, tags=["api"], include_in_schema=False,
        openapi_extra=operation(collection.name, parameters, collection.text),
    )  # fmt: skip
    def listed(http: Request) -> Response:
        index, values = index_of(engine), read_values(http, parameters)
        having: dict[str, Sequence[str]] = {
            f.facet: values[name] for name, f in collection.filters.items() if name in values
        }
        if collection.latest:
            having["edition"] = _known_editions(index, values.get("edition", ()))
        return _page(http, index, values, collection, having)

    one = {"fields": _FIELDS, "format": _FORM_JSON}
    codes = {"edition": FORMS["edition"], "pair": (r"[^/]{1,80}", collection.example.partition("/")[2])}
    names = codes if of_edition else {"code": (r"[^/]{1,80}", collection.example)}

    def shown(http: Request, code: str) -> Response:
        index, values = index_of(engine), read_values(http, one)
        found = next((d for kind in collection.kinds if (d := index.get(kind, code)) is not None), None)
        if found is None:
            raise ProblemError(
                HTTPStatus.NOT_FOUND, f"there is no {code} in {path}", f"GET {path} lists what there is."
            )
        return answer(http, index, values, _kept(found, values))

    extra = operation(f"{collection.name}-one", one, "With all that is known of it.", path=names, csv=False)
    title = f"One of: {collection.text[0].lower()}{collection.text[1:]}"
    if of_edition:

        @app.api_route(
            f"{path}/{{edition}}/{{pair}}",
            methods=_READ,
            summary=title,
            tags=["api"],
            include_in_schema=False,
            openapi_extra=extra,
        )
        def shown_of_edition(http: Request, edition: str, pair: str) -> Response:
            return shown(http, f"{edition}/{pair}")
    else:

        @app.api_route(
            f"{path}/{{code}}", methods=_READ, summary=title, tags=["api"], include_in_schema=False, openapi_extra=extra
        )
        def shown_by_code(http: Request, code: str) -> Response:
            return shown(http, code)


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
        collection.kinds, having, lacking or {}, _year_range(values), "number" if key == collection.number else key,
        sort.startswith("-"), int(values.get("limit", ["50"])[0]), values.get("cursor", [""])[0],
    )  # fmt: skip
    page = index.page(listing)
    here = http.url.path
    document = _collection(address(here, values, cursor=""), page.total, [_kept(d, values) for d in page.documents]) | {
        "view": {
            "id": address(here, values),
            "type": ["PartialCollectionView"],
            "first": address(here, values, cursor=""),
            **({"next": address(here, values, cursor=page.next)} if page.next else {}),
        }
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


def _collection(path: str, total: int, members: Sequence[Mapping[str, Json]]) -> dict[str, Json]:
    return {"id": path, "type": ["Collection"], "totalItems": total, "member": list(members)}


def _kept(document: Mapping[str, Json], values: Values) -> Mapping[str, Json]:
    if "fields" not in values:
        return document
    wanted = {"id", *values["fields"][0].split(",")}
    return {name: value for name, value in document.items() if name in wanted}


def _year_range(values: Values) -> tuple[int, int]:
    return int(values.get("year-from", ["0"])[0]), int(values.get("year-to", ["0"])[0])


def _known_editions(index: Index, asked: Sequence[str]) -> Sequence[str]:
    """Return the editions asked for, the latest when there is none.

    Raises:
        ProblemError: 404, the release has no such edition.

    """
    for edition in asked:
        if edition not in index.editions:
            there = ", ".join(index.editions)
            raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no edition {edition}", f"There are: {there}.")
    return list(asked) or list(index.editions[-1:])


def _add_evidence(app: FastAPI, engine: Engine) -> None:
    projects = COLLECTIONS["projects"]
    parameters = {
        "directness": _parameter(
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

    @app.api_route(
        f"{ROOT}/links/{{edition}}/{{pair}}/evidence", methods=_READ, summary=text, tags=["api"],
        include_in_schema=False, openapi_extra=operation("evidence", parameters, text, path=names),
    )  # fmt: skip
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


def _add_matrix(app: FastAPI, engine: Engine) -> None:
    parameters = {
        "edition": _parameter("edition", "Links of this edition; left out: of the latest."),
        "level": _parameter("level", "Only cells at the level of goals, or of targets."),
        "line": _parameter("line", "Only this action line."),
        "goal": _parameter("goal", "Only this goal and its targets."),
        "region": _parameter("region", "Count projects from this ITU region."),
        "origin": Parameter(
            FORMS["origin"][0], "declared",
            "Count pairs of tags of this origin; a pair is as strong as the weaker of its two tags. Left out: "
            "declared and assigned.", many=True,
        ),
        **_years(),
        "linked": Parameter("true|false", "true", "Only cells with a link, or without one."),
        "fields": _FIELDS,
        "format": _FORM,
    }  # fmt: skip
    text = "Cells of the matrix: links of an edition, and projects that carry both ends (direct evidence)."

    @app.api_route(
        f"{ROOT}/matrix", methods=_READ, summary=text, tags=["api"], include_in_schema=False,
        openapi_extra=operation("matrix", parameters, text),
    )  # fmt: skip
    def matrix(http: Request) -> Response:
        index, values = index_of(engine), read_values(http, parameters)
        edition = _known_editions(index, values.get("edition", ()))[0]
        cells = _cells(index, edition, values)
        context = framer(index.release.iris).context
        document = _collection(address(http.url.path, values), len(cells), [_kept(c, values) for c in cells])
        rows = (row_of(cell, _CELL_COLUMNS, context) for cell in cells)
        if wants_csv(http, values):
            return answer(http, index, values, document, rows, tuple(_CELL_COLUMNS))
        return answer(http, index, values, document, ())


def _cells(index: Index, edition: str, values: Values) -> list[dict[str, Json]]:
    """Return the cells that hold a link or projects, by action line and SDG."""
    line, goal, level = (values.get(name, [""])[0] for name in ("line", "goal", "level"))
    having: dict[str, Sequence[str]] = {"edition": [edition]}
    having |= {name: [value] for name, value in (("line", line), ("goal", goal), ("level", level)) if value}
    links = {str(d["id"]).rpartition("/")[2]: d for d in index.items(Listing(("link",), having))}
    origins = values.get("origin", ["declared", "assigned"])
    counted = index.cells(origins, values.get("region", [""])[0], _year_range(values), line, goal)
    counts = {f"{c.line}-{c.sdg}": c for c in counted if level in {"", "target" if "." in c.sdg else "goal"}}
    wanted = values.get("linked", [""])[0]
    cells = []
    for pair in sorted(links.keys() | counts.keys(), key=natural_key):
        link, count = links.get(pair), counts.get(pair)
        if wanted and (wanted == "true") != (link is not None):
            continue
        code, _, sdg = pair.rpartition("-")
        cell: dict[str, Json] = {
            "type": ["EvidenceSet"],
            "actionLine": f"line:{code}",
            "target": f"sdg:{sdg}",
            "goal": f"sdg:{sdg_goal_of(sdg)}",
            "level": f"kg:level/{'target' if '.' in sdg else 'goal'}",
        }
        if link is not None:
            cell["assessmentOf"] = link["id"]
            cell |= {name: link[name] for name in ("status", "proposedBy") if name in link}
        cell["projectCount"] = count.projects if count else 0
        cell["recognisedCount"] = count.recognised if count else 0
        cells.append(cell)
    return cells


def _add_diff(app: FastAPI, engine: Engine) -> None:
    text = "What an edition added to, removed from and changed in an earlier one."
    names = {"earlier": FORMS["edition"], "later": FORMS["edition"]}

    @app.api_route(
        f"{ROOT}/editions/{{earlier}}/diff/{{later}}", methods=_READ, summary=text, tags=["api"],
        include_in_schema=False, openapi_extra=operation("diff", {"format": _FORM_JSON}, text, path=names, csv=False),
    )  # fmt: skip
    def diff(http: Request, earlier: str, later: str) -> Response:
        index, values = index_of(engine), read_values(http, {"format": _FORM_JSON})
        _known_editions(index, [earlier, later])
        before, after = index.digests(earlier), index.digests(later)
        both = [pair for pair in after if pair in before]
        changed = [pair for pair in both if before[pair][0] != after[pair][0]]
        document = {
            "id": http.url.path,
            "type": ["Activity"],
            "added": [document for pair, (_, document) in after.items() if pair not in before],
            "removed": [document for pair, (_, document) in before.items() if pair not in after],
            "changed": [{**after[pair][1], "wasRevisionOf": before[pair][1]} for pair in changed],
            "unchangedCount": len(both) - len(changed),
        }
        return answer(http, index, values, document, terms=_DIFF_TERMS)


def _add_search(app: FastAPI, engine: Engine) -> None:
    shared = {
        "q": Parameter(r"(?s:.{1,400})", "internet", "Words or a code, in any of the six languages."),
        "kind": _parameter("kind", "Only resources of this kind.", many=True),
        "lang": _parameter("language", "The language of `text`, as far as there is one.", default="en"),
        "format": _FORM,
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

    @app.api_route(
        path, methods=_READ, summary=text, tags=["api"], include_in_schema=False,
        openapi_extra=operation(name, parameters, text, required=("q",)),
    )  # fmt: skip
    def finder(http: Request) -> Response:
        index, values = index_of(engine), read_values(http, parameters)
        if "q" not in values:
            raise ProblemError(HTTPStatus.BAD_REQUEST, "nothing to look for", f"Example: {path}?q=internet")
        limit = int(values.get("limit", [parameters["limit"].default])[0])
        asked = (values["q"][0], values.get("kind", ()), values.get("lang", ["en"])[0])
        found = index.search(*asked) if name == "search" else index.lookup(*asked, limit=limit)
        members = [_member(hit) for hit in found[:limit]]
        document = _collection(address(http.url.path, values), len(found), members)
        rows = ({column: str(member[column]) for column in _FOUND_COLUMNS} for member in members)
        return answer(http, index, values, document, rows, _FOUND_COLUMNS, _FOUND_TERMS)


def _member(hit: Found) -> dict[str, Json]:
    return {**hit.document, "kind": hit.kind, "code": hit.code, "text": hit.title}
