"""A report as Markdown (GitHub's tables), its charts in files beside it or as tables of their values."""

from collections.abc import Mapping

from wsiskg.matrix.papers.paper import markdown_text
from wsiskg.reports.charts import chart_svg
from wsiskg.reports.content import Block, Bullets, Chart, Code, Note, Paragraph, Report, Table, Text
from wsiskg.reports.texts import words
from wsiskg.reports.wording import Frame, cell_text, clean, figure_text

__all__ = ["as_markdown", "chart_files"]


def chart_files(report: Report, stem: str) -> Mapping[str, str]:
    """Return the charts of a report as SVG, by names of files that begin with ``stem``."""
    charts = [block for block in report.blocks() if isinstance(block, Chart)]
    return {f"{stem}-{number}.svg": chart_svg(chart) + "\n" for number, chart in enumerate(charts, 1)}


def as_markdown(report: Report, stem: str = "") -> str:
    """Return the report as Markdown.

    Args:
        report: what to write.
        stem: beginning of the names of `chart_files`, which are then shown; without it charts are tables.

    """
    frame = Frame(report)
    lines = [f"# {_md(report.title)}", "", f"{_md(report.subtitle)} · {report.date} · `{report.release}`", ""]
    lines += [line for block in report.lead for line in _block(block, frame, stem)]
    for part in report.parts:
        lines += [f"{'#' * part.level} {_md(part.title)}", ""]
        lines += [line for block in part.blocks for line in _block(block, frame, stem)]
    facts = {"release": f"`{report.release}`", "date": report.date, "command": f"`{report.command}`"}
    lead = words("numbers-lead" if frame.questions else "numbers-none", report.language).format(**facts)
    lines += [f"## {words('numbers-title', report.language)}", "", lead, ""]
    lines += [f"{number}. `{question.command}`" for question, number in frame.questions.items()]
    return "\n".join(lines).rstrip("\n") + "\n"


def _block(block: Block, frame: Frame, stem: str) -> list[str]:
    match block:
        case Paragraph():
            return [_text(block.text, frame), ""]
        case Note():
            return [f"> {_text(block.text, frame)}", ""]
        case Bullets():
            return [*(f"* {_text(item, frame)}" for item in block.items), ""]
        case Table():
            return _table(block, frame)
        case Chart():
            return _chart(block, frame, stem)


def _caption(block: Table | Chart, frame: Frame) -> tuple[str, int]:
    before, number, after = frame.caption(block)
    return f"**{_md(f'{before}{number}{after}')}**{_marks(frame.marks_of(block))}", number


def _table(table: Table, frame: Frame) -> list[str]:
    right = [table.is_numeric(column.key) for column in table.columns]
    lines = [_caption(table, frame)[0], ""]
    lines.append("| " + " | ".join(_md(column.title) for column in table.columns) + " |")
    lines.append("|" + "|".join(" ---: " if number else " --- " for number in right) + "|")
    lines += [
        "| " + " | ".join(_md(cell_text(column, record)) for column in table.columns) + " |" for record in table.records
    ]
    return [*lines, "", *([_text(table.after, frame), ""] if table.after else [])]


def _chart(chart: Chart, frame: Frame, stem: str) -> list[str]:
    caption, number = _caption(chart, frame)
    if stem:
        return [f"![{_md(chart.alt)}]({stem}-{number}.svg)", "", caption, ""]
    language = frame.report.language
    several = [chart.x, *([""] if chart.series else []), chart.y]
    lines = [caption, "", "| " + " | ".join(map(_md, several)) + " |", "|" + " --- |" * (len(several) - 1) + " ---: |"]
    for point in chart.points:
        cells = [point.x, *([point.series] if chart.series else []), figure_text(point.y, language)]
        lines.append("| " + " | ".join(map(_md, cells)) + " |")
    return [*lines, ""]


def _text(text: Text, frame: Frame) -> str:
    parts = []
    for part in text.parts:
        if isinstance(part, Code):
            parts.append(f"`{clean(part.text)}`")
        else:
            parts.append(part if isinstance(part, str) else figure_text(part, frame.report.language))
    said = "".join(p if isinstance(o, Code) else _kept(p) for p, o in zip(parts, text.parts, strict=True))
    return " ".join(said.split()) + _marks(frame.marks(text.questions))


def _kept(text: str) -> str:
    """Keep text from being read as markup, with the spaces around it."""
    before, after = " " * text[:1].isspace(), " " * text[-1:].isspace()
    return f"{before}{_md(text)}{after}" if text.strip() else text


def _md(text: str) -> str:
    return markdown_text(clean(text))


def _marks(numbers: tuple[int, ...]) -> str:
    return f" \\[{', '.join(map(str, numbers))}\\]" if numbers else ""
