"""The wheel works in an empty environment, far from the checkout."""

import os
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_wheel_builds_validates_queries_and_serves(tmp_path: Path, unused_port: int) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}

    def run(*arguments: str) -> str:
        done = subprocess.run(arguments, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--wheel-dir", str(tmp_path / "dist"), str(ROOT))
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name.rpartition("/")[2] for name in archive.namelist() if "/web/static/" in name}
    assert shipped == {file.name for file in (ROOT / "server" / "wsiskg" / "web" / "static").iterdir()}
    run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "empty"))
    tools = tmp_path / "empty" / "bin"
    # Not compiled: most modules of the libraries are never imported.
    run(
        *pip,
        "--python",
        str(tools / "python"),
        "install",
        "--no-compile",
        "-c",
        str(ROOT / "constraints.txt"),
        str(wheel),
    )
    wsiskg = str(tools / "wsiskg")
    assert run(wsiskg, "--version").startswith("wsiskg ")
    run(wsiskg, "validate")
    run(wsiskg, "build")
    assert run(wsiskg, "query", "matrix-size", "--format", "csv").splitlines()[1].split(",")[2] == "188"
    server = subprocess.Popen([wsiskg, "serve", "--port", str(unused_port)], cwd=tmp_path, env=environment)
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{unused_port}/id/sdg/9.c.ttl") as answer:
                    assert b"sdg:9.c" in answer.read()
                    break
            except OSError:
                time.sleep(0.1)
        else:
            pytest.fail("the server did not answer")
    finally:
        server.terminate()
        server.wait()
