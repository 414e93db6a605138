"""Tests that nobody here wrote: the W3C suites over HTTP and a corpus of nasty inputs, against a real server process.

They stand outside this repository, in ``../shared/conformance`` or where ``WSISKG_CONFORMANCE`` says. What fails is
listed by test IRI in docs/conformance.md, with its reason: no more and no less may fail.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from wsiskg.graph.release import Release
from wsiskg.web.access.tokens import TokenFile

if TYPE_CHECKING:
    from tests.conftest import Server, Start

ROOT = Path(__file__).parents[2]
BENCH = Path(os.environ.get("WSISKG_CONFORMANCE") or ROOT.parent / "shared" / "conformance")
REPORT = ROOT / "docs" / "conformance.md"
MANIFESTS = "https://w3c.github.io/rdf-tests/sparql/sparql11/"
GROUPS = "query,update,syntax,formats,protocol,gsp,gsp-optional,sd,extra,extra-optional"
PLAIN = {"UPDATES": "plain", "UNION_DEFAULT_GRAPH": "no"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (BENCH / "sparql_http_suite.py").is_file(), reason=f"the bench is not at {BENCH}"),
]


def run(script: str, server: Server, token: str, out: Path, *options: str) -> tuple[str, Any]:
    """Run a script of the bench against ``server``; return what it printed and what it found."""
    command = [sys.executable, script, f"{server.url}/sparql", "--update", f"{server.url}/update"]
    command += ["--token", token, "--out", str(out), *options]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=BENCH, env=environment, capture_output=True, text=True, timeout=400)
    assert out.is_file(), done.stdout + done.stderr
    return done.stdout, json.loads(out.read_text("utf-8"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def token(data: Path) -> str:
    return TokenFile(data).create("bench", ["editor"], 1, datetime.now(UTC).date())


def test_w3c_suites(start: Start, data: Path, token: str, tmp_path: Path) -> None:
    with start(data, **PLAIN, WORKERS=1) as server:
        options = ["--gsp", f"{server.url}/graph-store", "--wipe", "--category", GROUPS]
        printed, found = run("sparql_http_suite.py", server, token, tmp_path / "found.json", *options)
    failed = {f"{MANIFESTS}{f['category']}/manifest#{f['test']}" for f in found["failures"]}
    report = REPORT.read_text("utf-8")
    assert failed == set(re.findall(rf"{re.escape(MANIFESTS)}[\w/-]+#[\w-]+", report)), printed
    scores = dict(re.findall(r"^\| ([\w-]+) \| (\d+/\d+) ", report, re.MULTILINE))
    assert scores == {group: f"{n['pass']}/{n['total']}" for group, n in found["groups"].items()}, printed


def test_nasty_inputs(start: Start, data: Path, token: str, tmp_path: Path) -> None:
    """After each input the server answers, in time, without a 5xx that is no limit, and has called nobody."""
    with start(data, **PLAIN, QUERY_SECONDS=1, UPDATE_SECONDS=5) as server:
        upload = f"{server.url}/graph-store?default"
        options = ["--upload", upload, "--seed", "5000", "--http", "--pid", str(server.process.pid)]
        printed, found = run("nasty_run.py", server, token, tmp_path / "found.json", *options)
        assert server.get("/ready").status_code == 200
    bad = [r for r in found["results"] if not r["ok"]]
    assert bad == [], printed
    assert len(found["results"]) > 100


def test_json_ld(start: Start, data_dir: Path, release: Release) -> None:
    """Some resources, by three processors; not of SDGs, which are about IRIs of the UN rather than of this server."""
    kinds = ("edition/2015", "link/2015/C2-9.c", "action-line/C2", "hlpf/2023", "project/dpg-dhis2", "agency/ITU")
    with start(data_dir) as server:
        addresses = [f"{server.url}/id/{kind}" for kind in kinds]
        command = [sys.executable, "jsonld_checks.py", *addresses]
        command += ["--rewrite", f"{release.iris.base.rstrip('/')}={server.url}", "--main-id", "{url}"]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(command, cwd=BENCH, env=environment, capture_output=True, text=True, timeout=200)
    scores = re.findall(r"^(must|should) +TOTAL (\d+)/(\d+)", done.stdout, re.MULTILINE)
    assert [level for level, good, all_ in scores if good == all_] == ["must", "should"], done.stdout + done.stderr
