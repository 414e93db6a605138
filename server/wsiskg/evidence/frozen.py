"""Assessments as of the day an edition was published: kept as a table, so that later evidence changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from wsiskg.evidence.measures import Measures, PairEvidence
from wsiskg.tables.rows import Row, Tables

__all__ = ["Frozen", "frozen_assessments", "frozen_rows"]

_FLOATS = ("lift", "p_value", "q_value")
_STATED = ("direct", "confirmed")  # so that a link without any evidence has a row too


@dataclass(frozen=True, slots=True)
class Frozen:
    """The evidence of a link then, the status it had, and the name of the policy."""

    evidence: PairEvidence
    status: str
    policy: str


def frozen_assessments(tables: Tables, edition: str) -> Mapping[tuple[str, str], Frozen]:
    """Return the frozen assessments of an edition by (action line, target); none if it is counted at each build."""
    found: dict[tuple[str, str], Frozen] = {}
    sets: dict[tuple[str, str], dict[tuple[str, str], Measures]] = {}
    for row in tables.groups("assessments").get(edition, ()):
        pair = (row.text("action_line"), row.text("target"))
        measures = _measures(row)
        kept = sets.setdefault(pair, {})
        if measures.projects:
            kept[row.text("directness"), row.text("origin")] = measures
        found[pair] = Frozen(PairEvidence(*pair, kept), row.text("status"), row.text("policy"))
    return found


def frozen_rows(pair: PairEvidence, status: str, policy: str) -> Iterable[dict[str, str]]:
    """Return the rows of ``assessments.csv`` for one link."""
    for directness, origin in sorted({_STATED, *pair.sets}):
        measures = asdict(pair.of(directness, origin))
        yield {
            "action_line": pair.line,
            "target": pair.sdg,
            "status": status,
            "policy": policy,
            "directness": directness,
            "origin": origin,
            **{name: _text(value) for name, value in measures.items()},
        }


def _measures(row: Row) -> Measures:
    values: dict[str, Any] = {}
    for name in Measures.__dataclass_fields__:
        if row.text(name):
            values[name] = float(row.text(name)) if name in _FLOATS else row.integer(name)
    return Measures(**values)


def _text(value: float | None) -> str:
    """Write a number without exponent, so that reading it gives the same number."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")
