"""Which members may be of one project with a new one: those that share a number, a title, or a rare word of it.

Members are rows of columns. What is looked up stands there as a hash, so that a million of them fit in memory: two that
share a hash by chance are compared in vain, and that is all. Titles that are not alike are put aside in batches.
"""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["WIDE", "likely_pairs", "members_frame"]

WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Scripts without blanks between words."""

_COMMON = 200  # members with a word, above which the word tells nothing
_WORDS = 3  # rarest words of a title by which likely pairs are found
_MANY = 50  # members of one title or number, the oldest, that a record is held against
_NEAR = 87.5  # of 100: somewhat less than titles that are alike
_TOGETHER = 2_000  # new members looked at together
_BLOCK = 50_000  # titles taken apart together
_HASHED = ("id", "key", "given", "linked")
_LOOKUPS = (
    ("key", "key"), ("given", "given"), ("given", "linked"), ("id", "given"), ("id", "linked"), ("linked", "given"),
)  # fmt: skip
"""Of which a member is looked up by what a new one has: its number may be another one's, or the number it names."""

Ints = npt.NDArray[np.int64]


def members_frame(
    numbers: pl.Series, fresh: pl.Series, ids: pl.Series, keys: pl.Series, given: pl.Series, linked: pl.Series,
    titles: pl.Series,
) -> pl.DataFrame:  # fmt: skip
    """Return members, the oldest first, as candidates.

    Args:
        numbers: that are returned of pairs.
        fresh: whether each is new or changed.
        ids: their own names.
        keys: what equal titles have in common, empty for none.
        given: their numbers, empty for none.
        linked: numbers of the entries that they name, empty for none.
        titles: their words, comparable.

    """
    frame = pl.DataFrame({"number": numbers, "fresh": fresh, "title": titles})
    hashed = zip(_HASHED, (ids, keys, given, linked), strict=True)
    return frame.with_columns(_hashed(texts).alias(name) for name, texts in hashed)


def _hashed(texts: pl.Series) -> pl.Series:
    """Return a number for each text, 0 for none."""
    return texts.hash().reinterpret(signed=True).set(texts == "", 0)


def likely_pairs(members: pl.DataFrame) -> Iterator[tuple[int, int, Ints, Ints]]:
    """Yield pairs of a new member and another one, older or not new, that are worth a comparison, in order.

    Each time: how many new members have been looked at, of how many, and the numbers of the new ones and the others.

    Args:
        members: as `members_frame` gives them.

    """
    places = members["fresh"].arg_true().cast(pl.Int64).to_numpy()
    if not len(places):
        return
    pairs = _Pairs(members)
    for start in range(0, len(places), _TOGETHER):
        some = places[start : start + _TOGETHER]
        yield start, len(places), *pairs.of(some)


class _Pairs:
    def __init__(self, frame: pl.DataFrame) -> None:
        self._fresh = frame["fresh"].to_numpy()
        self._numbers = frame["number"].to_numpy()
        self._titles = frame["title"]
        self._values: dict[str, Ints] = {name: frame[name].to_numpy() for name in _HASHED}
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
    titles = frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("place"), "fresh", "title")
    blocks = [titles.slice(start, _BLOCK) for start in range(0, titles.height, _BLOCK)]
    counts = pl.DataFrame(schema={"text": pl.String, "number": pl.UInt32})
    asked = None
    if not frame["fresh"].all():
        asked = pl.concat(_spoken(block.filter("fresh")).select("text").unique() for block in blocks).unique()
    for block in blocks:
        spoken = _spoken(block)
        spoken = spoken if asked is None else spoken.join(asked, on="text", how="semi")
        more = spoken.group_by("text").len("number")
        counts = pl.concat([counts, more]).group_by("text").agg(pl.col("number").sum())
    shared = counts.filter(pl.col("number").is_between(2, _COMMON)).sort("text").with_row_index("word")
    found = [_spoken(block).join(shared, on="text").drop("text") for block in blocks]
    words = pl.concat(found)
    rare = words.filter("fresh").sort("place", "number", "word").group_by("place", maintain_order=True).head(_WORDS)
    integers = [pl.col(name).cast(pl.Int64) for name in ("word", "place")]
    return words.select("word", "place").sort("word", "place").select(integers), rare.select(integers)


def _spoken(titles: pl.DataFrame) -> pl.DataFrame:
    """Return the words by which titles are found, once each; pairs of characters in scripts without blanks."""
    text = pl.col("text")
    words = (
        titles.with_columns(pl.col("title").str.split(" ").list.unique().alias("text")).drop("title").explode("text")
    )
    words = words.filter(text.str.len_chars() > 2, ~text.str.contains(r"^[0-9]+$"))
    wide = {
        (place, fresh, run[i : i + 2])
        for place, fresh, title in titles.filter(pl.col("title").str.contains(WIDE.pattern)).iter_rows()
        for run in WIDE.findall(title)
        for i in range(len(run) - 1)
    }
    more = pl.DataFrame(list(wide), {"place": pl.UInt32, "fresh": pl.Boolean, "text": pl.String}, orient="row")
    return pl.concat([words, more])
