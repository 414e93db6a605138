"""Items of the registers: projects, awards and organisations, and projects counted by action line and SDG."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.framing import framer
from wsiskg.graph.index.text import code_key, search_text
from wsiskg.graph.index.writer import Doc, Item, create_index
from wsiskg.graph.iris import SDG, Iris
from wsiskg.graph.vocabulary import DCTERMS, SCHEMA
from wsiskg.model.codes import natural_key, parent_line, sdg_goal_of

__all__ = ["write_evidence"]

_ORIGINS = ("declared", "assigned", "suggested")
"""Origins of tags, strongest first."""


def write_evidence(path: Path, iris: Iris, registers: Sequence[Sequence[Triple]], places: Sequence[Triple]) -> None:
    """Write the index of registers to ``path``.

    Args:
        path: the file.
        iris: the IRIs the graphs are built with.
        registers: statements of each register's graph, ordered by subject.
        places: ``graph/wsis``, for the region of each country.

    """
    region = iris.term("region").value
    regions = {t.subject.value: _local(t.object) for t in places if t.predicate.value == region}  # type: ignore[union-attr]
    cells: dict[tuple[str, str, str, str, int], list[int]] = {}
    views = [_Register(iris, triples, regions, cells) for triples in registers]
    _join(views, iris.term("register").value)
    with create_index(path) as writer:
        writer.add(item for view in views for item in view.register())
        writer.add(item for view in views for item in view.projects())
        writer.add(item for view in views for item in view.awards())
        writer.add(_organisations(views))
        writer.labels({name: label for view in views for name, label in view.labels().items()})
        writer.cells(cells)


def _join(views: Sequence["_Register"], register: str) -> None:
    """Let each register see the awards and projects of all: an award may be of another one's project.

    What a register says of a project that is not its own, that it has an award, is said where the project is.
    """
    for view in views:
        own = view.kinds["project"]
        for iri in [i for i, found in own.items() if not any(t.predicate.value == register for t in found)]:
            said = own.pop(iri)
            for other in views:
                if iri in other.kinds["project"]:
                    found = (*other.kinds["project"][iri], *said)
                    other.kinds["project"][iri] = tuple(sorted(found, key=str))
    everywhere = {
        kind: {iri: found for view in views for iri, found in view.kinds[kind].items()} for kind in ("award", "project")
    }
    for view in views:
        view.everywhere = everywhere


class _Register:
    """The statements of one register by subject, without copying them.

    ``everywhere`` has the awards and projects of all registers, once they are joined.
    """

    def __init__(
        self, iris: Iris, triples: Sequence[Triple], regions: Mapping[str, str], cells: dict[Any, list[int]]
    ) -> None:
        self._iris = iris
        self._framer = framer(iris)
        self._context = self._framer.context
        self._regions = regions
        self._cells = cells
        self.kinds: defaultdict[str, dict[str, Sequence[Triple]]] = defaultdict(dict)
        self.everywhere: Mapping[str, Mapping[str, Sequence[Triple]]] = self.kinds
        for subject, group in groupby(triples, key=lambda t: t.subject):
            iri = subject.value
            self.kinds[self._framer.kind(iri)][iri] = tuple(group)
        tagged = iris.term("tagged").value
        self._tags: defaultdict[str, list[str]] = defaultdict(list)
        for tag, found in self.kinds["tag"].items():
            for project in _objects(found, tagged):
                self._tags[project.value].append(tag)
        self.organisations = {iri: self._framer.label(iri, found) for iri, found in self.kinds["organisation"].items()}
        self.counts: defaultdict[str, int] = defaultdict(int)

    def register(self) -> Iterator[Item]:
        """Yield the register itself."""
        for iri, triples in self.kinds["register"].items():
            code = _local_name(iri)
            titles = {o.language or "": o.value for o in _objects(triples, DCTERMS("title").value)}
            docs = [Doc(lang, text, search_text(text), search_text(code)) for lang, text in sorted(titles.items())]
            document = self._framer.nest(iri, {iri: triples})
            facets = frozenset({("projects", str(len(self.kinds["project"])))})
            yield Item(
                "register", code, document, facets, titles.get("en", ""), number=len(self.kinds["project"]),
                aliases=(code_key(code),), docs=tuple(docs),
            )  # fmt: skip

    def labels(self) -> dict[str, Any]:
        """Return what is shown of registers and curators, by compact IRI."""
        named = {**self.kinds["register"], **self.kinds["agent"]}
        return {self._context.compact_iri(iri): self._framer.label(iri, found) for iri, found in named.items()}

    def projects(self) -> Iterator[Item]:
        """Yield the projects, and count them by action line and SDG."""
        organisations = {self._context.compact_iri(i): label for i, label in self.organisations.items()}
        for iri in sorted(self.kinds["project"], key=lambda i: natural_key(_local_name(i))):
            triples = self.kinds["project"][iri]
            awards = [o.value for o in _objects(triples, SCHEMA("award").value)]
            statements = {iri: triples}
            statements |= {a: self.everywhere["award"][a] for a in awards if a in self.everywhere["award"]}
            statements |= {t: self.kinds["tag"][t] for t in self._tags.get(iri, ())}
            document = self._framer.with_labels(self._framer.nest(iri, statements), organisations)
            facets, years = self._facets(triples, awards)
            self._count(self._ranks(triples), facets, max(years, default=0))
            names = [o["name"] for o in document.get("organisation", ()) if isinstance(o, dict)]
            for organisation in _objects(triples, self._iris.term("organisation").value):
                self.counts[organisation.value] += 1
            title, code = str(document.get("name", "")), _local_name(iri)
            texts = list(document.get("description", {}).values())
            doc = Doc(
                "", "", search_text(title), search_text(" ".join([code, *(" ".join(_flat(n)) for n in names)])),
                search_text(" ".join(texts)),
            )  # fmt: skip
            yield Item(
                "project", code, document, frozenset(facets), title, max(years, default=0), len(awards),
                aliases=(code_key(code),), docs=(doc,),
            )  # fmt: skip

    def _ranks(self, triples: Sequence[Triple]) -> dict[tuple[str, str], int]:
        """Return the rank of the strongest origin of all that a project counts for, by (framework, code)."""
        found: dict[tuple[str, str], int] = {}
        for rank, origin in enumerate(_ORIGINS):
            for tag in _objects(triples, self._iris.term(f"{origin}Tag").value):
                for carried in _carried(tag.value):
                    found.setdefault(carried, rank)
        return found

    def _facets(self, triples: Sequence[Triple], awards: Sequence[str]) -> tuple[set[tuple[str, str]], list[int]]:
        term = self._iris.term
        facets: set[tuple[str, str]] = set()
        years = [int(o.value) for o in _objects(triples, term("firstYear").value)]
        for (name, code), rank in self._ranks(triples).items():
            facets.add((f"{name}:{_ORIGINS[rank]}", code))
            if _ORIGINS[rank] != "suggested":
                facets.add((name, code))
        countries = [o.value for o in _objects(triples, term("country").value)]
        facets |= {("country", _local_name(c)) for c in countries}
        facets |= {("region", self._regions[c]) for c in countries if c in self._regions}
        facets |= {("register", _local(o)) for o in _objects(triples, term("register").value)}
        facets |= {("stakeholder", _local(o)) for o in _objects(triples, term("stakeholderType").value)}
        facets |= {("organisation", _local(o)) for o in _objects(triples, term("organisation").value)}
        for award in awards:
            found = self.everywhere["award"].get(award, ())
            years += [int(o.value) for o in _objects(found, term("year").value)]
            certain = all(o.value == "true" for o in _objects(found, term("gradeCertain").value))
            facets |= {("grade", _local(o)) for o in _objects(found, term("grade").value) if certain}
        if awards:
            facets.add(("recognised", "true"))
        return facets, years

    def _count(self, ranks: Mapping[tuple[str, str], int], facets: set[tuple[str, str]], year: int) -> None:
        """Add a project to the cells of every pair that it carries."""
        lines = [(code, rank) for (name, code), rank in ranks.items() if name == "line"]
        sdgs = [(code, rank) for (name, code), rank in ranks.items() if name == "sdg"]
        regions = ["", *(value for name, value in facets if name == "region")]
        recognised = ("recognised", "true") in facets
        for line, line_rank in lines:
            for sdg, sdg_rank in sdgs:
                origin = _ORIGINS[max(line_rank, sdg_rank)]  # a pair is as strong as the weaker of its tags
                for region in regions:
                    cell = self._cells.setdefault((origin, region, line, sdg, year), [0, 0])
                    cell[0] += 1
                    cell[1] += recognised

    def awards(self) -> Iterator[Item]:
        """Yield the awards, each with the name of its project."""
        term = self._iris.term
        for iri in sorted(self.kinds["award"], key=lambda i: natural_key(_local_name(i))):
            triples = self.kinds["award"][iri]
            facets: set[tuple[str, str]] = set()
            names: dict[str, Any] = {}
            for project in _objects(triples, term("project").value):
                facets.add(("project", _local(project)))
                found = self.everywhere["project"].get(project.value, ())
                names[self._context.compact_iri(project.value)] = self._framer.label(project.value, found)
                countries = [o.value for o in _objects(found, term("country").value)]
                facets |= {("country", _local_name(c)) for c in countries}
                facets |= {("region", self._regions[c]) for c in countries if c in self._regions}
            for name in ("grade", "register"):
                facets |= {(name, _local(o)) for o in _objects(triples, term(name).value)}
            facets |= {("certain", o.value) for o in _objects(triples, term("gradeCertain").value)}
            facets |= {("year", o.value) for o in _objects(triples, term("year").value)}
            for line in _objects(triples, term("actionLine").value):
                facets |= {("line", value) for _, value in _carried(line.value)}
            document = self._framer.with_labels(self._framer.nest(iri, {iri: triples}), names)
            year = int(document.get("year", 0))
            yield Item("award", _local_name(iri), document, frozenset(facets), str(document.get("name", "")), year)


def _organisations(views: Sequence[_Register]) -> Iterator[Item]:
    """Yield the organisations of all registers together: one may stand in several."""
    found: dict[str, dict[str, Any]] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    for view in views:
        for iri, label in view.organisations.items():
            known = found.setdefault(iri, {**label, "name": []})
            known["name"] = sorted({*known["name"], *_flat(label.get("name"))})
            counts[iri] += view.counts[iri]
    for iri in sorted(found):
        label = found[iri]
        words = search_text(" ".join(label["name"]))
        name = label["name"][0] if label["name"] else ""
        yield Item("organisation", _local_name(iri), label, label=name, number=counts[iri], docs=(Doc("", "", words),))


def _carried(tag: str) -> Iterator[tuple[str, str]]:
    """Yield (framework, code) of all that a tag counts for: a sub-line for C7, a target for its goal."""
    code = _local_name(tag)
    if tag.startswith(SDG):
        yield "sdg", code
        if "." in code:
            yield "sdg", sdg_goal_of(code)
        else:
            yield "named-goal", code
    else:
        yield "line", code
        if parent := parent_line(code):
            yield "line", parent


def _objects(triples: Sequence[Triple], predicate: str) -> list[Any]:
    return [t.object for t in triples if t.predicate.value == predicate and isinstance(t.object, NamedNode | Literal)]


def _local(node: Any) -> str:
    return _local_name(node.value)


def _local_name(iri: str) -> str:
    return unquote(iri.rpartition("/")[2])


def _flat(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []
