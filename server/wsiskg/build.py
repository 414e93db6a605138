"""The build: tables -> named graphs -> structural validation -> release, in that order and all or nothing.

The one module that calls the rooms one after the other; it stands between ``rules`` and ``matrix``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from wsiskg.graph.dataset import build_dataset
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release, switch, write_release, writer_lock
from wsiskg.graph.sources import overlay_triples
from wsiskg.model.errors import ViolationError
from wsiskg.model.problems import Problem, Severity
from wsiskg.rules.check import check_dataset
from wsiskg.tables.load import load_tables

__all__ = ["Built", "build"]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build: the release, and the warnings it was made with."""

    release: Release
    problems: tuple[Problem, ...]


def build(mappings: Traversable, data: Path, iris: Iris, step: Callable[[str], None] = lambda _: None) -> Built:
    """Build a release from the tables in ``mappings`` and make it current below ``data``.

    Args:
        mappings: directory of tables.
        data: directory of releases.
        iris: IRIs to build with.
        step: called with the name of each step as it begins.

    Raises:
        ViolationError: the tables or the graph broke rules; the previous release stays.
        UsageError: a directory cannot be read or written.

    """
    with writer_lock(data):
        step("Reading tables")
        tables = load_tables(mappings)
        dataset = build_dataset(tables, iris, overlay_triples(data))
        step("Validating")
        problems = check_dataset(dataset)
        violations = [p for p in problems if p.severity is Severity.VIOLATION]
        if violations:
            raise ViolationError(
                f"{len(violations)} violation(s) of the structural shapes", problems, "Correct them and build again."
            )
        step("Writing the release")
        release = write_release(dataset, tables, data)
        switch(data, release)
    return Built(release, tuple(problems))
