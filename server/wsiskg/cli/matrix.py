"""``wsiskg matrix``: proposals for the next edition, and the editions themselves."""

from pathlib import Path
from typing import Annotated

import typer

from wsiskg.cli import editions, review
from wsiskg.cli.options import (
    DataOption,
    LanguageOption,
    MappingsOption,
    OutputOption,
    PolicyOption,
    settings_with,
)

__all__ = ["app"]

app = typer.Typer(
    help="The matrix of links between action lines and SDGs: proposals for the next edition, and the editions.\n\n"
    "An update goes like this: [b]template[/b], which agencies fill in; [b]check[/b], until it is clean; "
    "[b]review[/b], the agenda of the session; [b]publish[/b], which makes the new edition.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
review.register(app)
editions.register(app)


@app.command()
def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="Proposals: .xlsx, .csv, .tsv, SSSOM/TSV, JSON-LD or Turtle; - reads standard input."),
    ] = None,
    edition: Annotated[
        str, typer.Option("--edition", help="Edition that the proposals are for; without FILE: the edition to check.")
    ] = "",
    hlpf: Annotated[str, typer.Option("--hlpf", help="HLPF session that the new edition follows, such as 2027.")] = "",
    policy: PolicyOption = "default",
    form: Annotated[
        str, typer.Option("--format", "-f", help="text, json, csv, html, ttl, sarif, xlsx (your workbook back) or md.")
    ] = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """Check proposals, or a published edition, against the rules and the evidence.

    [b]wsiskg matrix check proposals.xlsx[/b]
    [b]wsiskg matrix check proposals.xlsx --format xlsx -o checked.xlsx[/b] (your workbook, with comments and evidence)
    [b]wsiskg matrix check --edition 2015[/b]

    Every problem names its row and column and says what to do. Exit status 0 when nothing stands against publishing,
    1 when there are violations, 2 when the check could not be made.
    """
    from wsiskg.cli import output
    from wsiskg.cli.papers import check_format, write_bytes, write_paper
    from wsiskg.graph.iris import Iris
    from wsiskg.matrix.check import check_edition, check_submission
    from wsiskg.matrix.papers.checks import check_paper
    from wsiskg.matrix.reading.submission import read_submission
    from wsiskg.matrix.renderings import CHECK_FORMATS, render_check
    from wsiskg.matrix.workspace import open_workspace
    from wsiskg.model.errors import UsageError
    from wsiskg.model.problems import Severity
    from wsiskg.resources import default_mappings
    from wsiskg.rules.policy import load_policy

    check_format(form, tuple(CHECK_FORMATS))
    output.check_language(language)
    if file is None and not edition:
        raise UsageError("what is to be checked?", "Name a file of proposals, or --edition 2015. See: --help")
    if form == "xlsx" and output_file is None:
        raise UsageError("a workbook is not for the terminal", "Name a file for it: -o checked.xlsx")
    settings = settings_with(data)
    iris = Iris(settings.base)
    content, name = (b"", "") if file is None else output.read_sent(file)
    with output.progress() as step:
        step("Reading tables and evidence")
        workspace = open_workspace(mappings or default_mappings(), settings.data, iris)
        rules = load_policy(policy, iris)
        if file is None:
            step(f"Checking edition {edition}")
            report = check_edition(edition, workspace, rules, language=language)
        else:
            step(f"Reading {name}")
            submission = read_submission(content, name, workspace.tables, iris=iris)
            step(f"Checking {len(submission.proposals):,} proposals")
            report = check_submission(submission, workspace, rules, edition=edition, hlpf=hlpf, language=language)
    if form == "text":
        write_paper(check_paper(report, language), form, output_file)
    else:
        write_bytes(render_check(report, form, language, iris, content), output_file)
    if report.count(Severity.VIOLATION):
        raise typer.Exit(1)


@app.command()
def template(
    output_file: Annotated[Path, typer.Option("--output", "-o", help="Workbook to write.")] = Path("proposals.xlsx"),
    edition: Annotated[str, typer.Option("--edition", help="Edition that the proposals are for, such as 2027.")] = "",
    hlpf: Annotated[str, typer.Option("--hlpf", help="HLPF session that the edition follows, such as 2027.")] = "",
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
) -> None:
    """Write the workbook that agencies fill in: headers, lists to choose from, notes, examples.

    [b]wsiskg matrix template --edition 2027 --hlpf 2027 --lang fr -o propositions.xlsx[/b]
    """
    from wsiskg.cli import output
    from wsiskg.cli.papers import write_bytes
    from wsiskg.matrix.template import write_template
    from wsiskg.matrix.workspace import LINKS_ONLY
    from wsiskg.model.errors import UsageError
    from wsiskg.resources import default_mappings
    from wsiskg.tables.load import load_tables

    output.check_language(language)
    if output_file.exists():
        raise UsageError(f"'{output_file}' exists", "It may hold somebody's work: remove it, or name another with -o.")
    tables = load_tables(mappings or default_mappings(), LINKS_ONLY)
    write_bytes(write_template(tables, language, edition, hlpf), output_file)
