"""How far to trust suggestions: held against what owners declared, and against what curators assigned."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wsiskg.suggestions.suggest import METHODS, Entry, entries, find_all, learn_declared
from wsiskg.suggestions.terms import FRAMEWORKS, Match, Vocabulary, framework_of, read_vocabulary
from wsiskg.suggestions.words import words
from wsiskg.tables.rows import Tables

__all__ = ["FOLDS", "THRESHOLDS", "TRUTHS", "Measured", "evaluate"]

FOLDS = 5
"""Parts of the projects, each of which is judged by what was learned from the others."""

THRESHOLDS = (0.3, 0.5, 0.7)
"""Scores from which a suggestion is counted."""

TRUTHS = ("declared", "assigned")
"""``declared``: cross-validated on what owners declared, register by register. ``assigned``: projects that declare
nothing of a framework, with what curators assigned; the classifier learned from all that is declared, in any register,
which `suggest` does not do, for what is seen here."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How well one method does, from one score on.

    Attributes:
        framework: one of `FRAMEWORKS`.
        truth: one of `TRUTHS`.
        method: one of `METHODS`.
        threshold: score from which a suggestion counts.
        projects: projects that were judged.
        suggested: tags suggested for them.
        right: of these, tags that they have.
        known: tags that they have.
        best: projects whose best suggestion, at any score, they have.

    """

    framework: str
    truth: str
    method: str
    threshold: float
    projects: int
    suggested: int
    right: int
    known: int
    best: int

    @property
    def precision(self) -> float | None:
        """The share of suggestions that are right; None without any."""
        return self.right / self.suggested if self.suggested else None

    @property
    def recall(self) -> float | None:
        """The share of known tags that are suggested; None where none is known."""
        return self.right / self.known if self.known else None


def evaluate(tables: Tables) -> list[Measured]:
    """Return what each method is worth, by framework, truth and threshold.

    Projects of the same title are kept in one part, so that nothing is learned from a project's other year.
    """
    known = [e for e in entries(tables) if e.text]
    vocabulary = read_vocabulary(tables)
    measured: list[Measured] = []
    for framework in FRAMEWORKS:
        declaring = [e for e in known if e.of(framework, assigned=False)]
        measured += _measure(framework, "declared", METHODS, [
            (entry, entry.of(framework, assigned=False), found)
            for register in dict.fromkeys(e.register for e in declaring)
            for part, rest in _parts([e for e in declaring if e.register == register])
            for entry, found in _judged(part, rest, vocabulary)
        ])  # fmt: skip
        curated = [e for e in known if not e.of(framework, assigned=False) and e.of(framework)]
        judged = [(e, e.of(framework), found) for e, found in _judged(curated, declaring, vocabulary)]
        measured += _measure(framework, "assigned", METHODS[:2], judged)
    return measured


_Found = Mapping[str, Mapping[str, Match]]


def _judged(part: Sequence[Entry], rest: Sequence[Entry], vocabulary: Vocabulary) -> Iterable[tuple[Entry, _Found]]:
    found = find_all([e.text for e in part], vocabulary, learn_declared(rest))
    return zip(part, found, strict=True)


def _parts(known: Sequence[Entry]) -> Iterable[tuple[list[Entry], list[Entry]]]:
    """Return each part with all others; its part follows from its title's place among all titles."""
    titles = sorted({_title(e) for e in known})
    place = {title: number % FOLDS for number, title in enumerate(titles)}
    for fold in range(FOLDS):
        part = [e for e in known if place[_title(e)] == fold]
        if part:
            yield part, [e for e in known if place[_title(e)] != fold]


def _title(entry: Entry) -> str:
    return " ".join(word.form for word in words(entry.title)) or entry.text


def _measure(
    framework: str,
    truth: str,
    methods: Sequence[str],
    judged: Sequence[tuple[Entry, frozenset[str], _Found]],
) -> Iterable[Measured]:
    known = sum(len(codes) for _, codes, _ in judged)
    for method in methods:
        scored = [
            (codes, {code: m.score for code, m in found[method].items() if framework_of(code) == framework})
            for _, codes, found in judged
        ]
        best = sum(max(scores, key=lambda c: (scores[c], c)) in codes for codes, scores in scored if scores)
        for threshold in THRESHOLDS:
            kept = [(codes, {c for c, s in scores.items() if s >= threshold}) for codes, scores in scored]
            yield Measured(
                framework, truth, method, threshold, len(judged), sum(len(named) for _, named in kept),
                sum(len(codes & named) for codes, named in kept), known, best,
            )  # fmt: skip
