"""Servers of the web tests, on the bundled release."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wsiskg.graph.release import Release
from wsiskg.resources import default_mappings
from wsiskg.web.access.tokens import TokenFile

if TYPE_CHECKING:
    from tests.conftest import Server, Start

HEAVY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="session")
def server(data_dir: Path, release: Release, start: Start) -> Iterator[Server]:
    """The server of most tests, with the limits it has when nothing is set."""
    del release  # built before the server starts
    with start(data_dir) as running:
        yield running


@pytest.fixture(scope="session")
def strict(data_dir: Path, release: Release, start: Start) -> Iterator[Server]:
    """A server with one worker and tight limits."""
    del release
    limits = {"WORKERS": 1, "QUERY_SECONDS": 4, "QUERY_WAITING": 1, "ANSWER_BYTES": 100_000, "BODY_BYTES": 10_000,
              "REQUEST_SECONDS": 1}  # fmt: skip
    with start(data_dir, **limits) as running:
        yield running


@pytest.fixture(scope="session")
def heavy() -> str:
    """A query that would take years."""
    return HEAVY


@dataclass(frozen=True)
class Office:
    """A server that may publish, with tables of its own, and tokens of its people."""

    server: Server
    data: Path
    publisher: str
    proposer: str


@pytest.fixture(scope="session")
def office(
    tmp_path_factory: pytest.TempPathFactory, data_dir: Path, release: Release, start: Start
) -> Iterator[Office]:
    del release
    place = tmp_path_factory.mktemp("office")
    shutil.copytree(default_mappings(), place / "mappings")
    shutil.copytree(data_dir, place / "data", symlinks=True)
    tokens, today = TokenFile(place / "data"), datetime.now(UTC).date()
    publisher = tokens.create("Ada Example", ["publisher"], 30, today)
    proposer = tokens.create("Bo Example", ["proposer"], 30, today)
    with start(place / "data", MAPPINGS=place / "mappings", CHECK_BYTES=200_000) as running:
        yield Office(running, place / "data", publisher, proposer)
