"""Rows with typed access to their cells, and the set of all tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from wsiskg.model.problems import Origin
from wsiskg.tables.schema import TableSchema

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Row", "Table", "Tables"]


@dataclass(frozen=True, slots=True)
class Row:
    """One checked row. ``number`` is its line in the file (the header is 1)."""

    schema: TableSchema
    file: str
    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """Return the cell's text, empty when it is."""
        return self.cells[column]

    def values(self, column: str) -> tuple[str, ...]:
        """Return the values of a cell that holds several; none for an empty cell."""
        separator = self.schema.by_name[column].separator
        cell = self.cells[column]
        if not cell:
            return ()
        return tuple(v.strip() for v in cell.split(separator)) if separator else (cell,)

    def integer(self, column: str) -> int | None:
        """Return a whole number, or None for an empty cell."""
        cell = self.cells[column]
        return int(cell) if cell else None

    def number_of(self, column: str) -> Decimal | None:
        """Return a decimal number, or None for an empty cell."""
        cell = self.cells[column]
        return Decimal(cell) if cell else None

    def flag(self, column: str) -> bool | None:
        """Return True for ``yes``, False for ``no``, None for an empty cell."""
        return {"yes": True, "no": False}.get(self.cells[column])

    def origin(self, column: str | None = None) -> Origin:
        """Return the place of the row, or of one of its cells."""
        return Origin(self.file, self.number, column)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file. ``group`` is the subfolder (edition, register) for tables that come once in each.

    ``complete`` is False when some or all of the file's rows could not be read, so that nobody can say what is missing.
    ``unread`` is the number of rows of a table that was left unread on purpose (see `load_tables`).
    """

    schema: TableSchema
    file: str
    rows: tuple[Row, ...]
    group: str = ""
    digest: str = ""
    complete: bool = True
    unread: int = 0

    @property
    def title(self) -> str:
        """Return the file's name as releases record it: below ``mappings/``, whatever the directory is called."""
        return "mappings/" + self.file.split("/", 1)[1]

    @property
    def count(self) -> int:
        """Return the number of rows, read or not."""
        return len(self.rows) + self.unread

    def frame(self) -> "pl.DataFrame":
        """Return the cells as text, a column each, in the order of the file; empty cells are empty texts."""
        import polars as pl

        columns = {name: [row.cells[name] for row in self.rows] for name in self.schema.columns}
        return pl.DataFrame(columns, schema=dict.fromkeys(self.schema.columns, pl.String))

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the rows in the order of the file."""
        return iter(self.rows)


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of a directory, checked together."""

    tables: tuple[Table, ...]

    def __getitem__(self, name: str) -> Table:
        """Return the one table called ``name`` (a table that does not come in groups)."""
        return next(t for t in self.tables if t.schema.name == name and not t.group)

    def groups(self, name: str) -> Mapping[str, Table]:
        """Return the tables called ``name`` by group: edition code or register code."""
        return {t.group: t for t in self.tables if t.schema.name == name and t.group}

    def of(self, name: str) -> tuple[Table, ...]:
        """Return every table called ``name``, grouped or not."""
        return tuple(t for t in self.tables if t.schema.name == name)
