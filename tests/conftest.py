"""Fixtures for all tests: the bundled release, built once."""

import socket
from pathlib import Path

import pytest
from hypothesis import settings

from wsiskg.build import Built, build
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release
from wsiskg.resources import default_mappings

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files from what was computed")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def built(data_dir: Path) -> Built:
    return build(default_mappings(), data_dir, Iris())


@pytest.fixture(scope="session")
def release(built: Built) -> Release:
    return built.release


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
