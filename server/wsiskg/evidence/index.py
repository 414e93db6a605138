"""The counted pairs as a release keeps them: one file, read by whoever checks a link."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wsiskg.beside import Step
from wsiskg.evidence.measures import MEASURE_NAMES, NO_EVIDENCE, Example, Measures, PairEvidence
from wsiskg.model.errors import ReleaseError
from wsiskg.tables.rows import Tables

if TYPE_CHECKING:
    from wsiskg.evidence.facts import Facts

__all__ = ["FILE", "EvidenceIndex", "Loaded"]

_KEYS = frozenset({"directness", "origin"})
_EXAMPLE = tuple(field.name for field in fields(Example))

FILE = "evidence/pairs.json"
"""Where a release keeps its index."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much evidence there is at all, so that no verdict is read without it.

    ``registers``: projects by register. ``tags``: tags by framework and origin. Years are those of the projects.
    """

    projects: int
    registers: Mapping[str, int]
    tags: Mapping[str, int]
    first_year: int | None
    last_year: int | None


@dataclass(frozen=True, slots=True)
class EvidenceIndex:
    """Evidence of every pair that has any, by (action line, SDG)."""

    pairs: Mapping[tuple[str, str], PairEvidence]
    loaded: Loaded

    def get(self, line: str, sdg: str) -> PairEvidence:
        """Return the evidence of a pair, empty where there is none."""
        return self.pairs.get((line, sdg)) or PairEvidence(line, sdg)

    @classmethod
    def count(cls, tables: Tables) -> "EvidenceIndex":
        """Count the evidence in tables."""
        from wsiskg.evidence.facts import facts_from_tables

        return cls.of(facts_from_tables(tables))

    @classmethod
    def of(cls, facts: "Facts", step: Step = lambda: None) -> "EvidenceIndex":
        """Count the evidence in flat tables; ``step`` is called now and then."""
        # Who only reads an index needs neither Polars nor SciPy.
        from wsiskg.evidence.counts import count_pairs

        return cls(count_pairs(facts, step), _loaded(facts))

    def dump(self) -> bytes:
        """Return the index as JSON, sorted, so that equal evidence gives equal bytes."""
        pairs = [
            {
                "line": pair.line,
                "sdg": pair.sdg,
                "sets": [{"directness": d, "origin": o, **_given(m)} for (d, o), m in sorted(pair.sets.items())],
                "examples": [{name: getattr(example, name) for name in _EXAMPLE} for example in pair.examples],
            }
            for _, pair in sorted(self.pairs.items())
        ]
        text = json.dumps({"loaded": asdict(self.loaded), "pairs": pairs}, ensure_ascii=False, separators=(",", ":"))
        return (text.replace('},{"line"', '},\n{"line"') + "\n").encode()

    @classmethod
    def read(cls, release: Path) -> "EvidenceIndex":
        """Read the index of the release in directory ``release``.

        Raises:
            ReleaseError: it has none.

        """
        try:
            content: Mapping[str, Any] = json.loads((release / FILE).read_bytes())
        except (OSError, ValueError) as error:
            raise ReleaseError(f"'{release}' has no readable evidence index", "Build again: wsiskg build.") from error
        return cls(_Stored(content["pairs"]), Loaded(**content["loaded"]))


class _Stored(Mapping[tuple[str, str], PairEvidence]):
    """The pairs of a file, made when asked for: a check asks for few of them."""

    def __init__(self, items: Iterable[Mapping[str, Any]]) -> None:
        self._items = {(item["line"], item["sdg"]): item for item in items}

    def __getitem__(self, pair: tuple[str, str]) -> PairEvidence:
        item = self._items[pair]
        sets = {
            (s["directness"], s["origin"]): Measures(**{k: v for k, v in s.items() if k not in _KEYS})
            for s in item["sets"]
        }
        return PairEvidence(*pair, sets, tuple(Example(**example) for example in item["examples"]))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def _given(measures: Measures) -> dict[str, float]:
    """Leave out what a reader fills in by itself; a lift of 0.0 is not that."""
    given = ((name, getattr(measures, name)) for name in MEASURE_NAMES)
    return {name: value for name, value in given if value != getattr(NO_EVIDENCE, name)}


def _loaded(facts: "Facts") -> Loaded:
    from wsiskg.evidence.facts import EXCLUSIVE

    tags = {
        f"{framework} {EXCLUSIVE[rank]}": count
        for framework, frame in (("wsis", facts.lines), ("sdg", facts.sdgs))
        for rank, count in frame["rank"].value_counts().iter_rows()
    }
    projects = facts.projects
    first, last = projects["first_year"].min(), projects["last_year"].max()
    return Loaded(
        projects.height,
        dict(sorted(projects["register"].value_counts().iter_rows())),
        dict(sorted(tags.items())),
        first if isinstance(first, int) else None,
        last if isinstance(last, int) else None,
    )
