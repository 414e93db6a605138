"""This endpoint beside others, in one run on one machine and the same statements: times, throughput, memory.

    python benchmarks/endpoint.py [--data wsiskg-data] [--projects 0 10000 100000] [--runs 5]

``--projects`` builds a release with that many invented projects (`registers.py`) beside the bundled ones. Questions
that read counts are also asked as they would be without these (``questions/plain/``). Peers are measured where their
commands are found (``pip install oxigraph rdflib-endpoint[cli,web]`` in any environment; name its ``bin`` with
``--peers``; Virtuoso from Debian's virtuoso-opensource-7); throughput where ``wrk`` is. All peers are asked in turn, so
that whatever else the machine does falls on each of them. Every query is asked with a comment of its own, so that no
cache answers it, unless it says "repeated". A question that a peer answers otherwise is marked.
"""

import argparse
import contextlib
import itertools
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from arguments import natural, positive
from machine import described
from peers import PATIENCE, Peer, all_peers, memory
from registers import synthetic_mappings
from wsiskg.build import build
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release, current_release
from wsiskg.model.errors import ReleaseError

QUESTIONS = sorted(Path(__file__).with_name("questions").glob("*.rq"))
PLAIN = sorted(Path(__file__).with_name("questions").glob("plain/*.rq"))
SHORT = ("01", "02", "08", "09")  # questions that no server takes long for
POINT = "SELECT ?t { <https://w3id.org/wsis-kg/id/action-line/C2> <http://www.w3.org/2004/02/skos/core#prefLabel> ?t }"
HEAVY = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?o ?q ?r FILTER(STRLEN(STR(?r)) > 3) }"
CLIENTS = (1, 8, 32)
SECONDS = 2
numbers = itertools.count(1)


def timed(peer: Peer, query: str) -> tuple[float, frozenset[bytes]]:
    """Return seconds until the answer, and its rows."""
    connection = peer.connect()
    text = f"{query}\n#{next(numbers)}"
    begun = time.perf_counter()
    body = peer.ask(text, connection)
    took = time.perf_counter() - begun
    connection.close()
    return took, frozenset(line.replace(b'"', b"") for line in body.splitlines()[1:])


def lookups(peer: Peer, times: int) -> list[float]:
    """Return seconds of point lookups by one client, in order."""
    connection, found = peer.connect(), []
    for _ in range(times):
        text = f"{POINT}\n#{next(numbers)}"
        begun = time.perf_counter()
        peer.ask(text, connection)
        found.append(time.perf_counter() - begun)
    connection.close()
    return sorted(found)


def load(peer: Peer, clients: int, addresses: Sequence[str], repeated: bool) -> tuple[float, float, float]:
    """Return requests a second, p50 and p99 in milliseconds of addresses asked for in turn, by wrk."""
    listed = ", ".join(f'"{address}"' for address in addresses)
    script = f"""
        local addresses = {{{listed}}}
        math.randomseed(os.time() + {next(numbers)})
        local n = math.random(1, 1e9)
        wrk.headers["Accept"] = "text/csv"
        request = function()
            n = n + 1
            return wrk.format("GET", addresses[n % #addresses + 1]{"" if repeated else " .. '%23' .. n"})
        end"""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}", "--timeout", "20s", "--latency", "-s", file.name]
        said = subprocess.run([*command, f"http://127.0.0.1:{peer.port}"], capture_output=True, text=True, check=True)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said.stdout)
    middle, late = (re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", said.stdout) for share in (50, 99))
    if rate is None or middle is None or late is None or "Non-2xx" in said.stdout:
        raise RuntimeError(said.stdout)
    unit = {"us": 0.001, "ms": 1, "s": 1000}
    return float(rate[1]), float(middle[1]) * unit[middle[2]], float(late[1]) * unit[late[2]]


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |\n| --- |" + " ---: |" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("wsiskg-data"), help="directory of releases")
    parser.add_argument("--projects", type=natural, nargs="*", default=[10_000, 100_000], help="projects to invent")
    parser.add_argument("--runs", type=positive, default=5, help="times that each question is asked")
    parser.add_argument("--peers", type=Path, help="directory of the peers' commands")
    parser.add_argument("--prepare", action="store_true", help="write the releases, and measure nothing")
    options = parser.parse_args()
    print(described("wsiskg", "pyoxigraph") + "\n")
    for projects in options.projects:
        data, release = _release(options.data, projects)
        if options.prepare:
            continue
        statements = sum(1 for _ in release.nquads_path.open("rb"))
        print(f"## {projects:,} projects: {statements:,} statements\n", flush=True)
        with all_peers(release, data, options.peers) as peers:
            measure(peers, options.runs)


def _release(data: Path, projects: int) -> tuple[Path, Release]:
    """Return the release with so many invented projects, and the directory where it is current; built if need be."""
    if not projects:
        return data, _current(data)
    larger = data.with_name(f"{data.name}-{projects}")
    if not (larger / "current").exists():
        with tempfile.TemporaryDirectory() as folder:
            build(synthetic_mappings(Path(folder), projects), larger, Iris(), synthetic=True)
    return larger, _current(larger)


def _current(data: Path) -> Release:
    try:
        return current_release(data)
    except ReleaseError as error:
        print(f"{error.message}. {error.remedy}", file=sys.stderr)
        sys.exit(2)


def measure(peers: list[Peer], runs: int) -> None:
    """Measure all peers in turn, and print tables: lookups first, for a peer may never recover from a question."""
    names = [peer.name for peer in peers]
    found = {peer.name: lookups(peer, 50) for peer in peers}  # which warms them
    found = {name: [] for name in found}
    for _ in range(6):
        for peer in peers:
            found[peer.name] += lookups(peer, 100)
    print("Point lookup, one client in Python, ms, and how many times ours\n")
    rows = []
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        values = [sorted(found[name])[int(share * 600)] * 1000 for name in names]
        rows.append([label, *(f"{value:.2f} ({value / values[0]:.2f}x)" for value in values)])
    table(["", *names], rows)
    if shutil.which("wrk"):
        _throughput(peers)
    lost: set[str] = set()
    rows = [_question(path, peers, runs, lost) for path in QUESTIONS]
    print("Questions, one client: median ms, and how many times ours\n")
    table(["question", *names], rows)
    peers = [peer for peer in peers if peer.name not in lost]
    names = [peer.name for peer in peers]
    rows = [_question(path, peers, min(runs, 3), lost) for path in PLAIN]
    print("The same without tallies, assessments and candidates: median ms, and how many times ours\n")
    table(["question", *names], rows)
    peers = [peer for peer in peers if peer.name not in lost]
    names = [peer.name for peer in peers]
    if shutil.which("wrk"):
        print("Point lookups by one client while another one asks heavy queries, ms: p50, p99, their ratio\n")
        table(["", *names], [["point", *(_beside_heavy(peer) for peer in peers)]])
    print("Memory after that, MB, shared pages once\n")
    table(["", *names], [["all processes", *(f"{memory(peer.process.pid):.0f}" for peer in peers)]])


def _question(path: Path, peers: list[Peer], runs: int, lost: set[str]) -> list[str]:
    """Return a row: medians of a question, all peers asked in turn."""
    query = path.read_text("utf-8")
    took: dict[str, list[float]] = {peer.name: [] for peer in peers}
    answers: dict[str, frozenset[bytes]] = {}
    failed: set[str] = set()
    for run in range(runs):
        for peer in peers:
            if peer.name in lost | failed or (run > 1 and sum(took[peer.name]) > PATIENCE / 4):
                continue
            try:
                seconds, answers[peer.name] = timed(peer, query)
                took[peer.name].append(seconds)
            except RuntimeError:
                failed.add(peer.name)
            except OSError:
                lost.add(peer.name)
                peer.process.kill()
    row = [path.stem]
    for peer in peers:
        if not took[peer.name]:
            row.append("failed" if peer.name in failed else f"over {PATIENCE} s" if peer.name in lost else "")
            continue
        median, ours = statistics.median(took[peer.name]), took[peers[0].name]
        text = f"{median * 1000:.1f}"
        if ours and peer is not peers[0]:
            text += f" ({median / statistics.median(ours):.1f}x)"
            text += "" if answers[peer.name] == answers[peers[0].name] else " other rows"
        row.append(text)
    return row


def _throughput(peers: list[Peer]) -> None:
    names = [peer.name for peer in peers]
    short = [path.read_text("utf-8") for path in QUESTIONS if path.name.startswith(SHORT)]
    short = [" ".join(line for line in query.splitlines() if not line.startswith("#")) for query in short]
    kinds = (("point", [POINT], False), ("point, repeated", [POINT], True), ("four short questions", short, False))
    lines = []
    for (label, queries, repeated), clients in itertools.product(kinds, CLIENTS):
        line, best = [f"{label}, {clients}"], 0.0
        for peer in peers:
            try:
                rate, middle, late = load(peer, clients, [f"{peer.path}?query={quote(q)}" for q in queries], repeated)
            except RuntimeError:
                line.append("failed")
                continue
            best = best or rate
            line.append(f"{rate:,.0f} ({rate / best:.2f}x; {middle:.2f}, {late:.1f})")
        lines.append(line)
    print("Requests a second (times ours; p50, p99 ms), by number of clients\n")
    table(["", *names], lines)
    ours = peers[0]
    fixed = load(ours, 8, ["/health"], True)[0]
    kept = load(ours, 8, [f"{ours.path}?query={quote(POINT)}"], True)[0]
    print(f"wsiskg, 8 clients: a fixed body (/health) {fixed:,.0f} a second, a repeated question {kept:,.0f}\n")


def _beside_heavy(peer: Peer) -> str:
    ended = threading.Event()

    def heavy() -> None:
        while not ended.is_set():
            with contextlib.suppress(RuntimeError, OSError):
                timed(peer, HEAVY)

    thread = threading.Thread(target=heavy)
    thread.start()
    try:
        time.sleep(0.3)
        _, middle, late = load(peer, 1, [f"{peer.path}?query={quote(POINT)}"], repeated=False)
    except RuntimeError:
        return "failed"
    finally:
        ended.set()
        thread.join()
    return f"{middle:.2f}, {late:.2f}, {late / middle:.1f}"


if __name__ == "__main__":
    main()
