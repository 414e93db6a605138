"""Items of everything but registers: frameworks, agencies, places, sessions, editions, links, candidates."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.framing import LABELS, Part, framer, parts_of_kind
from wsiskg.graph.index.text import code_key, search_text
from wsiskg.graph.index.writer import Doc, Item, create_index
from wsiskg.graph.iris import SDG, SDGO, Iris
from wsiskg.graph.vocabulary import DCTERMS, PROV, RDF_TYPE, RDFS, SKOS
from wsiskg.model.codes import natural_key, sdg_goal_of

__all__ = ["write_core"]

_SDG_WORDS = ("sdg", "odd", "ods", "цур", "هدف", "目标", "goal", "target", "indicator")
_CONTENT = ("rationale", "proposedBy", "attributionBasis", "source", "confidence", "note", "verified")
"""What an edition says of a link, by short name: two links that agree in these say the same."""


def write_core(path: Path, iris: Iris, graphs: Iterable[Iterable[Triple]]) -> None:
    """Write the index of ``graphs`` (all graphs but those of registers) to ``path``."""
    view = _View(iris, graphs)
    with create_index(path) as writer:
        for items in view.kinds():
            writer.add(sorted(items, key=lambda item: (_rank(item), natural_key(item.code))))
        writer.labels(view.labels())


class _View:
    """Statements by subject, and who names whom."""

    def __init__(self, iris: Iris, graphs: Iterable[Iterable[Triple]]) -> None:
        self._iris = iris
        self._framer = framer(iris)
        self._context = self._framer.context
        found: defaultdict[str, dict[Triple, None]] = defaultdict(dict)
        for triples in graphs:
            for triple in triples:
                subject = triple.subject
                if isinstance(subject, NamedNode):
                    found[subject.value][triple] = None
        self._by_subject: Mapping[str, Sequence[Triple]] = {s: tuple(found[s]) for s in sorted(found)}
        self._namers: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_class: defaultdict[str, list[str]] = defaultdict(list)
        reverse = {p.predicate for kind in _KINDS for p in parts_of_kind(iris, kind.partition(":")[0]) if p.reverse}
        for name, triples in self._by_subject.items():
            for _, said, value in triples:
                predicate = said.value
                if predicate in reverse and isinstance(value, NamedNode):
                    self._namers[value.value, predicate].append(name)
                if predicate == RDF_TYPE.value and isinstance(value, NamedNode):
                    self._by_class[value.value].append(name)

    def kinds(self) -> Iterator[list[Item]]:
        """Yield the items of each kind, in the order of the index."""
        for kind, name in _KINDS.items():
            of_class = f"{SDGO}{name}" if kind in _SDG_KINDS else self._iris.term(name).value
            subjects = self._by_class[of_class]
            if kind == "connect2020":
                subjects = subjects + self._by_class[self._iris.term("Connect2020Goal").value]
            items = [self._item(kind, subject) for subject in subjects]
            yield [item for item in items if item is not None]

    def labels(self) -> dict[str, Any]:
        """Return what is shown of every resource of ours and the UN's, by compact IRI."""
        return {
            self._context.compact_iri(subject): self._framer.label(subject, triples)
            for subject, triples in self._by_subject.items()
            if subject.startswith((self._iris.base, SDG)) and self._framer.kind(subject) not in _UNNAMED
            if any(t.predicate.value in LABELS for t in triples)
        }

    def _item(self, kind: str, subject: str) -> Item | None:
        code = self._code(kind, subject)
        if (kind in {"link", "candidate"} and not self._values(subject, self._iris.term("edition").value)) or not code:
            return None  # links of other sets are no part of the matrix
        statements = self._description(subject)
        document = self._framer.nest(subject, statements)
        facets = self._facets(kind, code, document)
        return Item(
            kind, code, document, frozenset(facets), self._title(subject, "en"), self._year(kind, document),
            self._number(kind, document), self._digest(document) if kind == "link" else "",
            tuple(self._aliases(kind, code, document)), tuple(self._docs(subject, kind, code, document)),
        )  # fmt: skip

    def _code(self, kind: str, subject: str) -> str:
        if kind in _SDG_KINDS:
            notations = self._values(subject, SKOS("notation").value)
            return min(notations, key=natural_key) if notations else ""
        return unquote(subject.removeprefix(f"{self._iris.base}id/").partition("/")[2])

    def _description(self, subject: str) -> dict[str, Sequence[Triple]]:
        found: dict[str, Sequence[Triple]] = {subject: self._by_subject[subject]}
        self._gather(found, subject, parts_of_kind(self._iris, self._framer.kind(subject)))
        return found

    def _gather(self, found: dict[str, Sequence[Triple]], subject: str, parts: Sequence[Part]) -> None:
        for part in parts:
            if part.reverse:
                neighbours = self._namers[subject, part.predicate]
            else:
                neighbours = self._values(subject, part.predicate)
            for neighbour in neighbours:
                triples = self._by_subject.get(neighbour, ())
                if not part.whole:
                    triples = [t for t in triples if t.predicate.value == part.predicate]
                elif part.of_class and part.of_class not in self._values(neighbour, RDF_TYPE.value):
                    continue
                found[neighbour] = triples
                self._gather(found, neighbour, part.parts)

    def _values(self, subject: str, predicate: str) -> list[str]:
        objects = [t.object for t in self._by_subject.get(subject, ()) if t.predicate.value == predicate]
        return sorted(o.value for o in objects if isinstance(o, NamedNode | Literal))

    def _texts(self, subject: str, *predicates: str) -> Iterator[tuple[str, str]]:
        """Yield (language, text) of the texts of a resource, in their order: the same index on any machine."""
        objects = [t.object for t in self._by_subject[subject] if t.predicate.value in predicates]
        yield from sorted((o.language or "", o.value) for o in objects if isinstance(o, Literal))

    def _title(self, subject: str, language: str) -> str:
        texts = sorted(self._texts(subject, *_TITLES), key=lambda pair: (pair[0] != language, pair))
        return texts[0][1] if texts else ""

    @staticmethod
    def _year(kind: str, document: Mapping[str, Any]) -> int:
        if kind in {"hlpf", "edition", "event"}:
            names = ("year", "issued", "issuedYear", "startDate")
            date = next((document[name] for name in names if document.get(name)), 0)
            return int(str(date["@value"] if isinstance(date, dict) else date)[:4])
        return 0

    @staticmethod
    def _number(kind: str, document: Mapping[str, Any]) -> int:
        if kind == "candidate":
            return int(document["rank"])
        if kind == "link":
            sets = [a.get("directConfirmed", {}) for a in document.get("assessments", ())]
            return max((int(s.get("projectCount", 0)) for s in sets), default=0)
        return 0

    def _digest(self, document: Mapping[str, Any]) -> str:
        said = repr([(name, document.get(name)) for name in _CONTENT])
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def _facets(self, kind: str, code: str, document: Mapping[str, Any]) -> set[tuple[str, str]]:
        def local(name: str) -> list[str]:
            value = document.get(name, [])
            found = [v if isinstance(v, str) else v["id"] for v in (value if isinstance(value, list) else [value])]
            return [self._local(v) for v in found]

        if kind in {"link", "candidate"}:
            pair = code.partition("/")[2]
            facets = {("pair", pair), ("edition", code.partition("/")[0])}
            facets |= {("line", v) for v in local("actionLine")} | {("sdg", v) for v in local("target")}
            facets |= {("goal", v) for v in local("goal")} | {("level", v) for v in local("level")}
            facets |= {("status", v) for v in local("status")} | {("agency", v) for v in local("proposedBy")}
            if kind == "candidate":
                facets.add(("meets-policy", str(document["meetsPolicy"]).lower()))
            return facets
        if kind == "decision":
            return {("edition", code.partition("/")[0]), ("pair", code.split("/")[1])}
        if kind in _SDG_KINDS:
            return {("goal", sdg_goal_of(code))} | {("line", v) for v in local("supportedBy")}
        if kind == "action-line":
            agencies = {self._local(f["agency"]) for f in document.get("facilitations", ())}
            return {("agency", a) for a in agencies} | {("parent", v) for v in local("broader")}
        if kind == "agency":
            return {("line", self._local(f["actionLine"])) for f in document.get("facilitates", ())}
        if kind == "hlpf":
            return {("goal", v) for v in local("reviewsGoal")} | {("year", str(document["year"]))}
        if kind == "connect2020":
            return {("goal", v) for v in local("broader")} | {("goal", code)}
        if kind == "country":
            return {("region", v) for v in local("region")}
        return set()

    def _local(self, name: str) -> str:
        """Return the code at the end of a compact IRI."""
        return self._context.expand(name).rpartition("/")[2]

    def _aliases(self, kind: str, code: str, document: Mapping[str, Any]) -> set[str]:
        raw = {code, *_listed(document.get("notation")), document.get("iso2", ""), document.get("orgIdentifier", "")}
        if kind == "agency":
            raw |= {text for texts in document.get("altLabel", {}).values() for text in texts}
        if kind in _SDG_KINDS:
            raw |= {f"{word} {c}" for word in _SDG_WORDS for c in _listed(document.get("notation"))}
        if kind == "action-line" and "-" in code:
            raw.add(code.partition("-")[2])
        if kind == "action-line":
            raw |= {f"{word} {code}" for word in ("action line", "line", "grande orientation", "línea de acción")}
        if kind == "connect2020":
            raw |= {f"connect 2020 {code}", f"target {code}"}
        if kind == "link":
            raw = {code.partition("/")[2], code}
        if kind in {"hlpf", "edition"}:
            raw |= {f"{kind} {code}"}
        return {key for text in raw if (key := code_key(text))}

    def _docs(self, subject: str, kind: str, code: str, document: Mapping[str, Any]) -> Iterator[Doc]:
        if kind == "candidate":  # found through the pair's links and projects
            return
        labels, others, bodies = (_by_language(self._texts(subject, *group)) for group in (_TITLES, _OTHERS, _BODIES))
        names = " ".join(sorted({code, *_listed(document.get("notation")), str(document.get("orgIdentifier", ""))}))
        if kind in _SDG_KINDS:
            names += " sdg odd ods цур هدف 目标 " + code
        for language in sorted({*labels, *others, *bodies} - {""}) or [""]:
            label = next(iter(labels.get(language, [])), "")
            yield Doc(
                language, label, search_text(" ".join(labels.get(language, []))),
                search_text(" ".join([names, *others.get(language, []), *others.get("", [])])),
                search_text(" ".join([*bodies.get(language, []), *bodies.get("", [])])),
            )  # fmt: skip


_KINDS: Mapping[str, str] = {
    "action-line": "ActionLine",
    "goal": "Goal",
    "target": "Target",
    "indicator": "Indicator",
    "connect2020": "Connect2020Target",
    "agency": "Agency",
    "region": "Region",
    "country": "Country",
    "edition": "Edition",
    "hlpf": "HlpfSession",
    "event": "Event",
    "link": "Link",
    "candidate": "Candidate",
    "decision": "Decision",
}
"""Kind of item -> class. Those found first by a search stand first."""

_SDG_KINDS = frozenset({"goal", "target", "indicator"})
_TITLES = (SKOS("prefLabel").value, RDFS("label").value, DCTERMS("title").value)
_OTHERS = (SKOS("altLabel").value,)
_BODIES = tuple(
    [SKOS("definition").value, DCTERMS("description").value, PROV("value").value]
    + [f"{Iris().base}ontology#{name}" for name in ("rationale", "theme", "place")]
)


_UNNAMED = frozenset({"assessment", "candidate"})
"""Kinds that nothing shows by name, and that are many."""


def _rank(item: Item) -> tuple[int, tuple[Any, ...]]:
    """Candidates stand best first in each edition; all else by its code."""
    return (item.number, natural_key(item.code.partition("/")[0])) if item.kind == "candidate" else (0, ())


def _listed(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []


def _by_language(texts: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for language, text in sorted(texts):
        found[language].append(text)
    return found
