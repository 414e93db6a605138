"""The workbook that agencies fill in: headers, lists to choose from, notes, examples, in one of three languages."""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wsiskg.matrix.columns import CHOICES, COLUMNS, RATIONALE, Column, rationale_attribute
from wsiskg.matrix.reference import Session, read_reference
from wsiskg.matrix.template_texts import EXAMPLE_ROWS, SHEETS, TEXTS
from wsiskg.model.codes import FORMATS, natural_key, parent_line, sdg_goal_of
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import LANGUAGES
from wsiskg.tables.rows import Row, Tables

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["OTHER_SHEETS", "PROPERTIES", "VERSION", "write_template"]

VERSION = "1"
"""Version of the template; grows when a column changes its meaning."""

PROPERTIES = {
    "template": "wsiskg-template",
    "language": "wsiskg-language",
    "edition": "wsiskg-edition",
    "hlpf": "wsiskg-hlpf",
}
"""Names of the custom document properties that say what the workbook is for."""

OTHER_SHEETS = frozenset(title for kind, titles in SHEETS.items() if kind != "proposals" for title in titles.values())
"""Titles, in all languages, of the template's sheets that hold no proposals."""

_MADE = datetime(2026, 11, 26, tzinfo=UTC)  # of this version: the same input gives the same bytes
_SPACES = re.compile(r"(?<=«) | (?=[»:;])")  # that must not break
_ROWS = 20_000  # that lists and checks of cells reach
_DARK, _LIGHT, _ROW, _PAPER = "#1B4F72", "#D6E4F0", "#F7F9FB", "#FFF8E1"
_WIDTHS = {"line": 14, "sdg": 14, "change": 13, "proposed_by": 17, "shared": 15, "confidence": 12, "sources": 32,
           "reason": 36, "note": 32, "decision": 14, "decision_reason": 36}  # fmt: skip
_RATIONALE_WIDTH, _OTHER_RATIONALE_WIDTH = 56, 30
_A3, _A4 = 8, 9
_AS_TEXT = 49  # built-in number format "@"
_NAME_WIDTH, _STEP_WIDTH, _LABEL_WIDTH = 100, 110, 32
_FROZEN = 2  # columns that stay in view: the two ends of the link


def write_template(tables: Tables, language: str, edition: str, hlpf: str) -> bytes:
    """Return an empty workbook for proposals.

    Args:
        tables: where codes, names, agencies and the examples come from.
        language: of headers, notes, names and choices: one of `LANGUAGES`.
        edition: code of the edition that the proposals are for, empty if it is open.
        hlpf: code of the HLPF session that the edition follows, empty if it is open.

    Raises:
        UsageError: there is no such language or session, or ``edition`` cannot be a code.

    """
    if language not in LANGUAGES:
        raise UsageError(f"There is no template in '{language}'.", f"Choose one of: {', '.join(LANGUAGES)}.")
    if edition and not FORMATS["slug"](edition):
        raise UsageError(f"'{edition}' cannot be the code of an edition.", "Use letters and digits, such as 2023.")
    sessions = read_reference(tables).sessions
    if hlpf and hlpf not in sessions:
        raise UsageError(f"There is no HLPF session '{hlpf}'.", f"Known: {', '.join(sorted(sessions))}.")
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, options) as workbook:
        _Template(workbook, tables, language).write(edition, sessions.get(hlpf))
        for key, value in (("template", VERSION), ("language", language), ("edition", edition), ("hlpf", hlpf)):
            workbook.set_custom_property(PROPERTIES[key], value, "text")
    return stream.getvalue()


class _Template:
    """One workbook being written."""

    def __init__(self, workbook: "Workbook", tables: Tables, language: str) -> None:
        self.workbook, self.tables, self.language = workbook, tables, language
        self.reference = read_reference(tables)
        text = {"text_wrap": True, "valign": "top"}
        head = {**text, "bold": True, "border": 1, "border_color": "#8FA9BF", "valign": "vcenter"}
        self.required = self._format({**head, "bg_color": _DARK, "font_color": "#FFFFFF"})
        self.optional = self._format({**head, "bg_color": _LIGHT, "font_color": "#12344D"})
        self.text = self._format({**text, "num_format": _AS_TEXT})
        self.number = self._format({**text, "num_format": "0.00", "align": "left"})
        self.strong = self._format({**text, "bold": True, "bg_color": _ROW, "num_format": _AS_TEXT})
        self.example = self._format({**text, "italic": True, "font_color": "#5F6A6A", "num_format": _AS_TEXT})
        self.banner = self._format({**text, "bold": True, "bg_color": _PAPER, "border": 1, "border_color": "#E0C060"})
        self.title = self._format({"bold": True, "font_size": 16, "font_color": _DARK})

    def write(self, edition: str, session: Session | None) -> None:
        """Write all sheets."""
        sheets = {kind: self.workbook.add_worksheet(titles[self.language]) for kind, titles in SHEETS.items()}
        lists = {
            "line": self._list(sheets["lines"], [self._say("code"), self._say("name")], self._lines()),
            "sdg": self._list(sheets["sdgs"], [self._say("code"), self._say("name")], self._sdgs()),
            "proposed_by": self._list(
                sheets["agencies"], [self._say("acronym"), self._say("name"), self._say("code")], self._agencies()
            ),
            **self._choices(sheets["choices"]),
        }
        self._proposals(sheets["proposals"], lists)
        self._guide(sheets["guide"], edition, session)
        self._examples(sheets["examples"])
        for kind, sheet in sheets.items():
            wide = kind in {"proposals", "examples"}
            sheet.set_landscape()
            sheet.set_paper(_A3 if wide else _A4)
            sheet.fit_to_pages(2 if wide else 1, 0)
            sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        sheets["proposals"].activate()
        self.workbook.set_properties({"title": self._say("title"), "created": _MADE})

    def _format(self, properties: Mapping[str, object]) -> "Format":
        return self.workbook.add_format({"font_name": "Calibri", "font_size": 11, **properties})

    def _say(self, key: str) -> str:
        return _SPACES.sub("\u00a0", TEXTS[key][self.language])

    def _choice(self, attribute: str, value: str) -> str:
        return CHOICES[attribute][value][self.language]

    def _header(self, sheet: "Worksheet", row: int, start: int) -> None:
        for number, column in enumerate(COLUMNS, start):
            shown = self.required if column.required else self.optional
            sheet.write_string(row, number, column.titles[self.language], shown)
            sheet.set_column(number, number, self._width(column), self._cell(column))

    def _width(self, column: Column) -> int:
        if column.attribute == rationale_attribute(self.language):
            return _RATIONALE_WIDTH
        return _OTHER_RATIONALE_WIDTH if column.attribute.startswith(RATIONALE) else _WIDTHS[column.attribute]

    def _cell(self, column: Column) -> "Format":
        return self.number if column.attribute == "confidence" else self.text

    def _proposals(self, sheet: "Worksheet", lists: Mapping[str, str]) -> None:
        sheet.set_tab_color(_DARK)
        self._header(sheet, 0, 0)
        sheet.set_row(0, 34)
        sheet.freeze_panes(1, _FROZEN)
        sheet.repeat_columns(0, _FROZEN - 1)
        sheet.repeat_rows(0)
        for number, column in enumerate(COLUMNS):
            note = column.notes[self.language]
            size = {"width": 250, "height": 40 + 18 * (len(note) // 34), "font_size": 9}
            sheet.write_comment(0, number, note, {"author": "wsiskg", "color": "#FFFFE1", **size})
            if column.attribute in lists:
                message = self._say("several" if column.attribute == "proposed_by" else "off-list")
                rule: dict[str, object] = {
                    "validate": "list",
                    "source": lists[column.attribute],
                    "error_type": "information" if column.attribute == "proposed_by" else "warning",
                    "error_message": message,
                }
            elif column.attribute == "confidence":
                rule = {
                    "validate": "decimal",
                    "criteria": "between",
                    "minimum": 0,
                    "maximum": 1,
                    "error_message": self._say("confidence"),
                }
            else:
                continue
            sheet.data_validation(1, number, _ROWS, number, {**rule, "error_title": column.titles[self.language][:32]})

    def _list(self, sheet: "Worksheet", header: Sequence[str], rows: Sequence[tuple[bool, tuple[str, ...]]]) -> str:
        """Write a sheet of codes and names and return the range of its first column as a formula."""
        for number, title in enumerate(header):
            sheet.write_string(0, number, title, self.optional)
        for row, (strong, cells) in enumerate(rows, 1):
            for number, cell in enumerate(cells):
                sheet.write_string(row, number, cell, self.strong if strong else self.text)
            sheet.set_row(row, _height((cells[1], _NAME_WIDTH)))
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, _NAME_WIDTH)
        sheet.set_column(2, 2, 16)
        sheet.freeze_panes(1, 0)
        return f"={_quoted(sheet.get_name())}!$A$2:$A${len(rows) + 1}"

    def _lines(self) -> list[tuple[bool, tuple[str, ...]]]:
        codes = [row.text("code") for row in self.tables["action_lines"]]
        return [
            (parent_line(code) is None, (code, self.reference.title(code, self.language)))
            for code in sorted(codes, key=natural_key)
        ]

    def _sdgs(self) -> list[tuple[bool, tuple[str, ...]]]:
        goals = [row.text("code") for row in self.tables["goals"]]
        targets = [row.text("code") for row in self.tables["targets"]]
        codes = sorted([*goals, *targets], key=lambda code: (natural_key(sdg_goal_of(code)), "." in code))
        return [(code in goals, (code, self.reference.title(code, self.language))) for code in codes]

    def _agencies(self) -> list[tuple[bool, tuple[str, ...]]]:
        rows = [
            (self._acronym(row), self.reference.title(row.text("code"), self.language), row.text("code"))
            for row in self.tables["agencies"]
            if row.text("kind") != "project"
        ]
        return [(False, row) for row in sorted(rows, key=lambda row: (row[0].casefold(), row[2]))]

    def _acronym(self, row: Row) -> str:
        own = f"acronym_{self.language}"
        return (row.cells.get(own) or row.text("acronym")) or row.text("code")

    def _choices(self, sheet: "Worksheet") -> dict[str, str]:
        ranges = {}
        titles = {column.attribute: column.titles[self.language] for column in COLUMNS}
        for number, (attribute, choices) in enumerate(CHOICES.items()):
            sheet.write_string(0, number, titles[attribute], self.optional)
            for row, words in enumerate(choices.values(), 1):
                sheet.write_string(row, number, words[self.language], self.text)
            sheet.set_column(number, number, 26)
            letter = "ABCDEFGH"[number]
            ranges[attribute] = f"={_quoted(sheet.get_name())}!${letter}$2:${letter}${len(choices) + 1}"
        return ranges

    def _guide(self, sheet: "Worksheet", edition: str, session: Session | None) -> None:
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, _LABEL_WIDTH)
        sheet.set_column(1, 1, _STEP_WIDTH)
        sheet.write_string(0, 0, self._say("title"), self.title)
        sheet.set_row(0, 26)
        facts = [("edition", edition)] if edition else []
        if session:
            facts.append(("hlpf", f"HLPF {session.code}"))
            if session.goals:
                facts.append(("goals", ", ".join(sorted(session.goals, key=int))))
        row = 1
        for key, value in facts:
            row += 1
            sheet.write_string(row, 0, self._say(key), self.optional)
            sheet.write_string(row, 1, value, self.text)
            sheet.set_row(row, _height((self._say(key), _LABEL_WIDTH - 4)))
        names = {kind: titles[self.language] for kind, titles in SHEETS.items()}
        titles = {column.attribute: column.titles[self.language] for column in COLUMNS}
        steps = [key for key in TEXTS if key.startswith("step-")]
        row += 1
        for number, key in enumerate(steps, 1):
            row += 1
            text = self._say(key).format(
                **names, yes=self._choice("shared", "yes"), shared=titles["shared"], change=titles["change"]
            )
            sheet.write_string(row, 0, f"{number}.", self.strong)
            sheet.write_string(row, 1, text, self.text)
            sheet.set_row(row, _height((text, _STEP_WIDTH)) + 4)

    def _examples(self, sheet: "Worksheet") -> None:
        sheet.set_tab_color("#E0C060")
        edition, rows = self._example_rows()
        self._header(sheet, 1, 1)
        for number, column in enumerate(COLUMNS, 1):
            sheet.set_column(number, number, self._width(column), self.example)
        sheet.set_column(0, 0, _LABEL_WIDTH, self.example)
        sheet.merge_range(0, 0, 0, 5, self._say("examples").format(edition=edition), self.banner)
        sheet.set_row(0, 36)
        sheet.set_row(1, 34)
        sheet.write_string(1, 0, self._say("shows"), self.optional)
        sheet.freeze_panes(2, 3)
        for number, cells in enumerate(rows, 2):
            for place, cell in enumerate(cells):
                if cell:
                    sheet.write_string(number, place, cell, self.example)
            widths = [_LABEL_WIDTH, *(self._width(column) for column in COLUMNS)]
            sheet.set_row(number, _height(*zip(cells, widths, strict=True)))

    def _example_rows(self) -> tuple[str, list[list[str]]]:
        """Return the edition that the examples are from, and those of its links that it holds."""
        found = self.tables.groups("links")
        edition = max(found, default="")
        links = {(row.text("action_line"), row.text("target")): row for row in found[edition]} if found else {}
        texts = {row.text("id"): row for row in self.tables.groups("rationales").get(edition, ())}
        acronyms = {row.text("code"): self._acronym(row) for row in self.tables["agencies"]}
        rows = []
        for line, sdg, change, shared, reason, shows in EXAMPLE_ROWS:
            if (link := links.get((line, sdg))) is None:
                continue
            said = texts.get(link.text("rationale"))
            cells = {
                "line": line,
                "sdg": sdg,
                "change": self._choice("change", change),
                rationale_attribute(self.language): said.text(f"text_{self.language}") if said else "",
                "proposed_by": "; ".join(acronyms[code] for code in link.values("proposed_by")),
                "shared": self._choice("shared", "yes") if shared else "",
                "sources": " | ".join(link.values("source_url")),
                "reason": reason.get(self.language, ""),
            }
            rows.append([shows[self.language], *(cells.get(column.attribute, "") for column in COLUMNS)])
        return edition, rows


def _height(*cells: tuple[str, int]) -> int:
    """Return the points that a row needs for texts wrapped to widths in characters: not every program works it out."""
    return 16 * max(1, *(-(-len(text) // max(width - 1, 1)) for text, width in cells)) + 2


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"
