"""Collect the triples of one named graph, remembering the cell that each value came from."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.vocabulary import DCTERMS, RDF_TYPE, XSD
from wsiskg.model.problems import Origin
from wsiskg.tables.rows import Row

__all__ = ["Cells", "Collector", "Origins"]


class Origins(Protocol):
    """The cell that each statement came from."""

    def get(self, key: tuple[str, str], /) -> Origin | None:
        """Return the cell of (subject IRI, predicate IRI), or the row where the predicate is empty."""


Cells = dict[tuple[str, str], Origin]
"""Origins one by one."""


class Collector:
    """Adds triples to one graph. Empty cells add nothing."""

    def __init__(self, graph: NamedNode, origins: Cells) -> None:
        self.graph = graph
        self.triples: set[Triple] = set()
        self._origins = origins

    def subject(self, subject: NamedNode, row: Row, *types: NamedNode) -> None:
        """Declare ``subject`` as an instance of ``types``, described by ``row``."""
        for kind in types:
            self.triples.add(Triple(subject, RDF_TYPE, kind))
        self._origins.setdefault((subject.value, ""), row.origin())

    def link(
        self, subject: NamedNode, predicate: NamedNode, value: NamedNode, row: Row | None = None, column: str = ""
    ) -> None:
        """Add an IRI as value."""
        self._add(subject, predicate, value, row, column)

    def links(
        self, subject: NamedNode, predicate: NamedNode, values: Iterable[NamedNode], row: Row, column: str
    ) -> None:
        """Add several IRIs as values."""
        for value in values:
            self._add(subject, predicate, value, row, column)

    def text(
        self, subject: NamedNode, predicate: NamedNode, row: Row, column: str, language: str | None = None
    ) -> None:
        """Add the cell's text, tagged with ``language`` where one is given."""
        if cell := row.text(column):
            value = Literal(cell, language=language) if language else Literal(cell)
            self._add(subject, predicate, value, row, column)

    def texts(self, subject: NamedNode, predicate: NamedNode, row: Row, stem: str, languages: Iterable[str]) -> None:
        """Add the cells ``<stem>_<language>``, each with its language."""
        for language in languages:
            self.text(subject, predicate, row, f"{stem}_{language}", language)

    def integer(self, subject: NamedNode, predicate: NamedNode, row: Row, column: str) -> None:
        """Add a whole number as xsd:integer."""
        if (number := row.integer(column)) is not None:
            self._add(subject, predicate, Literal(number), row, column)

    def decimal(self, subject: NamedNode, predicate: NamedNode, row: Row, column: str) -> None:
        """Add a number as xsd:decimal."""
        if (number := row.number_of(column)) is not None:
            self._add(subject, predicate, decimal_literal(number), row, column)

    def flag(self, subject: NamedNode, predicate: NamedNode, row: Row, column: str) -> None:
        """Add yes or no as xsd:boolean."""
        if (flag := row.flag(column)) is not None:
            self._add(subject, predicate, Literal(flag), row, column)

    def date(self, subject: NamedNode, predicate: NamedNode, row: Row, column: str) -> None:
        """Add a date as xsd:date, xsd:gYearMonth or xsd:gYear, as precise as it is written."""
        if cell := row.text(column):
            kind = {4: "gYear", 7: "gYearMonth", 10: "date"}[len(cell)]
            self._add(subject, predicate, Literal(cell, datatype=XSD(kind)), row, column)

    def sources(self, subject: NamedNode, row: Row, column: str = "source_url") -> None:
        """Add the sources of a row, as IRIs."""
        self.links(subject, DCTERMS("source"), map(NamedNode, row.values(column)), row, column)

    def add(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        """Add a statement that comes from no single cell."""
        self._add(subject, predicate, value, None, "")

    def _add(
        self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal, row: Row | None, column: str
    ) -> None:
        self.triples.add(Triple(subject, predicate, value))
        if row is not None:
            self._origins.setdefault((subject.value, predicate.value), row.origin(column or None))


def decimal_literal(number: Decimal) -> Literal:
    """Return ``number`` as xsd:decimal in its canonical form, so that stores and dumps agree."""
    text = format(number.normalize(), "f")
    return Literal(text, datatype=XSD("decimal"))
