"""CSV tables that an import keeps: read with their columns checked, written as the tables of the project are."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from wsiskg.model.errors import UsageError

__all__ = ["numbered_rows", "read_table", "write_table"]


def numbered_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Mapping[str | None, str | None]]]:
    """Yield each row with its line, as `csv.DictReader` gives it; none if there is no file.

    Raises:
        UsageError: it cannot be read, or lacks one of ``columns``.

    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            if missing := set(columns) - set(reader.fieldnames or ()):
                raise UsageError(f"'{path}' lacks the columns {', '.join(sorted(missing))}", "Restore its header.")
            for row in reader:
                yield reader.line_num, row
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"'{path}' cannot be read: {error}", "Save it as CSV in UTF-8.") from error


def read_table(path: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of a table that has these ``columns`` (others are passed over); none if there is no file.

    Raises:
        UsageError: it cannot be read, lacks a column, or a row has not the cells of the header.

    """
    for line, row in numbered_rows(path, columns):
        cells = {column: row[column] for column in columns}
        if None in row or None in row.values():
            raise UsageError(f"'{path}', row {line}: the number of cells is wrong", "Correct it.")
        yield {column: cell or "" for column, cell in cells.items()}


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
