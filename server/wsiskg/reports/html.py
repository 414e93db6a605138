"""A report as one page of HTML that loads nothing, made for the screen and for print."""

import base64
from collections.abc import Sequence
from html import escape

from wsiskg.reports.charts import chart_png, chart_svg
from wsiskg.reports.content import (
    Block,
    Bullets,
    Chart,
    Code,
    Derived,
    Figure,
    Note,
    Number,
    Paragraph,
    Question,
    Report,
    Table,
    Text,
)
from wsiskg.reports.texts import words
from wsiskg.reports.wording import Frame, by_direction, cell_text, clean, figure_text, is_right_to_left, reading_text

__all__ = ["STYLE", "as_html"]

STYLE = """
:root { color-scheme: light }
body { font-family: "Noto Sans", "Liberation Sans", "Noto Sans Arabic", "Noto Naskh Arabic", "Noto Sans CJK SC",
  sans-serif; font-size: 10pt; line-height: 1.4; color: #1c2430; max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 .2rem; color: #12395f }
.subtitle { margin: 0 0 1rem; color: #51606e; border-bottom: 2px solid #1a5a96; padding-bottom: .6rem }
h2 { font-size: 13.5pt; margin: 1.4rem 0 .4rem; color: #12395f; break-after: avoid }
h3 { font-size: 11pt; margin: 1rem 0 .3rem; color: #1a5a96; break-after: avoid }
p { margin: 0 0 .5rem; orphans: 2; widows: 2 }
.note { background: #eef3f8; border-inline-start: 4px solid #1a5a96; padding: .5rem .8rem; break-inside: avoid }
ul { margin: 0 0 .6rem; padding-inline-start: 1.2rem }
li { margin: 0 0 .25rem; break-inside: avoid }
table { border-collapse: collapse; width: 100%; margin: .2rem 0 .3rem; font-size: 9pt; line-height: 1.3 }
caption { caption-side: top; text-align: start; font-weight: 600; padding: .3rem 0; break-after: avoid }
th, td { padding: .22rem .4rem; text-align: start; vertical-align: top; border-bottom: 1px solid #c9d3dc }
thead { display: table-header-group }
th { background: #1a5a96; color: #fff; font-weight: 600 }
tbody tr:nth-child(even) { background: #f4f7fa }
tr { break-inside: avoid }
.num { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap }
.after { font-size: 8.5pt; color: #51606e }
figure { margin: .6rem 0; break-inside: avoid }
figure img { max-width: 100%; height: auto; display: block }
figcaption { font-weight: 600; font-size: 9pt; margin-top: .2rem }
sup { font-size: 7pt; line-height: 0; color: #51606e }
sup a { color: inherit; text-decoration: none }
code { font-family: "Noto Sans Mono", "DejaVu Sans Mono", monospace; font-size: .86em; overflow-wrap: anywhere }
.numbers { font-size: 8pt }
.numbers ol { margin: 0; padding-inline-start: 1.6rem }
.numbers li { margin: 0 }
@page { size: A4; margin: 18mm 17mm 17mm;
  @bottom-left { content: string(title); font: 7.5pt "Noto Sans", sans-serif; color: #51606e }
  @bottom-right { content: string(page) " " counter(page) "/" counter(pages); font: 7.5pt "Noto Sans", sans-serif;
    color: #51606e } }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 9.2pt; line-height: 1.32 }
  h1 { string-set: title content() }
  .page { string-set: page content(); position: absolute; visibility: hidden }
  h2 { margin-top: .9rem }
  .scroll { break-before: avoid }
  table { font-size: 8.2pt }
  .numbers ol { columns: 2; column-gap: 2rem }
}
@media screen { .page { display: none } .scroll { overflow-x: auto } }
nav { font-size: 9pt; margin: 0 0 1.2rem }
nav a { margin-inline-end: 1rem; color: #1a5a96 }
.numbers a { color: inherit }
@media print { nav { display: none } }
""" + "".join(f".w{share} {{ width: {share}% }}\n" for share in range(5, 91))
"""The one style sheet; a server names it by its hash."""


def as_html(report: Report, links: Sequence[tuple[str, str]] = ()) -> str:
    """Return the report as HTML; all that comes from data is escaped.

    Args:
        report: what to write.
        links: name and address of what a server offers beside it; its questions are then linked too.

    """
    frame = Frame(report)
    named = "".join(f'<a href="{escape(address)}">{escape(name)}</a>' for name, address in links)
    parts = [
        *([f"<nav>{named}</nav>"] if links else []),
        f'<p class="page" aria-hidden="true">{escape(words("page", report.language))}</p>',
        f"<h1>{_isolated(report.title)}</h1>",
        f'<p class="subtitle">{escape(report.subtitle)} · {escape(report.date)} · '
        f"<code>{escape(report.release)}</code></p>",
    ]
    parts += [_block(block, frame) for block in report.lead]
    for part in report.parts:
        parts.append(f"<section><h{part.level}>{_isolated(part.title)}</h{part.level}>")
        parts += [_block(block, frame) for block in part.blocks]
        parts.append("</section>")
    parts.append(_numbers(report, frame, linked=bool(links)))
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(report.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{escape(clean(report.title))}</title>\n<meta name="description" content="{escape(report.subtitle)}">\n'
        f'<meta name="dcterms.created" content="{escape(report.date)}">\n'
        f'<meta name="generator" content="wsiskg">\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n'
        "</body>\n</html>\n"
    )


def _block(block: Block, frame: Frame) -> str:
    match block:
        case Paragraph():
            return f"<p>{_text(block.text, frame)}</p>"
        case Note():
            return f'<p class="note" role="note">{_text(block.text, frame)}</p>'
        case Bullets():
            return "<ul>" + "".join(f"<li>{_text(item, frame)}</li>" for item in block.items) + "</ul>"
        case Table():
            return _table(block, frame)
        case Chart():
            return _chart(block, frame)


def _table(table: Table, frame: Frame) -> str:
    before, number, after = frame.caption(table)
    caption = f"{escape(before)}{number}{_isolated(after)}{_marks(frame.marks_of(table))}"
    kinds = {c.key: ' class="num"' if table.is_numeric(c.key) else "" for c in table.columns}
    widths = "".join(f'<col class="w{width}">' for width in table.widths)
    head = "".join(f'<th scope="col"{kinds[c.key]}>{escape(c.title)}</th>' for c in table.columns)
    rows = []
    for record in table.records:
        cells = []
        for column in table.columns:
            value, text = record[column.key], cell_text(column, record)
            shown = _figure(value, text) if isinstance(value, Number | Derived) else _isolated(text)
            cells.append(f"<td{kinds[column.key]}>{shown}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    after_text = f'<p class="after">{_text(table.after, frame)}</p>' if table.after else ""
    return (
        f'<div class="scroll"><table><caption>{caption}</caption>{f"<colgroup>{widths}</colgroup>" if widths else ""}'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n" + "\n".join(rows) + f"\n</tbody></table></div>{after_text}"
    )


def _chart(chart: Chart, frame: Frame) -> str:
    before, number, after = frame.caption(chart)
    caption = f"{escape(before)}{number}{_isolated(after)}{_marks(frame.marks_of(chart))}"
    return (
        f'<figure><img src="{_picture(chart)}" alt="{escape(clean(chart.alt))}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _picture(chart: Chart) -> str:
    """Return a chart as an address of data; as PNG where letters join, which WeasyPrint sets apart in SVG."""
    if any(is_right_to_left(word) for word in (chart.x, chart.y, *chart.series, *(point.x for point in chart.points))):
        return f"data:image/png;base64,{base64.b64encode(chart_png(chart)).decode()}"
    return f"data:image/svg+xml;base64,{base64.b64encode(chart_svg(chart).encode()).decode()}"


def _text(text: Text, frame: Frame) -> str:
    shown = []
    for part in text.parts:
        if isinstance(part, Code):
            shown.append(f"<code>{escape(clean(part.text))}</code>")
        elif isinstance(part, str):
            shown.append(_isolated(part))
        else:
            shown.append(_figure(part, figure_text(part, frame.report.language)))
    return "".join(shown) + _marks(frame.marks(text.questions))


def _figure(figure: Figure, text: str) -> str:
    return f'<data value="{figure.value}" title="{escape(reading_text(figure))}">{escape(text)}</data>'


def _marks(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    links = ", ".join(f'<a href="#q{number}">{number}</a>' for number in numbers)
    return f" <sup>[{links}]</sup>"


def _numbers(report: Report, frame: Frame, *, linked: bool) -> str:
    facts = {
        "release": f"<code>{escape(report.release)}</code>", "date": escape(report.date),
        "command": f"<code>{escape(report.command)}</code>",
    }  # fmt: skip
    lead = words("numbers-lead" if frame.questions else "numbers-none", report.language).format(**facts)
    items = "".join(
        f'<li id="q{number}">{_question(question, linked)}</li>' for question, number in frame.questions.items()
    )
    listed = f"<ol>{items}</ol>" if items else ""
    title = escape(words("numbers-title", report.language))
    return f'<section class="numbers"><h2>{title}</h2><p>{lead}</p>{listed}</section>'


def _question(question: Question, linked: bool) -> str:
    command = f"<code>{escape(question.command)}</code>"
    return f'<a href="{escape(question.address)}">{command}</a>' if linked else command


def _isolated(text: str) -> str:
    """Escape text, and keep letters written from right to left from turning what stands beside them."""
    pieces = ((escape(piece), turned) for piece, turned in by_direction(clean(text)))
    return "".join(f"<bdi>{piece}</bdi>" if turned else piece for piece, turned in pieces)
