"""The flat tables that evidence is counted on: one row a tag, a country, an organisation, an award."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from wsiskg.model.codes import parent_line
from wsiskg.tables.rows import Tables

__all__ = ["ASSIGNED", "DECLARED", "SUGGESTED", "Facts", "column_values", "facts_from_tables"]

DECLARED, ASSIGNED, SUGGESTED = 0, 1, 2
"""Ranks of origins, strongest first."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Polars tables, keyed by project code.

    ``projects``: project, title, register, stakeholder_type, first_year, last_year. ``lines`` and ``sdgs``: project,
    code, rank (strongest origin of the tag). ``countries``: project, country, region. ``organisations``: project,
    organisation. ``awards``: project, grade (empty when doubtful). ``reviews``: goal, year of its last held review.
    ``targets``: sdg, goal of every SDG target.
    """

    projects: pl.DataFrame
    lines: pl.DataFrame
    sdgs: pl.DataFrame
    countries: pl.DataFrame
    organisations: pl.DataFrame
    awards: pl.DataFrame
    reviews: pl.DataFrame
    targets: pl.DataFrame


_YEARS = {"first_year": pl.Int32, "year": pl.Int32}


def facts_from_tables(tables: Tables) -> Facts:
    """Flatten the tables of all registers."""
    awards = _cells(tables, "awards", "project", "year", "grade", "grade_certain")
    countries = _cells(tables, "countries", "code", "region")
    certain = pl.when(pl.col("grade_certain") == "yes").then("grade")
    return Facts(
        projects=_projects(tables, awards),
        lines=_strongest(_with_parents(_tags(tables, "action_lines", "wsis"))),
        sdgs=_strongest(_tags(tables, "sdgs", "sdg")),
        countries=column_values(tables, "projects", "countries", "country")
        .join(countries.rename({"code": "country"}), on="country", how="left")
        .unique(),
        organisations=_folded(column_values(tables, "projects", "organisations", "organisation")).unique(),
        awards=awards.select("project", grade=certain).unique(),
        reviews=_reviews(tables),
        targets=_cells(tables, "targets", "code", "goal").rename({"code": "sdg"}).unique(),
    )


def _cells(tables: Tables, name: str, *columns: str) -> pl.DataFrame:
    """Return columns of all tables called ``name``, nulls for empty cells, years as numbers."""
    frames = [table.frame().select(columns) for table in tables.of(name)]
    text = pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), *frames])
    given = text.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return given.with_columns(pl.col(column).cast(_YEARS[column]) for column in columns if column in _YEARS)


def column_values(
    tables: Tables, name: str, column: str, value: str, kept: Sequence[str] = ("project",)
) -> pl.DataFrame:
    """Return the values of a column whose cells may hold several, one a row, called ``value``, with columns kept.

    Of all tables called ``name``, as texts; empty cells have none.
    """
    found = [pl.DataFrame(schema=dict.fromkeys([*kept, value], pl.String))]
    for table in tables.of(name):
        cells = table.frame().select(*kept, pl.col(column).alias(value)).filter(pl.col(value) != "")
        if separator := table.schema.by_name[column].separator:
            cells = cells.with_columns(pl.col(value).str.split(separator)).explode(value)
        found.append(cells.with_columns(pl.col(value).str.strip_chars()))
    return pl.concat(found)


def _projects(tables: Tables, awards: pl.DataFrame) -> pl.DataFrame:
    columns = ("project", "title", "stakeholder_type", "first_year")
    dated = awards.group_by("project").agg(first=pl.col("year").min(), last=pl.col("year").max())
    registers = [pl.Series(dtype=pl.String)] + [
        pl.repeat(table.file.split("/")[-2], len(table.rows), dtype=pl.String, eager=True)
        for table in tables.of("projects")
    ]
    return (
        _cells(tables, "projects", *columns)
        .with_columns(
            pl.col("title").fill_null(""), register=pl.concat(registers)
        )
        .join(dated, on="project", how="left", maintain_order="left")
        .select(
            "project", "title", "register", "stakeholder_type",
            first_year=pl.min_horizontal("first_year", "first"), last_year=pl.max_horizontal("first_year", "last"),
        )
    )  # fmt: skip


def _tags(tables: Tables, column: str, framework: str) -> pl.DataFrame:
    assigned = _cells(tables, "tags", "project", "framework", "code").filter(pl.col("framework") == framework)
    return pl.concat(
        [
            column_values(tables, "projects", column, "code").with_columns(rank=pl.lit(DECLARED, pl.Int8)),
            assigned.select("project", "code", rank=pl.lit(ASSIGNED, pl.Int8)),
        ]
    )


def _with_parents(lines: pl.DataFrame) -> pl.DataFrame:
    """Add that a project of a sub-line counts for C7 too."""
    parents = {code: parent_line(code) for code in lines["code"].unique()}
    above = lines.with_columns(pl.col("code").replace_strict(parents, return_dtype=pl.String)).drop_nulls("code")
    return pl.concat([lines, above])


def _strongest(tags: pl.DataFrame) -> pl.DataFrame:
    """Keep the strongest origin of each tag, so that a project counts once."""
    return tags.group_by("project", "code").agg(pl.col("rank").min())


def _folded(organisations: pl.DataFrame) -> pl.DataFrame:
    """Give one form to names that differ in case and blanks only."""
    names = organisations.select(pl.col("organisation").unique())
    # Polars folds no case, and lower case is not the same beyond ASCII.
    folded = pl.Series([" ".join(name.casefold().split()) for name in names["organisation"].to_list()], dtype=pl.String)
    return organisations.join(names.with_columns(folded=folded), on="organisation").select(
        "project", organisation="folded"
    )


def _reviews(tables: Tables) -> pl.DataFrame:
    goals = column_values(tables, "hlpf_sessions", "goals_in_depth", "goal", ("year", "state"))
    held = goals.filter(pl.col("state") == "held")
    return held.group_by("goal").agg(review=pl.col("year").cast(pl.Int32).max())
