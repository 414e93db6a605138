"""Lookups and kept answers, written straight from the connection: as they are the usual way, to the letter."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.model.errors import UsageError
from wsiskg.web.protocol.requests import lone_query

if TYPE_CHECKING:
    from tests.conftest import Server

LINE = "https://w3id.org/wsis-kg/id/action-line/C2"
QUERY = f"SELECT ?t {{ <{LINE}> <http://www.w3.org/2004/02/skos/core#prefLabel> ?t }}"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module", autouse=True)
def warm(server: Server) -> None:
    """Have the release opened for lookups: the first twenty are for workers."""
    for number in range(25):
        server.client.get(f"/sparql?query={quote(QUERY)}%23{number}")
    time.sleep(1)


@contextmanager
def connection(server: Server) -> Iterator[socket.socket]:
    host, port = (lambda parts: (parts.hostname, parts.port))(urlsplit(server.url))
    with socket.create_connection((host, port), timeout=20) as made:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield made


def receive(made: socket.socket, kept: bytearray, head_only: bool = False) -> tuple[int, dict[str, str], bytes]:
    """Read one response; ``kept`` holds what came after the one before."""

    def more() -> None:
        piece = made.recv(65536)
        assert piece, bytes(kept)
        kept.extend(piece)

    while b"\r\n\r\n" not in kept:
        more()
    head, _, rest = bytes(kept).partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    length = 0 if head_only or first.split()[1] in {"100", "304"} else int(headers["content-length"])
    kept[:] = rest
    while len(kept) < length:
        more()
    body = bytes(kept[:length])
    del kept[:length]
    return int(first.split()[1]), headers, body


def ask(mark: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    lines = [
        f"{method} /sparql?query={quote(f'{QUERY}#{mark}')} HTTP/{version}",
        "Host: x",
        "Accept: text/csv",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def post(mark: str, *headers: str) -> tuple[bytes, bytes]:
    body = f"query={quote(f'{QUERY}#{mark}')}".encode()
    lines = ["POST /sparql HTTP/1.1", "Host: x", "Accept: text/csv", f"Content-Type: {FORM}", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode(), body


def one(server: Server, *pieces: bytes, head_only: bool = False) -> tuple[int, dict[str, str], bytes]:
    with connection(server) as made:
        for piece in pieces:
            made.sendall(piece)
            time.sleep(0.05 if len(pieces) > 1 else 0)
        return receive(made, bytearray(), head_only)


def test_an_answer_at_once_is_that_of_the_usual_way(server: Server) -> None:
    """HTTP 1.0 always goes the usual way."""
    status, headers, body = one(server, ask("same"))
    usual_status, usual, usual_body = one(server, ask("same", "Connection: keep-alive", version="1.0"))
    assert (status, body) == (usual_status, usual_body) == (200, body)
    assert body.startswith(b"t\r\n")
    for name in ("date", "connection"):
        headers.pop(name, None), usual.pop(name, None)
    assert headers == usual
    assert {"etag", "vary", "x-dataset-version", "access-control-allow-origin", "x-content-type-options"} <= set(
        headers
    )


def test_asked_again_it_is_the_same(server: Server) -> None:
    with connection(server) as made:
        kept, answers = bytearray(), []
        for _ in range(4):
            made.sendall(ask("again"))
            answers.append(receive(made, kept))
    assert all(answer[0] == 200 and answer[2] == answers[0][2] for answer in answers)
    assert len({answer[1]["etag"] for answer in answers}) == 1
    status, _, body = one(server, ask("again", f"If-None-Match: {answers[0][1]['etag']}"))
    assert (status, body) == (304, b"")


def test_encodings_are_negotiated(server: Server) -> None:
    plain = one(server, ask("packed").replace(b"text/csv", b"application/sparql-results+xml"))
    packed = one(server, ask("packed", "Accept-Encoding: gzip").replace(b"text/csv", b"application/sparql-results+xml"))
    assert packed[1]["content-encoding"] == "gzip"
    assert packed[1]["etag"] == plain[1]["etag"][:-1] + '-gzip"'
    assert len(packed[2]) < len(plain[2])


@pytest.mark.parametrize("count", [2, 12])
def test_requests_sent_without_waiting_are_answered_in_order(server: Server, count: int) -> None:
    """Some are answered at once, some the usual way, a worker's among them."""
    query = quote(f'SELECT ?x {{ <{LINE}> ?p ?o BIND("number" AS ?x) }} LIMIT 1')
    worker = f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
    sent = [worker if number % 3 == 1 else ask(f"line {number}") for number in range(count)]
    with connection(server) as made:
        made.sendall(b"".join(sent))
        kept = bytearray()
        found = [receive(made, kept) for _ in sent]
    assert [answer[0] for answer in found] == [200] * count
    assert [answer[2].startswith(b"x\r\nnumber") for answer in found] == [number % 3 == 1 for number in range(count)]
    assert not kept


def test_a_form_is_answered_whole_or_in_pieces(server: Server) -> None:
    head, body = post("form")
    whole = one(server, head + body)
    assert whole[0] == 200
    assert whole[2] == one(server, ask("form"))[2]
    for pieces in ((head, body), (head[:30], head[30:] + body[:10], body[10:]), (head + body[:-1], body[-1:])):
        assert one(server, *pieces)[2] == whole[2]


def test_a_client_that_leaves_before_its_form_is_whole_harms_nobody(server: Server) -> None:
    head, body = post("gone")
    with connection(server) as made:
        made.sendall(head + body[:5])
    assert one(server, ask("after"))[0] == 200


def test_a_client_that_waits_to_be_told_to_continue_is_told(server: Server) -> None:
    head, body = post("continue", "Expect: 100-continue")
    with connection(server) as made:
        kept = bytearray()
        made.sendall(head)
        assert receive(made, kept)[0] == 100
        made.sendall(body)
        assert receive(made, kept)[0] == 200


def test_other_ways_of_http_stay(server: Server) -> None:
    status, headers, _ = one(server, ask("head", method="HEAD"), head_only=True)
    assert status == 200
    assert int(headers["content-length"]) > 10
    with connection(server) as made:
        made.sendall(ask("close", "Connection: close"))
        status, headers, _ = receive(made, bytearray())
        assert (status, headers["connection"]) == (200, "close")
        assert made.recv(10) == b""
    assert one(server, ask("none").replace(b"text/csv", b"image/png"))[0] == 406
    assert one(server, ask("bad").replace(b"%7B", b"%7B%7B", 1))[0] == 400
    assert one(server, ask("bytes").replace(b"%23", b"%23%FF"))[0] == 400
    head, body = post("charset")
    wrong = head.replace(FORM.encode(), f"{FORM}; charset=utf-16".encode())
    assert one(server, wrong + body)[0] == 415


@given(
    st.one_of(
        st.binary(max_size=40),
        st.text("%=3Cc+ \n\r_aé", max_size=20).map(str.encode),
        st.text(max_size=9).map(quote).map(str.encode),
    )
)
def test_percent_encoding_is_taken_out_as_ever(sent: bytes) -> None:
    sent = sent.replace(b"&", b"")
    try:
        expected = unquote_to_bytes(sent.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        with pytest.raises(UsageError):
            lone_query(b"query=" + sent)
        return
    assert lone_query(b"query=" + sent) == expected


def test_each_is_counted(server: Server) -> None:
    def counted() -> float:
        text = server.client.get("/metrics").text
        found = re.search(r'^wsiskg_requests_total\{method="GET",status="200"\} (\S+)', text, re.MULTILINE)
        assert found is not None
        return float(found[1])

    before = counted()
    for number in range(3):
        one(server, ask(f"counted {number}"))
    assert counted() == before + 4  # and the metrics themselves
