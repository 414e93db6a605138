"""Read networks and dated projects from a release: its store, by the queries in ``queries/network/``, and its index.

The one module of the room that reads anything.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from wsiskg.analysis.network import (
    EVIDENCE_SETS,
    LEVELS,
    NETWORKS,
    WEIGHTS,
    Edge,
    Network,
    Node,
    at_level,
    node_order,
)
from wsiskg.analysis.time import DatedProject, Review, stronger
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import rebase
from wsiskg.graph.release import Release, open_store
from wsiskg.model.codes import FORMATS, sdg_goal_of
from wsiskg.model.errors import UsageError
from wsiskg.resources import data_folder
from wsiskg.store.evaluate import Request, evaluate

__all__ = ["read_codes", "read_dated_projects", "read_links", "read_network", "read_reviews"]

_LEVEL_KINDS = {"linked": {"sdg-goal", "sdg-target"}, "targets": {"sdg-target"}, "goals": {"sdg-goal"}}
_NO_LIMIT = 1 << 62  # our own questions are answered in full


def read_network(
    release: Release, kind: str = "lines-targets", edition: str = "", weight: str = "none", level: str = "linked"
) -> Network:
    """Read a network from a release.

    Args:
        release: the release.
        kind: one of `NETWORKS`.
        edition: code of an edition of the matrix; empty for the latest.
        weight: one of `WEIGHTS`. Evidence is counted for pairs of action line and SDG: networks with other edges take
            ``none``.
        level: one of `LEVELS`.

    Raises:
        UsageError: there is no such network, edition, weight or level.
        ReleaseError: the release is damaged.

    """
    for value, known, what in ((kind, NETWORKS, "network"), (weight, WEIGHTS, "weight"), (level, LEVELS, "level")):
        if value not in known:
            raise UsageError(f"there is no {what} '{value}'", f"Choose from: {', '.join(known)}.")
    if weight != "none" and kind in {"three-way", "projects"}:
        raise UsageError(f"the network '{kind}' has edges that no evidence is counted for", "Leave the weight at none.")
    store, index = _Store(release), EvidenceIndex.read(release.path)
    edition = store.edition(edition)
    links = store.links(edition)
    concepts = store.concepts()
    made = _Maker(concepts, index, level)
    extra: list[Node] = []
    if kind == "projects":
        extra, edges = _projects(store, made)
    elif kind == "agencies":
        edges = list(made.agencies(links))
    else:
        edges = list(made.matrix(links))
        if kind == "three-way":
            extra, added = _connect2020(store, made)
            edges += added
    weighed = edges if weight == "none" else [
        replace(edge, weight=float(edge.evidence[weight])) for edge in edges if edge.evidence.get(weight)
    ]  # fmt: skip
    nodes = sorted([*_linkable(concepts, edges, kind, level), *extra], key=node_order)
    place = {node.id: number for number, node in enumerate(nodes)}
    weighed.sort(key=lambda edge: (place[edge.source], place[edge.target]))
    return Network(
        kind, edition, level, weight, release.id, tuple(nodes), tuple(weighed), len(edges) - len(weighed), index.loaded
    )


def read_codes(release: Release, *kinds: str) -> tuple[str, ...]:
    """Return the codes of every concept of these kinds of nodes, action lines with sub-lines among them."""
    return tuple(concept.node.code for concept in _Store(release).concepts().values() if concept.node.kind in kinds)


def read_links(release: Release, edition: str = "") -> frozenset[tuple[str, str]]:
    """Return the links of an edition (the latest, if empty) as pairs of action line and SDG.

    Raises:
        UsageError: there is no such edition.

    """
    store = _Store(release)
    return frozenset(store.links(store.edition(edition)))


def read_reviews(release: Release) -> tuple[Review, ...]:
    """Return the goals reviewed in depth by sessions of the High-level Political Forum already held, by year."""
    rows = _Store(release).rows("reviews")
    return tuple(Review(r["session_label"], int(r["year"]), r["goal_code"]) for r in rows)


def read_dated_projects(release: Release, line: str) -> tuple[DatedProject, ...]:
    """Return the projects that carry an action line (or a sub-line of it), with their SDG tags, years and awards.

    Raises:
        UsageError: the code is not of an action line.

    """
    if not FORMATS["action-line"](line):
        raise UsageError(f"'{line}' is no action line", "Examples: C2, C7-EAGR.")
    store = _Store(release)
    bound = str(release.iris.resource("action-line", line))
    awards: dict[str, list[tuple[int | None, str]]] = {}
    for r in store.rows("line-awards", line=bound):
        awards.setdefault(r["project_code"], []).append((int(r["year"]) if r["year"] else None, r["grade"]))
    origins: dict[str, str] = {}
    sdgs: dict[str, dict[str, str]] = {}
    years: dict[str, int | None] = {}
    for r in store.rows("line-projects", line=bound):
        code = r["project_code"]
        origins[code] = stronger(origins.get(code), r["line_origin"])
        years[code] = int(r["first_year"]) if r["first_year"] else None
        carried = sdgs.setdefault(code, {})
        if sdg := r["sdg_code"]:
            carried[sdg] = stronger(carried.get(sdg), r["sdg_origin"])
    return tuple(
        DatedProject(code, origins[code], sdgs[code], years[code], tuple(awards.get(code, ()))) for code in origins
    )


@dataclass(frozen=True, slots=True)
class _Link:
    line: str
    sdg: str
    iri: str
    agencies: tuple[str, ...]


class _Store:
    """Answers of the queries in ``queries/network/`` on one release."""

    def __init__(self, release: Release) -> None:
        self.iris = release.iris
        self.compact = load_context(release.iris).compact_iri
        self._store = open_store(release)

    def rows(self, name: str, **bindings: str) -> list[dict[str, str]]:
        text = rebase((data_folder("queries") / "network" / f"{name}.rq").read_text("utf-8"), self.iris)
        answer = evaluate(self._store, Request(text, "text/csv", bindings, max_bytes=_NO_LIMIT))
        return list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))

    def edition(self, code: str) -> str:
        """Return ``code`` if there is such an edition, the latest if it is empty."""
        known = [r["edition_code"] for r in self.rows("editions")]
        if code and code not in known:
            raise UsageError(f"there is no edition '{code}'", f"Choose from: {', '.join(known)}.")
        return code or known[-1]

    def links(self, edition: str) -> Mapping[tuple[str, str], _Link]:
        found: dict[tuple[str, str], _Link] = {}
        for r in self.rows("links", edition=str(self.iris.resource("edition", edition))):
            pair, agency = (r["line_code"], r["sdg_code"]), r["agency_code"]
            before = found.get(pair, _Link(*pair, r["link"], ()))
            found[pair] = replace(before, agencies=(*before.agencies, agency)) if agency else before
        return found

    def concepts(self) -> Mapping[str, "_Concept"]:
        """Return every concept by its IRI."""
        return {
            r["iri"]: _Concept(
                Node(
                    self.compact(r["iri"]), r["kind"], r["code"], r["label"], r["iri"],
                    sdg_goal_of(r["code"]) if r["kind"].startswith("sdg") else "",
                ),
                r["parts"] == "true",
            )
            for r in self.rows("concepts")
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Concept:
    node: Node
    divided: bool
    """Whether it is an action line with sub-lines, which editions link instead of it."""


def _linkable(concepts: Mapping[str, _Concept], edges: Iterable[Edge], kind: str, level: str) -> Iterator[Node]:
    """Yield what could be linked, and whatever else is."""
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    kinds = {"action-line", *_LEVEL_KINDS[level], *({"connect2020-target"} if kind == "three-way" else ())}
    for concept in concepts.values():
        if concept.node.id in ends or (concept.node.kind in kinds and not concept.divided):
            yield concept.node


class _Maker:
    """Edges from links, folded to a level, with their evidence."""

    def __init__(self, concepts: Mapping[str, _Concept], index: EvidenceIndex, level: str) -> None:
        self._index = index
        self.level = level
        self.by_iri = {iri: concept.node for iri, concept in concepts.items()}
        self.by_code = {(node.kind, node.code): node for node in self.by_iri.values()}

    def sdg(self, code: str) -> str | None:
        """Return the id of the SDG node that stands for ``code``, None where the level has none."""
        stands = at_level(code, self.level)
        return stands and self.by_code["sdg-target" if "." in stands else "sdg-goal", stands].id

    def matrix(self, links: Mapping[tuple[str, str], _Link]) -> Iterator[Edge]:
        """Yield one edge for each pair of action line and SDG of the level."""
        folded: dict[tuple[str, str], list[_Link]] = {}
        for link in links.values():
            if stands := at_level(link.sdg, self.level):
                folded.setdefault((link.line, stands), []).append(link)
        for (line, sdg), several in folded.items():
            yield Edge(
                self.by_code["action-line", line].id,
                self.by_code["sdg-target" if "." in sdg else "sdg-goal", sdg].id,
                links=len(several),
                agencies=tuple(sorted({agency for link in several for agency in link.agencies})),
                evidence=self._evidence(line, sdg),
                iri=several[0].iri if len(several) == 1 else "",
            )

    def agencies(self, links: Mapping[tuple[str, str], _Link]) -> Iterator[Edge]:
        """Yield the edges of each agency with the lines and SDGs of its links.

        Evidence is summed over the pairs: a project counts once for each pair that it bears out.
        """
        for agency in sorted({agency for link in links.values() for agency in link.agencies}):
            own = {pair: link for pair, link in links.items() if agency in link.agencies}
            ends: dict[str, list[Edge]] = {}
            for edge in self.matrix(own):
                ends.setdefault(edge.source, []).append(edge)
                ends.setdefault(edge.target, []).append(edge)
            for end, edges in ends.items():
                evidence = sum((Counter(edge.evidence) for edge in edges), Counter[str]())
                yield Edge(
                    self.by_code["agency", agency].id, end, "puts-forward",
                    links=sum(edge.links for edge in edges), agencies=(agency,), evidence=evidence,
                )  # fmt: skip

    def _evidence(self, line: str, sdg: str) -> Mapping[str, int]:
        pair = self._index.get(line, sdg)
        counted = {name: pair.of(*kept_apart).projects for name, kept_apart in EVIDENCE_SETS.items()}
        return {name: projects for name, projects in counted.items() if projects}


def _connect2020(store: _Store, made: _Maker) -> tuple[list[Node], list[Edge]]:
    """Return ITU's subjects, and the edges that proposals and statements stand for; goals may fold several into one."""
    subjects: dict[str, Node] = {}
    found: dict[tuple[str, str], Edge] = {}

    def add(source: str, relation: str, row: dict[str, str], agency: str) -> None:
        target = made.by_iri[row["object"]]
        end = made.sdg(target.code) if target.kind.startswith("sdg") else target.id
        if end is None:
            return
        confidence = float(row["confidence"]) if row.get("confidence") else None
        before = found.get((source, end))
        if before is None:
            found[source, end] = Edge(
                source, end, relation, agencies=(agency,), confidence=confidence, iri=row["link"]
            )  # fmt: skip
        else:
            known = [c for c in (before.confidence, confidence) if c is not None]
            found[source, end] = replace(
                before, links=before.links + 1, confidence=max(known, default=None), iri=""
            )  # fmt: skip

    for row in store.rows("proposals"):
        add(made.by_code["connect2020-target", row["connect_code"]].id, "project-proposal", row, row["agency_code"])
    for row in store.rows("statements"):
        iri = row["subject"]
        subject = Node(store.compact(iri), "itu-subject", iri.rpartition("/")[2], row["subject_label"], iri)
        subjects[iri] = subject
        add(subject.id, "itu-statement", row, "ITU")
    return list(subjects.values()), list(found.values())


def _projects(store: _Store, made: _Maker) -> tuple[list[Node], list[Edge]]:
    """Return the projects, and an edge for each tag: the strongest origin where there are several."""
    projects: dict[str, Node] = {}
    origins: dict[tuple[str, str], str] = {}
    for row in store.rows("tags"):
        iri = row["project"]
        if iri not in projects:
            projects[iri] = Node(store.compact(iri), "project", row["project_code"], row["project_name"], iri)
        tag = made.by_iri[row["tag"]]
        end = made.sdg(tag.code) if tag.kind.startswith("sdg") else tag.id
        if end is not None:
            pair = (projects[iri].id, end)
            origins[pair] = stronger(origins.get(pair), row["origin"])
    return list(projects.values()), [Edge(*pair, f"{origin}-tag") for pair, origin in origins.items()]
