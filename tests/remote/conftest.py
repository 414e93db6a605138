"""Real engines on loopback, each in a directory of its own; and a proxy before one that breaks what passes through."""

from __future__ import annotations

import contextlib
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from wsiskg.graph.release import Release
from wsiskg.settings import Settings
from wsiskg.store.remote.client import RemoteStore
from wsiskg.store.remote.transport import Tries

BASE = "https://kg.example/"
MOST_ROWS = 5_000
"""Rows at which the Virtuoso of the tests cuts answers."""

_INI = """
[Database]
DatabaseFile = virtuoso.db
TransactionFile = virtuoso.trx
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
DirsAllowed = .
MaxOptimizeLayouts = 20
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
MaxClientConnections = 8
[SPARQL]
ResultSetMaxRows = {rows}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(command: Sequence[str], folder: Path, url: str) -> Iterator[None]:
    """Run an engine until it is no longer needed; it is there once it answers a query."""
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(httpx.TransportError):
                httpx.post(url, data={"query": "ASK {}"}, timeout=5)
                break
            assert process.poll() is None, (folder / "out").read_text("utf-8", "replace")
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    if shutil.which("virtuoso-t") is None:
        pytest.skip("needs Debian's virtuoso-opensource-7-bin")
    folder, http = tmp_path_factory.mktemp("virtuoso"), free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(sql=free_port(), http=http, rows=MOST_ROWS), "utf-8")
    url = f"http://127.0.0.1:{http}/sparql"
    with running(["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"], folder, url):
        yield Settings(store=f"sparql+{url}", store_user="dba", store_password="dba")


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    address = f"127.0.0.1:{free_port()}"
    url = f"http://{address}/query"
    command = [str(Path(sys.executable).with_name("oxigraph")), "serve", "--bind", address]
    with running(command, tmp_path_factory.mktemp("oxigraph"), url):
        yield Settings(store=f"sparql+{url}")


@dataclass
class Proxy:
    """Passes requests on, but breaks the one of a number in a way; ``seen`` are the paths asked for."""

    url: str
    upstream: str
    fault: str = ""
    at: int = -1
    forever: bool = False
    seen: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, fault: str = "", at: int = -1, *, forever: bool = False) -> None:
        self.fault, self.at, self.forever = fault, at, forever
        self.seen.clear()

    def fault_of(self, path: str) -> str:
        with self.lock:
            self.seen.append(path)
            number = len(self.seen) - 1
        hit = number >= self.at if self.forever else number == self.at
        return self.fault if self.at >= 0 and hit else ""


FAULTS = ("reset", "half", "lost", "silence", "503", "500", "slow-503")


@pytest.fixture(scope="module")
def proxy(oxigraph: Settings) -> Iterator[Proxy]:
    upstream = oxigraph.store.removeprefix("sparql+").removesuffix("/query")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one go

        def log_message(self, *_: object) -> None:
            """Keep still."""

        def do_POST(self) -> None:
            fault = found.fault_of(self.path)
            if fault == "reset":  # before the request has come in whole
                self.reset()
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if fault == "silence":
                time.sleep(1.5)
                self.close_connection = True
                return
            if fault in {"503", "500", "slow-503"}:
                self.say(int(fault[-3:]), b"down for a moment", {"Retry-After": "1"} if fault == "slow-503" else {})
                return
            kept = {k: v for k, v in self.headers.items() if k.lower() in {"content-type", "accept"}}
            answer = client.post(upstream + self.path, content=body, headers=kept)
            if fault == "lost":  # done, but nobody is told
                self.reset()
            elif fault == "half":
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer.content) + 10))
                self.end_headers()
                self.wfile.write(answer.content[: len(answer.content) // 2])
                self.close_connection = True
            else:
                kept = {k: v for k, v in answer.headers.items() if k in {"content-type", "server"}}
                self.say(answer.status_code, answer.content, kept)

        def say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def reset(self) -> None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

        def handle(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                super().handle()

        def finish(self) -> None:
            with contextlib.suppress(OSError, ValueError):
                super().finish()

    with httpx.Client(timeout=30) as client, ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found = Proxy(f"sparql+http://127.0.0.1:{server.server_port}/query", upstream)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()


@pytest.fixture
def patient(proxy: Proxy) -> Iterator[RemoteStore]:
    """A store behind the proxy that tries three times without pause, and waits a second for each."""
    settings = Settings(store=proxy.url, store_engine="oxigraph", store_seconds=1, query_seconds=3)
    with RemoteStore(settings, Tries(3, 0, each=True), Tries(3, 0)) as store:
        yield store


Make = Callable[..., Release]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a small release: ``make("r1", a=3, b=0)`` has that many statements in these graphs."""

    def made(name: str, **sizes: int) -> Release:
        folder = tmp_path / name
        (folder / "dumps").mkdir(parents=True)
        lines = [
            f'<{BASE}id/{graph}/{i}> <{BASE}ontology#in> "{name} <{BASE}graph/{graph}>" <{BASE}graph/{graph}> .\n'
            for graph in sorted(sizes)
            for i in range(sizes[graph])
        ]
        (folder / "dumps" / "wsis-kg.nq").write_text("".join(lines), "utf-8")
        graphs = {f"{BASE}graph/{graph}": number for graph, number in sizes.items()}
        counts = {"graphs": graphs, "quads": len(lines)}
        return Release(folder, {"release": name, "base": BASE, "graphs": graphs, "counts": counts})

    return made
