"""``graph/connect2020``: ITU's goals and targets, reported figures, published statements and our proposals."""

from pyoxigraph import Literal, NamedNode

from wsiskg.graph.content.collector import Collector
from wsiskg.graph.content.links import Ends, add_level, add_link
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import ADMS_STATUS, DCTERMS, PROV, RDF_TYPE, RDFS, SEMAPV, SKOS, SSSOM
from wsiskg.tables.rows import Row, Tables

__all__ = ["add_connect2020"]

_LABELS = ("en", "fr", "es")


def add_connect2020(out: Collector, iris: Iris, tables: Tables) -> None:
    """Add the tables of ``mappings/connect2020`` to ``out``."""
    _concepts(out, iris, tables)
    _figures(out, iris, tables)
    _statements(out, iris, tables)
    _proposals(out, iris, tables)


def _concepts(out: Collector, iris: Iris, tables: Tables) -> None:
    scheme = iris.scheme("connect2020")
    for row in tables["connect2020_concepts"]:
        concept = iris.resource("connect2020", row.text("code"))
        kind = iris.term("Connect2020Goal" if row.text("kind") == "goal" else "Connect2020Target")
        out.subject(concept, row, kind, SKOS("Concept"))
        out.text(concept, SKOS("notation"), row, "code")
        out.texts(concept, SKOS("prefLabel"), row, "label", _LABELS)
        out.add(concept, SKOS("inScheme"), scheme)
        if parent := row.text("parent"):
            out.link(concept, SKOS("broader"), iris.resource("connect2020", parent), row, "parent")
            out.add(iris.resource("connect2020", parent), SKOS("narrower"), concept)
        else:
            out.add(concept, SKOS("topConceptOf"), scheme)
            out.add(scheme, SKOS("hasTopConcept"), concept)
        out.decimal(concept, iris.term("targetValue"), row, "value")
        out.text(concept, iris.term("unit"), row, "unit")
        if direction := row.text("direction"):
            out.link(concept, iris.term("direction"), iris.resource("direction", direction), row, "direction")
        out.text(concept, iris.term("scope"), row, "scope")
        out.integer(concept, iris.term("deadline"), row, "deadline")
        out.decimal(concept, iris.term("baselineValue"), row, "baseline_value")
        out.text(concept, iris.term("baselineUnit"), row, "baseline_unit")
        out.integer(concept, iris.term("baselineYear"), row, "baseline_year")
        for page in row.values("baseline_source_url"):
            out.link(concept, iris.term("baselineSource"), NamedNode(page), row, "baseline_source_url")
        if row.text("status") == "unverified":
            out.add(concept, iris.term("verified"), Literal(value=False))
        _remarks(out, iris, concept, row)


def _figures(out: Collector, iris: Iris, tables: Tables) -> None:
    for row in tables["figures"]:
        figure = iris.resource("figure", row.text("id"))
        out.subject(figure, row, iris.term("Figure"))
        target = iris.resource("connect2020", row.text("target"))
        out.link(figure, iris.term("connectTarget"), target, row, "target")
        out.integer(figure, iris.term("year"), row, "year")
        out.decimal(figure, iris.term("value"), row, "value")
        out.text(figure, iris.term("unit"), row, "unit")
        out.link(figure, iris.term("figureKind"), iris.resource("figure-kind", row.text("kind")), row, "kind")
        out.text(figure, iris.term("scope"), row, "scope")
        for later in row.values("revised_by"):
            out.link(figure, iris.term("revisedBy"), iris.resource("figure", later), row, "revised_by")
        _remarks(out, iris, figure, row)


def _statements(out: Collector, iris: Iris, tables: Tables) -> None:
    """ITU's published statements: links whose subject is what ITU names, none of them target by target."""
    link_set = iris.resource("link-set", "itu-statements")
    _link_set(out, iris, link_set, "Links that ITU has published about its agenda, the SDGs and the action lines")
    for row in tables["statements"]:
        link = iris.resource("link", "itu-statements", row.text("id"))
        subject = iris.resource("itu", row.text("subject_kind"), row.text("subject"))
        out.subject(link, row, iris.term("Link"), SSSOM("Mapping"))
        out.link(link, iris.term("statedSubject"), subject, row, "subject")
        out.link(link, SSSOM("subject_id"), subject, row, "subject")
        out.text(subject, RDFS("label"), row, "subject_label", "en")
        out.add(subject, RDF_TYPE, SKOS("Concept"))
        framework, code = row.text("framework"), row.text("object")
        if code == "all":
            whole = NamedNode("http://metadata.un.org/sdg") if framework == "sdg" else iris.scheme("wsis")
            out.link(link, SSSOM("object_id"), whole, row, "object")
        else:
            _object_end(out, iris, link, row, framework, code)
        out.add(link, SSSOM("predicate_id"), iris.term("supports"))
        out.add(link, SSSOM("mapping_justification"), SEMAPV("ManualMappingCuration"))
        out.link(link, iris.term("proposedBy"), iris.resource("agency", "ITU"), row, "subject")
        out.add(link, iris.term("attributionBasis"), iris.resource("attribution-basis", "stated"))
        out.add(link, iris.term("linkSet"), link_set)
        out.text(link, iris.term("statement"), row, "summary", "en")
        _remarks(out, iris, link, row)


def _object_end(out: Collector, iris: Iris, link: NamedNode, row: Row, framework: str, code: str) -> None:
    if framework == "wsis":
        end = iris.resource("action-line", code)
        out.link(link, iris.term("actionLine"), end, row, "object")
    else:
        end = iris.sdg(code)
        out.link(link, iris.term("target"), end, row, "object")
        add_level(out, iris, link, code)
    out.link(link, SSSOM("object_id"), end, row, "object")


def _proposals(out: Collector, iris: Iris, tables: Tables) -> None:
    """Add this project's own proposals: never shown as ITU's, status proposed."""
    link_set = iris.resource("link-set", "connect2020-proposals")
    _link_set(out, iris, link_set, "Links from Connect 2020 targets that this project proposes")
    for row in tables["proposals"]:
        code, other = row.text("connect_target"), row.text("object")
        link = iris.resource("link", "connect2020-proposals", f"{code}-{other}")
        ends = Ends(connect=code, line=other) if row.text("framework") == "wsis" else Ends(connect=code, sdg=other)
        add_link(out, iris, link, ends, row)
        out.texts(link, iris.term("rationale"), row, "rationale", _LABELS)
        out.decimal(link, SSSOM("confidence"), row, "confidence")
        out.link(link, iris.term("proposedBy"), iris.resource("agency", row.text("proposed_by")), row, "proposed_by")
        out.add(link, iris.term("attributionBasis"), iris.resource("attribution-basis", "project-proposal"))
        out.date(link, SSSOM("mapping_date"), row, "proposed_on")
        out.add(link, ADMS_STATUS, iris.resource("status", "proposed"))
        out.add(link, iris.term("linkSet"), link_set)
        out.add(link, DCTERMS("source"), link_set)
        out.text(link, iris.term("note"), row, "note", "en")


def _link_set(out: Collector, iris: Iris, link_set: NamedNode, title: str) -> None:
    out.add(link_set, RDF_TYPE, iris.term("LinkSet"))
    out.add(link_set, RDF_TYPE, SSSOM("MappingSet"))
    out.add(link_set, RDF_TYPE, PROV("Entity"))
    out.add(link_set, DCTERMS("title"), Literal(title, language="en"))


def _remarks(out: Collector, iris: Iris, subject: NamedNode, row: Row) -> None:
    out.sources(subject, row)
    out.text(subject, iris.term("note"), row, "note", "en")
