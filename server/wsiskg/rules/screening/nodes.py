"""Nodes of a block of statements, the values that paths lead to, and what is known of their conformance, in columns."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl
import pyoxigraph as ox

from wsiskg.graph.vocabulary import RDF_TYPE
from wsiskg.rules.screening.paths import Alternative, Inverse, Path, Sequence

__all__ = ["TYPE", "Classes", "Mask", "Nodes", "Subjects", "Values", "Verdict"]

Mask = npt.NDArray[np.bool_]
Places = npt.NDArray[np.uint32]
T = TypeVar("T")

TYPE = str(RDF_TYPE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of each node, whether it may conform and whether it may not; both where that is open."""

    holds: Mask
    fails: Mask

    @classmethod
    def known(cls, holds: Mask) -> "Verdict":
        """Return what is certain of every node."""
        return cls(holds, ~holds)

    @classmethod
    def where(cls, certain: Mask, holds: Mask) -> "Verdict":
        """Return ``holds`` where it is ``certain``, and leave the rest open."""
        return cls(holds | ~certain, ~holds | ~certain)

    @classmethod
    def open(cls, size: int) -> "Verdict":
        """Return that nothing is known of ``size`` nodes."""
        return cls(np.ones(size, bool), np.ones(size, bool))

    def __and__(self, other: "Verdict") -> "Verdict":
        return Verdict(self.holds & other.holds, self.fails | other.fails)

    def __or__(self, other: "Verdict") -> "Verdict":
        return Verdict(self.holds | other.holds, self.fails & other.fails)

    def __invert__(self) -> "Verdict":
        return Verdict(self.fails, self.holds)


@dataclass(frozen=True, slots=True)
class Classes:
    """The instances of classes (https://www.w3.org/TR/shacl/#dfn-shacl-instance).

    Attributes:
        hierarchy: of each class that has subclasses: itself and all of them.
        instances: nodes by a class that they are stated to be of.
        complete: whether all instances are known.
        before: those that sort before this term are known in any case.

    """

    hierarchy: Mapping[str, frozenset[str]]
    instances: Mapping[str, pl.Series]
    complete: bool
    before: str = ""

    def below(self, kind: str) -> frozenset[str]:
        """Return a class and its subclasses."""
        return self.hierarchy.get(kind) or frozenset({kind})

    def of(self, kind: str) -> list[pl.Series]:
        """Return the known instances of a class."""
        return [self.instances[name] for name in self.below(kind) if name in self.instances]


class Nodes:
    """Nodes of which nothing but the terms is known.

    Attributes:
        terms: the nodes, as N-Triples terms.
        classes: what is known of classes.

    """

    def __init__(self, terms: pl.Series, classes: Classes) -> None:
        self.terms = terms
        self.classes = classes
        self._done: dict[object, Any] = {}

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.terms)

    def once(self, key: object, work: Callable[[], T]) -> T:
        """Return the outcome of ``work``, done once for each ``key``."""
        if key not in self._done:
            self._done[key] = work()
        found: T = self._done[key]
        return found

    def matching(self, pattern: str) -> Mask:
        """Return which terms a regular expression (of Rust) matches."""
        return self.terms.str.contains(pattern).to_numpy()

    def among(self, terms: Iterable[str]) -> Mask:
        """Return which terms are among ``terms``."""
        return self.terms.is_in(list(terms)).to_numpy()

    @property
    def texts(self) -> pl.Series:
        """The IRIs, and the lexical forms of the literals."""
        return self.once("texts", self._texts)

    def _texts(self) -> pl.Series:
        term = pl.col("term")
        found = self.terms.alias("term").to_frame().select(
            pl.when(term.str.starts_with("<") | term.str.ends_with('"')).then(term.str.slice(1).str.head(-1))
            .otherwise(term.str.extract('(?s)^"(.*)"[^"]*$')).alias("text"),
            term.str.contains("\\", literal=True).alias("escaped"),
        )  # fmt: skip
        places = found["escaped"].arg_true()
        if not len(places):
            return found["text"]
        lines = "".join(f"<x:s> <x:p> {term} .\n" for term in self.terms.gather(places))
        plain = [_text(quad.object) for quad in ox.parse(lines, ox.RdfFormat.N_TRIPLES)]
        return found["text"].scatter(places, pl.Series(plain, dtype=pl.String))

    def instances(self, kind: str) -> Verdict:
        """Return which nodes are instances of a class."""
        return self.once(("instances", kind), lambda: self._instances(kind))

    def _instances(self, kind: str) -> Verdict:
        found = np.zeros(len(self), bool)
        for instances in self.classes.of(kind):
            if len(instances) > len(self):  # of many, those that matter: a set of all takes time and memory
                instances = instances.filter(instances.is_in(self.terms.unique().implode()))
            found |= self.terms.is_in(instances.implode()).to_numpy()
        if self.classes.complete:
            return Verdict.known(found)
        return Verdict.where(found | (self.terms < self.classes.before).to_numpy(), found)

    def values(self, path: Path) -> "Values | None":
        """Return what a path leads to from these nodes; None where that is not known."""
        return None


@dataclass(frozen=True, slots=True)
class Values:
    """What a path leads to.

    Attributes:
        size: number of nodes that the path was followed from.
        owner: of each value, the place of its node among them.
        nodes: the values, each once a node.

    """

    size: int
    owner: Places
    nodes: Nodes

    def count(self, chosen: Mask | None = None) -> npt.NDArray[np.intp]:
        """Return how many values, or how many ``chosen`` ones, each node has."""
        return np.bincount(self.owner if chosen is None else self.owner[chosen], minlength=self.size)

    def any(self, chosen: Mask) -> Mask:
        """Return which nodes have a ``chosen`` value."""
        found = np.zeros(self.size, bool)
        found[self.owner[chosen]] = True
        return found

    def all(self, verdict: Verdict) -> Verdict:
        """Return of each node whether all its values conform."""
        return Verdict(~self.any(~verdict.holds), self.any(verdict.fails))

    def frame(self) -> pl.DataFrame:
        """Return the values in columns ``owner`` and ``value``."""
        return pl.DataFrame(
            {"owner": pl.Series(self.owner, dtype=pl.UInt32), "value": self.nodes.terms.alias("value")},
        )


class Subjects(Nodes):
    """Subjects with their statements, complete for the predicates that will be asked for.

    Args:
        frame: the statements, those of one subject together.
        classes: what is known of classes without them.
        whole: whether all statements with these predicates are given, so that any path can be followed.
        more: nodes without statements.

    """

    def __init__(
        self, frame: pl.DataFrame, classes: Classes, *, whole: bool = False, more: pl.Series | None = None
    ) -> None:
        subject = frame["subject"]
        place = subject.rle_id()
        terms = subject.filter(place != place.shift(1, fill_value=2**32 - 1))
        rows = pl.DataFrame({"predicate": frame["predicate"], "object": frame["object"], "place": place})
        self.place: Places = place.to_numpy()
        """Of each statement, the place of its subject."""
        self._rows: dict[str, tuple[Places, pl.Series]] = {
            str(predicate): (part["place"].to_numpy(), part["object"])
            for (predicate,), part in rows.partition_by("predicate", as_dict=True).items()
        }
        self._typed: dict[str, Places] = {}
        if TYPE in self._rows:
            typed = pl.DataFrame(dict(zip(("place", "kind"), self._rows[TYPE], strict=True)))
            self._typed = {
                str(kind): part["place"].to_numpy()
                for (kind,), part in typed.partition_by("kind", as_dict=True).items()
            }
        self._whole = whole
        self.kinds: Mapping[str, pl.Series] = {kind: terms.gather(places) for kind, places in self._typed.items()}
        """The subjects by the classes that they are stated to be of."""
        if not classes.complete:
            known = classes.instances
            own = {k: pl.concat([known[k], found]) if k in known else found for k, found in self.kinds.items()}
            classes = replace(classes, instances={**known, **own})
        super().__init__(terms if more is None else pl.concat([terms, more]), classes)

    def typed(self, kind: str) -> Mask:
        """Return which subjects are of a class."""
        known = [self._typed[name] for name in self.classes.below(kind) if name in self._typed]
        return self.once(("typed", kind), lambda: self.mask(*known))

    def having(self, predicate: str) -> Mask:
        """Return which subjects have a statement with a predicate."""
        return self.mask(*(rows[0] for rows in [self._rows.get(predicate)] if rows))

    def mask(self, *places: Places) -> Mask:
        """Return which subjects are at ``places``."""
        found = np.zeros(len(self), bool)
        for part in places:
            found[part] = True
        return found

    def values(self, path: Path) -> Values | None:
        """Return what a path leads to; None for paths that these statements are too few for."""
        return self.once(("values", path), lambda: self._values(path))

    def _values(self, path: Path) -> Values | None:
        if isinstance(path, str):
            empty: Places = np.zeros(0, np.uint32)
            owner, terms = self._rows.get(path, (empty, pl.Series(dtype=pl.String)))
            return Values(len(self), owner, Nodes(terms, self.classes))
        pairs = self._pairs(path)
        return pairs if pairs is None else Values(
            len(self), pairs["owner"].to_numpy(), Nodes(pairs["value"], self.classes)
        )  # fmt: skip

    def _pairs(self, path: Path) -> pl.DataFrame | None:
        if isinstance(path, Alternative):
            parts = [found.frame() for found in map(self.values, path.paths) if found is not None]
            return pl.concat(parts).unique() if len(parts) == len(path.paths) else None
        if not self._whole:
            return None
        places = pl.DataFrame({"value": self.terms.alias("value")}).with_row_index("place")
        if isinstance(path, Sequence):
            first, second = self.values(path.first), self.values(path.second)
            if first is None or second is None:
                return None
            steps = first.frame().join(places, on="value").select("owner", "place")
            found = steps.join(second.frame(), left_on="place", right_on="owner")
            return found.select("owner", "value").unique()
        if isinstance(path, Inverse):
            rows = self.values(path.predicate)
            if rows is None:
                return None
            found = rows.frame().join(places, on="value")
            return pl.DataFrame({"owner": found["place"], "value": self.terms.gather(found["owner"]).alias("value")})
        return None


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.Literal | ox.NamedNode) else str(term)
