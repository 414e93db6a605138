"""Which records are of one project: by number, else by title, organisation and country; by rule or by people."""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from wsiskg.imports.decisions import Decision, Verdict
from wsiskg.imports.record import Record
from wsiskg.imports.work import Work
from wsiskg.tables.recognise.folding import compatible, flat, squeeze

__all__ = ["Member", "add_members", "clusters", "compare", "decide", "folded_name", "index_tokens", "member_of"]

_NEAR_TITLE = 88  # of 100: titles that are alike
_SAME_ORGANISATION, _NEAR_ORGANISATION = 90, 75
_SMALL, _LONG = 3, 9  # letters of words that do not count, and of words in which two letters may be wrong
_COMMON = 200  # members with a word, above which the word tells nothing
_WORDS = 3  # rarest words of a title by which likely pairs are found
_WAITING, _JOINED = 5, 3  # pairs of one record that a person is asked about, and that join it to others
_CACHED = 50_000
_MANY = 50  # members of one title or number, the oldest, that a record is held against
_LOOKUPS: Mapping[str, str] = {
    "key": "SELECT n FROM member WHERE key = ? ORDER BY n LIMIT ?",
    "given": "SELECT n FROM member WHERE given = ? ORDER BY n LIMIT ?",
    "id": "SELECT n FROM member WHERE id = ? ORDER BY n LIMIT ?",
    "linked": "SELECT n FROM member WHERE linked = ? ORDER BY n LIMIT ?",
}
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")  # scripts without blanks between words


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


def add_members(work: Work, members: Iterable[tuple[Member, str, bool, bool]]) -> None:
    """Add members with their register, whether they are new or changed, and whether they were there before imports."""
    for member, register, fresh, base in members:
        cursor = work.db.execute(
            "INSERT OR IGNORE INTO member (id, register, kind, given, linked, key, folded, organisations, countries, "
            "fresh, base, title) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                member.id, register, member.kind, member.given, member.linked, member.key, member.folded,
                json.dumps(member.organisations, ensure_ascii=False), ";".join(sorted(member.countries)), fresh, base,
                member.title,
            ),
        )  # fmt: skip
        work.db.executemany(
            "INSERT OR IGNORE INTO token VALUES (?, ?)", ((word, cursor.lastrowid) for word in _words(member.folded))
        )


def index_tokens(work: Work) -> None:
    """Count in how many titles each word stands, once all members are there."""
    work.db.execute("DELETE FROM frequency")
    work.db.execute("INSERT INTO frequency SELECT token, COUNT(*) FROM token GROUP BY token")


def _words(folded: str) -> set[str]:
    """Return the words of a title by which it is found; pairs of characters in scripts without blanks."""
    words = {word for word in folded.split() if len(word) > 2 and not word.isdigit()}
    for run in _WIDE.findall(folded):
        words |= {run[i : i + 2] for i in range(len(run) - 1)}
    return words


def decide(
    work: Work, before: Mapping[tuple[str, str], Decision], step: Callable[[int, int], None] = lambda _done, _all: None
) -> dict[tuple[str, str], Decision]:
    """Return all decisions: those ``before``, and those by rule about pairs with a new or changed member.

    What a person decided stays; the rule's own decisions about changed members are made anew.
    """
    found = _Pairs(work)
    decisions = {
        pair: decision
        for pair, decision in before.items()
        if not decision.is_by_rule or (found.knows(pair) and not found.has_changed(pair))
    }
    numbers = [row[0] for row in work.db.execute("SELECT n FROM member WHERE fresh ORDER BY n")]
    for place, number in enumerate(numbers):
        if place % 500 == 0:
            step(place, len(numbers))
        for said in _most(found.likely(number)):
            old = decisions.get(said.pair)
            if old is None or old.is_by_rule:
                decisions[said.pair] = said
            else:
                texts = said.first_text, said.second_text
                decisions[said.pair] = replace(
                    old, suggested=said.suggested, score=said.score, first_text=texts[0], second_text=texts[1]
                )
    return decisions


def _most(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the oldest that are the same, and of those for a person to look at the likeliest."""
    listed = list(decisions)
    waiting = sorted((d for d in listed if d.verdict is Verdict.OPEN), key=lambda d: (-d.score, d.pair))
    return [d for d in listed if d.verdict is not Verdict.OPEN][:_JOINED] + waiting[:_WAITING]


class _Pairs:
    """Finds the members that may be of one project with a given one."""

    def __init__(self, work: Work) -> None:
        self._db = work.db
        self._fresh = {row[0] for row in self._db.execute("SELECT n FROM member WHERE fresh")}
        self._member = lru_cache(_CACHED)(self._read)
        self._sharing = lru_cache(_CACHED)(self._read_sharing)

    def knows(self, pair: tuple[str, str]) -> bool:
        """Say whether both of a pair are members."""
        return all(self._db.execute("SELECT 1 FROM member WHERE id = ?", (name,)).fetchone() for name in pair)

    def has_changed(self, pair: tuple[str, str]) -> bool:
        """Say whether one of a pair is new or changed."""
        found = self._db.execute("SELECT 1 FROM member WHERE fresh AND id IN (?, ?)", pair)
        return found.fetchone() is not None

    def likely(self, number: int) -> Iterator[Decision]:
        """Compare a new member with all before it, and with old ones, that share its number, title, or a rare word."""
        mine = self._member(number)
        if mine.given and (said := self._of_award(mine)) is not None:
            yield said
            return
        for other in sorted(self._candidates(number, mine)):
            if other > number and other in self._fresh:
                continue  # it will be its turn
            first, second = sorted((number, other))
            if (found := compare(self._member(first), self._member(second))) is not None:
                yield found

    def _candidates(self, number: int, mine: Member) -> set[int]:
        words = self._db.execute(
            "SELECT token FROM token JOIN frequency USING (token) WHERE n = ? AND number BETWEEN 2 AND ? "
            "ORDER BY number, token LIMIT ?",
            (number, _COMMON, _WORDS),
        ).fetchall()
        numbers = {n for (word,) in words for n in self._sharing(word)}
        wanted = [("key", mine.key), ("given", mine.given), ("given", mine.linked), ("id", mine.given),
                  ("id", mine.linked), ("linked", mine.given)]  # fmt: skip
        for column, value in wanted:
            if value:
                numbers |= {row[0] for row in self._db.execute(_LOOKUPS[column], (value, _MANY))}
        return numbers - {number}

    def _read_sharing(self, word: str) -> tuple[int, ...]:
        return tuple(row[0] for row in self._db.execute("SELECT n FROM token WHERE token = ?", (word,)))

    def _of_award(self, mine: Member) -> Decision | None:
        """Return the decision that a record is of the project of an award that stood under its number before."""
        said = self._db.execute(
            "SELECT member.n FROM base_award JOIN member ON member.id = base_award.project WHERE base_award.record = ?",
            (mine.given,),
        ).fetchone()
        if said is None:
            return None
        return _decision(self._member(said[0]), mine, Verdict.SAME, 100, "the number of an award of the project")

    def _read(self, number: int) -> Member:
        name, kind, title, given, linked, organisations, countries = self._db.execute(
            "SELECT id, kind, title, given, linked, organisations, countries FROM member WHERE n = ?", (number,)
        ).fetchone()
        where = frozenset(filter(None, countries.split(";")))
        return Member(name, kind, title, given, linked, tuple(json.loads(organisations)), where)


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

    one, other = (Counter(w for w in m.folded.split() if len(w) > _SMALL or _WIDE.search(w)) for m in (first, second))
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
