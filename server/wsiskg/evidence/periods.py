"""Evidence of a part of time, as tables with fewer rows, so that it is counted like all evidence.

A project is dated by its first year and the years of its awards; by sessions of the High-level Political Forum, which
are known by year, nothing finer is asked. Tags have no date of their own: they say what a project is about.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from wsiskg.tables.rows import Row, Tables

__all__ = ["since", "undated", "up_to"]

_REGISTERS = frozenset({"projects", "tags", "awards"})


def up_to(tables: Tables, year: int, *, perhaps: bool = False) -> Tables:
    """Return the projects that had begun by the end of ``year``, with the awards given by then.

    ``perhaps`` adds what has no year, and so may have been there.
    """
    dates = _dates(tables)
    return _cut(
        tables,
        lambda project: dates[project][0] <= year if project in dates else perhaps,
        lambda given: perhaps if given is None else given <= year,
    )


def since(tables: Tables, year: int, *, perhaps: bool = False) -> Tables:
    """Return the projects that are dated after ``year`` at least once, with the awards given after it.

    One that began before and was awarded after is in `up_to` too. ``perhaps`` adds what has no year.
    """
    dates = _dates(tables)
    return _cut(
        tables,
        lambda project: dates[project][1] > year if project in dates else perhaps,
        lambda given: perhaps if given is None else given > year,
    )


def undated(tables: Tables) -> Tables:
    """Return the projects that have no year at all."""
    dates = _dates(tables)
    return _cut(tables, lambda project: project not in dates, lambda given: given is None)


def _dates(tables: Tables) -> Mapping[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for name, column in (("projects", "first_year"), ("awards", "year")):
        for table in tables.of(name):
            for row in table:
                if (year := row.integer(column)) is not None:
                    first, last = found.get(row.text("project"), (year, year))
                    found[row.text("project")] = min(first, year), max(last, year)
    return found


def _cut(tables: Tables, holds: Callable[[str], bool], given: Callable[[int | None], bool]) -> Tables:
    def keeps(name: str, row: Row) -> bool:
        return holds(row.text("project")) and (name != "awards" or given(row.integer("year")))

    return Tables(
        tuple(
            replace(table, rows=tuple(row for row in table if keeps(table.schema.name, row)))
            if table.schema.name in _REGISTERS
            else table
            for table in tables.tables
        )
    )
