"""Validating what changed since a release: the report of a full validation, from a look at few nodes."""

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from pyoxigraph import NamedNode

from wsiskg.graph import comparing
from wsiskg.graph.columns.statements import Part, Statements
from wsiskg.graph.comparing import compare
from wsiskg.graph.content.dataset import Dataset, build_dataset
from wsiskg.graph.content.registers import is_register_graph
from wsiskg.graph.draft import Base
from wsiskg.graph.held import Compared
from wsiskg.graph.iris import Iris
from wsiskg.graph.parts import read_parts
from wsiskg.graph.release import Release, current_release
from wsiskg.graph.serialise import write_graph
from wsiskg.graph.vocabulary import PROV, RDF_TYPE, RDFS, SCHEMA
from wsiskg.rules import earlier
from wsiskg.rules.check import STRUCTURE
from wsiskg.rules.decide import Decided, decide
from wsiskg.rules.earlier import SUSPECTS, changes_since
from wsiskg.rules.screening import changes as changing
from wsiskg.rules.shacl import load_shapes, problems_of
from wsiskg.tables.load import load_tables

IRIS = Iris()
SHAPES = load_shapes(IRIS, *STRUCTURE)
TYPE, PROJECT, AWARD = str(RDF_TYPE), str(IRIS.term("Project")), str(IRIS.term("Award"))
PRIZES, WSIS, DPGA = IRIS.graph("prizes"), IRIS.graph("wsis"), IRIS.graph("stocktaking", "dpga")

Edit = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture(scope="module")
def release(small_data: Path) -> Release:
    """A release as a build made it."""
    return current_release(small_data)


@pytest.fixture(scope="module")
def dataset(small_tables: Path) -> Dataset:
    """The graphs that it was made of."""
    return build_dataset(load_tables(small_tables), IRIS)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many nodes were judged, each time."""
    counted: list[int] = []
    screen = changing.screen

    def counting(*args: object, among: pl.Series) -> object:
        counted.append(len(among))
        return screen(*args, among=among)  # type: ignore[arg-type]

    monkeypatch.setattr(changing, "screen", counting)
    return counted


def edited(statements: Statements, edit: Edit) -> Statements:
    """A graph of which the parts that ``edit`` changes are made from something else."""

    def parts(cuts: Sequence[str]) -> Iterator[Part]:
        for part in statements.parts(cuts):
            block = part.block()
            after = edit(block).unique().sort(block.columns)
            if after.equals(block.sort(block.columns)):
                yield part
            elif len(after):
                source = hashlib.sha256(after.write_csv().encode()).hexdigest()
                yield Part(after["subject"][0], partial(str, source), partial(_same, after))

    return Statements(statements.graph, parts)


def _same(block: pl.DataFrame) -> pl.DataFrame:
    return block


def compared(release: Release, graphs: Sequence[Statements]) -> dict[str, Compared | None]:
    """Write graphs, and compare them with what they were."""
    before = read_parts(release)
    found = {}
    for statements in graphs:
        iri = statements.graph.value
        found[iri] = compare(iri, before.get(iri), write_graph(statements, IRIS, before=before.get(iri)))
    return found


def validated_again(release: Release, graphs: Sequence[Statements]) -> Decided:
    changes = changes_since(Base(release, read_parts(release)), compared(release, graphs), STRUCTURE)
    assert changes is not None
    return decide(graphs, SHAPES, changes=changes)


def require_same(release: Release, dataset: Dataset, graphs: Sequence[Statements]) -> Decided:
    again, full = validated_again(release, graphs), decide(graphs, SHAPES)
    assert again.suspects is not None
    assert full.suspects is not None
    assert set(full.suspects) <= set(again.suspects)
    assert problems_of(again.results, dataset.origins) == problems_of(full.results, dataset.origins)
    return again


def with_edits(dataset: Dataset, edits: dict[NamedNode, Edit]) -> list[Statements]:
    return [edited(s, edits[s.graph]) if s.graph in edits else s for s in dataset.statements()]


def subject_of(graph: Statements, kind: str, chance: random.Random) -> str:
    found = pl.concat(graph.blocks()).filter((pl.col("predicate") == TYPE) & (pl.col("object") == kind))["subject"]
    return str(chance.choice(found.to_list()))


def of(dataset: Dataset, graph: NamedNode) -> Statements:
    return next(s for s in dataset.statements() if s.graph == graph)


def without(**cells: str) -> Edit:
    """Take away the statements with these terms."""
    return lambda block: block.filter(~pl.all_horizontal(pl.col(name) == term for name, term in cells.items()))


def copied(subject: str, name: str, *others: str) -> Edit:
    """Add a node that says what another does, but for some predicates."""

    def edit(block: pl.DataFrame) -> pl.DataFrame:
        own = block.filter((pl.col("subject") == subject) & ~pl.col("predicate").is_in(others))
        return pl.concat([block, own.with_columns(subject=pl.lit(name))])

    return edit


def both(first: Edit, second: Edit) -> Edit:
    return lambda block: second(first(block))


def test_nothing_changed_nothing_is_judged_and_the_warnings_stay(
    release: Release, dataset: Dataset, judged: list[int]
) -> None:
    graphs = dataset.statements()
    again = require_same(release, dataset, graphs)
    assert judged == [0]
    assert again.results


def test_records_that_come_go_and_change_give_the_report_of_a_full_validation(
    release: Release, dataset: Dataset, judged: list[int]
) -> None:
    chance, prizes, dpga = random.Random(3), of(dataset, PRIZES), of(dataset, DPGA)
    gone, changed, model = (subject_of(prizes, PROJECT, chance) for _ in range(3))
    award, pattern = subject_of(prizes, AWARD, chance), subject_of(prizes, AWARD, chance)
    person = subject_of(dpga, str(PROV("Agent")), chance)
    edits = [
        without(subject=gone),  # which its awards and tags name still
        without(subject=award),
        without(subject=changed, predicate=str(SCHEMA("name"))),
        copied(model, f"{model[:-1]}-again>"),
        copied(model, f"{model[:-1]}-untitled>", str(SCHEMA("name"))),
        copied(pattern, f"{pattern[:-1]}-again>", str(IRIS.term("grade"))),
    ]
    chance.shuffle(edits)
    every = edits[0]
    for edit in edits[1:]:
        every = both(every, edit)
    again = require_same(release, dataset, with_edits(dataset, {PRIZES: every, DPGA: without(subject=person)}))
    assert again.results
    (count,) = judged
    registers = [release.manifest["graphs"][iri] for iri in release.graphs if is_register_graph(IRIS, iri)]
    assert 0 < count < sum(entry["subjects"] for entry in registers) / 2


def test_what_goes_makes_records_wrong_that_did_not_change(
    release: Release, dataset: Dataset, judged: list[int]
) -> None:
    """A country, and a whole register."""
    rows = pl.concat(of(dataset, PRIZES).blocks()).filter(pl.col("predicate") == str(IRIS.term("country")))
    country = str(rows["object"][0])
    graphs = [s for s in with_edits(dataset, {WSIS: without(subject=country)}) if s.graph != DPGA]
    again = require_same(release, dataset, graphs)
    wrong = {r.focus for r in again.results if r.value == country[1:-1] and "/project/" in r.focus}
    assert wrong == {subject[1:-1] for subject in rows.filter(pl.col("object") == country)["subject"]}
    gone = pl.concat(of(dataset, DPGA).blocks())["subject"].n_unique()
    assert judged[0] < gone + 10


def test_statements_that_another_graph_makes_of_unchanged_records_are_judged(
    release: Release, dataset: Dataset, judged: list[int]
) -> None:
    """A second title in graph/wsis; and a class below one with shapes, after which all are judged."""
    project = subject_of(of(dataset, PRIZES), PROJECT, random.Random(7))

    def told(triple: tuple[str, str, str]) -> Edit:
        return lambda block: pl.concat([block, pl.DataFrame([triple], block.schema, orient="row")])

    second = with_edits(dataset, {WSIS: told((project, str(SCHEMA("name")), '"Another title"'))})
    again = validated_again(release, second)
    assert "Project-name" in {r.shape.rsplit("#")[-1] for r in again.results if r.focus == project[1:-1]}
    assert len(judged) == 1
    below = (str(IRIS.term("Register")), str(RDFS("subClassOf")), PROJECT)
    validated_again(release, with_edits(dataset, {WSIS: told(below)}))
    assert len(judged) == 1


def test_without_a_note_of_the_same_shapes_there_is_nothing_to_go_by(
    release: Release, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    graphs, base = compared(release, dataset.statements()), Base(release, read_parts(release))
    assert changes_since(base, graphs, STRUCTURE) is not None
    assert changes_since(base, graphs, ("structure", "quality")) is None
    with monkeypatch.context() as patch:
        patch.setattr(earlier, "_FORM", "another")
        assert changes_since(base, graphs, STRUCTURE) is None
    assert changes_since(base, graphs | {WSIS.value: None}, STRUCTURE) is None
    evidence = next(iri for iri in release.graphs if "/evidence/" in iri)  # which is not validated
    assert changes_since(base, graphs | {evidence: graphs[WSIS.value]}, STRUCTURE) is None
    monkeypatch.setattr(earlier, "SUSPECTS", f"no-{SUSPECTS}")
    assert changes_since(base, graphs, STRUCTURE) is None


def test_what_differs_in_too_much_is_not_collected(
    release: Release, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "_MOST", 10)
    changed = [*of(dataset, WSIS)][:-11]
    for graph, statements in [(WSIS, Statements.of(WSIS, changed)), (IRIS.graph("more"), of(dataset, WSIS))]:
        assert compared(release, [replace(statements, graph=graph)]) == {graph.value: None}
    few = compared(release, [Statements.of(WSIS, [*changed, *[*of(dataset, WSIS)][-10:]])])[WSIS.value]
    assert few is not None
    assert (len(few.lost), len(few.new)) == (1, 0)
