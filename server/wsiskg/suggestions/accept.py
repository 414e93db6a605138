"""Accepted suggestions become assigned tags: all of a review, or none of it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wsiskg.graph.journal import workspace_lock
from wsiskg.matrix.reference import read_reference
from wsiskg.model.errors import UsageError, ViolationError
from wsiskg.model.problems import Origin, Problem
from wsiskg.resources import is_packaged
from wsiskg.suggestions.review import REVIEWED
from wsiskg.suggestions.terms import framework_of
from wsiskg.suggestions.texts import COLUMNS, DECISIONS, PROBLEMS
from wsiskg.tables.cells import cell_problems
from wsiskg.tables.load import load_tables
from wsiskg.tables.recognise.folding import squeeze
from wsiskg.tables.replacement import complete, replacement
from wsiskg.tables.rows import Row, Tables
from wsiskg.tables.sheets.grid import Grid
from wsiskg.tables.sheets.reading import read_grids

__all__ = ["Accepted", "accept"]

_NEEDED = frozenset({"decision", "project", "code", "reason"})
_HEADERS = {squeeze(title): column for column in REVIEWED for title in COLUMNS[column].values()}
_CHOICES = {squeeze(word): decision for decision, words in DECISIONS.items() for word in words.values()}
_HEADER_ROWS = 10  # in which the headers are looked for


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of a review; the numbers of rows add up to all of them.

    Attributes:
        tags: rows that were added to the tables of tags, by register.
        present: accepted rows whose tag was there already.
        rejected: rows that were rejected.
        open: rows without a decision.
        files: tables that were changed.

    """

    tags: Mapping[str, Sequence[Mapping[str, str]]]
    present: int
    rejected: int
    open: int
    files: Sequence[str] = field(default_factory=tuple)

    @property
    def added(self) -> int:
        """How many tags were added."""
        return sum(map(len, self.tags.values()))


def accept(data: bytes, name: str, mappings: Path, curator: str, day: str, *, write: bool = True) -> Accepted:
    """Add the accepted rows of a review to the tables of tags in ``mappings``.

    The tables are replaced together (`wsiskg.tables.replacement`). A second run with the same file adds nothing.

    Args:
        data: the workbook, or the same columns as CSV.
        name: what messages call it.
        mappings: directory of tables.
        curator: who answers for the tags whose row names nobody.
        day: when they were assigned, ISO 8601.
        write: whether to write, or only to check.

    Raises:
        UnreadableError: the file is no workbook and no CSV.
        UsageError: the tables belong to the installed program, or cannot be written.
        ViolationError: some rows are wrong; lists every one of them, and nothing is written.

    """
    if write and is_packaged(mappings):
        raise UsageError(
            f"'{mappings}' belongs to the installed program, and an update would overwrite it",
            f"Copy it to a directory of your own (cp -r '{mappings}' mappings), and name it with --mappings.",
        )
    grids = read_grids(data, name)
    if not write:
        return _read(grids, name, load_tables(mappings), curator, day)
    with workspace_lock(mappings):
        complete(mappings)
        tables = load_tables(mappings)
        found = _read(grids, name, tables, curator, day)
        with replacement(mappings) as files:
            for register, table in tables.groups("tags").items():
                if tags := found.tags.get(register):
                    place = table.file.split("/", 1)[1]
                    files.path(place).write_bytes(_appended(mappings / place, tags))
    return replace(found, files=tuple(files.files))


def _read(grids: Iterable[Grid], name: str, tables: Tables, curator: str, day: str) -> Accepted:
    for grid in grids:
        if found := _header(grid):
            return _Reading(grid, name, found[1], tables, curator, day).rows(found[0])
    raise ViolationError(
        f"'{name}' is no review of suggestions", [PROBLEMS.problem("no-review", Origin(name))], "Nothing was changed."
    )


def _header(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """Return the row of the headers and the place of each column, None where the sheet is no review."""
    for row in grid.rows[:_HEADER_ROWS]:
        places: dict[str, int] = {}
        for place, cell in row.cells.items():
            if column := _HEADERS.get(squeeze(cell.text)):
                places.setdefault(column, place)
        if places.keys() >= _NEEDED:
            return row.number, places
    return None


class _Reading:
    """The rows of one sheet, read against the tables."""

    def __init__(
        self, grid: Grid, name: str, places: Mapping[str, int], tables: Tables, curator: str, day: str
    ) -> None:
        self._grid, self._places, self._curator, self._day = grid, places, curator.strip(), day
        self._name = f"{name}[{grid.name}]" if grid.name else name
        self._tags = tables.groups("tags")
        self._reference = read_reference(tables)
        self._registers = {r.text("project"): table.group for table in tables.of("projects") for r in table}
        self._known = {
            (r.text("project"), code)
            for table in tables.of("projects")
            for r in table
            for code in (*r.values("action_lines"), *r.values("sdgs"))
        } | {(r.text("project"), r.text("code")) for table in tables.of("tags") for r in table}
        self._problems: list[Problem] = []

    def rows(self, header: int) -> Accepted:
        """Return what is accepted below the row of the headers."""
        tags: dict[str, list[Mapping[str, str]]] = {}
        seen: set[tuple[str, str]] = set()
        present = rejected = pending = 0
        for row in self._grid.rows:
            cells = {column: row.cells[p].text.strip() for column, p in self._places.items() if p in row.cells}
            if row.number <= header or not any(cells.values()):
                continue
            said = cells.get("decision", "")
            decision = _CHOICES.get(squeeze(said), "") if said else "open"
            if not decision:
                self._complain("decision", row.number, "decision", said)
            elif decision == "reject":
                rejected += 1
            elif decision == "open":
                pending += 1
            else:
                pair = (cells.get("project", ""), cells.get("code", ""))
                if pair in seen:
                    self._complain("twice", row.number, "code", pair[1])
                seen.add(pair)
                if pair in self._known:
                    present += 1
                elif tag := self._tag(row.number, cells):
                    tags.setdefault(self._registers[pair[0]], []).append(tag)
        if self._problems:
            raise ViolationError(
                f"{len(self._problems)} problem(s) in '{self._name}'", self._problems, "Nothing was changed."
            )
        return Accepted(tags, present, rejected, pending)

    def _tag(self, number: int, cells: Mapping[str, str]) -> dict[str, str] | None:
        project, code = cells.get("project", ""), cells.get("code", "")
        register = self._registers.get(project, "")
        if register not in self._tags:
            self._complain("project", number, "project", project)
            return None
        if code not in self._reference.lines and code not in self._reference.sdgs:
            self._complain("code", number, "code", code)
            return None
        curator = cells.get("curator", "") or self._curator
        if not curator:
            self._complain("curator", number, "curator", "")
            return None
        tag = {"project": project, "framework": framework_of(code), "code": code, "reason": cells.get("reason", ""),
               "curator": curator, "assigned_on": self._day}  # fmt: skip
        self._problems += cell_problems(Row(self._tags[register].schema, self._name, number, tag))
        return tag

    def _complain(self, rule: str, number: int, column: str, value: str) -> None:
        self._problems.append(PROBLEMS.problem(rule, Origin(self._name, number, column), value))


def _appended(file: Path, tags: Iterable[Mapping[str, str]]) -> bytes:
    """Return a table's file with rows more, and no other byte changed."""
    held = file.read_bytes()
    newline = "\r\n" if b"\r\n" in held else "\n"
    header = next(csv.reader(io.StringIO(held.decode("utf-8-sig"))))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, lineterminator=newline)
    writer.writerows(tags)
    gap = b"" if held.endswith((b"\n", b"\r")) else newline.encode()
    return held + gap + out.getvalue().encode()
