"""What a process apart does with a file of proposals: read it, check it, write the report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from wsiskg.graph.iris import Iris
from wsiskg.matrix.check import check_submission
from wsiskg.matrix.proposals import Submission
from wsiskg.matrix.reading.submission import read_submission
from wsiskg.matrix.renderings import CHECK_FORMATS, render_check
from wsiskg.matrix.report import CheckReport
from wsiskg.matrix.workspace import open_workspace
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import LANGUAGES, Severity
from wsiskg.resources import default_mappings
from wsiskg.rules.policy import SHIPPED, load_policy
from wsiskg.settings import Settings
from wsiskg.tables.sheets.limits import Limits
from wsiskg.web.http.negotiation import choose
from wsiskg.web.work.apart import Reply, Step

__all__ = ["FIELDS", "CheckOrder", "Checked", "check_file", "limits_of", "mappings_of", "read_check_order", "run_check"]

FIELDS = frozenset({"edition", "hlpf", "policy", "lang", "format"})
"""Names of the parameters of a check."""


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """What is asked of a check; see `check_submission` and `render_check`."""

    edition: str
    hlpf: str
    policy: str
    language: str
    form: str


def read_check_order(field: Callable[..., str], accept: str | None) -> CheckOrder:
    """Read what a request asks for; the form of the report is ``format``, else negotiated, else JSON.

    Raises:
        UsageError: a parameter has a value that does not exist.

    """
    policy, language, form = field("policy", "default"), field("lang", "en"), field("format")
    # Over HTTP a policy is never a file: its name would be a path of this machine.
    for name, value, known in (("policy", policy, SHIPPED), ("lang", language, LANGUAGES)):
        if value not in known:
            raise UsageError(f"{name}: there is no '{value}'", f"Known: {', '.join(known)}.")
    if not form:
        by_type = {media.partition(";")[0]: short for short, media in CHECK_FORMATS.items()}
        offered = ["application/json", *(media for media in by_type if media != "application/json")]
        form = by_type[choose(accept, offered) or "application/json"]
    if form not in CHECK_FORMATS:
        raise UsageError(f"format: there is no '{form}'", f"Known: {', '.join(CHECK_FORMATS)}.")
    return CheckOrder(field("edition"), field("hlpf"), policy, language, form)


def limits_of(settings: Settings) -> Limits:
    """Return how much of a file of proposals is read."""
    return Limits(bytes=settings.check_bytes, rows=settings.check_rows)


def mappings_of(settings: Settings) -> Path:
    """Return the directory of tables that the installation works with."""
    return Path(settings.mappings) if settings.mappings else default_mappings()


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was checked: what was read in it, the report, and what both were made with."""

    submission: Submission
    report: CheckReport
    limits: Limits
    iris: Iris


def run_check(name: str, data: bytes, order: CheckOrder, settings: Settings, step: Step) -> Checked:
    """Check a file of proposals against the current release.

    Raises:
        WsiskgError: the check could not be made.

    """
    limits = limits_of(settings)
    iris = Iris(settings.base)
    step("Reading tables and evidence")
    workspace = open_workspace(mappings_of(settings), settings.data, iris)
    policy = load_policy(order.policy, iris)
    step("Reading the file")
    submission = read_submission(data, name, workspace.tables, limits, iris)
    step(f"Checking {len(submission.proposals):,} proposals")
    report = check_submission(
        submission, workspace, policy, edition=order.edition, hlpf=order.hlpf, language=order.language
    )
    return Checked(submission, report, limits, iris)


def check_file(name: str, data: bytes, order: CheckOrder, settings: Settings, step: Step) -> Reply:
    """Check a file of proposals against the current release and return the report.

    Raises:
        WsiskgError: the check could not be made.

    """
    done = run_check(name, data, order, settings, step)
    report = done.report
    step("Writing the report")
    body = render_check(report, order.form, order.language, done.iris, data, done.limits)
    counts = ", ".join(f"{severity.value.lower()}={report.count(severity)}" for severity in Severity)
    headers = {"X-Check": counts, "X-Dataset-Version": report.release, **_attachment(order.form)}
    return Reply(200, CHECK_FORMATS[order.form], body, headers)


def _attachment(form: str) -> Mapping[str, str]:
    return {"Content-Disposition": 'attachment; filename="checked.xlsx"'} if form == "xlsx" else {}
