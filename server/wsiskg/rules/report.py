"""Say problems as text, JSON or CSV; capped and grouped, so that a bad file does not drown its reader."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence

from wsiskg.model.problems import Problem, Severity

__all__ = ["FORMATS", "render", "spreadsheet_safe", "worst"]

FORMATS = ("text", "json", "csv")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for the beginning of one
_SHOWN_PER_RULE = 20
_MORE = {
    "en": "... and {n} more of this kind ({rule})",
    "fr": "... et {n} autres du même type ({rule})",
    "es": "... y {n} más del mismo tipo ({rule})",
}


def worst(problems: Sequence[Problem]) -> Severity | None:
    """Return the worst severity among the problems, None when there are none."""
    found = {p.severity for p in problems}
    return next((s for s in Severity if s in found), None)


def render(problems: Sequence[Problem], form: str = "text", language: str = "en") -> str:
    """Return the problems as ``text`` (20 a rule at most), ``json`` or ``csv`` (all of them)."""
    if form == "json":
        return json.dumps([_record(p, language) for p in problems], ensure_ascii=False, indent=1) + "\n"
    if form == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, ["severity", "file", "row", "column", "rule", "value", "message"])
        writer.writeheader()
        writer.writerows(
            {k: spreadsheet_safe(v) if isinstance(v, str) else v for k, v in _record(p, language).items()}
            for p in problems
        )
        return out.getvalue()
    lines: list[str] = []
    seen: Counter[str] = Counter()
    for p in problems:
        seen[p.rule] += 1
        if seen[p.rule] <= _SHOWN_PER_RULE:
            lines.append(f"{p.severity.value}: {p.origin}: {p.text(language)}")
    more = _MORE.get(language, _MORE["en"])
    lines += [more.format(n=n - _SHOWN_PER_RULE, rule=rule) for rule, n in seen.items() if n > _SHOWN_PER_RULE]
    return "\n".join(lines) + "\n" if lines else ""


def _record(p: Problem, language: str) -> dict[str, str | int | None]:
    return {
        "severity": p.severity.value,
        "file": p.origin.file,
        "row": p.origin.row,
        "column": p.origin.column,
        "rule": p.rule,
        "value": p.value,
        "message": p.text(language),
    }


def spreadsheet_safe(text: str) -> str:
    """Return ``text`` so that no spreadsheet reads it as a formula."""
    return "'" + text if text.startswith(_FORMULA) else text
