"""Answers that wait in a file, and what becomes of the file when they cannot."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

import pyoxigraph as ox
import pytest

from wsiskg.model.errors import LimitError
from wsiskg.store.evaluate import Request, Spool, evaluate
from wsiskg.web.http.problems import status_of

ROWS = Request('SELECT ("0123456789" AS ?a) ?n { ?s ?p ?n }', "text/csv", max_bytes=100_000)


@pytest.fixture(scope="module")
def store() -> ox.Store:
    made = ox.Store()
    node = ox.NamedNode("urn:x")
    made.extend(ox.Quad(node, node, ox.Literal(f"{n:05}")) for n in range(20_000))
    return made


def test_a_full_disk_is_told_of_as_the_servers_limit(store: ox.Store) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(LimitError) as error:
        evaluate(store, ROWS, Spool(full.fileno(), 100))
    assert error.value.limit == "disk"
    assert "no room" in error.value.message
    assert status_of(error.value) is HTTPStatus.SERVICE_UNAVAILABLE


def test_an_answer_that_is_refused_gives_its_room_back(store: ox.Store, tmp_path: Path) -> None:
    with (tmp_path / "spool").open("wb", buffering=0) as file:
        with pytest.raises(LimitError, match="larger than 100,000 bytes"):
            evaluate(store, ROWS, Spool(file.fileno(), 100))
        assert file.seek(0, 2) == 0
        answer = evaluate(store, Request("SELECT ?n { ?s ?p ?n }", "text/csv"), Spool(file.fileno(), 100))
        assert answer.spooled == file.seek(0, 2) > 100
