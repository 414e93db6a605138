"""``wsiskg suggest``: tags for projects without them, judged by a person before they count."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from wsiskg.cli.options import LanguageOption, MappingsOption

__all__ = ["app"]

app = typer.Typer(
    help="Suggest action lines and SDGs for projects without them, from title and description.\n\n"
    "A suggestion is no evidence: a curator accepts it in a workbook, and it becomes an assigned tag with a name, a "
    "day and a reason.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_FORMATS = ("text", "md", "html", "json", "csv")
_WORKBOOK = ".xlsx"


@app.command()
def tags(
    out: Annotated[
        Path | None,
        typer.Option("--out", "--output", "-o", help="Write to a file; one that ends in .xlsx is for review."),
    ] = None,
    least: Annotated[float, typer.Option("--min-score", min=0, max=1, help="Score that a suggestion must have.")] = 0.5,
    most: Annotated[int, typer.Option("--most", min=1, help="Suggestions for a project and framework.")] = 3,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="How many, best first.", show_default="all")
    ] = None,
    evaluate: Annotated[
        bool, typer.Option("--evaluate", help="Suggest nothing; measure the methods on the tags that are known.")
    ] = False,
    form: Annotated[str, typer.Option("--format", "-f", help="text, md, html, json or csv.")] = "text",
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
) -> None:
    """Suggest tags, with the score and the words that speak for each.

    [b]wsiskg suggest tags --out review.xlsx[/b] writes the workbook for [b]wsiskg suggest accept review.xlsx[/b].

    [b]wsiskg suggest tags --evaluate[/b] says how far to trust the score.
    """
    from wsiskg.cli.output import check_language
    from wsiskg.cli.papers import check_format, write_bytes, write_paper
    from wsiskg.resources import default_mappings
    from wsiskg.suggestions.papers import evaluation_paper, suggestions_paper
    from wsiskg.suggestions.review import write_review
    from wsiskg.suggestions.suggest import suggest
    from wsiskg.tables.load import load_tables

    check_format(form, _FORMATS)
    check_language(language)
    tables = load_tables(mappings or default_mappings())
    if evaluate:
        from wsiskg.suggestions.evaluation import evaluate as measure

        write_paper(evaluation_paper(measure(tables), language), form, out)
        return
    found = suggest(tables, least, most)
    if out is not None and out.suffix.lower() == _WORKBOOK:
        write_bytes(write_review(found[:limit], tables, language), out)
    else:
        write_paper(suggestions_paper(found, tables, limit, language), form, out)


@app.command()
def accept(
    file: Annotated[Path, typer.Argument(help="The workbook that [b]suggest tags[/b] wrote, with decisions.")],
    curator: Annotated[str, typer.Option("--curator", help="Who answers for tags whose row names nobody.")] = "",
    day: Annotated[
        str, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the decisions.", show_default="today")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check, and change nothing.")] = False,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
) -> None:
    """Turn accepted suggestions into assigned tags, in the tables: all of them, or with an error none.

    [b]wsiskg suggest accept review.xlsx --curator "Amina Diallo"[/b]

    They are part of the next [b]wsiskg build[/b].
    """
    from wsiskg.cli import output
    from wsiskg.resources import default_mappings
    from wsiskg.suggestions.accept import accept as run

    output.LANGUAGE = output.check_language(language)
    # The day of a person's decision, where that person is.
    decided = day or date.today().isoformat()
    data, name = output.read_sent(file)
    found = run(data, name, mappings or default_mappings(), curator, decided, write=not dry_run)
    typer.echo(
        f"{found.added} tag(s) {'would be ' if dry_run else ''}added, {found.present} there already, "
        f"{found.rejected} rejected, {found.open} open"
    )
    for changed in found.files:
        typer.echo(f"changed: {changed}")
    if found.files:
        typer.echo("They count in the next: wsiskg build", err=True)
