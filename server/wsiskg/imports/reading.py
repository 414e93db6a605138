"""The first stage of an import: files to normalised rows in the working file, in batches, resumable."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from wsiskg.imports.fields import KEEP, PERSONAL
from wsiskg.imports.layout import Layout
from wsiskg.imports.messages import import_problem
from wsiskg.imports.normalise import Normalised, Normaliser
from wsiskg.imports.readers.files import ExportFile, open_parts
from wsiskg.imports.readers.rows import Part, RawRow
from wsiskg.imports.trends import Seen, Trend
from wsiskg.imports.values.tags import settled_comma
from wsiskg.imports.values.texts import without_addresses
from wsiskg.imports.work import ReadRow, Step, Work
from wsiskg.model.errors import UnreadableError
from wsiskg.model.problems import Origin

__all__ = ["ColumnCount", "Tally", "read_files"]

_BATCH = 1_000
_LEARNT = 500  # rows looked at before the first is read, to see how commas are used
_LONGEST = 100_000  # characters that are kept of what is not understood in one row
_TEXTS = 200  # characters of a text not understood that is listed


@dataclass(slots=True)
class ColumnCount:
    """What was seen of one column: ``filled`` cells, and how its values were understood."""

    filled: int = 0
    dropped: int = 0
    trend: Trend = field(default_factory=Trend)
    file: int = 0
    sheet: str = ""


@dataclass(slots=True)
class Tally:
    """What was seen of the files, as far as they have been read; kept with each batch."""

    rows: int = 0
    removed: int = 0
    cut: int = 0
    legacy: dict[str, int] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    columns: dict[str, ColumnCount] = field(default_factory=dict)

    def dump(self) -> Mapping[str, Any]:
        """Return the tally for JSON."""
        return {
            "rows": self.rows, "removed": self.removed, "cut": self.cut, "legacy": self.legacy,
            "skipped": self.skipped,
            "columns": {
                h: [c.filled, c.dropped, c.trend.dump(), c.file, c.sheet] for h, c in self.columns.items()
            },
        }  # fmt: skip

    @classmethod
    def load(cls, said: Mapping[str, Any]) -> "Tally":
        """Return the tally that `dump` wrote."""
        columns = {
            header: ColumnCount(filled, dropped, Trend(**trend), file, sheet)
            for header, (filled, dropped, trend, file, sheet) in said["columns"].items()
        }
        skipped = [(file, sheet) for file, sheet in said["skipped"]]
        return cls(said["rows"], said["removed"], said["cut"], dict(said["legacy"]), skipped, columns)

    def add(self, file: int, sheet: str, name: str, rows: Sequence[RawRow], found: Sequence[Normalised]) -> None:
        """Take rows of one sheet, and what became of each."""
        self.rows += len(rows)
        self.removed += sum(one.removed for one in found)
        self.cut += sum(one.cut for one in found)
        if legacy := sum(row.legacy for row in rows):
            self.legacy[name] = self.legacy.get(name, 0) + legacy
        for header, number in Counter(chain.from_iterable(row.cells for row in rows if not row.fault)).items():
            self._column(header, file, sheet).filled += number
        judged: defaultdict[str, list[Seen]] = defaultdict(list)
        for row, one in zip(rows, found, strict=True):
            for header in one.dropped:
                self.columns[header].dropped += 1
            for header, text, understood in one.judged:
                judged[header].append((row.number, text, understood))
        for header, values in judged.items():
            self.columns[header].trend.take(values)

    def _column(self, header: str, file: int, sheet: str) -> ColumnCount:
        if (found := self.columns.get(header)) is None:
            found = self.columns[header] = ColumnCount(file=file, sheet=sheet)
        elif (found.file, found.sheet) != (file, sheet) and not found.trend.since:
            # Rows are counted anew in each sheet, and what a column means may well differ there.
            found.file, found.sheet = file, sheet
            found.trend.restart()
        return found


def read_files(
    work: Work,
    files: Sequence[ExportFile],
    layout: Layout,
    normaliser: Normaliser,
    source: str,
    mapping: str,
    step: Step,
) -> tuple[Layout, Tally, int]:
    """Read all files into ``work``; return the layout with their headers, the tally, and rows read before.

    Args:
        work: the working file; a part of the files may be there already.
        files: in the order in which they count: what a later one says of a record is a correction.
        layout: how columns are read.
        normaliser: reads the rows.
        source: address to name as source of records that have no page; empty: the hash of their file.
        mapping: what messages call the saved layout.
        step: told of progress.

    Raises:
        UsageError: a file cannot be read, or has no headers that are known.

    """
    done: list[int] = work.get("done", [0] * len(files))
    before = sum(done)
    tally = Tally.load(work.get("tally")) if work.get("tally") else Tally()
    for place, file in enumerate(files):
        address = source or f"urn:sha256:{file.digest}"
        with open_parts(file, layout.known) as (stream, parts):
            number = read = 0
            for part in _known(parts, place, file.name, mapping, tally, new=not done[place]):
                layout, rows = _learnt(layout, part)
                layout = layout.with_headers(part.headers)
                while batch := list(islice(rows, _BATCH)):
                    for row in batch:
                        if not row.cells.keys() <= layout.columns.keys():
                            layout = layout.with_headers(row.cells)
                    number += len(batch)
                    if number <= done[place]:
                        continue
                    fresh = batch[max(0, len(batch) - (number - done[place])) :]
                    _take(work, place, part.sheet, file.name, fresh, layout, normaliser, address, tally)
                    done[place] = number
                    work.put("done", done)
                    work.put("tally", tally.dump())
                    work.db.commit()
                    read = min(stream.tell(), file.size)
                    step(file.name, read, file.size)
    return layout, tally, before


def _known(
    parts: Iterator[Part | str], place: int, name: str, mapping: str, tally: Tally, *, new: bool
) -> Iterator[Part]:
    """Yield the parts that have headers, and remember the others."""
    found = False
    skipped: list[str] = []
    for part in parts:
        if isinstance(part, str):
            skipped.append(part)
        else:
            found = True
            yield part
    if not found:
        raise UnreadableError(import_problem("no-headers", Origin(name), mapping=mapping))
    if new or not any(file == name for file, _ in tally.skipped):
        tally.skipped += [(name, sheet) for sheet in skipped]


def _learnt(layout: Layout, part: Part) -> tuple[Layout, Iterator[RawRow]]:
    """Return the layout with what the first rows show of commas among SDGs, and all the rows."""
    if layout.comma != "doubt":
        return layout, part.rows
    first = list(islice(part.rows, _LEARNT))
    known = layout.with_headers([*part.headers, *(h for row in first for h in row.cells)])
    texts = [text for row in first for h, text in row.cells.items() if known.columns.get(h) == "sdgs"]
    return layout.with_comma(settled_comma(texts)), chain(first, part.rows)


def _take(
    work: Work, place: int, sheet: str, name: str, rows: Sequence[RawRow], layout: Layout, normaliser: Normaliser,
    address: str, tally: Tally,
) -> None:  # fmt: skip
    """Normalise a batch and add it to the working file."""
    found = [normaliser.read(row, layout, name, address) for row in rows]
    tally.add(place, sheet, name, rows, found)
    read, unknown = [], []
    for row, one in zip(rows, found, strict=True):
        given = one.record.as_given if one.record is not None else {}
        if given and sum(map(len, given.values())) > _LONGEST:
            one.record, one.rule = None, "wide"
        again = one.record is not None and work.comes_again(one.record.record)
        cells = _shown(row, one, layout) if one.record is None or again else {}
        read.append(ReadRow(place, sheet, row.number, one.record, one.rule, cells, again))
        unknown += [
            (f, without_addresses(u.text)[0][:_TEXTS], u.taken, u.candidates, place, sheet, row.number)
            for f, u in one.unknown
        ]
    work.add_rows(read)
    work.add_unknown(unknown)


def _shown(row: RawRow, found: Normalised, layout: Layout) -> Mapping[str, str]:
    """Return the cells of a row without those about persons."""
    personal = {*found.dropped, *(h for h in row.cells if layout.columns.get(h, KEEP) == PERSONAL)}
    return {h: without_addresses(text)[0] for h, text in row.cells.items() if h not in personal}
