"""Links in Turtle and JSON-LD to proposals. Nothing is loaded from elsewhere: our context stands in for its IRI."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import rebase
from wsiskg.graph.vocabulary import DCTERMS, RDF_TYPE, SSSOM
from wsiskg.matrix.facts import CHANGE_CLASSES
from wsiskg.matrix.proposals import Decision, Proposal
from wsiskg.matrix.reading.messages import reading_problem
from wsiskg.model.codes import UN_LANGUAGES
from wsiskg.model.errors import UnreadableError
from wsiskg.model.problems import Origin, Problem, Severity
from wsiskg.resources import data_folder
from wsiskg.tables.cells import text_problem
from wsiskg.tables.recognise.messages import recognition_problem
from wsiskg.tables.recognise.recognised import Recognised
from wsiskg.tables.recognise.recogniser import Recogniser
from wsiskg.tables.sheets.limits import Limits

__all__ = ["is_json", "is_turtle", "read_graph"]

_TURTLE = re.compile(r"\s*(?:#[^\n]*\n\s*)*(?:@prefix|@base|PREFIX\s|BASE\s|<[a-z]+:)", re.IGNORECASE)
_NESTING = 100
_DIGITS = 1000  # well below the length at which int() refuses a number
_TOKENS = re.compile(  # possessive: each character is looked at once, even if a string is never closed
    rf'"(?:[^"\\]|\\.)*+"?|[\[{{]|[\]}}]|(?P<number>-?Infinity|NaN|[0-9]{{{_DIGITS},}})'
)
Node = NamedNode | ox.BlankNode
_Properties = Mapping[str, Sequence[Any]]


def is_json(text: str) -> bool:
    """Say whether ``text`` begins as a JSON document does."""
    return text.lstrip()[:1] in {"{", "["}


def is_turtle(text: str, name: str) -> bool:
    """Say whether ``text`` begins as Turtle does, or its name says that it is."""
    return name.lower().endswith((".ttl", ".turtle", ".nt")) or _TURTLE.match(text) is not None


def read_graph(
    text: str, name: str, recogniser: Recogniser, limits: Limits, iris: Iris
) -> tuple[list[Proposal], list[Problem]]:
    """Return the links of a JSON-LD or Turtle document as proposals, in the order of the document.

    Args:
        text: the document.
        name: what messages call it.
        recogniser: tells codes.
        limits: how many links are read.
        iris: IRIs of the project.

    Raises:
        UnreadableError: it is not well-formed, names a context that is not ours, or holds too many links.

    """
    quads = _parse_json(text, name, iris) if is_json(text) else _parse(text, ox.RdfFormat.TURTLE, "Turtle", name)
    nodes: dict[Node, defaultdict[str, list[Any]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode | ox.BlankNode):
            nodes.setdefault(quad.subject, defaultdict(list))[quad.predicate.value].append(quad.object)
    kinds = {SSSOM("Mapping"), *(iris.term(name) for name in ("Link", "Proposal", *CHANGE_CLASSES.values()))}
    line = iris.term("actionLine").value
    found = [
        (node, properties)
        for node, properties in nodes.items()
        if kinds & set(properties[RDF_TYPE.value]) or (properties[line] and not properties[RDF_TYPE.value])
    ]
    if len(found) > limits.rows:
        raise UnreadableError(reading_problem("many-links", Origin(name), limit=f"{limits.rows:,}"))
    if not found:
        return [], [reading_problem("no-links", Origin(name))]
    problems: list[Problem] = []
    reader = _Reader(name, recogniser, iris, nodes, problems)
    return [reader.read(number, node, properties) for number, (node, properties) in enumerate(found, 1)], problems


def _parse_json(text: str, name: str, iris: Iris) -> list[ox.Quad]:
    depth = 0
    for match in _TOKENS.finditer(text):
        if match["number"]:
            raise _syntax(name, "JSON", text, match.start(), f"{match[0][:20]} is no number that can be read")
        depth += 1 if match[0] in "[{" else -1 if match[0] in "]}" else 0
        if depth > _NESTING:
            raise _syntax(name, "JSON", text, match.start(), f"nested more than {_NESTING} deep")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise _syntax(name, "JSON", text, error.pos, error.msg) from error
    ours = iris.base + "context.jsonld"
    context = json.loads(rebase((data_folder("ontology") / "context.jsonld").read_text("utf-8"), iris))["@context"]

    def local(value: Any) -> Any:
        """Put our context in place of its IRI, refuse every other that would have to be loaded."""
        if isinstance(value, list):
            return [local(part) for part in value]
        if isinstance(value, str):
            if value in {ours, Iris().base + "context.jsonld"}:
                return context
            raise UnreadableError(reading_problem("context", Origin(name), value, ours=ours))
        if isinstance(value, dict) and "@import" in value:
            raise UnreadableError(reading_problem("context", Origin(name), str(value["@import"]), ours=ours))
        return walk(value)

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(part) for part in value]
        if isinstance(value, dict):
            return {key: local(part) if key == "@context" else walk(part) for key, part in value.items()}
        return value

    document = walk(document)
    return _parse(json.dumps(document), ox.RdfFormat.JSON_LD, "JSON-LD", name)


def _parse(text: str, syntax: ox.RdfFormat, title: str, name: str) -> list[ox.Quad]:
    try:
        return list(ox.parse(text.encode(), syntax, base_iri="urn:x-proposals:"))
    except SyntaxError as error:
        line, column = error.lineno or 0, error.offset or 0
        origin = Origin(name, error.lineno)
        raise UnreadableError(
            reading_problem("syntax", origin, syntax=title, error=error.msg, line=line, column=column)
        ) from error
    except ValueError as error:
        said = reading_problem("syntax", Origin(name), syntax=title, error=str(error), line="?", column="?")
        raise UnreadableError(said) from error


def _syntax(name: str, title: str, text: str, place: int, error: str) -> UnreadableError:
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    return UnreadableError(
        reading_problem("syntax", Origin(name, line), syntax=title, line=line, column=column, error=error)
    )


class _Reader:
    """Reads one link after the other; each gets its number as row."""

    def __init__(
        self,
        name: str,
        recogniser: Recogniser,
        iris: Iris,
        nodes: Mapping[Node, Mapping[str, Sequence[Any]]],
        problems: list[Problem],
    ) -> None:
        self.name, self.recogniser, self.iris, self.nodes, self.problems = name, recogniser, iris, nodes, problems
        # Links that name the same rationale share it on purpose.
        keys = Counter(
            _text(v) for properties in nodes.values() for v in properties.get(iris.term("rationaleKey").value, ())
        )
        self.shared = {key for key, count in keys.items() if key and count > 1}

    def read(self, number: int, node: Node, properties: _Properties) -> Proposal:
        self.node, self.number = node, number
        term = self.iris.term
        cells: dict[str, Origin] = {}

        def values(attribute: str, *predicates: NamedNode) -> list[Any]:
            found = [value for predicate in predicates for value in properties.get(predicate.value, ())]
            cells[attribute] = self._origin(_local(predicates[0]))
            return list(dict.fromkeys(found))

        def one(attribute: str, *predicates: NamedNode) -> Any:
            found = values(attribute, *predicates)
            if len(found) > 1:
                self._say(
                    "value-count", cells[attribute], _shown(node), count=len(found), property=_local(predicates[0])
                )
            return found[0] if found else None

        line = one("line", term("actionLine"), SSSOM("subject_id"))
        sdg = one("sdg", term("target"), SSSOM("object_id"))
        kinds = {value.value for value in values("change", RDF_TYPE) if isinstance(value, NamedNode)}
        agencies = values("proposed_by", term("proposedBy"), SSSOM("author_id"))
        codes = [
            self._code(found, cells["proposed_by"])
            for agency in agencies
            for found in self.recogniser.agencies(_text(agency))
        ]
        texts = values("rationale", term("rationale"))
        return Proposal(
            origin=self._origin(None),
            line=self._code(self.recogniser.action_line(_text(line)), cells["line"]) if line else "",
            sdg=self._code(self.recogniser.sdg(_text(sdg)), cells["sdg"]) if sdg else "",
            change=next((c for c, kind in CHANGE_CLASSES.items() if term(kind).value in kinds), None),
            rationale=self._rationales(texts, cells),
            proposed_by=tuple(dict.fromkeys(code for code in codes if code)),
            shared=_text(one("shared", term("rationaleKey"))) in self.shared,
            confidence=self._confidence(_text(one("confidence", SSSOM("confidence"))), cells),
            sources=tuple(
                source.value
                for source in values("sources", DCTERMS("source"))
                if isinstance(source, NamedNode) and source.value.startswith(("https://", "http://"))
            ),
            reason=self._plain(_text(one("reason", term("changeReason"))), cells["reason"]),
            note=self._plain(_text(one("note", term("note"))), cells["note"]),
            decision=self._decision(one("decision", term("decision")), cells),
            cells=cells,
        )

    def _code(self, found: Recognised, origin: Origin) -> str:
        if (said := recognition_problem(self.recogniser, found, origin)) is not None:
            self.problems.append(said)
        return found.code or ""

    def _rationales(self, texts: Sequence[Any], cells: dict[str, Origin]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for text in texts:
            if not isinstance(text, Literal):
                continue
            language = (text.language or "en").partition("-")[0].lower()
            cells[f"rationale_{language}"] = cells["rationale"]
            if plain := self._plain(text.value, cells["rationale"]):
                found.setdefault(language, plain)
        order = {language: place for place, language in enumerate(UN_LANGUAGES)}
        return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))

    def _confidence(self, text: str, cells: Mapping[str, Origin]) -> Decimal | None:
        if not text:
            return None
        if not re.fullmatch(r"(?:0(?:\.\d{1,15})?|1(?:\.0{1,15})?)", text):
            self._say("confidence", cells["confidence"], text)
            return None
        return Decimal(text).normalize() + 0

    def _decision(self, value: Any, cells: Mapping[str, Origin]) -> Decision | None:
        if value is None:
            return None
        properties = self.nodes.get(value, {}) if isinstance(value, NamedNode | ox.BlankNode) else {}
        stated = next(iter(properties.get(self.iris.term("decision").value, ())), value)
        kind = _text(stated).rpartition("/")[2]
        reason = _text(next(iter(properties.get(DCTERMS("description").value, ())), None))
        if kind not in {"upheld", "contested"}:
            self._say("choice", cells["decision"], _text(stated), choices="upheld, contested")
            return None
        return Decision(kind, self._plain(reason, cells["decision"]))

    def _plain(self, text: str, origin: Origin) -> str:
        plain = " ".join(text.split())
        if plain and (found := text_problem(origin, plain)) is not None:
            self.problems.append(found)
            return ""
        return plain

    def _origin(self, column: str | None) -> Origin:
        return Origin(self.name, self.number, column)

    def _say(self, rule: str, origin: Origin, value: str = "", **facts: object) -> None:
        self.problems.append(reading_problem(rule, origin, value, Severity.VIOLATION, **facts))


def _text(value: Any) -> str:
    return str(value.value) if isinstance(value, Literal | NamedNode) else ""


def _local(node: NamedNode) -> str:
    return re.split(r"[#/]", node.value)[-1]


def _shown(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else f"_:{node.value}"
