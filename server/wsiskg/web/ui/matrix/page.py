"""The pages of the matrix: the matrix itself, one cell of it, the same as CSV and SVG, and the question behind it."""

import csv
import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from wsiskg.model.codes import natural_key
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.http.problems import ProblemError
from wsiskg.web.languages.addresses import with_query
from wsiskg.web.ui.matrix.view import MEASURES, ORIGINS, MatrixView, View, build_matrix, read_view
from wsiskg.web.ui.site import Site

__all__ = [
    "cell_page",
    "known_values",
    "load_matrix",
    "matrix_csv",
    "matrix_page",
    "matrix_png",
    "matrix_query",
    "matrix_svg",
]

Json = Any

_MOST_PROJECTS = 50
_PNG_WIDTH = 2000
_FAMILIES = ("Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial", "WenQuanYi Micro Hei")


def known_values(index: Index) -> dict[str, Sequence[str]]:
    """Return the values that the filters of the matrix may take in a release."""
    agencies = index.facets(Listing(("link",)), ("agency",))["agency"]
    return {
        "edition": index.editions,
        "goal": [str(d["notation"]) for d in index.items(Listing(("goal",)))],
        "agency": sorted(agency for agency, _ in agencies),
        "hlpf": [str(d["id"]).rpartition(":")[2] for d in index.items(Listing(("hlpf",))) if d.get("reviewsGoal")],
        "region": [str(d["notation"]) for d in index.items(Listing(("region",)))],
    }


def load_matrix(index: Index, view: View) -> MatrixView:
    """Return the matrix of a release in the state ``view``."""
    goals = sorted(index.items(Listing(("goal",))), key=lambda d: natural_key(str(d["notation"])))
    columns = goals
    if view.goal:
        targets = index.items(Listing(("target",), {"goal": [view.goal]}))
        columns = [g for g in goals if g["notation"] == view.goal]
        columns += sorted(targets, key=lambda d: natural_key(str(d["notation"])))
    elif view.hlpf:
        session = index.get("hlpf", view.hlpf) or {}
        reviewed = {str(goal["id"]) for goal in session.get("reviewsGoal", ())}
        columns = [goal for goal in goals if goal["id"] in reviewed]
    having: dict[str, Sequence[str]] = {"edition": [view.edition]}
    of_agency: dict[str, Sequence[str]] = {"agency": [view.agency]} if view.agency else {}
    links = index.items(Listing(("link",), having | of_agency))
    before = index.items(Listing(("link",), {"edition": [view.compare], **of_agency})) if view.compare else []
    return build_matrix(
        view,
        index.items(Listing(("action-line",))),
        columns,
        links,
        index.items(Listing(("candidate",), having)),
        index.cells(ORIGINS[view.origin], view.region, (view.first, view.last), goal=view.goal),
        before,
    )


def matrix_page(site: Site, language: str, values: Mapping[str, str], *, template: str = "matrix.html") -> str:
    """Return the matrix in the state that query parameters ask for.

    Raises:
        UsageError: a parameter has no such value.

    """
    index = site.index
    known = known_values(index)
    view = read_view(values, known)
    parameters = view.parameters(index.editions[-1] if index.editions else "")
    return site.render(
        template, language, with_query("matrix", parameters), matrix=load_matrix(index, view), known=known,
        parameters=parameters, measures=_measures(view), origins=tuple(ORIGINS), query=matrix_query(index, view),
        regions=index.page(Listing(("region",))).documents, goals=index.page(Listing(("goal",))).documents,
        names={d["orgIdentifier"]: d for d in index.items(Listing(("agency",)))},
        data=_data_parameters(view),
    )  # fmt: skip


def _measures(view: View) -> tuple[str, ...]:
    """Return what may be shown: changes only against another edition."""
    return tuple(name for name in MEASURES if name != "changes" or view.compare)


def _data_parameters(view: View) -> dict[str, object]:
    """Return the parameters of the same cells in the REST interface."""
    return {
        "edition": view.edition, "goal": view.goal, "region": view.region,
        "origin": list(ORIGINS[view.origin]) if view.origin != "confirmed" else "",
        "year-from": view.first or "", "year-to": view.last or "",
    }  # fmt: skip


def matrix_query(index: Index, view: View) -> str:
    """Return the SPARQL query that gives the links of the matrix in this state, with verdicts and evidence."""
    iris = index.release.iris
    narrowed = [f"VALUES ?edition {{ <{iris.resource('edition', view.edition).value}> }}"]
    if view.agency:
        narrowed.append(f"VALUES ?agency {{ <{iris.resource('agency', view.agency).value}> }}")
    if view.goal:
        narrowed.append(f"VALUES ?goal {{ <http://metadata.un.org/sdg/{view.goal}> }}")
    if view.hlpf:
        narrowed.append(f"<{iris.resource('hlpf', view.hlpf).value}> wsis:reviewsGoal ?goal .")
    lines = "\n    ".join(narrowed)
    return f"""PREFIX adms: <http://www.w3.org/ns/adms#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wsis: <{iris.term("").value}>
SELECT ?line_code ?sdg_code ?agency_code ?status ?projects ?recognised ?countries WHERE {{
    {lines}
    ?link a wsis:Link ; wsis:edition ?edition ; wsis:actionLine ?line ; wsis:target ?sdg ; wsis:goal ?goal ;
        wsis:proposedBy ?agency .
    ?line skos:notation ?line_code .
    ?sdg skos:notation ?sdg_code .
    ?agency org:identifier ?agency_code .
    OPTIONAL {{ ?link adms:status/skos:notation ?status }}
    OPTIONAL {{
        ?assessment wsis:assessmentOf ?link ; wsis:directConfirmed ?evidence .
        ?evidence wsis:projectCount ?projects ; wsis:recognisedCount ?recognised ; wsis:countryCount ?countries
    }}
}}
ORDER BY ?line_code ?sdg_code ?agency_code
"""


def matrix_csv(site: Site, values: Mapping[str, str]) -> str:
    """Return the cells that hold anything, one a row (RFC 4180)."""
    index = site.index
    matrix = load_matrix(index, read_view(values, known_values(index)))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(
        ["edition", "line", "sdg", "links", "validated", "linked", "agencies", "projects", "recognised", "countries",
         "candidates", "new", "gone"]
    )  # fmt: skip
    for row in matrix.rows:
        for cell in row.cells:
            if cell.links or cell.projects or cell.candidates or cell.gone:
                writer.writerow(
                    [matrix.view.edition, cell.line, cell.sdg, len(cell.links), cell.validated, " ".join(cell.codes),
                     " ".join(cell.agencies), cell.projects, cell.recognised, cell.countries, len(cell.candidates),
                     " ".join(cell.new), " ".join(cell.gone)]
                )  # fmt: skip
    return text.getvalue()


def matrix_svg(site: Site, language: str, values: Mapping[str, str]) -> str:
    """Return the matrix as a picture, to print or to put into a document."""
    index = site.index
    matrix = load_matrix(index, read_view(values, known_values(index)))
    return site.render("matrix.svg", language, "matrix.svg", matrix=matrix)


def matrix_png(site: Site, language: str, values: Mapping[str, str]) -> bytes:
    """Return the same picture in pixels, with the fonts of this machine.

    Raises:
        ProblemError: 501, the machine has no fonts.

    """
    from resvg_py import svg_to_bytes

    family = _drawn_family()
    if not family:
        raise ProblemError(
            HTTPStatus.NOT_IMPLEMENTED, "this server has no fonts to draw a PNG with",
            "Take the SVG; or install fonts, on Debian: apt-get install fonts-noto-core",
        )  # fmt: skip
    svg = matrix_svg(site, language, values)
    return bytes(svg_to_bytes(svg_string=svg, width=_PNG_WIDTH, languages=[language], sans_serif_family=family))


@lru_cache(maxsize=1)
def _drawn_family() -> str:
    """Return the first of `_FAMILIES` in which a letter leaves a mark here; empty for none: text would be left out."""
    from resvg_py import svg_to_bytes

    def drawn(text: str, family: str) -> bytes:
        letter = f'<text x="2" y="16" font-family="{family}">{text}</text>'
        sheet = f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{letter}</svg>'
        return bytes(svg_to_bytes(svg_string=sheet))

    return next((family for family in _FAMILIES if drawn("M", family) != drawn("", family)), "")


def cell_page(site: Site, language: str, line: str, goal: str, values: Mapping[str, str]) -> str:
    """Return the page of a line and a goal: links, pairs without one, and projects that carry both.

    Raises:
        ProblemError: 404, there is no such line or goal.
        UsageError: there is no such edition.

    """
    index = site.index
    lined, aim = index.get("action-line", line), index.get("goal", goal)
    if lined is None or aim is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"the matrix has no cell {line} by {goal}")
    edition = read_view({"edition": values.get("edition", "")}, {"edition": index.editions}).edition
    pair: dict[str, Sequence[str]] = {"edition": [edition], "line": [line], "goal": [goal]}
    links = index.page(Listing(("link",), pair, limit=_MOST_PROJECTS))
    candidates = index.page(Listing(("candidate",), pair, limit=_MOST_PROJECTS))
    projects = index.page(
        Listing(("project",), {"line": [line], "sdg": [goal]}, sort="number", descending=True, limit=_MOST_PROJECTS)
    )
    counts = {c.sdg: c for c in index.cells(ORIGINS["confirmed"], line=line, goal=goal)}
    return site.render(
        "cell.html", language, with_query(f"matrix/{line}/{goal}", {"edition": values.get("edition", "")}),
        line=lined, goal=aim, edition=edition, links=links.documents, candidates=candidates.documents,
        projects=projects, counts=counts,
    )  # fmt: skip
