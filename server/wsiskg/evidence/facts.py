"""The flat tables that evidence is counted on: one row a tag, a country, an organisation, an award."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from wsiskg.model.codes import parent_line
from wsiskg.tables.rows import Tables

__all__ = [
    "ASSIGNED", "DECLARED", "EXCLUSIVE", "SUGGESTED", "WEAKEST", "Facts", "column_values", "facts_from_tables",
    "placed", "project_values",
]  # fmt: skip

DECLARED, ASSIGNED, SUGGESTED = 0, 1, 2
"""Ranks of origins, strongest first."""
EXCLUSIVE = {DECLARED: "declared", ASSIGNED: "assigned", SUGGESTED: "suggested"}
"""Rank -> its origin."""
WEAKEST = {"declared": DECLARED, "confirmed": ASSIGNED}
"""Origin -> the weakest rank that counts for it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Polars tables: ``projects`` has their codes, the others name a project by its place there, counted from 0.

    Codes and names are enumerations or categories: numbers are smaller than texts, and found in no time.

    ``projects``: project, title, register, stakeholder_type, first_year, last_year. ``lines``: project, code, rank
    (strongest origin of the tag); ``sdgs`` as well, with the goal of the code. ``countries``: project, country, region.
    ``organisations``: project, organisation. ``awards``: project, grade (empty when doubtful). ``reviews``: goal, year
    of its last held review. ``targets``: sdg, goal of every SDG target.
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
    certain = pl.when(pl.col("grade_certain") == "yes").then("grade")
    projects = _projects(tables, awards)
    targets = _cells(tables, "targets", "code", "goal").rename({"code": "sdg"}).unique()
    sdgs, reviews = _tags(tables, projects, "sdgs", "sdg"), _reviews(tables)
    named = (targets["sdg"], targets["goal"], sdgs["code"].unique(), reviews["goal"])
    codes = pl.Enum(sorted({code for series in named for code in series}))
    sdgs = sdgs.with_columns(pl.col("code").cast(codes))
    return Facts(
        projects=projects,
        lines=_strongest(_with_parents(_tags(tables, projects, "action_lines", "wsis"))),
        sdgs=_strongest(sdgs).with_columns(goal=pl.col("code").cast(pl.String).str.split(".").list.first().cast(codes)),
        countries=_countries(tables),
        organisations=_organisations(tables),
        awards=placed(awards.select("project", grade=certain), projects).unique(),
        reviews=reviews.with_columns(pl.col("goal").cast(codes)),
        targets=targets.with_columns(pl.all().cast(codes)),
    )


def _cells(tables: Tables, name: str, *columns: str) -> pl.DataFrame:
    """Return columns of all tables called ``name``, nulls for empty cells, years as numbers."""
    frames = [table.frame().select(columns) for table in tables.of(name)]
    text = pl.concat([pl.DataFrame(schema=dict.fromkeys(columns, pl.String)), *frames])
    given = text.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return given.with_columns(pl.col(column).cast(_YEARS[column]) for column in columns if column in _YEARS)


def column_values(tables: Tables, name: str, column: str, value: str, kept: Sequence[str]) -> pl.DataFrame:
    """Return the values of a column whose cells may hold several, one a row, called ``value``, with columns kept.

    Of all tables called ``name``, as texts; empty cells have none.
    """
    found = [pl.DataFrame(schema=dict.fromkeys([*kept, value], pl.String))]
    for table in tables.of(name):
        cells = table.frame().select(*kept, pl.col(column).alias(value))
        found.append(_values(cells, value, table.schema.by_name[column].separator))
    return pl.concat(found)


def project_values(tables: Tables, column: str, value: str) -> pl.DataFrame:
    """Return the values of a column of all projects, one a row, called ``value``, with the place of the project."""
    found = [pl.DataFrame(schema={"project": pl.UInt32, value: pl.String})]
    before = 0
    for table in tables.of("projects"):
        place = pl.int_range(before, before + pl.len(), dtype=pl.UInt32)
        cells = table.frame().select(project=place, **{value: pl.col(column)})
        found.append(_values(cells, value, table.schema.by_name[column].separator))
        before += cells.height
    return pl.concat(found)


def _values(cells: pl.DataFrame, value: str, separator: str | None) -> pl.DataFrame:
    filled = cells.filter(pl.col(value) != "")
    if separator:
        filled = filled.with_columns(pl.col(value).str.split(separator)).explode(value)
    return filled.with_columns(pl.col(value).str.strip_chars())


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


def placed(named: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """Return rows that name projects by their codes with their places among ``projects``."""
    places = projects.select("project", place=pl.int_range(pl.len(), dtype=pl.UInt32))
    found = named.join(places, on="project")
    return found.select(pl.col("place").alias("project"), pl.exclude("project", "place"))


def _tags(tables: Tables, projects: pl.DataFrame, column: str, framework: str) -> pl.DataFrame:
    assigned = _cells(tables, "tags", "project", "framework", "code").filter(pl.col("framework") == framework)
    return pl.concat(
        [
            project_values(tables, column, "code").with_columns(rank=pl.lit(DECLARED, pl.Int8)),
            placed(assigned.select("project", "code"), projects).with_columns(rank=pl.lit(ASSIGNED, pl.Int8)),
        ]
    )


def _countries(tables: Tables) -> pl.DataFrame:
    regions = dict(_cells(tables, "countries", "code", "region").iter_rows())
    country = pl.col("country").cast(pl.Categorical)
    return (
        project_values(tables, "countries", "country")
        .with_columns(country, region=country.replace_strict(regions, default=None, return_dtype=pl.Categorical))
        .unique()
    )


def _with_parents(lines: pl.DataFrame) -> pl.DataFrame:
    """Add that a project of a sub-line counts for C7 too."""
    parents = {code: parent_line(code) for code in lines["code"].unique()}
    above = lines.with_columns(pl.col("code").replace_strict(parents, return_dtype=pl.String)).drop_nulls("code")
    return pl.concat([lines, above]).with_columns(pl.col("code").cast(pl.Categorical))


def _strongest(tags: pl.DataFrame) -> pl.DataFrame:
    """Keep the strongest origin of each tag, so that a project counts once."""
    return tags.group_by("project", "code").agg(pl.col("rank").min())


def _organisations(tables: Tables) -> pl.DataFrame:
    """Return who owns projects, in one form of names that differ in case and blanks only."""
    found = project_values(tables, "organisations", "organisation").with_columns(
        pl.col("organisation").cast(pl.Categorical)
    )
    names = found.select(pl.col("organisation").unique())
    # Polars folds no case, and lower case is not the same beyond ASCII.
    texts = names["organisation"].cast(pl.String).to_list()
    folded = pl.Series([" ".join(name.casefold().split()) for name in texts], dtype=pl.String).cast(pl.Categorical)
    return (
        found.join(names.with_columns(folded=folded), on="organisation")
        .select("project", organisation="folded")
        .unique()
    )


def _reviews(tables: Tables) -> pl.DataFrame:
    goals = column_values(tables, "hlpf_sessions", "goals_in_depth", "goal", ("year", "state"))
    held = goals.filter(pl.col("state") == "held")
    return held.group_by("goal").agg(review=pl.col("year").cast(pl.Int32).max())
