"""``wsiskg report``: what the secretariat and researchers hand on, written from the current release."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from wsiskg.cli.options import DataOption, LanguageOption, OutputOption, settings_with

__all__ = ["report"]

_SUFFIXES: Mapping[str, str] = {
    ".html": "html", ".htm": "html", ".pdf": "pdf", ".docx": "docx", ".md": "md", ".json": "json", ".txt": "text",
}  # fmt: skip


def _kinds(incomplete: str) -> list[str]:
    from wsiskg.reports.writing import KINDS

    return [name for name in KINDS if name.startswith(incomplete)]


def report(
    kind: Annotated[
        str | None, typer.Argument(help="Which report; left out: list them.", autocompletion=_kinds, metavar="KIND")
    ] = None,
    name: Annotated[
        str, typer.Argument(help="Its subject by code, such as 2027, C2, 9.c, AFR, KEN or ITU.", metavar="NAME")
    ] = "",
    form: Annotated[
        str, typer.Option("--format", "-f", help="text, html, docx, pdf, md or json.", show_default="by -o, or text")
    ] = "",
    output_file: OutputOption = None,
    language: LanguageOption = "en",
    day: Annotated[
        str, typer.Option("--date", metavar="YYYY-MM-DD", help="Date that it bears.", show_default="today")
    ] = "",
    data: DataOption = None,
) -> None:
    """Write a report from the current release; every number in it names the question that gives it.

    [b]wsiskg report hlpf 2027 -o hlpf-2027.docx[/b]
    [b]wsiskg report action-line C2 --lang fr -o c2.pdf[/b]
    [b]wsiskg report connect2020 --format html -o connect2020.html[/b]
    [b]wsiskg report evidence-quality[/b]

    Markdown written to a file has its charts in SVG files beside it.
    """
    from wsiskg.cli import output
    from wsiskg.cli.papers import check_format, write_bytes
    from wsiskg.graph.release import current_release
    from wsiskg.model.codes import is_isodate
    from wsiskg.model.errors import UsageError
    from wsiskg.reports.renderings import FORMATS, render_report
    from wsiskg.reports.writing import KINDS, kind_of, write_report

    if kind is None:
        for known in KINDS.values():
            typer.echo(f"{known.name} {known.example}".ljust(20) + known.text)
        return
    output.LANGUAGE = output.check_language(language)
    kind_of(kind)
    form = form or (_SUFFIXES.get(output_file.suffix.lower(), "") if output_file else "") or "text"
    if check_format(form, tuple(FORMATS)) and FORMATS[form].binary and output_file is None:
        raise UsageError(f"a report as {form} goes into a file", f"Add -o report.{form}")
    if day and not (is_isodate(day) and len(day) == len("YYYY-MM-DD")):
        raise UsageError(f"'{day}' is no date", "Write it as 2027-07-01.")
    release = current_release(settings_with(data).data)
    with output.progress() as step:
        step("Asking")
        found = write_report(release, kind, name, language, day or date.today().isoformat())
        step("Writing")
        if form == "md" and output_file is not None:
            from wsiskg.reports.markdown import as_markdown, chart_files

            pictures = chart_files(found, output_file.stem)
            content = as_markdown(found, output_file.stem).encode()
        else:
            pictures, content = {}, render_report(found, form)
    for picture, svg in pictures.items():
        write_bytes(svg.encode(), (output_file or Path()).with_name(picture))
    write_bytes(content, output_file)
