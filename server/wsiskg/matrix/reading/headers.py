"""The row that names the columns: found wherever it stands, and read in any of the languages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from wsiskg.matrix.columns import COLUMNS, RATIONALE
from wsiskg.tables.recognise.folding import squeeze
from wsiskg.tables.recognise.names import Names
from wsiskg.tables.sheets.grid import Grid, GridRow

__all__ = ["SSSOM_COLUMNS", "Header", "column_near", "find_header"]

SSSOM_COLUMNS = frozenset(
    {
        "subject_label", "subject_category", "subject_source", "subject_source_version", "subject_type",
        "predicate_id", "predicate_label", "predicate_modifier", "object_label", "object_category", "object_source",
        "object_source_version", "object_type", "mapping_justification", "author_label", "reviewer_id",
        "reviewer_label", "creator_id", "creator_label", "license", "mapping_date", "mapping_provider", "mapping_tool",
        "mapping_tool_version", "mapping_set_id", "record_id", "publication_date", "see_also",
    }
)  # fmt: skip
"""Slots of SSSOM (https://mapping-commons.github.io/sssom/) that say nothing we need, beside those we read."""

_LOOKED_AT = 40  # rows with content before which a header must come
_ENDS = frozenset({"line", "sdg"})
_RATIONALE_WORDS: Mapping[str, tuple[str, ...]] = {
    "en": ("rationale", "justification in English", "explanation"),
    "fr": ("justification", "argumentaire"),
    "es": ("justificación", "fundamento"),
}


@dataclass(frozen=True, slots=True)
class Header:
    """The headers of a sheet.

    Attributes:
        row: number of the last row that belongs to them.
        columns: attribute of a proposal by number of column; a rationale without language is ``rationale``.
        titles: headers as written, by number of column.
        repeated: columns whose attribute an earlier column has, with that column.
        unknown: columns that are none of ours.

    """

    row: int
    columns: Mapping[int, str]
    titles: Mapping[int, str]
    repeated: Mapping[int, int]
    unknown: tuple[int, ...]

    def column(self, attribute: str) -> int | None:
        """Return the number of the column that holds ``attribute``."""
        return next((number for number, found in self.columns.items() if found == attribute), None)


@cache
def _names() -> Names:
    entries = [(column.attribute, column.attribute) for column in COLUMNS]
    entries += [(column.attribute, name) for column in COLUMNS for name in (*column.titles.values(), *column.synonyms)]
    entries += [(RATIONALE, word) for words in _RATIONALE_WORDS.values() for word in words]
    return Names(entries)


def find_header(grid: Grid) -> Header | None:
    """Return the headers of ``grid``: the row that names most of our columns, and a row beside it that names others.

    None if no row names an end of the link and another column.
    """
    rows = grid.rows[:_LOOKED_AT]
    found = [dict(_matches(row)) for row in rows]
    best = max(range(len(rows)), key=lambda index: (_score(found[index]), -index), default=None)
    if best is None or _score(found[best]) < 2:
        return None
    beside = [
        index for index in (best - 1, best + 1)
        if 0 <= index < len(rows) and abs(rows[index].number - rows[best].number) == 1
    ]  # fmt: skip
    second = [index for index in beside if index > best and len(found[index]) == len(rows[index].cells)]
    titles = {number: cell.text.strip() for number, cell in rows[best].cells.items()}
    attributes = dict(found[best])
    for index in beside:
        for number, cell in rows[index].cells.items():
            # Headers over two rows: the upper cell of a merged pair, a second language, or what a group consists of.
            above, below = index < best and number not in titles, index in second
            if (above or below) and number in found[index]:
                titles[number] = cell.text.strip()
                attributes[number] = found[index][number]
    return _header(rows[max([best, *second])].number, titles, attributes)


def _header(row: int, titles: Mapping[int, str], attributes: Mapping[int, str]) -> Header:
    columns: dict[int, str] = {}
    repeated: dict[int, int] = {}
    for number in sorted(attributes):
        before = next((n for n, attribute in columns.items() if attribute == attributes[number]), None)
        if before is None:
            columns[number] = attributes[number]
        else:
            repeated[number] = before
    known = columns.keys() | repeated.keys()
    unknown = tuple(n for n in sorted(titles) if n not in known and titles[n].strip().lower() not in SSSOM_COLUMNS)
    return Header(row, columns, titles, repeated, unknown)


def column_near(title: str) -> Sequence[str]:
    """Return attributes whose column has a header like ``title``, the likest first."""
    return _names().near(title)


def _matches(row: GridRow) -> Iterator[tuple[int, str]]:
    for number, cell in sorted(row.cells.items()):
        text = cell.text.replace("*", " ")
        if len(text) < 100 and squeeze(text) and (found := _names().find(text)):
            yield number, found[0]


def _score(attributes: Mapping[int, str]) -> int:
    named = set(attributes.values())
    return len(named) if named & _ENDS else 0
