"""This endpoint beside others, in one run on one machine and the same statements: times, throughput, memory.

    python benchmarks/endpoint.py [--data wsiskg-data] [--runs 9]

Peers are measured where their commands are found (``pip install oxigraph rdflib-endpoint`` in any environment; name its
``bin`` with ``--peers``); throughput where ``wrk`` is. Every query is asked with a comment of its own, so that no cache
answers it, unless it says "repeated". A question that a peer answers otherwise is marked.
"""

import argparse
import contextlib
import http.client
import itertools
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote, urlencode

from wsiskg.graph.release import Release, current_release
from wsiskg.store.catalogue import load_catalogue

QUESTIONS = (
    "agencies-by-links", "connect2020-triangles", "label-coverage", "line-goal-pairs", "lines-sharing-targets",
    "organisations-with-projects", "prizes-by-country", "projects-of-pair", "tags-by-origin", "target-supporters",
    "three-way-paths", "unsupported-targets",
)  # fmt: skip
POINT = "SELECT ?t { <https://w3id.org/wsis-kg/id/action-line/C2> <http://www.w3.org/2004/02/skos/core#prefLabel> ?t }"
HEAVY = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?o ?q ?r FILTER(STRLEN(STR(?r)) > 3) }"
SECONDS = 4
PATIENCE = 10  # seconds: a peer that takes longer is asked no more, for it goes on with what it was asked
numbers = itertools.count(1)


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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def started(name: str, path: str, command: list[str], port: int) -> Iterator[Peer]:
    """Start a server and wait for its first answer."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peer = Peer(name, port, path, process)
    try:
        for _ in range(2_000):
            with contextlib.suppress(OSError, http.client.HTTPException, RuntimeError):
                peer.ask(POINT, peer.connect())
                break
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended at once: {command}")
            time.sleep(0.1)
        yield peer
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def all_peers(release: Release, data: Path, bins: Path | None) -> Iterator[list[Peer]]:
    """Start every server whose command is found."""
    where = os.pathsep.join(filter(None, [str(bins) if bins else "", os.environ.get("PATH", "")]))
    dump = str(release.nquads_path)
    with contextlib.ExitStack() as stack:
        port = free_port()
        ours = [str(Path(sys.executable).with_name("wsiskg")), "serve", "--data", str(data), "--port", str(port)]
        peers = [stack.enter_context(started("wsiskg", "/sparql", ours, port))]
        if oxigraph := shutil.which("oxigraph", path=where):
            store = stack.enter_context(tempfile.TemporaryDirectory())
            subprocess.run([oxigraph, "load", "-l", store, "-f", dump], check=True, capture_output=True)
            port = free_port()
            command = [oxigraph, "serve-read-only", "-l", store, "--union-default-graph", "--bind", f"127.0.0.1:{port}"]
            peers.append(stack.enter_context(started("oxigraph", "/query", command, port)))
        if endpoint := shutil.which("rdflib-endpoint", path=where):
            port = free_port()
            command = [endpoint, "serve", "--port", str(port), dump]
            peers.append(stack.enter_context(started("rdflib-endpoint", "/", command, port)))
        yield peers


def times(peer: Peer, query: str, runs: int) -> tuple[list[float], set[bytes]]:
    """Return seconds of ``runs`` answers, and the rows of one."""
    connection, found = peer.connect(), []
    rows: set[bytes] = set()
    for _ in range(runs):
        text = f"{query}\n#{next(numbers)}"
        begun = time.perf_counter()
        body = peer.ask(text, connection)
        found.append(time.perf_counter() - begun)
        rows = set(body.splitlines()[1:])
    connection.close()
    return found, rows


def throughput(peer: Peer, clients: int, repeated: bool) -> tuple[float, float]:
    """Return requests a second and p99 in milliseconds of point lookups, by wrk."""
    script = f"""
        local n = math.random(1, 1e9)
        wrk.headers["Accept"] = "text/csv"
        request = function()
            n = n + 1
            local more = {"''" if repeated else "'%23' .. os.time() .. 'x' .. n"}
            return wrk.format("GET", "{peer.path}?query={quote(POINT).replace("%", "%%")}" .. more)
        end""".replace("%%", "%")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}", "--latency", "-s", file.name]
        said = subprocess.run([*command, f"http://127.0.0.1:{peer.port}"], capture_output=True, text=True, check=True)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said.stdout)
    late = re.search(r"99%\s+([\d.]+)(us|ms|s)", said.stdout)
    if rate is None or late is None or "Non-2xx" in said.stdout:
        raise RuntimeError(said.stdout)
    return float(rate[1]), float(late[1]) * {"us": 0.001, "ms": 1, "s": 1000}[late[2]]


def memory(process: int) -> float:
    """Return megabytes of a process and all below it, shared pages counted once."""
    total = 0
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{process}/smaps_rollup").read_text("ascii"), re.MULTILINE)
        total += int(found[1]) if found else 0
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                total += int(memory(int(child)) * 1000)
    return total / 1000


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |\n| --- |" + " ---: |" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("wsiskg-data"), help="directory of releases")
    parser.add_argument("--runs", type=int, default=9, help="times that each question is asked")
    parser.add_argument("--peers", type=Path, help="directory of the peers' commands")
    options = parser.parse_args()
    release = current_release(options.data)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"pyoxigraph {version('pyoxigraph')}; release {release.id}, "
          f"{release.manifest['counts']['quads']:,} statements, load {os.getloadavg()[0]:.1f}\n")  # fmt: skip
    with all_peers(release, options.data, options.peers) as peers:
        measure(peers, release, options.runs)


def measure(peers: list[Peer], release: Release, runs: int) -> None:
    """Measure all peers in turn, question by question, and print tables."""
    catalogue = load_catalogue(release.iris)
    names = [peer.name for peer in peers]
    rows: list[list[str]] = []
    lost: set[str] = set()
    for question in QUESTIONS:
        row: list[str] = [question]
        first: set[bytes] | None = None
        medians: list[float] = []
        for peer in peers:
            if peer.name in lost:
                row.append("")
                continue
            try:
                found, answer = times(peer, catalogue[question].text, runs)
            except RuntimeError:
                row.append("failed")
                continue
            except OSError:
                row.append(f"over {PATIENCE} s")
                lost.add(peer.name)
                peer.process.kill()
                continue
            first = answer if first is None else first
            medians.append(statistics.median(found))
            row.append(f"{medians[-1] * 1000:.1f}" + ("" if answer == first else " (other rows)"))
            if len(medians) > 1:
                row[-1] += f" ({medians[-1] / medians[0]:.1f}x)"
        rows.append(row)
    print("Questions of the catalogue, one client: median ms, and how many times ours\n")
    table(["question", *names], rows)
    peers = [peer for peer in peers if peer.name not in lost]
    names = [peer.name for peer in peers]
    print("Point lookup, one client, ms\n")
    points = [sorted(times(peer, POINT, 300)[0]) for peer in peers]
    table(["", *names], [
        ["p50", *(f"{p[150] * 1000:.2f}" for p in points)],
        ["p99", *(f"{p[297] * 1000:.2f}" for p in points)],
    ])  # fmt: skip
    if shutil.which("wrk"):
        print("Point lookups a second (p99 ms)\n")
        lines = []
        for clients, repeated in itertools.product((1, 8, 32), (False, True)):
            found = [throughput(peer, clients, repeated) for peer in peers]
            label = f"{clients} client{'s' * (clients > 1)}{', repeated' * repeated}"
            lines.append([label, *(f"{rate:,.0f} ({late:.1f})" for rate, late in found)])
        table(["", *names], lines)
    print("Memory after that, MB, shared pages once\n")
    table(["", *names], [["all processes", *(f"{memory(peer.process.pid):.0f}" for peer in peers)]])


if __name__ == "__main__":
    main()
