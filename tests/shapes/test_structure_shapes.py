"""Every shape of ``shapes/structure.shapes.ttl`` on its examples, and the shapes themselves.

An example holds, in its first lines, what is expected of it: ``# expect: <focus> shape Component Severity``. Examples
are checked together with ``context.ttl``, which holds what they refer to. Those that have nothing to do with each other
share one run of pySHACL, for a run costs most of a second however little it is given.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from pyshacl import validate
from rdflib.namespace import RDF, SH

from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import ontology_triples, turtle_files
from wsiskg.graph.release import Release
from wsiskg.rules.screening.screen import Union, screen
from wsiskg.rules.screening.shapes import compile_shapes
from wsiskg.rules.shacl import load_shapes, to_rdflib

HERE = Path(__file__).parent
WSH = "https://w3id.org/wsis-kg/shapes#"
EXAMPLES = sorted(HERE.glob("*/*.ttl"))
SHAPES = load_shapes(Iris(), "structure")


def triples(path: Path) -> set[ox.Triple]:
    return {ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)}


CONTEXT = triples(HERE / "context.ttl")
CONTEXT_SUBJECTS = {t.subject.value for t in CONTEXT if isinstance(t.subject, ox.NamedNode)}


def expected(path: Path) -> set[tuple[str, str, str, str]]:
    found = re.findall(r"^# expect: (?:<(\S+)>|(_:blank)) (\S+) (\S+) (\S+)$", path.read_text("utf-8"), re.MULTILINE)
    return {(focus or blank, shape, component, severity) for focus, blank, shape, component, severity in found}


def named(terms: Iterable[object]) -> set[str]:
    return {t.value for t in terms if isinstance(t, ox.NamedNode)}


@dataclass(frozen=True, slots=True)
class Example:
    """What decides whether an example may be checked beside others."""

    path: Path
    triples: set[ox.Triple]
    subjects: set[str]
    outside: set[str]  # what it refers to without saying anything about it

    @classmethod
    def read(cls, path: Path) -> "Example":
        found = triples(path)
        subjects = named(t.subject for t in found)
        return cls(path, found, subjects, named(t.object for t in found) - subjects - CONTEXT_SUBJECTS)

    def must_stand_alone(self) -> bool:
        """Blank nodes cannot be told apart in a shared report, nor results on what the context describes."""
        return not {focus for focus, *_ in expected(self.path)} <= self.subjects

    def has_blank_nodes(self) -> bool:
        """Graphs of the project hold none, and columns do not either."""
        return any(isinstance(term, ox.BlankNode) for t in self.triples for term in (t.subject, t.object))

    def meets(self, other: "Example") -> bool:
        return bool(self.subjects & (other.subjects | other.outside) or self.outside & other.subjects)


def batches(examples: list[Example], size: int = 16) -> list[list[Example]]:
    """Examples of which none says anything about what another describes or refers to."""
    made: list[list[Example]] = []
    for example in examples:
        open_to = [b for b in made if len(b) < size and not b[0].must_stand_alone()]
        room = next((b for b in open_to if not any(example.meets(other) for other in b)), None)
        if room is None or example.must_stand_alone():
            made.append([example])
        else:
            room.append(example)
    return made


def results(data: set[ox.Triple]) -> set[tuple[str, str, str, str]]:
    # The whole graph is validated: with focus_nodes pySHACL passes over the shapes inside sh:or and qualified shapes.
    _, report, _ = validate(to_rdflib(data), shacl_graph=SHAPES, inference="none")
    assert isinstance(report, rdflib.Graph)
    return {
        (
            "_:blank"
            if isinstance(report.value(r, SH.focusNode), rdflib.BNode)
            else str(report.value(r, SH.focusNode)),
            str(report.value(r, SH.sourceShape)).removeprefix(WSH),
            str(report.value(r, SH.sourceConstraintComponent)).rsplit("#", 1)[-1].removesuffix("ConstraintComponent"),
            str(report.value(r, SH.resultSeverity)).rsplit("#", 1)[-1],
        )
        for r in report.subjects(RDF.type, SH.ValidationResult)
    }


@pytest.fixture(scope="module")
def reported() -> dict[Path, set[tuple[str, str, str, str]]]:
    """The results of each example: on its own subjects, and on what nobody in its batch describes."""
    found: dict[Path, set[tuple[str, str, str, str]]] = {}
    for batch in batches([Example.read(path) for path in EXAMPLES]):
        report = results(CONTEXT.union(*(e.triples for e in batch)))
        owned = set().union(*(e.subjects for e in batch))
        for example in batch:
            found[example.path] = {r for r in report if r[0] in example.subjects or r[0] not in owned}
    return found


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_example_gives_exactly_what_it_expects(
    path: Path, reported: dict[Path, set[tuple[str, str, str, str]]]
) -> None:
    wanted = expected(path)
    assert bool(wanted) == path.stem.startswith("fail-")
    assert reported[path] == wanted


def test_the_screen_suspects_whom_pyshacl_reports_and_nobody_else() -> None:
    rules = compile_shapes(SHAPES)
    assert [rule.shape for rule in rules if not rule.whole] == []
    for batch in batches([e for e in map(Example.read, EXAMPLES) if not e.has_blank_nodes()], size=80):
        graph = CONTEXT.union(*(e.triples for e in batch))
        suspects = screen(Union([Statements.of(ox.NamedNode(f"{WSH}examples"), graph)]), rules).suspects
        wanted = {focus for example in batch for focus, *_ in expected(example.path)}
        assert {str(term)[1:-1] for term in suspects} == wanted


def test_every_example_folder_is_a_shape_with_both_kinds_of_example() -> None:
    for folder in sorted(p for p in HERE.iterdir() if p.is_dir() and p.name not in {"__pycache__", "links"}):
        assert any(str(s).startswith(WSH + folder.name) for s in SHAPES.subjects(RDF.type, None)), folder.name
        assert list(folder.glob("pass-*.ttl")), folder.name
        assert list(folder.glob("fail-*.ttl")), folder.name


def test_only_shacl_terms_that_exist_are_used() -> None:
    used = {
        t
        for name in turtle_files("shapes")
        for triple in ox.parse(turtle_files("shapes")[name], ox.RdfFormat.TURTLE)
        for t in (triple.predicate, triple.object)
        if isinstance(t, ox.NamedNode) and t.value.startswith(str(SH))
    }
    assert [t.value for t in used if rdflib.URIRef(t.value) not in SH] == []


def test_every_property_shape_speaks_three_languages() -> None:
    for shape in SHAPES.subjects(RDF.type, SH.PropertyShape):
        if (shape, SH.severity, None) not in SHAPES:
            continue  # it stands inside another shape, which speaks for it
        for predicate in (SH.name, SH.message):
            languages = {o.language for o in SHAPES.objects(shape, predicate) if isinstance(o, rdflib.Literal)}
            assert languages >= {"en", "fr", "es"}, (shape, predicate, languages)


def test_every_class_of_ours_in_the_graph_is_targeted(release: Release) -> None:
    declared = {
        t.subject.value
        for t in ontology_triples(Iris())
        if isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.NamedNode)
        and t.object.value.endswith("#Class")
    }
    store = ox.Store.read_only(str(release.store_path))
    types = {
        q.object.value
        for q in store.quads_for_pattern(None, ox.NamedNode(str(RDF.type)), None, None)
        if isinstance(q.object, ox.NamedNode)
    }
    targeted = {str(o) for o in SHAPES.objects(None, SH.targetClass)}
    assert declared & types <= targeted, (declared & types) - targeted
