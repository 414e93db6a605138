"""The build: tables -> named graphs -> evidence -> validation -> release, in that order and all or nothing.

The one module that calls the rooms one after the other; it stands between ``rules`` and ``matrix``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path

from wsiskg.beside import Beside, Step
from wsiskg.graph.content.dataset import build_dataset
from wsiskg.graph.content.matrix import latest_edition
from wsiskg.graph.draft import Base, Counted, draft_release
from wsiskg.graph.iris import Iris
from wsiskg.graph.journal import recover
from wsiskg.graph.parts import read_parts
from wsiskg.graph.release import Release, check_files, current_release, open_store, switch, writer_lock, writing_below
from wsiskg.graph.serialise import form_digest
from wsiskg.graph.sources import overlay_triples
from wsiskg.graph.writing import begin_release, write_release
from wsiskg.model.errors import ReleaseError
from wsiskg.model.problems import Problem
from wsiskg.processes import without_collector
from wsiskg.rules.policy import Policy, load_policy
from wsiskg.rules.validation import Validation
from wsiskg.tables.load import load_tables, refuse_synthetic
from wsiskg.tables.rows import Tables

__all__ = ["Built", "build"]

_GROWTH = 2.0


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
    *,
    synthetic: bool = False,
    anew: bool = False,
) -> Built:
    """Build a release from the tables in ``mappings`` and make it current below ``data``.

    What did not change since the current release is taken from it: its parts of dumps, and its statements in the store.

    Args:
        mappings: directory of tables.
        data: directory of releases.
        iris: IRIs to build with.
        step: called with the name of each step as it begins.
        policy: evidence policy that statuses follow from: a shipped one's name, or a file.
        synthetic: build from invented projects too, which are refused otherwise.
        anew: take nothing from the current release.

    Raises:
        ViolationError: the tables or the graph broke rules; the previous release stays.
        UsageError: a directory cannot be read or written, or the policy is unusable.

    """
    evidence_policy = load_policy(policy, iris)  # an unusable one is told at once
    with writer_lock(data), without_collector():
        recover(data)
        step("Reading tables")
        base = None if anew else _base(data, iris)
        with Beside("base", partial(_undamaged, base)) as checked:
            tables = load_tables(mappings)
            if not synthetic:
                refuse_synthetic(tables)
            dataset = build_dataset(tables, iris, overlay_triples(data))
            base = checked.result()
        step("Validating, counting evidence, writing the release")
        validation = Validation()
        told = partial(validation.begin, dataset, base)
        if base is None:
            validation.begin(dataset)  # it needs nothing of what is written meanwhile, and neither does evidence
        try:
            with begin_release(data, load=base is None or _grown(tables, base)) as beginning:
                with Beside("evidence", partial(_evidence, tables, iris, evidence_policy)) as evidence:
                    draft = draft_release(dataset, tables, base, data, beginning, evidence.result, told)
                # Of a million projects, these take as much memory as all that follows.
                del tables, dataset, evidence, told
                release = write_release(draft, data, validation.approve)
            with writing_below(data):
                validation.keep(release)
        finally:
            validation.stop()
        switch(data, release)
    return Built(release, validation.problems)


def _base(data: Path, iris: Iris) -> Base | None:
    """Return the current release, if this version built it with the same IRIs."""
    try:
        release = current_release(data)
        if release.iris != iris or release.manifest.get("form") != form_digest(iris) or release.plain:
            return None
        open_store(release)
    except ReleaseError:
        return None
    return Base(release, read_parts(release))


def _undamaged(base: Base | None, step: Step) -> Base | None:
    try:
        if base:
            check_files(base.release, step)
    except ReleaseError:
        return None
    return base


def _grown(tables: Tables, base: Base) -> bool:
    """Whether there are so many rows more than before that the store will be loaded anew, which can begin at once."""
    before = sum(int(source["rows"]) for source in base.release.manifest["sources"])
    return sum(table.count for table in tables.tables) > _GROWTH * before


def _evidence(tables: Tables, iris: Iris, policy: Policy, step: Step) -> Counted:
    """Return the evidence graph of every edition, the tallies, and the index for the release."""
    from wsiskg.evidence.facts import facts_from_tables
    from wsiskg.evidence.index import FILE, EvidenceIndex
    from wsiskg.evidence.tallies import tally_triples
    from wsiskg.rules.status import evidence_graph

    facts = facts_from_tables(tables)
    index = EvidenceIndex.of(facts, step)
    latest = latest_edition(tables)
    graphs = {}
    for edition in tables.groups("links"):
        step()
        found = evidence_graph(iris, edition, tables, index, policy, with_candidates=edition == latest)
        graphs[iris.graph("evidence", edition)] = frozenset(found)
    step()
    graphs[iris.graph("tallies")] = frozenset(tally_triples(iris, tables, facts))
    return graphs, {FILE: index.dump()}
