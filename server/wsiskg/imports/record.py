"""One record of an export, normalised: what is compared, kept, and made into projects and awards."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from wsiskg.imports.fields import Kind

__all__ = ["COLUMNS", "Record", "differences", "record_digest", "record_of", "row_of"]


@dataclass(frozen=True, slots=True)
class Record:
    """What an export says of one project, or of one award.

    Codes are ours. ``start`` and ``end`` are ISO 8601, as exactly as certain. ``linked`` is the number of the
    stocktaking entry that an award names. ``as_given`` holds, by field or header, what was not understood or has no
    field. ``source_url`` is the record's own page. ``source_title`` is the file that the record came in, ``file_url``
    an address for it; they do not count when records are compared.
    """

    record: str
    kind: str
    given_id: str = ""
    title: str = ""
    organisations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    stakeholder_type: str = ""
    action_lines: tuple[str, ...] = ()
    sdgs: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    description: str = ""
    url: str = ""
    year: str = ""
    grade: str = ""
    category: str = ""
    linked: str = ""
    source_url: str = ""
    as_given: Mapping[str, str] = field(default_factory=dict)
    source_title: str = ""
    file_url: str = ""

    @property
    def is_award(self) -> bool:
        """Whether the record is of a prize."""
        return self.kind == Kind.PRIZES.value


COLUMNS = tuple(f.name for f in fields(Record))
_SEVERAL = frozenset({"organisations", "countries", "action_lines", "sdgs"})
_ASIDE = frozenset({"source_title", "file_url"})


def record_digest(record: Record) -> str:
    """Return a hash of what the record says, whichever file says it."""
    said = {name: getattr(record, name) for name in COLUMNS if name not in _ASIDE}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def differences(before: Record, after: Record) -> tuple[str, ...]:
    """Return the fields in which two records differ."""
    return tuple(n for n in COLUMNS if n not in _ASIDE and getattr(before, n) != getattr(after, n))


def row_of(record: Record) -> list[str]:
    """Return the record as cells, one for each of `COLUMNS`."""
    return [_cell(name, getattr(record, name)) for name in COLUMNS]


def record_of(row: Mapping[str, str]) -> Record:
    """Return the record that `row_of` wrote."""
    said: dict[str, object] = {}
    for name in COLUMNS:
        text = row[name]
        if name in _SEVERAL:
            said[name] = tuple(text.split(";")) if text else ()
        else:
            said[name] = json.loads(text or "{}") if name == "as_given" else text
    return Record(**said)  # type: ignore[arg-type]


def _cell(name: str, value: object) -> str:
    if name == "as_given":
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return ";".join(value) if isinstance(value, tuple) else str(value)
