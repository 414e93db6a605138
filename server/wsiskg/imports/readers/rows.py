"""One row of an export, before anything is understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wsiskg.tables.sheets.grid import Cell

__all__ = ["Part", "RawRow"]


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands in a file.

    Attributes:
        number: of the row as a spreadsheet counts, of the object in a list, or of the line.
        cells: those with content, by header.
        fault: rule of `imports.messages` by which it cannot be read, empty if it can.
        legacy: whether its bytes are not Unicode and were read as Windows-1252.

    """

    number: int
    cells: Mapping[str, Cell] = field(default_factory=dict)
    fault: str = ""
    legacy: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One sheet, or the one table of a file: its headers as far as they are known beforehand, and its rows."""

    sheet: str
    headers: Sequence[str]
    rows: Iterator[RawRow]
