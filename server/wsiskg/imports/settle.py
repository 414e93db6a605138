"""The second stage of an import: what becomes of each row, held against the records that are kept."""

import json
import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from wsiskg.imports.record import Record, differences, record_digest
from wsiskg.imports.work import Work, packed_record, unpacked_record

__all__ = ["settle_rows"]

_ALONE = """
CREATE TEMP TABLE contested (record TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO contested SELECT DISTINCT record FROM row WHERE again AND rule = '';
CREATE TEMP VIEW alone AS SELECT * FROM row WHERE rule = '' AND record NOT IN (SELECT record FROM contested);
"""  # rows whose name no other row has
_CHUNK = 10_000  # rows settled together


class _Held(NamedTuple):
    """The record of a name as it stands now: of which row of this import, and what it was before."""

    seq: int
    said: str
    source: str
    before: str | None
    before_source: str | None
    row: int | None
    kept: bool


class _Row(NamedTuple):
    seq: int
    file: int
    number: int
    name: str
    award: bool
    said: str
    source: str


def settle_rows(work: Work, register: str, step: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    """Give each row its outcome, and write its record.

    Of rows with one number in one file the first counts, and those that differ are rejected; a later file corrects an
    earlier one. Nothing is committed.
    """
    db = work.db
    total = db.execute("SELECT COALESCE(MAX(seq), 0) FROM row").fetchone()[0]
    after = db.execute("SELECT COALESCE(MAX(seq), 0) FROM record").fetchone()[0]
    db.execute("UPDATE row SET outcome = 'rejected' WHERE rule != ''")
    for statement in _ALONE.split(";"):
        db.execute(statement)
    for start in range(0, total, _CHUNK):
        step(start, total)
        _settle_alone(db, register, after, (start, start + _CHUNK))
    rows = db.execute(
        "SELECT seq, file, number, record, award, said, source FROM row WHERE outcome IS NULL ORDER BY seq"
    )
    for row in map(_Row._make, rows):
        _settle(db, register, after, row)
    db.execute("DROP VIEW alone")
    db.execute("DROP TABLE contested")


def _settle_alone(db: sqlite3.Connection, register: str, after: int, between: tuple[int, int]) -> None:
    """Settle the rows whose name no other row has: those of new records, and those that say what is kept."""
    db.execute(
        "INSERT OR IGNORE INTO record (seq, record, register, award, said, source, fresh, row, kept) "
        "SELECT ? + seq, record, ?, award, said, source, 1, seq, 0 FROM alone WHERE seq > ? AND seq <= ?",
        (after, register, *between),
    )
    db.execute(
        "UPDATE row SET outcome = 'added' WHERE seq IN (SELECT seq FROM alone WHERE seq > ? AND seq <= ?) "
        "AND EXISTS (SELECT 1 FROM record WHERE record.seq = ? + row.seq)",
        (*between, after),
    )
    if after:
        db.execute(
            "UPDATE row SET outcome = 'unchanged' WHERE seq IN (SELECT seq FROM alone WHERE seq > ? AND seq <= ?) "
            "AND outcome IS NULL AND EXISTS "
            "(SELECT 1 FROM record WHERE record.record = row.record AND record.said = row.said)",
            between,
        )


def _settle(db: sqlite3.Connection, register: str, after: int, row: _Row) -> None:
    held = _held(db, row.name)
    if held is not None and held.row is not None and held.said != row.said and _same_file(db, held.row, row):
        record = unpacked_record(row.said, row.source)
        if record.given_id:
            said = db.execute("SELECT number FROM row WHERE seq = ?", (held.row,)).fetchone()[0]
            changed = differences(unpacked_record(held.said, held.source), record)
            facts = {"value": record.given_id, "first": said, "fields": ", ".join(changed)}
            db.execute(
                "UPDATE row SET outcome = 'rejected', rule = 'conflict', facts = ? WHERE seq = ?",
                (json.dumps(facts, ensure_ascii=False), row.seq),
            )
            return
        row = _renamed(row, record)
        held = _held(db, row.name)
    if held is None:
        _insert(db, register, after, row)
    elif held.said == row.said:
        _outcome(db, row.seq, "unchanged")
        if held.row is None:
            db.execute("UPDATE record SET row = ? WHERE seq = ?", (row.seq, held.seq))
    else:
        _correct(db, row, held)


def _held(db: sqlite3.Connection, name: str) -> _Held | None:
    found = db.execute(
        "SELECT seq, said, source, before, before_source, row, kept FROM record WHERE record = ?", (name,)
    ).fetchone()
    return None if found is None else _Held._make(found)


def _same_file(db: sqlite3.Connection, other: int, row: _Row) -> bool:
    return bool(db.execute("SELECT file FROM row WHERE seq = ?", (other,)).fetchone()[0] == row.file)


def _renamed(row: _Row, record: Record) -> _Row:
    """Name a row without number by all it says: another one of its title, organisation and country is in its file."""
    name = f"{row.name}.{record_digest(record._replace(record=''))[:8]}"
    said, source = packed_record(record._replace(record=name))
    return row._replace(name=name, said=said, source=source)


def _insert(db: sqlite3.Connection, register: str, after: int, row: _Row) -> None:
    db.execute(
        "INSERT INTO record (seq, record, register, award, said, source, fresh, row, kept) "
        "VALUES (?, ?, ?, ?, ?, ?, 1, ?, 0)",
        (after + row.seq, row.name, register, row.award, row.said, row.source, row.seq),
    )
    db.execute("UPDATE row SET record = ?, outcome = 'added' WHERE seq = ?", (row.name, row.seq))


def _correct(db: sqlite3.Connection, row: _Row, held: _Held) -> None:
    """Let a row take the place of what its record said before, in the tables or in an earlier file."""
    before = held.before, held.before_source
    if held.row is not None:
        _outcome(db, held.row, "merged")
    if held.row is None or (held.before is None and held.kept):
        before = held.said, held.source
    if not held.kept:
        before, outcome = (None, None), "added"
    elif before[0] == row.said:
        row = row._replace(source=before[1] or "")  # with the source it had
        before, outcome = (None, None), "unchanged"
    else:
        outcome = "updated"
    db.execute(
        "UPDATE record SET said = ?, source = ?, before = ?, before_source = ?, fresh = ?, row = ? WHERE seq = ?",
        (row.said, row.source, *before, outcome != "unchanged", row.seq, held.seq),
    )
    db.execute("UPDATE row SET record = ?, outcome = ? WHERE seq = ?", (row.name, outcome, row.seq))


def _outcome(db: sqlite3.Connection, seq: int, outcome: str) -> None:
    db.execute("UPDATE row SET outcome = ? WHERE seq = ?", (outcome, seq))
