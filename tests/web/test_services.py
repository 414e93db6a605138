"""SERVICE by allow-list: another server of ours, and endpoints that mean no good, on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import httpx
import pytest

from wsiskg.graph.release import Release

if TYPE_CHECKING:
    from tests.conftest import Server, Start

JSON = "application/sparql-results+json"
EMPTY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'
ONE = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"%s"}}]}}'


class Stub(ThreadingHTTPServer):
    """An endpoint that answers each path in a way of its own, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.gone = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Keep still."""

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        assert isinstance(self.server, Stub)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.asked.append((self.path, dict(self.headers), parse_qs(body).get("query", [""])[0]))
        try:
            WAYS[self.path](self)
        except OSError:
            self.server.gone.set()

    def say(self, body: bytes, kind: str = JSON, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def endless(stub: Handler, pause: float, piece: bytes) -> None:
    stub.send_response(200)
    stub.send_header("Content-Type", JSON)
    stub.end_headers()
    while True:
        stub.wfile.write(piece)
        time.sleep(pause)


def silent(stub: Handler) -> None:
    assert isinstance(stub.server, Stub)
    stub.connection.settimeout(20)
    if stub.connection.recv(1) == b"":  # the other side has closed
        stub.server.gone.set()


WAYS: dict[str, Callable[[Handler], None]] = {
    "/empty": lambda stub: stub.say(EMPTY),
    "/quotes": lambda stub: stub.say(ONE % b'\\" } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } #'),
    "/silent": silent,
    "/slow": lambda stub: endless(stub, 0.1, b" "),
    "/huge": lambda stub: endless(stub, 0, b" " * 65_536),
    "/rows": lambda stub: stub.say(b'{"head":{"vars":[]},"results":{"bindings":[%s]}}' % b",".join([b"{}"] * 51)),
    "/redirect": lambda stub: stub.say(b"", status=302, Location="/empty"),
    "/redirect307": lambda stub: stub.say(b"", status=307, Location="/empty"),
    "/html": lambda stub: stub.say(EMPTY, "text/html"),
    "/gzip": lambda stub: stub.say(EMPTY, Content_Encoding="gzip"),
    "/error": lambda stub: stub.say(b"secret", status=500),
    "/nonsense": lambda stub: stub.say(b"secret"),
    "/noise": lambda stub: stub.wfile.write(b"\x00\x01 no HTTP\r\n\r\n") and None,
    "/head": lambda stub: stub.say(EMPTY, X_Long="x" * 1_000_000),
    "/bnode": lambda stub: stub.say(EMPTY.replace(b"[]", b'[{"s":{"type":"bnode","value":"b"}}]')),
}


@pytest.fixture(scope="module")
def stub() -> Iterator[Stub]:
    server = Stub()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def asking(data_dir: Path, release: Release, start: Start, server: Server, stub: Stub) -> Iterator[Server]:
    """A server that may ask another of ours, each of the stub's ways but one, and a name that is not public."""
    del release
    names = [f"{server.url.rstrip('/')}/sparql", *(stub.url + way for way in WAYS if way != "/redirect307")]
    port = stub.server_port
    names += [f"{stub.url}/redirect307", f"http://localhost:{port}/empty", f"http://127.1:{port}/empty"]
    with start(
        data_dir, SERVICES=", ".join(names), SERVICE_SECONDS=2, SERVICE_BYTES=1_000_000, SERVICE_ROWS=50, WORKERS=1
    ) as running:
        yield running


@contextmanager
def counting(stub: Stub, calls: int) -> Iterator[None]:
    before = len(stub.asked)
    yield
    assert len(stub.asked) - before == calls


def block(url: str, inner: str = "?s ?p ?o") -> str:
    return f"SERVICE <{url}> {{ {inner} }}"


def problem(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    return str(answer.json().get("limit", answer.json()["detail"]))


def test_another_server_is_asked_and_its_rows_are_joined(asking: Server, server: Server) -> None:
    lines = "?line a <https://w3id.org/wsis-kg/ontology#ActionLine> ; skos:notation ?code"
    prefix = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    far = block(f"{server.url.rstrip('/')}/sparql", lines)
    here = f"{prefix}SELECT ?line ?code {{ {lines} }} ORDER BY ?code"
    expected = server.rows(here)
    assert expected
    assert asking.rows(f"{prefix}SELECT ?line ?code {{ {far} }} ORDER BY ?code") == expected
    joined = f"{prefix}SELECT ?line ?code {{ ?line skos:notation ?code . {far} }} ORDER BY ?code"
    assert asking.rows(joined) == expected
    without = f"{prefix}SELECT ?line ?code {{ {lines} MINUS {{ {far} FILTER (?code != 'C1') }} }}"
    assert [row["code"] for row in asking.rows(without)] == ["C1"]


def test_an_answer_with_another_endpoint_s_rows_is_not_kept(asking: Server, stub: Stub) -> None:
    query = f"SELECT * {{ {block(stub.url + '/empty')} }}"
    with counting(stub, 2):
        for _ in range(2):
            answer = asking.ask(query, JSON)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
            assert "etag" not in answer.headers


def test_an_endpoint_learns_the_block_and_nothing_of_the_client(asking: Server, stub: Stub) -> None:
    query = f"PREFIX x: <urn:x:>\nASK {{ ?mine x:secret 1 . {block(stub.url + '/empty', '?s x:p 1')} }}"
    answer = asking.client.post(
        "/sparql", data={"query": query}, headers={"Authorization": "Bearer abc", "Cookie": "a=b", "Accept": JSON}
    )
    assert answer.json()["boolean"] is False
    path, headers, asked = stub.asked[-1]
    assert path == "/empty"
    assert "PREFIX x: <urn:x:>" in asked
    assert "{ ?s x:p 1 } LIMIT 51" in asked
    assert "mine" not in asked
    assert headers["Host"] == f"127.0.0.1:{stub.server_port}"
    assert {"authorization", "cookie", "referer", "x-forwarded-for"}.isdisjoint(name.lower() for name in headers)


def test_an_answer_is_data_whatever_it_holds(asking: Server, stub: Stub) -> None:
    assert asking.rows(f"SELECT ?s {{ {block(stub.url + '/quotes')} }}") == [
        {"s": '" } SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } #'}
    ]


@pytest.mark.parametrize(
    "way", ["/redirect", "/redirect307", "/html", "/gzip", "/error", "/nonsense", "/noise", "/head"]
)
def test_a_wrong_answer_is_a_bad_gateway(asking: Server, stub: Stub, way: str) -> None:
    with counting(stub, 1):  # a redirect is not followed
        problem(asking.ask(f"SELECT * {{ {block(stub.url + way)} }}"), 502)


@pytest.mark.parametrize(("way", "status", "limit"), [("/slow", 504, "service"), ("/silent", 504, "service"),
                                                      ("/huge", 413, "bytes"), ("/rows", 413, "rows")])  # fmt: skip
def test_limits_hold(asking: Server, stub: Stub, way: str, status: int, limit: str) -> None:
    stub.gone.clear()
    assert problem(asking.ask(f"SELECT * {{ {block(stub.url + way)} }}"), status) == limit
    assert way == "/rows" or stub.gone.wait(10)  # the connection is closed


def test_a_blank_node_is_refused(asking: Server, stub: Stub) -> None:
    assert "?s" in problem(asking.ask(f"SELECT * {{ {block(stub.url + '/bnode')} }}"), 400)


def test_a_block_ends_with_its_client(asking: Server, stub: Stub) -> None:
    stub.gone.clear()
    with pytest.raises(httpx.ReadTimeout):
        asking.client.get("/sparql", params={"query": f"ASK {{ {block(stub.url + '/silent')} }}"}, timeout=0.5)
    assert stub.gone.wait(1.4)  # before its own time is up


def test_loopback_is_reached_by_its_very_name_only(asking: Server, stub: Stub) -> None:
    with counting(stub, 1):
        assert asking.ask(f"ASK {{ {block(f'http://localhost:{stub.server_port}/empty')} }}", JSON).status_code == 200
    with counting(stub, 0):
        answer = asking.ask(f"ASK {{ {block(f'http://127.1:{stub.server_port}/empty')} }}")
        assert "not public" in problem(answer, 502)


@pytest.mark.parametrize("query", [
    "ASK { SERVICE <STUB/other> { ?s ?p ?o } }", "ASK { SERVICE ?e { ?s ?p ?o } }",
    "ASK { SERVICE SILENT <STUB/empty> { ?s ?p ?o } }", "ASK { GRAPH ?g { SERVICE <STUB/empty> { ?s ?p ?o } } }",
    "ASK { SERVICE <STUB/empty> { SERVICE <STUB/empty> { ?s ?p ?o } } }",
    "ASK { SERVICE <STUB/empty> { ?s ?p ?o } FILTER (1<'a> SERVICE <STUB/empty> { ?s ?p ?o } ') }",
])  # fmt: skip
def test_what_is_not_allowed_is_not_asked(asking: Server, stub: Stub, query: str) -> None:
    with counting(stub, 0):
        problem(asking.ask(query.replace("STUB", stub.url)), 403)


def test_without_the_setting_nobody_is_asked(server: Server, stub: Stub) -> None:
    with counting(stub, 0):
        problem(server.ask(f"ASK {{ {block(stub.url + '/empty')} }}"), 403)


def test_the_description_says_whether_others_are_asked(asking: Server, server: Server) -> None:
    assert "BasicFederatedQuery" in asking.get("/sparql", "text/turtle").text
    assert "BasicFederatedQuery" not in server.get("/sparql", "text/turtle").text


def test_the_server_answers_after_all_this(asking: Server) -> None:
    assert asking.rows("SELECT ?a { VALUES ?a { 1 } }") == [{"a": "1"}]
