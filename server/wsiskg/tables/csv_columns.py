"""Read the records of a large CSV file (RFC 4180, UTF-8) as columns, with the line that each begins on.

Polars reads block after block while these are strictly RFC 4180 in UTF-8, with as many cells as there are columns. At
the first that is not, where Polars would guess, the reader of the standard library takes over to the end of the file.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import polars as pl

__all__ = ["Part", "read_parts"]

_RECORDS = 20_000
_COMMA, _QUOTE, _LF, _CR = b',"\n\r'
_BOM = "\ufeff".encode()
_BEFORE_TEXT = np.isin(np.arange(256), [_COMMA, _LF, _QUOTE])
_AFTER_TEXT = np.isin(np.arange(256), [_COMMA, _LF, _CR, _QUOTE])
# What `str.strip` leaves something of.
_INK = r"[^\s\x1c-\x1f]"


@dataclass(frozen=True, slots=True)
class Part:
    """Some records that follow one another.

    Attributes:
        frame: the cells of those that have as many as there are columns and are not blank.
        numbers: the line that each of them begins on (UInt32).
        ragged: line and number of cells of the others, blank ones left out.
        broken: the line on which the file cannot be read any further, if that is so.

    """

    frame: pl.DataFrame
    numbers: pl.Series
    ragged: Sequence[tuple[int, int]] = ()
    broken: int | None = None


def read_parts(chunks: Iterator[bytes], columns: Sequence[str], line: int) -> Iterator[Part]:
    """Read what follows the header.

    Args:
        chunks: the bytes, in pieces of any size.
        columns: names of the columns, in the order of the file.
        line: the number of the first line.

    Raises:
        UnicodeDecodeError: they are not UTF-8.

    """
    rest, chunks = b"", filter(None, chunks)
    while (chunk := next(chunks, b"")) or rest:
        data = rest + chunk
        found = _strict_part(data if chunk or data.endswith(b"\n") else data + b"\n", columns, line)
        if found is None:
            yield from _any_parts(chain([data], chunks), columns, line)
            return
        part, size = found
        yield part
        line += data.count(b"\n", 0, size)
        rest = data[size:]


def _strict_part(data: bytes, columns: Sequence[str], line: int) -> tuple[Part, int] | None:
    """Read the records that end in ``data``, which begins with one, and return them with their size in bytes.

    None is returned unless the standard library's reader would read the same.
    """
    array = np.frombuffer(data, np.uint8)
    quotes, breaks = np.flatnonzero(array == _QUOTE), np.flatnonzero(array == _LF)
    last_of = np.flatnonzero(np.searchsorted(quotes, breaks) % 2 == 0)  # breaks outside quotes, which end a record
    if not len(last_of):
        return None
    ends = breaks[last_of]
    size = int(ends[-1]) + 1
    quotes = quotes[: np.searchsorted(quotes, size)]
    block = data[:size]
    # Polars does not say what it makes of quotes that RFC 4180 does not allow.
    if (
        not _BEFORE_TEXT[array[quotes[0::2] - 1]][quotes[0::2] > 0].all()
        or not _AFTER_TEXT[array[quotes[1::2] + 1]].all()
        or block.count(b"\r") != block.count(b"\r\n")
        or block.startswith(_BOM)
    ):
        return None
    try:
        frame = pl.read_csv(
            block, has_header=False, schema=dict.fromkeys(columns, pl.String), infer_schema=False, quote_char='"'
        ).with_columns(pl.all().fill_null(""))
    except pl.exceptions.PolarsError:
        return None
    commas = frame.select(pl.all().str.count_matches(",", literal=True).sum()).row(0)
    longest = frame.select(pl.all().str.len_bytes().max()).row(0)
    # Polars refuses records that are too long, so that the commas between cells are as many only if none is too short.
    if (
        frame.height != len(ends)
        or block.count(b",") - sum(commas) != frame.height * (len(columns) - 1)
        or max(longest) > csv.field_size_limit()
    ):
        return None
    numbers = pl.Series(line + np.concatenate(([0], last_of[:-1] + 1)), dtype=pl.UInt32)
    return _without_blank(Part(frame, numbers)), size


def _without_blank(part: Part) -> Part:
    """Leave out records whose cells are all blank."""
    inked = part.frame[:, 0].str.contains(_INK)
    if not inked.all():
        inked = part.frame.select(pl.any_horizontal(pl.all().str.contains(_INK))).to_series()
    return Part(part.frame.filter(inked), part.numbers.filter(inked))


class _Chunks(io.RawIOBase):
    """Pieces of bytes as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._piece:
            if (chunk := next(self._chunks, None)) is None:
                return 0
            self._piece = memoryview(chunk)
        size = min(len(buffer), len(self._piece))
        buffer[:size], self._piece = self._piece[:size], self._piece[size:]
        return size


def _any_parts(chunks: Iterator[bytes], columns: Sequence[str], line: int) -> Iterator[Part]:
    """Read records of any kind, and all bytes even if there is no reading on."""
    text = io.TextIOWrapper(io.BufferedReader(_Chunks(chunks)), "utf-8", newline="")
    reader = csv.reader(text, strict=True)
    number, broken, going = line, None, True
    while going:
        records: list[Sequence[str]] = []
        numbers: list[int] = []
        ragged: list[tuple[int, int]] = []
        going = False
        try:
            for record in islice(reader, _RECORDS):
                going = True
                if len(record) != len(columns) and any(cell.strip() for cell in record):
                    ragged.append((number, len(record)))
                elif len(record) == len(columns):
                    records.append(record)
                    numbers.append(number)
                number = line + reader.line_num
        except csv.Error:
            going, broken = False, line + reader.line_num - 1
            while text.read(1 << 20):
                pass
        cells = zip(*records, strict=True) if records else ([] for _ in columns)
        frame = pl.DataFrame(
            [pl.Series(name, values, dtype=pl.String) for name, values in zip(columns, cells, strict=True)]
        )
        part = _without_blank(Part(frame, pl.Series(numbers, dtype=pl.UInt32)))
        yield Part(part.frame, part.numbers, ragged, broken)
