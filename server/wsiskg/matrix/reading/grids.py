"""Rows of sheets to proposals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from wsiskg.matrix.columns import CHOICES, COLUMNS, RATIONALE, rationale_attribute
from wsiskg.matrix.proposals import Change, Decision, Proposal
from wsiskg.matrix.reading.headers import Header, column_near, find_header
from wsiskg.matrix.reading.messages import reading_problem
from wsiskg.model.codes import FORMATS, UN_LANGUAGES
from wsiskg.model.problems import LANGUAGES, Origin, Problem, Severity
from wsiskg.tables.cells import text_problem
from wsiskg.tables.recognise.folding import squeeze
from wsiskg.tables.recognise.messages import recognition_problem
from wsiskg.tables.recognise.recognised import Recognised
from wsiskg.tables.recognise.recogniser import Recogniser
from wsiskg.tables.recognise.values import read_decimal, read_flag
from wsiskg.tables.sheets.grid import EMPTY, Cell, Grid, GridRow
from wsiskg.tables.sheets.limits import Limits

__all__ = ["read_grid"]

_BY_ATTRIBUTE = {column.attribute: column for column in COLUMNS}
_PREDICATES = frozenset({"wsissupports", "supports", "httpsw3idorgwsiskgontologysupports"})
_CHANGES: Mapping[str, Change] = {change.value: change for change in Change}
_LANGUAGE_OF_WORD: Mapping[str, str] = {"justification": "fr", "justificacion": "es"}
_LANGUAGE_NAMES: Mapping[str, Mapping[str, str]] = {
    "en": {"en": "English", "fr": "l'anglais", "es": "inglés"},
    "fr": {"en": "French", "fr": "français", "es": "francés"},
    "es": {"en": "Spanish", "fr": "l'espagnol", "es": "español"},
    "ru": {"en": "Russian", "fr": "russe", "es": "ruso"},
    "ar": {"en": "Arabic", "fr": "l'arabe", "es": "árabe"},
    "zh": {"en": "Chinese", "fr": "chinois", "es": "chino"},
}


def read_grid(
    grid: Grid, name: str, recogniser: Recogniser, limits: Limits, language: str = ""
) -> tuple[list[Proposal], list[Problem]] | None:
    """Return the proposals of a sheet and what is to be said of them; None if no row names the columns.

    Args:
        grid: the sheet.
        name: of the file.
        recogniser: tells codes.
        limits: how long a cell may be.
        language: of rationales whose column does not say it; empty: that of its header.

    """
    header = find_header(grid)
    if header is None:
        return None
    sheet = _Sheet(grid, name, recogniser, limits, header, language)
    return sheet.read()


@dataclass(slots=True)
class _Sheet:
    grid: Grid
    name: str
    recogniser: Recogniser
    limits: Limits
    header: Header
    language: str
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> tuple[list[Proposal], list[Problem]]:
        self._say_of_sheet()
        self._say_of_columns()
        filled = _filled(self.grid, self.header)
        proposals = []
        for row in self.grid.rows:
            if row.number <= self.header.row or not any(number in self.header.columns for number in row.cells):
                continue
            if row.hidden:
                self._say("hidden-row", self._origin(row.number), severity=Severity.WARNING)
            proposals.append(_RowReader(self, row, filled.get(row.number, {})).read())
        if not proposals:
            self._say("no-proposals", self._origin(self.header.row))
        if self.grid.gap is not None:
            self._say("gap", self._origin(self.grid.gap), severity=Severity.WARNING)
        return proposals, self.problems

    def _say_of_sheet(self) -> None:
        if self.grid.hidden:
            self._say("hidden-sheet", self._origin(), severity=Severity.WARNING)
        if self.grid.encoding:
            self._say("encoding", self._origin(), severity=Severity.INFO, encoding=self.grid.encoding)

    def _say_of_columns(self) -> None:
        header = self.header
        for column in COLUMNS:
            if column.required and header.column(column.attribute) is None:
                self._say("no-column", self._origin(header.row), title=column.titles)
        for number in header.unknown:
            near = [_BY_ATTRIBUTE[a].titles for a in column_near(header.titles[number]) if a in _BY_ATTRIBUTE][:1]
            hint = {lang: _HINT[lang].format(title[lang]) for title in near for lang in LANGUAGES}
            severity = Severity.WARNING if near else Severity.INFO
            place = self._origin(header.row, number)
            self._say("unknown-column", place, header.titles[number], severity, hint=hint or "")
        for number, before in header.repeated.items():
            place = self._origin(header.row, number)
            self._say("repeated-column", place, header.titles[number], Severity.WARNING, title=header.titles[before])
        for number in sorted(self.grid.hidden_columns & header.columns.keys()):
            self._say("hidden-column", self._origin(header.row, number), severity=Severity.WARNING)
        if (unsaid := header.column(RATIONALE)) is not None:
            language = self.rationale_language(unsaid)
            title = _BY_ATTRIBUTE[rationale_attribute(language)].titles
            place = self._origin(header.row, unsaid)
            self._say(
                "rationale-language", place, header.titles[unsaid], Severity.INFO,
                language=_LANGUAGE_NAMES[language], title=title,
            )  # fmt: skip

    def rationale_language(self, number: int) -> str:
        """Return the language of a column of rationales that does not say it: the file's, else its header's."""
        return self.language or _LANGUAGE_OF_WORD.get(squeeze(self.header.titles[number]), "en")

    def _origin(self, row: int | None = None, number: int | None = None) -> Origin:
        title = self.header.titles.get(number) if number is not None else None
        return Origin(self.name, row, title, self.grid.name, number)

    def _say(
        self, rule: str, origin: Origin, value: str = "", severity: Severity = Severity.VIOLATION, **facts: object
    ) -> None:
        self.problems.append(reading_problem(rule, origin, value, severity, **facts))


_HINT = {"en": " Was '{}' meant?", "fr": " S'agit-il de « {} » ?", "es": " ¿Es «{}»?"}


def _filled(grid: Grid, header: Header) -> Mapping[int, Mapping[int, Cell]]:
    """Return the values of merged blocks for the rows below their first, by row and column."""
    rows = {row.number: row for row in grid.rows}
    found: dict[int, dict[int, Cell]] = {}
    for area in grid.merged:
        if area.first_column not in header.columns or area.first_row <= header.row or area.first_row not in rows:
            continue
        if (value := rows[area.first_row].cells.get(area.first_column)) is None:
            continue
        for number in rows.keys() & set(range(area.first_row + 1, min(area.last_row, grid.rows[-1].number) + 1)):
            found.setdefault(number, {})[area.first_column] = value
    return found


class _RowReader:
    """Reads one row; each method reads one attribute and says what is wrong with it."""

    def __init__(self, sheet: _Sheet, row: GridRow, filled: Mapping[int, Cell]) -> None:
        self.sheet, self.row, self.filled = sheet, row, filled
        self.problems = sheet.problems
        self.cells: dict[str, Origin] = {}

    def read(self) -> Proposal:
        columns = self.sheet.header.columns
        texts = {attribute: self._text(number, attribute) for number, attribute in columns.items()}
        self._sssom()
        return Proposal(
            origin=self._origin(None),
            line=self._line(texts.get("line", "")),
            sdg=self._sdg(texts.get("sdg", "")),
            change=_CHANGES.get(self._choice("change", texts.get("change", ""))),
            rationale=self._rationales(texts),
            proposed_by=self._agencies(texts.get("proposed_by", "")),
            shared=self._shared(texts.get("shared", "")),
            confidence=self._confidence(texts.get("confidence", "")),
            sources=self._sources(texts.get("sources", "")),
            reason=self._plain("reason", texts.get("reason", "")),
            note=self._plain("note", texts.get("note", "")),
            decision=self._decision(texts),
            cells=self.cells,
        )

    def _text(self, number: int, attribute: str) -> str:
        cell = self.row.cells.get(number, EMPTY)
        origin = self._origin(number)
        self.cells[attribute] = origin
        if not cell.text and number in self.filled:
            cell = self.filled[number]
            self._say("merged", origin, cell.text, Severity.INFO)
        if cell.kind == "formula":
            self._say("formula", origin, cell.text)
            return ""
        if cell.kind == "error":
            self._say("cell-error", origin, cell.text)
            return ""
        if cell.cut:
            self._say("cut", origin, cell.text, limit=self.sheet.limits.cell)
            return ""
        return cell.text.strip()

    def _line(self, text: str) -> str:
        return self._code("line", self.sheet.recogniser.action_line(text)) if text else ""

    def _sdg(self, text: str) -> str:
        if not text:
            return ""
        number = self.sheet.header.column("sdg")
        cell = self.row.cells.get(number or 0, EMPTY)
        commas = self.sheet.grid.delimiter == ";"  # a program that separates by semicolons writes decimal commas
        return self._code("sdg", self.sheet.recogniser.sdg(text, cell.kind, commas))

    def _code(self, attribute: str, found: Recognised) -> str:
        if (said := recognition_problem(self.sheet.recogniser, found, self.cells[attribute])) is not None:
            self.problems.append(said)
        return found.code or ""

    def _agencies(self, text: str) -> tuple[str, ...]:
        codes = [self._code("proposed_by", found) for found in self.sheet.recogniser.agencies(text)] if text else []
        return tuple(dict.fromkeys(code for code in codes if code))

    def _choice(self, attribute: str, text: str) -> str:
        """Return which of `CHOICES` is meant, by its value or its word in any language; empty if none."""
        if not text:
            return ""
        for value, words in CHOICES[attribute].items():
            if squeeze(text) in {squeeze(value), *map(squeeze, words.values())}:
                return value
        if attribute == "change" and squeeze(text) == Change.KEEP.value:
            return Change.KEEP.value
        self._say("choice", self.cells[attribute], text, choices=_words(attribute))
        return ""

    def _rationales(self, texts: Mapping[str, str]) -> Mapping[str, str]:
        found = {}
        for language in UN_LANGUAGES:
            if text := self._plain(rationale_attribute(language), texts.get(rationale_attribute(language), "")):
                found[language] = text
        if (number := self.sheet.header.column(RATIONALE)) is not None:
            language = self.sheet.rationale_language(number)
            text = self._plain(RATIONALE, texts.get(RATIONALE, ""))
            if text and language not in found:
                found[language] = text
                self.cells[rationale_attribute(language)] = self.cells[RATIONALE]
        return found

    def _shared(self, text: str) -> bool:
        if not text:
            return False
        if (flag := read_flag(text)) is None:
            self._say("choice", self.cells["shared"], text, choices=_words("shared"))
        return bool(flag)

    def _confidence(self, text: str) -> Decimal | None:
        if not text:
            return None
        number = read_decimal(text)
        if number is None or not 0 <= number <= 1:
            self._say("confidence", self.cells["confidence"], text)
            return None
        return number

    def _sources(self, text: str) -> tuple[str, ...]:
        number = self.sheet.header.column("sources")
        if number is None or not text:
            return ()
        found = []
        link = self.sheet.grid.links.get((self.row.number, number), "")
        parts = [part.strip() for part in text.replace("\n", "|").split("|") if part.strip()]
        if link and len(parts) == 1 and not _is_address(parts[0]):
            parts = [link]
        for part in parts:
            if _is_address(part):
                found.append(part)
            else:
                self._say("address", self.cells["sources"], part)
        return tuple(dict.fromkeys(found))

    def _plain(self, attribute: str, text: str) -> str:
        """Return running text on one line; what cannot be shown as such is said and left out."""
        plain = " ".join(text.split())
        if plain and (found := text_problem(self.cells[attribute], plain)) is not None:
            self.problems.append(found)
            return ""
        return plain

    def _decision(self, texts: Mapping[str, str]) -> Decision | None:
        kind = self._choice("decision", texts.get("decision", ""))
        reason = self._plain("decision_reason", texts.get("decision_reason", ""))
        if kind:
            return Decision(kind, reason)
        if reason and not texts.get("decision"):
            self._say("no-decision", self.cells["decision_reason"], choices=_words("decision"))
        return None

    def _sssom(self) -> None:
        """Hold the relation that an SSSOM row states against ours."""
        for number, title in self.sheet.header.titles.items():
            text = self.row.cells.get(number, EMPTY).text.strip()
            if title == "predicate_id" and text and squeeze(text) not in _PREDICATES:
                self._say("predicate", self._origin(number), text)
            elif title == "predicate_modifier" and text:
                self._say("negated", self._origin(number), text)

    def _origin(self, number: int | None) -> Origin:
        title = None if number is None else self.sheet.header.titles.get(number)
        return Origin(self.sheet.name, self.row.number, title, self.sheet.grid.name, number)

    def _say(
        self, rule: str, origin: Origin, value: str = "", severity: Severity = Severity.VIOLATION, **facts: object
    ) -> None:
        self.problems.append(reading_problem(rule, origin, value, severity, **facts))


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and FORMATS["uri"](text)


def _words(attribute: str) -> Mapping[str, str]:
    return {language: ", ".join(_each(attribute, language)) for language in LANGUAGES}


def _each(attribute: str, language: str) -> Iterator[str]:
    return (words[language] for words in CHOICES[attribute].values())
