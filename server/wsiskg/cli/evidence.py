"""``wsiskg evidence``: what stocktaking projects and prizes say of links, made and not made."""

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
    from wsiskg.matrix.workspace import Workspace

__all__ = ["app"]

app = typer.Typer(
    help="What projects and prizes say of the links between action lines and SDGs.\n\n"
    "A project is evidence of a pair if it carries both ends: the target itself ([b]direct[/b]), or only its goal "
    "([b]goal level[/b], weaker, counted apart). Tags are declared by its owner, or assigned by a curator.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_FORMATS = ("text", "json", "csv")

FormatOption = Annotated[str, typer.Option("--format", "-f", help="text, json or csv.")]
EditionOption = Annotated[
    str, typer.Option("--edition", help="Code of the edition.", show_default="the latest edition")
]


@app.command()
def show(
    line: Annotated[str, typer.Argument(help="Action line, such as C2 or C7-EAGR.")],
    sdg: Annotated[str, typer.Argument(help="SDG goal or target, such as 9 or 9.c.")],
    policy: PolicyOption = "default",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """Show the evidence of one pair: numbers by directness and origin, verdict, best examples.

    [b]wsiskg evidence show C2 9.c[/b]
    [b]wsiskg evidence show C7-EAGR 2.3 --policy strict --format json[/b]

    The pair need not be linked: then it says whether it is a candidate.
    """
    from wsiskg.cli.papers import write_paper
    from wsiskg.matrix.check import check_pair
    from wsiskg.matrix.outlook import known_code, ranked_candidates
    from wsiskg.matrix.papers.outlook import pair_paper
    from wsiskg.model.codes import sdg_goal_of
    from wsiskg.rules.policy import load_policy

    workspace = _workspace(form, language, mappings, data)
    rules = load_policy(policy, workspace.iris)
    line = known_code(line, workspace.reference.lines, "action line")
    sdg = known_code(sdg, workspace.reference.sdgs, "SDG goal or target")
    ranking = ranked_candidates(workspace, rules, line=line, goal=sdg_goal_of(sdg))
    checked = check_pair(line, sdg, workspace, rules)
    write_paper(pair_paper(checked, ranking, workspace, rules, language), form, output_file)


@app.command()
def candidates(
    line: Annotated[str, typer.Option("--line", help="Only this action line; C7 stands for its sub-lines.")] = "",
    goal: Annotated[str, typer.Option("--goal", help="Only this SDG goal and its targets.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many, best first.")] = 20,
    policy: PolicyOption = "default",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """List pairs with direct evidence that nobody has linked, ranked, with reasons.

    [b]wsiskg evidence candidates --goal 9 --limit 5[/b]

    A goal is no candidate where one of its targets is linked to the line already.
    """
    from wsiskg.cli.papers import write_paper
    from wsiskg.matrix.outlook import known_code, ranked_candidates
    from wsiskg.matrix.papers.outlook import candidates_paper
    from wsiskg.rules.policy import load_policy

    workspace = _workspace(form, language, mappings, data)
    rules, reference = load_policy(policy, workspace.iris), workspace.reference
    if line:
        line = known_code(line, reference.lines, "action line")
    if goal:
        goal = known_code(goal, [code for code in reference.sdgs if "." not in code], "SDG goal")
    found = ranked_candidates(workspace, rules, line=line, goal=goal, limit=limit)
    write_paper(candidates_paper(found, workspace, rules, language), form, output_file)


@app.command()
def unsupported(
    edition: EditionOption = "",
    policy: PolicyOption = "default",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """List the links of an edition that lack evidence, and why.

    [b]wsiskg evidence unsupported --format csv -o unsupported.csv[/b]
    """
    from wsiskg.cli.papers import write_paper
    from wsiskg.matrix.check import check_edition
    from wsiskg.matrix.papers.outlook import unsupported_paper
    from wsiskg.rules.policy import load_policy

    workspace = _workspace(form, language, mappings, data)
    rules = load_policy(policy, workspace.iris)
    report = check_edition(edition or workspace.latest, workspace, rules, language=language)
    write_paper(unsupported_paper(report, workspace, rules, language), form, output_file)


@app.command(name="what-if")
def what_if(
    policy: PolicyOption,
    edition: EditionOption = "",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    mappings: MappingsOption = None,
    data: DataOption = None,
) -> None:
    """List the verdicts that would change under another policy, and why. Nothing is changed.

    [b]wsiskg evidence what-if --policy strict[/b]

    A policy of your own is a copy of [b]shapes/evidence.shapes.ttl[/b] with other thresholds.
    """
    from wsiskg.cli.papers import write_paper
    from wsiskg.matrix.check import check_edition
    from wsiskg.matrix.outlook import flips
    from wsiskg.matrix.papers.outlook import what_if_paper
    from wsiskg.rules.policy import load_policy

    workspace = _workspace(form, language, mappings, data)
    policies = load_policy("default", workspace.iris), load_policy(policy, workspace.iris)
    before, after = (check_edition(edition or workspace.latest, workspace, p, language=language) for p in policies)
    write_paper(
        what_if_paper(flips(before, after, workspace.tables), before, workspace, policies, language),
        form,
        output_file,
    )


def _workspace(form: str, language: str, mappings: Path | None, data: Path | None) -> "Workspace":
    """Check what is cheap to check, then load what every command here needs."""
    from wsiskg.cli.output import check_language
    from wsiskg.cli.papers import check_format
    from wsiskg.graph.iris import Iris
    from wsiskg.matrix.workspace import open_workspace
    from wsiskg.resources import default_mappings

    check_format(form, _FORMATS)
    check_language(language)
    settings = settings_with(data)
    return open_workspace(mappings or default_mappings(), settings.data, Iris(settings.base))
