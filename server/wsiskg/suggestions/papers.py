"""Suggestions and their evaluation as papers, in the languages of messages."""

from collections.abc import Iterable, Sequence

from wsiskg.matrix.papers.paper import Column, Paper, Record, Section, columns_named, number_text
from wsiskg.matrix.reference import read_reference
from wsiskg.suggestions.evaluation import FOLDS, Measured
from wsiskg.suggestions.suggest import Suggestion
from wsiskg.suggestions.texts import COLUMNS, METHODS, TEXTS, TRUTHS
from wsiskg.tables.rows import Tables

__all__ = ["evaluation_paper", "suggestions_paper"]


def suggestions_paper(found: Sequence[Suggestion], tables: Tables, limit: int | None, language: str) -> Paper:
    """Return suggestions, the best first; people see ``limit`` of them, programs too."""
    reference = read_reference(tables)
    records: list[Record] = [
        {
            "project": s.entry.project, "register": s.entry.register, "title": s.entry.title, "framework": s.framework,
            "code": s.code, "name": reference.title(s.code, language), "score": round(s.score, 3), "method": s.method,
            "words": list(s.words),
        }
        for s in found[:limit]
    ]  # fmt: skip
    shown = TEXTS["shown"][language].format(
        shown=number_text(len(records), language), number=number_text(len(found), language)
    )
    after = (TEXTS["none"][language],) if not found else (shown,) if len(records) < len(found) else ()
    columns = _columns(("score", "code", "words", "title", "project", "method"), language)
    columns += [Column(key, COLUMNS[key][language], shown=False) for key in ("register", "framework", "name")]
    about = {"number": len(found), "records": records}
    section = Section("", (), columns, records, after)
    return Paper(TEXTS["title"][language], (TEXTS["lead"][language],), (section,), (), about, language)


def evaluation_paper(measured: Iterable[Measured], language: str) -> Paper:
    """Return what each method is worth."""
    records: list[Record] = [
        {
            "framework": m.framework, "truth": m.truth, "method": m.method, "threshold": m.threshold,
            "projects": m.projects, "known": m.known, "suggested": m.suggested, "right": m.right,
            "precision": _rounded(m.precision), "recall": _rounded(m.recall),
            "best": _rounded(m.best / m.projects if m.projects else None),
        }
        for m in measured
    ]  # fmt: skip
    columns = _columns(records[0] if records else (), language)
    lead = (TEXTS["evaluation-lead"][language],)
    about = {"folds": FOLDS, "records": records}
    return Paper(TEXTS["evaluation"][language], lead, (Section("", (), columns, records),), (), about, language)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _columns(keys: Iterable[str], language: str) -> list[Column]:
    return columns_named(keys, COLUMNS, language, {"method": METHODS, "truth": TRUTHS})
