"""What a connection may hold: requests that are broken, without end or without haste, answers that nobody reads."""

from __future__ import annotations

import json
import socket
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest

if TYPE_CHECKING:
    from tests.conftest import Server

ASK = f"/sparql?query={quote('ASK {}')}"


def connect(server: Server, buffer: int = 0) -> socket.socket:
    parts = urlsplit(server.url)
    made = socket.socket()
    if buffer:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    made.settimeout(20)
    made.connect((parts.hostname, parts.port))
    return made


def rest_of(made: socket.socket) -> bytes:
    """Read until the server closes."""
    found = bytearray()
    try:
        while piece := made.recv(1 << 16):
            found += piece
    except ConnectionResetError:
        pass
    return bytes(found)


def refused(answer: bytes, status: int) -> str:
    """Return what a problem document says."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["status"] == status
    return str(json.loads(body)["detail"])


@pytest.mark.parametrize(
    ("request_head", "status", "said"),
    [
        (f"GET {ASK} HTTP/1.1\r\n\r\n", 400, "Host"),
        (f"GET {ASK} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "Host"),
        (f"GET {ASK}%23{'x' * 61_000} HTTP/1.1\r\nHost: a\r\n\r\n", 414, "longer"),
        (f"GET {ASK} HTTP/1.1\r\nHost: a\r\nX-A: {'x' * 70_000}\r\n\r\n", 431, "longer"),
        ("GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "HTTP/1.1"),
        ("\x16\x03\x01\x02\x00", 400, "HTTP/1.1"),
    ],
)
def test_what_is_no_request_is_told_so(server: Server, request_head: str, status: int, said: str) -> None:
    with connect(server) as made:
        made.sendall(request_head.encode("latin-1"))
        assert said in refused(rest_of(made), status)


def test_a_body_that_says_it_is_too_large_is_not_waited_for(server: Server) -> None:
    head = "POST /sparql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/sparql-query\r\n"
    with connect(server) as made:
        made.sendall(f"{head}Content-Length: 99999999999\r\n\r\nASK".encode())
        assert "larger" in refused(rest_of(made), 413)


def test_a_head_without_end_is_not_kept(server: Server) -> None:
    with connect(server) as made:
        made.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n")
        with pytest.raises(ConnectionError):  # the server has closed its end, so this one is told
            made.sendall((b"X-A: " + b"x" * 50_000 + b"\r\n") * 1_000)


def test_who_neither_sends_nor_reads_is_let_go(strict: Server) -> None:
    """Requests must arrive within a second here; all connections wait at the same time."""
    head = (
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK"
    )
    whole = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
    with (
        connect(strict) as silent,
        connect(strict) as slow_head,
        connect(strict) as slow_body,
        connect(strict) as blank,
        connect(strict, buffer=4_096) as unread,
    ):
        slow_head.sendall(b"GET /health HTTP/1.1\r\nHost:")
        slow_body.sendall(head)
        blank.sendall(f"GET {ASK} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        unread.sendall(whole * 100)
        time.sleep(0.5)
        blank.sendall(b"\r\n")
        assert rest_of(silent) == b""
        assert "too long" in refused(rest_of(slow_head), 408)
        assert "too long" in refused(rest_of(slow_body), 408)
        assert rest_of(blank).endswith(b"true}")
        time.sleep(4)
        assert rest_of(unread).count(b"HTTP/1.1 200 OK") < 100


def test_a_client_that_has_closed_its_end_is_answered(server: Server) -> None:
    with connect(server) as made:
        made.sendall(f"GET {ASK}%23half HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        made.shutdown(socket.SHUT_WR)
        assert rest_of(made).endswith(b"true}")


def test_redirects_do_not_follow_what_a_client_says_of_the_host(server: Server) -> None:
    for path, meant in {"/dumps": "/dumps/", "/queries/?x=1": "/queries?x=1", "/health/": "/health"}.items():
        answer = server.client.get(path, headers={"Host": "evil.example"})
        assert (answer.status_code, answer.headers["location"]) == (308, meant)
    with connect(server) as made:
        made.sendall(b"GET //evil.example/dumps HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert rest_of(made).startswith(b"HTTP/1.1 404 ")
