"""The index of registers, and the tables that say the same: projects, awards, organisations, and counts of projects.

Everything is worked out in columns, block by block, in two passes over the statements. The first reads what projects
show of others (awards, tags, organisations) and all codes, for their order; the second writes the projects.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl
from pyoxigraph import Literal, Triple

from wsiskg.beside import Step, ahead
from wsiskg.graph.columns.jsonld import compact_column
from wsiskg.graph.columns.statements import COLUMNS as TERMS
from wsiskg.graph.columns.statements import NONE, Statements, triples_of
from wsiskg.graph.columns.terms import apart, local_name, local_names, texts_apart
from wsiskg.graph.framing import Framer, framer
from wsiskg.graph.index.awards import Awards
from wsiskg.graph.index.columns import COLUMNS, row_of
from wsiskg.graph.index.documents import describe, nodes
from wsiskg.graph.index.organisations import Organisations, organisations_of
from wsiskg.graph.index.packages import EVIDENCE_TABLES, create_package, csv_lines
from wsiskg.graph.index.projects import Projects
from wsiskg.graph.index.text import code_key, search_text
from wsiskg.graph.index.text_columns import natural_order
from wsiskg.graph.index.writer import Doc, IndexWriter, Item, create_index
from wsiskg.graph.iris import Iris
from wsiskg.graph.vocabulary import DCTERMS

__all__ = ["write_evidence"]

_TITLE = "WSIS knowledge graph: registers"
_BATCH = 8192
"""Items written at once, however the statements are cut: the same bytes for the same content."""
_KINDS = ("project", "award", "organisation", "tag")
"""Kinds of resources of which a register may have many."""


def write_evidence(
    index: Path,
    tables: Path,
    iris: Iris,
    registers: Sequence[Statements],
    places: Iterable[Triple],
    step: Step = lambda: None,
    *,
    plain: bool = False,
) -> None:
    """Write the index of registers, and the package of CSV tables that says the same.

    Args:
        index: the index file.
        tables: the ZIP file.
        iris: the IRIs the graphs are built with.
        registers: the graph of each register.
        places: ``graph/wsis``, for the region of each country.
        step: called before each block of statements.
        plain: see `create_index`.

    """
    found = framer(iris)
    registers = [_stepping(register, step) for register in registers]
    with (
        create_index(index, plain=plain) as writer,
        create_package(tables, "wsis-kg-registers", _TITLE, EVIDENCE_TABLES) as package,
    ):
        awards = Awards(iris, found, writer)
        projects = Projects(iris, found, writer, _regions(iris, places), awards)
        known = [_read(place, register, iris, found, awards) for place, register in enumerate(registers)]
        awards.complete()
        described = [pair for register in known for pair in _described(register, found)]
        writer.add(item for item, _ in described)
        package.write("projects", _written(writer, "project", ahead(_projects(known, iris, projects, writer.next))))
        shown = _joined(projects.shown, "subject", "json")
        found_by = _joined(projects.places, "subject", "name", "value")
        package.write("prizes", _written(writer, "award", awards.items(shown, found_by)))
        organisations = organisations_of([register.organisations for register in known], found.context)
        package.write("organisations", _written(writer, "organisation", organisations))
        package.write("registers", [csv_lines(COLUMNS["registers"], (row for _, row in described))])
        writer.labels({name: label for register in known for name, label in _labels(register, found).items()})
        writer.cells(projects.cells())


def _stepping(statements: Statements, step: Step) -> Statements:
    def blocks() -> Iterator[pl.DataFrame]:
        for block in statements.blocks():
            step()
            yield block

    return Statements.in_blocks(statements.graph, blocks)


@dataclass(frozen=True, slots=True)
class _Register:
    """What is kept of a register.

    Attributes:
        statements: its graph.
        few: statements of the register itself and of curators, by IRI.
        projects: ``subject`` and ``code`` of its own projects in the order of subjects, and the ``place`` of each in
            the order of codes.
        elsewhere: statements about projects of other registers, such as that they have an award.
        tags: ``project``, ``json`` and ``odd`` of tags that curators assigned, joined for each project.
        organisations: those it names.

    """

    statements: Statements
    few: Mapping[str, Sequence[Triple]]
    projects: pl.DataFrame
    elsewhere: pl.DataFrame
    tags: pl.DataFrame
    organisations: Organisations


def _regions(iris: Iris, places: Iterable[Triple]) -> pl.DataFrame:
    """Return the ``region`` of each ``country``."""
    region = iris.term("region").value
    found = {str(t.subject): local_name(str(t.object)) for t in places if t.predicate.value == region}
    return pl.DataFrame(list(found.items()), {"country": pl.String, "region": pl.String}, orient="row")


def _of(block: pl.DataFrame, iris: Iris, kind: str) -> pl.DataFrame:
    return block.filter(pl.col("subject").str.starts_with(f"<{iris.base}id/{kind}/"))


def _read(place: int, statements: Statements, iris: Iris, found: Framer, awards: Awards) -> _Register:
    """Read all of a register but its projects, and their codes."""
    organisations = Organisations(found.context)
    few: list[Triple] = []
    subjects, elsewhere, tags = [pl.Series(dtype=pl.String)], [NONE], []
    many = pl.any_horizontal(pl.col("subject").str.starts_with(f"<{iris.base}id/{kind}/") for kind in _KINDS)
    for block in statements.blocks():
        own, others = _own(_of(block, iris, "project"), iris)
        subjects.append(texts_apart(own["subject"].unique(maintain_order=True)))
        elsewhere.append(apart(others))
        awards.add(place, _of(block, iris, "award"))
        organisations.add(_of(block, iris, "organisation"))
        tags.append(apart(_tags(_of(block, iris, "tag"), iris, found)))
        few += triples_of(block.filter(~many))
    organisations.complete()
    projects = pl.DataFrame({"subject": pl.concat(subjects)})
    projects = projects.with_columns(code=local_names(projects["subject"]))
    order = natural_order(projects["code"]).arg_sort()
    joined = pl.concat(tags or [_tags(elsewhere[0], iris, found)]).sort("project", "compact").group_by("project")
    return _Register(
        statements,
        {subject.value: tuple(group) for subject, group in groupby(few, key=lambda triple: triple.subject)},
        projects.with_columns(order.arg_sort().cast(pl.UInt32).alias("place")),
        pl.concat(elsewhere),
        joined.agg(pl.col("json").str.join(","), pl.col("odd").any()),
        organisations,
    )


def _own(block: pl.DataFrame, iris: Iris) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the statements about a register's own projects, and those about projects of others."""
    own = block.filter(pl.col("predicate") == str(iris.term("register")))["subject"].unique()
    if len(own) == block["subject"].n_unique():
        return block, block.clear()
    is_own = pl.col("subject").is_in(own.implode())
    return block.filter(is_own), block.filter(~is_own)


def _tags(block: pl.DataFrame, iris: Iris, found: Framer) -> pl.DataFrame:
    """Return the ``json`` of tags, as their ``project`` shows them; ``odd`` are those that name organisations."""
    links = block.filter(pl.col("predicate") == str(iris.term("tagged"))).select("subject", project="object")
    rest = block.filter(pl.col("predicate") != str(iris.term("tagged")))
    if not len(rest):
        return links.select(
            "project", compact="project", json="project", odd=pl.lit(value=False)
        ).clear()  # fmt: skip
    described = describe(found.context, rest)
    named = rest.filter(pl.col("object").str.starts_with(f"<{iris.base}id/organisation/"))["subject"]
    tags = pl.DataFrame(
        {
            "subject": described.subjects,
            "compact": compact_column(described.subjects, found.context),
            "json": nodes(described, rest),
            "odd": described.subjects.is_in(named.implode()),
        }
    )
    return links.join(tags, "subject").select("project", "compact", "json", "odd")


def _described(register: _Register, found: Framer) -> Iterator[tuple[Item, dict[str, str]]]:
    """Yield the register itself, as an item and as a row of its table."""
    size = len(register.projects)
    for iri, triples in register.few.items():
        if found.kind(iri) != "register":
            continue
        code = local_name(f"<{iri}>")
        titles = {
            t.object.language or "": t.object.value for t in triples
            if t.predicate == DCTERMS("title") and isinstance(t.object, Literal)
        }  # fmt: skip
        docs = tuple(Doc(lang, text, search_text(text), search_text(code)) for lang, text in sorted(titles.items()))
        document = found.nest(iri, {iri: triples})
        facets = frozenset({("projects", str(size))})
        item = Item(
            "register", code, document, facets, titles.get("en", ""), number=size, aliases=(code_key(code),), docs=docs
        )
        yield item, row_of(document, COLUMNS["registers"], found.context)


def _labels(register: _Register, found: Framer) -> dict[str, Any]:
    """Return what is shown of registers and curators, by compact IRI."""
    return {
        found.context.compact_iri(iri): found.label(iri, triples)
        for iri, triples in register.few.items()
        if found.kind(iri) in {"register", "agent"}
    }


def _projects(known: Sequence[_Register], iris: Iris, projects: Projects, first: int) -> Iterator[pl.DataFrame]:
    """Yield the projects of all registers as items, in their order.

    What one register says of another's project is said where the project is.
    """
    if not known:
        return
    elsewhere = pl.concat([register.elsewhere for register in known]).unique()
    for register in known:
        yield from _in_order(_blocks(register, iris, projects, elsewhere, first), first)
        first += len(register.projects)


def _blocks(
    register: _Register, iris: Iris, projects: Projects, elsewhere: pl.DataFrame, first: int
) -> Iterator[pl.DataFrame]:
    seen = 0
    for block in register.statements.blocks():
        own, _ = _own(_of(block, iris, "project"), iris)
        items = register.projects.slice(seen, own["subject"].n_unique())
        if not len(items):
            continue
        seen += len(items)
        if len(elsewhere) and len(said := elsewhere.filter(pl.col("subject").is_in(items["subject"].implode()))):
            own = pl.concat([own, said]).unique().sort(TERMS)
        numbered = items.select("code", item=pl.col("place") + first)
        yield projects.items(own, numbered, register.organisations, register.tags)


def _in_order(parts: Iterable[pl.DataFrame], first: int) -> Iterator[pl.DataFrame]:
    """Yield items, numbered from ``first``, in the order of their numbers; those that come too early are held."""
    held = pl.DataFrame()
    for part in parts:
        held = pl.concat([held, part]) if len(held) else part
        held = held.sort("item")
        gaps = (held["item"] != pl.int_range(first, first + len(held), eager=True)).arg_true()
        ready = gaps[0] if len(gaps) else len(held)
        yield held.head(ready)
        held, first = held.slice(ready), first + ready


def _written(writer: IndexWriter, kind: str, parts: Iterable[pl.DataFrame]) -> Iterator[str]:
    """Write items, and yield their lines of CSV."""
    held = pl.DataFrame()
    for part in parts:
        held = pl.concat([held, part]) if len(held) else part
        while len(held) >= _BATCH:
            writer.write(kind, held.head(_BATCH))
            yield "".join(held["line"].head(_BATCH))
            held = held.slice(_BATCH)
    if len(held):
        writer.write(kind, held)
        yield "".join(held["line"])


def _joined(parts: Sequence[pl.DataFrame], *columns: str) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), *parts])
