"""The build: tables -> named graphs -> evidence -> validation -> release, in that order and all or nothing.

The one module that calls the rooms one after the other; it stands between ``rules`` and ``matrix``.
"""

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from multiprocessing.connection import Connection
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from wsiskg.graph.dataset import Dataset, build_dataset
from wsiskg.graph.draft import draft_release, write_release
from wsiskg.graph.iris import Iris
from wsiskg.graph.journal import recover
from wsiskg.graph.matrix import latest_edition
from wsiskg.graph.release import Release, switch, writer_lock
from wsiskg.graph.sources import overlay_triples
from wsiskg.model.errors import ViolationError, WsiskgError
from wsiskg.model.problems import Problem, Severity
from wsiskg.processes import end_with_parent
from wsiskg.tables.load import load_tables
from wsiskg.tables.rows import Tables

__all__ = ["Built", "build"]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: the release, and the warnings it was made with."""

    release: Release
    problems: tuple[Problem, ...]


def build(
    mappings: Traversable,
    data: Path,
    iris: Iris,
    step: Callable[[str], None] = lambda _: None,
    policy: str = "default",
) -> Built:
    """Build a release from the tables in ``mappings`` and make it current below ``data``.

    Args:
        mappings: directory of tables.
        data: directory of releases.
        iris: IRIs to build with.
        step: called with the name of each step as it begins.
        policy: evidence policy that statuses follow from: a shipped one's name, or a file.

    Raises:
        ViolationError: the tables or the graph broke rules; the previous release stays.
        UsageError: a directory cannot be read or written, or the policy is unusable.

    """
    with writer_lock(data):
        recover(data)
        step("Reading tables")
        tables = load_tables(mappings)
        dataset = build_dataset(tables, iris, overlay_triples(data))
        step("Validating, counting evidence, writing the release")
        # Validation takes about as long as everything after it, and needs nothing of it: it runs beside.
        verdict = _Verdict(dataset)
        try:
            graphs, files = _evidence(tables, iris, policy)
            full = Dataset(iris, {**dataset.graphs, **graphs}, dataset.origins)
            release = write_release(draft_release(full, tables, files), data, verdict.approve)
        finally:
            verdict.stop()
        switch(data, release)
    return Built(release, verdict.problems)


def _evidence(
    tables: Tables, iris: Iris, policy_name: str
) -> tuple[dict[NamedNode, frozenset[Triple]], dict[str, bytes]]:
    """Return the evidence graph of every edition, and the index for the release."""
    from wsiskg.evidence.index import FILE, EvidenceIndex
    from wsiskg.rules.policy import load_policy
    from wsiskg.rules.status import evidence_graph

    index, policy = EvidenceIndex.count(tables), load_policy(policy_name, iris)
    latest = latest_edition(tables)
    graphs = {
        iris.graph("evidence", edition): frozenset(
            evidence_graph(iris, edition, tables, index, policy, with_candidates=edition == latest)
        )
        for edition in tables.groups("links")
    }
    return graphs, {FILE: index.dump()}


class _Verdict:
    """Structural validation of a dataset in a process of its own."""

    def __init__(self, dataset: Dataset) -> None:
        self.problems: tuple[Problem, ...] = ()
        self._done = False
        receiving, sending = multiprocessing.Pipe(duplex=False)
        # A fork shares the dataset without copying it; nothing with threads of its own has started yet.
        self._process = multiprocessing.get_context("fork").Process(
            target=_validate, args=(dataset, sending, os.getpid())
        )
        self._process.start()
        sending.close()
        self._receiving = receiving

    def approve(self) -> None:
        """Wait for the verdict.

        Raises:
            ViolationError: the dataset breaks structural shapes.
            WsiskgError: the process was ended from outside.

        """
        if not self._done:
            self._done = True
            try:
                found = self._receiving.recv()
            except EOFError as error:
                raise WsiskgError(
                    "the validation ended without a verdict", "Build again, with more memory if it was used up."
                ) from error
            if isinstance(found, BaseException):
                raise found
            self.problems = tuple(found)
        violations = [p for p in self.problems if p.severity is Severity.VIOLATION]
        if violations:
            raise ViolationError(
                f"{len(violations)} violation(s) of the structural shapes",
                self.problems,
                "Correct them and build again.",
            )

    def stop(self) -> None:
        """End the process, whether or not its verdict was asked for."""
        self._process.kill()
        self._process.join()


def _validate(dataset: Dataset, sending: Connection, parent: int) -> None:
    end_with_parent(parent)  # or this process would go on holding the lock of a build that was killed
    from wsiskg.rules.check import check_dataset

    try:
        sending.send(check_dataset(dataset))
    except Exception as error:  # handed to the parent, which raises it
        sending.send(error)
