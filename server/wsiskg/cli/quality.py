"""``wsiskg quality``: what is missing, unverified or contradictory in the current release."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from wsiskg.cli.options import DataOption, LanguageOption, OutputOption, settings_with

if TYPE_CHECKING:
    from wsiskg.analysis.quality.findings import Quality
    from wsiskg.graph.release import Release

__all__ = ["quality"]

_FORMATS = ("text", "md", "html", "json", "csv", "svg")


def quality(
    part: Annotated[
        str,
        typer.Argument(
            help="completeness, sources, freshness, unverified, discrepancies, rationales or labels; left out: all."
        ),
    ] = "",
    form: Annotated[str, typer.Option("--format", "-f", help="text, md, html, json, csv, or svg: a badge.")] = "text",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    data: DataOption = None,
) -> None:
    """Say how good the data of the current release are.

    [b]wsiskg quality[/b]
    [b]wsiskg quality labels --format csv -o labels.csv[/b]

    CSV without a part holds the measures in short. Each case with its file and row: [b]wsiskg validate --quality[/b].
    """
    from wsiskg.analysis.quality.badge import quality_badge
    from wsiskg.analysis.quality.findings import PARTS
    from wsiskg.analysis.quality.papers import quality_paper
    from wsiskg.cli.output import check_language
    from wsiskg.cli.papers import check_format, write_bytes, write_paper
    from wsiskg.graph.release import current_release
    from wsiskg.model.errors import UsageError

    check_format(form, _FORMATS)
    check_language(language)
    if part and part not in PARTS:
        raise UsageError(f"the quality report has no part '{part}'", f"Choose from: {', '.join(PARTS)}.")
    found = _measured(current_release(settings_with(data).data))
    if form == "svg":
        write_bytes(quality_badge(found).encode(), output_file)
        return
    paper = quality_paper(found, part, language)
    write_paper(replace(paper, sections=paper.sections[:1]) if form == "csv" else paper, form, output_file)


def _measured(release: "Release") -> "Quality":
    from wsiskg.analysis.quality.findings import quality_requests, read_quality
    from wsiskg.graph.release import open_store
    from wsiskg.store.editions import edition_codes
    from wsiskg.store.evaluate import evaluate

    store, edition = open_store(release), next(reversed(edition_codes(release)), "")
    requests = quality_requests(release.iris, edition)
    answers = {name: evaluate(store, request).body for name, request in requests.items()}
    return read_quality(answers, release.id, edition)
