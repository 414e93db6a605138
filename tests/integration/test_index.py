"""The index and tables of a release: the same bytes however it is written, and nothing but what the graphs hold."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pyoxigraph as ox
import pytest

from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.content.dataset import Dataset
from wsiskg.graph.content.registers import is_register_graph
from wsiskg.graph.draft import Base, draft_release
from wsiskg.graph.index.core import write_core
from wsiskg.graph.index.evidence import write_evidence
from wsiskg.graph.index.schema import CORE, EVIDENCE
from wsiskg.graph.parts import read_parts
from wsiskg.graph.release import Release
from wsiskg.graph.writing import write_release
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables

Graphs = dict[ox.NamedNode, list[ox.Triple]]
DERIVED = ("index/", "dumps/csv/", "dumps/matrix/")


@pytest.fixture(scope="module")
def graphs(release: Release) -> Graphs:
    found: Graphs = {}
    for quad in ox.parse(path=release.nquads_path):
        assert isinstance(quad.graph_name, ox.NamedNode)
        found.setdefault(quad.graph_name, []).append(quad.triple)
    return found


def derived(release: Release) -> dict[str, str]:
    return {f["path"]: f["sha256"] for f in release.manifest["files"] if f["path"].startswith(DERIVED)}


def test_a_release_on_another_has_the_same_index(release: Release, graphs: Graphs, tmp_path: Path) -> None:
    """As publishing does: most graphs are taken from the release before, one is new."""
    iris = release.iris
    changed = {iris.graph("matrix", "2015"), iris.graph("provenance"), iris.graph("evidence", "2015")}
    dataset = Dataset(iris, {g: frozenset(graphs[g]) for g in changed}, {})
    base = Base(release, read_parts(release), frozenset(graphs) - changed, ("evidence/pairs.json",))
    written = write_release(draft_release(dataset, load_tables(default_mappings()), base), tmp_path)
    assert written.id != release.id  # its provenance names another release
    assert derived(written) == derived(release)
    assert set(derived(release)) >= {CORE, EVIDENCE, "dumps/csv/matrix.zip", "dumps/matrix/2015.sssom.tsv"}


def test_the_order_of_statements_does_not_matter(release: Release, graphs: Graphs, tmp_path: Path) -> None:
    iris = release.iris
    places = graphs[iris.graph("wsis")]
    registers = [g for g in sorted(graphs, key=str) if is_register_graph(iris, g.value)]
    statements = [Statements.of(g, graphs[g][::-1]) for g in registers]
    write_evidence(tmp_path / "evidence", tmp_path / "registers.zip", iris, statements, places[::-1])
    assert (tmp_path / "evidence").read_bytes() == (release.path / EVIDENCE).read_bytes()
    assert (tmp_path / "registers.zip").read_bytes() == (release.path / "dumps/csv/registers.zip").read_bytes()
    others = [g for g in graphs if g not in registers and g != iris.graph("provenance")]
    write_core(tmp_path / "core", iris, [graphs[g][::-1] for g in reversed(others)])
    assert (tmp_path / "core").read_bytes() == (release.path / CORE).read_bytes()


def test_the_index_holds_every_resource_of_its_kinds(release: Release, graphs: Graphs) -> None:
    counts = release.manifest["counts"]["classes"]
    with (
        closing(sqlite3.connect(release.path / CORE)) as core,
        closing(sqlite3.connect(release.path / EVIDENCE)) as more,
    ):
        numbers = dict(pair for c in (core, more) for pair in c.execute("SELECT name, items FROM kind"))
    assert numbers["project"] == counts["Project"]
    assert numbers["award"] == counts["Award"]
    assert numbers["action-line"] == counts["ActionLine"] == 19
    assert (numbers["goal"], numbers["target"]) == (17, 169)
    assert numbers["hlpf"] == counts["HlpfSession"]
    assert numbers["candidate"] == counts["Candidate"]
