"""A row of an export to a record: every cell by what its column holds, nothing guessed, nothing lost."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
from wsiskg.imports.values.texts import is_personal, plain_text, without_addresses
from wsiskg.model.codes import FORMATS
from wsiskg.model.errors import UsageError
from wsiskg.tables.load import SYNTHETIC
from wsiskg.tables.recognise.folding import squeeze
from wsiskg.tables.recognise.recogniser import Recogniser
from wsiskg.tables.recognise.values import read_flag
from wsiskg.tables.rows import Tables
from wsiskg.tables.sheets.grid import Cell

__all__ = ["JUDGED", "Normalised", "Normaliser"]

JUDGED = ("country", "stakeholder_type", "action_lines", "sdgs", "start", "end", "url", "year", "grade", "category")
"""Fields of which it can be said whether a value was understood."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)  # a long number that a spreadsheet has shortened
_NAMES = re.compile(r"\s*[;\n]\s*")
_LONGEST_ID = 60
_EMPTY = frozenset({"", "na", "none", "null", "nan", "nil", "tbd", "неизвестно", "无"})


@dataclass(slots=True)
class Normalised:
    """What became of a row.

    Attributes:
        record: None if the row is rejected.
        rule: why, by `imports.messages`; empty if it is not.
        unknown: (field, what was not understood or deserves a look).
        judged: (header, text, whether all of it was understood).
        dropped: headers whose value was dropped because it is about persons.
        kept: headers whose value is kept as given.
        removed: addresses of e-mail and telephone numbers taken out of texts.
        cut: cells longer than what is read.

    """

    record: Record | None = None
    rule: str = ""
    unknown: list[tuple[str, Unknown]] = field(default_factory=list)
    judged: list[tuple[str, str, bool]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    removed: int = 0
    cut: int = 0


class Normaliser:
    """Reads the rows of exports of one kind into one register.

    Raises:
        UsageError: the layout says that a text stands for a code that does not exist.

    """

    def __init__(self, tables: Tables, register: str) -> None:
        self._register = register
        self._tags = TagReader(Recogniser(tables), tables)
        self._countries = CountryReader(tables)
        lines = {row.text("code") for row in tables["action_lines"]}
        self._codes: Mapping[str, frozenset[str]] = {
            "country": frozenset(row.text("code") for row in tables["countries"]),
            "action_lines": frozenset(lines),
            "category": frozenset(lines),
            "sdgs": frozenset(row.text("code") for name in ("goals", "targets") for row in tables[name]),
        }

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
        return _Row(self, row, layout, name, address).read()

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


class _Row:
    """Reads one row; what is said of it gathers in ``out``."""

    def __init__(self, normaliser: Normaliser, row: RawRow, layout: Layout, name: str, address: str) -> None:
        self.normaliser, self.row, self.layout, self.name, self.address = normaliser, row, layout, name, address
        self.out = Normalised()
        self.given: dict[str, str] = {}

    def read(self) -> Normalised:
        out = self.out
        if self.row.fault:
            out.rule = self.row.fault
            return out
        cells = self._by_field()
        values = {name: self._coded(name, cells.get(name, ())) for name in JUDGED}
        title, organisations = self._title(cells), self._organisations(cells)
        award = self.layout.kind is Kind.PRIZES
        if not title and not (award and organisations):
            out.rule = "no-name" if award else "no-title"
            return out
        if cells.get("region") and not values["country"]:
            self.given["region"] = "; ".join(plain_text(cell.text) for _, cell in cells["region"])
        given_id = self._given_id(cells)
        year = (values["year"] or ("",))[0]
        addresses, start = values["url"], (values["start"] or ("",))[0]
        record = Record(
            record="",
            kind=self.layout.kind.value,
            given_id=given_id,
            title=title,
            organisations=organisations,
            countries=values["country"],
            stakeholder_type=(values["stakeholder_type"] or ("",))[0],
            action_lines=values["action_lines"],
            sdgs=values["sdgs"],
            start=start,
            end=(values["end"] or ("",))[0],
            description=self._text(cells, "description"),
            url=addresses[0] if addresses else "",
            year=year,
            grade=(values["grade"] or ("",))[0],
            category=(values["category"] or ("",))[0],
            linked=self._text(cells, "stocktaking_id"),
            source_url=self._source(cells),
            as_given=dict(sorted(self.given.items())),
            source_title=plain_text(self.name),
            file_url=self.address,
        )
        if len(addresses) > 1:
            self._keep("url", " ".join(addresses))
        self.out.record = _named(record, self.normaliser._register, _is_synthetic(cells, given_id), self.given)
        return out

    def _by_field(self) -> Mapping[str, Sequence[tuple[str, Cell]]]:
        """Return the cells of each field with their headers; put aside those that are of none."""
        found: dict[str, list[tuple[str, Cell]]] = {}
        for header, cell in self.row.cells.items():
            name = self.layout.columns.get(header, KEEP)
            self.out.cut += cell.cut
            if squeeze(cell.text) in _EMPTY:
                continue
            if name == PERSONAL or (name == KEEP and is_personal(cell.text)):
                self.out.dropped.append(header)
            elif name == KEEP:
                self.out.kept.append(header)
                self._keep(header, cell.text)
            elif cell.kind in {"formula", "error"} and name != IGNORE:
                self.out.unknown.append((name, Unknown(cell.text)))
                self._keep(name, cell.text)
            elif name != IGNORE:
                found.setdefault(name, []).append((header, cell))
        return found

    def _keep(self, name: str, text: str) -> None:
        plain, removed = without_addresses(plain_text(text))
        self.out.removed += removed
        if plain:
            self.given[name] = f"{self.given[name]} | {plain}" if name in self.given else plain

    def _coded(self, name: str, cells: Sequence[tuple[str, Cell]]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for header, cell in cells:
            reading = self._taught(name, cell)
            found |= dict.fromkeys(reading.values)
            self.out.judged.append((header, cell.text, bool(reading.values) or not reading.unknown))
            self.out.unknown += [(name, unknown) for unknown in reading.unknown]
            if reading.unknown:
                self._keep(name, cell.text)
        several = name in {"country", "action_lines", "sdgs", "url"}
        if len(found) > 1 and not several:
            for _, cell in cells[1:]:
                self._keep(name, cell.text)
        return tuple(found) if several else tuple(found)[:1]

    def _taught(self, name: str, cell: Cell) -> Reading:
        """Read a cell, with what the mapping file says of its text or of pieces of it."""
        said = (
            {squeeze(t) or t: codes for t, codes in self.layout.values.get(name, {}).items()} if name in CODED else {}
        )
        text = cell.text.strip()
        if (codes := said.get(squeeze(text) or text)) is not None:
            return Reading(codes)
        reading = self.normaliser._read(name, cell, self.layout.comma)
        if not said or not reading.unknown:
            return reading
        values, unknown = list(reading.values), []
        for piece in reading.unknown:
            codes = said.get(squeeze(piece.text) or piece.text)
            values += codes or ()
            unknown += [piece] if codes is None else []
        return Reading(tuple(dict.fromkeys(values)), tuple(unknown)) if values or unknown else NOTHING

    def _text(self, cells: Mapping[str, Sequence[tuple[str, Cell]]], name: str) -> str:
        """Return the first text of a field; texts of further columns that differ are kept as given."""
        texts: dict[str, str] = {}
        for header, cell in cells.get(name, ()):
            plain, removed = without_addresses(plain_text(cell.text))
            self.out.removed += removed
            if plain:
                texts.setdefault(plain, header)
        for text, header in list(texts.items())[1:]:
            self._keep(header, text)
        return next(iter(texts), "")

    def _title(self, cells: Mapping[str, Sequence[tuple[str, Cell]]]) -> str:
        return self._text(cells, "title")

    def _organisations(self, cells: Mapping[str, Sequence[tuple[str, Cell]]]) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for _, cell in cells.get("organisation", ()):
            for piece in _NAMES.split(cell.text):
                plain, removed = without_addresses(plain_text(piece).replace(";", ","))
                self.out.removed += removed
                if squeeze(plain):
                    names[plain.strip(" ,-–—")] = None
        return tuple(names)

    def _given_id(self, cells: Mapping[str, Sequence[tuple[str, Cell]]]) -> str:
        text = self._text(cells, "id")
        if _ROUNDED.fullmatch(text):
            self.out.unknown.append(("id", Unknown(text)))
            self._keep("id", text)
            return ""
        return text.removesuffix(".0") if re.fullmatch(r"\d+\.0", text) else text

    def _source(self, cells: Mapping[str, Sequence[tuple[str, Cell]]]) -> str:
        for _, cell in cells.get("source_url", ()):
            pieces = [piece.strip() for piece in re.split(r"[|\n]", cell.text) if piece.strip()]
            if pieces and all(FORMATS["uri"](piece) for piece in pieces):
                return " | ".join(dict.fromkeys(pieces))
            if found := read_addresses(cell.text).values:
                return " | ".join(found)
            self._keep("source_url", cell.text)
        return ""


def _is_synthetic(cells: Mapping[str, Sequence[tuple[str, Cell]]], given_id: str) -> bool:
    flagged = any(read_flag(cell.text) for _, cell in cells.get("synthetic", ()))
    return flagged or given_id.casefold().startswith("synthetic")


def _named(record: Record, register: str, synthetic: bool, given: Mapping[str, str]) -> Record:
    """Give a record its name: by its number, or where it has none by what makes it the same project."""
    if record.given_id:
        name = _slug(record.given_id)
    else:
        said = "|".join([squeeze(record.title), *sorted(map(squeeze, record.organisations)), *record.countries])
        name = "x" + hashlib.sha256(said.encode()).hexdigest()[:12]
    parts = [*([SYNTHETIC.rstrip("-")] if synthetic else []), register, name.removeprefix(SYNTHETIC)]
    if record.is_award and record.year:
        parts.append(record.year)
    cells = {f: getattr(record, f) for f in record.__slots__}
    return Record(**{**cells, "record": "-".join(parts), "as_given": dict(sorted(given.items()))})


def _slug(text: str) -> str:
    """Return a name made of a number as given; what a name cannot hold is replaced, and a hash keeps names apart."""
    plain = _UNSAFE.sub("-", text).strip("-._")
    if plain == text and len(plain) <= _LONGEST_ID:
        return plain
    return f"{plain[: _LONGEST_ID - 9]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}".lstrip("-")
