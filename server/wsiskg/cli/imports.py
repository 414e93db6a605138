"""``wsiskg import``: exports of the stocktaking database and of the prizes into the tables, and what is the same."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wsiskg.cli import output
from wsiskg.cli.options import JsonOption, LanguageOption, MappingsOption, OutputOption

if TYPE_CHECKING:
    from wsiskg.imports.importing import Order

__all__ = ["app"]

app = typer.Typer(
    name="import",
    help="Exports of the stocktaking database and of the prizes, cleaned into the tables, as often as they come.\n\n"
    "Look first: [b]wsiskg import stocktaking export.xlsx --mappings DIR --dry-run[/b]; then without "
    "[b]--dry-run[/b]; decide what is the same with [b]decisions[/b]; then [b]wsiskg build[/b].",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

FilesArgument = Annotated[
    list[Path], typer.Argument(help="Exports: .xlsx, .csv, .json, JSON Lines. A later file corrects an earlier one.")
]
RegisterOption = Annotated[
    str, typer.Option("--register", help="Code of the register.", show_default="stocktaking, or wsis-prizes")
]
TitleOption = Annotated[str, typer.Option("--title", help="Title of a register that is new.")]
PublisherOption = Annotated[str, typer.Option("--publisher", help="Who keeps a register that is new.")]
SourceOption = Annotated[
    str, typer.Option("--source", help="Address that names the source, for records without a page of their own.")
]
AsOfOption = Annotated[str, typer.Option("--as-of", help="Day of the export.", show_default="today")]
MappingOption = Annotated[
    Path | None,
    typer.Option(
        "--mapping", help="How columns and values are read (TOML); written if it is new.",
        show_default="imports/KIND.toml among the tables",
    ),
]  # fmt: skip
RejectsOption = Annotated[Path, typer.Option("--rejects", help="Workbook of rejected rows, written if there are any.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what was understood; write nothing.")]
DiscardOption = Annotated[
    bool, typer.Option("--discard-edits", help="Overwrite rows of earlier imports that were edited by hand.")
]
ByOption = Annotated[str, typer.Option("--by", help="Name of the person who decides.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]


def _add_import(name: str, what: str) -> None:
    """Add the command that imports one kind of export."""

    def command(
        files: FilesArgument,
        mappings: MappingsOption = None,
        dry_run: DryRunOption = False,
        register: RegisterOption = "",
        title: TitleOption = "",
        publisher: PublisherOption = "ITU",
        source: SourceOption = "",
        as_of: AsOfOption = "",
        mapping: MappingOption = None,
        rejects: RejectsOption = Path("rejects.xlsx"),
        discard_edits: DiscardOption = False,
        language: LanguageOption = "en",
        json_output: JsonOption = False,
    ) -> None:
        from wsiskg.imports.fields import Kind
        from wsiskg.imports.importing import Order

        order = Order(
            Kind(name), files, _workspace(mappings), register, title, publisher, source, as_of, mapping, rejects,
            dry_run, discard_edits,
        )  # fmt: skip
        _run(order, language, json_output)

    app.command(
        name, help=f"Import exports of {what}.\n\nExit status 1 if rows were rejected; all others are imported."
    )(command)


_add_import("stocktaking", "the stocktaking database: projects with their action lines, SDGs, countries, organisations")
_add_import("prizes", "the prizes: nominees, champions and winners by year and category")


@app.command()
def decisions(
    mappings: MappingsOption = None,
    every: Annotated[bool, typer.Option("--all", help="Also those that do not wait for a person.")] = False,
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    json_output: JsonOption = False,
) -> None:
    """List pairs of records, and of names of organisations, that may be the same and wait for a person.

    They stand in imports/decisions.csv and imports/organisations.csv: change a verdict there and run [b]apply[/b], or
    use [b]same[/b] and [b]different[/b].
    """
    from wsiskg.cli.papers import write_paper
    from wsiskg.imports.decisions import Verdict
    from wsiskg.imports.importing import open_pairs
    from wsiskg.imports.paper import decisions_paper

    output.check_language(language)
    pairs, names = open_pairs(_workspace(mappings))
    if not every:
        pairs, names = ([d for d in found if d.verdict is Verdict.OPEN] for found in (pairs, names))
    write_paper(decisions_paper(pairs, names, language), "json" if json_output else "text", output_file)


@app.command()
def same(
    first: Annotated[str, typer.Argument(help="A record, a project, or the name of an organisation.")],
    second: Annotated[str, typer.Argument(help="The other one.")],
    by: ByOption,
    reason: ReasonOption = "",
    mappings: MappingsOption = None,
) -> None:
    """Decide that two records are of one project, or two names of one organisation, and make the tables anew."""
    _decide("same", first, second, by, reason, mappings)


@app.command()
def different(
    first: Annotated[str, typer.Argument(help="A record, a project, or the name of an organisation.")],
    second: Annotated[str, typer.Argument(help="The other one.")],
    by: ByOption,
    reason: ReasonOption = "",
    mappings: MappingsOption = None,
) -> None:
    """Decide that two are not the same, which undoes a merge, and make the tables anew."""
    _decide("different", first, second, by, reason, mappings)


@app.command()
def apply(mappings: MappingsOption = None, discard_edits: DiscardOption = False) -> None:
    """Make the tables anew from the decisions as they stand, and complete an import that was interrupted."""
    from wsiskg.imports.importing import apply_decisions

    report = apply_decisions(_workspace(mappings), discard_edits=discard_edits)
    typer.echo(f"{report.projects:,} projects; {report.open_decisions + report.open_names:,} pairs wait for a decision")


def _decide(verdict: str, first: str, second: str, by: str, reason: str, mappings: Path | None) -> None:
    from wsiskg.imports.decisions import Verdict
    from wsiskg.imports.importing import decide_pair

    report = decide_pair(_workspace(mappings), first, second, Verdict(verdict), by, reason)
    typer.echo(f"{first} and {second}: {verdict}, by {by}; {report.projects:,} projects")


def _workspace(mappings: Path | None) -> Path:
    from wsiskg.resources import default_mappings

    return mappings or default_mappings()


def _run(order: "Order", language: str, as_json: bool) -> None:
    from wsiskg.cli.papers import write_paper
    from wsiskg.imports.importing import import_files
    from wsiskg.imports.paper import import_paper

    output.LANGUAGE = output.check_language(language)
    with output.bars() as step:
        report = import_files(order, step)
    write_paper(import_paper(report, language), "json" if as_json else "text", None)
    if report.counts.rejected:
        raise typer.Exit(1)
