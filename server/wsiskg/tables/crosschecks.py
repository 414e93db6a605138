"""Checks that need more than one cell: keys, references, codes that exist, goals, dates, discrepancies."""

from collections.abc import Callable, Iterator, Mapping

from rapidfuzz import process

from wsiskg.model.codes import FORMATS, sdg_goal_of
from wsiskg.model.problems import Problem
from wsiskg.tables.messages import problem
from wsiskg.tables.rows import Row, Table, Tables

__all__ = ["cross_problems"]

# A well-formed code must also exist; these tables say which do.
_CODE_TABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "action-line": (("action_lines", "code"),),
    "sdg": (("goals", "code"), ("targets", "code")),
    "sdg-goal": (("goals", "code"),),
    "sdg-target": (("targets", "code"),),
    "connect2020": (("connect2020_concepts", "code"),),
    "country": (("countries", "code"),),
}


def cross_problems(tables: Tables) -> list[Problem]:
    """Return every problem that shows only when rows and tables are held against each other."""
    known = _Known(tables)
    found: list[Problem] = []
    for table in tables.tables:
        found.extend(_key_problems(table))
        found.extend(_reference_problems(table, known))
        for rule in _ROW_RULES.get(table.schema.name, ()):
            for row in table:
                found.extend(rule(row))
    found.extend(_discrepancy_problems(tables))
    return found


class _Known:
    """The values of columns that others refer to, read once each."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._values: dict[tuple[str, str, str], frozenset[str]] = {}

    def values(self, table: str, column: str, group: str) -> frozenset[str]:
        key = (table, column, group)
        if key not in self._values:
            named = self._tables.of(table)
            # A reference inside a group (an edition, a register) stays inside it where the other table is grouped too.
            chosen = [t for t in named if not t.group or t.group == group] or list(named)
            self._values[key] = frozenset(row.text(column) for t in chosen for row in t)
        return self._values[key]

    def codes(self, form: str, group: str) -> frozenset[str]:
        return frozenset().union(*(self.values(t, c, group) for t, c in _CODE_TABLES[form]))


def _key_problems(table: Table) -> Iterator[Problem]:
    unique = [(f.name,) for f in table.schema.fields if f.unique and (f.name,) != table.schema.primary_key]
    for columns in filter(None, [table.schema.primary_key, *unique]):
        seen: dict[tuple[str, ...], int] = {}
        for row in table:
            key = tuple(row.text(c) for c in columns)
            if not any(key):
                continue
            if key in seen:
                yield problem("duplicate", row.origin(columns[0]), key=" + ".join(key), first=seen[key])
            else:
                seen[key] = row.number


def _reference_problems(table: Table, known: _Known) -> Iterator[Problem]:
    checks = [(k.field, k.table, known.values(k.table, k.target, table.group)) for k in table.schema.foreign_keys]
    named = {k.field for k in table.schema.foreign_keys}
    for field in table.schema.fields:
        if field.format in _CODE_TABLES and field.name not in named:
            owner = " / ".join(t for t, _ in _CODE_TABLES[field.format])
            if (table.schema.name, field.name) not in _CODE_TABLES[field.format]:
                checks.append((field.name, owner, known.codes(field.format, table.group)))
    for column, owner, values in checks:
        form = table.schema.by_name[column].format
        for row in table:
            for value in row.values(column):
                if value not in values and (not form or FORMATS[form](value)):
                    yield problem("unknown-code", row.origin(column), value, table=owner, hint=_hint(value, values))


def _hint(value: str, values: frozenset[str]) -> str:
    near = [match for match, _, _ in process.extract(value, sorted(values), limit=3, score_cutoff=70)]
    return f" ≈ {', '.join(near)}" if near else ""


def _goal_rule(code: str, goal: str, split: Callable[[str], str]) -> Callable[[Row], Iterator[Problem]]:
    def check(row: Row) -> Iterator[Problem]:
        expected = split(row.text(code))
        if row.text(code) and row.text(goal) and row.text(goal) != expected:
            yield problem("wrong-goal", row.origin(goal), row.text(goal), code=row.text(code), expected=expected)

    return check


def _order_rule(row: Row) -> Iterator[Problem]:
    start, end = row.text("start"), row.text("end")
    if start and end and end < start[: len(end)]:
        yield problem("order", row.origin("end"), start=start, end=end)


_ROW_RULES: Mapping[str, tuple[Callable[[Row], Iterator[Problem]], ...]] = {
    "targets": (_goal_rule("code", "goal", sdg_goal_of),),
    "indicators": (_goal_rule("code", "targets", lambda code: code.rsplit(".", 1)[0]),),
    "connect2020_concepts": (_goal_rule("code", "parent", lambda code: code.split(".", 1)[0] if "." in code else ""),),
    "hlpf_sessions": (_order_rule,),
    "events": (_order_rule,),
}


def _discrepancy_problems(tables: Tables) -> Iterator[Problem]:
    """A discrepancy read as a link must be a link of its edition, one read as none must not be."""
    links = {g: {(r.text("action_line"), r.text("target")) for r in t} for g, t in tables.groups("links").items()}
    for edition, table in tables.groups("discrepancies").items():
        for row in table:
            line, sdg, goal_link = row.text("action_line"), row.text("sdg"), row.text("outcome") == "link"
            pair = (line, row.text("link_target") or sdg)
            if (pair in links.get(edition, set())) != goal_link:
                yield problem(
                    "contradiction", row.origin("outcome"), outcome=row.text("outcome"), pair=" + ".join(pair)
                )
