"""Answers of the catalogue on one release, asked once each, and the numbers read from them."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Store

from wsiskg.graph.release import Release, open_store
from wsiskg.reports.content import Number, Question, Reading
from wsiskg.store.catalogue import find_query
from wsiskg.store.editions import edition_codes
from wsiskg.store.evaluate import Request, evaluate

__all__ = ["Answer", "Answers", "Row"]

Row = Mapping[str, str]
Wanted = str | Collection[str]

_NO_LIMIT = 1 << 62  # our own questions are answered in full


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of an answer, and what can be read from them.

    Each method takes conditions by column: the value that a row must have, or several, one of which it must have.
    """

    question: Question
    rows: tuple[Row, ...]

    def where(self, **conditions: Wanted) -> tuple[Row, ...]:
        """Return the rows that meet all conditions."""
        reading = Reading("rows", "", _where(conditions))
        return tuple(row for row in self.rows if reading.keeps(row))

    def first(self, **conditions: Wanted) -> Row | None:
        """Return the first row that meets all conditions, None if there is none."""
        return next(iter(self.where(**conditions)), None)

    def count(self, **conditions: Wanted) -> Number:
        """Return how many rows there are."""
        return self._read(Reading("rows", "", _where(conditions)))

    def distinct(self, column: str, **conditions: Wanted) -> Number:
        """Return how many different values a column has."""
        return self._read(Reading("distinct", column, _where(conditions)))

    def total(self, column: str, **conditions: Wanted) -> Number:
        """Return the sum of a column."""
        return self._read(Reading("sum", column, _where(conditions)))

    def value(self, column: str, **conditions: Wanted) -> Number:
        """Return the number in a column of the one row that meets all conditions."""
        return self._read(Reading("value", column, _where(conditions)))

    def cell(self, row: Row, column: str, *keys: str) -> Number:
        """Return the number in a column of ``row``, which ``keys`` tell from all others."""
        reading = Reading("value", column, tuple((key, (row[key],)) for key in keys))
        return Number(reading.of([row]), self.question, reading)

    def _read(self, reading: Reading) -> Number:
        return Number(reading.of(self.rows), self.question, reading)


class Answers:
    """The catalogue, asked on one release.

    Args:
        release: that answers.
        language: of titles, where a question takes one.
        edition: of the matrix; empty for the latest.

    """

    def __init__(self, release: Release, language: str, edition: str = "") -> None:
        self.release = release
        self.language = language
        self.edition = edition or next(reversed(edition_codes(release)), "")
        self._asked: dict[Question, Answer] = {}

    @cached_property
    def _store(self) -> Store:
        return open_store(self.release)

    @property
    def asked(self) -> tuple[Question, ...]:
        """Every question that was asked, in order."""
        return tuple(self._asked)

    def ask(self, name: str, **parameters: str) -> Answer:
        """Return the answer to a question.

        Raises:
            UsageError: there is no such question, or a value is not of its form.
            ReleaseError: the release is damaged.

        """
        query = find_query(name, self.release.iris, self.edition)
        given = {**parameters}
        for parameter in query.params:
            if parameter.type == "language":
                given.setdefault(parameter.name, self.language)
        codes = {p.name: given.get(p.name) or p.default for p in query.params}
        question = Question(name, tuple(codes.items()))
        if question not in self._asked:
            bindings = query.bind(given, self.release.iris)
            body = evaluate(self._store, Request(query.text, "text/csv", bindings, max_bytes=_NO_LIMIT)).body
            self._asked[question] = Answer(question, tuple(_rows(body)))
        return self._asked[question]


def _rows(body: bytes) -> Iterable[Row]:
    return csv.DictReader(io.StringIO(body.decode(), newline=""))


def _where(conditions: Mapping[str, Wanted]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((column, (one,) if isinstance(one, str) else tuple(one)) for column, one in conditions.items())
