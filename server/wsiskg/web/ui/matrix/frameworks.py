"""Three frameworks in one view: Connect 2020 targets, SDGs, action lines, and the links between them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.store.evaluate import Request
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.languages.addresses import code_of
from wsiskg.web.ui.drawings.charts import Sankey, sankey
from wsiskg.web.ui.site import Site

__all__ = ["Path", "Proposal", "ask_proposals", "frameworks_page", "join_paths"]

Json = Any

_QUERY = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sssom: <https://w3id.org/sssom/>
PREFIX wsis: <{terms}>
SELECT ?connect ?object ?confidence ?link WHERE {{
    ?link a wsis:Link ; wsis:connectTarget ?target ; sssom:object_id ?named .
    ?target skos:notation ?connect . ?named skos:notation ?object
    OPTIONAL {{ ?link sssom:confidence ?confidence }}
}} ORDER BY ?connect ?object ?link"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link that this project proposes from a Connect 2020 target to an SDG or an action line, by their codes."""

    connect: str
    named: str
    confidence: str
    iri: str


@dataclass(frozen=True, slots=True)
class Path:
    """From a Connect 2020 target over an SDG to an action line: a proposal, and a published link (its document)."""

    proposal: Proposal
    line: str
    link: Mapping[str, Json]


def join_paths(proposals: Iterable[Proposal], links: Iterable[Mapping[str, Json]]) -> list[Path]:
    """Return the paths of two links that meet at the same SDG goal or target."""
    by_target: dict[str, list[Mapping[str, Json]]] = {}
    for link in links:
        by_target.setdefault(code_of(str(link["target"])), []).append(link)
    found = [
        Path(proposal, code_of(str(link["actionLine"])), link)
        for proposal in proposals
        for link in by_target.get(proposal.named, ())
    ]
    return sorted(found, key=lambda p: (p.proposal.connect, natural_key(p.proposal.named), natural_key(p.line)))


async def ask_proposals(site: Site) -> tuple[Proposal, ...]:
    """Return what this project proposes about Connect 2020, from the graph.

    Raises:
        QueryError: the graph cannot be asked.

    """
    query = _QUERY.format(terms=site.engine.release.iris.term("").value)
    answer = await site.engine.ask(Request(query, "application/sparql-results+json"))
    rows = json.loads(answer.body)["results"]["bindings"]
    return tuple(
        Proposal(*(str(row.get(name, {}).get("value", "")) for name in ("connect", "object", "confidence", "link")))
        for row in rows
    )


def frameworks_page(site: Site, language: str, proposals: tuple[Proposal, ...]) -> str:
    """Return the view of the three frameworks: a drawing, and the same as a table."""
    index = site.index
    links = index.items(Listing(("link",), {"edition": list(index.editions[-1:])}))
    paths = join_paths(proposals, links)
    named = {d["id"]: d for kind in ("connect2020", "action-line", "goal", "target") for d in _all(index, kind)}
    direct = {(p.connect, p.named) for p in proposals}
    return site.render(
        "frameworks.html", language, "frameworks", paths=paths, named=named, drawing=_drawing(paths), direct=direct,
        proposals=proposals,
    )  # fmt: skip


def _all(index: Index, kind: str) -> list[dict[str, Json]]:
    return index.items(Listing((kind,)))


def _drawing(paths: Iterable[Path]) -> Sankey:
    """Return the drawing: proposals to goals on one side, published links from goals to lines on the other."""
    proposed: dict[tuple[str, str], set[str]] = {}
    published: dict[tuple[str, str], set[str]] = {}
    for path in paths:
        goal = f"sdg:{sdg_goal_of(path.proposal.named)}"
        proposed.setdefault((f"c2020:{path.proposal.connect}", goal), set()).add(path.proposal.iri)
        published.setdefault((goal, f"line:{path.line}"), set()).add(str(path.link["id"]))
    flows = [(a, b, len(links), "proposed") for (a, b), links in proposed.items()]
    flows += [(a, b, len(links), "published") for (a, b), links in published.items()]

    def ordered(names: Iterable[str]) -> list[str]:
        return sorted(set(names), key=lambda name: natural_key(code_of(name)))

    columns = (
        ordered(a for a, _ in proposed), ordered(b for _, b in proposed), ordered(b for _, b in published),
    )  # fmt: skip
    return sankey(columns, flows, width=900, unit=5, gap=6)
