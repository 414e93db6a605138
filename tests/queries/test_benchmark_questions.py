"""The questions of the benchmark, on the bundled tables with some hundred invented projects beside them.

Those that read counts answer as those that count the projects, in ``plain/``; and the counts they read are those that
``queries/tallies/`` define.
"""

import csv
import io
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote

import pyoxigraph as ox
import pytest

from wsiskg.evidence.facts import facts_from_tables
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.evidence.tallies import LEADING, tally_triples
from wsiskg.graph.content.dataset import build_dataset
from wsiskg.graph.content.matrix import latest_edition
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import RDF_TYPE, Vocabulary
from wsiskg.resources import data_folder
from wsiskg.rules.policy import load_policy
from wsiskg.rules.status import evidence_graph
from wsiskg.store.evaluate import Request, evaluate
from wsiskg.tables.load import load_tables

QB = Vocabulary("http://purl.org/linked-data/cube#")
QUESTIONS = sorted((Path(__file__).parents[2] / "benchmarks" / "questions").glob("*.rq"))
PLAIN = sorted((QUESTIONS[0].parent / "plain").glob("*.rq"))
TALLIES = sorted(Path(str(data_folder("queries") / "tallies")).glob("*.rq"))


@pytest.fixture(scope="module")
def store(registers: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    iris, tables = Iris(), load_tables(registers.synthetic_mappings(tmp_path_factory.mktemp("invented"), 400))
    facts, edition = facts_from_tables(tables), latest_edition(tables)
    index, policy = EvidenceIndex.of(facts), load_policy("default", iris)
    evidence = evidence_graph(iris, edition, tables, index, policy, with_candidates=True)
    counted = {iris.graph("evidence", edition): evidence, iris.graph("tallies"): tally_triples(iris, tables, facts)}
    dataset = build_dataset(tables, iris)
    store = ox.Store()
    for graph, triples in {**dataset.graphs, **counted}.items():
        store.bulk_extend(ox.Quad(*triple, graph) for triple in triples)
    return store


def rows(store: ox.Store, query: Path) -> list[dict[str, str]]:
    answer = evaluate(store, Request(query.read_text("utf-8"), "text/csv"))
    return list(csv.DictReader(io.StringIO(answer.body.decode())))


def test_there_are_twelve() -> None:
    assert len(QUESTIONS) == 12
    assert {path.name for path in PLAIN} <= {path.name for path in QUESTIONS}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_every_question_is_answered(store: ox.Store, question: Path) -> None:
    found = rows(store, question)
    assert found
    assert all(next(iter(row.values())) for row in found)


@pytest.mark.parametrize("plain", PLAIN, ids=lambda path: path.stem)
def test_a_question_that_reads_counts_answers_as_one_that_counts(store: ox.Store, plain: Path) -> None:
    assert rows(store, plain.parent.parent / plain.name) == rows(store, plain)


CODES = {
    "line": "actionLine", "goal": "goal", "target": "tallyTarget", "year": "tallyYear", "region": "tallyRegion",
    "country": "tallyCountry", "grade": "tallyGrade", "organisation": "tallyOrganisation", "origin": "origin",
}  # fmt: skip
COUNTS = {
    "projects": "projectCount", "countries": "countryCount", "regions": "regionCount", "awards": "awardCount",
    "lines": "actionLineCount",
}  # fmt: skip


@pytest.mark.parametrize("definition", TALLIES, ids=lambda path: path.stem)
def test_tallies_are_what_their_definition_counts(store: ox.Store, definition: Path) -> None:
    defined = rows(store, definition)
    names = list(defined[0])
    terms = "".join(f" ; wsis:{(CODES | COUNTS)[name]} ?{name}" for name in names)
    query = f"""
        PREFIX wsis: <https://w3id.org/wsis-kg/ontology#>
        PREFIX qb: <http://purl.org/linked-data/cube#>
        SELECT {" ".join(f"?{name}" for name in names)} WHERE {{
            GRAPH <https://w3id.org/wsis-kg/graph/tallies> {{
                ?tally a wsis:Tally ; qb:dataSet <https://w3id.org/wsis-kg/id/tally/{definition.stem}>{terms} .
            }}
        }}"""
    answer = evaluate(store, Request(query, "text/csv"))
    read = list(csv.DictReader(io.StringIO(answer.body.decode())))
    for row in read:
        row.update({name: row[name].rpartition("/")[2] for name in names if name in CODES})
    assert len(read) > 20

    def code(row: dict[str, str]) -> list[str]:
        return [unquote(row[name]) for name in names]

    assert sorted(map(code, read)) == sorted(map(code, defined))


def test_every_tally_is_defined(store: ox.Store) -> None:
    """As the RDF Data Cube vocabulary has it: a data set each, with the dimensions and measures of its structure."""
    tables = store.quads_for_pattern(None, RDF_TYPE, QB("DataSet"))
    assert {quad.subject.value.rpartition("/")[2] for quad in tables} == {path.stem for path in TALLIES}
    kinds = ("dimension", "measure")
    for table in store.quads_for_pattern(None, RDF_TYPE, QB("DataSet")):
        (structure,) = (quad.object for quad in store.quads_for_pattern(table.subject, QB("structure"), None))
        parts = [quad.object for quad in store.quads_for_pattern(structure, QB("component"), None)]
        terms = {q.object for part in parts for kind in kinds for q in store.quads_for_pattern(part, QB(kind), None)}
        assert terms
        for observation in store.quads_for_pattern(None, QB("dataSet"), table.subject):
            said = list(store.quads_for_pattern(observation.subject, None, None))
            assert len({quad.predicate for quad in said}) == len(said) - 1  # two types
            assert {quad.predicate for quad in said} - {RDF_TYPE, QB("dataSet")} == terms


@pytest.mark.parametrize("table", ["organisation", "line-target"])
def test_ranks_are_the_order_by_projects(store: ox.Store, table: str) -> None:
    query = f"""
        PREFIX wsis: <https://w3id.org/wsis-kg/ontology#>
        PREFIX qb: <http://purl.org/linked-data/cube#>
        SELECT ?rank ?projects WHERE {{
            ?tally qb:dataSet <https://w3id.org/wsis-kg/id/tally/{table}> ;
                wsis:rank ?rank ; wsis:projectCount ?projects .
        }}
        ORDER BY ?rank"""
    answer = evaluate(store, Request(query, "text/csv"))
    read = [(int(row["rank"]), int(row["projects"])) for row in csv.DictReader(io.StringIO(answer.body.decode()))]
    assert [rank for rank, _ in read] == list(range(1, len(read) + 1))
    counts = [projects for _, projects in read]
    assert counts == sorted(counts, reverse=True)
    assert table != "organisation" or len(read) == LEADING
