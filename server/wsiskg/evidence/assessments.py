"""``graph/evidence/<edition>``: assessments of its links as DQV measurements (W3C vocab-dqv), and candidates.

An assessment has one node for each set of evidence (directness and origin), with the numbers as plain properties for
policies and people, and as dqv:QualityMeasurement for tools. Candidates, of which there are thousands once there is
much evidence, have the plain properties.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.evidence.index import EvidenceIndex
from wsiskg.evidence.measures import DIRECTNESS, ORIGINS, Measures, PairEvidence
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import RDF_TYPE, XSD, Vocabulary
from wsiskg.model.codes import natural_key, sdg_goal_of

__all__ = [
    "COUNTS",
    "Candidate",
    "assessment_iri",
    "assessment_triples",
    "candidate_iri",
    "candidate_triples",
    "candidates",
    "pair_triples",
]

_DQV = Vocabulary("http://www.w3.org/ns/dqv#")

COUNTS: Mapping[str, tuple[str, str]] = {
    "projects": ("projectCount", "projects"),
    "recognised": ("recognisedCount", "awards"),
    "winners": ("winnerCount", "winners"),
    "champions": ("championCount", "champions"),
    "nominees": ("nomineeCount", "nominees"),
    "countries": ("countryCount", "countries"),
    "regions": ("regionCount", "regions"),
    "stakeholder_types": ("stakeholderTypeCount", "stakeholderTypes"),
    "organisations": ("organisationCount", "organisations"),
    "first_year": ("firstEvidenceYear", "firstYear"),
    "last_year": ("lastEvidenceYear", "lastYear"),
    "since_review": ("sinceReviewCount", "sinceReview"),
    "lift": ("lift", "lift"),
    "p_value": ("pValue", "pValue"),
    "q_value": ("qValue", "qValue"),
}
"""Field of `Measures` -> property of an evidence set, and the dqv:Metric of ``ontology/measures.ttl``."""

_SET_PROPERTY = {
    (directness, origin): ("direct" if directness == "direct" else "goal") + origin.capitalize()
    for directness in DIRECTNESS
    for origin in ORIGINS
}
# Policies may ask for these, so their zeros are stated.
_ALWAYS = frozenset((d, o) for d in DIRECTNESS for o in ("declared", "confirmed"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An evidenced pair that no link of the edition claims; ``rank`` begins at 1."""

    line: str
    sdg: str
    rank: int
    linked_at_goal_level: bool
    evidence: PairEvidence


def assessment_iri(iris: Iris, edition: str, line: str, sdg: str) -> NamedNode:
    """Return the IRI of the assessment of a link."""
    return iris.resource("assessment", edition, f"{line}-{sdg}")


def candidate_iri(iris: Iris, edition: str, line: str, sdg: str) -> NamedNode:
    """Return the IRI of a candidate."""
    return iris.resource("candidate", edition, f"{line}-{sdg}")


def candidates(index: EvidenceIndex, links: Iterable[tuple[str, str]]) -> list[Candidate]:
    """Return the pairs with direct, confirmed evidence that ``links`` do not hold, best first.

    Ranked by projects, then countries, then lift. C7 itself is left out: editions link its sub-lines. A goal is no
    candidate where one of its targets is linked to the line already.
    """
    linked = set(links)
    covered = {(line, sdg_goal_of(sdg)) for line, sdg in linked}
    whole_goals = {(line, sdg) for line, sdg in linked if "." not in sdg}

    def strength(pair: PairEvidence) -> tuple[int, int, float]:
        measures = pair.of("direct", "confirmed")
        return (-measures.projects, -measures.countries, -(measures.lift or 0.0))

    found = [
        pair
        for key, pair in index.pairs.items()
        if pair.of("direct", "confirmed").projects and key not in linked and pair.line != "C7"
        if "." in pair.sdg or key not in covered
    ]
    found.sort(key=lambda p: (strength(p), natural_key(p.line), natural_key(p.sdg)))
    return [
        Candidate(p.line, p.sdg, rank, (p.line, sdg_goal_of(p.sdg)) in whole_goals, p)
        for rank, p in enumerate(found, 1)
    ]


def assessment_triples(
    iris: Iris, edition: str, links: Iterable[tuple[str, str]], index: EvidenceIndex, measurements: bool = True
) -> set[Triple]:
    """Return the assessments of links (action line, SDG) of one edition.

    Args:
        iris: IRIs to build with.
        edition: code of the edition.
        links: the pairs.
        index: counted evidence.
        measurements: also write each number as dqv:QualityMeasurement; a policy check does without.

    """
    out: set[Triple] = set()
    for line, sdg in links:
        node = assessment_iri(iris, edition, line, sdg)
        out.add(Triple(node, RDF_TYPE, iris.term("Assessment")))
        out.add(Triple(node, iris.term("assessmentOf"), iris.resource("link", edition, f"{line}-{sdg}")))
        out.add(Triple(node, iris.term("edition"), iris.resource("edition", edition)))
        out.update(pair_triples(iris, node, index.get(line, sdg), measurements))
    return out


def candidate_triples(iris: Iris, edition: str, found: Iterable[Candidate]) -> set[Triple]:
    """Return candidates of one edition with their rank and evidence, its numbers as plain properties only."""
    out: set[Triple] = set()
    for candidate in found:
        node = candidate_iri(iris, edition, candidate.line, candidate.sdg)
        out.add(Triple(node, RDF_TYPE, iris.term("Candidate")))
        out.add(Triple(node, iris.term("edition"), iris.resource("edition", edition)))
        out.add(Triple(node, iris.term("rank"), Literal(candidate.rank)))
        out.add(Triple(node, iris.term("linkedAtGoalLevel"), Literal(candidate.linked_at_goal_level)))
        out.update(pair_triples(iris, node, candidate.evidence, measurements=False))
    return out


def pair_triples(iris: Iris, node: NamedNode, pair: PairEvidence, measurements: bool = True) -> Iterator[Triple]:
    """Yield the ends and the evidence sets of a pair, as statements about ``node``.

    Args:
        iris: IRIs to build with.
        node: the assessment or candidate.
        pair: its counted evidence.
        measurements: also write each number as dqv:QualityMeasurement (https://www.w3.org/TR/vocab-dqv/).

    """
    level = "target" if "." in pair.sdg else "goal"
    yield Triple(node, iris.term("actionLine"), iris.resource("action-line", pair.line))
    yield Triple(node, iris.term("target"), iris.sdg(pair.sdg))
    yield Triple(node, iris.term("goal"), iris.sdg(sdg_goal_of(pair.sdg)))
    yield Triple(node, iris.term("level"), iris.resource("level", level))
    for example in pair.examples:
        yield Triple(node, iris.term("example"), iris.resource("project", example.project))
    for key in sorted(_ALWAYS | set(pair.sets)):
        yield from _set_triples(iris, node, key, pair.of(*key), measurements)


def _set_triples(
    iris: Iris, node: NamedNode, key: tuple[str, str], measures: Measures, measurements: bool
) -> Iterator[Triple]:
    directness, origin = key
    evidence = NamedNode(f"{node.value}/{directness}-{origin}")
    yield Triple(node, iris.term(_SET_PROPERTY[key]), evidence)
    for predicate, told in _about_set(iris, key):
        yield Triple(evidence, predicate, told)
    for name, predicate, metric in _counted(iris):
        value = getattr(measures, name)
        if value is None or (value == 0 and key not in _ALWAYS):
            continue
        literal = _number(value)
        yield Triple(evidence, predicate, literal)
        if measurements and value:
            measurement = NamedNode(f"{evidence.value}/{metric}")
            yield Triple(measurement, RDF_TYPE, _DQV("QualityMeasurement"))
            yield Triple(measurement, _DQV("computedOn"), evidence)
            yield Triple(measurement, _DQV("isMeasurementOf"), iris.resource("measure", metric))
            yield Triple(measurement, _DQV("value"), literal)


@cache
def _about_set(iris: Iris, key: tuple[str, str]) -> Sequence[tuple[NamedNode, NamedNode]]:
    """Return what is said of every evidence set of one directness and origin."""
    directness, origin = key
    return (
        (RDF_TYPE, iris.term("EvidenceSet")),
        (iris.term("directness"), iris.resource("directness", directness)),
        (iris.term("origin"), iris.resource("origin", origin)),
    )


@cache
def _counted(iris: Iris) -> Sequence[tuple[str, NamedNode, str]]:
    """Return the measures: attribute, property, metric."""
    return tuple((name, iris.term(term), metric) for name, (term, metric) in COUNTS.items())


@lru_cache(4096, typed=True)  # 1 and 1.0 are written in two ways
def _number(value: float) -> Literal:
    if isinstance(value, int):
        return Literal(value)
    text = f"{value:.4g}"
    if "e" in text or abs(value) < 0.001:
        return Literal(f"{value:.3E}", datatype=XSD("double"))
    return Literal(text, datatype=XSD("decimal"))
