"""What a process apart does to publish an edition: read the proposals, check them, write tables and release."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

from wsiskg.graph.iris import Iris
from wsiskg.matrix.decide import Choice, decide
from wsiskg.matrix.publishing.order import Order, read_overrides
from wsiskg.matrix.publishing.publish import publish
from wsiskg.matrix.reading.submission import read_submission
from wsiskg.matrix.records import diff_record, problem_record, withheld_record
from wsiskg.matrix.workspace import LINKS_ONLY
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import LANGUAGES
from wsiskg.rules.policy import SHIPPED
from wsiskg.settings import Settings
from wsiskg.tables.load import load_tables
from wsiskg.web.proposals.checking import limits_of, mappings_of
from wsiskg.web.proposals.uploads import Upload
from wsiskg.web.work.apart import Reply, Step

__all__ = ["FIELDS", "PublishOrder", "publish_file", "read_publish_order"]

FIELDS = frozenset({"edition", "hlpf", "role", "agency", "policy", "override", "dry_run", "lang"})
"""Names of the parameters of a publication."""


@dataclass(frozen=True, slots=True)
class PublishOrder:
    """What is to be published, and whether it is only tried.

    Attributes:
        order: on what terms.
        dry_run: whether nothing is to be written.
        choices: what was decided on single proposals, by their place in the file.
        expected: id of the release that a trial promised, empty if there was none.

    """

    order: Order
    dry_run: bool
    choices: Mapping[int, Choice] = field(default_factory=dict)
    expected: str = ""


def read_publish_order(upload: Upload, by: str) -> PublishOrder:
    """Read what a request asks to be published, by the holder of the token ``by``.

    Raises:
        UsageError: a parameter is missing, or has a value that does not exist.

    """
    for name in ("edition", "hlpf", "role", "agency"):
        if not upload.field(name):
            raise UsageError(f"the parameter '{name}' is missing", "Send edition, hlpf, role and agency.")
    policy, dry_run = upload.field("policy", "default"), upload.field("dry_run", "no")
    # Over HTTP a policy is never a file: its name would be a path of this machine.
    for name, value, known in (
        ("policy", policy, tuple(SHIPPED)),
        ("dry_run", dry_run, ("yes", "no")),
        ("lang", upload.field("lang", "en"), LANGUAGES),
    ):
        if value not in known:
            raise UsageError(f"{name}: there is no '{value}'", f"Known: {', '.join(known)}.")
    order = Order(
        edition=upload.field("edition"),
        hlpf=upload.field("hlpf"),
        by=by,
        role=upload.field("role"),
        agency=upload.field("agency"),
        on=datetime.now(UTC).date(),
        policy=policy,
        overrides=read_overrides(upload.fields.get("override", ()), "override"),
    )
    return PublishOrder(order, dry_run == "yes")


def publish_file(name: str, data: bytes, asked: PublishOrder, settings: Settings, step: Step) -> Reply:
    """Publish an edition and say what changed; 201 with its address, 200 for a trial.

    Raises:
        WsiskgError: it was refused, see `wsiskg.matrix.publishing.publish.publish`.

    """
    mappings = mappings_of(settings)
    limits = limits_of(settings)
    iris = Iris(settings.base)
    step("Reading the file")
    submission = read_submission(data, name, load_tables(mappings, LINKS_ONLY), limits, iris)
    submission = decide(submission, asked.choices)
    done = publish(
        submission, mappings, settings.data, asked.order, dry_run=asked.dry_run, expected=asked.expected, step=step
    )
    document = {
        "edition": done.edition,
        "release": done.release_id,
        "published": done.release is not None,
        "diff": diff_record(done.diff),
        "problems": [problem_record(problem) for problem in done.problems],
        "withheld": [withheld_record(withheld) for withheld in submission.withheld],
    }
    status = HTTPStatus.OK if done.release is None else HTTPStatus.CREATED
    headers = {"X-Dataset-Version": done.release_id}
    if done.release is not None:
        headers["Location"] = f"/id/edition/{done.edition}"
    body = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
    return Reply(status.value, "application/json", body, headers)
