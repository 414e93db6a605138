"""How the pieces of a report read: numbers as people write them, captions with their number, marks of questions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from wsiskg.matrix.papers.paper import Column, number_text
from wsiskg.reports.content import (
    Block,
    Chart,
    Code,
    Derived,
    Figure,
    Note,
    Paragraph,
    Question,
    Record,
    Report,
    Table,
    Text,
    figures_of,
    plain_value,
    questions_of,
)
from wsiskg.reports.texts import words

__all__ = [
    "Frame",
    "by_direction",
    "cell_text",
    "clean",
    "figure_text",
    "is_right_to_left",
    "plain_text",
    "reading_text",
]

# What XML 1.0 cannot hold, and controls of direction, which could turn the text around them.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]"
)
_LETTERS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"  # Hebrew to Arabic, and their presentation forms
_RIGHT_TO_LEFT = re.compile(f"([{_LETTERS}](?:[{_LETTERS}\\s]*[{_LETTERS}])?)")


def clean(text: str) -> str:
    """Return text without characters that no document may hold."""
    return _NOT_TEXT.sub("", text)


def is_right_to_left(text: str) -> bool:
    """Say whether a text holds letters that are written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def by_direction(text: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is written from right to left."""
    return [(piece, place % 2 == 1) for place, piece in enumerate(_RIGHT_TO_LEFT.split(text)) if piece]


def figure_text(figure: Figure, language: str) -> str:
    """Return a number as people write it in a language."""
    return number_text(figure.value, language)


def plain_text(text: Text, language: str) -> str:
    """Return a text without any markup."""
    return clean("".join(
        part.text if isinstance(part, Code) else part if isinstance(part, str) else figure_text(part, language)
        for part in text.parts
    ))  # fmt: skip


def cell_text(column: Column, record: Record) -> str:
    """Return the cell where a column and a record meet, as people read it; a dash where nothing is known."""
    value = plain_value(record[column.key])
    return "–" if value is None else clean(column.text({column.key: value}))


def reading_text(figure: Figure) -> str:
    """Say how a number was read, for who asks again: the command, and what to do with its answer."""
    if isinstance(figure, Derived):
        return f"{figure.operation}: " + "; ".join(reading_text(part) for part in figure.parts)
    reading = figure.reading
    # A list of codes as long as the answer helps nobody here; JSON has it.
    where = [f"{c} = {v[0]}" if len(v) == 1 else f"{c} in {len(v)} values" for c, v in reading.where]
    what = f"{reading.how} {reading.column}".strip()
    return f"{figure.question.command}: {what}" + (f" where {', '.join(where)}" if where else "")


@dataclass(slots=True)
class Frame:
    """Numbers of tables, figures and questions, given out as a report is written from its beginning to its end."""

    report: Report
    questions: Mapping[Question, int] = field(init=False)
    _counted: dict[str, int] = field(default_factory=lambda: {"table": 0, "figure": 0})

    def __post_init__(self) -> None:
        self.questions = {question: number for number, question in enumerate(self.report.questions(), 1)}

    def marks(self, questions: Iterable[Question]) -> tuple[int, ...]:
        """Return the numbers of questions, sorted."""
        return tuple(sorted({self.questions[question] for question in questions}))

    def marks_of(self, block: Block) -> tuple[int, ...]:
        """Return the numbers of the questions behind a block; what a table leaves out has marks of its own."""
        match block:
            case Paragraph() | Note():
                return self.marks(block.text.questions)
            case Table():
                return self.marks([*questions_of(figures_of(block)), *block.asked])
        return self.marks(questions_of(figures_of(block)))

    def caption(self, block: Table | Chart) -> tuple[str, int, str]:
        """Return the caption of the next table or figure in three parts: what is before its number, that, and after."""
        kind = "table" if isinstance(block, Table) else "figure"
        self._counted[kind] += 1
        before, _, after = words(kind, self.report.language).partition("{number}")
        return before, self._counted[kind], after.replace("{caption}", clean(block.caption))
