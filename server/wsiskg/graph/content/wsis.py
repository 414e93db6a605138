"""``graph/wsis``: action lines, agencies, facilitations, events, HLPF sessions, regions and countries."""

from pyoxigraph import Literal, NamedNode

from wsiskg.graph.content.collector import Collector
from wsiskg.graph.content.provenance import Unverified
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import FOAF, ORG, PROV, RDFS, SCHEMA, SKOS
from wsiskg.model.codes import UN_LANGUAGES
from wsiskg.tables.rows import Row, Tables

__all__ = ["add_wsis"]


def add_wsis(out: Collector, iris: Iris, tables: Tables, unverified: Unverified) -> None:
    """Add the tables of ``mappings/wsis`` to ``out``; what is from memory is listed in ``unverified``."""
    _action_lines(out, iris, tables, unverified)
    _agencies(out, iris, tables)
    _facilitations(out, iris, tables)
    _sessions(out, iris, tables, unverified)
    _events(out, iris, tables)
    _places(out, iris, tables, unverified)


def _action_lines(out: Collector, iris: Iris, tables: Tables, unverified: Unverified) -> None:
    scheme = iris.scheme("wsis")
    for row in tables["action_lines"]:
        line = iris.resource("action-line", row.text("code"))
        out.subject(line, row, iris.term("ActionLine"), SKOS("Concept"))
        out.text(line, SKOS("notation"), row, "code")
        out.add(line, SKOS("inScheme"), scheme)
        out.integer(line, iris.term("position"), row, "position")
        out.integer(line, iris.term("prizeCategory"), row, "prize_category")
        if parent := row.text("parent"):
            out.link(line, SKOS("broader"), iris.resource("action-line", parent), row, "parent")
            out.add(iris.resource("action-line", parent), SKOS("narrower"), line)
        else:
            out.add(line, SKOS("topConceptOf"), scheme)
            out.add(scheme, SKOS("hasTopConcept"), line)
        out.text(line, iris.term("note"), row, "note", "en")
        out.sources(line, row)
    for row in tables["action_line_titles"]:
        line = iris.resource("action-line", row.text("action_line"))
        predicate = SKOS("prefLabel" if row.text("kind") == "preferred" else "altLabel")
        out.text(line, predicate, row, "title", row.text("lang"))
        out.sources(line, row)
        unverified.mark(row, line, predicate, Literal(row.text("title"), language=row.text("lang")))


def _agencies(out: Collector, iris: Iris, tables: Tables) -> None:
    for row in tables["agencies"]:
        agency = iris.resource("agency", row.text("code"))
        # The project itself may propose links, but it is no agency.
        kind = PROV("Organization") if row.text("kind") == "project" else iris.term("Agency")
        out.subject(agency, row, kind, ORG("Organization"), PROV("Agent"))
        out.text(agency, ORG("identifier"), row, "code")
        out.texts(agency, RDFS("label"), row, "name", ("en", "fr", "es"))
        out.text(agency, SKOS("altLabel"), row, "acronym", "en")
        out.texts(agency, SKOS("altLabel"), row, "acronym", ("fr", "es"))
        for page in row.values("homepage"):
            out.link(agency, FOAF("homepage"), NamedNode(page), row, "homepage")
        _verification(out, iris, agency, row)


def _facilitations(out: Collector, iris: Iris, tables: Tables) -> None:
    for row in tables["facilitators"]:
        facilitation = iris.resource("facilitation", row.text("id"))
        out.subject(facilitation, row, iris.term("Facilitation"))
        agency = iris.resource("agency", row.text("agency"))
        out.link(
            facilitation, iris.term("actionLine"), iris.resource("action-line", row.text("action_line")), row,
            "action_line",
        )  # fmt: skip
        out.link(facilitation, iris.term("agency"), agency, row, "agency")
        out.link(facilitation, iris.term("role"), iris.resource("role", row.text("role")), row, "role")
        out.integer(facilitation, iris.term("observedYear"), row, "observed")
        out.integer(facilitation, iris.term("endedBy"), row, "ended_by")
        _verification(out, iris, facilitation, row)


def _sessions(out: Collector, iris: Iris, tables: Tables, unverified: Unverified) -> None:
    for row in tables["hlpf_sessions"]:
        session = iris.resource("hlpf", row.text("code"))
        out.subject(session, row, iris.term("HlpfSession"))
        out.text(session, RDFS("label"), row, "label", "en")
        out.text(session, iris.term("theme"), row, "theme", "en")
        out.integer(session, iris.term("year"), row, "year")
        out.date(session, SCHEMA("startDate"), row, "start")
        out.date(session, SCHEMA("endDate"), row, "end")
        for column in ("goals_in_depth", "goals_unverified"):
            out.links(session, iris.term("reviewsGoal"), map(iris.sdg, row.values(column)), row, column)
        for code in row.values("goals_unverified"):
            unverified.add(row, session, iris.term("reviewsGoal"), iris.sdg(code))
        out.text(session, iris.term("auspices"), row, "auspices")
        out.text(session, iris.term("decidedBy"), row, "decided_by")
        out.flag(session, iris.term("triggersMatrixUpdate"), row, "matrix_update")
        out.link(session, iris.term("sessionState"), iris.resource("session-state", row.text("state")), row, "state")
        _verification(out, iris, session, row)


def _events(out: Collector, iris: Iris, tables: Tables) -> None:
    for row in tables["events"]:
        event = iris.resource("event", row.text("code"))
        out.subject(event, row, iris.term("Event"))
        out.text(event, RDFS("label"), row, "label", "en")
        out.link(event, iris.term("eventKind"), iris.resource("event-kind", row.text("kind")), row, "kind")
        out.text(event, iris.term("theme"), row, "title", "en")
        out.text(event, iris.term("place"), row, "place")
        out.date(event, SCHEMA("startDate"), row, "start")
        out.date(event, SCHEMA("endDate"), row, "end")
        _verification(out, iris, event, row)


def _places(out: Collector, iris: Iris, tables: Tables, unverified: Unverified) -> None:
    for row in tables["regions"]:
        region = iris.resource("region", row.text("code"))
        out.subject(region, row, iris.term("Region"))
        out.text(region, SKOS("notation"), row, "code")
        out.texts(region, RDFS("label"), row, "name", UN_LANGUAGES)
        _verification(out, iris, region, row)
    for row in tables["countries"]:
        country = iris.resource("country", row.text("code"))
        out.subject(country, row, iris.term("Country"))
        out.text(country, SKOS("notation"), row, "code")
        out.text(country, iris.term("iso2"), row, "iso2")
        out.texts(country, RDFS("label"), row, "name", UN_LANGUAGES)
        if code := row.text("region"):
            region = iris.resource("region", code)
            out.link(country, iris.term("region"), region, row, "region")
            if row.text("region_status") == "unverified":
                unverified.add(row, country, iris.term("region"), region)
        _verification(out, iris, country, row)


def _verification(out: Collector, iris: Iris, subject: NamedNode, row: Row) -> None:
    """Add a row's sources and remark, and say so where it is from memory."""
    out.sources(subject, row)
    out.text(subject, iris.term("note"), row, "note", "en")
    if row.cells.get("status") == "unverified":
        out.add(subject, iris.term("verified"), Literal(value=False))
