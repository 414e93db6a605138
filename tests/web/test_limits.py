"""Limits: time, memory, size and places in the queue, and that the server answers on after each of them."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import httpx
import pytest

from wsiskg.settings import Settings

if TYPE_CHECKING:
    from tests.conftest import Server, Start

    from wsiskg.graph.release import Release

processes = pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="finds processes in /proc")


def limit(answer: httpx.Response, status: int) -> str:
    """Check that ``answer`` is a problem document of this status and return the limit it names."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("retry-after" in answer.headers) == (status == 503)
    return str(answer.json().get("limit"))


def works(server: Server) -> bool:
    return server.rows("SELECT (1 AS ?n) {}") == [{"n": "1"}]


def all_workers(server: Server, number: int = Settings().workers) -> set[int]:
    """Wait for all workers to be there, and none of those that they took the place of."""
    return server.workers_when(lambda found: len(found) == number)


def test_client_may_ask_for_less_time(server: Server, heavy: str) -> None:
    began = time.monotonic()
    assert limit(server.ask(heavy, timeout="0.3"), 503) == "time"
    assert time.monotonic() - began < 5
    assert works(server)


def test_client_cannot_ask_for_more_time(strict: Server, heavy: str) -> None:
    began = time.monotonic()
    answer = strict.ask(heavy, timeout="1000")
    assert limit(answer, 503) == "time"
    assert "4 seconds" in answer.json()["detail"]
    assert 3.9 < time.monotonic() - began < 10
    assert works(strict)


def test_rows_that_had_begun_are_not_sent_as_if_complete(server: Server) -> None:
    """The status is decided when the answer is whole: no 200 with half a table."""
    answer = server.ask("SELECT * { ?a ?b ?c . ?d ?e ?f }", "text/csv", timeout="0.2")
    assert limit(answer, answer.status_code) == {503: "time", 413: "bytes"}[answer.status_code]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "much", "", "1e999"])
def test_times_that_are_none(server: Server, seconds: str) -> None:
    assert server.ask("ASK {}", timeout=seconds).status_code == 400


def test_other_clients_are_answered_meanwhile(server: Server, heavy: str) -> None:
    with ThreadPoolExecutor() as threads:
        slow = threads.submit(server.ask, heavy, timeout="3")
        time.sleep(0.2)
        assert works(server)
        assert server.get("/health").status_code == 200
        assert not slow.done()
        assert limit(slow.result(), 503) == "time"


@processes
def test_killed_worker_is_a_503_and_is_replaced(strict: Server, heavy: str) -> None:
    (worker,) = all_workers(strict, 1)
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(strict.ask, heavy)
        time.sleep(0.3)
        os.kill(worker, signal.SIGKILL)
        assert limit(asked.result(), 503) == "None"
    assert works(strict)
    assert strict.workers_when(lambda found: len(found) == 1 and worker not in found)


@processes
def test_worker_killed_while_idle_does_not_stop_the_server(server: Server) -> None:
    before = all_workers(server)
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    time.sleep(0.1)
    answers = [server.ask("ASK {}").status_code for _ in range(len(before) + 2)]
    assert set(answers) <= {200, 503}
    assert answers[-2:] == [200, 200]
    assert server.workers_when(lambda found: len(found) == len(before) and not before & found)


@processes
def test_workers_give_way_to_the_server(server: Server) -> None:
    def niceness(process: int) -> list[int]:
        """Of the process and, where the system schedules it by session, of its session."""
        found = [os.getpriority(os.PRIO_PROCESS, process)]
        with contextlib.suppress(OSError):
            session = Path(f"/proc/{process}/autogroup").read_text("ascii").split()
            found += [int(word) for word in session[2:]]
        return found

    ours = niceness(server.process.pid)
    for worker in all_workers(server):
        theirs = niceness(worker)  # a worker has a session of its own, the server may have none
        assert theirs[0] > ours[0]
        if len(ours) == 2:
            assert theirs[1] > ours[1]
        assert len(theirs) >= len(ours)


@processes
def test_client_that_leaves_frees_its_worker(server: Server, heavy: str) -> None:
    before = all_workers(server)
    host, port = server.client.base_url.host, server.client.base_url.port
    assert port is not None
    with socket.create_connection((host, port)) as client:
        client.sendall(f"GET /sparql?query={quote(heavy)} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        time.sleep(0.4)
        assert server.workers() == before
    began = time.monotonic()
    server.workers_when(lambda found: not before <= found)
    assert time.monotonic() - began < 5  # the time limit would free it after 29.6 s
    assert works(server)


def test_full_queue_is_a_503_at_once(strict: Server, heavy: str) -> None:
    with ThreadPoolExecutor() as threads:
        asked = []
        for number in range(3):  # the same query would be evaluated once for all
            asked.append(threads.submit(strict.ask, f"{heavy} #{number}", timeout="1.8"))
            time.sleep(0.1)
        named = sorted(limit(a.result(), 503) for a in asked)
    assert named.count("queue") >= 1
    assert named.count("time") >= 1
    assert works(strict)


def test_answer_that_is_too_large_is_413(strict: Server) -> None:
    for query, accept in (
        ("SELECT * { ?s ?p ?o }", "text/csv"),
        ("SELECT * { ?s ?p ?o }", "application/sparql-results+json"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "text/turtle"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 20000", "application/ld+json"),
    ):
        assert limit(strict.ask(query, accept), 413) == "bytes"
    assert works(strict)


def test_request_body_that_is_too_large_is_413(strict: Server) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    answer = strict.client.post("/sparql", content=b"ASK {}" + b" " * 20_000, headers=headers)
    assert limit(answer, 413) == "body"
    chunks = (b" " * 1_000 for _ in range(50))
    assert limit(strict.client.post("/sparql", content=chunks, headers=headers), 413) == "body"
    assert works(strict)


def test_query_that_is_too_long_is_400(server: Server) -> None:
    answer = server.client.post("/sparql", data={"query": "ASK {}" + " " * 200_000})
    assert limit(answer, 400) == "length"


@pytest.mark.parametrize(("opening", "closing"), ["{}", "()", "[]"])
@pytest.mark.parametrize("depth", [400, 20_000])
def test_nested_queries_are_refused_before_the_engine_sees_them(
    server: Server, opening: str, closing: str, depth: int
) -> None:
    inner = opening * depth + closing * depth
    query = f"ASK {{ {inner} }}" if opening == "{" else f"ASK {{ ?s ?p {inner} }}"
    assert limit(server.client.post("/sparql", data={"query": query}), 400) == "nesting"
    assert works(server)


@pytest.mark.parametrize("operator", [" || 1", "+1", "/!<a:b>", "|<a:b>"])
def test_endless_operators_are_refused(server: Server, operator: str) -> None:
    chain = operator * 20_000
    query = f"ASK {{ ?s <a:b>{chain} ?o }}" if "<" in operator else f"ASK {{ FILTER(1{chain}) }}"
    assert limit(server.client.post("/sparql", data={"query": query}), 400) == "length"


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p " + "[ ?p " * 99 + "1" + " ]" * 99 + " }",
        "ASK { ?s ?p " + "( " * 98 + "1" + " )" * 98 + " }",
        "ASK " + "{ " * 100 + "}" * 100,
        "ASK { FILTER(" + "(" * 97 + "1" + ")" * 97 + ") }",
        "ASK { FILTER(1" + " || 1" * 1_999 + ") }",
        "ASK { " + "{} UNION " * 3_999 + "{} }",
        "ASK { " + "OPTIONAL {} " * 3_999 + "}",
    ],
)
def test_queries_just_within_the_limits_do_no_harm(server: Server, query: str) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    answer = server.client.post("/sparql?timeout=1", content=query, headers=headers)
    assert answer.status_code in {200, 503}, answer.text
    assert works(server)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (GROUP_CONCAT(?o) AS ?x) { ?s ?p ?o . ?a ?b ?c }",
        'SELECT * { BIND(REPLACE("a", "", "bbbbbbbbbb") AS ?a) FILTER(REGEX("' + "a" * 40 + '!", "(a+)+$")) }',
        "SELECT * { ?s (!<a:b>)* ?o } LIMIT 1000000",
        "SELECT * { ?s ?p ?o . ?a ?b ?c } ORDER BY ?o ?c",
    ],
)
def test_queries_of_death_are_stopped(server: Server, query: str) -> None:
    answer = server.ask(query, timeout="0.5")
    assert answer.status_code in {200, 413, 503}
    assert works(server)


def test_memory_of_a_worker_is_bounded(strict: Server) -> None:
    """A string that doubles 36 times would take half a terabyte."""
    doubling = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(36))
    query = f'SELECT (STRLEN(?x36) AS ?n) {{ BIND("abcdefgh" AS ?x0) {doubling} }}'
    assert limit(strict.ask(query), 503) in {"time", "memory", "None"}  # no name: the engine gave up with its process
    assert works(strict)


@processes
@pytest.mark.parametrize(("share", "held"), [(4, True), (2, False)])
def test_a_release_larger_than_its_memory_is_read_from_disk(
    data_dir: Path, release: Release, start: Start, share: int, held: bool
) -> None:
    def opened(process: int) -> list[str]:
        """Files that a process and all below it hold open."""
        found = []
        for link in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.append(str(link.readlink()))
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
        return found + [file for child in children for file in opened(int(child))]

    most = release.nquads_path.stat().st_size * share
    with start(data_dir, RELEASE_MEMORY=most, WORKERS=1) as running:
        query = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
        answer = running.get("/sparql", "text/csv", query=query)
        assert answer.text.split() == ["n", str(release.manifest["counts"]["quads"])]
        assert any(f"/{release.id}/store/" in file for file in opened(running.process.pid)) is not held
