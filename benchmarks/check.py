"""Cost of checking a file of 200 proposals, and one link, against a thousand to a million synthetic projects.

Run with ``make bench``. Evidence is counted once a release, so a check must cost the same however many projects there
are: the table gives each cost as a ratio to that at 10,000 projects, measured in one run, sizes taken in turn. Times
are of the processor, medians of five, so that other work on the machine counts for little.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from arguments import positive
from machine import described
from synthetic import synthetic_facts, synthetic_submission
from wsiskg.evidence.counts import count_pairs
from wsiskg.evidence.index import FILE, EvidenceIndex, Loaded
from wsiskg.graph.content.matrix import latest_edition
from wsiskg.graph.iris import Iris
from wsiskg.matrix.check import check_pair, check_submission
from wsiskg.matrix.reference import read_reference
from wsiskg.matrix.standing import standing_links
from wsiskg.matrix.workspace import LINKS_ONLY, Workspace
from wsiskg.resources import default_mappings
from wsiskg.rules.policy import load_policy
from wsiskg.tables.load import load_tables

SIZES = (1_000, 10_000, 100_000, 1_000_000)
BASE = 10_000
ROWS = 200
ROUNDS = 5
PAIR = ("C2", "9.c")
PARTS = ("read index", f"check {ROWS} rows", "check one link")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", metavar="PROJECTS", type=positive, nargs="*", default=list(SIZES))
    sizes = parser.parse_args().sizes
    print(described("wsiskg", "pyshacl", "rdflib") + "\n")
    with tempfile.TemporaryDirectory() as folder:
        releases = {size: _release(size, Path(folder)) for size in sizes}
        actions = {size: _actions(release) for size, release in releases.items()}
        for parts in actions.values():  # what only the first check pays for: reading the shapes
            parts[-1]()
        pairs = {size: len(EvidenceIndex.read(release).pairs) for size, release in releases.items()}
        seconds: dict[int, list[list[float]]] = {size: [[] for _ in PARTS] for size in sizes}
        for _ in range(ROUNDS):
            for part in range(len(PARTS)):
                for size in sizes:  # in turn, so that other work on the machine falls on all alike
                    seconds[size][part].append(_seconds(actions[size][part]))
    medians = {size: [statistics.median(runs) for runs in parts] for size, parts in seconds.items()}
    base = medians[BASE if BASE in medians else sizes[0]]
    print("| projects | pairs | " + " | ".join(f"{part} ms | ratio" for part in PARTS) + " |")
    print("| ---: | ---: |" + " ---: |" * (2 * len(PARTS)))
    for size in sizes:
        cells = " | ".join(f"{1000 * s:,.1f} | {s / b:.2f}" for s, b in zip(medians[size], base, strict=True))
        print(f"| {size:,} | {pairs[size]:,} | {cells} |")


def _release(size: int, folder: Path) -> Path:
    """Write the index that a release of ``size`` projects would hold."""
    pairs = count_pairs(synthetic_facts(size, load_tables(default_mappings())))
    release = folder / str(size)
    (release / FILE).parent.mkdir(parents=True)
    index = EvidenceIndex(pairs, Loaded(size, {"synthetic": size}, {}, None, None))
    (release / FILE).write_bytes(index.dump())
    return release


def _actions(release: Path) -> tuple[Callable[[], object], ...]:
    iris, tables = Iris(), load_tables(default_mappings(), LINKS_ONLY)
    policy, submission, latest = (
        load_policy("default", iris),
        synthetic_submission(ROWS, tables),
        latest_edition(tables),
    )
    standing = standing_links(tables, latest)
    workspace = Workspace(
        tables, read_reference(tables), latest, standing, EvidenceIndex.read(release), "synthetic", iris
    )
    return (
        lambda: EvidenceIndex.read(release),
        lambda: check_submission(submission, workspace, policy, edition="2023", hlpf="2023"),
        lambda: check_pair(*PAIR, workspace, policy),
    )


def _seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


if __name__ == "__main__":
    main()
