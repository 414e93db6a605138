"""``wsiskg matrix list|show|diff|timeline|publish|retire|export``: the editions, and the next one."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wsiskg.cli.options import (
    DataOption,
    LanguageOption,
    MappingsOption,
    OutputOption,
    PolicyOption,
    settings_with,
)

if TYPE_CHECKING:
    from wsiskg.matrix.proposals import Submission
    from wsiskg.matrix.publishing.order import Order
    from wsiskg.matrix.workspace import Workspace
    from wsiskg.tables.rows import Tables

__all__ = ["register"]

_FORMATS = ("text", "md", "html", "json", "csv")

FormatOption = Annotated[str, typer.Option("--format", "-f", help="text, md, html, json or csv.")]
EditionArgument = Annotated[str, typer.Argument(help="Code of the edition; left out: the latest.")]
ByOption = Annotated[str, typer.Option("--by", help="Name of the person who publishes.")]
RoleOption = Annotated[str, typer.Option("--role", help="In what role, such as [b]WSIS secretariat[/b].")]
AgencyOption = Annotated[str, typer.Option("--agency", help="For which agency, by code, such as ITU.")]
NewEditionOption = Annotated[str, typer.Option("--edition", help="Code of the new edition, such as 2027.")]
HlpfOption = Annotated[str, typer.Option("--hlpf", help="HLPF session that it follows, such as 2027.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group ``matrix``."""
    app.command(name="list")(list_all)
    for command in (show, diff, timeline, publish, retire, export):
        app.command()(command)


def list_all(
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
) -> None:
    """List the editions of the matrix."""
    from wsiskg.cli.papers import check_format, write_paper
    from wsiskg.matrix.editions import list_editions
    from wsiskg.matrix.papers.editions import editions_paper

    check_format(form, _FORMATS)
    write_paper(editions_paper(list_editions(_tables(mappings, language)), language), form, output_file)


def show(
    edition: EditionArgument = "",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
) -> None:
    """Show an edition: who published it, from what, and every link with its rationale.

    [b]wsiskg matrix show 2015 --lang fr --format md -o edition-2015.md[/b]
    """
    from wsiskg.cli.papers import check_format, write_paper
    from wsiskg.graph.content.matrix import latest_edition
    from wsiskg.matrix.editions import edition_of
    from wsiskg.matrix.papers.editions import edition_paper
    from wsiskg.matrix.standing import standing_links

    check_format(form, _FORMATS)
    tables = _tables(mappings, language)
    found = edition_of(tables, edition or latest_edition(tables))
    links = list(standing_links(tables, found.code).values())
    write_paper(edition_paper(found, links, language), form, output_file)


def diff(
    first: Annotated[str, typer.Argument(help="Code of the earlier edition.")],
    second: Annotated[str, typer.Argument(help="Code of the later edition.")],
    policy: PolicyOption = "default",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """Compare two editions: links added, removed and amended, with reasons, and the evidence then and now.

    [b]wsiskg matrix diff 2015 2027[/b]
    """
    from wsiskg.cli.papers import check_format, write_paper
    from wsiskg.matrix.editions import diff_editions
    from wsiskg.matrix.papers.editions import diff_paper
    from wsiskg.rules.policy import load_policy
    from wsiskg.rules.status import verdicts

    check_format(form, _FORMATS)
    workspace = _workspace(mappings, data, language)
    bare = diff_editions(workspace.tables, first, second)
    pairs = [(change.line, change.sdg) for change in bare.changes]
    now = verdicts(workspace.iris, second, workspace.index, pairs, load_policy(policy, workspace.iris))
    write_paper(diff_paper(diff_editions(workspace.tables, first, second, now), language), form, output_file)


def timeline(
    line: Annotated[str, typer.Argument(help="Action line, such as C2 or C7-EAGR.")],
    sdg: Annotated[str, typer.Argument(help="SDG goal or target, such as 9 or 9.c.")],
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
) -> None:
    """Follow one link through all editions.

    [b]wsiskg matrix timeline C2 9.c[/b]
    """
    from wsiskg.cli.papers import check_format, write_paper
    from wsiskg.matrix.editions import timeline as stages
    from wsiskg.matrix.papers.editions import timeline_paper

    check_format(form, _FORMATS)
    found = stages(_tables(mappings, language), line, sdg)
    write_paper(timeline_paper(line, sdg, found, language), form, output_file)


def publish(
    file: Annotated[Path, typer.Argument(help="Proposals, in any form that [b]check[/b] reads.")],
    edition: NewEditionOption,
    hlpf: HlpfOption,
    by: ByOption,
    role: RoleOption,
    agency: AgencyOption,
    override: Annotated[
        list[str] | None,
        typer.Option(
            "--override", help="[b]C2-9.c=REASON[/b]: uphold a link that lacks evidence. May be given several times."
        ),
    ] = None,
    policy: PolicyOption = "default",
    dry_run: DryRunOption = False,
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """Publish a new edition from proposals: the tables and the release, both or neither.

    [b]wsiskg matrix publish proposals.xlsx --edition 2027 --hlpf 2027 --by "A. Name" --role "WSIS secretariat"
    --agency ITU --mappings mappings --dry-run[/b]

    Links that the file does not mention stay as they are. It needs a clean check: violations, and new or amended links
    that lack evidence and that nobody upholds with a reason, stop it. The edition keeps the check, the policy and
    today's numbers for good. --mappings names your own directory of tables; the release must have been built from it.
    """
    from wsiskg.cli import output
    from wsiskg.matrix.publishing.order import Order, read_overrides

    submission = _read(file, mappings, language)
    order = Order(edition, hlpf, by, role, agency, _today(), policy, read_overrides(override or (), "--override"))
    output.LANGUAGE = language
    _publish(submission, order, mappings, data, form, output_file, language, dry_run=dry_run)


def retire(
    pairs: Annotated[list[str], typer.Argument(help="Links, as [b]C2-9.c[/b].")],
    reason: Annotated[str, typer.Option("--reason", help="Why they are retired.")],
    by: ByOption,
    role: RoleOption,
    agency: AgencyOption,
    edition: NewEditionOption,
    hlpf: HlpfOption,
    dry_run: DryRunOption = False,
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """Publish an edition whose only change is that links are retired.

    [b]wsiskg matrix retire C4-4.4 --reason "Covered by C3" --edition 2027 --hlpf 2027 --by "A. Name"
    --role "WSIS secretariat" --agency ITU --mappings mappings[/b]

    To retire links among other changes, write [b]retire[/b] in the proposals' column of changes.
    """
    from wsiskg.cli import output
    from wsiskg.matrix.proposals import Change, Proposal, Submission
    from wsiskg.matrix.publishing.order import Order, read_pair
    from wsiskg.model.problems import Origin

    output.LANGUAGE = output.check_language(language)
    name = f"retirement of {', '.join(pairs)}"
    proposals = tuple(
        Proposal(Origin(name, row), *read_pair(pair), change=Change.RETIRE, proposed_by=(agency,), reason=reason)
        for row, pair in enumerate(pairs, 1)
    )
    digest = _digest("\n".join([*pairs, reason]))
    order = Order(edition, hlpf, by, role, agency, _today())
    submission = Submission(name, digest, proposals)
    _publish(submission, order, mappings, data, form, output_file, language, dry_run=dry_run)


def export(
    edition: EditionArgument = "",
    form: Annotated[str, typer.Option("--format", "-f", help="csv, xlsx, sssom, jsonld or ttl.")] = "csv",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """Write an edition's links as a file; [b]check[/b] and [b]publish[/b] read each of the forms again.

    [b]wsiskg matrix export 2015 --format sssom -o matrix-2015.sssom.tsv[/b]
    """
    from wsiskg.cli.papers import check_format, write_bytes
    from wsiskg.graph.content.matrix import latest_edition
    from wsiskg.graph.release import current_release
    from wsiskg.matrix.editions import require_edition
    from wsiskg.matrix.export import EXPORT_FORMATS, export_edition
    from wsiskg.model.errors import UsageError

    check_format(form, EXPORT_FORMATS)
    if form == "xlsx" and output_file is None:
        raise UsageError("a workbook is not for the terminal", "Name a file for it: -o matrix.xlsx")
    tables = _tables(mappings, language)
    code = edition or latest_edition(tables)
    require_edition(tables, code)
    release = current_release(settings_with(data).data)
    write_bytes(export_edition(tables, release, code, form, language), output_file)


def _publish(
    submission: "Submission",
    order: "Order",
    mappings: Path | None,
    data: Path | None,
    form: str,
    output_file: Path | None,
    language: str,
    *,
    dry_run: bool,
) -> None:
    from wsiskg.cli import output
    from wsiskg.cli.papers import check_format, write_paper
    from wsiskg.matrix.papers.editions import diff_paper
    from wsiskg.matrix.publishing.publish import publish as run
    from wsiskg.resources import default_mappings
    from wsiskg.rules.report import render

    check_format(form, _FORMATS)
    settings = settings_with(data)
    with output.progress() as step:
        done = run(submission, mappings or default_mappings(), settings.data, order, dry_run=dry_run, step=step)
    typer.echo(render(done.problems, "text", language), nl=False, err=True)
    # Said before the differences are written, which may fail: what is published is published.
    if done.release is None:
        typer.echo(f"Nothing was written. It would become edition {done.edition}, release {done.release_id}.", err=True)
    else:
        typer.echo(f"Edition {done.edition} is published: {done.folder}, release {done.release.id}.", err=True)
    write_paper(diff_paper(done.diff, language), form, output_file)


def _read(file: Path, mappings: Path | None, language: str) -> "Submission":
    from wsiskg.cli import output
    from wsiskg.matrix.reading.submission import read_submission

    content, name = output.read_sent(file)
    return read_submission(content, name, _tables(mappings, language))


def _tables(mappings: Path | None, language: str) -> "Tables":
    from wsiskg.cli import output
    from wsiskg.matrix.workspace import LINKS_ONLY
    from wsiskg.resources import default_mappings
    from wsiskg.tables.load import load_tables

    output.LANGUAGE = output.check_language(language)
    return load_tables(mappings or default_mappings(), LINKS_ONLY)


def _workspace(mappings: Path | None, data: Path | None, language: str) -> "Workspace":
    from wsiskg.cli import output
    from wsiskg.graph.iris import Iris
    from wsiskg.matrix.workspace import open_workspace
    from wsiskg.resources import default_mappings

    output.LANGUAGE = output.check_language(language)
    settings = settings_with(data)
    return open_workspace(mappings or default_mappings(), settings.data, Iris(settings.base))


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def _today() -> date:
    from datetime import UTC, datetime

    return datetime.now(UTC).date()
