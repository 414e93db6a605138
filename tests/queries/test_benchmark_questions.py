"""The questions of the benchmark: each has an answer on a release with invented projects that a server would take."""

from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest

from wsiskg.graph.release import Release, current_release, load_store
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
QUESTIONS = sorted((BENCHMARKS / "questions").glob("*.rq"))


@pytest.fixture(scope="module")
def store(release: Release, synthetic: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    data = tmp_path_factory.mktemp("synthetic")
    made = synthetic.synthetic_release(release, 500, load_tables(default_mappings()), data)
    assert current_release(data).id == made.id  # complete, as the server checks it
    return load_store(made)


def test_there_are_twelve() -> None:
    assert len(QUESTIONS) == 12


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_every_question_is_answered(store: ox.Store, question: Path) -> None:
    found = store.query(question.read_text("utf-8"), use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    rows = list(found)
    assert rows
    assert all(row[0] is not None for row in rows)


def test_invented_projects_say_so(store: ox.Store) -> None:
    """They stand in a graph of their own, and no name or code of theirs can be taken for a real one."""
    graph = ox.NamedNode("https://w3id.org/wsis-kg/graph/stocktaking/synthetic")
    names = {q.object.value for q in store.quads_for_pattern(None, ox.NamedNode("http://schema.org/name"), None, graph)}
    assert len(names) > 500
    assert all(name.startswith("Invented ") for name in names)
