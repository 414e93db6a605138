"""Structural validation of invented projects: one run of pySHACL over the whole graph beside the screened way.

Usage: ``python benchmarks/shapes.py [PROJECTS...] [--release DIR] [--screened]``: of releases built here (10,000
projects if none are given), or of one that is built already. Each way runs in a process of its own on the statements of
the release, and the reports are compared. ``--screened`` leaves out the run over the whole graph. Prints Markdown.
"""

import argparse
import json
import multiprocessing
import multiprocessing.connection
import resource
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from arguments import positive
from machine import described
from registers import REGISTER, synthetic_register
from wsiskg.build import build
from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.iris import Iris
from wsiskg.graph.spans import Span
from wsiskg.model.problems import Problem
from wsiskg.resources import default_mappings
from wsiskg.rules.decide import decide
from wsiskg.rules.shacl import load_shapes, problems_of, run_shapes, to_rdflib
from wsiskg.tables.load import load_tables

SEED = 2015
WAYS = ("screened", "whole")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way took: seconds of processors and of the clock, most memory in MB; and its report."""

    processor: float
    clock: float
    memory: int
    problems: list[Problem]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("projects", type=positive, nargs="*", default=[10_000])
    parser.add_argument("--release", type=Path, help="directory of a release that is built already")
    parser.add_argument("--screened", action="store_true", help="without the run of pySHACL over the whole graph")
    given = parser.parse_args()
    if given.release and not (given.release / "manifest.json").is_file():
        parser.error(f"no release in {str(given.release)!r}: it has no manifest.json")
    print(described("wsiskg", "pyshacl", "rdflib", "polars") + "\n")
    print("| projects | statements | way | processor s | clock s | memory MB | problems | ratio | report |")
    print("| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | --- |")
    if given.release:
        compare(given.release, screened=given.screened)
        return
    for projects in given.projects:
        with tempfile.TemporaryDirectory() as folder:
            compare(released(projects, Path(folder)), screened=given.screened)


def released(projects: int, folder: Path) -> Path:
    """Build a release of the bundled tables and a register of invented projects; return its directory."""
    shutil.copytree(default_mappings(), folder / "mappings")  # type: ignore[call-overload]
    register = folder / "mappings/evidence" / REGISTER
    register.mkdir()
    for name, frame in synthetic_register(projects, SEED, load_tables(default_mappings())).items():
        frame.write_csv(register / f"{name}.csv")
    return build(folder / "mappings", folder / "data", Iris(), synthetic=True).release.path


def compare(release: Path, *, screened: bool) -> None:
    """Validate a release both ways, and print a row for each."""
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    graphs = {iri: entry for iri, entry in manifest["graphs"].items() if iri.startswith(manifest["base"])}
    checked = {iri: graphs[iri]["ranges"]["wsis-kg.nq"] for iri in graphs if "/graph/evidence/" not in iri}
    projects = f"{manifest['counts']['classes']['Project']:,}"
    statements = f"{sum(graphs[iri]['triples'] for iri in checked):,}"
    context = multiprocessing.get_context("spawn")
    costs: dict[str, Cost] = {}
    for way in WAYS[: 1 if screened else None]:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=measure, args=(theirs, way, release / "dumps/wsis-kg.nq", checked))
        process.start()
        costs[way] = ours.recv()
        process.join()
    for way, cost in costs.items():
        ratio = f"{costs['whole'].processor / cost.processor:.1f}" if "whole" in costs else ""
        report = ("equal" if cost.problems == costs["whole"].problems else "NOT EQUAL") if "whole" in costs else ""
        figures = f"{cost.processor:,.1f} | {cost.clock:,.1f} | {cost.memory:,} | {len(cost.problems):,} | {ratio}"
        print(f"| {projects} | {statements} | {way} | {figures} | {report} |", flush=True)


def measure(sending: multiprocessing.connection.Connection, way: str, file: Path, ranges: dict[str, list[int]]) -> None:
    """Validate in one way, reading included, and send what it cost."""
    graphs = [Statements.read(NamedNode(iri), Span(file, *place).read) for iri, place in ranges.items()]
    shapes = load_shapes(Iris(), "structure")
    started, clock = _processor(), time.perf_counter()
    if way == "screened":
        results = decide(graphs, shapes).results
    else:
        results = run_shapes(to_rdflib(triple for graph in graphs for triple in graph), shapes)
    problems = problems_of(results, {})
    clock, processor = time.perf_counter() - clock, _processor() - started
    peak = next(line for line in Path("/proc/self/status").read_text("ascii").splitlines() if line.startswith("VmHWM"))
    most = int(peak.split()[1]) * 1024
    sending.send(Cost(processor, clock, most // 1_000_000, problems))


def _processor() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
