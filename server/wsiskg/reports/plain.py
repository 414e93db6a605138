"""A report for programs, as JSON, and for the terminal, as a paper."""

import json
from collections.abc import Mapping
from typing import Any

from wsiskg.matrix.papers.paper import Column, Paper, Section
from wsiskg.reports.content import (
    Block,
    Bullets,
    Cell,
    Chart,
    Derived,
    Figure,
    Note,
    Number,
    Paragraph,
    Report,
    Table,
    Text,
    plain_value,
)
from wsiskg.reports.texts import words
from wsiskg.reports.wording import Frame, plain_text

__all__ = ["as_json", "as_paper"]

Json = Any


def as_json(report: Report) -> str:
    """Return the report as JSON: each number with the question it was read from, and how."""
    frame = Frame(report)
    document = {
        "report": report.kind, "code": report.code, "title": report.title, "subtitle": report.subtitle,
        "language": report.language, "release": report.release, "date": report.date, "command": report.command,
        "questions": [
            {"number": n, "query": q.name, "parameters": dict(q.parameters), "command": q.command, "address": q.address}
            for q, n in frame.questions.items()
        ],
        "lead": [_block(block, frame) for block in report.lead],
        "parts": [
            {"title": part.title, "level": part.level, "blocks": [_block(block, frame) for block in part.blocks]}
            for part in report.parts
        ],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _block(block: Block, frame: Frame) -> Json:
    match block:
        case Paragraph():
            return {"paragraph": _text(block.text, frame)}
        case Note():
            return {"note": _text(block.text, frame)}
        case Bullets():
            return {"bullets": [_text(item, frame) for item in block.items]}
        case Table():
            found = {
                "caption": block.caption,
                "columns": [{"key": column.key, "title": column.title} for column in block.columns],
                "records": [{c.key: _cell(record[c.key], frame) for c in block.columns} for record in block.records],
            }
            found |= {"after": _text(block.after, frame)} if block.after else {}
            return {"table": found | {"questions": list(frame.marks_of(block))}}
        case Chart():
            points = [{"x": p.x, "y": _figure(p.y, frame), "series": p.series} for p in block.points]
            aims = [{"name": name, "y": _figure(figure, frame)} for name, figure in block.aims]
            said = {"caption": block.caption, "alt": block.alt, "x": block.x, "y": block.y}
            return {"chart": {**said, "points": points, "aims": aims}}


def _text(text: Text, frame: Frame) -> Json:
    numbers = [_figure(part, frame) for part in text.parts if isinstance(part, Number | Derived)]
    found = {"text": plain_text(text, frame.report.language), "numbers": numbers}
    return found | ({"questions": list(frame.marks(text.questions))} if text.asked else {})


def _cell(cell: Cell, frame: Frame) -> Json:
    return _figure(cell, frame) if isinstance(cell, Number | Derived) else cell


def _figure(figure: Figure, frame: Frame) -> Mapping[str, Json]:
    if isinstance(figure, Derived):
        parts = [_figure(part, frame) for part in figure.parts]
        return {"value": figure.value, "operation": figure.operation, "parts": parts}
    reading = figure.reading
    found: dict[str, Json] = {"value": figure.value, "question": frame.questions[figure.question], "read": reading.how}
    if reading.column:
        found["column"] = reading.column
    if reading.where:
        found["where"] = {column: values[0] if len(values) == 1 else list(values) for column, values in reading.where}
    return found


def as_paper(report: Report) -> Paper:
    """Return the report as a paper, which the terminal shows; charts are tables of their values."""
    language = report.language
    frame = Frame(report)
    sections: list[Section] = []
    for title, blocks in [("", report.lead), *((part.title, part.blocks) for part in report.parts)]:
        sections += _sections(title, blocks, frame)
    end = words("numbers-lead" if frame.questions else "numbers-none", language).format(
        release=report.release, date=report.date, command=report.command
    )
    listed = [f"[{number}] {question.command}" for question, number in frame.questions.items()]
    sections.append(Section(words("numbers-title", language), (end, *listed)))
    return Paper(report.title, (f"{report.subtitle}, {report.date}",), sections, language=language)


def _sections(title: str, blocks: tuple[Block, ...], frame: Frame) -> list[Section]:
    """Return sections of at most one table each."""
    language = frame.report.language
    found: list[Section] = []
    said: list[str] = []
    for block in blocks:
        match block:
            case Paragraph() | Note():
                said.append(plain_text(block.text, language) + _marks(block, frame))
            case Bullets():
                said += [f"- {plain_text(item, language)}" for item in block.items]
            case Table():
                after = (plain_text(block.after, language),) if block.after else ()
                records = [{key: plain_value(cell) for key, cell in record.items()} for record in block.records]
                said.append(_caption(block, frame))
                found.append(Section("" if found else title, said, block.columns, records, after))
                said = []
            case Chart():
                keys = ("x", *(("series",) if block.series else ()), "y")
                names = {"x": block.x, "series": "", "y": block.y}
                columns = [Column(key, names[key], language=language) for key in keys]
                values = [{"x": p.x, "series": p.series, "y": p.y.value} for p in block.points]
                said.append(_caption(block, frame))
                found.append(Section("" if found else title, said, columns, values))
                said = []
    return [*found, Section("" if found else title, said)] if said or not found else found


def _caption(block: Table | Chart, frame: Frame) -> str:
    before, number, after = frame.caption(block)
    return f"{before}{number}{after}{_marks(block, frame)}"


def _marks(block: Block, frame: Frame) -> str:
    numbers = frame.marks_of(block)
    return f" [{', '.join(map(str, numbers))}]" if numbers else ""
