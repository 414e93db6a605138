"""Rows with typed access to their cells, and the set of all tables."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, overload

from wsiskg.model.problems import Origin
from wsiskg.tables.schema import Field, TableSchema

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Columns", "Row", "Table", "Tables", "values_of"]

_BATCH = 10_000


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
        return values_of(self.schema.by_name[column], self.cells[column])

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


def values_of(field: Field, cell: str) -> tuple[str, ...]:
    """Return the values of a cell of the column ``field``; none for an empty cell."""
    if not cell:
        return ()
    return tuple(v.strip() for v in cell.split(field.separator)) if field.separator else (cell,)


class Columns(Sequence[Row]):
    """The rows of a large table as columns; a `Row` is made when it is asked for.

    Attributes:
        schema: the table's.
        file: the table's name in messages.
        frame: the cells, a column of text each, in the order of the schema; no nulls.
        numbers: the line of each row (UInt32).

    """

    __slots__ = ("file", "frame", "numbers", "schema")

    def __init__(self, schema: TableSchema, file: str, frame: "pl.DataFrame", numbers: "pl.Series") -> None:
        self.schema = schema
        self.file = file
        self.frame = frame.select(schema.columns)
        self.numbers = numbers

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.frame.height

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> "Columns": ...
    def __getitem__(self, index: int | slice) -> "Row | Columns":
        """Return one row, or columns of fewer rows."""
        if isinstance(index, slice):
            return Columns(self.schema, self.file, self.frame[index], self.numbers[index])
        return Row(self.schema, self.file, int(self.numbers[index]), self.frame.row(index, named=True))

    def __iter__(self) -> Iterator[Row]:
        """Iterate over the rows in the order of the file."""
        for start in range(0, len(self), _BATCH):
            numbers = self.numbers.slice(start, _BATCH).to_list()
            for number, cells in zip(numbers, self.frame.slice(start, _BATCH).iter_rows(named=True), strict=True):
                yield Row(self.schema, self.file, number, cells)

    def filter(self, mask: "pl.Series") -> "Columns":
        """Return the rows where ``mask`` is true."""
        return Columns(self.schema, self.file, self.frame.filter(mask), self.numbers.filter(mask))

    def having(self, column: str, cells: Collection[str]) -> "Columns":
        """Return the rows that have one of ``cells`` in ``column``."""
        import polars as pl

        return self.filter(self.frame[column].is_in(pl.Series([*cells], dtype=pl.String).implode()))

    def repeated(self, columns: Sequence[str]) -> "Columns":
        """Return the rows that have the same cells in ``columns`` as another row, not all of them empty."""
        import polars as pl

        key = pl.struct(columns) if len(columns) > 1 else pl.col(*columns)
        given = pl.any_horizontal(pl.col(columns) != "")
        return self.filter(self.frame.select(key.is_duplicated() & given).to_series())

    def where(self, columns: Sequence[str], condition: Callable[[Row], bool]) -> "Columns":
        """Return the rows that meet a condition on ``columns`` alone, which is asked once for equal cells."""
        import polars as pl

        others = dict.fromkeys(self.schema.columns, "")
        different = self.frame.select(columns).unique()
        rows = (Row(self.schema, self.file, 0, others | cells) for cells in different.iter_rows(named=True))
        met = different.with_columns(met=pl.Series([condition(row) for row in rows], dtype=pl.Boolean))
        return self.filter(
            self.frame.select(columns).join(met, on=columns, how="left", maintain_order="left").get_column("met")
        )


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file. ``group`` is the subfolder (edition, register) for tables that come once in each.

    ``rows`` are `Columns` where they are many. ``complete`` is False when some or all of the file's rows could not be
    read, so that nobody can say what is missing.
    ``unread`` is the number of rows of a table that was left unread on purpose (see `load_tables`).
    """

    schema: TableSchema
    file: str
    rows: Sequence[Row]
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

    def different(self, column: str) -> frozenset[str]:
        """Return the texts that stand in the cells of ``column``."""
        if isinstance(self.rows, Columns):
            return frozenset(self.rows.frame[column].unique().to_list())
        return frozenset(row.text(column) for row in self.rows)

    def having(self, column: str, cells: Collection[str]) -> Iterable[Row]:
        """Return all rows that have one of ``cells`` in ``column``, of a large table no others."""
        return self.rows.having(column, cells) if isinstance(self.rows, Columns) else self.rows

    def repeated(self, columns: Sequence[str]) -> Iterable[Row]:
        """Return all rows that have the same cells in ``columns`` as another row, of a large table no others."""
        return self.rows.repeated(columns) if isinstance(self.rows, Columns) else self.rows

    def where(self, columns: Sequence[str], condition: Callable[[Row], bool]) -> Iterable[Row]:
        """Return all rows that meet a condition on ``columns`` alone, of a large table no others."""
        return self.rows.where(columns, condition) if isinstance(self.rows, Columns) else self.rows

    def frame(self) -> "pl.DataFrame":
        """Return the cells as text, a column each, in the order of the file; empty cells are empty texts."""
        if isinstance(self.rows, Columns):
            return self.rows.frame
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
