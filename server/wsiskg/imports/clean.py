"""A block of rows to records: those that are clean in columns, the others row by row (`normalise`), with equal result.

A row is clean if each field stands in one cell at most, which is a plain text that is understood without doubt.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

import polars as pl

from wsiskg.imports.fields import IGNORE, KEEP, PERSONAL, Kind
from wsiskg.imports.frames import packed_cells
from wsiskg.imports.layout import CODED, Layout
from wsiskg.imports.normalise import (
    JUDGED,
    LISTS,
    SILENT,
    Normalised,
    Normaliser,
    is_empty,
    record_name,
)
from wsiskg.imports.readers.rows import Block
from wsiskg.imports.record import ASIDE, COLUMNS, values_of_cell
from wsiskg.imports.values.addresses import PLAIN_ADDRESS
from wsiskg.imports.values.texts import has_words, is_personal, plain_text, without_addresses
from wsiskg.model.codes import FORMATS, PATTERNS
from wsiskg.tables.load import SYNTHETIC
from wsiskg.tables.sheets.grid import Cell

__all__ = ["ReadBlock", "read_block"]

_TEXTS = ("id", "title", "description", "stocktaking_id")
_PLACES: Mapping[str, str] = {
    "given_id": "id", "title": "title", "organisations": "organisation", "countries": "country",
    "stakeholder_type": "stakeholder_type", "action_lines": "action_lines", "sdgs": "sdgs", "start": "start",
    "end": "end", "description": "description", "url": "url", "year": "year", "grade": "grade",
    "category": "category", "linked": "stocktaking_id", "source_url": "source_url",
}  # fmt: skip
"""Field by column of a record."""
# Printable ASCII and letters with accents that are one character, single blanks between words, and nothing that may be
# markup, an address of e-mail or a telephone number: such a text is plain, and stays as it is.
_SIMPLE = r"^[!-%'-*,-;=?A-~\u00a1-\u00ac\u00ae-\u017f]+(?: [!-%'-*,-;=?A-~\u00a1-\u00ac\u00ae-\u017f]+)*$"
# Long enough to say something, and one name.
_NAME = r"^[A-Za-z0-9](?:[^;]*[A-Za-z0-9]){11}$"
_DIALLED = r"(?:^|[^0-9])00[1-9]"
_LONG = "^(?:[^A-Za-z0-9]*[A-Za-z0-9]){12}"  # letters, more than any word for nothing has
_MUCH = 10_000  # characters kept as given of a row, above which it is looked at

Texts = Sequence[str]


@dataclass(slots=True)
class ReadBlock:
    """What became of the rows of a block.

    Attributes:
        block: the rows.
        names: by place, the record of each clean row.
        said: of each clean row, what its record says, packed.
        exact: by place, what became of the other rows.
        dropped: by header, the places of clean rows whose value was dropped because it is about persons.
        removed: by place, addresses of persons that were taken out of texts of clean rows.
        silent: by header of a column of which it can be said whether values were understood, texts that say nothing.

    """

    block: Block
    names: dict[int, str] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)
    exact: dict[int, Normalised] = field(default_factory=dict)
    dropped: dict[str, list[int]] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)
    silent: dict[str, Collection[str]] = field(default_factory=dict)


def read_block(normaliser: Normaliser, block: Block, layout: Layout, name: str, address: str) -> ReadBlock:
    """Read the rows of a block of the file called ``name``, to be found at ``address``; ``layout`` has its headers."""
    normaliser.follow(layout)
    columns = _Columns(normaliser, block, layout)
    found = columns.out
    for place in sorted(columns.suspect):
        found.exact[place] = normaliser.read(block.row(place), layout, name, address)
    if found.exact:
        found.dropped = {h: [n for n in places if n not in found.exact] for h, places in found.dropped.items()}
        found.removed = {n: number for n, number in found.removed.items() if n not in found.exact}
    if len(found.exact) < len(block.numbers):
        columns.finish()
    return found


class _Columns:
    """The columns of a block as they are read; ``suspect`` are the places of rows that are not clean."""

    def __init__(self, normaliser: Normaliser, block: Block, layout: Layout) -> None:
        self._normaliser, self._layout = normaliser, layout
        self._size = len(block.numbers)
        self.out = ReadBlock(block)
        self.suspect = set(block.strange)
        self._values: dict[str, Texts] = {}
        self._given: dict[int, dict[str, str]] = {}
        self._regions: set[int] = set()
        for place, cells in block.odd.items():
            if any(
                c.cut or c.kind in {"formula", "error"} or layout.columns.get(h) == "sdgs" for h, c in cells.items()
            ):
                self.suspect.add(place)
        self._learn()
        for header, texts in block.columns.items():
            if any(texts):
                self._take(header, layout.columns.get(header, KEEP), texts)
        nothing = [""] * self._size
        title, country = self._values.get("title", nothing), self._values.get("country", nothing)
        self.suspect.update(place for place, text in enumerate(title) if not has_words(text))
        self.suspect.update(place for place in self._regions if not country[place])
        self.suspect.update(n for n, given in self._given.items() if sum(map(len, given.values())) > _MUCH)

    def _learn(self) -> None:
        """Read what is new in the order in which it comes: for so many texts only is it said what they may mean."""
        block, fields = self.out.block, self._layout.columns
        new: list[tuple[int, int, str, str, Cell | None]] = []
        for order, (header, texts) in enumerate(block.columns.items()):
            if (name := fields.get(header, KEEP)) in CODED:
                unread = set(texts) - self._normaliser.remembered(name).keys() - {""}
                # The earliest place of each is what is put last.
                places = zip(reversed(range(self._size)), reversed(texts), strict=True) if unread else ()
                first = {text: place for place, text in places if text in unread}
                new += ((place, order, name, text, None) for text, place in first.items())
                new += (
                    (n, order, name, cells[header].text, cells[header])
                    for n, cells in block.odd.items()
                    if header in cells
                )
        for place, row in block.strange.items():
            for order, (header, text) in enumerate(row.cells.items() if not row.fault else ()):
                if (name := fields.get(header, KEEP)) in CODED:
                    new.append((place, order, name, text, row.odd.get(header)))
        for _, _, name, text, cell in sorted(new, key=itemgetter(0, 1)):
            remembered = self._normaliser.remembered(name)
            if cell is not None or text not in remembered:
                self._normaliser.said(name, text, remembered, cell)

    def _take(self, header: str, name: str, texts: Texts) -> None:
        """Read one column."""
        if name == IGNORE:
            return
        if name in {*_TEXTS, "region", "source_url", KEEP, PERSONAL}:
            texts = _without_empty(texts)
        if name == PERSONAL:
            self.out.dropped[header] = [n for n, text in enumerate(texts) if text]
        elif name == KEEP:
            self._keep(header, texts)
        elif name == "region":
            self._regions.update(n for n, text in enumerate(texts) if text)
        elif name == "source_url":
            self._put(name, self._sources(texts))
        elif name in _TEXTS:
            self._put(name, self._plain(texts, name))
        else:
            self._put(name, self._codes(header, name, texts))

    def _put(self, name: str, values: Texts) -> None:
        """Add the values of a column; a row that has several cells of one field is not clean."""
        if (before := self._values.get(name)) is None:
            self._values[name] = values
            return
        columns = [texts for h, texts in self.out.block.columns.items() if self._layout.columns.get(h) == name]
        self.suspect.update(n for n, cells in enumerate(zip(*columns, strict=True)) if sum(map(bool, cells)) > 1)
        self._values[name] = [one or other for one, other in zip(before, values, strict=True)]

    def _codes(self, header: str, name: str, texts: Texts) -> Texts:
        """Read a column whose values come again and again, each once."""
        read, silent, doubtful = {"": ""}, {""}, set()
        if name in JUDGED:
            self.out.silent[header] = silent
        remembered = self._normaliser.remembered(name)
        for text in self._read_at_once(name, texts, read):
            said = remembered.get(text) or self._normaliser.said(name, text, remembered, None)
            if said is SILENT:
                silent.add(text)
            values = said.values if name in LISTS else said.values[:1]
            read[text] = ";".join(values)
            if said.unknown or said.removed or (name == "url" and len(values) > 1):
                doubtful.add(text)
        if doubtful:
            self.suspect.update(n for n, text in enumerate(texts) if text in doubtful)
        return list(map(read.__getitem__, texts))

    def _read_at_once(self, name: str, texts: Texts, read: dict[str, str]) -> Collection[str]:
        """Add texts that are good as they are to what is ``read``; return the other ones."""
        if name == "url":
            return self._simple_addresses(texts, read)
        different = set(texts) - {""}
        if name == "organisation":
            column = pl.Series("", list(different), pl.String)
            simple = column.str.contains(_SIMPLE) & column.str.contains(_NAME) & ~column.str.contains(_DIALLED)
            return _settled(column, simple, read)
        return different

    def _simple_addresses(self, texts: Texts, read: dict[str, str]) -> Collection[str]:
        """Add web addresses that are good as they are to what is ``read``; return the other texts."""
        different = pl.Series("", list(set(texts) - {""}), pl.String)
        return _settled(different, different.str.contains(f"^(?:{PLAIN_ADDRESS})$"), read)

    def _sources(self, texts: Texts) -> Texts:
        other = self._simple_addresses(texts, {})
        wrong = {text for text in other if not FORMATS["uri"](text)}
        if wrong:
            self.suspect.update(n for n, text in enumerate(texts) if text in wrong)
        return texts

    def _plain(self, texts: Texts, name: str) -> Texts:
        """Return running texts as they may stand in a table."""
        column = pl.Series("", texts, pl.String)
        simple = column.str.contains(_SIMPLE) & ~column.str.contains(_DIALLED)
        if name == "id":  # a number that a spreadsheet has made of it
            rounded = column.str.contains("+", literal=True) | column.str.ends_with(".0")
            self.suspect.update(rounded.arg_true().to_list())
        if simple.all():
            return texts
        plain = list(texts)
        for n in (~simple).arg_true().to_list():
            if text := texts[n]:
                plain[n], removed = without_addresses(plain_text(text))
                self._remove(n, removed)
                if name == "id" and ("+" in plain[n] or plain[n].endswith(".0")):
                    self.suspect.add(n)
        return plain

    def _remove(self, place: int, removed: int) -> None:
        """Count the addresses of persons that were taken out of a text."""
        if removed:
            self.out.removed[place] = self.out.removed.get(place, 0) + removed

    def _keep(self, header: str, texts: Texts) -> None:
        column = pl.Series("", texts, pl.String)
        simple = (column.str.contains(_SIMPLE) & ~column.str.contains(_DIALLED)).to_list()
        for n, text in enumerate(texts):
            if not text:
                continue
            if not simple[n]:
                if is_personal(text):
                    self.out.dropped.setdefault(header, []).append(n)
                    continue
                text, removed = without_addresses(plain_text(text))
                self._remove(n, removed)
            if text:
                self._given.setdefault(n, {})[header] = text

    def finish(self) -> None:
        """Make records of the rows that are clean."""
        clean = [n for n in range(self._size) if n not in self.suspect]
        nothing = [""] * self._size
        frame = pl.DataFrame({c: self._values.get(name, nothing) for c, name in _PLACES.items()}, strict=True)
        frame = frame.with_columns(
            pl.Series("as_given", [self._as_given(n) for n in range(self._size)], pl.String),
            pl.Series("synthetic", self._values.get("synthetic", nothing), pl.String) != "",
            kind=pl.lit(self._layout.kind.value),
        )
        frame = frame[clean] if self.suspect else frame
        names = self._names(frame)
        said = packed_cells(frame.with_columns(record=names).select(COLUMNS[:-ASIDE]))
        self.out.names = dict(zip(clean, names.to_list(), strict=True))
        self.out.said = dict(zip(clean, said, strict=True))

    def _as_given(self, place: int) -> str:
        given = self._given.get(place)
        return json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""

    def _names(self, frame: pl.DataFrame) -> pl.Series:
        """Return the names of records (`normalise.record_name`)."""
        register, award = self._normaliser.register, self._layout.kind is Kind.PRIZES
        given = pl.col("given_id")
        # What follows the word in another case is no prefix that is taken off.
        synthetic = pl.col("synthetic") | given.str.to_lowercase().str.starts_with("synthetic")
        year = pl.when(pl.lit(award) & (pl.col("year") != "")).then("-" + pl.col("year")).otherwise(pl.lit(""))
        beginning = pl.when(synthetic).then(pl.lit(f"{SYNTHETIC}{register}-")).otherwise(pl.lit(f"{register}-"))
        usual = given.str.contains(f"^(?:{PATTERNS['slug']})$") & (given.str.len_bytes() <= 60)
        named = frame.select(
            name=pl.concat_str(beginning, given.str.strip_prefix(SYNTHETIC), year), usual=usual, synthetic=synthetic
        )
        other = (~named["usual"]).arg_true()
        if not len(other):
            return named["name"]
        rows = frame[other].select("given_id", "title", "organisations", "countries", "year").rows()
        exact = [
            record_name(
                register, given_id, title, values_of_cell(bodies), values_of_cell(countries),
                mark or given_id.casefold().startswith("synthetic"), year if award else "",
            )
            for (given_id, title, bodies, countries, year), mark in zip(
                rows, named["synthetic"].gather(other).to_list(), strict=True
            )
        ]  # fmt: skip
        return named["name"].scatter(other, exact)


def _settled(texts: pl.Series, good: pl.Series, read: dict[str, str]) -> list[str]:
    """Add those that are ``good`` as they are to what is ``read``; return the other ones."""
    kept = texts.filter(good).to_list()
    read.update(zip(kept, kept, strict=True))
    return texts.filter(~good).to_list()


def _without_empty(texts: Texts) -> Texts:
    """Return texts, of which those that say nothing are empty."""
    column = pl.Series("", texts, pl.String)
    short = column.filter(~column.str.contains(_LONG)).unique().to_list()
    empty = {text for text in short if text and is_empty(text)}
    return ["" if text in empty else text for text in texts] if empty else texts
