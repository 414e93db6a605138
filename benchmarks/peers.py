"""SPARQL servers under measurement, started on the same statements: this one, and those whose commands are found."""

import contextlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from wsiskg.graph.release import Release

__all__ = ["PATIENCE", "Peer", "all_peers", "memory"]

PATIENCE = 20
"""Seconds: a peer that takes longer is asked no more, for it goes on with what it was asked."""

_START = 150  # seconds that a peer has to load the statements and to answer
_VIRTUOSO = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 85000
MaxDirtyBuffers = 65000
DirsAllowed = {dumps}
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 40
MaxClientConnections = 40
KeepAliveTimeout = 60
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 120
"""


@dataclass(frozen=True)
class Peer:
    """A server under measurement."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]

    def ask(self, query: str, connection: http.client.HTTPConnection) -> bytes:
        headers = {"Accept": "text/csv", "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", self.path, urlencode({"query": query}), headers)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{self.name}: {answer.status} {body[:200]!r}")
        return body

    def connect(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection


Starter = Callable[[Release, Path, str], AbstractContextManager[Peer | None]]
"""Starts a server on a release below a directory, with commands found on a path; None: its command is not found."""


@contextlib.contextmanager
def all_peers(release: Release, data: Path, bins: Path | None) -> Iterator[list[Peer]]:
    """Start every server whose command is found."""
    where = os.pathsep.join(filter(None, [str(bins) if bins else "", os.environ.get("PATH", "")]))
    starters: tuple[Starter, ...] = (_ours, _oxigraph, _rdflib_endpoint, _virtuoso)
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(starter(release, data, where)) for starter in starters]
        yield [peer for peer in peers if peer is not None]


@contextlib.contextmanager
def _ours(release: Release, data: Path, where: str) -> Iterator[Peer | None]:
    del release, where
    port = _free_port()
    command = [str(Path(sys.executable).with_name("wsiskg")), "serve", "--data", str(data), "--port", str(port)]
    with _started(Peer("wsiskg", port, "/sparql", _run(command))) as peer:
        yield peer


@contextlib.contextmanager
def _oxigraph(release: Release, data: Path, where: str) -> Iterator[Peer | None]:
    del data
    if (oxigraph := shutil.which("oxigraph", path=where)) is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as store:
        load = [oxigraph, "load", "-l", store, "-f", str(release.nquads_path)]
        subprocess.run(load, check=True, capture_output=True)
        port = _free_port()
        command = [oxigraph, "serve-read-only", "-l", store, "--union-default-graph", "--bind", f"127.0.0.1:{port}"]
        with _started(Peer("oxigraph", port, "/query", _run(command))) as peer:
            yield peer


@contextlib.contextmanager
def _rdflib_endpoint(release: Release, data: Path, where: str) -> Iterator[Peer | None]:
    del data
    if (endpoint := shutil.which("rdflib-endpoint", path=where)) is None:
        yield None
        return
    port = _free_port()
    command = [endpoint, "serve", "--port", str(port), str(release.nquads_path)]
    with _started(Peer("rdflib-endpoint", port, "/", _run(command))) as peer:
        yield peer


@contextlib.contextmanager
def _virtuoso(release: Release, data: Path, where: str) -> Iterator[Peer | None]:
    del data
    server, sql = shutil.which("virtuoso-t", path=where), shutil.which("isql-vt", path=where)
    if server is None or sql is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        ports, dump = {"sql": _free_port(), "http": _free_port()}, release.nquads_path.resolve()
        Path(folder, "virtuoso.ini").write_text(_VIRTUOSO.format(**ports, dumps=dump.parent), "utf-8")
        process = _run([server, "-f", "-c", "virtuoso.ini"], folder)
        with _started(Peer("virtuoso", ports["http"], "/sparql", process)) as peer:
            if peer is not None:
                statement = f"DB.DBA.TTLP_MT(file_open('{dump}'), '', 'urn:none', 512); checkpoint;"
                load = [sql, f"127.0.0.1:{ports['sql']}", "dba", "dba", f"exec={statement}"]
                subprocess.run(load, check=True, capture_output=True)
            yield peer


@contextlib.contextmanager
def _started(peer: Peer) -> Iterator[Peer | None]:
    """Wait for a server's first answer; None: it ends, or takes too long."""
    until = time.monotonic() + _START
    try:
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException, RuntimeError):
                peer.ask("SELECT * { <urn:x> <urn:x> ?o }", peer.connect())
                break
            if peer.process.poll() is not None or time.monotonic() > until:
                print(f"{peer.name} does not answer after {_START} seconds, or has ended\n")
                yield None
                return
            time.sleep(0.2)
        yield peer
    finally:
        peer.process.terminate()
        try:
            peer.process.wait(20)
        except subprocess.TimeoutExpired:
            peer.process.kill()
            peer.process.wait()


def _run(command: list[str], folder: str | None = None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory(process: int) -> float:
    """Return megabytes of a process and all below it, shared pages counted once."""
    total = 0.0
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text("ascii"), re.MULTILINE)
        total += int(found[1]) * 1024 / 1e6 if found else 0.0
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                total += memory(int(child))
    return total
