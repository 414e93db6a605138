"""The flat tables that evidence is counted on: one row a tag, a country, an organisation, an award."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from wsiskg.model.codes import parent_line
from wsiskg.tables.rows import Row, Tables

__all__ = ["ASSIGNED", "DECLARED", "SUGGESTED", "Facts", "facts_from_tables"]

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


_TAG = {"project": pl.String, "code": pl.String, "rank": pl.Int8}


def facts_from_tables(tables: Tables) -> Facts:
    """Flatten the tables of all registers."""
    projects = [row for table in tables.of("projects") for row in table]
    awards = [row for table in tables.of("awards") for row in table]
    tags = [row for table in tables.of("tags") for row in table]
    regions = {row.text("code"): row.text("region") or None for row in tables["countries"]}
    award_years = pl.DataFrame(
        [(r.text("project"), r.integer("year")) for r in awards],
        schema={"project": pl.String, "year": pl.Int32}, orient="row",
    )  # fmt: skip
    return Facts(
        projects=_projects(projects, award_years),
        lines=_strongest(_tags(projects, tags, "action_lines", "wsis")),
        sdgs=_strongest(_tags(projects, tags, "sdgs", "sdg")),
        countries=_frame(
            ((r.text("project"), c, regions.get(c)) for r in projects for c in r.values("countries")),
            ["project", "country", "region"],
        ),
        organisations=_frame(
            ((r.text("project"), " ".join(o.casefold().split())) for r in projects for o in r.values("organisations")),
            ["project", "organisation"],
        ),
        awards=_frame(
            ((r.text("project"), r.text("grade") if r.flag("grade_certain") else None) for r in awards),
            ["project", "grade"],
        ),
        reviews=_reviews(tables),
        targets=_frame(((r.text("code"), r.text("goal")) for r in tables["targets"]), ["sdg", "goal"]),
    )


def _frame(rows: Iterable[tuple[str | None, ...]], columns: list[str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(columns, pl.String), orient="row").unique()


def _projects(rows: list[Row], award_years: pl.DataFrame) -> pl.DataFrame:
    schema = {
        "project": pl.String, "title": pl.String, "register": pl.String, "stakeholder_type": pl.String,
        "first_year": pl.Int32,
    }  # fmt: skip
    data = [
        (r.text("project"), r.text("title"), r.file.split("/")[-2], r.text("stakeholder_type") or None,
         r.integer("first_year"))
        for r in rows
    ]  # fmt: skip
    dated = award_years.group_by("project").agg(first=pl.col("year").min(), last=pl.col("year").max())
    return (
        pl.DataFrame(data, schema=schema, orient="row")
        .join(dated, on="project", how="left")
        .with_columns(
            first_year=pl.min_horizontal("first_year", "first"), last_year=pl.max_horizontal("first_year", "last")
        )
        .drop("first", "last")
    )


def _tags(projects: list[Row], tags: list[Row], column: str, framework: str) -> pl.DataFrame:
    declared = [(r.text("project"), code, DECLARED) for r in projects for code in r.values(column)]
    assigned = [(r.text("project"), r.text("code"), ASSIGNED) for r in tags if r.text("framework") == framework]
    found = declared + assigned
    if framework == "wsis":  # a project of a sub-line counts for C7 too
        found += [(p, parent, rank) for p, code, rank in found if (parent := parent_line(code))]
    return pl.DataFrame(found, schema=_TAG, orient="row")


def _strongest(tags: pl.DataFrame) -> pl.DataFrame:
    """Keep the strongest origin of each tag, so that a project counts once."""
    return tags.group_by("project", "code").agg(pl.col("rank").min())


def _reviews(tables: Tables) -> pl.DataFrame:
    held = [
        (goal, row.integer("year"))
        for row in tables["hlpf_sessions"]
        if row.text("state") == "held"
        for goal in row.values("goals_in_depth")
    ]
    frame = pl.DataFrame(held, schema={"goal": pl.String, "review": pl.Int32}, orient="row")
    return frame.group_by("goal").agg(pl.col("review").max())
