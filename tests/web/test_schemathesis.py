"""Schemathesis, which nobody here wrote, makes requests from ``/openapi.json`` and checks the answers against it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Server

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "negative_data_rejection", "unsupported_method",
)  # fmt: skip
# Reports take seconds each, and have their own tests.
# All questions of the catalogue are described in one way: three stand for them, one of each form.
PATHS = (
    r"^/(api/v1(?!/reports/)|id|dumps|timemap|context|ontology|\.well-known"
    r"|queries(/(target-supporters|matrix-size|link-construct))?$)"
)


@pytest.mark.slow
def test_every_address_keeps_to_its_description(server: Server, tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", f"{server.url}/openapi.json",
        "--include-path-regex", PATHS, "--checks", ",".join(CHECKS),
        "--phases", "examples,coverage", "--max-examples", "3", "--max-time", "45", "--seed", "1",
        "--generation-database", "none", "--no-color",
    ]  # fmt: skip
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=180)
    assert result.returncode == 0, result.stdout[-20_000:]
