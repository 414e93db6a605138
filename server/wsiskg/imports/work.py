"""Where an import keeps what it has read: an SQLite file in the workspace, gone when the import has ended.

Rows are written in batches together with how far the files have been read, so that an import that was killed goes on
from its last batch.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wsiskg.imports.record import ASIDE, Record, record_of, row_of
from wsiskg.model.errors import UsageError

__all__ = [
    "AS_JSON",
    "BETWEEN",
    "Step",
    "StoredRow",
    "Work",
    "WrittenRow",
    "in_batches",
    "open_work",
    "packed",
    "packed_record",
    "unpacked",
    "unpacked_record",
]

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE row (
    seq INTEGER PRIMARY KEY, file INTEGER, sheet TEXT, number INTEGER, record TEXT, award INTEGER, said TEXT,
    source TEXT, rule TEXT, facts TEXT, cells TEXT, again INTEGER, outcome TEXT
);
CREATE TABLE unknown (
    field TEXT, text TEXT, taken TEXT, candidates TEXT, count INTEGER, file INTEGER, sheet TEXT, number INTEGER,
    PRIMARY KEY (field, text, taken)
);
CREATE TABLE record (
    seq INTEGER PRIMARY KEY, record TEXT UNIQUE, register TEXT, award INTEGER, said TEXT, source TEXT, before TEXT,
    before_source TEXT, fresh INTEGER, row INTEGER, kept INTEGER, project TEXT, written TEXT
);
CREATE TABLE base (project TEXT PRIMARY KEY, register TEXT, cells TEXT);
CREATE TABLE base_award (
    record TEXT PRIMARY KEY, register TEXT, project TEXT, year TEXT, grade TEXT, category TEXT, cells TEXT
);
CREATE INDEX base_award_project ON base_award (project);
CREATE TABLE written (
    name TEXT, register TEXT, sort TEXT, cells TEXT, seq INTEGER, PRIMARY KEY (name, register, sort)
) WITHOUT ROWID;
"""
_FETCHED = 500  # rows at once
_TEXT = 1 << 23  # characters
BETWEEN, AS_JSON = "\x1f", "\x1e"
"""What stands between packed cells, and before those packed otherwise: others' tables may perhaps hold these signs."""

Step = Callable[[str, int, int], None]
"""Told of progress: what is under way, how much of it is done, how much there is."""

WrittenRow = tuple[str, str, str, Sequence[str]]
"""Name of a table, register, what the row is sorted by, its cells."""


StoredRow = tuple[int, str, int, str | None, bool | None, str | None, str | None, str, str, bool]
"""A row as it was read: its file, sheet and number; of its record the name, whether it is an award, what it says and
its source, all None if the row is rejected; by which rule it is; its cells as JSON, wanted of rows that are rejected,
or may be because they come again; whether they do."""


class Work:
    """The working file of one import."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.db = connection
        names = connection.execute("SELECT record FROM row WHERE record IS NOT NULL")
        self._seen = {hash(name) for (name,) in names}

    def comes_again(self, name: str) -> bool:
        """Say whether a record of this name may have come before; remember that it has come now."""
        code = hash(name)
        if code in self._seen:
            return True
        self._seen.add(code)
        return False

    def are_new(self, names: Collection[str]) -> bool:
        """Say whether no record of these names has come before, nor one of them twice; remember them if so."""
        codes = set(map(hash, names))
        if len(codes) < len(names) or not self._seen.isdisjoint(codes):
            return False
        self._seen |= codes
        return True

    def get(self, name: str, default: Any = None) -> Any:
        """Return what was remembered under ``name``."""
        found = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return default if found is None else json.loads(found[0])

    def put(self, name: str, value: Any) -> None:
        """Remember a value that JSON can write, with the next commit."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, json.dumps(value, ensure_ascii=False)))

    def add_rows(self, rows: Iterable[StoredRow]) -> None:
        """Add rows."""
        self.db.executemany(
            "INSERT INTO row (file, sheet, number, record, award, said, source, rule, facts, cells, again) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{}', ?, ?)",
            rows,
        )

    def add_unknown(self, entries: Iterable[tuple[str, str, str, Sequence[str], int, str, int]]) -> None:
        """Count values not understood: (field, text, taken, candidates, file, sheet, row)."""
        self.db.executemany(
            "INSERT INTO unknown VALUES (?, ?, ?, ?, 1, ?, ?, ?) "
            "ON CONFLICT (field, text, taken) DO UPDATE SET count = count + 1",
            ((f, text, taken, ";".join(c), file, sheet, row) for f, text, taken, c, file, sheet, row in entries),
        )

    def write(self, rows: Iterable[WrittenRow]) -> None:
        """Keep rows of tables until all are there; one takes the place of an earlier one that sorts the same."""
        self.db.executemany(
            "INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?, NULL)",
            ((name, register, sort, packed(cells)) for name, register, sort, cells in rows),
        )

    def write_later(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Keep the places of projects whose rows their one record says: (register, what is sorted by, its number)."""
        self.db.executemany("INSERT OR REPLACE INTO written VALUES ('projects', ?, ?, NULL, ?)", rows)

    def written(self, name: str, register: str) -> Iterator[list[str]]:
        """Yield the rows kept of a table in their order."""
        found = self.db.execute(
            "SELECT cells FROM written WHERE name = ? AND register = ? ORDER BY sort", (name, register)
        )
        return (unpacked(cells) for (cells,) in found)


def in_batches(found: sqlite3.Cursor, text: int, most: int) -> Iterator[list[tuple[Any, ...]]]:
    """Yield what a query finds, some rows at a time.

    Args:
        found: the rows.
        text: which column has the long texts; fewer rows come together where these are long.
        most: rows that come together.

    """
    batch: list[tuple[Any, ...]] = []
    size = 0
    while some := found.fetchmany(_FETCHED):
        batch += some
        size += sum(len(row[text] or "") for row in some)
        if size >= _TEXT or len(batch) >= most:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def packed(cells: Sequence[str]) -> str:
    """Return cells as one text, the same for the same cells alone."""
    text = BETWEEN.join(cells)
    if text.count(BETWEEN) != len(cells) - 1 or text.startswith(AS_JSON):
        return AS_JSON + json.dumps(list(cells), ensure_ascii=False)
    return text


def unpacked(text: str) -> list[str]:
    """Return the cells that `packed` made one text of."""
    if text.startswith(AS_JSON):
        cells: list[str] = json.loads(text[1:])
        return cells
    return text.split(BETWEEN)


def packed_record(record: Record) -> tuple[str, str]:
    """Return what a record says, and what does not count when records are compared, each as one text."""
    cells = row_of(record)
    return packed(cells[:-ASIDE]), packed(cells[-ASIDE:])


def unpacked_record(said: str, source: str) -> Record:
    """Return the record that `packed_record` made two texts of."""
    return record_of([*unpacked(said), *unpacked(source)])


@contextmanager
def open_work(path: Path, key: str) -> Iterator[Work]:
    """Open the working file of the import ``key``: the one that was left by a killed import of the same, or a new one.

    Raises:
        UsageError: it cannot be written, or the disk is full.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _resumed(path, key) or _begun(path, key)
    except (OSError, sqlite3.Error) as error:
        raise UsageError(f"'{path}' cannot be written: {error}", "Make room, or see to the rights.") from error
    try:
        yield Work(connection)
    except sqlite3.Error as error:
        raise UsageError(
            f"nothing was changed: '{path}' cannot be written ({error})", "Make room, and repeat the command."
        ) from error
    finally:
        connection.close()


def _resumed(path: Path, key: str) -> sqlite3.Connection | None:
    if not path.exists():
        return None
    connection = sqlite3.connect(path)
    try:
        _tune(connection)
        found = connection.execute("SELECT value FROM meta WHERE name = 'key'").fetchone()
    except sqlite3.Error:
        found = None
    if found is not None and json.loads(found[0]) == [key, _SCHEMA]:
        return connection
    connection.close()
    _remove(path)
    return None


def _begun(path: Path, key: str) -> sqlite3.Connection:
    _remove(path)
    connection = sqlite3.connect(path)
    _tune(connection)
    connection.executescript(_SCHEMA)
    work = Work(connection)
    work.put("key", [key, _SCHEMA])
    connection.commit()
    return connection


def _tune(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # a lost batch is read again
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA temp_store = FILE")


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
