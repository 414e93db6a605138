"""Whether a column goes on meaning what it meant: how many of its values were understood, and of the latest ones."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Seen", "Trend"]

_WINDOW = 50  # values that a judgement takes
_GOOD, _BAD = 0.8, 0.2  # shares understood before and since
_SAMPLES = 20
_ALL = "1" * _WINDOW

Seen = tuple[int, str, bool]
"""A value: its row, its text, whether it was understood."""


@dataclass(slots=True)
class Trend:
    """Counts of one column, as values come by.

    Attributes:
        filled: values seen.
        understood: of these.
        recent: whether each of the last values was understood, as 1 and 0, the latest last.
        seen: values of this sheet.
        good: of these, understood.
        last_good: row of the last one that was.
        since: row of the last value that was understood before the change, 0 if there was none.
        after: values since.
        samples: some of these.

    """

    filled: int = 0
    understood: int = 0
    recent: str = ""
    seen: int = 0
    good: int = 0
    last_good: int = 0
    since: int = 0
    after: int = 0
    samples: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    def take(self, values: Sequence[Seen]) -> None:
        """Take the next values."""
        if values and self.is_good() and all(understood for _, _, understood in values):
            self.take_good(len(values), values[-1][0])
            return
        for value in values:
            self._add(*value)

    def is_good(self) -> bool:
        """Say whether all the last values were understood."""
        return not self.since and self.recent == _ALL

    def take_good(self, number: int, last: int) -> None:
        """Take values that were all understood, as the last ones before them: how many, and the row of the last."""
        self.filled += number
        self.understood += number
        self.seen += number
        self.good += number
        self.last_good = last

    def _add(self, row: int, text: str, understood: bool) -> None:
        self.filled += 1
        self.understood += understood
        self.seen += 1
        self.good += understood
        if self.since:
            self.after += 1
            return
        self.recent = (self.recent + "01"[understood])[-_WINDOW:]
        if understood:
            self.waiting.clear()
        elif len(self.waiting) < _SAMPLES:
            self.waiting.append(text[:200])
        good = self.recent.count("1")
        before = self.seen - len(self.recent)
        if before >= _WINDOW and good <= _BAD * _WINDOW and self.good - good >= _GOOD * before:
            self.since, self.samples = self.last_good or row, list(self.waiting)
            self.after = len(self.recent) - self.recent.rindex("1") - 1 if good else len(self.recent)
        elif understood:
            self.last_good = row

    def restart(self) -> None:
        """Forget what came before, but for the counts: another sheet begins."""
        self.recent, self.seen, self.good, self.last_good = "", 0, 0, 0
        self.waiting.clear()

    def dump(self) -> Mapping[str, Any]:
        """Return the counts for JSON."""
        return asdict(self)
