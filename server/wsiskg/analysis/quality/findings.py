"""The quality of a release, counted by questions of the catalogue, which anyone can ask for the same numbers."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wsiskg.graph.iris import Iris
from wsiskg.store.catalogue import find_query
from wsiskg.store.evaluate import Request

__all__ = ["PARTS", "Part", "Quality", "Row", "Share", "quality_requests", "read_quality"]

Row = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the report: the question of the catalogue that it answers, and the columns kept of it.

    Columns of ``numbers`` are integers; those of ``names`` hold IRIs, of which the local name is kept.
    """

    query: str
    columns: Sequence[str]
    numbers: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


PARTS: Mapping[str, Part] = {
    "completeness": Part(
        "completeness-by-class", ("kind", "information", "with_value", "in_all"), frozenset({"with_value", "in_all"})
    ),
    "sources": Part(
        "sources-by-class", ("kind", "in_all", "with_source", "sources", "unverified"),
        frozenset({"in_all", "with_source", "sources", "unverified"}),
    ),
    "freshness": Part(
        "freshness", ("kind", "information", "dated", "in_all", "earliest", "latest"), frozenset({"dated", "in_all"})
    ),
    "unverified": Part(
        "unverified-statements", ("kind", "class", "property", "unverified"), frozenset({"unverified"}),
        frozenset({"class", "property"}),
    ),
    "discrepancies": Part(
        "discrepancies", ("line_code", "goal_code", "by_line_table", "by_goal_table", "reading", "outcome")
    ),
    "rationales": Part("links-without-rationale", ("line_code", "sdg_code", "agency_code", "note")),
    "labels": Part(
        "label-coverage", ("kind", "language_code", "with_label", "in_all"), frozenset({"with_label", "in_all"})
    ),
}  # fmt: skip
"""Parts of the report, in its order."""

_SIZE = Part("matrix-size", ("links",), frozenset({"links"}))


@dataclass(frozen=True, slots=True)
class Share:
    """How far one measure of quality is met: ``met`` of ``of``."""

    measure: str
    met: int
    of: int

    @property
    def share(self) -> float:
        """The share that is met, 1 where there is nothing to meet."""
        return self.met / self.of if self.of else 1.0


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a release.

    Attributes:
        release: id of the release.
        edition: the edition of the matrix that links, discrepancies and rationales are those of.
        shares: the measures that have a share: completeness, sources, verified, rationales, labels.
        tables: rows by part of `PARTS`.

    """

    release: str
    edition: str
    shares: tuple[Share, ...]
    tables: Mapping[str, tuple[Row, ...]]


def quality_requests(iris: Iris, edition: str) -> Mapping[str, Request]:
    """Return the queries that `read_quality` needs the CSV answers of, by name.

    Args:
        iris: of the release.
        edition: code of the latest edition of the matrix, empty if there is none.

    """
    found = {}
    for part in (*PARTS.values(), _SIZE):
        query = find_query(part.query, iris, edition)
        found[part.query] = Request(query.text, "text/csv", dict(query.bind({}, iris)), base=iris.base)
    return found


def read_quality(answers: Mapping[str, bytes], release: str, edition: str) -> Quality:
    """Return the quality that the answers tell of.

    Args:
        answers: name of a query -> its answer as CSV, for those of `quality_requests`.
        release: id of the release that answered.
        edition: the edition that was asked for.

    """
    tables = {name: _rows(part, answers[part.query]) for name, part in PARTS.items()}
    links = _sum(_rows(_SIZE, answers[_SIZE.query]), "links")
    things = _sum(tables["sources"], "in_all")
    shares = (
        Share("completeness", _sum(tables["completeness"], "with_value"), _sum(tables["completeness"], "in_all")),
        Share("sources", _sum(tables["sources"], "with_source"), things),
        Share("verified", things - _sum(tables["sources"], "unverified"), things),
        Share("rationales", links - len(tables["rationales"]), links),
        Share("labels", _sum(tables["labels"], "with_label"), _sum(tables["labels"], "in_all")),
    )
    return Quality(release, edition, shares, tables)


def _rows(part: Part, answer: bytes) -> tuple[Row, ...]:
    return tuple(
        {column: _value(part, column, row[column]) for column in part.columns}
        for row in csv.DictReader(io.StringIO(answer.decode(), newline=""))
    )


def _value(part: Part, column: str, text: str) -> str | int:
    if column in part.numbers:
        return int(text)
    return re.split("[#/]", text)[-1] if column in part.names else text


def _sum(rows: Sequence[Row], column: str) -> int:
    return sum(int(row[column]) for row in rows)
