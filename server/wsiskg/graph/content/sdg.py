"""``graph/sdg``: goals, targets and indicators under the UN's own IRIs."""

from pyoxigraph import Literal, NamedNode

from wsiskg.graph.content.collector import Collector
from wsiskg.graph.iris import SDGO, Iris
from wsiskg.graph.vocabulary import RDF_TYPE, RDFS, SCHEMA, SKOS, Vocabulary
from wsiskg.model.codes import UN_LANGUAGES
from wsiskg.tables.rows import Row, Tables

__all__ = ["SDG_SCHEME", "add_sdgs"]

SDG_SCHEME = NamedNode("http://metadata.un.org/sdg")
_SDGO = Vocabulary(SDGO)


def add_sdgs(out: Collector, iris: Iris, tables: Tables) -> None:
    """Add the 17 goals, 169 targets and their indicators to ``out``."""
    out.add(SDG_SCHEME, RDF_TYPE, SKOS("ConceptScheme"))
    out.add(SDG_SCHEME, SKOS("prefLabel"), Literal("Sustainable Development Goals", language="en"))
    out.add(SDG_SCHEME, SKOS("prefLabel"), Literal("Objectifs de développement durable", language="fr"))
    out.add(SDG_SCHEME, SKOS("prefLabel"), Literal("Objetivos de Desarrollo Sostenible", language="es"))
    for row in tables["goals"]:
        goal = iris.sdg(row.text("code"))
        _concept(out, goal, row, "Goal")
        out.texts(goal, SKOS("prefLabel"), row, "title", UN_LANGUAGES)
        out.text(goal, SCHEMA("color"), row, "colour")
        out.add(goal, SKOS("topConceptOf"), SDG_SCHEME)
        out.add(SDG_SCHEME, SKOS("hasTopConcept"), goal)
        out.text(goal, iris.term("note"), row, "note", "en")
    for row in tables["targets"]:
        target, goal = iris.sdg(row.text("code")), iris.sdg(row.text("goal"))
        _concept(out, target, row, "Target")
        out.texts(target, SKOS("prefLabel"), row, "label", ("en", "fr", "es"))
        out.link(target, SKOS("broader"), goal, row, "goal")
        out.link(target, _SDGO("isTargetOf"), goal, row, "goal")
        out.add(goal, _SDGO("hasTarget"), target)
    for row in tables["indicators"]:
        indicator = iris.sdg(row.text("un_id"))
        _concept(out, indicator, row, "Indicator")
        for code in row.values("targets"):
            out.link(indicator, SKOS("broader"), iris.sdg(code), row, "targets")
            out.link(indicator, _SDGO("isIndicatorOf"), iris.sdg(code), row, "targets")
            out.add(iris.sdg(code), _SDGO("hasIndicator"), indicator)
        for tier in row.values("tier"):
            out.add(indicator, _SDGO("tier"), NamedNode(f"{SDGO}tier_{tier}"))
        for agency in row.values("custodians"):
            out.add(indicator, _SDGO("custodianAgency"), Literal(agency))


def _concept(out: Collector, concept: NamedNode, row: Row, kind: str) -> None:
    out.subject(concept, row, _SDGO(kind), SKOS("Concept"))
    out.text(concept, SKOS("notation"), row, "code")
    out.add(concept, SKOS("inScheme"), SDG_SCHEME)
    out.add(concept, RDFS("isDefinedBy"), SDG_SCHEME)
    out.sources(concept, row)
