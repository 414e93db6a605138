"""What is seen of the columns of files while they are read: cells filled, values understood, what was dropped."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from wsiskg.imports.clean import ReadBlock
from wsiskg.imports.trends import Seen, Trend

__all__ = ["ColumnCount", "Tally"]


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
    skipped: list[tuple[str, str, str]] = field(default_factory=list)
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
        skipped = [(file, sheet, rule) for file, sheet, rule in said["skipped"]]
        return cls(said["rows"], said["removed"], said["cut"], dict(said["legacy"]), skipped, columns)

    def add(self, file: int, sheet: str, name: str, found: ReadBlock) -> None:
        """Take rows of one sheet, and what became of each."""
        block = found.block
        self.rows += len(block.numbers)
        self.removed += sum(one.removed for one in found.exact.values()) + sum(found.removed.values())
        self.cut += sum(one.cut for one in found.exact.values())
        if legacy := sum(row.legacy for row in block.strange.values()):
            self.legacy[name] = self.legacy.get(name, 0) + legacy
        for header, number in _filled(found):
            self._column(header, file, sheet).filled += number
        for header, places in found.dropped.items():
            if places:
                self.columns[header].dropped += len(places)
        judged: defaultdict[str, list[tuple[int, str, bool]]] = defaultdict(list)
        for place, one in found.exact.items():
            for header in one.dropped:
                self.columns[header].dropped += 1
            for header, text, understood in one.judged:
                judged[header].append((place, text, understood))
        for header in {**found.silent, **judged}:
            trend = self.columns[header].trend
            if found.exact or not trend.is_good():
                trend.take(_seen(found, header, judged[header]))
                continue
            texts, silent = block.columns[header], found.silent[header]
            saying = len(texts) - sum(map(texts.count, silent))
            if saying:
                trend.take_good(
                    saying,
                    next(n for n, t in zip(reversed(block.numbers), reversed(texts), strict=True) if t not in silent),
                )

    def _column(self, header: str, file: int, sheet: str) -> ColumnCount:
        if (found := self.columns.get(header)) is None:
            found = self.columns[header] = ColumnCount(file=file, sheet=sheet)
        elif (found.file, found.sheet) != (file, sheet) and not found.trend.since:
            # Rows are counted anew in each sheet, and what a column means may well differ there.
            found.file, found.sheet = file, sheet
            found.trend.restart()
        return found


def _filled(found: ReadBlock) -> Iterator[tuple[str, int]]:
    """Yield how many cells each column has in rows that can be read, in the order in which they come first."""
    counts: dict[str, int] = {}
    first: dict[str, tuple[int, int]] = {}
    for order, (header, texts) in enumerate(found.block.columns.items()):
        if filled := len(texts) - texts.count(""):
            counts[header] = filled
            first[header] = next(n for n, text in enumerate(texts) if text), order
    for place, row in found.block.strange.items():
        for order, header in enumerate(row.cells if not row.fault else ()):
            counts[header] = counts.get(header, 0) + 1
            first[header] = min(first.get(header, (place, order)), (place, order))
    return ((header, counts[header]) for header in sorted(counts, key=first.__getitem__))


def _seen(found: ReadBlock, header: str, judged: list[tuple[int, str, bool]]) -> list[Seen]:
    """Return the values of a column that were judged, in the order of the rows."""
    numbers = found.block.numbers
    if header in found.silent:
        texts, silent = found.block.columns[header], found.silent[header]
        judged = [*judged, *((n, texts[n], True) for n in found.names if texts[n] not in silent)]
        judged.sort(key=lambda value: value[0])
    return [(numbers[place], text, understood) for place, text, understood in judged]
