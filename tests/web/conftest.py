"""Servers of the web tests, on the bundled release."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wsiskg.graph.release import Release

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
    limits = {"WORKERS": 1, "QUERY_SECONDS": 2, "QUERY_WAITING": 1, "ANSWER_BYTES": 100_000, "BODY_BYTES": 10_000}
    with start(data_dir, **limits) as running:
        yield running


@pytest.fixture(scope="session")
def heavy() -> str:
    """A query that would take years."""
    return HEAVY
