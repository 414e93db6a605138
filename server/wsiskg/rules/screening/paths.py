"""Property paths of shapes (https://www.w3.org/TR/shacl/#property-paths) that columns can follow."""

from dataclasses import dataclass
from functools import reduce
from math import inf

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH

from wsiskg.rules.screening.terms import term_of

__all__ = [
    "Alternative", "Inverse", "Path", "Sequence", "backwards_of", "is_far", "length_of", "predicates_of", "read_path",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inverse:
    """The path from the object of a predicate to its subject."""

    predicate: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One path after the other."""

    first: "Path"
    second: "Path"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Paths beside one another."""

    paths: tuple["Path", ...]


Path = str | Inverse | Sequence | Alternative
"""A path; predicates are N-Triples terms."""


def read_path(shapes: rdflib.Graph, node: rdflib.term.Node) -> Path | None:
    """Return a path, None if it is of a kind that is not followed in columns."""
    if isinstance(node, rdflib.URIRef):
        return term_of(node)
    if (node, RDF.first, None) in shapes:
        steps = [read_path(shapes, step) for step in Collection(shapes, node)]
        known: list[Path] = [step for step in steps if isinstance(step, str | Alternative) and not is_far(step)]
        return reduce(_then, known) if len(known) == len(steps) else None
    inverse, alternative = shapes.value(node, SH.inversePath), shapes.value(node, SH.alternativePath)
    if isinstance(inverse, rdflib.URIRef):
        return Inverse(term_of(inverse))
    if alternative is not None:
        paths = [read_path(shapes, path) for path in Collection(shapes, alternative)]
        known_paths = tuple(path for path in paths if path is not None)
        return Alternative(known_paths) if len(known_paths) == len(paths) else None
    return None


def _then(first: Path, second: Path) -> Path:
    return Sequence(first, second)


def is_far(path: Path | None) -> bool:
    """Say whether a path leads through the statements of other nodes."""
    if isinstance(path, Alternative):
        return any(map(is_far, path.paths))
    return isinstance(path, Inverse | Sequence)


def predicates_of(path: Path | None) -> frozenset[str]:
    """Return the predicates that a path follows."""
    if isinstance(path, Sequence):
        return predicates_of(path.first) | predicates_of(path.second)
    if isinstance(path, Alternative):
        return frozenset[str]().union(*map(predicates_of, path.paths))
    return frozenset({path.predicate if isinstance(path, Inverse) else path}) if path else frozenset()


def backwards_of(path: Path | None) -> frozenset[str]:
    """Return the predicates that a path follows from object to subject."""
    if isinstance(path, Alternative):
        return frozenset[str]().union(*map(backwards_of, path.paths))
    return frozenset({path.predicate}) if isinstance(path, Inverse) else frozenset()


def length_of(path: Path | None) -> float:
    """Return how many statements a path follows, at most; infinite where it is not known."""
    if isinstance(path, Sequence):
        return length_of(path.first) + length_of(path.second)
    if isinstance(path, Alternative):
        return max(map(length_of, path.paths))
    return inf if path is None else 1
