"""The matrix over the REST interface: its cells with projects counted, and what an edition changed in another."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from wsiskg.graph.framing import framer
from wsiskg.graph.index.columns import row_of
from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.api.answers import answer, hydra_collection, kept, wants_csv
from wsiskg.web.api.listings import FORMS
from wsiskg.web.api.openapi import ROOT, api_route, operation
from wsiskg.web.api.parameters import (
    FIELDS,
    FORM,
    FORM_JSON,
    Parameter,
    Values,
    address,
    known_editions,
    of_form,
    read_values,
    year_range,
    years,
)
from wsiskg.web.serving.engine import Engine
from wsiskg.web.serving.indexes import index_of

__all__ = ["add_diff", "add_matrix"]

Json = Any

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


def add_matrix(app: FastAPI, engine: Engine) -> None:
    """Add the cells of the matrix to ``app``."""
    parameters = {
        "edition": of_form("edition", "Links of this edition; left out: of the latest."),
        "level": of_form("level", "Only cells at the level of goals, or of targets."),
        "line": of_form("line", "Only this action line."),
        "goal": of_form("goal", "Only this goal and its targets."),
        "region": of_form("region", "Count projects from this ITU region."),
        "origin": Parameter(
            FORMS["origin"][0], "declared",
            "Count pairs of tags of this origin; a pair is as strong as the weaker of its two tags. Left out: "
            "declared and assigned.", many=True,
        ),
        **years(),
        "linked": Parameter("true|false", "true", "Only cells with a link, or without one."),
        "fields": FIELDS,
        "format": FORM,
    }  # fmt: skip
    text = "Cells of the matrix: links of an edition, and projects that carry both ends (direct evidence)."

    @api_route(app, f"{ROOT}/matrix", text, operation("matrix", parameters, text))
    def matrix(http: Request) -> Response:
        index, values = index_of(engine), read_values(http, parameters)
        edition = known_editions(index, values.get("edition", ()))[0]
        cells = _cells(index, edition, values)
        context = framer(index.release.iris).context
        document = hydra_collection(address(http.url.path, values), len(cells), [kept(c, values) for c in cells])
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
    counted = index.cells(origins, values.get("region", [""])[0], year_range(values), line, goal)
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


def add_diff(app: FastAPI, engine: Engine) -> None:
    """Add the differences of two editions to ``app``."""
    text = "What an edition added to, removed from and changed in an earlier one."
    names = {"earlier": FORMS["edition"], "later": FORMS["edition"]}

    @api_route(
        app,
        f"{ROOT}/editions/{{earlier}}/diff/{{later}}",
        text,
        operation("diff", {"format": FORM_JSON}, text, path=names, csv=False),
    )
    def diff(http: Request, earlier: str, later: str) -> Response:
        index, values = index_of(engine), read_values(http, {"format": FORM_JSON})
        known_editions(index, [earlier, later])
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
