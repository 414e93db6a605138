"""``graph/provenance``: which table each graph came from, and which statements are from memory (PROV-O)."""

import hashlib

from pyoxigraph import Literal, NamedNode

from wsiskg.graph.collector import Collector
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import DCTERMS, PROV, RDF, RDF_TYPE, RDFS
from wsiskg.tables.rows import Row, Table

__all__ = ["Unverified", "add_table", "build_activity"]


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
    out.add(node, RDF_TYPE, PROV("Entity"))
    out.add(node, DCTERMS("title"), Literal(table.schema.title, language="en"))
    out.add(node, DCTERMS("description"), Literal(table.schema.description, language="en"))
    out.add(node, DCTERMS("identifier"), Literal(table.file))
    out.add(node, iris.term("sha256"), Literal(table.digest))
    out.add(node, iris.term("rows"), Literal(len(table.rows)))
    out.add(graph, RDF_TYPE, PROV("Entity"))
    out.add(graph, PROV("wasDerivedFrom"), node)
    out.add(graph, PROV("wasGeneratedBy"), activity)
