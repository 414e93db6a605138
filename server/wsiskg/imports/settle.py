"""The second stage of an import: what becomes of each row, held against the records that are kept."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace

from wsiskg.imports.record import Record, differences, record_digest
from wsiskg.imports.work import Work, packed, unpacked

__all__ = ["settle_rows"]


@dataclass(slots=True)
class _Held:
    """The record of a name as it stands now: of which row of this import, and what it was before."""

    seq: int
    digest: str
    data: str
    before: str | None
    row: int | None
    kept: bool


def settle_rows(work: Work, register: str, step: Callable[[int, int], None] = lambda _done, _all: None) -> None:
    """Give each row its outcome, and write its record.

    Of rows with one number in one file the first counts, and those that differ are rejected; a later file corrects an
    earlier one. Nothing is committed.
    """
    total = work.db.execute("SELECT COUNT(*) FROM row").fetchone()[0]
    work.db.execute("UPDATE row SET outcome = 'rejected' WHERE rule != ''")
    rows = work.db.execute("SELECT seq, file, number, record, digest, data FROM row WHERE rule = '' ORDER BY seq")
    for seq, file, number, name, digest, data in rows:
        if seq % 1_000 == 0:
            step(seq, total)
        _settle(work, register, _Row(seq, file, number, name, digest, data))


@dataclass(slots=True)
class _Row:
    seq: int
    file: int
    number: int
    name: str
    digest: str
    data: str


def _settle(work: Work, register: str, row: _Row) -> None:
    db = work.db
    held = _held(db, row.name)
    if held is not None and held.row is not None and held.digest != row.digest and _same_file(db, held.row, row):
        record = unpacked(row.data)
        if record.given_id:
            said = db.execute("SELECT number FROM row WHERE seq = ?", (held.row,)).fetchone()[0]
            facts = {
                "value": record.given_id, "first": said, "fields": ", ".join(differences(unpacked(held.data), record)),
            }  # fmt: skip
            db.execute(
                "UPDATE row SET outcome = 'rejected', rule = 'conflict', facts = ? WHERE seq = ?",
                (json.dumps(facts, ensure_ascii=False), row.seq),
            )
            return
        row, held = _renamed(db, row, record)
    if held is None:
        _insert(db, register, row)
    elif held.digest == row.digest:
        _outcome(db, row.seq, "unchanged")
        if held.row is None:
            db.execute("UPDATE record SET row = ? WHERE seq = ?", (row.seq, held.seq))
    else:
        _correct(db, row, held)


def _held(db: sqlite3.Connection, name: str) -> _Held | None:
    found = db.execute("SELECT seq, digest, data, before, row, kept FROM record WHERE record = ?", (name,)).fetchone()
    if found is None:
        return None
    seq, digest, data, before, row, kept = found
    return _Held(seq, digest, data, before, row, bool(kept))


def _same_file(db: sqlite3.Connection, other: int, row: _Row) -> bool:
    return bool(db.execute("SELECT file FROM row WHERE seq = ?", (other,)).fetchone()[0] == row.file)


def _renamed(db: sqlite3.Connection, row: _Row, record: Record) -> tuple[_Row, _Held | None]:
    """Name a row without number by all it says: another one of its title, organisation and country is in its file."""
    said = record_digest(replace(record, record=""))
    named = replace(record, record=f"{row.name}.{said[:8]}")
    found = _Row(row.seq, row.file, row.number, named.record, record_digest(named), packed(named))
    return found, _held(db, named.record)


def _insert(db: sqlite3.Connection, register: str, row: _Row) -> None:
    db.execute(
        "INSERT INTO record (record, register, digest, data, before, fresh, row, kept) "
        "VALUES (?, ?, ?, ?, NULL, 1, ?, 0)",
        (row.name, register, row.digest, row.data, row.seq),
    )
    db.execute("UPDATE row SET record = ?, outcome = 'added' WHERE seq = ?", (row.name, row.seq))


def _correct(db: sqlite3.Connection, row: _Row, held: _Held) -> None:
    """Let a row take the place of what its record said before, in the tables or in an earlier file."""
    if held.row is not None:
        _outcome(db, held.row, "merged")
    before = held.before if held.row is not None else held.data
    if held.row is not None and held.before is None and held.kept:
        before = held.data
    if not held.kept:
        before, outcome = None, "added"
    elif before is not None and record_digest(unpacked(before)) == row.digest:
        row = _Row(row.seq, row.file, row.number, row.name, row.digest, before)  # with the source it had
        before, outcome = None, "unchanged"
    else:
        outcome = "updated"
    db.execute(
        "UPDATE record SET digest = ?, data = ?, before = ?, fresh = ?, row = ? WHERE seq = ?",
        (row.digest, row.data, before, outcome != "unchanged", row.seq, held.seq),
    )
    db.execute("UPDATE row SET record = ?, outcome = ? WHERE seq = ?", (row.name, outcome, row.seq))


def _outcome(db: sqlite3.Connection, seq: int, outcome: str) -> None:
    db.execute("UPDATE row SET outcome = ? WHERE seq = ?", (outcome, seq))
