"""Growth of evidence counting from a thousand to a million synthetic projects, and of reading one pair.

Run with ``make bench``. Counting happens once a release; a check reads pairs from the index, whatever the size.
"""

import os
import platform
import resource
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from synthetic import synthetic_facts
from wsiskg.evidence.assessments import assessment_triples
from wsiskg.evidence.counts import count_pairs
from wsiskg.evidence.index import FILE, EvidenceIndex, Loaded
from wsiskg.graph.iris import Iris
from wsiskg.resources import default_mappings
from wsiskg.rules.policy import judge, load_policy
from wsiskg.tables.load import load_tables

SIZES = (1_000, 10_000, 100_000, 1_000_000)
RUNS = 5


def main() -> None:
    packages = ", ".join(f"{p} {version(p)}" for p in ("wsiskg", "polars", "scipy", "pyshacl"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {packages}\n")
    tables, iris = load_tables(default_mappings()), Iris()
    policy = load_policy("default", iris)
    links = [(r.text("action_line"), r.text("target")) for r in tables.groups("links")["2015"]]
    print("| projects | pairs | count s | read index s | judge 188 links s | peak memory MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in SIZES:
        facts = synthetic_facts(size, tables)
        start = time.perf_counter()
        pairs = count_pairs(facts)
        counting = time.perf_counter() - start
        index = EvidenceIndex(pairs, Loaded(size, {"synthetic": size}, {}, None, None))
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / FILE).parent.mkdir()
            (Path(folder) / FILE).write_bytes(index.dump())
            reading = statistics.median(_seconds(lambda f=folder: EvidenceIndex.read(Path(f))) for _ in range(RUNS))
        triples = assessment_triples(iris, "2015", links, index, measurements=False)
        judging = statistics.median(_seconds(lambda t=triples: judge(policy, t, iris)) for _ in range(RUNS))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {size:,} | {len(pairs):,} | {counting:.2f} | {reading:.3f} | {judging:.2f} | {memory:,.0f} |")


def _seconds(action: object) -> float:
    start = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
