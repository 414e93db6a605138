"""``graph/matrix/<edition>`` and ``graph/current``: the links of each edition, and the latest one's shortcuts.

A link that the edition before held too says so (dcat:previousVersion), and whether it was amended (prov:wasRevisionOf).
"""

from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode

from wsiskg.graph.content.collector import Collector
from wsiskg.graph.content.links import Ends, add_link, add_target, pair_label
from wsiskg.graph.content.people import add_attribution, add_person, add_role
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import DC, DCAT, DCTERMS, PROV, RDFS, SSSOM, VOID
from wsiskg.model.codes import UN_LANGUAGES, sdg_goal_of
from wsiskg.tables.rows import Row, Tables

__all__ = ["add_current", "add_edition", "latest_edition", "link_content", "previous_edition", "proposers"]

_DECIDED: Mapping[str, Mapping[str, str]] = {
    "contested": {"en": "Contested: ", "fr": "Contesté : ", "es": "Impugnado: "},
    "retired": {"en": "Retired: ", "fr": "Retiré : ", "es": "Retirado: "},
    "amended": {"en": "Amended: ", "fr": "Modifié : ", "es": "Modificado: "},
    "upheld": {"en": "Upheld: ", "fr": "Maintenu : ", "es": "Mantenido: "},
}


def latest_edition(tables: Tables) -> str:
    """Return the code of the newest edition (codes begin with their year)."""
    return max(tables.groups("links"))


def previous_edition(tables: Tables, code: str) -> str:
    """Return the code of the edition before ``code``, empty if it is the first."""
    return max((e for e in tables.groups("links") if e < code), default="")


def add_edition(out: Collector, iris: Iris, tables: Tables, code: str) -> None:
    """Add the links, rationales, discrepancies and decisions of edition ``code``."""
    edition = iris.resource("edition", code)
    before = previous_edition(tables, code)
    if before:
        out.add(edition, DCAT("previousVersion"), iris.resource("edition", before))
    for row in tables.groups("editions")[code]:
        _edition(out, iris, edition, row)
    rationales = {row.text("id"): row for row in tables.groups("rationales")[code]}
    for row in tables.groups("links")[code]:
        _link(out, iris, edition, code, row, rationales)
    if before:
        _revisions(out, iris, tables, before, code)
    for row in tables.groups("discrepancies")[code]:
        _discrepancy(out, iris, edition, code, row)
    for row in tables.groups("decisions").get(code, ()):
        _decision(out, iris, code, before, row)


def add_current(out: Collector, iris: Iris, tables: Tables) -> None:
    """Add the shortcuts ``line wsis:supports goal-or-target`` of the latest edition."""
    for row in tables.groups("links")[latest_edition(tables)]:
        line = iris.resource("action-line", row.text("action_line"))
        out.add(line, iris.term("supports"), iris.sdg(row.text("target")))


def link_content(tables: Tables, code: str) -> Mapping[tuple[str, str], tuple[object, ...]]:
    """Return what each link of an edition says, by (action line, target): texts, proposers, source, note."""
    texts = {
        row.text("id"): tuple(row.text(f"text_{language}") for language in UN_LANGUAGES)
        for row in tables.groups("rationales")[code]
    }
    return {
        (row.text("action_line"), row.text("target")): (
            texts.get(row.text("rationale")),
            *(row.values(name) for name in ("proposed_by", "proposer_basis", "status", "source_url", "confidence")),
            row.text("note"),
        )
        for row in tables.groups("links")[code]
    }


def proposers(tables: Tables, code: str) -> tuple[str, ...]:
    """Return the agencies behind what is new, changed or retired in an edition, in order of their codes."""
    before = previous_edition(tables, code)
    older = link_content(tables, before) if before else {}
    newer = link_content(tables, code)
    found = {agency for row in tables.groups("decisions").get(code, ()) for agency in row.values("proposed_by")}
    for row in tables.groups("links")[code]:
        pair = (row.text("action_line"), row.text("target"))
        if older.get(pair) != newer[pair]:
            found |= set(row.values("proposed_by"))
    return tuple(sorted(found))


def _edition(out: Collector, iris: Iris, edition: NamedNode, row: Row) -> None:
    types = (iris.term("Edition"), iris.term("LinkSet"), SSSOM("MappingSet"), DCAT("Dataset"), VOID("Linkset"))
    out.subject(edition, row, *types)
    out.text(edition, DCTERMS("identifier"), row, "code")
    out.texts(edition, DCTERMS("title"), row, "title", ("en", "fr", "es"))
    out.date(edition, DCTERMS("issued"), row, "issued")
    for session in row.values("hlpf"):
        out.link(edition, iris.term("hlpfSession"), iris.resource("hlpf", session), row, "hlpf")
    out.text(edition, DC("creator"), row, "creator")
    out.text(edition, DC("publisher"), row, "publisher")
    out.text(edition, DC("rights"), row, "licence")
    out.text(edition, iris.term("note"), row, "note", "en")
    out.sources(edition, row)


def _link(out: Collector, iris: Iris, edition: NamedNode, code: str, row: Row, rationales: Mapping[str, Row]) -> None:
    line, target = row.text("action_line"), row.text("target")
    link = iris.resource("link", code, f"{line}-{target}")
    add_link(out, iris, link, Ends(line=line, sdg=target), row)
    out.add(link, iris.term("edition"), edition)
    out.add(link, iris.term("linkSet"), edition)
    if key := row.text("rationale"):
        out.texts(link, iris.term("rationale"), rationales[key], "text", UN_LANGUAGES)
        out.text(link, iris.term("rationaleKey"), row, "rationale")
    agencies = (iris.resource("agency", a) for a in row.values("proposed_by"))
    out.links(link, iris.term("proposedBy"), agencies, row, "proposed_by")
    basis = iris.resource("attribution-basis", row.text("proposer_basis"))
    out.link(link, iris.term("attributionBasis"), basis, row, "proposer_basis")
    out.decimal(link, SSSOM("confidence"), row, "confidence")
    out.add(link, PROV("wasDerivedFrom"), iris.graph("matrix", code))
    out.text(link, iris.term("note"), row, "note", "en")
    out.sources(link, row)


def _revisions(out: Collector, iris: Iris, tables: Tables, before: str, code: str) -> None:
    """Relate each link to the same pair's link in the edition before."""
    older, newer = link_content(tables, before), link_content(tables, code)
    for pair in sorted(older.keys() & newer.keys()):
        link, former = (iris.resource("link", edition, "-".join(pair)) for edition in (code, before))
        out.add(link, DCAT("previousVersion"), former)
        if older[pair] != newer[pair]:
            out.add(link, PROV("wasRevisionOf"), former)


def _decision(out: Collector, iris: Iris, code: str, before: str, row: Row) -> None:
    line, target, kind = row.text("action_line"), row.text("target"), row.text("decision")
    node = iris.resource("decision", code, f"{line}-{target}", kind)
    out.subject(node, row, iris.term("Decision"), PROV("Entity"))
    for language, verb in _DECIDED[kind].items():
        out.add(node, RDFS("label"), Literal(f"{verb}{pair_label(line, target, language)}", language=language))
    out.link(node, iris.term("decision"), iris.resource("decision", kind), row, "decision")
    out.add(node, iris.term("edition"), iris.resource("edition", code))
    out.link(node, iris.term("actionLine"), iris.resource("action-line", line), row, "action_line")
    add_target(out, iris, node, target, row, "target")
    holder = before if kind == "retired" else code
    out.add(node, iris.term("decidedLink"), iris.resource("link", holder, f"{line}-{target}"))
    out.text(node, DC("creator"), row, "by")
    person = add_person(out, iris, row, "by")
    if row.text("role"):
        attribution = iris.resource("attribution", code, f"{line}-{target}", kind)
        add_attribution(out, node, attribution, person, add_role(out, iris, row, "role"), row)
    else:
        out.add(node, PROV("wasAttributedTo"), person)
    if agency := row.text("agency"):
        out.link(node, iris.term("agency"), iris.resource("agency", agency), row, "agency")
    agencies = (iris.resource("agency", a) for a in row.values("proposed_by"))
    out.links(node, iris.term("proposedBy"), agencies, row, "proposed_by")
    out.date(node, DCTERMS("date"), row, "decided_on")
    out.text(node, DCTERMS("description"), row, "reason")
    out.sources(node, row)


def _discrepancy(out: Collector, iris: Iris, edition: NamedNode, code: str, row: Row) -> None:
    node = iris.resource("discrepancy", code, row.text("id"))
    line, sdg = row.text("action_line"), row.text("sdg")
    out.subject(node, row, iris.term("Discrepancy"))
    out.link(node, iris.term("actionLine"), iris.resource("action-line", line), row, "action_line")
    out.link(node, iris.term("goal"), iris.sdg(sdg_goal_of(sdg)), row, "sdg")
    out.add(node, iris.term("edition"), edition)
    out.text(node, iris.term("byLineTable"), row, "by_line_table", "en")
    out.text(node, iris.term("byGoalTable"), row, "by_goal_table", "en")
    out.text(node, iris.term("reading"), row, "reading", "en")
    out.link(node, iris.term("outcome"), iris.resource("outcome", row.text("outcome")), row, "outcome")
    for target in row.values("link_target"):
        result = iris.resource("link", code, f"{line}-{target}")
        out.link(node, iris.term("resultingLink"), result, row, "link_target")
    out.sources(node, row)
