"""``graph/prizes`` and ``graph/stocktaking/<register>``: projects, awards and tags as their registers report them."""

from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from wsiskg.graph.collector import Collector
from wsiskg.graph.iris import Iris, slug
from wsiskg.graph.vocabulary import DC, DCAT, DCTERMS, PROV, RDFS, SCHEMA
from wsiskg.tables.rows import Row, Table, Tables

__all__ = ["PRIZES", "add_register", "is_register_graph", "register_graph"]

PRIZES = "wsis-prizes"
"""The register whose projects and awards make up ``graph/prizes``."""


def register_graph(iris: Iris, code: str) -> NamedNode:
    """Return the named graph of register ``code``."""
    return iris.graph("prizes") if code == PRIZES else iris.graph("stocktaking", code)


def is_register_graph(iris: Iris, graph: str) -> bool:
    """Say whether the named graph ``graph`` holds a register's projects and awards."""
    return graph == iris.graph("prizes").value or graph.startswith(iris.graph("stocktaking", "").value)


def add_register(out: Collector, iris: Iris, tables: Tables, code: str) -> None:
    """Add the projects, awards and assigned tags of register ``code``."""
    register = iris.resource("register", code)
    for row in tables.groups("registers")[code]:
        out.subject(register, row, iris.term("Register"), DCAT("Dataset"))
        out.text(register, DCTERMS("identifier"), row, "code")
        out.texts(register, DCTERMS("title"), row, "title", ("en", "fr", "es"))
        out.text(register, DC("publisher"), row, "publisher")
        out.text(register, DC("rights"), row, "licence")
        out.date(register, DCTERMS("issued"), row, "as_of")
        out.text(register, iris.term("note"), row, "note", "en")
        out.sources(register, row)
    sources: dict[str, Row] = {}
    for row in tables.groups("projects")[code]:
        sources[row.text("project")] = row
        _project(out, iris, register, row)
    for row in _group(tables, "awards", code):
        _award(out, iris, register, row)
    for row in _group(tables, "tags", code):
        _tag(out, iris, row, sources)


def _group(tables: Tables, name: str, code: str) -> Sequence[Row]:
    table: Table | None = tables.groups(name).get(code)
    return table.rows if table else ()


def _concept(iris: Iris, framework: str, code: str) -> NamedNode:
    return iris.sdg(code) if framework == "sdg" else iris.resource("action-line", code)


def _project(out: Collector, iris: Iris, register: NamedNode, row: Row) -> None:
    project = iris.resource("project", row.text("project"))
    out.subject(project, row, iris.term("Project"), SCHEMA("Project"))
    out.text(project, DCTERMS("identifier"), row, "project")
    out.text(project, SCHEMA("name"), row, "title")
    out.text(project, SCHEMA("description"), row, "description", "en")
    out.add(project, iris.term("register"), register)
    for name in row.values("organisations"):
        organisation = iris.resource("organisation", slug(name))
        out.subject(organisation, row, iris.term("Organisation"), SCHEMA("Organization"))
        out.add(organisation, SCHEMA("name"), Literal(name))
        out.link(project, iris.term("organisation"), organisation, row, "organisations")
    for column, term in _COUNTRIES.items():
        nodes = (iris.resource("country", c) for c in row.values(column))
        out.links(project, iris.term(term), nodes, row, column)
    if kind := row.text("stakeholder_type"):
        node = iris.resource("stakeholder-type", kind)
        out.link(project, iris.term("stakeholderType"), node, row, "stakeholder_type")
    lines = (iris.resource("action-line", c) for c in row.values("action_lines"))
    out.links(project, iris.term("declaredTag"), lines, row, "action_lines")
    out.links(project, iris.term("declaredTag"), map(iris.sdg, row.values("sdgs")), row, "sdgs")
    out.integer(project, iris.term("firstYear"), row, "first_year")
    out.links(project, SCHEMA("url"), map(NamedNode, row.values("url")), row, "url")
    out.sources(project, row)
    out.text(project, iris.term("sourceTitle"), row, "source_title")
    out.text(project, iris.term("note"), row, "note", "en")


_COUNTRIES: Mapping[str, str] = {
    "countries": "country",
    "development_countries": "developmentCountry",
    "deployment_countries": "deploymentCountry",
}


def _award(out: Collector, iris: Iris, register: NamedNode, row: Row) -> None:
    award = iris.resource("award", row.text("record"))
    out.subject(award, row, iris.term("Award"))
    out.text(award, DCTERMS("identifier"), row, "record")
    out.text(award, SCHEMA("name"), row, "title")
    out.add(award, iris.term("register"), register)
    project = iris.resource("project", row.text("project"))
    out.link(award, iris.term("project"), project, row, "project")
    out.add(project, SCHEMA("award"), award)
    out.integer(award, iris.term("year"), row, "year")
    out.link(award, iris.term("grade"), iris.resource("grade", row.text("grade")), row, "grade")
    out.flag(award, iris.term("gradeCertain"), row, "grade_certain")
    if line := row.text("category"):
        out.link(award, iris.term("actionLine"), iris.resource("action-line", line), row, "category")
    out.sources(award, row)
    out.text(award, iris.term("sourceTitle"), row, "source_title")
    out.text(award, iris.term("note"), row, "note", "en")


def _tag(out: Collector, iris: Iris, row: Row, projects: Mapping[str, Row]) -> None:
    """Add a tag that a curator assigned: a direct statement for queries, and a node that says who, when and why."""
    code = row.text("project")
    project, value = iris.resource("project", code), _concept(iris, row.text("framework"), row.text("code"))
    node = iris.resource("tag", f"{code}-{row.text('framework')}-{row.text('code')}")
    out.subject(node, row, iris.term("TagAssignment"))
    out.link(project, iris.term("assignedTag"), value, row, "code")
    out.link(node, iris.term("tagged"), project, row, "project")
    out.link(node, iris.term("tagValue"), value, row, "code")
    out.add(node, iris.term("origin"), iris.resource("origin", "assigned"))
    out.text(node, iris.term("reason"), row, "reason", "en")
    curator = iris.resource("agent", slug(row.text("curator")))
    out.subject(curator, row, PROV("Agent"))
    out.text(curator, RDFS("label"), row, "curator", "en")
    out.link(node, PROV("wasAttributedTo"), curator, row, "curator")
    out.date(node, DCTERMS("date"), row, "assigned_on")
    # The source of an assigned tag is the record that the curator read.
    out.sources(node, projects[code])
