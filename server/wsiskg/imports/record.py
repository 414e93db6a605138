"""One record of an export, normalised: what is compared, kept, and made into projects and awards."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from wsiskg.imports.fields import Kind

__all__ = ["ASIDE", "COLUMNS", "Record", "differences", "record_digest", "record_of", "row_of", "values_of_cell"]


class Record(NamedTuple):
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
    as_given: Mapping[str, str] = MappingProxyType({})
    source_title: str = ""
    file_url: str = ""

    @property
    def is_award(self) -> bool:
        """Whether the record is of a prize."""
        return self.kind == Kind.PRIZES.value


COLUMNS = Record._fields
ASIDE = 2
"""So many columns at the end do not count when records are compared."""

_SEVERAL = tuple(COLUMNS.index(name) for name in ("organisations", "countries", "action_lines", "sdgs"))
_GIVEN = COLUMNS.index("as_given")


def record_digest(record: Record) -> str:
    """Return a hash of what the record says, whichever file says it."""
    said = dict(_said(record)) | {"as_given": dict(record.as_given)}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def differences(before: Record, after: Record) -> tuple[str, ...]:
    """Return the fields in which two records differ."""
    return tuple(n for (n, one), (_, other) in zip(_said(before), _said(after), strict=True) if one != other)


def _said(record: Record) -> Sequence[tuple[str, object]]:
    return list(zip(COLUMNS, record, strict=True))[:-ASIDE]


def row_of(record: Record) -> list[str]:
    """Return the record as cells, one for each of `COLUMNS`."""
    cells: list[str] = list(record)  # type: ignore[arg-type]
    for place in _SEVERAL:
        cells[place] = ";".join(cells[place])
    said = record.as_given
    cells[_GIVEN] = json.dumps(dict(said), ensure_ascii=False, sort_keys=True) if said else ""
    return cells


def values_of_cell(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that holds several."""
    return tuple(cell.split(";")) if cell else ()


def record_of(cells: Sequence[str]) -> Record:
    """Return the record that `row_of` made into cells."""
    said: list[object] = list(cells)
    for place in _SEVERAL:
        said[place] = values_of_cell(cells[place])
    said[_GIVEN] = json.loads(cells[_GIVEN] or "{}")
    return Record._make(said)
