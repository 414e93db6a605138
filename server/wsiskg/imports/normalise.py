"""A row of an export to a record: every cell by what its column holds, nothing guessed, nothing lost."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from wsiskg.imports.fields import IGNORE, KEEP, PERSONAL, Kind
from wsiskg.imports.layout import CODED, Layout
from wsiskg.imports.readers.rows import RawRow
from wsiskg.imports.record import Record
from wsiskg.imports.values.addresses import read_addresses
from wsiskg.imports.values.bodies import read_grade, read_stakeholder_type
from wsiskg.imports.values.countries import CountryReader
from wsiskg.imports.values.dates import read_date
from wsiskg.imports.values.reading import NOTHING, Reading, Unknown
from wsiskg.imports.values.tags import TagReader
from wsiskg.imports.values.texts import has_words, is_personal, plain_text, without_addresses
from wsiskg.model.codes import FORMATS
from wsiskg.model.errors import UsageError
from wsiskg.tables.load import SYNTHETIC
from wsiskg.tables.recognise.folding import squeeze
from wsiskg.tables.recognise.recogniser import Recogniser
from wsiskg.tables.recognise.values import read_flag
from wsiskg.tables.rows import Tables
from wsiskg.tables.sheets.grid import Cell

__all__ = ["JUDGED", "LISTS", "SILENT", "Normalised", "Normaliser", "is_empty", "record_name"]

JUDGED = ("country", "stakeholder_type", "action_lines", "sdgs", "start", "end", "url", "year", "grade", "category")
"""Fields of which it can be said whether a value was understood."""

LISTS = frozenset({"country", "action_lines", "sdgs", "url", "organisation"})
"""Fields that have several values."""

_SAID = frozenset({*JUDGED, "organisation", "synthetic"})  # whose values come again and again

_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)  # a long number that a spreadsheet has shortened
_WHOLE = re.compile(r"\d+\.0")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_NAMES = re.compile(r"\s*[;\n]\s*")
_LONGEST_ID = 60
_EMPTY = frozenset({"", "na", "none", "null", "nan", "nil", "tbd", "неизвестно", "无"})
_FULL = 11  # letters, more than any of these has
_LETTERS = re.compile(rf"(?:[^A-Za-z0-9А-я]*[A-Za-z0-9А-я]){{{_FULL}}}")
_REMEMBERED, _SHORT = 65_536, 1_000  # readings, of texts with at most so many characters


class _Said(NamedTuple):
    """What a cell says by what its column holds.

    ``kept`` is what is kept as given of a cell that was not wholly understood; from it, or from the values, so many
    addresses of persons were ``removed``.
    """

    values: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    kept: str = ""
    removed: int = 0


SILENT = _Said()
"""What is said by a cell that is none at all: it holds a word for nothing."""


@dataclass(slots=True)
class Normalised:
    """What became of a row.

    Attributes:
        record: None if the row is rejected.
        rule: why, by `imports.messages`; empty if it is not.
        unknown: (field, what was not understood or deserves a look).
        judged: (header, text, whether all of it was understood).
        dropped: headers whose value was dropped because it is about persons.
        removed: addresses of e-mail and telephone numbers taken out of texts.
        cut: cells longer than what is read.

    """

    record: Record | None = None
    rule: str = ""
    unknown: list[tuple[str, Unknown]] = field(default_factory=list)
    judged: list[tuple[str, str, bool]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    removed: int = 0
    cut: int = 0


class Normaliser:
    """Reads the rows of exports of one kind into one register; a value that comes again is read once.

    Raises:
        UsageError: the layout says that a text stands for a code that does not exist.

    """

    def __init__(self, tables: Tables, register: str) -> None:
        self.register = register
        self._tags = TagReader(Recogniser(tables), tables)
        self._countries = CountryReader(tables)
        lines = {row.text("code") for row in tables["action_lines"]}
        self._codes: Mapping[str, frozenset[str]] = {
            "country": frozenset(row.text("code") for row in tables["countries"]),
            "action_lines": frozenset(lines),
            "category": frozenset(lines),
            "sdgs": frozenset(row.text("code") for name in ("goals", "targets") for row in tables[name]),
        }
        self._taught: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
        self._reading: tuple[object, str] = ({}, "")
        self._columns: Mapping[str, str] | None = None
        self._plan = _Plan()

    def check(self, layout: Layout) -> None:
        """Refuse a layout that names codes which do not exist.

        Raises:
            UsageError: it does.

        """
        for name, table in layout.values.items():
            for text, codes in table.items():
                for code in codes:
                    known = self._codes.get(name)
                    good = code in known if known is not None else _closed(name, code) == code
                    if not good:
                        raise UsageError(
                            f"the mapping reads '{text}' as '{code}', which is no value of {name}",
                            "Correct the mapping file.",
                        )

    def understands(self, name: str, text: str) -> bool:
        """Say whether ``text`` could be a value of the field ``name``."""
        return not (found := self._read(name, Cell(text), "list")).unknown and bool(found.values)

    def read(self, row: RawRow, layout: Layout, name: str, address: str) -> Normalised:
        """Read one row of the file called ``name``, to be found at ``address``; ``layout`` knows all its headers."""
        self.follow(layout)
        return _Row(self, self._plan, row, layout, name, address).read()

    def follow(self, layout: Layout) -> None:
        """Read by this layout from now on."""
        if (layout.values, layout.comma) != self._reading:
            self._reading = (layout.values, layout.comma)
            self._taught = {
                coded: {squeeze(text) or text: codes for text, codes in said.items()}
                for coded, said in layout.values.items()
                if coded in CODED
            }
            self._plan, self._columns = _Plan(), None
        if layout.columns is not self._columns:
            self._columns = layout.columns
            self._plan.take(layout.columns)

    def remembered(self, name: str) -> dict[str, _Said]:
        """Return what was said by the texts of a field that have been read and may come again."""
        return self._plan.remembered[name]

    def said(self, name: str, text: str, remembered: dict[str, _Said], odd: Cell | None) -> _Said:
        """Return what a cell of the field ``name`` says; ``odd``: the cell, if it is no plain text."""
        said = self._say(name, text, odd) or SILENT
        if odd is None and len(text) <= _SHORT and name != "url":  # hardly any address comes twice
            if len(remembered) >= _REMEMBERED:
                remembered.clear()
            remembered[text] = said
        return said

    def _say(self, name: str, text: str, odd: Cell | None = None) -> _Said | None:
        if is_empty(text):
            return None
        if name == "organisation":
            return _organisations(text)
        if name == "synthetic":
            return _Said(("yes",) if read_flag(text) else ())
        reading = self._understood(name, odd or Cell(text))
        if not reading.unknown:
            return _Said(reading.values)
        return _Said(reading.values, reading.unknown, *without_addresses(plain_text(text)))

    def _understood(self, name: str, cell: Cell) -> Reading:
        """Read a cell, with what the mapping file says of its text or of pieces of it."""
        said = self._taught.get(name, {})
        text = cell.text.strip()
        if said and (codes := said.get(squeeze(text) or text)) is not None:
            return Reading(codes)
        reading = self._read(name, cell, self._reading[1])
        if not said or not reading.unknown:
            return reading
        values, unknown = list(reading.values), []
        for piece in reading.unknown:
            codes = said.get(squeeze(piece.text) or piece.text)
            values += codes or ()
            unknown += [piece] if codes is None else []
        return Reading(tuple(dict.fromkeys(values)), tuple(unknown)) if values or unknown else NOTHING

    def _read(self, name: str, cell: Cell, comma: str) -> Reading:
        """Read one cell by what its field holds."""
        text = cell.text.strip()
        if name == "country":
            return self._countries.read(text)
        if name == "action_lines":
            return self._tags.action_lines(text)
        if name == "sdgs":
            return self._tags.sdgs(text, cell.kind, comma)
        if name == "category":
            return self._tags.category(text)
        if name == "url":
            return read_addresses(text)
        said = read_date(text) if name in {"start", "end", "year"} else _closed(name, text)
        return Reading((said[:4] if name == "year" else said,)) if said else Reading((), (Unknown(text),))


def _closed(name: str, text: str) -> str:
    return read_grade(text) if name == "grade" else read_stakeholder_type(text)


class _Plan(dict[str, tuple[str, dict[str, _Said] | None]]):
    """The field of each header, and what was said by texts of it that have been read, if they come again."""

    def __init__(self) -> None:
        super().__init__()
        self.remembered: dict[str, dict[str, _Said]] = {name: {} for name in _SAID}

    def take(self, columns: Mapping[str, str]) -> None:
        """Follow other columns."""
        self.clear()
        self.update((header, (name, self.remembered.get(name))) for header, name in columns.items())

    def __missing__(self, header: str) -> tuple[str, None]:
        return KEEP, None


def is_empty(text: str) -> bool:
    """Say whether a text says nothing, or is a word for that."""
    beginning = text.replace(" ", "")[:_FULL]
    if len(beginning) == _FULL and beginning.isascii() and beginning.isalnum():
        return False
    return not _LETTERS.match(text) and squeeze(text) in _EMPTY


def _organisations(text: str) -> _Said:
    names: dict[str, None] = {}
    removed = 0
    for piece in _NAMES.split(text) if ";" in text or "\n" in text else (text,):
        plain, addresses = without_addresses(plain_text(piece).replace(";", ","))
        removed += addresses
        if squeeze(plain):
            names[plain.strip(" ,-–—")] = None
    return _Said(tuple(names), removed=removed)


Columns = Mapping[str, Sequence[tuple[str, str]]]
"""Texts of plain columns with their headers, by field."""


class _Row:
    """Reads one row; what is said of it gathers in ``out``."""

    __slots__ = ("address", "given", "layout", "name", "normaliser", "out", "plan", "row")

    def __init__(
        self, normaliser: Normaliser, plan: _Plan, row: RawRow, layout: Layout, name: str, address: str
    ) -> None:
        self.normaliser, self.plan, self.row, self.layout = normaliser, plan, row, layout
        self.name, self.address = name, address
        self.out = Normalised()
        self.given: dict[str, str] = {}

    def read(self) -> Normalised:
        out = self.out
        if self.row.fault:
            out.rule = self.row.fault
            return out
        cells, said = self._by_field()
        values: dict[str, tuple[str, ...]] = dict.fromkeys(JUDGED, ())
        for name in JUDGED:
            if name in said:
                header, text, one = said[name][0]
                if one.unknown or len(said[name]) > 1:
                    values[name] = self._coded(name, said[name])
                else:
                    out.judged.append((header, text, True))
                    values[name] = one.values if name in LISTS else one.values[:1]
        title = self._text(cells, "title") if "title" in cells else ""
        organisations = self._organisations(said["organisation"]) if "organisation" in said else ()
        award = self.layout.kind is Kind.PRIZES
        if not title and not (award and organisations):
            out.rule = "no-name" if award else "no-title"
            return out
        if title and not has_words(title):
            out.rule = "no-words"
            return out
        country, stakeholder_type, action_lines, sdgs, start, end, addresses, year, grade, category = values.values()
        if not country and "region" in cells:
            self.given["region"] = "; ".join(plain_text(text) for _, text in cells["region"])
        given_id = self._given_id(cells) if "id" in cells else ""
        description = self._text(cells, "description") if "description" in cells else ""
        linked = self._text(cells, "stocktaking_id") if "stocktaking_id" in cells else ""
        source = self._source(cells["source_url"]) if "source_url" in cells else ""
        if len(addresses) > 1:
            self._keep("url", " ".join(addresses))
        synthetic = "synthetic" in said and any(cell.values for _, _, cell in said["synthetic"])
        synthetic = synthetic or given_id.casefold().startswith("synthetic")
        held = year[0] if award and year else ""
        out.record = Record(
            record_name(self.normaliser.register, given_id, title, organisations, country, synthetic, held),
            self.layout.kind.value,
            given_id,
            title,
            organisations,
            country,
            stakeholder_type[0] if stakeholder_type else "",
            action_lines,
            sdgs,
            start[0] if start else "",
            end[0] if end else "",
            description,
            addresses[0] if addresses else "",
            year[0] if year else "",
            grade[0] if grade else "",
            category[0] if category else "",
            linked,
            source,
            dict(sorted(self.given.items())) if self.given else self.given,
            plain_text(self.name),
            self.address,
        )
        return out

    def _by_field(self) -> tuple[Columns, Mapping[str, list[tuple[str, str, _Said]]]]:
        """Return the texts, and what the other cells say, of each field; put aside the cells that are of none."""
        found: dict[str, list[tuple[str, str]]] = {}
        said: dict[str, list[tuple[str, str, _Said]]] = {}
        plan, odd = self.plan, self.row.odd
        for header, text in self.row.cells.items():
            name, remembered = plan[header]
            cell = odd.get(header) if odd else None
            if cell is not None and self._is_odd(name, cell):
                continue
            if remembered is not None:
                one = remembered.get(text) if cell is None else None
                if one is None:
                    one = self.normaliser.said(name, text, remembered, cell)
                if one is SILENT:
                    continue
                if name in said:
                    said[name].append((header, text, one))
                else:
                    said[name] = [(header, text, one)]
            elif name == IGNORE or is_empty(text):
                continue
            elif name == PERSONAL or (name == KEEP and is_personal(text)):
                self.out.dropped.append(header)
            elif name == KEEP:
                self._keep(header, text)
            elif name in found:
                found[name].append((header, text))
            else:
                found[name] = [(header, text)]
        return found, said

    def _is_odd(self, name: str, cell: Cell) -> bool:
        """Say whether a cell holds a formula or an error, which is kept as given."""
        self.out.cut += cell.cut
        wrong = cell.kind in {"formula", "error"} and name not in {PERSONAL, KEEP, IGNORE} and not is_empty(cell.text)
        if wrong:
            self.out.unknown.append((name, Unknown(cell.text)))
            self._keep(name, cell.text)
        return wrong

    def _keep(self, name: str, text: str) -> None:
        self._keep_plain(name, *without_addresses(plain_text(text)))

    def _keep_plain(self, name: str, plain: str, removed: int) -> None:
        self.out.removed += removed
        if plain:
            self.given[name] = f"{self.given[name]} | {plain}" if name in self.given else plain

    def _coded(self, name: str, cells: Sequence[tuple[str, str, _Said]]) -> tuple[str, ...]:
        for header, text, said in cells:
            self.out.judged.append((header, text, bool(said.values) or not said.unknown))
            if said.unknown:
                self.out.unknown += [(name, unknown) for unknown in said.unknown]
                self._keep_plain(name, said.kept, said.removed)
        several = name in LISTS
        found = tuple(dict.fromkeys(value for _, _, said in cells for value in said.values))
        if len(found) > 1 and not several:
            for _, text, _ in cells[1:]:
                self._keep(name, text)
        return found if several else found[:1]

    def _text(self, cells: Columns, name: str) -> str:
        """Return the first text of a field; texts of further columns that differ are kept as given."""
        texts: dict[str, str] = {}
        for header, text in cells[name]:
            plain, removed = without_addresses(plain_text(text))
            self.out.removed += removed
            if plain:
                texts.setdefault(plain, header)
        if len(texts) > 1:
            for text, header in list(texts.items())[1:]:
                self._keep(header, text)
        return next(iter(texts), "")

    def _organisations(self, cells: Sequence[tuple[str, str, _Said]]) -> tuple[str, ...]:
        self.out.removed += sum(said.removed for _, _, said in cells)
        if len(cells) == 1:
            return cells[0][2].values
        return tuple(dict.fromkeys(name for _, _, said in cells for name in said.values))

    def _given_id(self, cells: Columns) -> str:
        text = self._text(cells, "id")
        if not text.endswith("0") and "+" not in text:
            return text
        if _ROUNDED.fullmatch(text):
            self.out.unknown.append(("id", Unknown(text)))
            self._keep("id", text)
            return ""
        return text.removesuffix(".0") if _WHOLE.fullmatch(text) else text

    def _source(self, cells: Sequence[tuple[str, str]]) -> str:
        for _, text in cells:
            if FORMATS["uri"](text):
                return text
            pieces = [piece.strip() for piece in re.split(r"[|\n]", text) if piece.strip()]
            if pieces and all(FORMATS["uri"](piece) for piece in pieces):
                return " | ".join(dict.fromkeys(pieces))
            if found := read_addresses(text).values:
                return " | ".join(found)
            self._keep("source_url", text)
        return ""


def record_name(
    register: str, given_id: str, title: str, organisations: Sequence[str], countries: Sequence[str], synthetic: bool,
    year: str,
) -> str:  # fmt: skip
    """Return the name of a record: by its number, or where it has none by what makes it the same project."""
    if given_id:
        name = _slug(given_id)
    else:
        said = "|".join([squeeze(title), *sorted(map(squeeze, organisations)), *countries])
        name = "x" + hashlib.sha256(said.encode()).hexdigest()[:12]
    beginning = f"{SYNTHETIC.rstrip('-')}-{register}" if synthetic else register
    full = f"{beginning}-{name.removeprefix(SYNTHETIC)}"
    return f"{full}-{year}" if year else full


def _slug(text: str) -> str:
    """Return a name made of a number as given; what a name cannot hold is replaced, and a hash keeps names apart."""
    if len(text) <= _LONGEST_ID and FORMATS["slug"](text):
        return text
    plain = _UNSAFE.sub("-", text).strip("-._")
    return f"{plain[: _LONGEST_ID - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}".lstrip("-")
