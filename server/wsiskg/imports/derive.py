"""Records and decisions to rows of the evidence tables; the same input always gives the same rows."""

import re
from collections.abc import Iterable, Mapping, Sequence

from wsiskg.imports.organisations import name_key
from wsiskg.imports.record import Record
from wsiskg.model.codes import natural_key

__all__ = ["AWARD_COLUMNS", "PROJECT_COLUMNS", "award_row", "project_row", "sort_key"]

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
_SHOWN = 200  # characters of a text as given that a note repeats
_SOURCES = 10


def project_row(
    name: str, base: Mapping[str, str] | None, records: Sequence[Record], same_name: Mapping[str, str]
) -> dict[str, str]:
    """Return the row of a project.

    Args:
        name: of the project.
        base: its row before any import, if it had one; that counts first.
        records: of the project, the oldest first. Lists are united; of single values the first counts, entries of the
            stocktaking before awards.
        same_name: the one name of organisations that have several.

    """
    entries = [r for r in records if not r.is_award] + [r for r in records if r.is_award]
    row = dict(base) if base else dict.fromkeys(PROJECT_COLUMNS, "") | {"project": name}
    categories = [(r.category,) for r in entries if r.category]
    for column, lists in (
        ("organisations", [[same_name.get(n, n) for n in r.organisations] for r in entries]),
        ("countries", [r.countries for r in entries]),
        ("action_lines", [*(r.action_lines for r in entries), *categories]),
        ("sdgs", [r.sdgs for r in entries]),
    ):
        row[column] = _united(row[column], lists, coded=column != "organisations")
    for column in ("title", "stakeholder_type", "description", "url"):
        row[column] = row[column] or next((said for r in entries if (said := getattr(r, column))), "")
    row["first_year"] = min(filter(None, [row["first_year"], *map(_year, records)]), default="")
    pages = [*_pages(row["source_url"]), *(p for r in entries for p in _pages(r.source_url or r.file_url))]
    row["source_url"] = " | ".join(list(dict.fromkeys(pages))[:_SOURCES])
    row["source_title"] = row["source_title"] or next((r.source_title for r in entries if r.source_title), "")
    notes = [row["note"], *(note for r in entries if (note := _as_given(r, _NOTED)))]
    row["note"] = "; ".join(dict.fromkeys(filter(None, notes)))
    return row


def award_row(record: Record, project: str) -> dict[str, str]:
    """Return the row of an award; one whose grade is not understood is a nomination, for certain no more."""
    return {
        "record": record.record,
        "project": project,
        "year": record.year,
        "grade": record.grade or "nominee",
        "grade_certain": "yes" if record.grade else "no",
        "category": record.category,
        "title": record.title,
        "source_url": record.source_url or record.file_url,
        "source_title": record.source_title,
        "note": _as_given(record, _NOTED_AWARD) or ("" if record.grade else "Grade not given"),
    }


def sort_key(code: str) -> str:
    """Return a text that sorts as the natural key of ``code`` does."""
    return (
        "\x1f".join(f"{kind + 1}{number:020d}{text}" for kind, number, text in natural_key(code)[:-1]) + f"\x1f{code}"
    )


def _united(cell: str, lists: Iterable[Sequence[str]], *, coded: bool) -> str:
    values = {_key(v, coded): v for v in (v.strip() for v in cell.split(";")) if v}
    before = len(values)
    for value in (value for found in lists for value in found):
        values.setdefault(_key(value, coded), value)
    if len(values) == before and cell:
        return cell
    return ";".join(sorted(values.values(), key=natural_key) if coded else values.values())


def _key(value: str, coded: bool) -> str:
    """Return what makes a value one with another: a code itself, a name however it is spelled."""
    return value if coded else name_key(value)


def _year(record: Record) -> str:
    return min(filter(None, [record.start[:4], record.year]), default="")


def _pages(text: str) -> list[str]:
    return [page.strip() for page in text.split("|") if page.strip()]


def _as_given(record: Record, noted: Mapping[str, str]) -> str:
    said = [f"{label} '{_short(record.as_given[name])}'" for name, label in noted.items() if name in record.as_given]
    return f"As given: {', '.join(said)}" if said else ""


def _short(text: str) -> str:
    plain = re.sub(r"\s+", " ", text)
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 3].rstrip() + "..."
