"""Links that nobody has made: what the network suggests beside the evidence, and how well either finds hidden links.

An action line and an SDG have no common neighbours in a network of two sides, so the indices of link prediction are
carried over: a pair scores the sum, over the other lines that support the SDG, of the index of the two lines. Those are
Adamic and Adar's (2003), the sum over shared SDGs of 1/ln(degree), and resource allocation (Zhou, Lü, Zhang 2009), the
sum of 1/degree. Preferential attachment, the product of the two degrees (Barabási and Albert 1999), is the baseline
that a method must beat to say more than that busy ends get busier.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random
from statistics import fmean

from wsiskg.analysis.network import Network, figures, of_kind
from wsiskg.evidence.assessments import candidates
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.model.codes import natural_key
from wsiskg.model.errors import UsageError

__all__ = [
    "METHODS",
    "BackTest",
    "Prediction",
    "Scores",
    "back_test",
    "evidence_scores",
    "network_scores",
    "precision_recall",
    "predictions",
]

METHODS = ("evidence", "adamic-adar", "resource-allocation", "preferential-attachment")
"""Ways of ranking. ``evidence`` is the ranking of candidates by projects, countries and lift; it sees no network."""

Pair = tuple[str, str]
Scores = Mapping[Pair, float]
"""Score above 0 of pairs of action line and SDG, by their codes; pairs left out score 0."""

_INDICES: Mapping[str, Callable[[int], float]] = {
    "adamic-adar": lambda degree: 1 / math.log(degree),
    "resource-allocation": lambda degree: 1 / degree,
}


@dataclass(frozen=True, slots=True)
class Prediction:
    """A pair of action line and SDG that is not linked.

    A rank begins at 1, equal scores share the best of their ranks, and None says that the method does not name the
    pair. ``projects`` is its direct evidence with declared or assigned tags.
    """

    line: str
    sdg: str
    adamic_adar: float
    adamic_adar_rank: int | None
    resource_allocation: float
    resource_allocation_rank: int | None
    evidence_rank: int | None
    projects: int


@dataclass(frozen=True, slots=True)
class BackTest:
    """How well one method finds hidden links among all pairs not known to be linked, as means over the splits.

    Attributes:
        method: one of `METHODS`, or ``chance``.
        at: number of pairs that are looked at, from the top of the ranking.
        precision: share of them that were hidden links.
        precision_lowest: the lowest of a split.
        precision_highest: the highest of a split.
        recall: share of the hidden links that are among them.
        named: share of the hidden links that the method names at all, the most its recall can be without chance.
        hidden: links hidden in each split.
        pairs: pairs that were ranked, hidden links among them.

    """

    method: str
    at: int
    precision: float
    precision_lowest: float
    precision_highest: float
    recall: float
    named: float
    hidden: int
    pairs: int


def network_scores(links: Collection[Pair], method: str) -> Scores:
    """Return the scores of pairs not linked, by a method of `METHODS` other than ``evidence``.

    Raises:
        UsageError: the method is another.

    """
    lines: dict[str, set[str]] = {}
    sdgs: dict[str, set[str]] = {}
    for line, sdg in links:
        lines.setdefault(line, set()).add(sdg)
        sdgs.setdefault(sdg, set()).add(line)
    unlinked = ((line, sdg) for line in lines for sdg in sdgs if sdg not in lines[line])
    if method == "preferential-attachment":
        return {(line, sdg): float(len(lines[line]) * len(sdgs[sdg])) for line, sdg in unlinked}
    if method not in _INDICES:
        raise UsageError(f"there is no method '{method}'", f"Choose from: {', '.join(METHODS)}.")
    index = _INDICES[method]
    alike = {
        (one, other): math.fsum(index(len(sdgs[sdg])) for sdg in lines[one] & lines[other])
        for one in lines
        for other in lines
        if one != other
    }
    scores = {(line, sdg): math.fsum(alike[line, other] for other in sdgs[sdg]) for line, sdg in unlinked}
    return {pair: score for pair, score in scores.items() if score}


def evidence_scores(links: Collection[Pair], index: EvidenceIndex) -> Scores:
    """Return the scores of the candidates of `wsiskg.evidence.assessments`: the better the rank, the higher."""
    return {(c.line, c.sdg): 1 / c.rank for c in candidates(index, links)}


def predictions(network: Network, index: EvidenceIndex, by: str = "evidence", line: str = "") -> tuple[Prediction, ...]:
    """Return the pairs without a link that evidence, or an index of link prediction, names; best first.

    Args:
        network: of lines and targets, level ``linked``.
        index: evidence of the same release.
        by: method of `METHODS` that they are ordered by; those that it does not name come last.
        line: only this action line.

    Raises:
        UsageError: another network, an unknown method, or a line that is not in the network.

    """
    if by not in METHODS[:3]:
        raise UsageError(f"there is no method '{by}'", f"Choose from: {', '.join(METHODS[:3])}.")
    links, linkable = _pairs(network)
    known = {one for one, _ in linkable}
    if line and line not in known:
        lines = ", ".join(sorted(known, key=natural_key))
        raise UsageError(f"'{line}' is not in this network", f"Choose from: {lines}.")
    scores = {method: _scores(method, links, index) for method in METHODS[:3]}
    ranks = {method: _ranks(found) for method, found in scores.items()}
    found = [
        Prediction(
            *pair,
            figures(scores["adamic-adar"].get(pair, 0.0)), ranks["adamic-adar"].get(pair),
            figures(scores["resource-allocation"].get(pair, 0.0)), ranks["resource-allocation"].get(pair),
            ranks["evidence"].get(pair),
            index.get(*pair).of("direct", "confirmed").projects,
        )
        for pair in linkable
        if any(pair in named for named in ranks.values()) and (not line or pair[0] == line)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda p: (ranks[by].get((p.line, p.sdg), math.inf), *_order((p.line, p.sdg)))))


def back_test(
    network: Network,
    index: EvidenceIndex,
    share: float = 0.2,
    splits: int = 20,
    seed: int = 0,
    at: Sequence[int] = (10,),
) -> tuple[BackTest, ...]:
    """Hide a share of the links, rank all pairs not known to be linked, and see how many of the hidden come first.

    The evidence does not depend on links, but a goal is no candidate of it where the line keeps a link to one of the
    goal's targets. Pairs that a method does not name come after those that it does, in random order: what is returned
    for equal scores is the expected value. The last method, ``chance``, names none.

    Args:
        network: of lines and targets, level ``linked``, without weight.
        index: evidence of the same release.
        share: of the links that is hidden, between 0 and 1.
        splits: how often, each with other links.
        seed: of the splits; the same seed gives the same splits anywhere.
        at: how many of the first pairs are looked at; the number of hidden links is looked at as well.

    Raises:
        UsageError: another network, a share or a number out of range.

    """
    if not 0 < share < 1 or splits < 1 or any(k < 1 for k in at):
        raise UsageError("the back-test needs a share between 0 and 1, and numbers of 1 or more")
    links, linkable = _pairs(network)
    ordered = sorted(links, key=_order)
    hidden = round(share * len(ordered))
    if not 0 < hidden < len(ordered):
        raise UsageError(f"{len(ordered)} links cannot be split by {share:g}", "Choose another share.")
    pairs = len(linkable) - len(ordered) + hidden
    looked = sorted({min(k, pairs) for k in (*at, hidden)})
    results: dict[tuple[str, int], list[tuple[float, float, float]]] = {}
    random = Random(seed)  # noqa: S311  # a draw that anybody can repeat, not a secret
    for _ in range(splits):
        wanted = frozenset(random.sample(ordered, hidden))
        kept = links - wanted
        for method in (*METHODS, "chance"):
            scores = {} if method == "chance" else _scores(method, kept, index)
            scores = {pair: score for pair, score in scores.items() if pair in linkable}
            named = sum(pair in scores for pair in wanted) / hidden
            for k in looked:
                results.setdefault((method, k), []).append((*precision_recall(scores, wanted, pairs, k), named))
    return tuple(
        BackTest(
            method, k, figures(fmean(p for p, _, _ in found)), figures(min(found)[0]), figures(max(found)[0]),
            figures(fmean(r for _, r, _ in found)), figures(fmean(n for _, _, n in found)), hidden, pairs,
        )
        for (method, k), found in sorted(results.items(), key=lambda x: x[0][1])
    )  # fmt: skip


def precision_recall(scores: Scores, wanted: Collection[Pair], pairs: int, at: int) -> tuple[float, float]:
    """Return the precision and recall of the first ``at`` of ``pairs`` ranked by score.

    Where ``at`` cuts through equal scores, the expected number of hits of a random order of these counts; pairs without
    score are equal too.
    """
    hits, room = 0.0, at
    for number, right in _ties(scores, wanted, pairs):
        taken = min(room, number)
        hits += right * taken / number if number else 0.0
        room -= taken
    return hits / at, hits / len(wanted)


def _ties(scores: Scores, wanted: Collection[Pair], pairs: int) -> Iterator[tuple[int, int]]:
    """Yield how many pairs have the same score and how many of these are wanted, the highest score first."""
    ordered = sorted(scores, key=scores.__getitem__, reverse=True)
    for _, group in groupby(ordered, key=scores.__getitem__):
        tied = list(group)
        yield len(tied), sum(pair in wanted for pair in tied)
    yield pairs - len(scores), sum(pair not in scores for pair in wanted)


def _scores(method: str, links: Collection[Pair], index: EvidenceIndex) -> Scores:
    return evidence_scores(links, index) if method == "evidence" else network_scores(links, method)


def _ranks(scores: Scores) -> Mapping[Pair, int]:
    ranks: dict[Pair, int] = {}
    for _, group in groupby(sorted(scores, key=scores.__getitem__, reverse=True), key=scores.__getitem__):
        ranks |= dict.fromkeys(tuple(group), len(ranks) + 1)
    return ranks


def _pairs(network: Network) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """Return the pairs that are linked, and those that could be, by their codes."""
    of_kind(network, "lines-targets")
    if network.level != "linked" or network.weight != "none":
        raise UsageError("links are predicted for goals and targets as they are linked", "Leave out level and weight.")
    codes = {node.id: node.code for node in network.nodes}
    lines = [node.code for node in network.nodes if node.kind == "action-line"]
    sdgs = [node.code for node in network.nodes if node.kind.startswith("sdg")]
    linked = frozenset((codes[edge.source], codes[edge.target]) for edge in network.edges)
    return linked, frozenset((line, sdg) for line in lines for sdg in sdgs)


def _order(pair: Pair) -> tuple[tuple[tuple[int, int, str], ...], tuple[tuple[int, int, str], ...]]:
    return natural_key(pair[0]), natural_key(pair[1])
