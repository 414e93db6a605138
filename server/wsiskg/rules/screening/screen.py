"""Find the nodes of large graphs that may break a shape, in columns, so that pySHACL need only look at those.

The union of the graphs is read once, in blocks: most shapes ask for statements about the node itself, and for the
classes of its values. What a block alone cannot tell is kept, a few columns of it, until the classes of all nodes are
known.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import polars as pl

from wsiskg.graph.columns.statements import COLUMNS, NONE, Statements
from wsiskg.graph.columns.terms import apart, texts_apart
from wsiskg.graph.held import nodes_between, statements_about
from wsiskg.graph.vocabulary import RDFS
from wsiskg.rules.screening.nodes import TYPE, Classes, Mask, Subjects
from wsiskg.rules.screening.shapes import Rule, followed_backwards, followed_far

__all__ = ["SUBCLASS", "Screened", "Union", "screen"]

SUBCLASS = str(RDFS("subClassOf"))
_ROWS = 200_000
"""Statements that are looked at together, at least."""
_OPEN = 500_000
"""Statements that are kept until the classes of their objects are known, above which it is seen which are by now."""


class Union:
    """The union of named graphs: those of one block are held in memory, the others are read block by block."""

    def __init__(self, graphs: Iterable[Statements]) -> None:
        small = [NONE]
        self._large: list[Statements] = []
        self._begun: list[Iterator[pl.DataFrame]] = []
        for graph in graphs:
            blocks = graph.blocks()
            first = [block for _, block in zip(range(2), blocks, strict=False)]
            if len(first) < 2:
                small += first
            else:
                self._large.append(graph)
                self._begun.append(chain(first, blocks))
        self.small = pl.concat(small).unique().sort(COLUMNS)
        """The statements of the graphs that are held in memory."""

    @classmethod
    def of(cls, frame: pl.DataFrame) -> "Union":
        """Return the union that is ``frame``."""
        found = cls(())
        found.small = frame
        return found

    def about(self, nodes: pl.Series, step: Callable[[], None] = lambda: None) -> pl.DataFrame:
        """Return all statements about ``nodes``: only parts that may hold some are made again.

        ``step`` is called before each of these.
        """
        nodes = nodes.unique().sort()
        found = [statements_about(nodes, self.small)]
        for graph in self._large:
            for part, following in pairwise(chain(graph.parts(()), [None])):
                if part and len(wanted := nodes_between(nodes, part.first, following.first if following else "")):
                    step()
                    found.append(statements_about(wanted, part.block()))
        return pl.concat(found)

    def blocks(self) -> Iterator[pl.DataFrame]:
        """Yield all statements, each once, those about one subject together."""
        begun, self._begun = self._begun, []
        large = begun or [graph.blocks() for graph in self._large]
        streams = [iter([self.small] if len(self.small) else []), *large]
        heads = [(head, stream) for stream in streams if (head := next(stream, None)) is not None]
        parts: list[pl.DataFrame] = []
        while heads:
            last = min(str(head["subject"][-1]) for head, _ in heads)  # up to there, all is at hand
            cuts = [int(head["subject"].search_sorted(last, side="right")) for head, _ in heads]
            found = [head[:cut] for (head, _), cut in zip(heads, cuts, strict=True) if cut]
            parts.append(found[0] if len(found) == 1 else pl.concat(found).unique().sort("subject"))
            heads = list(_advanced(heads, cuts))
            if sum(map(len, parts)) >= _ROWS:
                yield pl.concat(parts)
                parts = []
        if parts:
            yield pl.concat(parts)


def _advanced(
    heads: Iterable[tuple[pl.DataFrame, Iterator[pl.DataFrame]]], cuts: Iterable[int]
) -> Iterator[tuple[pl.DataFrame, Iterator[pl.DataFrame]]]:
    for (head, stream), cut in zip(heads, cuts, strict=True):
        if cut < len(head):
            yield head[cut:], stream
        elif (following := next(stream, None)) is not None:
            yield following, stream


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of a screening.

    Attributes:
        suspects: the nodes that may break a shape, as N-Triples terms in their order; no other node does.
        links: the statements over predicates that shapes follow from object to subject.
        subclasses: the statements about subclasses.

    """

    suspects: pl.Series
    links: pl.DataFrame
    subclasses: pl.DataFrame


def screen(
    union: Union,
    rules: Sequence[Rule],
    step: Callable[[], None] = lambda: None,
    among: pl.Series | None = None,
) -> Screened:
    """Return the nodes of ``union`` that may break one of ``rules``.

    Args:
        union: the statements.
        rules: the shapes.
        step: called before each block.
        among: the only nodes to judge; all if None.

    """
    subclasses = union.small.filter(pl.col("predicate") == SUBCLASS)
    while True:
        found = _Pass(union.small, subclasses, rules, among)
        for block in union.blocks():
            step()
            found.look(block)
        if len(found.subclasses) == len(subclasses):
            return found.end()
        subclasses = found.subclasses  # a class has more instances than was thought: once more


class _Pass:
    """One reading of all blocks."""

    def __init__(
        self, small: pl.DataFrame, subclasses: pl.DataFrame, rules: Sequence[Rule], among: pl.Series | None
    ) -> None:
        self.subclasses = subclasses
        self._rules = rules
        self._among = None if among is None else among.implode()
        self._hierarchy = _hierarchy(subclasses)
        typed = small.filter(pl.col("predicate") == TYPE)
        instances = {str(k): part["subject"] for (k,), part in typed.partition_by("object", as_dict=True).items()}
        self._classes = Classes(self._hierarchy, instances, complete=False)
        self._suspects: list[pl.Series] = []
        self._kinds: defaultdict[str, list[pl.Series]] = defaultdict(list)
        self._open: defaultdict[int, list[pl.DataFrame]] = defaultdict(list)
        self._most = _OPEN
        self._far: list[pl.DataFrame] = []
        self._backwards, self._kept = followed_backwards(rules), followed_far(rules)
        self._suspects.append(_series(node for rule in rules for node in rule.targets.nodes))

    def look(self, block: pl.DataFrame) -> None:
        """Judge the subjects of a block."""
        subjects = Subjects(block, self._classes)
        predicate = block["predicate"]
        suspected = np.zeros(len(subjects), bool)
        judged = self._judged(subjects)
        for number, rule in enumerate(self._rules):
            for target in rule.targets.objects_of:
                aimed_at = block.filter(pl.col("predicate") == target)["object"].unique()
                self._suspects.append(texts_apart(aimed_at))
            if rule.far:
                continue
            concerned = _concerned(rule, subjects) & judged
            if not concerned.any():
                continue
            verdict = rule.check(subjects)
            failing = concerned & verdict.fails
            if not failing.any():
                continue
            asked = predicate.is_in(list(rule.predicates)).to_numpy()
            open_ = failing & verdict.holds & subjects.mask(subjects.place[asked])
            suspected |= failing & ~open_
            if open_.any():
                self._open[number].append(_small(block.filter(pl.Series(asked & open_[subjects.place]))))
        self._suspects.append(texts_apart(subjects.terms.filter(pl.Series(suspected))))
        for kind, terms in _shared(subjects.kinds).items():
            self._kinds[kind].append(terms)
        self._far.append(apart(block.filter(predicate.is_in(list(self._kept)))))
        below = block.filter(predicate == SUBCLASS)
        if len(below):
            self.subclasses = pl.concat([self.subclasses, below]).unique()
        if self._left() > self._most:
            self._settle(self._known(complete=False, before=block["subject"][-1]))
            self._most = max(_OPEN, 2 * self._left())

    def _judged(self, subjects: Subjects) -> Mask:
        if self._among is None:
            return np.ones(len(subjects), bool)
        return subjects.terms.is_in(self._among).to_numpy()

    def _left(self) -> int:
        """Return how many statements are kept to be judged later."""
        return sum(len(frame) for frames in self._open.values() for frame in frames)

    def _known(self, *, complete: bool, before: str = "") -> Classes:
        return Classes(self._hierarchy, {k: pl.concat(p) for k, p in self._kinds.items()}, complete, before)

    def _settle(self, classes: Classes) -> None:
        """Judge what was left open, as far as classes of nodes are known; the rest stays."""
        kept, self._open = self._open, defaultdict(list)
        for number, frames in kept.items():
            for frame in _together(frames):
                subjects = Subjects(frame, classes)
                verdict = self._rules[number].check(subjects)
                open_ = verdict.fails & verdict.holds & (not classes.complete)
                self._suspects.append(texts_apart(subjects.terms.filter(pl.Series(verdict.fails & ~open_))))
                if open_.any():
                    self._open[number].append(_small(frame.filter(pl.Series(open_[subjects.place]))))

    def end(self) -> Screened:
        """Judge what was left open, now that the classes of all nodes are known."""
        classes = self._known(complete=True)
        self._settle(classes)
        links = pl.concat([*self._far, NONE]).sort("subject")
        far = [rule for rule in self._rules if rule.far]
        if far:
            targets = {kind for rule in far for kind in rule.targets.classes}
            instances = [_series(()), *(terms for kind in targets for terms in classes.of(kind))]
            more = pl.concat(instances).unique()
            more = more.filter(~more.is_in(links["subject"].implode()))
            subjects = Subjects(links, classes, whole=True, more=more)
            for rule in far:
                concerned = _concerned(rule, subjects) & self._judged(subjects)
                self._suspects.append(subjects.terms.filter(pl.Series(concerned & rule.check(subjects).fails)))
        return Screened(
            pl.concat(self._suspects).unique().sort(),
            links.filter(links["predicate"].is_in(list(self._backwards))),
            self.subclasses,
        )


def _small(frame: pl.DataFrame) -> pl.DataFrame:
    """Return statements to be kept: they name the same few nodes again and again."""
    few = [name for name in ("predicate", "object") if 2 * frame[name].n_unique() < len(frame)]
    return apart(frame.with_columns(pl.col(few).cast(pl.Categorical)))


def _together(kept: Sequence[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield statements that were kept, many at a time, those about one subject together."""
    frames: list[pl.DataFrame] = []
    for number, frame in enumerate(kept, 1):
        frames.append(frame.cast(pl.String))
        if number == len(kept) or sum(map(len, frames)) >= _ROWS:
            yield pl.concat(frames)
            frames = []


def _shared(kinds: Mapping[str, pl.Series]) -> Mapping[str, pl.Series]:
    """Set the instances of classes apart, those of classes that have the same ones together."""
    found: dict[str, pl.Series] = {}
    for kind, terms in kinds.items():
        same = (other for other in found.values() if len(other) == len(terms) and other.equals(terms))
        found[kind] = other if (other := next(same, None)) is not None else texts_apart(terms)
    return found


def _concerned(rule: Rule, subjects: Subjects) -> Mask:
    """Return which subjects are targets of a rule by their class or a predicate."""
    found = np.zeros(len(subjects), bool)
    for kind in rule.targets.classes:
        found |= subjects.instances(kind).holds if rule.far else subjects.typed(kind)
    for predicate in rule.targets.subjects_of:
        found |= subjects.having(predicate)
    return found


def _hierarchy(subclasses: pl.DataFrame) -> Mapping[str, frozenset[str]]:
    """Return of each class with subclasses itself and all of them, over any number of steps."""
    direct: defaultdict[str, set[str]] = defaultdict(set)
    for lower, _, upper in subclasses.iter_rows():
        direct[upper].add(lower)
    found: dict[str, frozenset[str]] = {}
    for name in direct:
        below, left = {name}, [name]
        while left:
            more = direct.get(left.pop(), set()) - below
            below |= more
            left += more
        found[name] = frozenset(below)
    return found


def _series(terms: Iterable[str]) -> pl.Series:
    return pl.Series(list(terms), dtype=pl.String)
