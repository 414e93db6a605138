"""``wsiskg matrix review``: the officer's agenda for one session of the High-level Political Forum."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wsiskg.cli.options import DataOption, LanguageOption, MappingsOption, OutputOption, PolicyOption, settings_with

if TYPE_CHECKING:
    from wsiskg.matrix.proposals import Submission
    from wsiskg.matrix.workspace import Workspace

__all__ = ["register", "review"]

_FORMATS = ("text", "md", "html", "json", "csv")


def register(app: typer.Typer) -> None:
    """Add the command to the group ``matrix``."""
    app.command()(review)


def review(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Open proposals, in any form that [b]check[/b] reads: XLSX, CSV, SSSOM, JSON-LD, Turtle."),
    ] = None,
    *,
    hlpf: Annotated[str, typer.Option("--hlpf", help="Code of the HLPF session, such as 2023.")],
    policy: PolicyOption = "default",
    limit: Annotated[int, typer.Option("--candidates", min=0, help="How many candidates a goal, best first.")] = 10,
    form: Annotated[str, typer.Option("--format", "-f", help="text, md, html, json or csv.")] = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """Write the agenda of a review: what became of each link since its goal was last reviewed in depth.

    [b]wsiskg matrix review --hlpf 2023[/b]
    [b]wsiskg matrix review proposals-itu.xlsx proposals-fao.csv --hlpf 2023[/b]
    [b]wsiskg matrix review --hlpf 2027 --lang fr --format html -o review-2027.html[/b]

    For every goal of the session: links newly supported, no longer supported, and the others, with their projects
    then and since; candidates that nobody has linked; and the open proposals of FILES, checked.
    """
    from wsiskg.cli import output
    from wsiskg.cli.papers import check_format, write_paper
    from wsiskg.graph.iris import Iris
    from wsiskg.matrix.papers.review import review_paper
    from wsiskg.matrix.review import review as run
    from wsiskg.matrix.workspace import open_workspace
    from wsiskg.resources import default_mappings
    from wsiskg.rules.policy import load_policy
    from wsiskg.tables.load import load_tables

    check_format(form, _FORMATS)
    output.LANGUAGE = output.check_language(language)
    settings, root = settings_with(data), mappings or default_mappings()
    iris = Iris(settings.base)
    with output.progress() as step:
        step("Reading tables")
        workspace, rules = open_workspace(root, settings.data, iris), load_policy(policy, iris)
        tables = load_tables(root)
        submissions = [_read(file, workspace) for file in files or ()]
        step("Counting evidence before and after the last reviews")
        found = run(hlpf, workspace, rules, tables, submissions, limit=limit)
    write_paper(review_paper(found, workspace, language), form, output_file)


def _read(file: Path, workspace: "Workspace") -> "Submission":
    """Read a file of proposals.

    Raises:
        UsageError: it cannot be opened.
        ViolationError: no proposal in it could be read.

    """
    from wsiskg.cli import output
    from wsiskg.matrix.reading.submission import read_submission
    from wsiskg.model.errors import ViolationError

    content, name = output.read_sent(file)
    found = read_submission(content, name, workspace.tables, iris=workspace.iris)
    if not found.proposals and found.problems:
        raise ViolationError(f"no proposal in '{file}' could be read", found.problems, "Correct the file.")
    return found
