"""CSV tables that an import keeps: read with their columns checked, written as the tables of the project are."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import polars as pl

from wsiskg.model.errors import UsageError

__all__ = ["numbered_rows", "read_rows", "read_table", "write_frames", "write_table"]


def numbered_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, list[str], bool]]:
    """Yield each row that is not empty: its line, its cells in ``columns``, and whether it has as many as the header.

    There are none if there is no file. Cells that are missing are empty.

    Raises:
        UsageError: it cannot be read, or lacks one of ``columns``.

    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next((row for row in reader if row), [])
            place = {name: number for number, name in enumerate(header)}
            if missing := set(columns) - set(place):
                raise UsageError(f"'{path}' lacks the columns {', '.join(sorted(missing))}", "Restore its header.")
            places = [place[name] for name in columns]
            straight = places == list(range(len(header)))
            for row in reader:
                if not row:
                    continue
                whole = len(row) == len(header)
                if not whole:
                    row += [""] * (len(header) - len(row))
                yield reader.line_num, row if straight and whole else [row[n] for n in places], whole
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"'{path}' cannot be read: {error}", "Save it as CSV in UTF-8.") from error


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[list[str]]:
    """Yield the cells that each row of a table has in ``columns`` (others are passed over); none if there is no file.

    Raises:
        UsageError: it cannot be read, lacks a column, or a row has not the cells of the header.

    """
    for line, cells, whole in numbered_rows(path, columns):
        if not whole:
            raise UsageError(f"'{path}', row {line}: the number of cells is wrong", "Correct it.")
        yield cells


def read_table(path: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield the rows of a table as `read_rows` does, by column."""
    return (dict(zip(columns, cells, strict=True)) for cells in read_rows(path, columns))


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def write_frames(path: Path, columns: Sequence[str], frames: Iterable[pl.DataFrame]) -> None:
    """Write a table as `write_table` does; a block of rows at a time, all cells text."""
    with path.open("wb") as file:
        file.write(_lines([columns]))
        for frame in frames:
            # Polars quotes a carriage return, which the standard library does not.
            if frame.select(pl.any_horizontal(pl.all().str.contains("\r", literal=True).any())).item():
                file.write(_lines(frame.rows()))
            else:
                filled = frame.select(pl.when(pl.all() != "").then(pl.all()))  # an empty text would be quoted
                filled.write_csv(file, include_header=False, quote_style="necessary")


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
