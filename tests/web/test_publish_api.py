"""``POST /api/v1/editions``: publishing over HTTP, with a token, and what is recorded of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from wsiskg.resources import default_mappings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Server, Start

    from wsiskg.graph.release import Release

ROWS = """Action line,SDG,Change,Rationale (English),Proposed by,Reason for the change
C2,9.c,amend,Networks carry the access that the target asks for.,ITU,New figures.
C7-EAGR,6.4,add,Sensors in the soil let farmers water only where and when it is needed.,FAO,
"""
ORDER = {"edition": "2023", "hlpf": "2023", "role": "WSIS secretariat", "agency": "ITU"}
UPHELD = {"override": "C7-EAGR-6.4=Agreed at the meeting."}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, data_dir: Path, release: Release) -> Path:
    del release
    place = tmp_path_factory.mktemp("publishing")
    shutil.copytree(default_mappings(), place / "mappings")
    shutil.copytree(data_dir, place / "data", symlinks=True)
    return place


@pytest.fixture(scope="module")
def publishing(place: Path, start: Start) -> Iterator[Server]:
    with start(place / "data", MAPPINGS=place / "mappings") as running:
        yield running


def token(place: Path, name: str, role: str) -> dict[str, str]:
    command = str(Path(sys.executable).with_name("wsiskg"))
    made = subprocess.run(
        [command, "token", "create", name, "--role", role, "--data", str(place / "data")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    secret = next(word for word in made.stdout.split() if word.startswith("wsiskg_"))
    return {"Authorization": f"Bearer {secret}", "Content-Type": "text/csv"}


def post(server: Server, headers: dict[str, str], **parameters: Any) -> httpx.Response:
    url = f"{server.url}/api/v1/editions"
    return httpx.post(url, content=ROWS, headers=headers, params=ORDER | parameters, timeout=120)


def test_publishing_needs_the_role_and_a_clean_check(publishing: Server, place: Path) -> None:
    assert post(publishing, {"Content-Type": "text/csv"}).status_code == 401
    assert post(publishing, {"Content-Type": "text/csv", "Authorization": "Bearer wsiskg_x"}).status_code == 401
    assert post(publishing, token(place, "proposer", "proposer")).status_code == 403

    headers = token(place, "Ada Example", "publisher")
    refused = post(publishing, headers)
    assert refused.status_code == 422, refused.text
    assert any("C7-EAGR-6.4" in problem["message"] for problem in refused.json()["problems"])
    assert post(publishing, headers, policy="/etc/passwd").status_code == 400
    assert post(publishing, headers, override="nonsense").status_code == 400
    assert post(publishing, headers, agency="").status_code == 400

    tried = post(publishing, headers, **UPHELD, dry_run="yes")
    assert tried.status_code == 200, tried.text
    assert tried.json()["published"] is False
    assert not (place / "mappings/matrix/2023").exists()

    started = post(publishing, headers | {"Prefer": "respond-async"}, **UPHELD)
    assert started.status_code == 202, started.text
    address = publishing.url + started.headers["location"]
    for _ in range(600):
        state = httpx.get(address, params={"state": ""}).json()
        if state["state"] == "ended":
            break
        time.sleep(0.2)
    done = httpx.get(address)
    assert done.status_code == 201, done.text
    assert done.headers["location"] == "/id/edition/2023"
    assert [(c["line"], c["sdg"]) for c in done.json()["diff"]["added"]] == [("C7-EAGR", "6.4")]

    for _ in range(100):  # the server follows by itself
        if publishing.get("/health").headers.get("x-dataset-version") == done.json()["release"]:
            break
        if publishing.get("/id/edition/2023.json").status_code == 200:
            break
        time.sleep(0.2)
    links = "SELECT (COUNT(*) AS ?n) { ?l wsis:edition <https://w3id.org/wsis-kg/id/edition/2023> ; a wsis:Link }"
    prefix = "PREFIX wsis: <https://w3id.org/wsis-kg/ontology#> "
    assert publishing.rows(prefix + links) == [{"n": "189"}]

    again = post(publishing, headers, **UPHELD)
    assert again.status_code == 400
    assert "never changes" in again.json()["detail"]

    trail = [json.loads(line) for line in (place / "data/audit.jsonl").read_text("utf-8").splitlines()]
    assert [(entry["who"], entry["what"], entry["outcome"]) for entry in trail] == [
        ("Ada Example", "publish edition", "refused"),
        ("Ada Example", "try edition", "made"),
        ("Ada Example", "publish edition", "made"),
        ("Ada Example", "publish edition", "refused"),
    ]
