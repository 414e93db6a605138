"""Which records are of one project: by number, else by title, organisation and country; by rule or by people."""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

import polars as pl

from wsiskg.imports.candidates import WIDE, likely_pairs, members_frame
from wsiskg.imports.decisions import Decision, Verdict
from wsiskg.imports.frames import record_frame
from wsiskg.imports.record import COLUMNS, Record
from wsiskg.imports.work import Work, in_batches, unpacked, unpacked_record
from wsiskg.tables.recognise.folding import compatible, compatible_lines, flat, squeeze, squeeze_all

__all__ = [
    "Member",
    "Registry",
    "clusters",
    "compare",
    "decide",
    "folded_name",
    "folded_names",
    "member_of",
    "squeezed_titles",
]

_NEAR_TITLE = 88  # of 100: titles that are alike
_SAME_ORGANISATION, _NEAR_ORGANISATION = 90, 75
_SMALL, _LONG = 3, 9  # letters of words that do not count, and of words in which two letters may be wrong
_WAITING, _JOINED = 5, 3  # pairs of one record that a person is asked about, and that join it to others
_CACHED = 50_000
_BATCH = 50_000  # records taken apart together
# Latin letters with accents, of which the small one is all that counts.
_LETTERS = "\u00c0-\u00d6\u00d8-\u00de\u00e0-\u00f6\u00f8-\u012f\u0134-\u013e\u0141-\u0148\u014a-\u017e"
_GIVEN = COLUMNS.index("given_id")

Texts = Sequence[str] | pl.Series


@dataclass(frozen=True, slots=True)
class Member:
    """What is compared of a record, or of a project that was in the tables before any import.

    ``id`` is the record's name or the project's; ``organisations`` are folded; ``linked`` is the number of the entry
    that an award names. ``folded`` are the words of the title, ``key`` its letters and digits, ``numbers`` those in it.
    """

    id: str
    kind: str
    title: str
    given: str = ""
    linked: str = ""
    organisations: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    folded: str = field(init=False)
    key: str = field(init=False)
    numbers: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", folded_name(self.title))
        object.__setattr__(self, "key", squeeze(self.title))
        object.__setattr__(self, "numbers", tuple(re.findall(r"\d+", self.folded)))


def member_of(record: Record, same_name: Mapping[str, str]) -> Member:
    """Return what is compared of a record; ``same_name`` gives the one name of organisations that have several."""
    names = (same_name.get(name, name) for name in record.organisations)
    return Member(
        record.record, record.kind, record.title, record.given_id, record.linked,
        tuple(sorted({folded_name(name) for name in names})), frozenset(record.countries),
    )  # fmt: skip


def folded_name(name: str) -> str:
    """Return the words of a name, comparable."""
    return " ".join(re.findall(r"\w+", flat(compatible(name))))


def folded_names(names: pl.Series) -> pl.Series:
    """Return the words of each name, comparable (`folded_name`)."""
    if names.is_empty():
        return names
    lines = pl.Series("", flat(compatible_lines(names.to_list())).split("\n"), pl.String)
    words = lines.str.replace_all("[^0-9A-Za-z_]+", " ").str.strip_chars(" ")
    other = lines.str.contains("[^\x00-\x7f]").arg_true()
    if not len(other):
        return words
    return words.scatter(other, [" ".join(re.findall(r"\w+", text)) for text in lines.gather(other).to_list()])


def squeezed_titles(titles: pl.Series) -> pl.Series:
    """Return the letters and digits of each title, comparable (`squeeze`)."""
    keys = titles.str.to_lowercase().str.replace_all(f"[^0-9a-z{_LETTERS}]", "")
    other = (~titles.str.contains(f"^[ -~{_LETTERS}]*$")).arg_true()
    return keys.scatter(other, squeeze_all(titles.gather(other).to_list())) if len(other) else keys


def _candidates(
    numbers: Sequence[int], fresh: Sequence[bool], ids: Texts, given: Texts, linked: Texts, titles: Texts
) -> pl.DataFrame:
    cells = [pl.Series("", texts, pl.String) for texts in (ids, given, linked, titles)]
    keys = squeezed_titles(cells[3])
    marks = pl.Series("", numbers, pl.Int64), pl.Series("", fresh, pl.Boolean)
    return members_frame(*marks, cells[0], keys, cells[1], cells[2], folded_names(cells[3]))


class Registry:
    """The members of an import: each by its number, which is smaller for older ones, or by its name."""

    def __init__(self, work: Work, same_name: Mapping[str, str]) -> None:
        self._db = work.db
        self._same_name = same_name
        self._first = int(self._db.execute("SELECT COALESCE(MAX(rowid), 0) FROM base").fetchone()[0])
        self.member = lru_cache(_CACHED)(self._read)

    def number(self, name: str) -> int | None:
        """Return the number of a member, None if there is none of this name."""
        if found := self._db.execute("SELECT rowid FROM base WHERE project = ?", (name,)).fetchone():
            return int(found[0])
        found = self._db.execute("SELECT seq FROM record WHERE record = ?", (name,)).fetchone()
        return None if found is None else self._first + int(found[0])

    def is_base(self, number: int) -> bool:
        """Say whether a member is a project that was in the tables before any import."""
        return number <= self._first

    def is_fresh(self, number: int) -> bool:
        """Say whether a member is new or changed."""
        found = self._db.execute("SELECT fresh FROM record WHERE seq = ?", (number - self._first,)).fetchone()
        return number > self._first and bool(found[0])

    def has_fresh(self) -> bool:
        """Say whether there is a member that is new or changed."""
        return self._db.execute("SELECT 1 FROM record WHERE fresh LIMIT 1").fetchone() is not None

    def awards(self) -> Mapping[int, int]:
        """Return for new members, by number, the project of an award that stood under their number before."""
        found: dict[int, int] = {}
        if self._db.execute("SELECT 1 FROM base_award").fetchone() is None:
            return found
        for seq, said in self._db.execute("SELECT seq, said FROM record WHERE fresh ORDER BY seq"):
            given = unpacked(said)[_GIVEN]
            award = self._db.execute("SELECT project FROM base_award WHERE record = ?", (given,)).fetchone()
            if given and award and (number := self.number(award[0])) is not None:
                found[self._first + seq] = number
        return found

    def members(self) -> pl.DataFrame:
        """Return all as candidates."""
        base = self._db.execute("SELECT rowid, cells FROM base ORDER BY rowid").fetchall()
        rows = [json.loads(cells) for _, cells in base]
        nothing = [""] * len(base)
        found = [
            _candidates(
                [number for number, _ in base], [False] * len(base), [r["project"] for r in rows], nothing, nothing,
                [r["title"] for r in rows],
            )
        ]  # fmt: skip
        records = self._db.execute(
            "SELECT seq, fresh, said, source FROM record WHERE record NOT IN (SELECT project FROM base) ORDER BY seq"
        )
        for batch in in_batches(records, 2, _BATCH):
            numbers, fresh, said, source = zip(*batch, strict=True)
            frame = record_frame(said, source)
            found.append(
                _candidates(
                    [self._first + seq for seq in numbers], list(map(bool, fresh)), frame["record"],
                    frame["given_id"], frame["linked"], frame["title"],
                )
            )  # fmt: skip
        return pl.concat(found, rechunk=True)

    def _read(self, number: int) -> Member:
        if number > self._first:
            said = self._db.execute("SELECT said, source FROM record WHERE seq = ?", (number - self._first,))
            return member_of(unpacked_record(*said.fetchone()), self._same_name)
        row = json.loads(self._db.execute("SELECT cells FROM base WHERE rowid = ?", (number,)).fetchone()[0])
        organisations = tuple(sorted({folded_name(n) for n in row["organisations"].split(";") if n.strip()}))
        countries = frozenset(filter(None, row["countries"].split(";")))
        return Member(row["project"], "base", row["title"], "", "", organisations, countries)


def decide(
    registry: Registry,
    before: Mapping[tuple[str, str], Decision],
    step: Callable[[int, int], None] = lambda _done, _all: None,
) -> dict[tuple[str, str], Decision]:
    """Return all decisions: those ``before``, and those by rule about pairs with a new or changed member.

    What a person decided stays; the rule's own decisions about changed members are made anew.
    """
    decisions = {pair: d for pair, d in before.items() if not d.is_by_rule or _stands(registry, pair)}
    awards = registry.awards()
    for number, project in awards.items():
        award = "the number of an award of the project"
        found = _decision(registry.member(project), registry.member(number), Verdict.SAME, 100, award)
        _settle(decisions, [found])
    if not registry.has_fresh():
        return decisions
    for done, total, ones, others in likely_pairs(registry.members()):
        step(done, total)
        pairs = zip(ones.tolist(), others.tolist(), strict=True)
        for number, group in groupby(pairs, key=itemgetter(0)):
            if number not in awards:
                members = (tuple(map(registry.member, sorted(pair))) for pair in group)
                _settle(decisions, [said for pair in members if (said := compare(*pair)) is not None])
    return decisions


def _stands(registry: Registry, pair: tuple[str, str]) -> bool:
    """Say whether both of a pair are members, and neither new nor changed."""
    numbers = [registry.number(name) for name in pair]
    return all(number is not None and not registry.is_fresh(number) for number in numbers)


def _settle(decisions: dict[tuple[str, str], Decision], found: Sequence[Decision]) -> None:
    """Add what the rule says of one new member; of what a person has decided, only what it rests on is renewed."""
    for said in _most(found):
        old = decisions.get(said.pair)
        if old is None or old.is_by_rule:
            decisions[said.pair] = said
        else:
            decisions[said.pair] = replace(
                old, suggested=said.suggested, score=said.score, first_text=said.first_text,
                second_text=said.second_text,
            )  # fmt: skip


def _most(decisions: Sequence[Decision]) -> list[Decision]:
    """Return the oldest that are the same, and of those for a person to look at the likeliest."""
    waiting = sorted((d for d in decisions if d.verdict is Verdict.OPEN), key=lambda d: (-d.score, d.pair))
    return [d for d in decisions if d.verdict is not Verdict.OPEN][:_JOINED] + waiting[:_WAITING]


def compare(first: Member, second: Member) -> Decision | None:
    """Return what the rule says of two members, the older one first; None if they are not alike.

    They are the same if an award names the entry's number, if they share number and title, or if title, organisation
    and country agree; titles whose numbers differ (phase 1, phase 2) are never held to be the same.
    """
    from rapidfuzz import fuzz

    title = 100.0 if first.key and first.key == second.key else fuzz.token_sort_ratio(first.folded, second.folded)
    linked = (first.linked and first.linked == second.given) or (second.linked and second.linked == first.given)
    numbered = bool(first.given) and first.given in {second.given, second.id}
    numbered = numbered or (bool(second.given) and second.given == first.id)
    score = round(title)
    if linked and title >= 50:
        return _decision(first, second, Verdict.SAME, 100, "the award names the number of the entry")
    if linked:
        return _decision(first, second, Verdict.OPEN, score, "the award names the number of the entry, titles differ")
    if numbered and (title >= _NEAR_TITLE or first.key == second.key):
        return _decision(first, second, Verdict.SAME, score, "same number, title alike")
    if title < _NEAR_TITLE or not (first.key and second.key):
        return None
    if first.countries and second.countries and not first.countries & second.countries:
        return None
    organisation = _best(first.organisations, second.organisations)
    where = first.countries & second.countries
    why = f"title {score}, organisation {'–' if organisation is None else round(organisation)}, country {_said(where)}"
    if organisation is not None and organisation < _NEAR_ORGANISATION:
        return _decision(first, second, Verdict.OPEN, score, why) if title >= 100 and len(first.key) >= 20 else None
    sure = (
        organisation is not None and organisation >= _SAME_ORGANISATION and bool(where) and _same_words(first, second)
    )
    if first.numbers != second.numbers:
        return _decision(first, second, Verdict.OPEN, score, f"{why}, other numbers") if sure else None
    return _decision(first, second, Verdict.SAME if sure else Verdict.OPEN, score, why)


def _same_words(first: Member, second: Member) -> bool:
    """Say whether two titles differ in nothing but order, small words, slips of the pen and an acronym beside them.

    Rural and urban are near as letters go, and as far as can be in what they say.
    """
    if first.key == second.key:
        return True
    from rapidfuzz.distance import OSA

    one, other = (Counter(w for w in m.folded.split() if len(w) > _SMALL or WIDE.search(w)) for m in (first, second))
    left, right = list((one - other).elements()), list((other - one).elements())
    for word in list(left):
        slips = [w for w in right if OSA.distance(word, w) <= (2 if len(word) >= _LONG else len(word) > _SMALL + 1)]
        if slips:
            left.remove(word)
            right.remove(slips[0])
    initials = {"".join(word[0] for word in m.folded.split() if len(word) > _SMALL) for m in (first, second)}
    return all(any(word in said for said in initials) for word in (*left, *right))


def _decision(first: Member, second: Member, verdict: Verdict, score: int, why: str) -> Decision:
    return Decision(
        first.id, second.id, verdict, verdict, score=score, why=why, first_text=first.title, second_text=second.title
    )


def _best(first: Sequence[str], second: Sequence[str]) -> float | None:
    from rapidfuzz import fuzz

    return max((fuzz.token_sort_ratio(a, b) for a in first for b in second), default=None)


def _said(countries: frozenset[str]) -> str:
    return ";".join(sorted(countries)) or "–"


def clusters(
    decisions: Iterable[Decision], age: Mapping[str, int], fixed: Collection[str] = frozenset()
) -> Mapping[str, str]:
    """Return for each member that is the same as others the one that gives the project its name: the oldest.

    Args:
        decisions: of which those that say so join members, people's first, then the likeliest.
        age: number by member, smaller for older; others are ignored.
        fixed: members whose name must stay, because other tables use it: they are never joined with each other.

    """
    listed = [d for d in decisions if d.first in age and d.second in age]
    apart = {d.pair for d in listed if d.verdict is Verdict.DIFFERENT}
    members: dict[str, set[str]] = {}
    for decision in sorted(
        (d for d in listed if d.verdict is Verdict.SAME), key=lambda d: (d.is_by_rule, -d.score, d.pair)
    ):
        one, other = members.get(decision.first, {decision.first}), members.get(decision.second, {decision.second})
        if one is other or (apart and any(_pair(a, b) in apart for a in one for b in other)):
            continue
        if not one.isdisjoint(fixed) and not other.isdisjoint(fixed):
            continue
        joined = one | other
        members |= dict.fromkeys(joined, joined)
    return {m: min(found, key=lambda n: (n not in fixed, age[n])) for m, found in members.items()}


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)
