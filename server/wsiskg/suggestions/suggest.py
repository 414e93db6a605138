"""Suggestions for projects without tags: both methods put together, never more than a text can say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.suggestions.classifier import Classifier, learn
from wsiskg.suggestions.terms import FRAMEWORKS, Match, Vocabulary, framework_of, read_vocabulary
from wsiskg.suggestions.words import plain
from wsiskg.tables.rows import Row, Tables

__all__ = ["METHODS", "Entry", "Suggestion", "combined", "entries", "find_all", "learn_declared", "suggest"]

METHODS = ("terms", "classifier", "both")
"""How a suggestion came about."""

Found = Mapping[str, Match]


@dataclass(frozen=True, slots=True)
class Entry:
    """A project as the methods see it.

    Attributes:
        project: its code.
        register: that of its register.
        title: as its source gives it.
        text: title and description.
        declared: codes of action lines and goals that its owner declared; a target counts as its goal.
        assigned: those that curators assigned.

    """

    project: str
    register: str
    title: str
    text: str
    declared: frozenset[str]
    assigned: frozenset[str]

    def of(self, framework: str, declared: bool = True, assigned: bool = True) -> frozenset[str]:
        """Return its codes of a framework, by origin."""
        codes = (self.declared if declared else frozenset()) | (self.assigned if assigned else frozenset())
        return frozenset(code for code in codes if framework_of(code) == framework)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tag that the words of a project speak for.

    Attributes:
        entry: the project.
        framework: one of `FRAMEWORKS`.
        code: action line or goal.
        score: 0 to 1, see `combined`.
        method: one of `METHODS`.
        words: of the text, those that speak for it.

    """

    entry: Entry
    framework: str
    code: str
    score: float
    method: str
    words: tuple[str, ...]


def entries(tables: Tables) -> list[Entry]:
    """Return the projects of all registers, in the order of their tables."""
    assigned: dict[str, set[str]] = {}
    for table in tables.of("tags"):
        for row in table:
            assigned.setdefault(row.text("project"), set()).add(_at_goal(row.text("code")))
    return [
        _entry(row, table.group, frozenset(assigned.get(row.text("project"), ())))
        for table in tables.of("projects")
        for row in table
    ]


def _entry(row: Row, register: str, assigned: frozenset[str]) -> Entry:
    title, description = row.text("title"), row.text("description")
    declared = frozenset(map(_at_goal, (*row.values("action_lines"), *row.values("sdgs"))))
    return Entry(row.text("project"), register, title, f"{title}\n{description}".strip(), declared, assigned)


def _at_goal(code: str) -> str:
    return code if framework_of(code) == "wsis" else sdg_goal_of(code)


def learn_declared(known: Iterable[Entry]) -> list[Classifier]:
    """Return a classifier for each framework, learned from the entries that declare codes of it."""
    found = list(known)
    learned = []
    for framework in FRAMEWORKS:
        declaring = [e for e in found if e.text and e.of(framework, assigned=False)]
        learned.append(learn([e.text for e in declaring], [e.of(framework, assigned=False) for e in declaring]))
    return learned


def find_all(texts: Sequence[str], vocabulary: Vocabulary, classifiers: Iterable[Classifier]) -> list[dict[str, Found]]:
    """Return what each method finds in each text: method -> code -> match."""
    learned: list[dict[str, Match]] = [{} for _ in texts]
    for classifier in classifiers:
        for found, more in zip(learned, classifier.find(texts), strict=True):
            found.update(more)
    termed = [vocabulary.find(text) for text in texts]
    return [
        {"terms": terms, "classifier": found, "both": combined(terms, found)}
        for terms, found in zip(termed, learned, strict=True)
    ]


def combined(terms: Found, learned: Found) -> dict[str, Match]:
    """Return what either method finds: the doubts that they leave are multiplied, as if each knew something else.

    They do not: both look at the same words. What a score is worth is said by cross-validation, not by the score.
    """
    found = {}
    for code in {**terms, **learned}:
        matches = [m[code] for m in (terms, learned) if code in m]
        doubt = 1.0
        for match in matches:
            doubt *= 1 - match.score
        found[code] = Match(1 - doubt, _apart([word for match in matches for word in match.words]))
    return found


def _apart(said: Sequence[str]) -> tuple[str, ...]:
    """Return words in their order, without those that another one holds."""
    plainly = [plain(word) for word in said]
    kept = (
        word
        for place, (word, form) in enumerate(zip(said, plainly, strict=True))
        if form not in plainly[:place] and not any(form in other and form != other for other in plainly)
    )
    return tuple(kept)


def suggest(tables: Tables, least: float, most: int) -> list[Suggestion]:
    """Return suggestions for projects that have no tag of a framework, declared or assigned; the best first.

    Args:
        tables: of projects and tags.
        least: score that a suggestion must have.
        most: suggestions for one project and framework.

    """
    known = entries(tables)
    open_ones = [e for e in known if e.text and any(not e.of(framework) for framework in FRAMEWORKS)]
    vocabulary = read_vocabulary(tables)
    suggested = []
    for register in dict.fromkeys(e.register for e in open_ones):
        # What one register teaches fails in another: `evaluate` measures it.
        classifiers = learn_declared(e for e in known if e.register == register)
        own = [e for e in open_ones if e.register == register]
        found = find_all([e.text for e in own], vocabulary, classifiers)
        suggested += [s for entry, methods in zip(own, found, strict=True) for s in _of(entry, methods, least, most)]
    return sorted(suggested, key=lambda s: (-s.score, s.entry.project, natural_key(s.code)))


def _of(entry: Entry, methods: Mapping[str, Found], least: float, most: int) -> list[Suggestion]:
    suggested = []
    for framework in FRAMEWORKS:
        if entry.of(framework):
            continue
        matches = [(c, m) for c, m in methods["both"].items() if framework_of(c) == framework and m.score >= least]
        matches.sort(key=lambda pair: (-pair[1].score, natural_key(pair[0])))
        suggested += [
            Suggestion(entry, framework, code, match.score, _method(code, methods), match.words)
            for code, match in matches[:most]
        ]
    return suggested


def _method(code: str, methods: Mapping[str, Found]) -> str:
    said = [method for method in ("terms", "classifier") if code in methods[method]]
    return said[0] if len(said) == 1 else "both"
