"""What a check may cost: it reads the index and never the projects, and SHACL looks at links and assessments alone."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rdflib.namespace import SH

from wsiskg.evidence.counts import count_pairs
from wsiskg.evidence.index import FILE, EvidenceIndex, Loaded
from wsiskg.graph.content.matrix import latest_edition
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release
from wsiskg.matrix.check import check_edition, check_pair, check_submission
from wsiskg.matrix.outlook import ranked_candidates
from wsiskg.matrix.reference import read_reference
from wsiskg.matrix.standing import standing_links
from wsiskg.matrix.workspace import LINKS_ONLY, Workspace, open_workspace
from wsiskg.resources import data_folder, default_mappings
from wsiskg.rules import shacl
from wsiskg.rules.policy import load_policy
from wsiskg.tables.load import load_tables

ROWS = 20


class Files:
    """Files that are opened while it listens."""

    def __init__(self) -> None:
        self.listening = False
        self.opened: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.listening and event == "open" and isinstance(arguments[0], str):
            self.opened.append(arguments[0])


@pytest.fixture(scope="module")
def files() -> Files:
    return Files()


@pytest.fixture
def opened(files: Files) -> Iterator[list[str]]:
    files.opened, files.listening = [], True
    yield files.opened
    files.listening = False


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Size of the graph, and number of nodes that the shapes aim at by name, of every run of pySHACL."""
    runs: list[tuple[int, int]] = []
    real = shacl.pyshacl_validate

    def counted(data: Any, **options: Any) -> Any:
        runs.append((len(data), len(set(options["shacl_graph"].objects(None, SH.targetNode)))))
        return real(data, **options)

    monkeypatch.setattr(shacl, "pyshacl_validate", counted)
    return runs


def workspace_of(projects: int, synthetic: ModuleType) -> Workspace:
    """The bundled links with the evidence of synthetic projects."""
    tables = load_tables(default_mappings(), LINKS_ONLY)
    pairs = count_pairs(synthetic.synthetic_facts(projects, tables))
    index = EvidenceIndex(pairs, Loaded(projects, {"synthetic": projects}, {}, None, None))
    latest = latest_edition(tables)
    return Workspace(tables, read_reference(tables), latest, standing_links(tables, latest), index, "test", Iris())


def test_a_check_opens_neither_registers_nor_the_store(release: Release, data_dir: Path, opened: list[str]) -> None:
    workspace = open_workspace(default_mappings(), data_dir, Iris())
    policy = load_policy("strict", Iris())
    check_edition("2015", workspace, policy)
    check_pair("C2", "9.c", workspace, policy)
    below = {Path(path).resolve() for path in opened if path.startswith(("/", "."))}
    registers = Path(str(data_folder("mappings"))).resolve() / "evidence"
    assert not [path for path in below if path.is_relative_to(registers)]
    read = {
        str(path.relative_to(release.path.resolve())) for path in below if path.is_relative_to(release.path.resolve())
    }
    assert FILE in read
    assert not any(name.startswith("store") or name.endswith((".nq", ".ttl", ".trig", ".gz")) for name in read), read


def test_more_projects_give_shacl_no_more_to_do(synthetic: ModuleType, validated: list[tuple[int, int]]) -> None:
    policy, work = load_policy("default", Iris()), {}
    for projects in (5_000, 20_000):
        workspace = workspace_of(projects, synthetic)
        submission = synthetic.synthetic_submission(ROWS, workspace.tables)
        assert len({proposal.pair for proposal in submission.proposals}) == ROWS
        validated.clear()
        report = check_submission(submission, workspace, policy, edition="2023", hlpf="2023")
        assert len(report.links) == ROWS
        assert sum(link.evidence.of("direct", "confirmed").projects for link in report.links) > projects / 100
        work[projects] = list(validated)
    few, many = work[5_000], work[20_000]
    assert len(few) == len(many) == 2, "one run on the links, one on their assessments"
    # With more projects, a few more of the eight sets of a pair hold any.
    assert [size for size, _ in many] <= [round(1.1 * size) for size, _ in few]
    assert max(size for size, _ in many) < ROWS * 8 * 20


def test_one_link_is_one_focus_node(release: Release, data_dir: Path, validated: list[tuple[int, int]]) -> None:
    workspace = open_workspace(default_mappings(), data_dir, Iris())
    validated.clear()
    check_pair("C2", "9.c", workspace, load_policy("default", Iris()))
    (links, focus), (assessment, _) = validated
    assert focus == 1
    assert links < 50
    assert assessment < 8 * 20


def test_candidates_are_judged_as_far_as_they_are_shown(
    release: Release, data_dir: Path, validated: list[tuple[int, int]]
) -> None:
    workspace, policy = open_workspace(default_mappings(), data_dir, Iris()), load_policy("default", Iris())
    validated.clear()
    ranking = ranked_candidates(workspace, policy, limit=3)
    ((size, _),) = validated
    assert len(ranking.best) == 3 < ranking.number
    assert size < 3 * 8 * 20
