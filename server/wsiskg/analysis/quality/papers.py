"""The report on data quality as a paper, in the languages of messages."""

from collections.abc import Sequence
from dataclasses import asdict

from wsiskg.analysis.quality.findings import PARTS, Quality
from wsiskg.analysis.quality.texts import COLUMNS, MEASURES, NAMES, TEXTS, TITLES
from wsiskg.matrix.papers.paper import Column, Paper, Record, Section, columns_named

__all__ = ["quality_paper"]

_NAMED = ("kind", "information", "outcome")


def quality_paper(found: Quality, part: str, language: str) -> Paper:
    """Return the report.

    Args:
        found: the quality of a release.
        part: one of `PARTS`, to show that one only; empty for all, after the measures in short.
        language: of the texts.

    """
    sections = [_part(found, name, language) for name in ([part] if part else PARTS)]
    if not part:
        sections.insert(0, _shares(found, language))
    end = [
        TEXTS["warnings"][language],
        TEXTS["release"][language].format(release=found.release, edition=found.edition or "–"),
    ]
    shares = [{**asdict(s), "share": round(s.share, 4)} for s in found.shares]
    about = {
        "release": found.release, "edition": found.edition, "shares": shares,
        "parts": {
            name: {"query": PARTS[name].query, "records": list(rows)}
            for name, rows in found.tables.items()
            if part in {"", name}
        },
    }  # fmt: skip
    return Paper(TITLES["quality"][language], (TEXTS["lead"][language],), sections, end, about, language)


def _shares(found: Quality, language: str) -> Section:
    records: list[Record] = [
        {"measure": s.measure, "met": s.met, "of": s.of, "share": round(100 * s.share, 1)} for s in found.shares
    ]
    columns = _columns(("measure", "met", "of", "share"), language)
    return Section(TITLES["shares"][language], (), columns, records)


def _part(found: Quality, name: str, language: str) -> Section:
    said = TEXTS["query"][language].format(query=PARTS[name].query)
    rows = found.tables[name]
    columns = _columns(PARTS[name].columns, language)
    return Section(TITLES[name][language], (), columns, rows, (said,) if rows else (TEXTS["none"][language], said))


def _columns(keys: Sequence[str], language: str) -> list[Column]:
    return columns_named(keys, COLUMNS, language, {"measure": MEASURES, **dict.fromkeys(_NAMED, NAMES)})
