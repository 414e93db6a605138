"""``wsiskg analyse`` on the bundled release, and what its documentation shows."""

import csv
import io
import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest
import yaml

from wsiskg.analysis.network import NETWORKS
from wsiskg.analysis.reading import read_dated_projects, read_network, read_reviews
from wsiskg.analysis.time import link_timeline
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.graph.release import Release, open_store
from wsiskg.store.evaluate import Request, evaluate

from .conftest import Wsiskg

if TYPE_CHECKING:
    from tests.conftest import RunNotebook

QUERIES = Path(__file__).resolve().parents[2] / "queries" / "network"
DOC = (Path(__file__).resolve().parents[2] / "docs" / "analysis.md").read_text("utf-8")
SHOWN = re.findall(r"^\$ (wsiskg analyse .*)\n((?:.*\n)*?)(?=```|\$ )", DOC, re.MULTILINE)


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_commands_of_the_documentation_give_what_it_shows(
    command: str, output: str, inside: Wsiskg, data_dir: Path, built: object
) -> None:
    result = inside(*shlex.split(command)[1:], "--data", data_dir)
    assert result.returncode == 0, result.stderr
    # '...' stands for what is left out, such as the release id.
    kept = [line.rstrip() for line in result.stdout.splitlines()]
    shown = [line.rstrip() for line in output.splitlines()]
    assert shown
    assert [line for line in shown if line != "..."] == [line for line in kept if line in set(shown)]


def test_the_documentation_shows_every_command(inside: Wsiskg) -> None:
    listed = set(re.findall(r"wsiskg analyse ([a-z-]+)", DOC))
    named = set(re.findall(r"^\W*│? ([a-z][a-z-]+)  ", inside("analyse", "--help").stdout, re.MULTILINE))
    assert named
    assert named <= listed


@pytest.mark.parametrize("form", ["text", "md", "html", "json", "csv"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["summary", "--network", "three-way"], ["centrality", "--weight", "direct-confirmed"], ["bridges"],
        ["isolation", "--level", "goals"], ["similarity", "--agencies"], ["communities", "--seeds", "3"],
        ["robustness"], ["candidates"], ["back-test", "--splits", "2"], ["timeline", "C7-EHEA", "3"],
        ["timeline", "c7"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_analysis_in_every_format(
    arguments: list[str], form: str, inside: Wsiskg, data_dir: Path, built: object
) -> None:
    language = {"md": "fr", "html": "es"}.get(form, "en")
    result = inside("analyse", *arguments, "-f", form, "--lang", language, "--data", data_dir)
    assert result.returncode == 0, result.stderr
    if form == "json":
        assert json.loads(result.stdout)["analysis"] == arguments[0]
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(result.stdout)))
        assert rows
        assert None not in rows[0]
    else:
        assert len(result.stdout.splitlines()) > 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["summary", "--network", "roads"], "there is no network 'roads'"),
        (["summary", "--edition", "1999"], "there is no edition '1999'"),
        (["summary", "--weight", "gold"], "there is no weight 'gold'"),
        (["summary", "--level", "sea"], "there is no level 'sea'"),
        (["summary", "--network", "projects", "--weight", "direct-confirmed"], "no evidence is counted for"),
        (["centrality", "--by", "fame"], "there is no centrality 'fame'"),
        (["similarity", "C99"], "'C99' is not in this network"),
        (["similarity", "--evidence", "gold"], "there is no evidence 'gold'"),
        (["candidates", "--by", "luck"], "there is no method 'luck'"),
        (["candidates", "--line", "C99"], "'C99' is not in this network"),
        (["back-test", "--share", "2"], "a share between 0 and 1"),
        (["timeline", "C99"], "there is no action line 'C99'"),
        (["timeline", "C2", "9.x"], "there is no SDG goal or target '9.x'"),
        (["export", "-f", "dot"], "unknown format 'dot'"),
        (["bridges", "-f", "pdf"], "unknown format 'pdf'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_misuse_is_said_plainly(arguments: list[str], said: str, inside: Wsiskg, data_dir: Path, built: object) -> None:
    result = inside("analyse", *arguments, "--data", data_dir)
    assert result.returncode == 2
    assert said in result.stderr


def test_communities_do_not_depend_on_the_hash_seed(wsiskg: Wsiskg, data_dir: Path, built: object) -> None:
    command = ("analyse", "communities", "-f", "json", "--data", data_dir)
    first, second = (wsiskg(*command, PYTHONHASHSEED=seed).stdout for seed in ("1", "2"))
    assert json.loads(first)["communities"]
    assert first == second


@pytest.mark.parametrize("kind", NETWORKS)
def test_exports_are_read_back(kind: str, inside: Wsiskg, data_dir: Path, release: Release, tmp_path: Path) -> None:
    network = read_network(release, kind)
    edges = {frozenset((e.source, e.target)) for e in network.edges}
    assert edges
    for form, read in (("graphml", nx.read_graphml), ("gexf", nx.read_gexf)):
        out = tmp_path / f"n.{form}"
        result = inside("analyse", "export", "--network", kind, "-f", form, "-o", out, "--data", data_dir)
        assert result.returncode == 0, result.stderr
        made = read(out)
        assert {frozenset(e) for e in made.edges} == edges
        assert {n: made.nodes[n]["name"] for n in made} == {n.id: n.label for n in network.nodes}


def test_networks_hold_what_the_catalogue_counts(inside: Wsiskg, data_dir: Path, release: Release) -> None:
    asked = inside("query", "agencies-by-links", "-f", "csv", "--data", data_dir).stdout
    links = {r["agency_code"]: int(r["links"]) for r in csv.DictReader(io.StringIO(asked))}
    lost = json.loads(inside("analyse", "robustness", "-f", "json", "--data", data_dir).stdout)["records"]
    assert {r["agency"]: r["links"] for r in lost if r["agency"]} == {a: n for a, n in links.items() if n}


@pytest.mark.parametrize("line", ["C2", "C7-EHEA"])
def test_a_timeline_adds_up_to_the_evidence_of_the_release(line: str, release: Release) -> None:
    index = EvidenceIndex.read(release.path)
    projects, reviews = read_dated_projects(release, line), read_reviews(release)
    pairs = [pair for pair in index.pairs if pair[0] == line]
    assert pairs
    for pair in pairs:
        found = link_timeline(projects, *pair, reviews)
        counted = {key: m.projects for key, m in index.get(*pair).sets.items() if m.projects}
        assert {(s.directness, s.origin): s.projects for s in found.sets} == counted, pair
        for s in found.sets:
            started = sum(y.started for y in found.years if (y.directness, y.origin) == (s.directness, s.origin))
            assert started + s.undated == s.projects
        last = max((r.year for r in found.reviews), default=None)
        for r in found.reviews:
            if r.year == last:
                assert r.since == index.get(*pair).of(r.directness, r.origin).since_review


@pytest.mark.parametrize("file", sorted(QUERIES.glob("*.rq")), ids=lambda f: f.stem)
def test_each_published_query_says_its_columns(file: Path, release: Release) -> None:
    text = file.read_text("utf-8")
    header = yaml.safe_load("".join(line[2:] + "\n" for line in text.splitlines() if line.startswith("#+")))
    answer = evaluate(open_store(release), Request(text, "text/csv", max_bytes=1 << 40))
    rows = csv.reader(io.StringIO(answer.body.decode(), newline=""))
    assert next(rows) == header["columns"]
    assert next(rows, None), "no rows"


def test_the_notebook_finds_what_the_commands_find(
    release: Release, data_dir: Path, run_notebook: "RunNotebook"
) -> None:
    said = run_notebook("analysis.ipynb", WSISKG_DATA=str(data_dir))
    assert f"{len(read_network(release).edges)})" in said.splitlines()[0]
    for expected in ("effective_lines", "links with direct evidence     44", "resource-allocation", "'parts': 1"):
        assert expected in said
