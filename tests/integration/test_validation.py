"""Validation at scale: the report of pySHACL on everything, from a look at what may be wrong only."""

import importlib
import random
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import pytest
from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.columns.statements import Statements, frame_of
from wsiskg.graph.content.dataset import Dataset, build_dataset
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import DCTERMS, RDF_TYPE, RDFS, SCHEMA, XSD
from wsiskg.model.errors import ViolationError
from wsiskg.model.problems import Severity
from wsiskg.resources import default_mappings
from wsiskg.rules import decide as deciding
from wsiskg.rules import runs
from wsiskg.rules.check import check_dataset
from wsiskg.rules.decide import decide
from wsiskg.rules.screening import screen as screening
from wsiskg.rules.shacl import load_shapes, problems_of, to_rdflib, validate
from wsiskg.rules.validation import Validation
from wsiskg.tables.load import load_tables

IRIS = Iris()
WSIS = IRIS.term
SHAPES = load_shapes(IRIS, "structure")
PROJECTS = 150


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The bundled frameworks, and a register of invented projects instead of the bundled ones."""
    root = tmp_path_factory.mktemp("clean") / "mappings"
    shutil.copytree(default_mappings(), root, ignore=shutil.ignore_patterns("dpga", "wsis-prizes"))
    (root / "evidence/synthetic").mkdir()
    folder = str(Path(__file__).resolve().parents[2] / "benchmarks")
    if folder not in sys.path:
        sys.path.append(folder)
    registers = importlib.import_module("registers")
    for name, frame in registers.synthetic_register(PROJECTS, 7, load_tables(default_mappings())).items():
        frame.write_csv(root / f"evidence/synthetic/{name}.csv")
    return build_dataset(load_tables(root), IRIS)


def register(dataset: Dataset) -> NamedNode:
    return IRIS.graph("stocktaking", "synthetic")


def damaged(dataset: Dataset) -> dict[NamedNode, set[Triple]]:
    """The graphs with each kind of damage done to one project, award, organisation or tag of its own."""
    graphs = {graph: set(triples) for graph, triples in dataset.graphs.items()}
    said = graphs[register(dataset)]
    free: dict[str, list[NamedNode]] = {}
    for kind in ("Project", "Award", "Organisation", "TagAssignment"):
        found = sorted((t.subject for t in said if t.object == WSIS(kind)), key=str)
        random.Random(7).shuffle(found)
        free[kind] = found

    def values(subject: NamedNode, predicate: NamedNode) -> list[Triple]:
        return [t for t in said if t.subject == subject and t.predicate == predicate]

    def put(kind: str, predicate: NamedNode, *objects: NamedNode | Literal, keep: bool = False) -> NamedNode:
        """Replace the values of a property of the next node of a class."""
        subject = free[kind].pop()
        if not keep:
            said.difference_update(values(subject, predicate))
        said.update(Triple(subject, predicate, o) for o in objects)
        return subject

    nowhere = NamedNode("https://example.org/nowhere")
    texts = ("", " ", "\n", 'a "quoted"\ttitle\\', "\x1c", "عنوان")
    for text in texts:
        put("Project", SCHEMA("name"), Literal(text))
        put("Project", SCHEMA("description"), Literal(text, language="fr"))
    put("Project", SCHEMA("name"))
    put("Project", SCHEMA("name"), Literal("one"), Literal("two"))
    put("Project", SCHEMA("name"), Literal("titre", language="fr"))
    put("Project", SCHEMA("description"), Literal("no language"))
    put("Project", SCHEMA("description"), Literal("nope", language="xx"))
    put("Project", SCHEMA("description"), Literal("one", language="en"), Literal("two", language="en"))
    for year in ("1989", "2036", "02010", "+2010", "x", "2010.0", "99999999999999999999"):
        put("Project", WSIS("firstYear"), Literal(year, datatype=XSD("integer")))
    put("Project", WSIS("firstYear"), Literal("2010", datatype=XSD("gYear")))
    put("Project", WSIS("firstYear"), Literal(2010), Literal(2011))
    for predicate in ("country", "declaredTag", "organisation", "stakeholderType", "register"):
        put("Project", WSIS(predicate), nowhere)
        put("Project", WSIS(predicate), Literal("text"), keep=True)
    put("Project", WSIS("country"), IRIS.resource("action-line", "C2"))
    put("Project", SCHEMA("award"), nowhere)
    put("Project", SCHEMA("url"), NamedNode("ftp://example.org/"))
    put("Project", DCTERMS("source"))
    put("Project", WSIS("verified"), Literal(False))
    put("Project", WSIS("note"), Literal("untagged"))
    put("Project", NamedNode("https://example.org/unknown"), Literal("of no shape"), keep=True)
    put("Project", RDF_TYPE, WSIS("Project"))
    put("Project", RDF_TYPE, SCHEMA("Project"))
    put("Project", RDF_TYPE, WSIS("Award"), keep=True)
    put("Award", WSIS("project"), nowhere)
    put("Award", WSIS("project"))
    put("Award", WSIS("year"), Literal(2011))
    put("Award", WSIS("gradeCertain"), Literal("maybe", datatype=XSD("boolean")))
    put("Organisation", SCHEMA("name"))
    put("Organisation", RDF_TYPE, SCHEMA("Organization"))
    put("TagAssignment", DCTERMS("date"), Literal("2023-02-30", datatype=XSD("date")))
    put("TagAssignment", WSIS("tagged"), IRIS.resource("country", "KEN"))
    # What two graphs say of one node, each half of it or each one too many.
    half = free["Project"].pop()
    moved = {t for t in said if t.subject == half and t.predicate in (SCHEMA("name"), DCTERMS("source"))}
    graphs[IRIS.graph("wsis")] |= moved
    said.difference_update(moved)
    graphs[IRIS.graph("prizes")] = {Triple(free["Project"].pop(), SCHEMA("name"), Literal("another title"))}
    # An IRI that its class does not allow, and one of an unknown class below one that has shapes.
    said.add(Triple(NamedNode("https://example.org/project"), RDF_TYPE, WSIS("Project")))
    said.add(Triple(NamedNode("https://example.org/Pilot"), RDFS("subClassOf"), WSIS("Project")))
    said.add(Triple(NamedNode("https://example.org/pilot"), RDF_TYPE, NamedNode("https://example.org/Pilot")))
    return graphs


def cut(graph: NamedNode, triples: set[Triple], size: int) -> Statements:
    """A graph in blocks of some subjects each."""

    def blocks() -> Iterator[pl.DataFrame]:
        frame = frame_of(triples).with_columns(block=pl.col("subject").rle_id() // size)
        yield from (part.drop("block") for part in frame.partition_by("block", maintain_order=True))

    return Statements.in_blocks(graph, blocks)


def test_the_report_on_damage_of_every_kind_is_that_of_pyshacl_on_everything(
    clean: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    graphs = damaged(clean)
    wanted = validate(to_rdflib(set().union(*graphs.values())), SHAPES, clean.origins)
    assert len({p.rule for p in wanted}) > 25
    frozen = {graph: frozenset(triples) for graph, triples in graphs.items()}
    assert check_dataset(Dataset(IRIS, frozen, clean.origins)) == wanted
    # The same in small blocks, and in several processes.
    monkeypatch.setattr(screening, "_ROWS", 400)
    monkeypatch.setattr(screening, "_OPEN", 300)
    monkeypatch.setattr(deciding, "_CHUNK", 20)
    monkeypatch.setattr(deciding, "_WINDOW", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    statements = [cut(graph, triples, 60) for graph, triples in graphs.items() if triples]
    assert problems_of(decide(statements, SHAPES).results, clean.origins) == wanted


def test_only_what_may_be_wrong_reaches_pyshacl(clean: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, Sequence[str]]] = []
    own = runs.run_shapes

    def counted(data: object, shapes: object, focus: Sequence[str]) -> object:
        given.append((len(data), focus))  # type: ignore[arg-type]
        return own(data, shapes, focus)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "run_shapes", counted)
    statements = clean.graphs[register(clean)]
    wrong = min((t for t in statements if t.predicate == WSIS("register") and "/project/" in str(t.subject)), key=str)
    others = sorted({t.subject for t in statements if "/project/" in str(t.subject)}, key=str)
    left = {*others[PROJECTS // 2 :]} - {wrong.subject}
    left |= {t.subject for t in statements if t.object in left}
    for without in (set(), left):  # with all the clean projects, and with half of them
        graphs = {
            graph: frozenset(t for t in triples if t.subject not in without and t.object not in without and t != wrong)
            for graph, triples in clean.graphs.items()
        }
        rules = {problem.rule for problem in check_dataset(Dataset(IRIS, graphs, {}))}
        assert "https://w3id.org/wsis-kg/shapes#Record-register" in rules
    (all_, focus), (half, same) = given
    assert focus == same
    assert wrong.subject.value in focus
    assert abs(all_ - half) < 0.05 * all_


def test_a_clean_register_costs_no_run_of_pyshacl(clean: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (deciding, runs):
        monkeypatch.setattr(module, "run_shapes", None)
    named = {IRIS.graph(name) for name in ("ontology", "sdg", "current")} | {register(clean)}
    wsis = {t for t in clean.graphs[IRIS.graph("wsis")] if "/id/event/" not in str(t.subject)}
    graphs = [Statements.of(graph, clean.graphs[graph]) for graph in named]
    assert decide([*graphs, Statements.of(IRIS.graph("wsis"), wsis)], SHAPES).results == []


def test_validation_beside_other_work_can_be_ended(clean: Dataset) -> None:
    validation = Validation()
    validation.begin(clean)
    validation.approve()
    assert {p.severity for p in validation.problems} <= {Severity.WARNING, Severity.INFO}
    validation.stop()
    broken = Dataset(IRIS, {g: frozenset(t) for g, t in damaged(clean).items()}, clean.origins)
    refused = Validation("Correct them.")
    refused.begin(broken)
    with pytest.raises(ViolationError, match="violation") as error:
        refused.approve()
    assert error.value.remedy == "Correct them."
    unwanted = Validation()
    unwanted.begin(broken)
    unwanted.stop()
    assert all(thread.name != "validation" for thread in threading.enumerate())
