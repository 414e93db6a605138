"""The workbook in which curators judge suggestions, one a row."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from wsiskg.matrix.reference import read_reference
from wsiskg.suggestions.suggest import Suggestion
from wsiskg.suggestions.texts import COLUMNS, DECISIONS, METHODS, SHEETS, TEXTS
from wsiskg.tables.rows import Tables

__all__ = ["REVIEWED", "reason_of", "write_review"]

REVIEWED = (
    "decision", "code", "name", "score", "words", "title", "description", "reason", "curator", "method", "register",
    "project",
)  # fmt: skip
"""Columns of the review, in their order."""

_WIDTHS = (12, 10, 34, 8, 30, 40, 40, 44, 20, 12, 14, 20)
_EDITED = frozenset({"decision", "code", "reason", "curator"})
_MADE = datetime(2026, 11, 26, tzinfo=UTC)  # the same suggestions give the same bytes
_DARK, _LIGHT = "#1B4F72", "#D6E4F0"
_AS_TEXT = 49  # built-in number format "@"
_LINE, _LINES = 15.5, 6  # points of one, and how many are shown
_LONGEST = 200  # characters of a reason, as the table of tags allows
_CELL = 32_767  # characters that a cell holds


def reason_of(suggestion: Suggestion) -> str:
    """Return what may stand as the reason of a tag: the words that speak for it."""
    said = "Title" if all(word in suggestion.entry.title for word in suggestion.words) else "Title and description"
    reason = f"{said}: {', '.join(suggestion.words)}"
    return reason if len(reason) <= _LONGEST else reason[: _LONGEST - 1] + "…"


def write_review(suggestions: Sequence[Suggestion], tables: Tables, language: str) -> bytes:
    """Return the workbook (XLSX); nothing in it is read as a formula.

    Args:
        suggestions: one for each row.
        tables: where names are from.
        language: of headers, names and choices.

    """
    from xlsxwriter import Workbook

    reference = read_reference(tables)
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, options) as workbook:
        text = {"text_wrap": True, "valign": "top", "font_name": "Calibri", "font_size": 11}
        shown, number = workbook.add_format({**text, "num_format": _AS_TEXT}), workbook.add_format(text)
        edited = workbook.add_format({**text, "bold": True, "bg_color": _DARK, "font_color": "#FFFFFF"})
        fixed = workbook.add_format({**text, "bold": True, "bg_color": _LIGHT})
        sheet = workbook.add_worksheet(SHEETS["review"][language])
        for place, (column, width) in enumerate(zip(REVIEWED, _WIDTHS, strict=True)):
            sheet.write_string(0, place, COLUMNS[column][language], edited if column in _EDITED else fixed)
            sheet.set_column(place, place, width, shown)
        for row, suggestion in enumerate(suggestions, 1):
            cells = _cells(suggestion, reference.title(suggestion.code, language), language)
            # Not every program works out the height of wrapped text.
            lines = max(-(-len(cells[c]) // w) for c, w in zip(REVIEWED, _WIDTHS, strict=True) if c in cells)
            sheet.set_row(row, _LINE * min(lines, _LINES))
            for place, column in enumerate(REVIEWED):
                if column == "score":
                    sheet.write_number(row, place, round(suggestion.score, 3), number)
                elif cells[column]:
                    sheet.write_string(row, place, cells[column][:_CELL], shown)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(suggestions), 1), len(REVIEWED) - 1)
        sheet.data_validation(1, 0, max(len(suggestions), 1), 0, {
            "validate": "list", "source": [words[language] for words in DECISIONS.values()],
        })  # fmt: skip
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        guide = workbook.add_worksheet(SHEETS["guide"][language])
        guide.set_column(0, 0, 110, shown)
        titles = {column: names[language] for column, names in COLUMNS.items()}
        choices = {decision: names[language] for decision, names in DECISIONS.items()}
        for row, step in enumerate(("lead", "step-1", "step-2", "step-3", "step-4")):
            guide.write_string(row, 0, TEXTS[step][language].format(**titles, **choices), shown)
        workbook.set_properties({"title": TEXTS["title"][language], "created": _MADE})
    return stream.getvalue()


def _cells(suggestion: Suggestion, name: str, language: str) -> dict[str, str]:
    entry = suggestion.entry
    return {
        "decision": "", "code": suggestion.code, "name": name, "words": ", ".join(suggestion.words),
        "title": entry.title, "description": entry.text.removeprefix(entry.title).strip(),
        "reason": reason_of(suggestion), "curator": "", "method": METHODS[suggestion.method][language],
        "register": entry.register, "project": entry.project,
    }  # fmt: skip
