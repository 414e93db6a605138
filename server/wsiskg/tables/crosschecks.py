"""Checks that need more than one cell: keys, references, codes that exist, goals, dates, discrepancies."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from rapidfuzz import process

from wsiskg.model.codes import FORMATS, UN_LANGUAGES, is_isodate, parent_line, sdg_goal_of
from wsiskg.model.problems import Problem
from wsiskg.tables.cells import format_problem
from wsiskg.tables.messages import problem
from wsiskg.tables.rows import Row, Table, Tables, values_of

__all__ = ["cross_problems", "nearest_codes"]

# A well-formed code must also exist; these tables say which do.
_CODE_TABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "action-line": (("action_lines", "code"),),
    "sdg": (("goals", "code"), ("targets", "code")),
    "sdg-goal": (("goals", "code"),),
    "sdg-target": (("targets", "code"),),
    "connect2020": (("connect2020_concepts", "code"),),
    "country": (("countries", "code"),),
}
# Columns whose codes belong to the framework that the row names, and what else may stand there.
_FRAMEWORK_CODES: Mapping[str, tuple[str, frozenset[str]]] = {
    "tags": ("code", frozenset()),
    "proposals": ("object", frozenset()),
    "statements": ("object", frozenset({"all"})),
}
_FRAMEWORK_FORMATS: Mapping[str, str] = {"sdg": "sdg", "wsis": "action-line"}
# Tables of several groups whose keys become IRIs without the group, and tables whose key is the group.
_ONE_NAMESPACE = ("projects", "awards")
_KEY_IS_FOLDER = ("editions", "registers")
# Codes among which one written much like a wrong one is looked for: longer lists take too long for each wrong code.
_SEARCHED = 20_000


def cross_problems(tables: Tables, *, whole: bool = True) -> list[Problem]:
    """Return every problem that shows only when rows and tables are held against each other.

    Where ``tables`` are not the ``whole`` directory, nobody can say that a code of a table left out is unknown.
    """
    known = _Known(tables, whole)
    found: list[Problem] = []
    for table in tables.tables:
        found.extend(_key_problems(table))
        found.extend(_reference_problems(table, known))
        found.extend(_framework_problems(table, known))
        found.extend(_folder_problems(table))
        for rule in _ROW_RULES.get(table.schema.name, ()):
            for row in table:
                found.extend(rule(row))
    for name in _ONE_NAMESPACE:
        found.extend(_namespace_problems(tables.of(name)))
    found.extend(_discrepancy_problems(tables))
    found.extend(_edition_problems(tables))
    return found


class _Known:
    """The values of columns that others refer to, read once each; None where a file could not be read to its end."""

    def __init__(self, tables: Tables, whole: bool) -> None:
        self._tables = tables
        self._whole = whole
        self._values: dict[tuple[str, str, str], frozenset[str] | None] = {}

    def values(self, table: str, column: str, group: str, *, everywhere: bool = False) -> frozenset[str] | None:
        key = (table, column, "" if everywhere else group)
        if key not in self._values:
            named = self._tables.of(table)
            # A reference inside a group (an edition, a register) stays inside it where the other table is grouped too.
            chosen = [t for t in named if not everywhere and (not t.group or t.group == group)] or list(named)
            # A row that was lost must not make every mention of it a problem too.
            whole = all(t.complete for t in chosen) if chosen else self._whole
            self._values[key] = frozenset().union(*(t.different(column) for t in chosen)) if whole else None
        return self._values[key]

    def codes(self, form: str, group: str) -> frozenset[str] | None:
        parts = [self.values(t, c, group) for t, c in _CODE_TABLES[form]]
        return None if None in parts else frozenset().union(*filter(None, parts))


def _owner(form: str) -> str:
    return " / ".join(table for table, _ in _CODE_TABLES[form])


def _key_problems(table: Table) -> Iterator[Problem]:
    unique = [(f.name,) for f in table.schema.fields if f.unique and (f.name,) != table.schema.primary_key]
    for columns in filter(None, [table.schema.primary_key, *unique]):
        seen: dict[tuple[str, ...], int] = {}
        for row in table.repeated(columns):
            key = tuple(row.text(c) for c in columns)
            if not any(key):
                continue
            if key in seen:
                yield problem("duplicate", row.origin(columns[0]), key=" + ".join(key), first=seen[key])
            else:
                seen[key] = row.number


def _reference_problems(table: Table, known: _Known) -> Iterator[Problem]:
    checks = [
        (k.field, k.table, known.values(k.table, k.target, table.group, everywhere=k.everywhere))
        for k in table.schema.foreign_keys
    ]
    named = {k.field for k in table.schema.foreign_keys}
    for field in table.schema.fields:
        form = field.format
        if (
            form in _CODE_TABLES
            and field.name not in named
            and (table.schema.name, field.name) not in _CODE_TABLES[form]
        ):
            checks.append((field.name, _owner(form), known.codes(form, table.group)))
    for column, owner, values in checks:
        if values is not None:
            yield from _unknown_problems(table, column, owner, values)


def _unknown_problems(table: Table, column: str, owner: str, values: frozenset[str]) -> Iterator[Problem]:
    field = table.schema.by_name[column]
    named = {value for cell in table.different(column) for value in values_of(field, cell)}
    unknown = {v for v in named - values if not field.format or FORMATS[field.format](v)}
    if not unknown:
        return
    for row in table.where((column,), lambda row: not unknown.isdisjoint(row.values(column))):
        for value in row.values(column):
            if value in unknown:
                yield problem("unknown-code", row.origin(column), value, table=owner, hint=_hint(value, values))


def _framework_problems(table: Table, known: _Known) -> Iterator[Problem]:
    """Check the code of a tag, proposal or statement, whose framework stands in another cell."""
    column, others = _FRAMEWORK_CODES.get(table.schema.name, ("", frozenset()))

    def check(row: Row) -> Iterator[Problem]:
        form, value = _FRAMEWORK_FORMATS.get(row.text("framework")), row.text(column)
        if form is None or not value or value in others:
            return
        values = known.codes(form, table.group)
        if (found := format_problem(row.origin(column), form, value)) is not None:
            yield found
        elif values is not None and value not in values:
            yield problem("unknown-code", row.origin(column), value, table=_owner(form), hint=_hint(value, values))

    for row in table.where(("framework", column), lambda row: any(True for _ in check(row))) if column else ():
        yield from check(row)


def _folder_problems(table: Table) -> Iterator[Problem]:
    if table.schema.name in _KEY_IS_FOLDER and table.group:
        for row in table:
            if row.text("code") not in {"", table.group}:
                yield problem("folder", row.origin("code"), row.text("code"), folder=table.group)


def _namespace_problems(tables: Sequence[Table]) -> Iterator[Problem]:
    """Keys that two groups share; those within one table are reported there."""
    every: set[str] = set()
    shared: set[str] = set()
    for table in tables:
        keys = table.different(table.schema.primary_key[0])
        shared |= every & keys
        every |= keys
    seen: dict[str, Row] = {}
    for table in tables if shared else ():
        key = table.schema.primary_key[0]
        for row in table.having(key, shared):
            first = seen.setdefault(row.text(key), row)
            if first.file != row.file and row.text(key):
                where = f"{first.number} ({first.file})"
                yield problem("duplicate", row.origin(key), key=row.text(key), first=where)


def nearest_codes(value: str, codes: Collection[str], least: float = 70) -> tuple[str, ...]:
    """Return at most three of ``codes`` written much like ``value``, best first; ``least`` is a score up to 100."""
    return tuple(match for match, _, _ in process.extract(value, sorted(codes), limit=3, score_cutoff=least))


def _hint(value: str, values: frozenset[str]) -> str:
    near = nearest_codes(value, values) if len(values) <= _SEARCHED else ()
    return f" ≈ {', '.join(near)}" if near else ""


def _goal_rule(code: str, goal: str, split: Callable[[str], str]) -> Callable[[Row], Iterator[Problem]]:
    def check(row: Row) -> Iterator[Problem]:
        expected = split(row.text(code))
        if row.text(code) and row.text(goal) and row.text(goal) != expected:
            found = row.text(code)
            yield problem("wrong-goal", row.origin(goal), row.text(goal), code=found, expected=expected or "–")

    return check


def _order_rule(row: Row) -> Iterator[Problem]:
    start, end = row.text("start"), row.text("end")
    if is_isodate(start) and is_isodate(end) and end < start[: len(end)]:
        yield problem("order", row.origin("end"), start=start, end=end)


_ROW_RULES: Mapping[str, tuple[Callable[[Row], Iterator[Problem]], ...]] = {
    "action_lines": (_goal_rule("code", "parent", lambda code: parent_line(code) or ""),),
    "targets": (_goal_rule("code", "goal", sdg_goal_of),),
    "indicators": (_goal_rule("code", "targets", lambda code: code.rsplit(".", 1)[0]),),
    "connect2020_concepts": (_goal_rule("code", "parent", lambda code: code.split(".", 1)[0] if "." in code else ""),),
    "hlpf_sessions": (_order_rule,),
    "events": (_order_rule,),
}


def _edition_problems(tables: Tables) -> Iterator[Problem]:
    """Hold rationales, decisions and frozen assessments of each edition against its links."""
    links = {g: t for g, t in tables.groups("links").items() if t.complete}
    for edition, table in links.items():
        pairs = {(r.text("action_line"), r.text("target")) for r in table}
        for row in tables.groups("rationales").get(edition, ()):
            if not any(row.text(f"text_{language}") for language in UN_LANGUAGES):
                yield problem("required", row.origin("text_en"), title=row.schema.by_name["text_en"].title)
        for row in tables.groups("decisions").get(edition, ()):
            pair, decision = (row.text("action_line"), row.text("target")), row.text("decision")
            if (pair in pairs) == (decision == "retired"):
                yield problem("contradiction", row.origin("decision"), outcome=decision, pair=" + ".join(pair))
        assessed = {(r.text("action_line"), r.text("target")): r for r in tables.groups("assessments").get(edition, ())}
        for pair, row in assessed.items():
            if pair not in pairs:
                yield problem("contradiction", row.origin("status"), outcome=row.text("status"), pair=" + ".join(pair))
        for row in table if assessed else ():
            pair = (row.text("action_line"), row.text("target"))
            if pair not in assessed:
                yield problem("contradiction", row.origin("target"), outcome="?", pair=" + ".join(pair))


def _discrepancy_problems(tables: Tables) -> Iterator[Problem]:
    """Hold discrepancies against links: one read as a link must be one of its edition, one read as none must not."""
    links = {g: t for g, t in tables.groups("links").items() if t.complete}
    pairs = {g: {(r.text("action_line"), r.text("target")) for r in t} for g, t in links.items()}
    for edition, table in tables.groups("discrepancies").items():
        for row in table if edition in pairs else ():
            line, sdg, goal_link = row.text("action_line"), row.text("sdg"), row.text("outcome") == "link"
            pair = (line, row.text("link_target") or sdg)
            if (pair in pairs[edition]) != goal_link:
                yield problem(
                    "contradiction", row.origin("outcome"), outcome=row.text("outcome"), pair=" + ".join(pair)
                )
