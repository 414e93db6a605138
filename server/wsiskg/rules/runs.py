"""Runs of pySHACL on parts of large graphs, in processes of their own where there are several."""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

import pyoxigraph as ox
import rdflib

from wsiskg.processes import end_with_parent
from wsiskg.rules.shacl import Result, run_shapes, to_rdflib

__all__ = ["Run", "perform_runs"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of pySHACL.

    Attributes:
        data: N-Triples of all that the shapes may see.
        focus: IRIs of the only nodes to check.

    """

    data: str
    focus: list[str]


def perform_runs(runs: Iterable[Run], shapes: rdflib.Graph, count: int) -> Iterator[list[Result]]:
    """Yield the results of each of ``runs``, in their order; several are worked on at once.

    Args:
        runs: taken one by one, a few ahead of the results.
        shapes: SHACL Core shapes.
        count: number of runs.

    """
    workers = min(count, os.cpu_count() or 1)
    if workers < 2:
        yield from (_perform(run, shapes) for run in runs)
        return
    known = (os.getpid(), shapes.serialize(format="nt"), dict(shapes.namespaces()))
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, known) as pool:
        waiting: deque[Future[list[Result]]] = deque()
        try:
            for run in runs:
                waiting.append(pool.submit(_perform_apart, run))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _perform(run: Run, shapes: rdflib.Graph) -> list[Result]:
    data = to_rdflib(quad.triple for quad in ox.parse(run.data, ox.RdfFormat.N_TRIPLES))
    return run_shapes(data, shapes, run.focus)


_SHAPES: list[rdflib.Graph] = []
"""Of a process that does nothing else: the shapes."""


def _begin(parent: int, shapes: str, namespaces: Mapping[str, str]) -> None:
    end_with_parent(parent)
    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, namespace in namespaces.items():
        graph.bind(prefix, namespace)
    _SHAPES[:] = [graph.parse(data=shapes, format="nt")]


def _perform_apart(run: Run) -> list[Result]:
    return _perform(run, *_SHAPES)
