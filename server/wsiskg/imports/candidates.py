"""Which members may be of one project with a new one: those that share a number, a title, or a rare word of it.

Members are rows of columns. What is looked up stands there as a hash, so that a million of them fit in memory: two that
share a hash by chance are compared in vain, and that is all. Titles that are not alike are put aside in batches.
"""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["WIDE", "Members", "likely_pairs"]

WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Scripts without blanks between words."""

_COMMON = 200  # members with a word, above which the word tells nothing
_WORDS = 3  # rarest words of a title by which likely pairs are found
_MANY = 50  # members of one title or number, the oldest, that a record is held against
_NEAR = 87.5  # of 100: somewhat less than titles that are alike
_TOGETHER = 2_000  # new members looked at together
_BATCH = 50_000
_SCHEMA = {
    "number": pl.Int64, "fresh": pl.Boolean, "id": pl.Int64, "key": pl.Int64, "given": pl.Int64, "linked": pl.Int64,
    "title": pl.String,
}  # fmt: skip
_LOOKUPS = (
    ("key", "key"), ("given", "given"), ("given", "linked"), ("id", "given"), ("id", "linked"), ("linked", "given"),
)  # fmt: skip
"""Of which a member is looked up by what a new one has: its number may be another one's, or the number it names."""

Ints = npt.NDArray[np.int64]


class Members:
    """The members as they are added, the oldest first."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, bool, int, int, int, int, str]] = []
        self._frames: list[pl.DataFrame] = []

    def add(self, number: int, fresh: bool, name: str, key: str, given: str, linked: str, title: str) -> None:
        """Add one.

        Args:
            number: that is returned of pairs.
            fresh: whether it is new or changed.
            name: its own.
            key: what equal titles have in common, empty for none.
            given: its number, empty for none.
            linked: number of the entry that it names, empty for none.
            title: its words, comparable.

        """
        self._rows.append((number, fresh, *(hash(v) if v else 0 for v in (name, key, given, linked)), title))  # type: ignore[arg-type]
        if len(self._rows) >= _BATCH:
            self._pack()

    def frame(self) -> pl.DataFrame:
        """Return all as columns."""
        self._pack()
        return pl.concat(self._frames, rechunk=True)

    def _pack(self) -> None:
        self._frames.append(pl.DataFrame(self._rows, schema=_SCHEMA, orient="row"))
        self._rows = []


def likely_pairs(members: Members) -> Iterator[tuple[int, int, Ints, Ints]]:
    """Yield pairs of a new member and another one, older or not new, that are worth a comparison, in order.

    Each time: how many new members have been looked at, of how many, and the numbers of the new ones and the others.
    """
    frame = members.frame()
    places = frame["fresh"].arg_true().cast(pl.Int64).to_numpy()
    if not len(places):
        return
    pairs = _Pairs(frame)
    for start in range(0, len(places), _TOGETHER):
        some = places[start : start + _TOGETHER]
        yield start, len(places), *pairs.of(some)


class _Pairs:
    def __init__(self, frame: pl.DataFrame) -> None:
        self._fresh = frame["fresh"].to_numpy()
        self._numbers = frame["number"].to_numpy()
        self._titles = frame["title"]
        self._values: dict[str, Ints] = {name: frame[name].to_numpy() for name in ("id", "key", "given", "linked")}
        self._index = {name: _Index(self._values[name], _MANY) for name in self._values}
        words, rare = _words(frame)
        self._words = _Index(words["word"].to_numpy(), _COMMON, words["place"].to_numpy())
        self._rare = _Index(rare["place"].to_numpy(), _WORDS, rare["word"].to_numpy())

    def of(self, places: Ints) -> tuple[Ints, Ints]:
        """Return the pairs of some new members."""
        found = [self._by_words(places)]
        for theirs, mine in _LOOKUPS:
            values = self._values[mine][places]
            found.append(self._index[theirs].find(places[values != 0], values[values != 0]))
        one, other = (np.concatenate(part) for part in zip(*found, strict=True))
        turn = (other < one) | ~self._fresh[other]  # of two new ones, the younger asks
        size = len(self._fresh)
        both = np.unique(one[turn] * size + other[turn])
        one, other = both // size, both % size
        keep = self._alike(one, other)
        return self._numbers[one[keep]], self._numbers[other[keep]]

    def _by_words(self, places: Ints) -> tuple[Ints, Ints]:
        asking, words = self._rare.find(places, places)
        return self._words.find(asking, words)

    def _alike(self, one: Ints, other: Ints) -> npt.NDArray[np.bool]:
        """Say of pairs whether their titles may be alike, or one names the other."""
        from rapidfuzz import fuzz, process

        key, given, linked = (self._values[name] for name in ("key", "given", "linked"))
        keep: npt.NDArray[np.bool] = (key[one] == key[other]) & (one != other)
        keep |= (linked[one] != 0) & (linked[one] == given[other])
        keep |= (linked[other] != 0) & (linked[other] == given[one])
        rest = np.flatnonzero(~keep & (one != other))
        titles = [self._titles.gather(part[rest]).to_list() for part in (one, other)]
        keep[rest] = process.cpdist(*titles, scorer=fuzz.token_sort_ratio, score_cutoff=_NEAR) >= _NEAR
        return keep


class _Index:
    """Finds places by value: the first ``most`` of those that have it."""

    def __init__(self, values: Ints, most: int, places: Ints | None = None) -> None:
        some = np.flatnonzero(values) if places is None else np.arange(len(values))
        order = some[np.argsort(values[some], kind="stable")]
        self._values = values[order]
        self._places = order if places is None else places[order]
        self._most = most

    def find(self, asking: Ints, values: Ints) -> tuple[Ints, Ints]:
        """Return who asks and what was found for its value, as many times as there are places."""
        first = np.searchsorted(self._values, values)
        count = np.minimum(np.searchsorted(self._values, values, side="right") - first, self._most)
        total = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return np.repeat(asking, count), self._places[np.repeat(first, count) + total]


def _words(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return (word, place) of words that a few titles share, and (place, word) of the rarest ones of new titles."""
    titles = frame.select(pl.int_range(pl.len()).alias("place"), "fresh", "title")
    spoken = _spoken(titles)
    if not frame["fresh"].all():
        asked = _spoken(titles.filter("fresh")).select("text").unique()
        spoken = spoken.join(asked, on="text", how="semi")
    shared = (
        spoken.group_by("text").len("number").filter(pl.col("number").is_between(2, _COMMON))
        .sort("text").with_row_index("word")
    )  # fmt: skip
    words = spoken.join(shared, on="text").select(pl.col("word").cast(pl.Int64), "place", "number", "fresh")
    rare = words.filter("fresh").sort("place", "number", "word").group_by("place", maintain_order=True).head(_WORDS)
    return words.sort("word", "place"), rare


def _spoken(titles: pl.DataFrame) -> pl.DataFrame:
    """Return the words by which titles are found, once each; pairs of characters in scripts without blanks."""
    text = pl.col("text")
    words = titles.with_columns(pl.col("title").str.split(" ").alias("text")).explode("text")
    words = words.filter(text.str.len_chars() > 2, ~text.str.contains(r"^[0-9]+$"))
    wide = [
        (place, fresh, run[i : i + 2])
        for place, fresh, title in titles.filter(pl.col("title").str.contains(WIDE.pattern)).iter_rows()
        for run in WIDE.findall(title)
        for i in range(len(run) - 1)
    ]
    more = pl.DataFrame(wide, schema={"place": pl.Int64, "fresh": pl.Boolean, "text": pl.String}, orient="row")
    return pl.concat([words.select("place", "fresh", "text"), more]).unique()
