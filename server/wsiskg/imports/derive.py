"""Records and decisions to rows of the evidence tables; the same input always gives the same rows."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from json.encoder import encode_basestring
from operator import itemgetter

import polars as pl

from wsiskg.graph.columns.terms import each
from wsiskg.imports.organisations import name_key
from wsiskg.imports.record import Record, values_of_cell
from wsiskg.model.codes import natural_key

__all__ = [
    "AWARD_COLUMNS",
    "PROJECT_COLUMNS",
    "award_row",
    "project_frame",
    "project_row",
    "row_digest",
    "row_digests",
    "sort_key",
    "sort_keys",
]

PROJECT_COLUMNS = (
    "project", "title", "organisations", "countries", "development_countries", "deployment_countries",
    "stakeholder_type", "action_lines", "sdgs", "first_year", "description", "url", "source_url", "source_title",
    "note",
)  # fmt: skip
AWARD_COLUMNS = (
    "record", "project", "year", "grade", "grade_certain", "category", "title", "source_url", "source_title", "note",
)  # fmt: skip
_NOTED: Mapping[str, str] = {
    "country": "country", "region": "region", "stakeholder_type": "stakeholder type", "action_lines": "action lines",
    "sdgs": "SDGs", "start": "start", "url": "web address",
}  # fmt: skip
_NOTED_AWARD: Mapping[str, str] = {"grade": "grade", "year": "year", "category": "category"}
_BLANK = dict.fromkeys(PROJECT_COLUMNS, "")
_ORDER = sorted(range(len(PROJECT_COLUMNS)), key=PROJECT_COLUMNS.__getitem__)
_SORTED = itemgetter(*_ORDER)
_DIGESTED = "[" + ", ".join('["' + PROJECT_COLUMNS[n] + '", %s]' for n in _ORDER) + "]"  # JSON
_CACHED = 16_384
_SHOWN = 200  # characters of a text as given that a note repeats
_SOURCES = 10


def project_row(
    name: str, base: Mapping[str, str] | None, records: Sequence[Record], same_name: Mapping[str, str]
) -> list[str]:
    """Return the row of a project, a cell for each of `PROJECT_COLUMNS`.

    Args:
        name: of the project.
        base: its row before any import, if it had one; that counts first.
        records: of the project, the oldest first. Lists are united; of single values the first counts, entries of the
            stocktaking before awards.
        same_name: the one name of organisations that have several.

    """
    entries = records
    if len(records) > 1:
        entries = [r for r in records if not r.is_award] + [r for r in records if r.is_award]
    row, lead = base or _BLANK, entries[0]
    categories = [(r.category,) for r in entries if r.category]
    named = [[same_name.get(n, n) for n in r.organisations] for r in entries]
    pages = _pages(row["source_url"])
    for record in entries:
        pages += _pages(record.source_url or record.file_url)
    notes = [row["note"], *(_as_given(r.as_given, _NOTED) for r in entries if r.as_given)]
    return [
        name,
        row["title"] or lead.title or _later(entries, "title"),
        _united(row["organisations"], named),
        _united_codes(row["countries"], *(r.countries for r in entries)),
        row["development_countries"],
        row["deployment_countries"],
        row["stakeholder_type"] or lead.stakeholder_type or _later(entries, "stakeholder_type"),
        _united_codes(row["action_lines"], *(r.action_lines for r in entries), *categories),
        _united_codes(row["sdgs"], *(r.sdgs for r in entries)),
        min(filter(None, [row["first_year"], *map(_year, records)]), default=""),
        row["description"] or lead.description or _later(entries, "description"),
        row["url"] or lead.url or _later(entries, "url"),
        _listed(pages),
        row["source_title"] or lead.source_title or _later(entries, "source_title"),
        "; ".join(dict.fromkeys(filter(None, notes))),
    ]


def project_frame(records: pl.DataFrame, same_name: Mapping[str, str]) -> pl.DataFrame:
    """Return what `project_row` does of projects that have one record each and no row before any import.

    Args:
        records: the cells of these, as `frames.record_frame` gives them.
        same_name: the one name of organisations that have several.

    """

    def organisations(cell: str) -> str:
        return _united("", [[same_name.get(name, name) for name in values_of_cell(cell)]])

    start, year, nothing = pl.col("start").str.slice(0, 4), pl.col("year"), pl.lit("")
    page = pl.when(pl.col("source_url") == "").then("file_url").otherwise("source_url").alias("source_url")
    lines = pl.concat_str("action_lines", "category", separator="\x1f").alias("action_lines")
    first = pl.when(start == "").then(year).when(year == "").then(start).otherwise(pl.min_horizontal(start, year))
    found = records.select(
        "title", "organisations", "countries", lines, "sdgs", "stakeholder_type", first.alias("first_year"),
        "description", "url", page, "source_title", pl.col("as_given").alias("note"),
        project="record", development_countries=nothing, deployment_countries=nothing,
    )  # fmt: skip
    pages = found["source_url"]
    if pages.str.contains(r"[|\s\x1c-\x1f]").any():
        pages = each(pages, lambda text: _listed(_pages(text)))
    bodies = found["organisations"]
    several = (bodies.str.contains(";", literal=True) | bodies.is_in(list(same_name))).arg_true()
    return found.with_columns(
        bodies.scatter(several, each(bodies.gather(several), organisations)),
        each(found["countries"], lambda cell: _united_codes("", values_of_cell(cell))),
        each(found["action_lines"], lambda cells: _united_codes("", *map(values_of_cell, cells.split("\x1f")))),
        each(found["sdgs"], lambda cell: _united_codes("", values_of_cell(cell))),
        each(found["note"], lambda cell: _as_given(json.loads(cell), _NOTED) if cell else ""),
        pages,
    ).select(PROJECT_COLUMNS)


def _listed(pages: Sequence[str]) -> str:
    return " | ".join(list(dict.fromkeys(pages))[:_SOURCES])


def _later(records: Sequence[Record], column: str) -> str:
    return next((said for r in records[1:] if (said := getattr(r, column))), "")


def row_digest(row: Sequence[str]) -> str:
    """Return a short hash of the row of a project, to tell whether somebody has edited it since."""
    said = _DIGESTED % tuple(map(encode_basestring, _SORTED(row)))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def row_digests(rows: pl.DataFrame) -> list[str]:
    """Return the hash (`row_digest`) of each row of projects."""
    if rows.select(pl.any_horizontal(pl.all().str.contains(r"[\x00-\x1f]").any())).item():
        return list(map(row_digest, rows.rows()))
    cells = [
        pl.col(name).str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
        for name in PROJECT_COLUMNS
    ]  # fmt: skip
    said = rows.select(pl.format(_DIGESTED.replace("%s", '"{}"'), *_SORTED(cells))).to_series()
    return [hashlib.sha256(text.encode()).hexdigest()[:12] for text in said.to_list()]


def award_row(record: Record, project: str) -> list[str]:
    """Return the row of an award, a cell for each of `AWARD_COLUMNS`.

    One whose grade is not understood is a nomination, for certain no more.
    """
    note = _as_given(record.as_given, _NOTED_AWARD) or ("" if record.grade else "Grade not given")
    return [
        record.record, project, record.year, record.grade or "nominee", "yes" if record.grade else "no",
        record.category, record.title, record.source_url or record.file_url, record.source_title, note,
    ]  # fmt: skip


def sort_key(code: str) -> str:
    """Return a text that sorts as the natural key of ``code`` does."""
    return (
        "\x1f".join(f"{kind + 1}{number:020d}{text}" for kind, number, text in natural_key(code)[:-1]) + f"\x1f{code}"
    )


def sort_keys(codes: pl.Series) -> pl.Series:
    """Return the `sort_key` of each code."""
    parts = codes.str.extract_groups(r"^([^0-9.]+)([0-9]{1,20})$").struct.rename_fields(["word", "number"])
    usual = (
        parts.struct.unnest()
        .select(
            pl.concat_str(
                pl.lit(f"2{'0' * 20}"), "word", pl.lit("\x1f1"), pl.col("number").str.zfill(20), pl.lit("\x1f"), codes
            )
        )
        .to_series()
    )
    other = usual.is_null()
    return usual.scatter(other.arg_true(), list(map(sort_key, codes.filter(other).to_list()))) if other.any() else usual


def _united(cell: str, lists: Sequence[Sequence[str]]) -> str:
    """Return names as one cell, each once however it is spelled."""
    if not cell and len(lists) == 1 and len(lists[0]) < 2:
        return "".join(lists[0])
    values = {name_key(v): v for v in (v.strip() for v in cell.split(";")) if v}
    before = len(values)
    for name in (name for found in lists for name in found):
        values.setdefault(name_key(name), name)
    return cell if len(values) == before and cell else ";".join(values.values())


@lru_cache(_CACHED)
def _united_codes(cell: str, *lists: Sequence[str]) -> str:
    """Return codes as one cell, each once and in their order, unless ``cell`` has them all."""
    values = dict.fromkeys(v for v in (v.strip() for v in cell.split(";")) if v)
    before = len(values)
    values |= dict.fromkeys(code for found in lists for code in found)
    return cell if len(values) == before and cell else ";".join(sorted(values, key=natural_key))


def _year(record: Record) -> str:
    return min(record.start[:4] or record.year, record.year or record.start[:4])


def _pages(text: str) -> list[str]:
    return [page for part in text.split("|") if (page := part.strip())]


def _as_given(given: Mapping[str, str], noted: Mapping[str, str]) -> str:
    said = [f"{label} '{_short(given[name])}'" for name, label in noted.items() if name in given]
    return f"As given: {', '.join(said)}" if said else ""


def _short(text: str) -> str:
    plain = re.sub(r"\s+", " ", text)
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 3].rstrip() + "..."
