"""Growth of evidence counting from a thousand to a million synthetic projects, and of reading one pair.

Run with ``make bench``. Counting happens once a release; a check reads pairs from the index, whatever the size. Where
``duckdb`` is installed, the same is counted there over the same flat tables (`counting.sql`), and the numbers compared.
"""

import importlib.util
import resource
import statistics
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import polars as pl

from machine import described
from synthetic import synthetic_facts
from wsiskg.evidence.assessments import assessment_triples
from wsiskg.evidence.counts import count_pairs
from wsiskg.evidence.facts import Facts
from wsiskg.evidence.index import FILE, EvidenceIndex, Loaded
from wsiskg.evidence.measures import PairEvidence
from wsiskg.graph.iris import Iris
from wsiskg.resources import default_mappings
from wsiskg.rules.policy import judge, load_policy
from wsiskg.tables.load import load_tables

SIZES = (1_000, 10_000, 100_000, 1_000_000)
RUNS = 5


def main() -> None:
    beside = ("duckdb",) if importlib.util.find_spec("duckdb") else ()
    print(described("wsiskg", "polars", "scipy", "pyshacl", *beside) + "\n")
    tables, iris = load_tables(default_mappings()), Iris()
    policy = load_policy("default", iris)
    links = [(r.text("action_line"), r.text("target")) for r in tables.groups("links")["2015"]]
    print("| projects | pairs | count s | DuckDB s | read index s | judge 188 links s | peak memory MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
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
        told = f"{in_duckdb(facts, pairs):.2f}" if beside else "–"
        times = f"{counting:.2f} | {told} | {reading:.3f} | {judging:.2f}"
        print(f"| {size:,} | {len(pairs):,} | {times} | {memory:,.0f} |", flush=True)


def in_duckdb(facts: Facts, pairs: Mapping[tuple[str, str], PairEvidence]) -> float:
    """Count in DuckDB, and return the seconds it took; raises if it counts otherwise."""
    import duckdb

    connection = duckdb.connect()
    with tempfile.TemporaryDirectory() as folder:
        for field in fields(facts):
            file, frame = f"{folder}/{field.name}.parquet", getattr(facts, field.name)
            if field.name == "projects":
                frame = frame.with_columns(project=pl.int_range(pl.len(), dtype=pl.UInt32))
            frame.with_columns(pl.col(pl.Enum, pl.Categorical).cast(pl.String)).write_parquet(file)
            connection.read_parquet(file).to_table(field.name)
        start = time.perf_counter()
        connection.execute(Path(__file__).with_name("counting.sql").read_text("utf-8"))
        took = time.perf_counter() - start
        connection.execute(f"COPY counted TO '{folder}/counted.parquet'")
        theirs = pl.read_parquet(f"{folder}/counted.parquet")
    key = ["line", "sdg", "directness", "origin"]
    rows = [
        {"line": line, "sdg": sdg, "directness": directness, "origin": origin, **asdict(measures)}
        for (line, sdg), pair in pairs.items()
        for (directness, origin), measures in pair.sets.items()
    ]
    ours = pl.DataFrame(rows, infer_schema_length=None).select(theirs.columns)
    counts = pl.exclude(key).cast(pl.Int64)
    if not ours.select(*key, counts).sort(key).equals(theirs.select(*key, counts).sort(key)):
        raise SystemExit("DuckDB counts otherwise")
    return took


def _seconds(action: object) -> float:
    start = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
