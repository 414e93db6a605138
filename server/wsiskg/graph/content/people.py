"""People, and the part that people and agencies had in something (PROV-O agents, attributions and roles)."""

from pyoxigraph import NamedNode

from wsiskg.graph.content.collector import Collector
from wsiskg.graph.iris import Iris, slug
from wsiskg.graph.vocabulary import DCAT, FOAF, PROV, RDFS
from wsiskg.tables.rows import Row

__all__ = ["add_attribution", "add_person", "add_role"]


def add_person(out: Collector, iris: Iris, row: Row, column: str) -> NamedNode:
    """Describe the person whose name stands in ``column``; return the person's IRI."""
    person = iris.resource("person", slug(row.text(column)))
    out.subject(person, row, PROV("Person"), PROV("Agent"))
    out.text(person, FOAF("name"), row, column)
    out.text(person, RDFS("label"), row, column, "en")
    return person


def add_role(out: Collector, iris: Iris, row: Row, column: str) -> NamedNode:
    """Describe the role, as free text in ``column``, in which a person acted; return its IRI."""
    role = iris.resource("publisher-role", slug(row.text(column)))
    out.subject(role, row, PROV("Role"))
    out.text(role, RDFS("label"), row, column)
    return role


def add_attribution(
    out: Collector, node: NamedNode, attribution: NamedNode, agent: NamedNode, role: NamedNode, row: Row
) -> None:
    """Say in ``attribution`` that ``agent`` had ``role`` in ``node`` (prov:qualifiedAttribution, dcat:hadRole)."""
    out.add(node, PROV("wasAttributedTo"), agent)
    out.add(node, PROV("qualifiedAttribution"), attribution)
    out.subject(attribution, row, PROV("Attribution"))
    out.add(attribution, PROV("agent"), agent)
    out.add(attribution, DCAT("hadRole"), role)
