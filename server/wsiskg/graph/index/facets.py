"""What items are found by, for whole columns of them."""

from collections.abc import Callable, Iterable, Iterator

import polars as pl

from wsiskg.graph.columns.terms import each, local_name, text_of
from wsiskg.graph.index.writer import IndexWriter
from wsiskg.graph.iris import SDG
from wsiskg.model.codes import parent_line, sdg_goal_of

__all__ = ["Facets", "carried", "local_only", "numbers"]


def local_only(term: str) -> tuple[str]:
    """Return the code of a resource, as the only value of a facet."""
    return (local_name(term),)


class Facets:
    """Facets of items of one kind, which are known by a number of their own: ``row``."""

    def __init__(self, writer: IndexWriter, kind: str) -> None:
        self._writer = writer
        self._kind = kind

    def term(self, name: str, value: str) -> int:
        """Return the number of a facet."""
        return self._writer.term(self._kind, name, value)

    def of(self, values: pl.DataFrame, name: str, value: Callable[[str], Iterable[str]] = local_only) -> pl.DataFrame:
        """Return the facets that follow from statements, as ``row`` and ``term``.

        Args:
            values: ``row`` and ``object``, as N-Triples writes it.
            name: of the facet.
            value: makes its values of an object.

        """
        known = values["object"].unique()
        terms = [(term, self.term(name, found)) for term in known for found in value(term)]
        table = pl.DataFrame(terms, {"object": pl.String, "term": pl.UInt32}, orient="row")
        return values.join(table, "object").select("row", "term")

    def write(self, parts: list[pl.DataFrame], items: pl.DataFrame) -> None:
        """Enter facets; ``items`` has the ``item`` of each ``row``."""
        if parts:
            found = pl.concat(parts).unique().join(items.select("row", "item"), "row")
            self._writer.facets(found.select("item", "term"))


def carried(term: str) -> Iterator[tuple[str, str]]:
    """Yield (framework, code) of all that a tag counts for: a sub-line for C7, a target for its goal."""
    code = local_name(term)
    if text_of(term).startswith(SDG):
        yield "sdg", code
        if "." in code:
            yield "sdg", sdg_goal_of(code)
        else:
            yield "named-goal", code
    else:
        yield "line", code
        if parent := parent_line(code):
            yield "line", parent


def numbers(terms: pl.Series) -> pl.Series:
    """Return the whole numbers that literals stand for."""
    return each(terms, lambda term: int(text_of(term)), pl.Int64)
