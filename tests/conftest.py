"""Fixtures for all tests: the bundled release, built once; and real server processes, asked over HTTP."""

import contextlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import httpx
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


def benchmark_module(name: str) -> ModuleType:
    """Return a module of ``benchmarks/``, which is no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[1] / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where its dataclasses look for it
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def synthetic() -> ModuleType:
    """The module of the benchmarks that invents flat tables of projects."""
    return benchmark_module("synthetic")


@pytest.fixture(scope="session")
def registers() -> ModuleType:
    """The module of the benchmarks that invents registers of projects."""
    return benchmark_module("registers")


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


RunNotebook = Callable[..., str]

_RUN = """
import ast, json, sys

names = {}
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        body = ast.parse("".join(cell["source"])).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        if last is not None:  # as Jupyter does, show the value of the last line
            print(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
"""


@pytest.fixture(scope="session")
def run_notebook() -> RunNotebook:
    """Run a notebook of ``docs/`` from top to bottom in a process of its own; return what its cells show."""

    def run(name: str, **environment: str) -> str:
        path = Path(__file__).parent.parent / "docs" / name
        assert '"output_type"' not in path.read_text("utf-8")
        result = subprocess.run(
            [sys.executable, "-c", _RUN, str(path)], capture_output=True, text=True, timeout=120,
            env={**os.environ, **environment},
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A running server: its address, a client of it, its process, and what it wrote to its log."""

    url: str
    client: httpx.Client
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, path: str, accept: str = "", **parameters: str) -> httpx.Response:
        headers = {"Accept": accept} if accept else {}
        return self.client.get(path, params=parameters or None, headers=headers)

    def ask(self, query: str, accept: str = "", **parameters: str) -> httpx.Response:
        return self.get("/sparql", accept, query=query, **parameters)

    def rows(self, query: str, **parameters: str) -> list[dict[str, str]]:
        answer = self.ask(query, "application/sparql-results+json", **parameters)
        assert answer.status_code == 200, answer.text
        return [{k: v["value"] for k, v in row.items()} for row in answer.json()["results"]["bindings"]]

    def workers(self) -> set[int]:
        """Return the processes that evaluate queries: children of the loader, which is the server's child."""
        return {worker for loader in _children(self.process.pid) for worker in _children(loader)}

    def workers_when(self, wanted: Callable[[set[int]], bool]) -> set[int]:
        """Wait until the workers are as ``wanted``: one that was killed takes a moment to give its memory back."""
        until = time.monotonic() + 10
        while not wanted(found := self.workers()):
            assert time.monotonic() < until, found
            time.sleep(0.05)
        return found


Start = Callable[..., AbstractContextManager[Server]]


def _children(parent: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name, in brackets, may hold anything; the state and the parent come after it.
            state, ppid = status.read_text("ascii", "replace").rpartition(")")[2].split()[:2]
            if int(ppid) == parent and state != "Z":
                found.add(int(status.parent.name))
    return found


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """Start servers: ``start(data, WORKERS=1)`` sets ``WSISKG_WORKERS``. Each must stop without a traceback."""

    @contextlib.contextmanager
    def started(data: Path, **settings: object) -> Iterator[Server]:
        log = tmp_path_factory.mktemp("server") / "log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("WSISKG_")}
        with log.open("wb") as output:
            process = subprocess.Popen(
                [str(Path(sys.executable).with_name("wsiskg")), "serve", "--data", str(data), "--port", "0"],
                env=kept | {f"WSISKG_{name}": str(value) for name, value in settings.items()},
                stderr=output,
                stdout=output,
            )
        try:
            url = _address(process, log)
            with httpx.Client(base_url=url, timeout=40) as client:
                server = Server(url, client, process, log)
                _wait(server)
                yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        assert "Traceback" not in log.read_text("utf-8")

    return started


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(600):
        if found := re.search(r"http://127\.0\.0\.1:\d+", log.read_text("utf-8")):
            return found.group()
        assert process.poll() is None, log.read_text("utf-8")
        time.sleep(0.05)
    raise AssertionError("the server has not said where it listens")


def _wait(server: Server) -> None:
    for _ in range(600):
        with contextlib.suppress(httpx.TransportError):
            if server.get("/health").status_code == 200:
                return
        assert server.process.poll() is None, server.log.read_text("utf-8")
        time.sleep(0.05)
    raise AssertionError("the server does not answer")


@dataclass
class Listener:
    url: str
    calls: int = 0


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Somebody else's endpoint, which must never be asked."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        found = Listener(f"http://127.0.0.1:{opened.getsockname()[1]}/sparql")

        def count() -> None:
            while True:
                try:
                    connection, _ = opened.accept()
                except OSError:
                    return
                found.calls += 1
                connection.close()

        thread = threading.Thread(target=count, daemon=True)
        thread.start()
        yield found
        opened.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


JARS = Path("/usr/share/java")
NEEDED = (
    *("jena-arq", "jena-base", "jena-cmds", "jena-core", "jena-iri", "jena-rdfconnection", "jena-shacl"),
    *("jena-shex", "jena-tdb", "jena-tdb2", "jena-dboe-base", "jena-dboe-index", "jena-dboe-storage"),
    *("jena-dboe-trans-data", "jena-dboe-transaction", "slf4j-api", "slf4j-nop", "jcl-over-slf4j", "commons-cli"),
    *("commons-codec", "commons-compress", "commons-csv", "commons-io", "commons-lang3", "gson", "guava"),
    *("httpclient", "httpcore", "jackson-annotations", "jackson-core", "jackson-databind", "jsonld-java", "protobuf"),
    "thrift",
)


@pytest.fixture(scope="session")
def jena(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Class path of Debian's Jena, which looks for the messages of its Xerces where its build does not put them."""
    if shutil.which("java") is None or not all((JARS / f"{name}.jar").is_file() for name in NEEDED):
        pytest.skip("needs Java and Debian's libapache-jena-java")
    folder = tmp_path_factory.mktemp("classes")
    prefix = "org/apache/jena/ext/"
    with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(f"{prefix}xerces/") and name.endswith(".properties"):
                target = folder / name.removeprefix(prefix)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(jar.read(name))
    return os.pathsep.join([str(folder), *(str(JARS / f"{name}.jar") for name in NEEDED)])
