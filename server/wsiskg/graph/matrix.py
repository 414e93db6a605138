"""``graph/matrix/<edition>`` and ``graph/current``: the links of each edition, and the latest one's shortcuts."""

from collections.abc import Mapping

from pyoxigraph import NamedNode

from wsiskg.graph.collector import Collector
from wsiskg.graph.iris import Iris
from wsiskg.graph.links import Ends, add_link
from wsiskg.graph.vocabulary import DC, DCAT, DCTERMS, PROV, SSSOM, VOID
from wsiskg.model.codes import sdg_goal_of
from wsiskg.tables.rows import Row, Tables

__all__ = ["add_current", "add_edition", "latest_edition"]


def latest_edition(tables: Tables) -> str:
    """Return the code of the newest edition (codes begin with their year)."""
    return max(tables.groups("links"))


def add_edition(out: Collector, iris: Iris, tables: Tables, code: str) -> None:
    """Add the links, rationales and discrepancies of edition ``code``."""
    edition = iris.resource("edition", code)
    for row in tables.groups("editions")[code]:
        _edition(out, iris, edition, row)
    rationales = {row.text("id"): row for row in tables.groups("rationales")[code]}
    for row in tables.groups("links")[code]:
        _link(out, iris, edition, code, row, rationales)
    for row in tables.groups("discrepancies")[code]:
        _discrepancy(out, iris, edition, code, row)


def add_current(out: Collector, iris: Iris, tables: Tables) -> None:
    """Add the shortcuts ``line wsis:supports goal-or-target`` of the latest edition."""
    for row in tables.groups("links")[latest_edition(tables)]:
        line = iris.resource("action-line", row.text("action_line"))
        out.add(line, iris.term("supports"), iris.sdg(row.text("target")))


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
        out.texts(link, iris.term("rationale"), rationales[key], "text", ("en", "fr", "es"))
        out.text(link, iris.term("rationaleKey"), row, "rationale")
    agencies = (iris.resource("agency", a) for a in row.values("proposed_by"))
    out.links(link, iris.term("proposedBy"), agencies, row, "proposed_by")
    basis = iris.resource("attribution-basis", row.text("proposer_basis"))
    out.link(link, iris.term("attributionBasis"), basis, row, "proposer_basis")
    out.add(link, PROV("wasDerivedFrom"), iris.graph("matrix", code))
    out.text(link, iris.term("note"), row, "note", "en")
    out.sources(link, row)


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
