"""What a report says, apart from how it looks: titles, paragraphs, tables, charts, notes.

Each number knows the question of the catalogue that it was read from, and how, so that a reader can ask again.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from urllib.parse import urlencode

from wsiskg.matrix.papers.paper import Column

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Chart",
    "Code",
    "Derived",
    "Figure",
    "Note",
    "Number",
    "Paragraph",
    "Part",
    "Point",
    "Question",
    "Reading",
    "Record",
    "Report",
    "Table",
    "Text",
    "figures_of",
    "plain_value",
    "questions_of",
    "say",
]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the catalogue with the codes of all its parameters."""

    name: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def command(self) -> str:
        """The command that asks it."""
        return shlex.join(["wsiskg", "query", self.name, *(f"{name}={value}" for name, value in self.parameters)])

    @property
    def address(self) -> str:
        """Where a server answers it."""
        return f"/queries/{self.name}" + (f"?{urlencode(self.parameters)}" if self.parameters else "")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a number is read from the rows of an answer.

    Attributes:
        how: ``rows`` counts rows, ``distinct`` the different values of a column that are not empty; ``sum`` adds up a
            column, ``value`` is the cell of a column in the one row that is left.
        column: the column; empty for ``rows``.
        where: columns and the values, one of which a row must have to be looked at.

    """

    how: str
    column: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def keeps(self, row: Mapping[str, str]) -> bool:
        """Say whether a row is looked at."""
        return all(row[column] in values for column, values in self.where)

    def of(self, rows: Iterable[Mapping[str, str]]) -> int | float:
        """Return the number; 0 where no row is left, or the cell is empty."""
        kept = [row for row in rows if self.keeps(row)]
        if self.how == "rows":
            return len(kept)
        if self.how == "distinct":
            return len({row[self.column] for row in kept} - {""})
        values = [_number(row[self.column]) for row in kept if row[self.column]]
        return sum(values) if self.how == "sum" else values[0] if values else 0


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was read from an answer."""

    value: int | float
    question: Question
    reading: Reading


@dataclass(frozen=True, slots=True)
class Derived:
    """A number worked out from others: ``share`` (the first in percent of the second), ``difference`` or ``sum``."""

    operation: str
    parts: tuple["Figure", ...]

    @property
    def value(self) -> int | float:
        """The number, rounded to three decimals; 0 for a share of nothing."""
        values = [part.value for part in self.parts]
        if self.operation == "sum":
            return sum(values)
        if self.operation == "difference":
            found = values[0] - values[1]
            return found if isinstance(found, int) else round(found, 3)
        return round(100 * values[0] / values[1]) if values[1] else 0


Figure = Number | Derived


@dataclass(frozen=True, slots=True)
class Code:
    """What is typed as it stands, such as a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words with numbers and commands between them; ``asked`` are questions that gave it words."""

    parts: tuple[str | Figure | Code, ...]
    asked: tuple[Question, ...] = ()

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question behind it, each once."""
        return tuple(dict.fromkeys([*questions_of(_in_text(self)), *self.asked]))


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: Text


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph set apart: what a reader must know of the numbers."""

    text: Text


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of points."""

    items: tuple[Text, ...]


Cell = str | int | Figure | None
Record = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns are those of a paper, its cells may be numbers with their question.

    ``widths`` are shares of the width of the page by column, ``after`` says what the table leaves out, ``asked`` are
    questions that gave it words.
    """

    caption: str
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    after: Text | None = None
    widths: tuple[int, ...] = ()
    asked: tuple[Question, ...] = ()

    def is_numeric(self, key: str) -> bool:
        """Say whether a column holds nothing but numbers, at least one."""
        values = [record[key] for record in self.records if record[key] is not None]
        return bool(values) and all(isinstance(value, Number | Derived) for value in values)


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a chart: where it stands, how high, and of which series."""

    x: str
    y: Figure
    series: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart.

    Attributes:
        caption: what stands below it.
        alt: what it shows, for those who do not see it.
        kind: ``columns`` (upright, by time or order), ``bars`` (lying, by name) or ``lines`` (by year).
        x: name of what the points stand at.
        y: name of what is counted.
        points: in the order of the sheet.
        series: names of the series in the order of their colours; empty where there is one.
        aims: values to draw a line at, by name.

    """

    caption: str
    alt: str
    kind: str
    x: str
    y: str
    points: tuple[Point, ...]
    series: tuple[str, ...] = ()
    aims: tuple[tuple[str, Figure], ...] = ()


Block = Paragraph | Note | Bullets | Table | Chart


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands below it; ``level`` 2 is a chapter, 3 a section of one."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True, slots=True)
class Report:
    """A report.

    Attributes:
        kind: such as ``action-line``.
        code: of its subject, empty where there is none.
        title: of the whole.
        subtitle: what kind of report it is.
        lead: what is said before the first heading.
        parts: in their order.
        language: of its texts.
        release: id of the release that answered.
        date: day it was written, ISO 8601.
        command: that writes it again.
        asked: every question that was asked for it, those that gave it words alone too.

    """

    kind: str
    code: str
    title: str
    subtitle: str
    lead: tuple[Block, ...]
    parts: tuple[Part, ...]
    language: str
    release: str
    date: str
    command: str
    asked: tuple[Question, ...] = ()

    def blocks(self) -> Iterator[Block]:
        """Yield every block in order."""
        yield from self.lead
        for part in self.parts:
            yield from part.blocks

    def numbers(self) -> Iterator[Number]:
        """Yield every number in order, those behind derived ones too."""
        for block in self.blocks():
            for figure in figures_of(block):
                yield from _numbers(figure)

    def questions(self) -> tuple[Question, ...]:
        """Return every question, first those that numbers were read from, in the order of their use."""
        return tuple(dict.fromkeys([*(number.question for number in self.numbers()), *self.asked]))


def say(template: str, **facts: str | int | Figure | Code | Text) -> Text:
    """Return a template of `str.format` with its fields filled: by words, numbers, commands, or texts."""
    parts: list[str | Figure | Code] = []
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            parts.append(literal)
        if name is not None:
            value = facts[name]
            parts += value.parts if isinstance(value, Text) else [str(value) if isinstance(value, int) else value]
    return Text(tuple(parts))


def figures_of(block: Block) -> Iterator[Figure]:
    """Yield the numbers of one block in order."""
    match block:
        case Paragraph() | Note():
            yield from _in_text(block.text)
        case Bullets():
            for item in block.items:
                yield from _in_text(item)
        case Table():
            for record in block.records:
                yield from (cell for cell in record.values() if isinstance(cell, Number | Derived))
            if block.after:
                yield from _in_text(block.after)
        case Chart():
            yield from (point.y for point in block.points)
            yield from (figure for _, figure in block.aims)


def questions_of(figures: Iterable[Figure]) -> tuple[Question, ...]:
    """Return the questions behind numbers, each once."""
    return tuple(dict.fromkeys(number.question for figure in figures for number in _numbers(figure)))


def plain_value(cell: Cell) -> str | int | float | None:
    """Return a cell without its question."""
    return cell.value if isinstance(cell, Number | Derived) else cell


def _in_text(text: Text) -> Iterator[Figure]:
    yield from (part for part in text.parts if isinstance(part, Number | Derived))


def _numbers(figure: Figure) -> Iterator[Number]:
    if isinstance(figure, Number):
        yield figure
    else:
        for part in figure.parts:
            yield from _numbers(part)


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdigit() else float(text)
