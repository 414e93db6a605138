"""How much of a stranger's file is read before it is refused."""

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file that people send.

    Attributes:
        bytes: size of the file.
        rows: rows with content, or links of an RDF file.
        columns: number of the last column with content.
        cell: characters that are read of one cell.
        unpacked: bytes of all parts of a workbook together, unpacked.
        ratio: how many times its packed size a large part of a workbook may be.
        parts: parts of a workbook.

    """

    bytes: int = 20_000_000
    rows: int = 20_000
    columns: int = 200
    cell: int = 10_000
    unpacked: int = 300_000_000
    ratio: int = 200
    parts: int = 2_000
