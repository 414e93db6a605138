"""A clean export of invented projects: the register of `registers.py` as a tidy office would write it.

Countries and titles of goals by their English names, action lines as ``C7. E-learning``, targets as ``SDG 9.c``, whole
years. Every row is marked as those of the register are. What an import makes of it is that register again.
"""

from pathlib import Path

import polars as pl

from registers import synthetic_register
from wsiskg.tables.rows import Tables

__all__ = ["EXPORT", "export_of", "write_export"]

EXPORT = "export.csv"
_BETWEEN = "; "


def write_export(folder: Path, projects: int, seed: int, tables: Tables) -> None:
    """Write the export of ``projects`` invented projects into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    export_of(synthetic_register(projects, seed, tables)["projects"], tables).write_csv(folder / EXPORT)


def export_of(projects: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return the projects of a register as rows of an export."""
    return projects.select(
        pl.col("project").alias("Project ID"),
        pl.col("title").alias("Project title"),
        pl.col("organisations").str.replace_all(";", _BETWEEN).alias("Organization"),
        _said("countries", {r.text("code"): r.text("name_en") for r in tables["countries"]}).alias("Country"),
        pl.col("stakeholder_type").str.replace("-", " ").str.to_titlecase().alias("Type of entity"),
        _said("action_lines", _lines(tables)).alias("WSIS Action Lines"),
        _said("sdgs", _sdgs(tables)).alias("Sustainable Development Goals"),
        pl.col("first_year").alias("Start date"),
        pl.col("description").alias("Description"),
        pl.col("url").alias("Website"),
        pl.col("source_url").alias("Detail page"),
        pl.lit("yes").alias("Synthetic"),
    )


def _said(column: str, names: dict[str, str]) -> pl.Expr:
    """Return the codes of a column by their names."""
    return pl.col(column).str.split(";").list.eval(pl.element().replace(names)).list.join(_BETWEEN)


def _lines(tables: Tables) -> dict[str, str]:
    return {
        (code := row.text("action_line")): f"{code.partition('-')[0]}. {row.text('title')}"
        for row in tables["action_line_titles"]
        if row.text("kind") == "preferred" and row.text("lang") == "en"
    }


def _sdgs(tables: Tables) -> dict[str, str]:
    goals = {row.text("code"): f"SDG {row.text('code')}: {row.text('title_en')}" for row in tables["goals"]}
    return goals | {row.text("code"): f"SDG {row.text('code')}" for row in tables["targets"]}
