"""A link between two frameworks as an n-ary node: the form shared by every edition and set of links."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from wsiskg.graph.content.collector import Collector
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import RDFS, SEMAPV, SSSOM
from wsiskg.model.codes import sdg_goal_of
from wsiskg.tables.rows import Row

__all__ = ["Ends", "add_level", "add_link", "add_target", "pair_label"]

_SUPPORTS = {"en": "supports", "fr": "contribue à", "es": "apoya"}
_SDG = {"en": "SDG", "fr": "l'ODD", "es": "el ODS"}
_COLUMNS = {"connect": "connect_target", "line": "action_line", "sdg": "target"}


@dataclass(frozen=True, slots=True)
class Ends:
    """Codes of the two ends of a link; exactly two are given, the first of them is the subject."""

    connect: str = ""
    line: str = ""
    sdg: str = ""


def add_link(out: Collector, iris: Iris, link: NamedNode, ends: Ends, row: Row) -> None:
    """Add the link's two ends, its level, and the SSSOM slots (https://mapping-commons.github.io/sssom/)."""
    out.subject(link, row, iris.term("Link"), SSSOM("Mapping"))
    pairs = []
    if ends.connect:
        pairs.append(("connectTarget", "connect", iris.resource("connect2020", ends.connect)))
    if ends.line:
        pairs.append(("actionLine", "line", iris.resource("action-line", ends.line)))
    if ends.sdg:
        pairs.append(("target", "sdg", iris.sdg(ends.sdg)))
        add_level(out, iris, link, ends.sdg)
    for (term, end, node), slot in zip(pairs, ("subject_id", "object_id"), strict=True):
        column = _COLUMNS[end] if _COLUMNS[end] in row.cells else "object"
        out.link(link, iris.term(term), node, row, column)
        out.link(link, SSSOM(slot), node, row, column)
    subject, target = (code for code in (ends.connect, ends.line, ends.sdg) if code)
    for language in _SUPPORTS:
        text = pair_label(subject, target, language, to_sdg=bool(ends.sdg))
        out.add(link, RDFS("label"), Literal(text, language=language))
    out.add(link, SSSOM("predicate_id"), iris.term("supports"))
    out.add(link, SSSOM("mapping_justification"), SEMAPV("ManualMappingCuration"))


def add_target(out: Collector, iris: Iris, node: NamedNode, sdg: str, row: Row, column: str) -> None:
    """Add the SDG end of what ``node`` is about, with its goal and level."""
    out.link(node, iris.term("target"), iris.sdg(sdg), row, column)
    add_level(out, iris, node, sdg)


def pair_label(subject: str, target: str, language: str, *, to_sdg: bool = True) -> str:
    """Return what a link says, in English, French or Spanish: ``C2 supports SDG 9.c``."""
    end = f"{_SDG[language]} {target}" if to_sdg else target
    return f"{subject} {_SUPPORTS[language]} {end}"


def add_level(out: Collector, iris: Iris, node: NamedNode, sdg: str) -> None:
    """Add the goal that an SDG end belongs to, and whether that end is a target or the goal itself."""
    out.add(node, iris.term("goal"), iris.sdg(sdg_goal_of(sdg)))
    out.add(node, iris.term("level"), iris.resource("level", "target" if "." in sdg else "goal"))
