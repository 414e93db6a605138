"""Likely pairs are those that a slow search finds, and no more of them are looked at than there are rows for."""

import random
import re
from collections import Counter, defaultdict
from itertools import islice

import polars as pl
import pytest
from rapidfuzz import process

from wsiskg.imports.candidates import likely_pairs, members_frame
from wsiskg.imports.matching import Member, compare

WORDS = [
    "rural",
    "mobile",
    "school",
    "network",
    "health",
    "centre",
    "village",
    "学校网络",
    "água",
    "radio",
    "of",
    "the",
    "2",
    "phase",
]
Row = tuple[Member, bool]


def found(rows: list[Row]) -> list[tuple[int, int]]:
    texts = ([getattr(m, name) for m, _ in rows] for name in ("id", "key", "given", "linked", "folded"))
    fresh = pl.Series([new for _, new in rows])
    members = members_frame(pl.Series(range(1, len(rows) + 1)), fresh, *(pl.Series(t, dtype=pl.String) for t in texts))
    return [
        pair for _, _, one, other in likely_pairs(members) for pair in zip(one.tolist(), other.tolist(), strict=True)
    ]


def words(folded: str) -> set[str]:
    """Return the words by which a title is found."""
    runs = re.findall(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+", folded)
    pairs = {run[i : i + 2] for run in runs for i in range(len(run) - 1)}
    return {w for w in folded.split() if len(w) > 2 and not w.isdigit()} | pairs


def searched(rows: list[Row]) -> list[tuple[int, int]]:
    """Search slowly: one new member after the other, each against all that share its rarest words or a number."""
    members = dict(enumerate((m for m, _ in rows), 1))
    spoken = defaultdict(list)
    for number, m in members.items():
        for word in words(m.folded):
            spoken[word].append(number)
    pairs = []
    for number, (mine, fresh) in enumerate(rows, 1):
        if not fresh:
            continue
        rare = sorted((len(spoken[w]), w) for w in words(mine.folded) if 2 <= len(spoken[w]) <= 200)[:3]
        others = {other for _, word in rare for other in spoken[word]}
        for theirs, value in (("key", mine.key), ("given", mine.given), ("given", mine.linked), ("id", mine.given),
                              ("id", mine.linked), ("linked", mine.given)):  # fmt: skip
            same = (other for other, m in members.items() if value and getattr(m, theirs) == value)
            others |= set(islice(same, 50))
        pairs += [(number, o) for o in sorted(others - {number}) if o < number or not rows[o - 1][1]]
    return pairs


def judged(rows: list[Row], pairs: list[tuple[int, int]]) -> list[object]:
    members = dict(enumerate((m for m, _ in rows), 1))
    said = [(pair, compare(members[min(pair)], members[max(pair)])) for pair in pairs]
    return [(pair, decision) for pair, decision in said if decision is not None]


@pytest.mark.parametrize("seed", range(6))
def test_likely_pairs_are_those_of_a_slow_search(seed: int) -> None:
    rng = random.Random(seed)
    rows = []
    for number in range(90):
        title = " ".join(rng.choices([*WORDS, f"x{number % 31}yz"], k=rng.randint(0, 4)))
        given, linked = (str(rng.randint(1, 60)) if rng.random() < 0.4 else "" for _ in range(2))
        country = frozenset(rng.sample(["KEN", "UGA"], rng.randint(0, 2)))
        member = Member(f"r{number}" if number % 7 else str(number), "", title, given, linked, ("a body",), country)
        rows.append((member, rng.random() < (0.6, 1, 0.3)[seed % 3]))
    expected = judged(rows, searched(rows))
    assert judged(rows, found(rows)) == expected
    assert expected


def test_the_work_grows_with_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each title shares its words with many others, and with few of them a rare one."""
    looked: Counter[int] = Counter()
    compared = process.cpdist

    def counted(one: list[str], other: list[str], **options: object) -> object:
        looked[size] += len(one)
        return compared(one, other, **options)

    monkeypatch.setattr(process, "cpdist", counted)
    for size in (1_000, 4_000):
        titles = (f"national school network for the district of place{n // 3}" for n in range(size))
        assert len(found([(Member(f"r{n}", "", title), True) for n, title in enumerate(titles)])) == size // 3 * 3
    assert looked[1_000] <= 2_000
    assert looked[4_000] <= 4.1 * max(looked[1_000], 1)
