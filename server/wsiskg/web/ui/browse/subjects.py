"""The pages of single things: a link, a line, a goal, an agency, a project and so on, each from its document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.store.index.search import Found
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.addresses import PAGES, code_of
from wsiskg.web.languages.preference import language_of
from wsiskg.web.ui.browse.evidence import measures, thresholds
from wsiskg.web.ui.drawings.charts import figure_chart
from wsiskg.web.ui.site import Site
from wsiskg.web.ui.templates import data_block

__all__ = ["SUBJECTS", "page_of_resource", "subject_page"]

Json = Any
Extra = Callable[[Index, str, Mapping[str, Json]], Mapping[str, Any]]

_MOST = 100


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of page: its template, and what the template shows beside the document."""

    template: str
    beside: Extra


def subject_page(site: Site, language: str, kind: str, code: str, *, template: str = "") -> str:
    """Return the page of a resource.

    Args:
        site: renders it.
        language: of the page.
        kind: one of `SUBJECTS`.
        code: its code within the kind, such as ``2015/C2-9.c`` for a link.
        template: in place of that of the kind.

    Raises:
        ProblemError: 404, there is no such thing.

    """
    subject, index = SUBJECTS[kind], site.index
    document = next((d for k in PAGES[kind] if (d := index.get(k, code)) is not None), None)
    if document is None:
        raise _absent(index, kind, code)
    beside = subject.beside(index, code, document)
    # A frame is a part of somebody else's page, which says what it is about itself.
    linked = "" if template else data_block(index.release.iris, document)
    return site.render(
        template or subject.template, language, f"{kind}/{code}", kind=kind, code=code, it=document,
        linked_data=linked, **beside,
    )  # fmt: skip


def page_of_resource(site: Site, http: HttpRequest, page: str, headers: Mapping[str, str]) -> Response:
    """Answer with the page about a resource at the address of the resource, in the language its reader likes best.

    Args:
        site: renders it.
        http: the request.
        page: path of the page without its language, such as ``link/2015/C2-9.c``, percent-encoded.
        headers: of the answer.

    """
    language = language_of(http)
    kind, _, code = page.partition("/")
    sent = {**headers, "Vary": "Accept, Accept-Language", "Content-Location": f"/{language}/{page}"}
    return site.answer(http, language, lambda: subject_page(site, language, kind, unquote(code)), sent, path=page)


def _absent(index: Index, kind: str, code: str) -> ProblemError:
    """Return the error of a page that is not there; a link that an edition retired is gone (410)."""
    edition, _, pair = code.partition("/")
    held = index.codes("link", "pair", pair) if kind == "link" and pair else []
    if not held:
        return ProblemError(
            HTTPStatus.NOT_FOUND, f"there is no {kind} {code}", "Search for it, or begin at the matrix."
        )
    retired = index.codes("decision", "pair", pair) if edition in index.editions else []
    status = HTTPStatus.GONE if any(d.startswith(f"{edition}/") for d in retired) else HTTPStatus.NOT_FOUND
    near = [Found("link", other, pair, {"id": f"kg:link/{other}"}) for other in held]
    return ProblemError(status, f"edition {edition} has no link {pair}", "Another edition has it.", near=near)


def _links(index: Index, facet: str, code: str) -> tuple[dict[str, Json], ...]:
    having = {"edition": list(index.editions[-1:]), facet: [code]}
    return index.page(Listing(("link",), having, limit=500)).documents


def _projects(index: Index, facet: str, code: str) -> dict[str, Any]:
    page = index.page(Listing(("project",), {facet: [code]}, sort="year", descending=True, limit=_MOST))
    return {"projects": page, "projects_by": facet}


def _link(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    edition, _, pair = code.partition("/")
    line, _, sdg = pair.rpartition("-")
    direct = index.page(
        Listing(("project",), {"line": [line], "sdg": [sdg]}, sort="year", descending=True, limit=_MOST)
    )
    weaker = None
    if "." in sdg:
        weaker = index.page(
            Listing(
                ("project",), {"line": [line], "named-goal": [sdg_goal_of(sdg)]}, {"sdg": [sdg]}, sort="year",
                descending=True, limit=_MOST,
            )
        )  # fmt: skip
    history = [e for e in index.editions if index.codes("link", "pair", pair) and index.get("link", f"{e}/{pair}")]
    decisions = index.page(Listing(("decision",), {"pair": [pair]}, limit=_MOST)).documents
    assessments = document.get("assessments", ())
    found = measures(assessments[0], thresholds(assessments[0], index.release.iris)) if assessments else ()
    return {
        "edition": edition, "pair": pair, "direct": direct, "weaker": weaker, "history": history,
        "decisions": decisions, "assessment": assessments[0] if assessments else None, "measures": found,
    }  # fmt: skip


def _candidate(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    pair = code.partition("/")[2]
    line, _, sdg = pair.rpartition("-")
    direct = index.page(
        Listing(("project",), {"line": [line], "sdg": [sdg]}, sort="year", descending=True, limit=_MOST)
    )
    return {"pair": pair, "direct": direct, "measures": measures(document, {})}


def _line(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    edition = list(index.editions[-1:])
    facilitations = sorted(document.get("facilitations", ()), key=lambda f: -int(f.get("observedYear", 0)))
    return {
        "links": _links(index, "line", code),
        "candidates": index.page(Listing(("candidate",), {"edition": edition, "line": [code]}, limit=20)).documents,
        "children": index.page(Listing(("action-line",), {"parent": [code]})).documents,
        "facilitations": facilitations,
        **_projects(index, "line", code),
    }


def _sdg(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    goal = "." not in code
    edition = list(index.editions[-1:])
    facet = "goal" if goal else "sdg"
    targets = index.page(Listing(("target",), {"goal": [code]}, limit=100)).documents if goal else ()
    candidates = index.page(Listing(("candidate",), {"edition": edition, facet: [code]}, limit=20)).documents
    sessions = index.page(Listing(("hlpf",), {"goal": [sdg_goal_of(code)]})).documents
    return {
        "is_goal": goal,
        "goal_code": sdg_goal_of(code),
        "links": _links(index, facet, code),
        "candidates": candidates,
        "targets": sorted(targets, key=lambda d: natural_key(str(d["notation"]))),
        "sessions": sessions,
        **_projects(index, "sdg", code),
    }


def _connect(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    members = index.page(Listing(("connect2020",), {"goal": [code]}, limit=50)).documents if "." not in code else ()
    return {"members": [d for d in members if d["id"] != document["id"]], "chart": figure_chart(document)}


def _agency(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    return {"links": _links(index, "agency", code)}


def _hlpf(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    goals = [code_of(str(goal["id"])) for goal in document.get("reviewsGoal", ())]
    having = {"edition": list(index.editions[-1:]), "goal": goals}
    links = index.page(Listing(("link",), having, limit=500)).documents if goals else ()
    return {"goals": sorted(goals, key=natural_key), "links": links}


def _country(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    awards = index.page(Listing(("award",), {"country": [code]}, sort="year", descending=True, limit=_MOST))
    return {"awards": awards, **_projects(index, "country", code)}


def _region(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    countries = index.page(Listing(("country",), {"region": [code]}, sort="name", limit=100)).documents
    awards = index.page(Listing(("award",), {"region": [code]}, sort="year", descending=True, limit=1))
    return {"countries": countries, "awards": awards, **_projects(index, "region", code)}


def _edition(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    links = index.items(Listing(("link",), {"edition": [code]}))
    statuses: dict[str, int] = {}
    agencies: dict[str, int] = {}
    for link in links:
        statuses[code_of(str(link.get("status", "")))] = statuses.get(code_of(str(link.get("status", ""))), 0) + 1
        for agency in link.get("proposedBy", ()):
            agencies[code_of(agency)] = agencies.get(code_of(agency), 0) + 1
    sessions = [d for d in index.page(Listing(("hlpf",), limit=100)).documents if d.get("triggersMatrixUpdate")]
    goal_level = sum("." not in code_of(str(link["target"])) for link in links)
    return {
        "links": len(links), "goal_level": goal_level, "statuses": statuses,
        "agencies": sorted(agencies.items(), key=lambda item: (-item[1], item[0])), "sessions": sessions,
        **_changes(index, code),
    }  # fmt: skip


def _changes(index: Index, code: str) -> dict[str, Any]:
    """Return the pairs of an edition that the one before lacks, says otherwise, or alone has."""
    place = index.editions.index(code) if code in index.editions else 0
    if not place:
        return {"against": ""}
    against = index.editions[place - 1]
    now, before = index.digests(code), index.digests(against)
    return {
        "against": against,
        "added": [pair for pair in now if pair not in before],
        "removed": [pair for pair in before if pair not in now],
        "changed": [pair for pair in now if pair in before and now[pair][0] != before[pair][0]],
    }


def _organisation(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    return _projects(index, "organisation", code)


def _register(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    return _projects(index, "register", code)


def _nothing(index: Index, code: str, document: Mapping[str, Json]) -> Mapping[str, Any]:
    return {}


SUBJECTS: Mapping[str, Subject] = {
    "link": Subject("link.html", _link),
    "candidate": Subject("candidate.html", _candidate),
    "action-line": Subject("line.html", _line),
    "sdg": Subject("sdg.html", _sdg),
    "connect2020": Subject("connect.html", _connect),
    "agency": Subject("agency.html", _agency),
    "project": Subject("project.html", _nothing),
    "award": Subject("award.html", _nothing),
    "hlpf": Subject("hlpf.html", _hlpf),
    "country": Subject("country.html", _country),
    "region": Subject("region.html", _region),
    "edition": Subject("edition.html", _edition),
    "organisation": Subject("organisation.html", _organisation),
    "register": Subject("register.html", _register),
    "event": Subject("event.html", _nothing),
}
"""Kinds of pages by their name in the address."""
