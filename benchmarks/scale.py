"""Import and build of ten thousand projects to a million, and of a few more, beside ``oxigraph load`` of the outcome.

    python benchmarks/scale.py [--projects 10000 100000 1000000] [--peers DIRECTORY]

Projects are invented (`clean.py`); ``oxigraph`` is that of PyPI, in DIRECTORY, else beside this Python. Memory is that
of a process and all below it, shared pages once. Prints Markdown.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from arguments import positive
from machine import described
from peers import memory
from wsiskg.resources import default_mappings

SIZES = (10_000, 100_000)
ADDED = 100
HERE = Path(__file__).parent
WSISKG = str(Path(sys.executable).with_name("wsiskg"))
LOOK_EVERY = 0.25  # seconds


@dataclass(frozen=True)
class Run:
    """A command that has ended: seconds by the clock and of processors, megabytes at most."""

    wall: float
    cpu: float
    memory: float


def run(*command: str | Path) -> Run:
    """Run a command to its end."""
    highest = 0.0
    begun, before = time.perf_counter(), os.times()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(list(map(str, command)), stdout=said, stderr=subprocess.STDOUT)
        done = threading.Event()

        def watch() -> None:
            nonlocal highest
            while not done.wait(LOOK_EVERY):
                highest = max(highest, memory(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = process.wait()
        wall = time.perf_counter() - begun
        done.set()
        watcher.join()
        if code:
            said.seek(0)
            raise SystemExit(f"{' '.join(map(str, command))} ended with {code}:\n{said.read().decode()}")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, cpu, highest)


def export(folder: Path, projects: int) -> Path:
    """Return a clean export of invented projects."""
    place = folder / str(projects)
    run(sys.executable, HERE / "generate.py", place, "--projects", str(projects), "--export")
    return place / "export.csv"


def measure(projects: int, oxigraph: Path, folder: Path) -> None:
    """Import and build, then once more with some projects added."""
    mappings, data = folder / "mappings", folder / "data"
    shutil.copytree(str(default_mappings()), mappings)
    load_in = [WSISKG, "import", "stocktaking"]
    build = [WSISKG, "build", "--mappings", mappings, "--out", data, "--allow-synthetic"]
    steps = {
        "import of a clean export": run(*load_in, export(folder, projects), "--mappings", mappings),
        "build": run(*build),
    }
    both = steps.values()
    steps["both"] = Run(sum(r.wall for r in both), sum(r.cpu for r in both), max(r.memory for r in both))
    dump = data / "current/dumps/wsis-kg.nq"
    with dump.open("rb") as lines:
        statements = sum(1 for _ in lines)
    load = run(oxigraph, "load", "--location", folder / "store", "--file", dump)
    more = export(folder, projects + ADDED)
    steps[f"import with {ADDED} projects more"] = run(*load_in, more, "--mappings", mappings)
    steps[f"build with {ADDED} projects more"] = run(*build)
    for name, took in {f"oxigraph load of {statements:,} statements": load, **steps}.items():
        print(f"| {projects:,} | {name} | {took.wall:.1f} | {took.cpu:.1f} | {took.memory:,.0f} "
              f"| {took.wall / load.wall:.2f} |", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--projects", type=positive, nargs="*", default=SIZES)
    parser.add_argument("--peers", type=Path, default=Path(sys.executable).parent, help="directory of oxigraph")
    options = parser.parse_args()
    if not shutil.which("oxigraph", path=options.peers):
        parser.error(f"no oxigraph in {str(options.peers)!r}. Install it: pip install oxigraph")
    print(described("wsiskg", "pyoxigraph", "oxigraph", "polars") + "\n")
    print("| projects | what | s | of the processors | MB at most | times oxigraph load |")
    print("| ---: | --- | ---: | ---: | ---: | ---: |", flush=True)
    for projects in options.projects:
        with tempfile.TemporaryDirectory() as folder:
            measure(projects, options.peers / "oxigraph", Path(folder))


if __name__ == "__main__":
    main()
