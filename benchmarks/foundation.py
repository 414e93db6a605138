"""Time of the bundled build, of the first answer after `serve`, and of `wsiskg --help`; medians of several runs.

Run with ``make bench``. Prints a Markdown table; the machine and the versions stand above it.
"""

import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from machine import described

RUNS = 5
COMMAND = [str(Path(sys.executable).with_name("wsiskg"))]


def timed(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([*COMMAND, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def first_answer(data: str) -> float:
    """Seconds from starting `serve` to its first answer to a query."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}/queries/matrix-size?format=csv"
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, "serve", "--data", data, "--port", str(port)], stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                with urllib.request.urlopen(address) as answer:
                    assert answer.status == 200
                    return time.perf_counter() - start
            except OSError:
                time.sleep(0.01)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    print(described("wsiskg", "pyoxigraph", "rdflib", "pyshacl", "fastapi") + "\n")
    with tempfile.TemporaryDirectory() as folder:
        rows = {
            "bundled build, new directory": [timed(["build", "--out", f"{folder}/{i}"]) for i in range(RUNS)],
            "serve, start to first answer": [first_answer(f"{folder}/0") for _ in range(RUNS)],
            "query matrix-size": [timed(["query", "matrix-size", "--data", f"{folder}/0"]) for _ in range(RUNS)],
            "--help": [timed(["--help"]) for _ in range(RUNS)],
        }
    print("| what | median s | min s | max s |\n| --- | ---: | ---: | ---: |")
    for name, seconds in rows.items():
        print(f"| {name} | {statistics.median(seconds):.2f} | {min(seconds):.2f} | {max(seconds):.2f} |")


if __name__ == "__main__":
    main()
