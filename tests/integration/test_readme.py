"""Every console block of the README, run as a newcomer would, with the output that the README shows."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
SERVED = "http://127.0.0.1:8080"


@dataclass(frozen=True)
class Command:
    text: str
    output: str


def commands() -> list[Command]:
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", README, re.DOTALL | re.MULTILINE):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.splitlines(keepends=True)
            # A command goes on while its quotes are open.
            end = next(i for i in range(1, len(lines) + 1) if "".join(lines[:i]).count("'") % 2 == 0)
            found.append(Command("".join(lines[:end]), "".join(lines[end:])))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("newcomer")


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    tools = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "COLUMNS": "110"}


@pytest.fixture(scope="module")
def server(place: Path, environment: dict[str, str]) -> Iterator[str]:
    subprocess.run(["wsiskg", "build"], cwd=place, env=environment, check=True, capture_output=True)
    port = free_port()
    process = subprocess.Popen(["wsiskg", "serve", "--port", str(port)], cwd=place, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/health").close()
                break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait()


def test_readme_has_commands_with_output() -> None:
    assert sum(bool(c.output) for c in commands()) >= 3


@pytest.mark.parametrize("command", commands(), ids=lambda c: c.text.split("\n")[0][:60])
def test_command_gives_what_the_readme_shows(
    command: Command, server: str, place: Path, environment: dict[str, str]
) -> None:
    text = command.text.replace(SERVED, server)
    result = subprocess.run(
        ["bash", "-c", text], cwd=place, env=environment, capture_output=True, text=True, check=True
    )
    if command.output:
        assert [line.rstrip() for line in result.stdout.splitlines()] == command.output.splitlines()
