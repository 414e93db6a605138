"""Publish an edition: a new folder of tables and a new release, both or neither.

The new release takes over everything but the edition and what follows from it, so that publishing does not cost more
as projects grow. It is the same, byte for byte, as a build of the same tables makes.
"""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Triple

from wsiskg.evidence.index import FILE
from wsiskg.graph.content.dataset import Dataset, build_dataset
from wsiskg.graph.content.matrix import previous_edition
from wsiskg.graph.content.registers import register_graph
from wsiskg.graph.draft import Base, Draft, draft_release
from wsiskg.graph.iris import Iris
from wsiskg.graph.journal import Change as Entry
from wsiskg.graph.journal import commit, folder_digest, recover, workspace_lock
from wsiskg.graph.parts import read_parts
from wsiskg.graph.release import Release, current_release, writer_lock
from wsiskg.graph.sources import overlay_triples
from wsiskg.graph.writing import write_release
from wsiskg.matrix.editions import EditionDiff, diff_editions
from wsiskg.matrix.proposals import Submission
from wsiskg.matrix.publishing.admission import admit
from wsiskg.matrix.publishing.attribution import as_proposed
from wsiskg.matrix.publishing.messages import REMEDY
from wsiskg.matrix.publishing.order import Order, require_order, require_texts
from wsiskg.matrix.publishing.succession import Imprint, Succession, folder_files, succeed
from wsiskg.matrix.records import diff_record, report_record, withheld_record
from wsiskg.matrix.report import CheckReport
from wsiskg.matrix.workspace import Workspace, workspace_of
from wsiskg.model.errors import UsageError, ViolationError
from wsiskg.model.problems import Problem
from wsiskg.resources import is_packaged
from wsiskg.rules.policy import load_policy
from wsiskg.rules.status import evidence_graph, verdicts
from wsiskg.rules.validation import Validation
from wsiskg.tables.load import Reading, check_tables, load_tables
from wsiskg.tables.rows import Tables

__all__ = ["RECORD", "Published", "publish"]

RECORD = "record"
"""Folder of an edition that keeps what it was published with: the check, the changes, the policy, what was left out."""


@dataclass(frozen=True, slots=True)
class Published:
    """The outcome; of a dry run, what it would be.

    Attributes:
        edition: code of the new edition.
        folder: where its tables stand.
        report: the check of the proposals.
        diff: what changes against the edition before.
        problems: what the check and the publication say, none of it a violation.
        release: the release that is current now; None after a dry run.
        release_id: its id, known beforehand.

    """

    edition: str
    folder: Path
    report: CheckReport
    diff: EditionDiff
    problems: tuple[Problem, ...]
    release: Release | None
    release_id: str


def publish(
    submission: Submission,
    workspace: Path,
    data: Path,
    order: Order,
    *,
    dry_run: bool = False,
    expected: str = "",
    step: Callable[[str], None] = lambda _: None,
) -> Published:
    """Publish an edition from proposals, all or nothing.

    Args:
        submission: the proposals as read.
        workspace: directory of tables, shaped like ``mappings/``.
        data: directory of releases; its current one was built from these tables.
        order: what is published, by whom, and on what terms.
        dry_run: work everything out and write nothing.
        expected: id of the release that a dry run promised; any other is refused.
        step: called with the name of each step as it begins.

    Raises:
        UsageError: the order does not fit, the tables are not those of the release, or a directory cannot be written.
        ViolationError: the proposals break rules, or lack evidence and nobody upholds them.
        ReleaseError: there is no complete release.

    """
    require_texts(submission, order)
    if dry_run:
        plan = _plan(submission, workspace, data, order, step)
        validation = Validation(REMEDY)
        validation.begin(plan.validated)
        _approve(validation, plan)
        return plan.outcome(None)
    if is_packaged(workspace):
        raise UsageError(
            f"'{workspace}' belongs to the installed program, and an update would overwrite it",
            f"Copy it to a directory of your own (cp -r '{workspace}' mappings), build from that, and name it with "
            "--mappings.",
        )
    with writer_lock(data):
        recover(data)
        with workspace_lock(workspace):
            plan = _plan(submission, workspace, data, order, step)
            if expected and plan.draft.id != expected:
                raise UsageError("something has changed since it was tried", "Try again, and look at the changes.")
            step("Writing and validating")
            validation = Validation(REMEDY)
            validation.begin(plan.validated)

            def write() -> Release:
                return write_release(plan.draft, data, lambda: _approve(validation, plan))

            entry = Entry(
                workspace=str(workspace.resolve()),
                folder=f"matrix/{order.edition}",
                digest=folder_digest(plan.files),
                release=plan.draft.id,
                existed=(data / "releases" / plan.draft.id).exists(),
            )
            try:
                return plan.outcome(commit(data, entry, plan.files, write))
            finally:
                validation.stop()


@dataclass(frozen=True, slots=True)
class _Plan:
    """Everything worked out, nothing written."""

    folder: Path
    order: Order
    report: CheckReport
    succession: Succession
    diff: EditionDiff
    problems: tuple[Problem, ...]
    files: Mapping[str, bytes]
    draft: Draft
    validated: Dataset

    def outcome(self, release: Release | None) -> Published:
        """Return what the caller sees."""
        return Published(self.order.edition, self.folder, self.report, self.diff, self.problems, release, self.draft.id)


def _plan(submission: Submission, place: Path, data: Path, order: Order, step: Callable[[str], None]) -> _Plan:
    step("Reading tables")
    base = current_release(data)
    iris = base.iris
    tables = _same_tables(place, data, base)
    workspace = workspace_of(tables, base, iris)
    require_order(order, workspace)
    policy = load_policy(order.policy, iris)
    step("Checking the proposals")
    report, problems = admit(submission, workspace, policy, order)
    imprint = Imprint(
        edition=order.edition,
        before=workspace.latest,
        hlpf=order.hlpf,
        by=order.by,
        role=order.role,
        agency=order.agency,
        on=order.on.isoformat(),
        input_name=submission.name,
        input_sha256=submission.digest,
        release=base.id,
    )
    step("Working out the edition")
    succession = succeed(tables, report.links, imprint, workspace.index, policy, iris)
    rows = folder_files(tables, workspace.latest, succession.rows)
    after = _load(place, base, order.edition, rows, succession)
    pairs = [link.proposal.pair for link in report.links]
    now = verdicts(iris, order.edition, workspace.index, pairs, policy)
    diff = diff_editions(after, workspace.latest, order.edition, now)
    record = {
        f"{RECORD}/report.json": _json(report_record(report)),
        f"{RECORD}/diff.json": _json(diff_record(diff)),
        f"{RECORD}/policy.shapes.ttl": policy.text.encode(),
    }
    if submission.withheld:
        record[f"{RECORD}/withheld.json"] = _json([withheld_record(withheld) for withheld in submission.withheld])
    draft, validated = _draft(after, data, base, workspace, order.edition)
    folder = place / "matrix" / order.edition
    return _Plan(folder, order, report, succession, diff, problems, {**rows, **record}, draft, validated)


def _same_tables(place: Path, data: Path, base: Release) -> Tables:
    """Load the tables, the registers unread, and refuse them unless ``base`` was built from the same."""
    tables = load_tables(place, Reading(unread=_unread(base)))
    built = {source["file"]: source["sha256"] for source in base.manifest["sources"]}
    found = {table.title: table.digest for table in tables.tables}
    if other := sorted(name for name in built.keys() | found.keys() if built.get(name) != found.get(name)):
        shown = ", ".join(other[:3]) + (f" and {len(other) - 3} more" if len(other) > 3 else "")
        raise UsageError(
            f"the tables in '{place}' are not those that release {base.id} was built from: {shown}",
            f"Build first: wsiskg build --mappings '{place}' --out '{data}'",
        )
    return tables


def _unread(base: Release) -> Mapping[str, int]:
    """Return the tables of the registers with their numbers of rows, as the release counted them."""
    sources: list[Mapping[str, Any]] = base.manifest["sources"]
    names = {str(s["file"]).removeprefix("mappings/"): int(s["rows"]) for s in sources}
    return {name: rows for name, rows in names.items() if name.startswith("evidence/")}


def _load(place: Path, base: Release, edition: str, files: Mapping[str, bytes], succession: Succession) -> Tables:
    """Read the new edition together with all that is published."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        for name, content in files.items():
            out.writestr(f"{edition}/{name}", content)
    folder = zipfile.Path(zipfile.ZipFile(archive), f"{edition}/")
    reading = Reading(unread=_unread(base), beside={f"matrix/{edition}": folder})
    tables, problems = check_tables(place, reading)
    if problems:
        raise ViolationError(
            f"{len(problems)} problem(s) in the edition, so nothing was published",
            as_proposed(problems, succession, edition),
            REMEDY,
        )
    return tables


def _draft(tables: Tables, data: Path, base: Release, workspace: Workspace, edition: str) -> tuple[Draft, Dataset]:
    """Work out the release, and what of it is to be validated: all but the registers and what they made."""
    iris = base.iris
    dataset = build_dataset(tables, iris, overlay_triples(data))
    before = previous_edition(tables, edition)
    policy = load_policy("default", iris)  # that of every release; a frozen edition keeps its own statuses
    evidence = {
        iris.graph("evidence", code): frozenset(
            evidence_graph(iris, code, tables, workspace.index, policy, with_candidates=code == edition)
        )
        for code in (before, edition)  # the one before loses its candidates, older ones had none
    }
    kept = {register_graph(iris, code) for code in tables.groups("projects")}
    kept |= {iris.graph("evidence", code) for code in tables.groups("links") if code < before}
    kept.add(iris.graph("tallies"))
    whole = Dataset(iris, {**dataset.graphs, **evidence}, dataset.origins)
    draft = draft_release(whole, tables, Base(base, read_parts(base), frozenset(kept), (FILE,)), data)
    _require_same_graphs(draft, edition, before)
    assessed = _assessments(evidence[iris.graph("evidence", edition)], iris)
    graphs = {**dataset.graphs, iris.graph("evidence", edition): assessed}
    return draft, Dataset(iris, graphs, dataset.origins)


def _require_same_graphs(draft: Draft, edition: str, before: str) -> None:
    """Raise UsageError if more would change than an edition changes: a source was overlaid since the last build."""
    names = [("matrix", edition), ("current",), ("provenance",), ("evidence", edition), ("evidence", before)]
    expected = {draft.iris.graph(*name).value for name in names}
    if other := sorted(draft.texts.keys() - expected):
        raise UsageError(
            f"the release would change in more than the edition: {', '.join(other)}", "Build first: wsiskg build"
        )


def _assessments(evidence: frozenset[Triple], iris: Iris) -> frozenset[Triple]:
    """Return what is said of links, without candidates and without projects, which only a build validates."""
    candidate, example = iris.resource("candidate", "").value, iris.term("example")
    return frozenset(
        triple
        for triple in evidence
        if isinstance(triple.subject, NamedNode)
        and not triple.subject.value.startswith(candidate)
        and triple.predicate != example
    )


def _approve(validation: Validation, plan: _Plan) -> None:
    try:
        validation.approve()
    except ViolationError as error:
        moved = as_proposed(error.problems, plan.succession, plan.order.edition)
        raise ViolationError(error.message, moved, error.remedy) from error


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
