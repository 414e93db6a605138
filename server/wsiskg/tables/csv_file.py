"""Read one CSV file (RFC 4180, UTF-8) into rows, naming every line that does not fit its schema."""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable

from wsiskg.model.problems import Origin, Problem
from wsiskg.tables.cells import cell_problems
from wsiskg.tables.messages import problem
from wsiskg.tables.rows import Columns, Row, Table
from wsiskg.tables.schema import TableSchema

__all__ = ["BLOCK", "LARGE", "read_csv_table"]

LARGE = 1 << 20
"""Bytes from which on a file is read and checked as columns, which needs Polars."""

BLOCK = 8 << 20
"""Bytes of a large file that are read at a time."""


def read_csv_table(file: Traversable, name: str, schema: TableSchema, group: str = "") -> tuple[Table, list[Problem]]:
    """Read ``file``, called ``name`` in messages.

    Returns:
        The table with every row that has the right number of cells, and all problems found in them.

    """
    if not file.is_file():
        return Table(schema, name, (), group, complete=False), [problem("missing-file", Origin(name))]
    with file.open("rb") as stream:
        data: bytes = stream.read(LARGE)
        if len(data) == LARGE and (header := _header(data, schema)):
            digest = hashlib.sha256(data)

            def chunks() -> Iterator[bytes]:
                yield data[data.index(b"\n") + 1 :]
                while chunk := stream.read(BLOCK):
                    digest.update(chunk)
                    yield chunk

            try:
                rows, problems, complete = _read_columns(chunks(), name, schema, header)
            except UnicodeDecodeError:
                data = file.read_bytes()
            else:
                return Table(schema, name, rows, group, digest.hexdigest(), complete), problems
        else:
            data += stream.read()
    return _read_rows(data, name, schema, group)


def _header(data: bytes, schema: TableSchema) -> Sequence[str]:
    """Return the names of the columns if they are the right ones and stand on the first line."""
    try:
        first = data[: data.index(b"\n")].decode("utf-8-sig")
        header = next(csv.reader([first], strict=True), [])
    except (ValueError, csv.Error):
        return ()
    return header if sorted(header) == sorted(schema.columns) else ()


def _read_columns(
    chunks: Iterator[bytes], name: str, schema: TableSchema, header: Sequence[str]
) -> tuple[Columns, list[Problem], bool]:
    """Read what follows the header of a large file; return the rows, their problems, and whether none is lost."""
    import polars as pl

    from wsiskg.tables.csv_columns import Part, read_parts
    from wsiskg.tables.screening import rows_with_wrong_cells

    nothing = Part(pl.DataFrame(schema=dict.fromkeys(header, pl.String)), pl.Series(dtype=pl.UInt32))
    parts = [nothing, *read_parts(chunks, header, line=2)]
    rows = Columns(schema, name, pl.concat([p.frame for p in parts]), pl.concat([p.numbers for p in parts]))
    wrong = rows_with_wrong_cells(rows)
    problems = [p for row in wrong for p in cell_problems(row)]
    problems += [_ragged(name, number, found, schema) for part in parts for number, found in part.ragged]
    problems.sort(key=lambda p: p.origin.row or 0)
    problems += [_ragged(name, part.broken, "?", schema) for part in parts if part.broken is not None]
    return rows, problems, not any(part.ragged or part.broken for part in parts)


def _ragged(name: str, number: int, found: int | str, schema: TableSchema) -> Problem:
    return problem("columns", Origin(name, number), found=found, expected=len(schema.columns))


def _read_rows(data: bytes, name: str, schema: TableSchema, group: str) -> tuple[Table, list[Problem]]:
    digest = hashlib.sha256(data).hexdigest()
    empty = Table(schema, name, (), group, digest, complete=False)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return empty, [problem("encoding", Origin(name, line), byte=f"0x{data[error.start]:02x}")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    wanted = ", ".join(schema.columns)
    problems: list[Problem] = []
    rows: list[Row] = []
    complete = True
    try:
        header = next(reader, None)
        if header is None:
            return empty, [problem("empty-file", Origin(name, 1), columns=wanted)]
        if sorted(header) != sorted(schema.columns):
            missing = ", ".join((Counter(schema.columns) - Counter(header)).elements())
            unknown = ", ".join(c or "''" for c in (Counter(header) - Counter(schema.columns)).elements())
            return empty, [problem("header", Origin(name, 1), missing=missing, unknown=unknown, columns=wanted)]
        start = reader.line_num + 1
        for record in reader:
            number, start = start, reader.line_num + 1
            if not record or not any(cell.strip() for cell in record):
                continue
            if len(record) != len(header):
                problems.append(_ragged(name, number, len(record), schema))
                complete = False
                continue
            row = Row(schema, name, number, dict(zip(header, record, strict=True)))
            problems.extend(cell_problems(row))
            rows.append(row)
    except csv.Error:
        complete = False
        problems.append(_ragged(name, reader.line_num, "?", schema))
    return Table(schema, name, tuple(rows), group, digest, complete), problems
