"""What the columns of a register's tables say, and of which subjects: the one place that turns cells into terms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl
from pyoxigraph import NamedNode

from wsiskg.graph.columns.terms import code_column, each, iri_column, literal_column, values_of
from wsiskg.graph.iris import SDG, Iris, slug
from wsiskg.graph.vocabulary import DC, DCAT, DCTERMS, PROV, RDF_TYPE, RDFS, SCHEMA, XSD
from wsiskg.tables.rows import Table, Tables

__all__ = ["Property", "Rows", "rows_by_kind"]

_COUNTRIES: Mapping[str, str] = {
    "countries": "country",
    "development_countries": "developmentCountry",
    "deployment_countries": "deploymentCountry",
}

_Objects = Callable[[pl.Series], pl.Series]


@dataclass(frozen=True, slots=True)
class Property:
    """What a column says.

    Attributes:
        predicate: the property.
        column: of the frame; its empty cells say nothing.
        objects: makes terms of N-Triples of texts.
        separator: between several values of a cell; empty for single ones.
        cell: column of the table that the values come from, if they come from one.

    """

    predicate: NamedNode
    column: str
    objects: _Objects
    separator: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that each say something of one subject.

    Attributes:
        frame: their cells, the subject as a term of N-Triples in ``node``, and where the row stands in ``table``, from
            0, in ``row``.
        properties: what they say.
        table: where they come from.

    """

    frame: pl.DataFrame
    properties: Sequence[Property]
    table: Table

    @property
    def describing(self) -> bool:
        """Whether they say what their subjects are, and not just name them."""
        return any(said.predicate == RDF_TYPE for said in self.properties)


def rows_by_kind(iris: Iris, tables: Tables, code: str) -> Mapping[str, Sequence[Rows]]:
    """Return what register ``code`` says of subjects ``<base>id/<kind>/...``, kinds in alphabetic order."""
    return _Register(iris, tables, code).kinds()


class _Register:
    """The tables of one register."""

    def __init__(self, iris: Iris, tables: Tables, code: str) -> None:
        self._iris = iris
        self._registers = tables.groups("registers")[code]
        self._projects = tables.groups("projects")[code]
        self._awards: Table | None = tables.groups("awards").get(code)
        self._tags: Table | None = tables.groups("tags").get(code)
        self._register = iris.resource("register", code)

    def kinds(self) -> dict[str, list[Rows]]:
        projects = _numbered(self._projects)
        found = {
            "organisation": [self._organisations(projects)],
            "project": [self._of_projects(projects)],
            "register": [self._of_registers(_numbered(self._registers))],
        }
        if self._awards is not None:
            awards = _numbered(self._awards)
            found["award"] = [self._of_awards(awards, self._awards)]
            found["project"].append(self._awarded(awards, self._awards))
        if self._tags is not None:
            tags = self._valued(_numbered(self._tags))
            found["agent"] = [self._curators(tags, self._tags)]
            found["tag"] = [self._of_tags(tags, self._tags), self._sources_of_tags(tags, projects)]
            found["project"].append(self._assigned(tags, self._tags))
        return dict(sorted(found.items()))

    def _of_registers(self, registers: pl.DataFrame) -> Rows:
        said = _cells(
            self._registers,
            (DCTERMS("identifier"), "code", literal_column),
            *((DCTERMS("title"), f"title_{tag}", _text(tag)) for tag in ("en", "fr", "es")),
            (DC("publisher"), "publisher", literal_column),
            (DC("rights"), "licence", literal_column),
            (DCTERMS("issued"), "as_of", _dates),
            (self._iris.term("note"), "note", _text("en")),
            (DCTERMS("source"), "source_url", iri_column),
        )
        said += _always(RDF_TYPE, self._iris.term("Register"), DCAT("Dataset"))
        return Rows(registers.with_columns(node=pl.lit(str(self._register))), said, self._registers)

    def _of_projects(self, projects: pl.DataFrame) -> Rows:
        term = self._iris.term
        said = _cells(
            self._projects,
            (DCTERMS("identifier"), "project", literal_column),
            (SCHEMA("name"), "title", literal_column),
            (SCHEMA("description"), "description", _text("en")),
            (term("organisation"), "organisations", self._slugs("organisation")),
            *((term(name), column, self._codes("country")) for column, name in _COUNTRIES.items()),
            (term("stakeholderType"), "stakeholder_type", self._codes("stakeholder-type")),
            (term("declaredTag"), "action_lines", self._codes("action-line")),
            (term("declaredTag"), "sdgs", _sdgs),
            (term("firstYear"), "first_year", _integers),
            (SCHEMA("url"), "url", iri_column),
            (DCTERMS("source"), "source_url", iri_column),
            (term("sourceTitle"), "source_title", literal_column),
            (term("note"), "note", _text("en")),
        )
        said += _always(RDF_TYPE, term("Project"), SCHEMA("Project"))
        said += _always(term("register"), self._register)
        return Rows(self._with_node(projects, "project", "project"), said, self._projects)

    def _organisations(self, projects: pl.DataFrame) -> Rows:
        separator = self._projects.schema.by_name["organisations"].separator
        named = projects.select("row", name="organisations").filter(pl.col("name") != "")
        named = values_of(named, "name", separator).unique("name", keep="first", maintain_order=True)
        named = named.with_columns(self._slugs("organisation")(named["name"]).alias("node"))
        said = [Property(SCHEMA("name"), "name", literal_column)]
        said += _always(RDF_TYPE, self._iris.term("Organisation"), SCHEMA("Organization"))
        return Rows(named, said, self._projects)

    def _of_awards(self, awards: pl.DataFrame, table: Table) -> Rows:
        term = self._iris.term
        said = _cells(
            table,
            (DCTERMS("identifier"), "record", literal_column),
            (SCHEMA("name"), "title", literal_column),
            (term("project"), "project", self._codes("project")),
            (term("year"), "year", _integers),
            (term("grade"), "grade", self._codes("grade")),
            (term("gradeCertain"), "grade_certain", _flags),
            (term("actionLine"), "category", self._codes("action-line")),
            (DCTERMS("source"), "source_url", iri_column),
            (term("sourceTitle"), "source_title", literal_column),
            (term("note"), "note", _text("en")),
        )
        said += _always(RDF_TYPE, term("Award")) + _always(term("register"), self._register)
        return Rows(self._with_node(awards, "award", "record"), said, table)

    def _awarded(self, awards: pl.DataFrame, table: Table) -> Rows:
        """Say of projects, which may be other registers', that they have awards."""
        rows = self._with_node(awards.select("row", "project", "record"), "project", "project")
        return Rows(rows, [Property(SCHEMA("award"), "record", self._codes("award"))], table)

    def _valued(self, tags: pl.DataFrame) -> pl.DataFrame:
        """Add what each tag names, as a term, and the name of its own node."""
        is_sdg = tags["framework"] == "sdg"
        value = _sdgs(tags["code"]).zip_with(is_sdg, self._codes("action-line")(tags["code"]))
        name = pl.concat_str("project", "framework", "code", separator="-")
        return self._with_node(tags.with_columns(value.alias("value"), name=name), "tag", "name")

    def _assigned(self, tags: pl.DataFrame, table: Table) -> Rows:
        """Say of projects what was assigned to them, for queries: the tag's own node says who, when and why."""
        rows = self._with_node(tags.select("row", "project", "value"), "project", "project")
        return Rows(rows, [Property(self._iris.term("assignedTag"), "value", _as_it_is, cell="code")], table)

    def _of_tags(self, tags: pl.DataFrame, table: Table) -> Rows:
        term = self._iris.term
        said = _cells(
            table,
            (term("tagged"), "project", self._codes("project")),
            (term("reason"), "reason", _text("en")),
            (PROV("wasAttributedTo"), "curator", self._slugs("agent")),
            (DCTERMS("date"), "assigned_on", _dates),
        )
        said.append(Property(term("tagValue"), "value", _as_it_is, cell="code"))
        said += _always(RDF_TYPE, term("TagAssignment"))
        said += _always(term("origin"), self._iris.resource("origin", "assigned"))
        return Rows(tags, said, table)

    def _sources_of_tags(self, tags: pl.DataFrame, projects: pl.DataFrame) -> Rows:
        """Give assigned tags their source: the record that the curator read."""
        sources = projects.select("project", "row", "source_url").unique("project", keep="last")
        rows = tags.select("project", "node").join(sources, on="project", maintain_order="left")
        return Rows(rows, _cells(self._projects, (DCTERMS("source"), "source_url", iri_column)), self._projects)

    def _curators(self, tags: pl.DataFrame, table: Table) -> Rows:
        curators = tags.select("row", "curator").unique("curator", keep="first", maintain_order=True)
        curators = curators.with_columns(self._slugs("agent")(curators["curator"]).alias("node"))
        said = _cells(table, (RDFS("label"), "curator", _text("en"))) + _always(RDF_TYPE, PROV("Agent"))
        return Rows(curators, said, table)

    def _with_node(self, frame: pl.DataFrame, kind: str, column: str) -> pl.DataFrame:
        return frame.with_columns(self._codes(kind)(frame[column]).alias("node"))

    def _codes(self, kind: str) -> _Objects:
        return partial(code_column, before=self._iris.resource(kind, "").value)

    def _slugs(self, kind: str) -> _Objects:
        return lambda names: self._codes(kind)(each(names, slug))


def _numbered(table: Table) -> pl.DataFrame:
    return table.frame().with_row_index("row")


def _cells(table: Table, *said: tuple[NamedNode, str, _Objects]) -> list[Property]:
    fields = table.schema.by_name
    return [
        Property(predicate, column, objects, fields[column].separator, column) for predicate, column, objects in said
    ]


def _always(predicate: NamedNode, *values: NamedNode) -> list[Property]:
    return [Property(predicate, "node", partial(_repeated, term=str(value))) for value in values]


def _repeated(column: pl.Series, term: str) -> pl.Series:
    return pl.repeat(term, len(column), dtype=pl.String, eager=True)


def _as_it_is(terms: pl.Series) -> pl.Series:
    return terms


def _sdgs(codes: pl.Series) -> pl.Series:
    return iri_column(codes, SDG)


def _text(language: str) -> _Objects:
    return partial(literal_column, suffix=f"@{language}")


def _integers(cells: pl.Series) -> pl.Series:
    return literal_column(each(cells, lambda cell: str(int(cell))), f"^^{XSD('integer')}")


def _flags(cells: pl.Series) -> pl.Series:
    flags = cells.replace_strict(["yes", "no"], ["true", "false"], default=None, return_dtype=pl.String)
    return literal_column(flags, f"^^{XSD('boolean')}")


def _dates(cells: pl.Series) -> pl.Series:
    """Return dates as xsd:date, xsd:gYearMonth or xsd:gYear, as precise as they are written."""
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    return each(cells, lambda cell: f'"{cell}"^^{XSD(kinds[len(cell)])}')
