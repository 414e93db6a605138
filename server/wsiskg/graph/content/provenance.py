"""``graph/provenance`` (PROV-O): the table behind each graph, who published each edition, what is from memory."""

import hashlib

from pyoxigraph import Literal, NamedNode

from wsiskg.graph.content.collector import Collector
from wsiskg.graph.content.matrix import proposers
from wsiskg.graph.content.people import add_attribution, add_person, add_role
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import DCTERMS, PROV, RDF, RDF_TYPE, RDFS
from wsiskg.tables.rows import Row, Table, Tables

__all__ = ["Unverified", "add_publication", "add_table", "build_activity"]

_PUBLICATION = {
    "en": "Publication of edition {}",
    "fr": "Publication de l'édition {}",
    "es": "Publicación de la edición {}",
}


class Unverified:
    """Statements without a source: each becomes an rdf:Statement that says so, beside the statement itself."""

    def __init__(self, out: Collector, iris: Iris) -> None:
        self._out = out
        self._iris = iris

    def mark(self, row: Row, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        """Record the statement if the row's status is ``unverified``."""
        if row.text("status") == "unverified":
            self.add(row, subject, predicate, value)

    def add(self, row: Row, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        """Record that the statement is from memory."""
        key = hashlib.sha256(f"{subject} {predicate} {value}".encode()).hexdigest()[:16]
        node = self._iris.resource("unverified", key)
        self._out.subject(node, row, self._iris.term("UnverifiedStatement"), RDF("Statement"))
        self._out.add(node, RDF("subject"), subject)
        self._out.add(node, RDF("predicate"), predicate)
        self._out.add(node, RDF("object"), value)
        self._out.add(node, self._iris.term("verified"), Literal(value=False))


def build_activity(out: Collector, iris: Iris) -> NamedNode:
    """Add the activity that turns tables into graphs; it carries no time, so that a rebuild gives the same bytes."""
    activity = iris.resource("activity", "build")
    out.add(activity, RDF_TYPE, PROV("Activity"))
    out.add(activity, RDFS("label"), Literal("Build of the graphs from the tables", language="en"))
    software = iris.resource("agent", "wsiskg")
    out.add(software, RDF_TYPE, PROV("SoftwareAgent"))
    out.add(software, RDFS("label"), Literal("wsiskg", language="en"))
    out.add(activity, PROV("wasAssociatedWith"), software)
    return activity


def add_table(out: Collector, iris: Iris, activity: NamedNode, table: Table, graph: NamedNode) -> None:
    """Say that ``graph`` was derived from ``table``, with the table's SHA-256."""
    node = iris.resource("table", *table.file.split("/")[1:])
    for kind in (iris.term("Table"), PROV("Entity")):
        out.add(node, RDF_TYPE, kind)
    out.add(node, DCTERMS("title"), Literal(table.schema.title, language="en"))
    out.add(node, DCTERMS("description"), Literal(table.schema.description, language="en"))
    out.add(node, DCTERMS("identifier"), Literal(table.title))
    out.add(node, iris.term("sha256"), Literal(table.digest))
    out.add(node, iris.term("rows"), Literal(table.count))
    out.add(graph, RDF_TYPE, PROV("Entity"))
    out.add(graph, PROV("wasDerivedFrom"), node)
    out.add(graph, PROV("wasGeneratedBy"), activity)


def add_publication(out: Collector, iris: Iris, build: NamedNode, tables: Tables, edition: str, row: Row) -> None:
    """Say who published ``edition``, in what role and for which agency, from which file, policy and release.

    The agencies behind what changed since the edition before are proposers: the agency is not the person who published.
    """
    node = iris.resource("activity", "publish", edition)
    agency = iris.resource("agency", row.text("agency"))
    association = iris.resource("association", edition)
    out.subject(node, row, iris.term("Publication"), PROV("Activity"))
    for language, text in _PUBLICATION.items():
        out.add(node, RDFS("label"), Literal(text.format(edition), language=language))
    out.date(node, DCTERMS("date"), row, "published_on")
    session = iris.resource("hlpf", row.text("hlpf"))
    out.link(node, iris.term("hlpfSession"), session, row, "hlpf")
    agent = add_person(out, iris, row, "published_by")
    role = add_role(out, iris, row, "role")
    out.add(node, PROV("wasAssociatedWith"), agent)
    out.add(node, PROV("qualifiedAssociation"), association)
    out.subject(association, row, PROV("Association"))
    out.link(association, PROV("agent"), agent, row, "published_by")
    out.link(association, PROV("hadRole"), role, row, "role")
    out.link(agent, PROV("actedOnBehalfOf"), agency, row, "agency")
    _used(out, iris, node, row)
    made = iris.resource("edition", edition)
    for entity in (made, iris.graph("matrix", edition), iris.graph("evidence", edition)):
        out.subject(entity, row, PROV("Entity"))
        out.add(node, PROV("generated"), entity)
        out.add(entity, PROV("wasGeneratedBy"), node)
    for part, codes in (("publisher", (row.text("agency"),)), ("proposer", proposers(tables, edition))):
        for code in codes:
            attribution = iris.resource("attribution", edition, part, code)
            role = iris.resource("edition-role", part)
            add_attribution(out, made, attribution, iris.resource("agency", code), role, row)
    out.add(build, PROV("wasInformedBy"), node)


def _used(out: Collector, iris: Iris, node: NamedNode, row: Row) -> None:
    submission = iris.resource("submission", row.text("input_sha256")[:16])
    out.subject(submission, row, iris.term("Submission"), PROV("Entity"))
    out.text(submission, DCTERMS("identifier"), row, "input_name")
    out.text(submission, iris.term("sha256"), row, "input_sha256")
    out.link(node, PROV("used"), submission, row, "input_sha256")
    policy = iris.resource("policy", row.text("policy_sha256")[:16])
    out.subject(policy, row, iris.term("Policy"), PROV("Entity"))
    out.text(policy, DCTERMS("identifier"), row, "policy")
    out.text(policy, iris.term("sha256"), row, "policy_sha256")
    out.link(node, PROV("used"), policy, row, "policy_sha256")
    before = iris.resource("release", row.text("release_before"))
    out.subject(before, row, PROV("Entity"))
    out.link(node, PROV("used"), before, row, "release_before")
