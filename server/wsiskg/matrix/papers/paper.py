"""A paper for officers: titled sections of text and tables, written as text, Markdown, HTML, JSON or CSV.

What a paper says is decided elsewhere; here is only how it is written.
"""

import csv
import html
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wsiskg.rules.report import spreadsheet_safe

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "Cell",
    "Column",
    "Paper",
    "Record",
    "Section",
    "Value",
    "as_csv",
    "as_html",
    "as_json",
    "as_markdown",
    "columns_named",
    "markdown_text",
    "number_text",
    "print_paper",
]

Value = str | int | float | bool | None | Sequence[str]
Record = Mapping[str, Value]
Texts = Mapping[str, str]

_CONTINENTAL = str.maketrans({",": "\u202f", ".": ","})
_WORD, _BETWEEN = 14, 2
_STYLES = {"validated": "green", "insufficient-evidence": "yellow", "contested": "red", "retired": "dim"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        key: name of the value in a record, and heading in CSV.
        title: heading for people.
        shown: whether people see it; programs always do.
        names: what people read instead of a value, by value.
        language: that numbers are written in.

    """

    key: str
    title: str
    shown: bool = True
    names: Mapping[Value, str] = field(default_factory=dict)
    language: str = "en"

    def text(self, record: Record) -> str:
        """Return the cell as people read it."""
        value = record[self.key]
        if isinstance(value, str | int | float) and value in self.names:
            return self.names[value]
        if isinstance(value, str):
            return value
        if isinstance(value, int | float):
            return str(value) if self.key.endswith("year") or self.key == "row" else number_text(value, self.language)
        return "" if value is None else "; ".join(value)


def columns_named(
    keys: Iterable[str], titles: Mapping[str, Texts], language: str, names: Mapping[str, Mapping[str, Texts]]
) -> list[Column]:
    """Return columns in one language.

    Args:
        keys: of the columns, in order.
        titles: of columns by key, in every language.
        language: of titles, names and numbers.
        names: what people read instead of a value, by key and value, in every language.

    """
    return [
        Column(
            key, titles[key][language], True,
            {value: texts[language] for value, texts in names.get(key, {}).items()}, language,
        )
        for key in keys
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A value where a column and a record meet."""

    column: Column
    record: Record

    @property
    def value(self) -> Value:
        """The value as programs read it."""
        return self.record[self.column.key]

    @property
    def text(self) -> str:
        """The value as people read it."""
        return self.column.text(self.record)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what is said before the table, the table, and what is said after it.

    ``labels`` says how many of the first columns name a record: people then see one column a record, not one row.
    """

    title: str = ""
    before: Sequence[str] = ()
    columns: Sequence[Column] = ()
    records: Sequence[Record] = ()
    after: Sequence[str] = ()
    labels: int = 0

    def grid(self) -> tuple[list[str], list[list[Cell]]]:
        """Return the headings and the rows that people see."""
        shown = [column for column in self.columns if column.shown]
        if not self.labels:
            return [c.title for c in shown], [[Cell(c, r) for c in shown] for r in self.records]
        named = [", ".join(c.text(r) for c in shown[: self.labels]) for r in self.records]
        return ["", *named], [
            [Cell(Column("", c.title), {"": c.title}), *(Cell(c, r) for r in self.records)]
            for c in shown[self.labels :]
        ]


@dataclass(frozen=True, slots=True)
class Paper:
    """A title, an introduction, sections, and a last word; ``about`` is what programs are told besides the records."""

    title: str
    lead: Sequence[str]
    sections: Sequence[Section]
    end: Sequence[str] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"


def number_text(value: float, language: str) -> str:
    """Return a number as people write it: English ``1,234`` and ``0.5``, French and Spanish ``1 234`` and ``0,5``.

    Fractions are rounded to three significant digits.
    """
    text = f"{value:,}" if isinstance(value, int) else f"{value:.3g}"
    return text if language == "en" else text.translate(_CONTINENTAL)


def print_paper(paper: Paper, console: "Console") -> None:
    """Print a paper for people, with colours where the console has them."""
    from rich import box
    from rich.markup import escape
    from rich.table import Column as RichColumn
    from rich.table import Table

    def say(lines: Sequence[str]) -> None:
        for line in lines:
            console.print(escape(line), soft_wrap=not console.is_terminal)

    console.print(f"[bold]{escape(paper.title)}[/bold]", soft_wrap=not console.is_terminal)
    say(paper.lead)
    for section in paper.sections:
        if section.title:
            console.print(f"\n[bold]{escape(section.title)}[/bold]", soft_wrap=not console.is_terminal)
        say(section.before)
        if section.records:
            headings, rows = section.grid()
            right = [all(_is_number(row[i].value) for row in rows) for i in range(len(headings))]
            columns = (
                RichColumn(
                    escape(heading),
                    justify="right" if number else "left",
                    overflow="fold",
                    no_wrap=bool(section.labels) and not heading,
                    min_width=width,
                )
                for heading, number, width in zip(headings, right, _widths(headings, rows, console.width), strict=True)
            )
            table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, show_edge=False)
            for row in rows:
                table.add_row(*(_styled(cell.value, escape(cell.text)) for cell in row))
            console.print(table)
        say(section.after)
    if paper.end:
        console.print()
        say(paper.end)


def as_markdown(paper: Paper) -> str:
    """Return a paper as Markdown (GitHub's tables)."""
    lines = [f"# {markdown_text(paper.title)}", ""]
    lines += [line for text in paper.lead for line in (markdown_text(text), "")]
    for section in paper.sections:
        lines += [f"## {markdown_text(section.title)}", ""] if section.title else []
        lines += [line for text in section.before for line in (markdown_text(text), "")]
        if section.records:
            headings, rows = section.grid()
            lines.append("| " + " | ".join(map(markdown_text, headings)) + " |")
            lines.append("|" + " --- |" * len(headings))
            lines += ["| " + " | ".join(markdown_text(cell.text) for cell in row) + " |" for row in rows]
            lines.append("")
        lines += [line for text in section.after for line in (markdown_text(text), "")]
    lines += [line for text in paper.end for line in (markdown_text(text), "")]
    return "\n".join(lines).rstrip("\n") + "\n"


_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; line-height: 1.4; max-width: 75rem; margin: 1rem auto; padding: 0 1rem }}
div {{ overflow-x: auto }}
table {{ border-collapse: collapse }}
th, td {{ border: 1px solid #767676; padding: .2rem .5rem; text-align: start; vertical-align: top }}
th {{ background: #eee }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""


def as_html(paper: Paper) -> str:
    """Return a paper as one HTML page that loads nothing."""
    parts = [_p(text) for text in paper.lead]
    for section in paper.sections:
        if section.title:
            parts.append(f"<h2>{html.escape(section.title)}</h2>")
        parts += [_p(text) for text in section.before]
        if section.records:
            headings, grid = section.grid()
            head = "".join(f'<th scope="col">{html.escape(heading)}</th>' for heading in headings)
            rows = ("<tr>" + "".join(f"<td>{html.escape(c.text)}</td>" for c in row) + "</tr>" for row in grid)
            label = html.escape(section.title or paper.title)
            parts.append(
                f'<div tabindex="0" role="region" aria-label="{label}"><table>\n<thead><tr>{head}</tr></thead>'
            )
            parts += ["<tbody>", *rows, "</tbody>", "</table></div>"]
        parts += [_p(text) for text in section.after]
    parts += [_p(text) for text in paper.end]
    return _PAGE.format(language=paper.language, title=html.escape(paper.title), body="\n".join(parts))


def as_json(paper: Paper) -> str:
    """Return what programs are told: ``about``, which holds the records too."""
    return json.dumps(paper.about, ensure_ascii=False, indent=1) + "\n"


def as_csv(columns: Sequence[Column], records: Sequence[Record]) -> str:
    """Return records as CSV (RFC 4180); no text can be read as a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(c.key for c in columns)
    writer.writerows([_csv(r[c.key]) for c in columns] for r in records)
    return out.getvalue()


def _widths(headings: Sequence[str], rows: Sequence[Sequence[Cell]], room: int) -> list[int]:
    """Return how wide each column is at least, so that words are not cut: only the longest, as far as room asks."""
    texts = [[heading, *(row[i].text for row in rows)] for i, heading in enumerate(headings)]
    widths = [min(_WORD, max((len(word) for text in column for word in text.split()), default=1)) for column in texts]
    while sum(widths) + _BETWEEN * len(widths) > room and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1
    return widths


def _is_number(value: Value) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _styled(value: Value, text: str) -> str:
    style = _STYLES.get(value) if isinstance(value, str) else None
    return f"[{style}]{text}[/{style}]" if style else text


def _csv(value: Value) -> str | int | float:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    return spreadsheet_safe("" if value is None else value if isinstance(value, str) else "; ".join(value))


def markdown_text(text: str) -> str:
    """Keep text from being read as markup."""
    kept = html.escape(" ".join(text.split()), quote=False)
    return "".join(f"\\{c}" if c in "\\`*_[]|#" else c for c in kept)


def _p(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"
