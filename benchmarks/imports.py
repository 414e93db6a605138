"""How well dirty exports are read: precision and recall of countries, action lines, SDGs and duplicates; time, memory.

Run with ``make bench``, or ``python benchmarks/imports.py [PROJECTS]``. The exports are synthetic (``dirty.py``), their
truth is known. Prints Markdown tables; the first one stands in ``docs/import.md``.
"""

import argparse
import csv
import itertools
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from arguments import positive
from dirty import PRIZES, STOCKTAKING, TRUTH
from machine import described
from wsiskg.imports.fields import Kind
from wsiskg.imports.importing import Order, import_files
from wsiskg.imports.report import Report
from wsiskg.resources import default_mappings

PROJECTS, SEED = 10_000, 2015
FIELDS = {"country": "countries", "action line": "action_lines", "SDG": "sdgs"}
Score = tuple[int, int, int]
"""Right, read, true."""


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from csv.DictReader(handle)


def score(read: Iterable[object], true: Iterable[object]) -> Score:
    read, true = set(read), set(true)
    return len(read & true), len(read), len(true)


def measure(folder: Path, root: Path) -> Mapping[str, Score]:
    """Hold the records kept below ``root`` against the truth in ``folder``."""
    truth = {(r["file"], r["id"]): r for r in rows_of(folder / TRUTH) if not r["fault"]}
    kept = {(r["source_title"], r["given_id"]): r for r in rows_of(root / "imports/records.csv")}
    scores: dict[str, Score] = {}
    for name, column in FIELDS.items():
        read, true = [], []
        for key, said in truth.items():
            record = kept[key]
            values = set(filter(None, record[column].split(";")))
            if record["kind"] == Kind.PRIZES.value and column == "action_lines":
                values = {record["category"]} - {""}
            read += [(key, value) for value in values]
            true += [(key, value) for value in filter(None, said[column].split(";"))]
        scores[name] = score(read, true)
    found = pairs((r["project"], key) for key, r in kept.items())
    real = pairs((r["project"], key) for key, r in truth.items())
    scores["duplicates, by rule"] = score(found, real)
    project = {r["record"]: truth[r["source_title"], r["given_id"]]["project"] for r in kept.values()}
    waiting = [(r["first"], r["second"]) for r in rows_of(root / "imports/decisions.csv") if r["verdict"] == "open"]
    names = {r["record"]: key for key, r in kept.items()}
    right = {frozenset((names[a], names[b])) for a, b in waiting if project[a] == project[b]}
    scores["duplicates, with those shown to a person"] = score(found | right, real)
    return scores


def pairs(members: Iterable[tuple[str, object]]) -> set[frozenset[object]]:
    """Return the pairs of records that are of one project."""
    groups: defaultdict[str, list[object]] = defaultdict(list)
    for project, member in members:
        groups[project].append(member)
    return {frozenset(pair) for group in groups.values() for pair in itertools.combinations(group, 2)}


def imported(folder: Path, root: Path) -> list[Report]:
    """Import both exports into a copy of the bundled tables without their projects."""
    shutil.copytree(default_mappings(), root)
    for register in (root / "evidence").iterdir():
        if register.is_dir():
            shutil.rmtree(register)
    rejects = folder / "rejects.xlsx"
    return [
        import_files(Order(kind, [folder / file], root, as_of="2026-01-01", rejects=rejects))
        for kind, file in ((Kind.STOCKTAKING, STOCKTAKING), (Kind.PRIZES, PRIZES))
    ]


def table(scores: Mapping[str, Score]) -> str:
    lines = ["| what | precision | recall | values read | true values |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, (right, read, true) in scores.items():
        lines.append(f"| {name} | {right / max(read, 1):.3f} | {right / max(true, 1):.3f} | {read:,} | {true:,} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("projects", metavar="PROJECTS", type=positive, nargs="?", default=PROJECTS)
    projects = parser.parse_args().projects
    print(described("wsiskg", "rapidfuzz", "babel", "pycountry", "ijson") + "\n")
    with tempfile.TemporaryDirectory() as place:
        folder, root = Path(place) / "exports", Path(place) / "mappings"
        # In a process of its own, whose memory is not that of the import.
        generate = [sys.executable, str(Path(__file__).with_name("generate.py")), str(folder), "--dirty"]
        subprocess.run([*generate, "--projects", str(projects), "--seed", str(SEED)], check=True)
        start = time.process_time()
        reports = imported(folder, root)
        seconds = time.process_time() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{projects:,} invented projects, seed {SEED}\n\n{table(measure(folder, root))}\n")
        print("| export | read | added | updated | unchanged | merged | rejected |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        for report in reports:
            c = report.counts
            print(f"| {report.kind} | {c.read:,} | {c.added:,} | {c.updated:,} | {c.unchanged:,} | {c.merged:,} "
                  f"| {c.rejected:,} |")  # fmt: skip
        read = sum(r.counts.read for r in reports)
        print(f"\n{seconds:.0f} s of processor time ({1000 * seconds / read:.2f} ms a row), {memory:.0f} MB at most")


if __name__ == "__main__":
    main()
