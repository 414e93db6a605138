"""``wsiskg.client`` and the examples of the documentation, against a running server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wsiskg.client import Client, ClientError
from wsiskg.graph.release import Release

if TYPE_CHECKING:
    from conftest import RunNotebook, Server

DOCS = Path(__file__).resolve().parents[2] / "docs"
SHOWN = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def client(server: Server) -> Client:
    return Client(server.url)


def test_matrix_as_data_frames(client: Client, server: Server) -> None:
    table = client.matrix(edition="2015")
    cells = server.get("/api/v1/matrix").json()["member"]
    assert len(table) == len(cells)
    frame, other = table.to_polars(), table.to_pandas()
    assert frame["projects"].sum() == other["projects"].sum() == sum(c["projectCount"] for c in cells) > 0
    assert frame.columns == list(other.columns) == list(table.columns)
    assert client.matrix(line="C2", year_from="2018").to_polars()["line"].unique().to_list() == ["C2"]


def test_lists_are_fetched_to_the_end(client: Client, server: Server) -> None:
    total = server.get("/api/v1/projects").json()["totalItems"]
    assert total > 500
    table = client.list("projects")
    assert len(table) == total == len({row["project"] for row in table})
    assert len(client.list("projects", limit="100", line="C2")) == len(client.list("projects", line="C2"))


def test_values_have_their_types(client: Client) -> None:
    (row,) = client.query(
        'SELECT ?i ?d ?b ?s ?t ?n ?bad ("x"@en AS ?l) (wsis:Link AS ?r) WHERE { VALUES (?i ?d ?b ?s ?t ?bad) '
        '{ (1 2.5 true "9.c" "2015-01-02"^^<http://www.w3.org/2001/XMLSchema#date> '
        '"x"^^<http://www.w3.org/2001/XMLSchema#date>) } }'
    )
    assert row == {
        "i": 1, "d": 2.5, "b": True, "s": "9.c", "t": date(2015, 1, 2), "n": None, "bad": "x", "l": "x",
        "r": "https://w3id.org/wsis-kg/ontology#Link",
    }  # fmt: skip


def test_every_kind_of_query(client: Client, server: Server, release: Release) -> None:
    assert client.ask("ASK { wsis:Link ?p ?o }") is True
    assert client.ask("ASK { wsis:Nothing ?p ?o }") is False
    assert len(client.graph("CONSTRUCT WHERE { <https://w3id.org/wsis-kg/id/action-line/C2> skos:prefLabel ?o }")) == 7
    found = client.question("target-supporters", target="9.c")
    assert len(found) == len(server.get("/queries/target-supporters").json()["results"]["bindings"])
    assert client.search("salud", "es", "goal")[0]["code"] == "3"
    assert client.resource("sdg/9.c")["id"] == "sdg:9.c"
    assert client.diff("2015", "2015")["added"] == []
    assert client.release() == release.id


def test_errors_say_what_the_server_said(client: Client, unused_port: int) -> None:
    with pytest.raises(ClientError, match=r"line 2, column") as wrong:
        client.query("SELECT *\nWHERE { ?s ?p }")
    assert wrong.value.status == 400
    with pytest.raises(ClientError, match="no edition 1999") as absent:
        client.matrix(edition="1999")
    assert (absent.value.status, absent.value.remedy) == (404, "There are: 2015.")
    with pytest.raises(ClientError, match="colour"):
        client.list("links", colour="red")
    for ask in (lambda c: c.release(), lambda c: c.query("ASK {}")):
        with pytest.raises(ClientError, match="no answer"):
            ask(Client(f"http://127.0.0.1:{unused_port}", timeout=2))
    with pytest.raises(ClientError, match="no web address"):
        Client("file:///etc/passwd")


@pytest.mark.filterwarnings("ignore:Sending Accept header")  # as SPARQLWrapper says before
def test_a_query_of_another_form_is_told_where_it_belongs(client: Client) -> None:
    for wrong, remedy in (
        (lambda: client.query("ASK {}"), "ask()"),
        (lambda: client.query("DESCRIBE line:C2"), "graph()"),
        (lambda: client.ask("DESCRIBE line:C2"), "graph()"),
        (lambda: client.ask("SELECT (1 AS ?x) {}"), "query()"),
    ):
        with pytest.raises(ClientError) as caught:
            wrong()
        assert remedy in caught.value.remedy


def examples(language: str) -> list[str]:
    text = (DOCS / "clients.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    ("language", "program"),
    [
        ("python", [sys.executable, "-W", "error", "-c"]), ("sh", ["bash", "-euo", "pipefail", "-c"]),
        ("r", ["Rscript", "-e"]), ("js", ["node", "--input-type=module", "-e"]),
    ],
)  # fmt: skip
def test_examples_of_the_documentation(server: Server, language: str, program: list[str], tmp_path: Path) -> None:
    if shutil.which(program[0]) is None:
        pytest.skip(f"{program[0]} is not installed")
    found = examples(language)
    assert found
    for text in found:
        assert SHOWN in text
        command = [*program, text.replace(SHOWN, server.url)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert result.stdout.strip()


def test_the_notebook_runs_from_top_to_bottom(server: Server, run_notebook: RunNotebook) -> None:
    said = run_notebook("matrix.ipynb", WSISKG_SERVER=server.url)
    for expected in (server.get("/health").json()["release"], "links with projects", "C7-EAGR"):
        assert expected in said
