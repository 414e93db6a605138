"""The first method: weighted terms. Each term found in a text halves the doubt that is left, or less if it is shared.

A term speaks for the codes that list it; its weight is 1 over their number in the framework. The score of a code is
``1 - 2 ** -(sum of weights)``: one term of its own 0.5, two 0.75, three 0.875. Terms are those of ``terms.yaml`` and,
at a quarter of the weight, the words of the labels of action lines, goals and targets.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import yaml

from wsiskg.model.codes import FORMATS
from wsiskg.model.errors import UsageError
from wsiskg.suggestions.words import STEMMED, stem, words
from wsiskg.tables.rows import Tables

__all__ = ["FRAMEWORKS", "Match", "Term", "Vocabulary", "framework_of", "read_vocabulary"]

FRAMEWORKS = ("wsis", "sdg")
"""Of action lines, and of goals, as the table of tags names them."""

_LANGUAGES = (*STEMMED, "zh")
_LABEL = 0.25  # weight of a label's word against a chosen term
_SHARED = 2  # a word in the labels of more codes speaks for none
_SHORTEST = 4  # letters of a label's word, and of a stem that others are akin to


@dataclass(frozen=True, slots=True)
class Term:
    """A term in one language: its stems (in Chinese its characters), and its weight by code."""

    language: str
    stems: tuple[str, ...]
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Match:
    """What speaks for a code in a text: the score, and the words as they stand there, the weightiest first."""

    score: float
    words: tuple[str, ...]


def framework_of(code: str) -> str:
    """Return the one of `FRAMEWORKS` that a code belongs to."""
    return "wsis" if code.startswith("C") else "sdg"


class Vocabulary:
    """Terms, found in texts by their first stem."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: dict[tuple[str, str], list[Term]] = {}
        self._chinese: list[Term] = []
        for term in terms:
            if term.language == "zh":
                self._chinese.append(term)
            else:
                self._terms.setdefault((term.language, term.stems[0]), []).append(term)

    def find(self, text: str) -> Mapping[str, Match]:
        """Return what the terms in ``text`` speak for, by code; a term within a longer one is not heard apart."""
        found = words(text)
        heard: dict[str, list[_Heard]] = {}
        for language in STEMMED:
            sequence = [stem(word.form, language) for word in found]
            for place, first in enumerate(sequence):
                for term in self._terms.get((language, first), ()) if first else ():
                    last = place + len(term.stems)
                    if tuple(sequence[place:last]) == term.stems:
                        _hear(heard, term, found[place].start, found[last - 1].end)
        for term in self._chinese:
            if (start := text.find(term.stems[0])) >= 0:
                _hear(heard, term, start, start + len(term.stems[0]))
        return {code: _match(text, said) for code, said in heard.items()}


@dataclass(frozen=True, slots=True)
class _Heard:
    """A term in a text: from where to where, its stems, its weight for one code."""

    start: int
    end: int
    stems: tuple[str, ...]
    weight: float


def _hear(heard: dict[str, list[_Heard]], term: Term, start: int, end: int) -> None:
    for code, weight in term.weights.items():
        heard.setdefault(code, []).append(_Heard(start, end, term.stems, weight))


def _match(text: str, said: Iterable[_Heard]) -> Match:
    """Return the score of what was heard: each word once, however often it is said and in however many languages."""
    kept: list[_Heard] = []
    for one in sorted(said, key=lambda h: (h.start - h.end, -h.weight, h.start)):
        within = any(h.start <= one.start and one.end <= h.end for h in kept)
        if not within and not any(_akin(h.stems[0], one.stems[0]) for h in kept):
            kept.append(one)
    kept.sort(key=lambda h: (-h.weight, h.start))
    return Match(1 - 2 ** -sum(h.weight for h in kept), tuple(text[h.start : h.end] for h in kept))


def _akin(one: str, other: str) -> bool:
    """Say whether stems are of one family: environment and environmental."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= _SHORTEST and long.startswith(short))


def read_vocabulary(tables: Tables) -> Vocabulary:
    """Return the program's own terms and those of the labels in ``tables``.

    Raises:
        UsageError: an entry of ``terms.yaml`` is not of its form.

    """
    entries = yaml.safe_load((files("wsiskg.suggestions") / "terms.yaml").read_text("utf-8"))
    labels = _weighed(_labels(tables), most=_SHARED, weight=_LABEL)
    # A chosen term wins over the same word of a label.
    return Vocabulary(Term(*key, weights) for key, weights in (labels | _weighed(_chosen(entries))).items())


_Key = tuple[str, tuple[str, ...]]


def _chosen(entries: Sequence[Mapping[str, Sequence[str]]]) -> Iterable[tuple[_Key, str]]:
    for number, entry in enumerate(entries, 1):
        codes = [str(code) for code in entry.get("codes", ())]
        wrong = [c for c in codes if not (FORMATS["action-line"](c) or FORMATS["sdg-goal"](c))]
        if not codes or wrong or set(entry) - {"codes", *_LANGUAGES}:
            raise UsageError(f"entry {number} of terms.yaml is not of its form", "See the head of the file.")
        for language in _LANGUAGES:
            for term in entry.get(language, ()):
                if key := _key(str(term), language):
                    yield from ((key, code) for code in codes)


def _labels(tables: Tables) -> Iterable[tuple[_Key, str]]:
    texts = [
        (row.text("action_line"), row.text("lang"), row.text("title"))
        for row in tables["action_line_titles"]
        if row.text("action_line") != "C7"
    ]
    texts += [(r.text("code"), lang, r.text(f"title_{lang}")) for r in tables["goals"] for lang in _LANGUAGES]
    texts += [(r.text("goal"), lang, r.text(f"label_{lang}")) for r in tables["targets"] for lang in ("en", "fr", "es")]
    for code, language, text in texts:
        if language in STEMMED:
            for word in words(text):
                if len(word.form) >= _SHORTEST and (found := stem(word.form, language)):
                    yield (language, (found,)), code


def _key(term: str, language: str) -> _Key | None:
    if language == "zh":
        return language, (term,)
    found = tuple(stem(word.form, language) for word in words(term))
    return (language, found) if found and all(found) else None


def _weighed(
    pairs: Iterable[tuple[_Key, str]], most: int | None = None, weight: float = 1.0
) -> dict[_Key, dict[str, float]]:
    """Return the weights of each term by code: the less, the more codes of a framework share it."""
    codes: dict[_Key, dict[str, None]] = {}
    for key, code in pairs:
        codes.setdefault(key, {})[code] = None
    found = {}
    for key, of in codes.items():
        shared = Counter(map(framework_of, of))
        kept = (code for code in of if most is None or shared[framework_of(code)] <= most)
        if weights := {code: weight / shared[framework_of(code)] for code in kept}:
            found[key] = weights
    return found
