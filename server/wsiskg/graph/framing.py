"""What a description of a resource holds, and how it is nested: its statements, its parts, labels of what it names.

The same frames (in the sense of https://www.w3.org/TR/json-ld11-framing/, written as data) serve a page of linked data
and the index behind the REST interface, so that both show a resource alike, in JSON-LD as in Turtle.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyoxigraph import NamedNode, Triple

from wsiskg.graph.iris import SDG, Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.vocabulary import DCAT, DCTERMS, ORG, RDF_TYPE, RDFS, SCHEMA, SKOS

__all__ = ["LABELS", "Framer", "Part", "framer", "parts_of_kind"]

Json = Any
Statements = Mapping[str, Sequence[Triple]]

LABELS = (
    RDF_TYPE.value,
    SKOS("notation").value,
    SKOS("prefLabel").value,
    RDFS("label").value,
    SCHEMA("name").value,
    DCTERMS("title").value,
    ORG("identifier").value,
)
"""Properties that are shown of what a resource names."""

_SETS = tuple(
    f"{directness}{origin}"
    for directness in ("direct", "goal")
    for origin in ("Declared", "Assigned", "Confirmed", "Suggested")
)
_ONLY_IDENTIFIED: Mapping[str, frozenset[str]] = {
    # Inside a link these would say again what the link says.
    "Assessment": frozenset({"actionLine", "target", "goal", "level"}),
    "EvidenceSet": frozenset({"directness", "origin"}),
    "TagAssignment": frozenset({"origin"}),
}
"""Class -> properties whose values are not shown in place, although they could be."""


@dataclass(frozen=True, slots=True)
class Part:
    """A neighbour that belongs to a description.

    Attributes:
        predicate: IRI of the property that leads to it.
        reverse: the neighbour is the subject.
        of_class: IRI of the class that a subject must have; empty for any.
        whole: all its statements belong to the description, not only its name.
        parts: neighbours of the neighbour.

    """

    predicate: str
    reverse: bool = False
    of_class: str = ""
    whole: bool = True
    parts: tuple["Part", ...] = ()


@cache
def parts_of_kind(iris: Iris, kind: str) -> tuple[Part, ...]:
    """Return the parts of resources of a kind: the first part of the path below ``/id/``, ``sdg`` for the UN's."""

    def term(name: str) -> str:
        return iris.term(name).value

    def back(name: str, of_class: str, *parts: Part) -> Part:
        return Part(term(name), reverse=True, of_class=term(of_class), parts=parts)

    sets = tuple(Part(term(name)) for name in _SETS)
    next_version = Part(DCAT("previousVersion").value, reverse=True, whole=False)
    return {
        "action-line": (back("actionLine", "Facilitation"),),
        "agency": (back("agency", "Facilitation"),),
        "assessment": sets,
        "candidate": sets,
        "connect2020": (back("connectTarget", "Figure"),),
        "edition": (next_version,),
        "link": (back("assessmentOf", "Assessment", *sets), back("decidedLink", "Decision"), next_version),
        "project": (Part(SCHEMA("award").value), back("tagged", "TagAssignment")),
        "sdg": (Part(term("supports"), reverse=True, whole=False),),
    }.get(kind, ())


class Framer:
    """Nests descriptions; see `framer`."""

    def __init__(self, iris: Iris) -> None:
        self._iris = iris
        self.context = load_context(iris)
        self._nestable = self.context.nestable
        self.label_names = frozenset({"id", "type"} | {self.context.name(iri) for iri in LABELS})

    def kind(self, iri: str) -> str:
        """Return the kind of a resource, empty if it is none of ours."""
        if iri.startswith(SDG):
            return "sdg"
        prefix = f"{self._iris.base}id/"
        return iri.removeprefix(prefix).partition("/")[0] if iri.startswith(prefix) else ""

    def nest(self, iri: str, statements: Statements) -> dict[str, Json]:
        """Return a description with its parts nested, all else as bare IRIs.

        Args:
            iri: the resource.
            statements: statements of the resource and of its parts, by subject.

        """
        return self._nest(iri, statements, parts_of_kind(self._iris, self.kind(iri)), "")

    def _nest(self, iri: str, statements: Statements, parts: Sequence[Part], without: str) -> dict[str, Json]:
        """``without`` is the property by which a part names what it is nested in."""
        own = [t for t in statements.get(iri, ()) if t.predicate.value != without]
        forward = {p.predicate: p for p in parts if not p.reverse}
        embed = {
            t.object.value: self._nest(t.object.value, statements, forward[t.predicate.value].parts, "")
            for t in own
            if t.predicate.value in forward and isinstance(t.object, NamedNode) and t.object.value in statements
        }
        reverse = {
            p.predicate: [
                self._nest(s, statements, p.parts, p.predicate) if p.whole else self.context.compact_iri(s)
                for s in _naming(iri, p, statements)
            ]
            for p in parts
            if p.reverse
        }
        return self.context.node(iri, own, embed, reverse)

    def label(self, iri: str, triples: Iterable[Triple]) -> dict[str, Json]:
        """Return what is shown of a resource where another names it."""
        return self.context.node(iri, (t for t in triples if t.predicate.value in LABELS))

    def references(self, document: Mapping[str, Json]) -> set[str]:
        """Return the compact IRIs that `with_labels` would replace."""
        return {found for found, _ in self._references(document)}

    def _references(self, node: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
        for key, value in self._open(node):
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, str):
                    yield item, key
                elif isinstance(item, dict):
                    if set(item) == {"id"}:
                        yield item["id"], key
                    else:
                        yield from self._references(item)

    def with_labels(self, document: Mapping[str, Json], labels: Mapping[str, Json]) -> dict[str, Json]:
        """Return ``document`` with what it names shown in place, where ``labels`` (by compact IRI) knows it."""
        return self._with_labels(document, labels, ())

    def _with_labels(
        self, node: Mapping[str, Json], labels: Mapping[str, Json], around: tuple[str, ...]
    ) -> dict[str, Json]:
        inside = (*around, str(node.get("id", "")))

        def shown(item: Json) -> Json:
            name = item if isinstance(item, str) else item.get("id") if isinstance(item, dict) else None
            if name is None or name in inside:
                return item
            if isinstance(item, dict) and set(item) != {"id"}:
                return self._with_labels(item, labels, inside)
            return labels.get(name, item)

        opened = dict(self._open(node))
        return {
            key: value
            if key not in opened
            else [shown(item) for item in value]
            if isinstance(value, list)
            else shown(value)
            for key, value in node.items()
        }

    def _open(self, node: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
        """Yield the properties of a node whose values may be shown in place."""
        closed = frozenset[str]().union(*(_ONLY_IDENTIFIED.get(name, ()) for name in node.get("type", ())))
        for key, value in node.items():
            if key not in closed and (key in self._nestable or (isinstance(value, dict) and "id" in value)):
                yield key, value


@cache
def framer(iris: Iris) -> Framer:
    """Return the framer for a base IRI."""
    return Framer(iris)


def _naming(iri: str, part: Part, statements: Statements) -> list[str]:
    """Return the subjects that name ``iri`` in the way of ``part``, sorted."""
    found = []
    for subject, triples in statements.items():
        names = any(
            t.predicate.value == part.predicate and isinstance(t.object, NamedNode) and t.object.value == iri
            for t in triples
        )
        if names and (
            not part.of_class
            or any(
                t.predicate == RDF_TYPE and isinstance(t.object, NamedNode) and t.object.value == part.of_class
                for t in triples
            )
        ):
            found.append(subject)
    return sorted(found)
