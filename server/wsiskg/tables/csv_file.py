"""Read one CSV file (RFC 4180, UTF-8) into rows, naming every line that does not fit its schema."""

import csv
import hashlib
import io
from collections import Counter
from importlib.resources.abc import Traversable

from wsiskg.model.problems import Origin, Problem
from wsiskg.tables.cells import cell_problems
from wsiskg.tables.messages import problem
from wsiskg.tables.rows import Row, Table
from wsiskg.tables.schema import TableSchema

__all__ = ["read_csv_table"]


def read_csv_table(file: Traversable, name: str, schema: TableSchema, group: str = "") -> tuple[Table, list[Problem]]:
    """Read ``file``, called ``name`` in messages.

    Returns:
        The table with every row that has the right number of cells, and all problems found in them.

    """
    if not file.is_file():
        return Table(schema, name, (), group, complete=False), [problem("missing-file", Origin(name))]
    data = file.read_bytes()
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
                problems.append(problem("columns", Origin(name, number), found=len(record), expected=len(header)))
                complete = False
                continue
            row = Row(schema, name, number, dict(zip(header, record, strict=True)))
            problems.extend(cell_problems(row))
            rows.append(row)
    except csv.Error:
        complete = False
        problems.append(problem("columns", Origin(name, reader.line_num), found="?", expected=len(schema.columns)))
    return Table(schema, name, tuple(rows), group, digest, complete), problems
