"""``wsiskg analyse``: the matrix as a network, and evidence over the years."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wsiskg.cli.options import DataOption, LanguageOption, OutputOption, settings_with

if TYPE_CHECKING:
    from wsiskg.analysis.network import Network
    from wsiskg.graph.release import Release
    from wsiskg.matrix.papers.paper import Paper

__all__ = ["app"]

app = typer.Typer(
    help="The matrix as a network: bridges, isolation, likeness, communities, robustness, prediction, export; and "
    "evidence over the years.\n\n"
    "Networks: [b]lines-targets[/b], [b]three-way[/b] (with Connect 2020), [b]agencies[/b], [b]projects[/b]. Edges "
    "weigh 1, or the projects of one set of evidence: [b]--weight direct-confirmed[/b].",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_FORMATS = ("text", "md", "html", "json", "csv")
_MEASURES = ("degree", "strength", "betweenness", "pagerank", "eigenvector")

FormatOption = Annotated[str, typer.Option("--format", "-f", help="text, md, html, json or csv.")]
EditionOption = Annotated[
    str, typer.Option("--edition", help="Code of the edition.", show_default="the latest edition")
]
NetworkOption = Annotated[str, typer.Option("--network", help="lines-targets, three-way, agencies or projects.")]
WeightOption = Annotated[
    str,
    typer.Option("--weight", help="none, or direct or goal-level, a hyphen, and declared, assigned or confirmed."),
]
LevelOption = Annotated[
    str, typer.Option("--level", help="linked: as links name SDGs; targets: these only; goals: all folded into goals.")
]
LimitOption = Annotated[int | None, typer.Option("--limit", "-n", min=1, help="How many.", show_default="all")]


@app.command()
def summary(
    network: NetworkOption = "lines-targets",
    edition: EditionOption = "",
    weight: WeightOption = "none",
    level: LevelOption = "linked",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """Say how large a network is, and how it hangs together.

    [b]wsiskg analyse summary --network three-way[/b]
    """
    from wsiskg.analysis.papers import summary_paper
    from wsiskg.analysis.summary import summarise

    read, _ = _network(data, form, language, network, edition, weight, level)
    _write(summary_paper(read, summarise(read), language), form, output_file)


@app.command()
def centrality(
    by: Annotated[str, typer.Option("--by", help="degree, strength, betweenness, pagerank or eigenvector.")] = "degree",
    network: NetworkOption = "lines-targets",
    edition: EditionOption = "",
    weight: WeightOption = "none",
    level: LevelOption = "linked",
    limit: LimitOption = None,
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """List nodes by how far they stand in the middle.

    [b]wsiskg analyse centrality --by betweenness --limit 10[/b]
    """
    from wsiskg.analysis.centrality import centralities
    from wsiskg.analysis.papers import centrality_paper
    from wsiskg.model.errors import UsageError

    if by not in _MEASURES:
        raise UsageError(f"there is no centrality '{by}'", f"Choose from: {', '.join(_MEASURES)}.")
    read, _ = _network(data, form, language, network, edition, weight, level)
    _write(centrality_paper(read, centralities(read), by, limit, language), form, output_file)


@app.command()
def bridges(
    edition: EditionOption = "",
    weight: WeightOption = "none",
    level: LevelOption = "linked",
    limit: LimitOption = None,
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """List the SDGs that bring action lines together, those of most lines first.

    [b]wsiskg analyse bridges --limit 10[/b]
    """
    from wsiskg.analysis.bridges import bridges as find
    from wsiskg.analysis.papers import bridges_paper

    read, _ = _network(data, form, language, "lines-targets", edition, weight, level)
    _write(bridges_paper(read, find(read), limit, language), form, output_file)


@app.command()
def isolation(
    edition: EditionOption = "",
    weight: WeightOption = "none",
    level: LevelOption = "linked",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """List the action lines, the most isolated first.

    [b]wsiskg analyse isolation --level goals[/b]
    """
    from wsiskg.analysis.bridges import isolation as find
    from wsiskg.analysis.papers import isolation_paper

    read, _ = _network(data, form, language, "lines-targets", edition, weight, level)
    _write(isolation_paper(read, find(read), language), form, output_file)


@app.command()
def similarity(
    of: Annotated[str, typer.Argument(help="Code of a line or an agency; left out: all pairs.")] = "",
    agencies: Annotated[bool, typer.Option("--agencies", help="Compare agencies, not action lines.")] = False,
    evidence: Annotated[
        str, typer.Option("--evidence", help="Set of evidence that the cosine compares, or none.")
    ] = "direct-confirmed",
    edition: EditionOption = "",
    level: LevelOption = "linked",
    limit: LimitOption = None,
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """List pairs of action lines, or of agencies, that share SDGs, the most alike first.

    [b]wsiskg analyse similarity C2[/b]
    [b]wsiskg analyse similarity --agencies[/b]
    """
    from wsiskg.analysis.papers import similarity_paper
    from wsiskg.analysis.similarity import similarity as find

    kind = "agencies" if agencies else "lines-targets"
    read, _ = _network(data, form, language, kind, edition, "none", level)
    _write(similarity_paper(read, find(read, evidence, of), limit, language), form, output_file)


@app.command()
def communities(
    network: NetworkOption = "lines-targets",
    edition: EditionOption = "",
    weight: WeightOption = "none",
    level: LevelOption = "linked",
    seeds: Annotated[int, typer.Option("--seeds", min=2, max=1000, help="Runs, each with another seed.")] = 50,
    resolution: Annotated[float, typer.Option("--resolution", min=0.01, help="Above 1: smaller communities.")] = 1.0,
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """Find communities by the Louvain method, and say how far they depend on chance.

    [b]wsiskg analyse communities --level goals[/b]
    """
    from wsiskg.analysis.communities import communities as find
    from wsiskg.analysis.papers import communities_paper

    read, _ = _network(data, form, language, network, edition, weight, level)
    _write(communities_paper(read, find(read, seeds, resolution), language), form, output_file)


@app.command()
def robustness(
    edition: EditionOption = "",
    weight: WeightOption = "none",
    level: LevelOption = "linked",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """Say what would fall if the links of one agency went.

    [b]wsiskg analyse robustness[/b]
    """
    from wsiskg.analysis.papers import robustness_paper
    from wsiskg.analysis.robustness import robustness as find

    read, _ = _network(data, form, language, "lines-targets", edition, weight, level)
    _write(robustness_paper(read, find(read), language), form, output_file)


@app.command()
def candidates(
    by: Annotated[str, typer.Option("--by", help="evidence, adamic-adar or resource-allocation.")] = "evidence",
    line: Annotated[str, typer.Option("--line", help="Only this action line.")] = "",
    edition: EditionOption = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many, best first.")] = 20,
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """List pairs that nobody has linked, as the evidence ranks them and as the network does.

    [b]wsiskg analyse candidates --by adamic-adar --limit 10[/b]

    [b]analyse back-test[/b] says how far to trust either.
    """
    from wsiskg.analysis.papers import predictions_paper
    from wsiskg.analysis.prediction import predictions
    from wsiskg.evidence.index import EvidenceIndex

    read, release = _network(data, form, language, "lines-targets", edition, "none", "linked")
    found = predictions(read, EvidenceIndex.read(release.path), by, line)
    _write(predictions_paper(read, found, limit, language), form, output_file)


@app.command(name="back-test")
def back_test(
    share: Annotated[float, typer.Option("--share", help="Share of the links that is hidden.")] = 0.2,
    splits: Annotated[int, typer.Option("--splits", min=1, max=1000, help="How often, with other links.")] = 20,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the splits.")] = 0,
    at: Annotated[
        list[int] | None,
        typer.Option("--at", min=1, help="How many first pairs to look at; may be given several times."),
    ] = None,
    edition: EditionOption = "",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """Hide links, and say how many of them each method finds: precision and recall.

    [b]wsiskg analyse back-test --share 0.2 --at 10 --at 100[/b]
    """
    from wsiskg.analysis.papers import back_test_paper
    from wsiskg.analysis.prediction import back_test as run
    from wsiskg.evidence.index import EvidenceIndex

    read, release = _network(data, form, language, "lines-targets", edition, "none", "linked")
    found = run(read, EvidenceIndex.read(release.path), share, splits, seed, at or (10,))
    _write(back_test_paper(read, found, share, splits, seed, language), form, output_file)


@app.command()
def timeline(
    line: Annotated[str, typer.Argument(help="Action line, such as C2 or C7-EAGR.")],
    sdg: Annotated[str, typer.Argument(help="SDG goal or target, such as 9 or 9.c; left out: the whole line.")] = "",
    edition: EditionOption = "",
    form: FormatOption = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """Show the evidence of a link, or of a line, by year, and before and after HLPF reviews.

    [b]wsiskg analyse timeline C7-EHEA 3[/b]

    For a whole line each project counts once, as the strongest evidence that it is for any link of the edition.
    """
    from wsiskg.analysis.papers import timeline_paper
    from wsiskg.analysis.reading import read_codes, read_dated_projects, read_links, read_reviews
    from wsiskg.analysis.time import line_timeline, link_timeline
    from wsiskg.evidence.index import EvidenceIndex
    from wsiskg.matrix.outlook import known_code
    from wsiskg.matrix.papers.wording import loaded_text

    release = _release(data, form, language)
    line = known_code(line, read_codes(release, "action-line"), "action line")
    projects, reviews = read_dated_projects(release, line), read_reviews(release)
    if sdg:
        sdg = known_code(sdg, read_codes(release, "sdg-goal", "sdg-target"), "SDG goal or target")
        found = link_timeline(projects, line, sdg, reviews)
    else:
        found = line_timeline(projects, line, read_links(release, edition), reviews)
    loaded = loaded_text(EvidenceIndex.read(release.path).loaded, language)
    _write(timeline_paper(found, loaded, release.id, language), form, output_file)


@app.command()
def export(
    form: Annotated[str, typer.Option("--format", "-f", help="graphml, gexf, json or csv.")] = "graphml",
    part: Annotated[str, typer.Option("--part", help="For CSV: edges or nodes.")] = "edges",
    network: NetworkOption = "lines-targets",
    edition: EditionOption = "",
    weight: WeightOption = "none",
    level: LevelOption = "linked",
    output_file: OutputOption = None,
    data: DataOption = None,
) -> None:
    """Write a network for Gephi, Cytoscape or a program.

    [b]wsiskg analyse export --network three-way --format gexf -o three-way.gexf[/b]
    """
    from wsiskg.analysis.export import EXPORT_FORMATS, export_network
    from wsiskg.analysis.reading import read_network
    from wsiskg.cli.papers import check_format, write_bytes
    from wsiskg.graph.release import current_release

    check_format(form, EXPORT_FORMATS)
    read = read_network(current_release(settings_with(data).data), network, edition, weight, level)
    write_bytes(export_network(read, form, part), output_file)


def _release(data: Path | None, form: str, language: str) -> "Release":
    """Check what is cheap to check, then open the current release."""
    from wsiskg.cli.output import check_language
    from wsiskg.cli.papers import check_format
    from wsiskg.graph.release import current_release

    check_format(form, _FORMATS)
    check_language(language)
    return current_release(settings_with(data).data)


def _network(
    data: Path | None, form: str, language: str, kind: str, edition: str, weight: str, level: str
) -> tuple["Network", "Release"]:
    from wsiskg.analysis.reading import read_network

    release = _release(data, form, language)
    return read_network(release, kind, edition, weight, level), release


def _write(paper: "Paper", form: str, output_file: Path | None) -> None:
    """Write a paper; as CSV its first table, as the tables of one paper have other columns."""
    from wsiskg.cli.papers import write_paper

    write_paper(replace(paper, sections=paper.sections[:1]) if form == "csv" else paper, form, output_file)
