"""What operators see and do: readiness, counts, running queries, the log; and how the server ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from wsiskg.graph.release import Release
from wsiskg.web.access.tokens import TokenFile

if TYPE_CHECKING:
    from tests.conftest import Server, Start

SLOW = "SELECT (COUNT(*) AS ?n) WHERE { { SELECT * { ?s ?p ?o } LIMIT 3000 } { SELECT * { ?a ?b ?c } LIMIT 2000 } }"


@pytest.fixture(scope="module")
def operator(data_dir: Path, release: Release) -> dict[str, str]:
    del release
    secret = TokenFile(data_dir).create("olga", ["operator"], 1, datetime.now(UTC).date())
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture(scope="module")
def logged(start: Start, data_dir: Path, release: Release) -> Iterator[Server]:
    del release
    with start(data_dir, REQUEST_LOG="yes", WORKERS=1, CLIENT_QUERIES=3, ANSWER_ROWS=100) as server:
        yield server


def metric(server: Server, line: str) -> float:
    found = [x for x in server.get("/metrics").text.splitlines() if x.startswith(line + " ")]
    return float(found[0].rpartition(" ")[2]) if found else 0.0


def test_ready_names_the_release(server: Server, release: Release) -> None:
    answer = server.get("/ready")
    assert answer.json() == {"status": "ready", "release": release.id}
    assert answer.headers["cache-control"] == "no-store"


def test_metrics_count_what_happens(logged: Server, release: Release) -> None:
    asked, cached = 'wsiskg_queries_total{outcome="answered"}', 'wsiskg_queries_total{outcome="cached"}'
    wrong = 'wsiskg_queries_total{outcome="syntax"}'
    before = [metric(logged, name) for name in (asked, cached, wrong)]
    for _ in range(3):
        logged.ask("SELECT ('metrics' AS ?m) {}")
    logged.ask("SELECT nothing")
    assert [metric(logged, name) for name in (asked, cached, wrong)] == [before[0] + 1, before[1] + 2, before[2] + 1]
    assert metric(logged, f'wsiskg_release{{release="{release.id}"}}') == 1
    text = logged.get("/metrics").text
    assert "metrics' AS" not in text
    assert "127.0.0.1" not in text


def test_a_running_query_is_listed_and_stopped(logged: Server, operator: dict[str, str], heavy: str) -> None:
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(logged.ask, heavy)
        listed: list[dict[str, object]] = []
        while not listed:
            listed = logged.client.get("/operations/queries", headers=operator).json()
        (job,) = listed
        assert (job["query"], job["state"], job["limit"]) == (heavy, "running", 30.0)
        assert logged.client.delete(f"/operations/queries/{job['number']}", headers=operator).status_code == 204
        answer = asked.result()
    assert (answer.status_code, answer.json()["limit"]) == (503, "operator")
    assert logged.client.delete(f"/operations/queries/{job['number']}", headers=operator).status_code == 404
    assert logged.client.delete("/operations/queries/x", headers=operator).status_code == 404
    assert logged.client.get("/operations/queries", headers=operator).json() == []


def test_only_operators_see_queries(logged: Server, data_dir: Path) -> None:
    secret = TokenFile(data_dir).create("pat", ["publisher"], 1, datetime.now(UTC).date())
    for headers, status in (({}, 401), ({"Authorization": f"Bearer {secret}"}, 403)):
        assert logged.client.get("/operations/queries", headers=headers).status_code == status
        assert logged.client.delete("/operations/queries/1", headers=headers).status_code == status


def test_the_log_holds_nothing_personal(logged: Server, operator: dict[str, str]) -> None:
    logged.ask("SELECT ('Jane Roe' AS ?who) {}")
    logged.client.get("/id/agency/ITU?name=jane.roe@example.org", headers=operator | {"User-Agent": "jane-browser"})
    logged.get("/nothing/jane")
    for _ in range(100):  # a line is written after its answer is sent
        lines = [json.loads(line) for line in logged.log.read_text("utf-8").splitlines() if line.startswith("{")]
        if lines[-1]["status"] == 404:
            break
        time.sleep(0.02)
    assert {"time", "method", "address", "status", "bytes", "ms"} <= set(lines[-1])
    assert [(line["address"], line["status"]) for line in lines[-3:]] == [
        ("/sparql", 200),
        ("/id/...", 200),
        ("/...", 404),
    ]
    assert len(str(lines[-3]["query"])) == 16
    text = logged.log.read_text("utf-8").lower()
    assert "jane" not in text
    assert operator["Authorization"].lower() not in text
    assert '"127.0.0.1' not in text


def test_one_client_has_so_many_queries(logged: Server, heavy: str) -> None:
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(logged.ask, f"{heavy} #{number}", timeout="2") for number in range(5)]
        answers = [a.result() for a in asked]
    refused = [a for a in answers if a.status_code == 429]
    assert len(refused) == 2
    assert {a.json()["limit"] for a in refused} == {"client"}
    assert all("retry-after" in a.headers for a in refused)


def test_a_table_with_too_many_rows_is_refused_not_cut(logged: Server) -> None:
    assert len(logged.rows("SELECT * { ?s ?p ?o } LIMIT 100")) == 100
    answer = logged.ask("SELECT * { ?s ?p ?o } LIMIT 101")
    assert (answer.status_code, answer.json()["limit"]) == (413, "rows")


def test_the_answer_of_a_stopped_query_teaches(server: Server) -> None:
    query = (
        "SELECT (COUNT(*) AS ?n) WHERE {\n  ?a ?b ?c .\n  ?d ?e ?f . ?g ?h ?i\n"
        "  FILTER NOT EXISTS { ?a ?x ?d }\n  FILTER(REGEX(STR(?c), '.*itu'))\n}"
    )
    answer = server.ask(query, timeout="0.3")
    assert answer.status_code == 503
    hints = {hint["trap"]: hint for hint in answer.json()["hints"]}
    assert set(hints) == {"cartesian-product", "not-exists", "leading-wildcard"}
    assert (hints["not-exists"]["line"], hints["not-exists"]["column"]) == (4, 3)
    assert hints["not-exists"]["rewrite"] == "MINUS { ?a ?x ?d }"
    assert hints["leading-wildcard"]["rewrite"] == 'CONTAINS(STR(?c), "itu")'


def test_a_worker_is_replaced_after_so_many_answers(start: Start, data_dir: Path, release: Release) -> None:
    del release
    with start(data_dir, WORKERS=1, WORKER_QUERIES=3) as server:
        (first,) = server.workers_when(lambda found: len(found) == 1)
        assert [server.rows(f"SELECT ({n} AS ?n) {{}}")[0]["n"] for n in range(3)] == ["0", "1", "2"]
        assert server.rows("SELECT (3 AS ?n) {}") == [{"n": "3"}]
        assert server.workers_when(lambda found: len(found) == 1 and first not in found)


def test_memory_is_bounded(start: Start, data_dir: Path, release: Release) -> None:
    del release
    with start(data_dir, WORKERS=1, QUERY_MEMORY=100_000_000) as server:
        greedy = "SELECT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
        answer = server.ask(greedy, timeout="20")
        assert answer.status_code == 503
        assert "memory" in answer.json()["detail"]
        assert {hint["trap"] for hint in answer.json()["hints"]} >= {"cartesian-product"}
        assert server.rows("SELECT (1 AS ?n) {}") == [{"n": "1"}]


def test_requests_under_way_end_before_the_server_does(start: Start, data_dir: Path, release: Release) -> None:
    del release
    with start(data_dir, WORKERS=1, DRAIN_SECONDS=60) as server, ThreadPoolExecutor() as threads:
        asked = threads.submit(httpx.get, f"{server.url}/sparql", params={"query": SLOW}, timeout=60)
        while "wsiskg_queries_running 1.0" not in server.get("/metrics").text:
            assert not asked.done()
        server.process.send_signal(signal.SIGTERM)
        assert asked.result().status_code == 200
        assert server.process.wait(timeout=10) in {0, -signal.SIGTERM}


def test_who_takes_too_long_to_end_is_told_so(start: Start, data_dir: Path, release: Release, heavy: str) -> None:
    del release
    with start(data_dir, WORKERS=1, DRAIN_SECONDS=1) as server, ThreadPoolExecutor() as threads:
        asked = threads.submit(httpx.get, f"{server.url}/sparql", params={"query": heavy}, timeout=30)
        while "wsiskg_queries_running 1.0" not in server.get("/metrics").text:
            assert not asked.done()
        server.process.send_signal(signal.SIGTERM)
        answer = asked.result()
        assert (answer.status_code, answer.json()["detail"]) == (503, "the server is ending")
        assert answer.headers["retry-after"]
        assert server.process.wait(timeout=10) in {0, -signal.SIGTERM}  # and no traceback: see `start`


def test_the_address_of_a_proxys_client_counts(logged: Server, heavy: str) -> None:
    """Clients behind a proxy have each their own share."""
    with ThreadPoolExecutor() as threads:
        asked = [
            threads.submit(
                httpx.get,
                f"{logged.url}/sparql",
                params={"query": f"{heavy} #p{number}", "timeout": "0.5"},
                headers={"X-Forwarded-For": f"192.0.2.{number}"},
                timeout=30,
            )
            for number in range(5)
        ]
        assert {a.result().status_code for a in asked} == {503}


def wsiskg(*arguments: str, cwd: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WSISKG_")}
    command = [str(Path(sys.executable).with_name("wsiskg")), *arguments]
    return subprocess.run(command, cwd=cwd, env=kept | settings, capture_output=True, text=True, timeout=60)


def test_config_show_says_where_a_value_comes_from(tmp_path: Path) -> None:
    (tmp_path / "wsiskg.toml").write_text('workers = 7\npublic_url = "https://kg.example.org"\n', "utf-8")
    shown = wsiskg("config", "show", "--json", cwd=tmp_path, WSISKG_QUERY_SECONDS="5")
    values = json.loads(shown.stdout)
    assert values["workers"] == {"value": 7, "origin": "wsiskg.toml"}
    assert values["query_seconds"] == {"value": 5.0, "origin": "variable WSISKG_QUERY_SECONDS"}
    assert values["updates"] == {"value": "off", "origin": "default"}
    assert "workers" in wsiskg("config", "show", cwd=tmp_path).stdout
    (tmp_path / "wsiskg.toml").write_text("wrokers = 7\n", "utf-8")
    refused = wsiskg("config", "show", cwd=tmp_path)
    assert (refused.returncode, "wrokers" in refused.stderr, "Traceback" in refused.stderr) == (2, True, False)


def test_tokens_by_command(tmp_path: Path) -> None:
    made = wsiskg("token", "create", "eve", "--role", "editor", "--role", "operator", "--data", "d", cwd=tmp_path)
    secret = made.stdout.strip()
    assert secret.startswith("wsiskg_")
    kept = tmp_path / "d" / "tokens.json"
    assert secret not in kept.read_text("utf-8")
    assert kept.stat().st_mode & 0o077 == 0
    today = datetime.now(UTC).date()
    found = TokenFile(tmp_path / "d").find(secret, today)
    assert found is not None
    assert found.roles == ("editor", "operator")
    assert TokenFile(tmp_path / "d").find(secret, today + timedelta(days=366)) is None
    (listed,) = json.loads(wsiskg("token", "list", "--json", "--data", "d", cwd=tmp_path).stdout)
    assert (listed["name"], listed["used"]) == ("eve", today.isoformat())
    assert wsiskg("token", "create", "eve", "--role", "editor", "--data", "d", cwd=tmp_path).returncode == 2
    assert wsiskg("token", "create", "bob", "--role", "king", "--data", "d", cwd=tmp_path).returncode == 2
    assert wsiskg("token", "revoke", "eve", "--data", "d", cwd=tmp_path).returncode == 0
    assert TokenFile(tmp_path / "d").find(secret, today) is None
    assert wsiskg("token", "revoke", "eve", "--data", "d", cwd=tmp_path).returncode == 2


def test_a_large_answer_reaches_a_slow_reader_whole(server: Server) -> None:
    query = "SELECT * { ?s ?p ?o }"
    whole = server.client.get("/sparql", params={"query": query}, headers={"Accept": "text/csv"})
    assert len(whole.content) > 5_000_000
    host, port = server.client.base_url.host, server.client.base_url.port
    assert port is not None
    request = f"GET /sparql?query={quote(query)} HTTP/1.0\r\nHost: {host}\r\nAccept: text/csv\r\n\r\n"
    with socket.create_connection((host, port)) as client:
        client.sendall(request.encode())
        received = bytearray()
        while part := client.recv(1 << 16):
            received += part
            if len(received) < 1_000_000:
                time.sleep(0.005)
    assert bytes(received).partition(b"\r\n\r\n")[2] == whole.content
