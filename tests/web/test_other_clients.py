"""Clients that others wrote: Apache Jena's, Oxigraph's SERVICE and Comunica, each where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from tests.conftest import Server

LINES = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?line ?label { ?line a <https://w3id.org/wsis-kg/ontology#ActionLine> ; skos:prefLabel ?label }"""
GRAPH = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT WHERE { ?line a <https://w3id.org/wsis-kg/ontology#ActionLine> ; skos:prefLabel ?label }"""
COMUNICA = Path(__file__).resolve().parents[2] / "node_modules/@comunica/query-sparql/bin/query.js"


def run(command: list[str], folder: Path) -> str:
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def table(document: str) -> list[tuple[str, str, str]]:
    """Rows of results in JSON, in an order of their own."""
    rows = json.loads(document)["results"]["bindings"]
    return sorted((r["line"]["value"], r["label"]["value"], r["label"]["xml:lang"].lower()) for r in rows)


def triples(document: str | bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(document, ox.RdfFormat.N_TRIPLES)}


@pytest.fixture
def lines(server: Server) -> list[tuple[str, str, str]]:
    expected = table(server.ask(LINES, "application/sparql-results+json").text)
    assert expected
    return expected


@pytest.fixture
def graph(server: Server) -> set[ox.Triple]:
    expected = triples(server.ask(GRAPH, "application/n-triples").content)
    assert expected
    return expected


def test_jena(
    server: Server, jena: str, lines: list[tuple[str, str, str]], graph: set[ox.Triple], tmp_path: Path
) -> None:
    command = ["java", "-Xshare:auto", "-Dstdout.encoding=UTF-8", "-Dfile.encoding=UTF-8", "-cp", jena, "arq.rsparql"]
    command += ["--service", f"{server.url}/sparql"]
    assert table(run([*command, "--results=JSON", LINES], tmp_path)) == lines
    assert triples(run([*command, "--results=NT", GRAPH], tmp_path)) == graph


def test_oxigraph(server: Server, lines: list[tuple[str, str, str]], tmp_path: Path) -> None:
    """The ``oxigraph`` command has no client but SERVICE."""
    beside = Path(sys.executable).with_name("oxigraph")
    command = str(beside) if beside.is_file() else shutil.which("oxigraph")
    if command is None:
        pytest.skip("needs the command of PyPI's oxigraph")
    (tmp_path / "one.nt").write_text("<urn:a> <urn:b> <urn:c> .\n")
    store = ["--location", str(tmp_path / "store")]
    run([command, "load", *store, "--file", str(tmp_path / "one.nt")], tmp_path)
    query = LINES.replace("{", f"{{ SERVICE <{server.url}/sparql> {{", 1) + "}"
    assert table(run([command, "query", *store, "--results-format", "json", "--query", query], tmp_path)) == lines


def test_comunica(server: Server, lines: list[tuple[str, str, str]], graph: set[ox.Triple], tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not COMUNICA.is_file():
        pytest.skip("needs Node.js and: npm install --no-save @comunica/query-sparql@4")
    command = [node, str(COMUNICA), f"sparql@{server.url}/sparql"]
    query = LINES.replace("?line ?label", "?line (STR(?label) AS ?text) (LANG(?label) AS ?language)", 1)
    document = run([*command, query, "-t", "application/sparql-results+json"], tmp_path)
    rows = json.loads(document)["results"]["bindings"]  # in which some versions of it lose a literal's language
    assert sorted((r["line"]["value"], r["text"]["value"], r["language"]["value"]) for r in rows) == lines
    assert triples(run([*command, GRAPH, "-t", "application/n-triples"], tmp_path)) == graph
