"""Where an import keeps what it has read: an SQLite file in the workspace, gone when the import has ended.

Rows are written in batches together with how far the files have been read, so that an import that was killed goes on
from its last batch.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wsiskg.imports.record import COLUMNS as RECORD_COLUMNS
from wsiskg.imports.record import Record, record_digest, record_of, row_of
from wsiskg.model.errors import UsageError

__all__ = ["ReadRow", "Step", "Work", "open_work", "packed", "unpacked"]

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE row (
    seq INTEGER PRIMARY KEY, file INTEGER, sheet TEXT, number INTEGER,
    record TEXT, digest TEXT, data TEXT, rule TEXT, facts TEXT, cells TEXT, outcome TEXT
);
CREATE INDEX row_record ON row (record) WHERE record IS NOT NULL;
CREATE TABLE unknown (
    field TEXT, text TEXT, taken TEXT, candidates TEXT, count INTEGER, file INTEGER, sheet TEXT, number INTEGER,
    PRIMARY KEY (field, text, taken)
);
CREATE TABLE record (
    seq INTEGER PRIMARY KEY, record TEXT UNIQUE, register TEXT, digest TEXT, data TEXT, before TEXT, fresh INTEGER,
    row INTEGER, kept INTEGER, project TEXT, written TEXT
);
CREATE INDEX record_project ON record (project);
CREATE TABLE member (
    n INTEGER PRIMARY KEY, id TEXT UNIQUE, register TEXT, kind TEXT, given TEXT, linked TEXT, key TEXT, folded TEXT,
    organisations TEXT, countries TEXT, fresh INTEGER, base INTEGER, title TEXT
);
CREATE INDEX member_key ON member (key);
CREATE INDEX member_given ON member (given);
CREATE INDEX member_linked ON member (linked);
CREATE TABLE token (token TEXT, n INTEGER, PRIMARY KEY (token, n)) WITHOUT ROWID;
CREATE INDEX token_n ON token (n);
CREATE TABLE frequency (token TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
CREATE TABLE base (project TEXT PRIMARY KEY, register TEXT, cells TEXT);
CREATE TABLE base_award (
    record TEXT PRIMARY KEY, register TEXT, project TEXT, year TEXT, grade TEXT, category TEXT, cells TEXT
);
CREATE INDEX base_award_project ON base_award (project);
CREATE TABLE written (name TEXT, register TEXT, sort TEXT, cells TEXT, PRIMARY KEY (name, register, sort));
"""
_FIRST = "reading"

Step = Callable[[str, int, int], None]
"""Told of progress: what is under way, how much of it is done, how much there is."""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row as it was read: of which file and sheet, and what became of it (``record``, or ``rule``)."""

    file: int
    sheet: str
    number: int
    record: Record | None
    rule: str
    cells: Mapping[str, str]


class Work:
    """The working file of one import."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.db = connection

    def get(self, name: str, default: Any = None) -> Any:
        """Return what was remembered under ``name``."""
        found = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return default if found is None else json.loads(found[0])

    def put(self, name: str, value: Any) -> None:
        """Remember a value that JSON can write, with the next commit."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, json.dumps(value, ensure_ascii=False)))

    def add_rows(self, rows: Iterable[ReadRow]) -> None:
        """Add rows; those that are rejected keep their cells."""
        self.db.executemany(
            "INSERT INTO row (file, sheet, number, record, digest, data, rule, facts, cells) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, '{}', ?)",
            (
                (
                    row.file, row.sheet, row.number,
                    row.record.record if row.record else None,
                    record_digest(row.record) if row.record else None,
                    packed(row.record) if row.record else None,
                    row.rule,
                    json.dumps(row.cells, ensure_ascii=False),
                )
                for row in rows
            ),
        )  # fmt: skip

    def add_unknown(self, entries: Iterable[tuple[str, str, str, Sequence[str], int, str, int]]) -> None:
        """Count values not understood: (field, text, taken, candidates, file, sheet, row)."""
        self.db.executemany(
            "INSERT INTO unknown VALUES (?, ?, ?, ?, 1, ?, ?, ?) "
            "ON CONFLICT (field, text, taken) DO UPDATE SET count = count + 1",
            ((f, text, taken, ";".join(c), file, sheet, row) for f, text, taken, c, file, sheet, row in entries),
        )

    def write(self, name: str, register: str, sort: str, cells: Sequence[str]) -> None:
        """Keep a row of the table ``name`` until all are there, in the order of ``sort``."""
        self.db.execute(
            "INSERT OR REPLACE INTO written VALUES (?, ?, ?, ?)",
            (name, register, sort, json.dumps(cells, ensure_ascii=False)),
        )

    def written(self, name: str, register: str) -> Iterator[list[str]]:
        """Yield the rows kept of a table in their order."""
        found = self.db.execute(
            "SELECT cells FROM written WHERE name = ? AND register = ? ORDER BY sort", (name, register)
        )
        return (json.loads(cells) for (cells,) in found)


def packed(record: Record) -> str:
    """Return a record as text."""
    return json.dumps(row_of(record), ensure_ascii=False)


def unpacked(text: str) -> Record:
    """Return the record that `packed` wrote."""
    return record_of(dict(zip(RECORD_COLUMNS, json.loads(text), strict=True)))


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
    if found is not None and json.loads(found[0]) == key:
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
    work.put("key", key)
    work.put("stage", _FIRST)
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
