"""``graph/tallies``: projects and prizes counted by action line, goal, target, year, region, country and the like.

Each table is a data set of the RDF Data Cube vocabulary (https://www.w3.org/TR/vocab-data-cube/) and each count one of
its observations, so that a question after a number reads it instead of all projects. How many there are depends on the
codes, not on the projects. The definitions are the queries in ``queries/tallies/``, held against them by a test.

A project is for a goal if it carries the goal or one of its targets, and for C7 if it carries one of its sub-lines; the
origin is that of the weaker tag, as everywhere (see `wsiskg.evidence.measures`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.evidence.facts import WEAKEST, Facts, column_values, placed, project_values
from wsiskg.graph.iris import Iris, slug
from wsiskg.graph.vocabulary import RDF_TYPE, RDFS, XSD, Vocabulary
from wsiskg.tables.rows import Tables

__all__ = ["LEADING", "tally_triples"]

_QB = Vocabulary("http://purl.org/linked-data/cube#")

LEADING = 100
"""Organisations that are listed: those with most projects, then by name."""


@dataclass(frozen=True, slots=True)
class _Dimension:
    """A column of codes: its property, and how its values are written."""

    term: str
    value: Callable[[Iris, str], NamedNode | Literal]


def _resources(kind: str) -> Callable[[Iris, str], NamedNode]:
    return lambda iris, code: iris.resource(kind, code)


_DIMENSIONS: Mapping[str, _Dimension] = {
    "line": _Dimension("actionLine", _resources("action-line")),
    "goal": _Dimension("goal", Iris.sdg),
    "target": _Dimension("tallyTarget", Iris.sdg),
    "year": _Dimension("tallyYear", lambda _, year: Literal(year, datatype=XSD("integer"))),
    "region": _Dimension("tallyRegion", _resources("region")),
    "country": _Dimension("tallyCountry", _resources("country")),
    "grade": _Dimension("tallyGrade", _resources("grade")),
    "organisation": _Dimension("tallyOrganisation", _resources("organisation")),
    "origin": _Dimension("origin", _resources("origin")),
}
"""Terms of their own where `wsis:country` and the like would have tallies found among projects and prizes."""
_MEASURES = {
    "projects": "projectCount",
    "countries": "countryCount",
    "regions": "regionCount",
    "awards": "awardCount",
    "lines": "actionLineCount",
    "rank": "rank",
}
_TITLES: Mapping[str, Mapping[str, str]] = {
    "line-goal": {
        "en": "Projects by action line and goal",
        "fr": "Projets par grande orientation et par objectif",
        "es": "Proyectos por línea de acción y objetivo",
    },
    "line-target": {
        "en": "Projects by action line and target, with declared or assigned tags",
        "fr": "Projets par grande orientation et par cible, selon les étiquettes déclarées ou attribuées",
        "es": "Proyectos por línea de acción y meta, con etiquetas declaradas o asignadas",
    },
    "line-year": {
        "en": "Projects by action line and first year",
        "fr": "Projets par grande orientation et par première année",
        "es": "Proyectos por línea de acción y primer año",
    },
    "goal-year": {
        "en": "Projects by goal and first year",
        "fr": "Projets par objectif et par première année",
        "es": "Proyectos por objetivo y primer año",
    },
    "line-region": {
        "en": "Projects by action line and region",
        "fr": "Projets par grande orientation et par région",
        "es": "Proyectos por línea de acción y región",
    },
    "goal-region": {
        "en": "Projects by goal and region",
        "fr": "Projets par objectif et par région",
        "es": "Proyectos por objetivo y región",
    },
    "country-grade": {
        "en": "Prizes by country and grade",
        "fr": "Prix par pays et par rang",
        "es": "Premios por país y categoría de reconocimiento",
    },
    "organisation": {
        "en": f"The {LEADING} organisations with most projects, and on how many action lines",
        "fr": f"Les {LEADING} organisations qui ont le plus de projets, et sur combien de grandes orientations",
        "es": f"Las {LEADING} organizaciones con más proyectos, y en cuántas líneas de acción",
    },
}


def tally_triples(iris: Iris, tables: Tables, facts: Facts) -> set[Triple]:
    """Return ``graph/tallies``: the counts, the data sets that they belong to, and how these are made up."""
    out: set[Triple] = set()
    for name, counts in _tables(tables, facts):
        dimensions = [column for column in counts.columns if column in _DIMENSIONS]
        measures = [column for column in counts.columns if column in _MEASURES]
        out.update(_described(iris, name, dimensions, measures))
        out.update(_observations(iris, name, dimensions, measures, counts))
    return out


def _tables(tables: Tables, facts: Facts) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the name and the counts of each table."""
    lines = facts.lines.rename({"code": "line"})
    sdgs = facts.sdgs.with_columns(is_target=pl.col("code") != pl.col("goal"))
    goals = sdgs.group_by("project", "goal").agg(pl.col("rank").min())
    years = project_values(tables, "first_year", "year").with_columns(pl.col("year").cast(pl.Categorical))
    places = facts.countries
    regions = places.select("project", "region").drop_nulls().unique()
    pairs = lines.join(goals, on="project").with_columns(rank=pl.max_horizontal("rank", "rank_right"))
    yield "line-goal", _pairs(pairs, places)
    yield "line-target", _ranked_pairs(lines.join(sdgs.filter("is_target"), on="project"))
    yield "line-year", _counted(lines.join(years, on="project"), "line", "year")
    yield "goal-year", _counted(goals.join(years, on="project"), "goal", "year")
    yield "line-region", _counted(lines.join(regions, on="project"), "line", "region")
    yield "goal-region", _counted(goals.join(regions, on="project"), "goal", "region")
    yield "country-grade", _prizes(tables, facts)
    yield "organisation", _leading(tables)


def _by_origin(ranked: pl.DataFrame, by: Sequence[str], **measures: Callable[[pl.Expr], pl.Expr]) -> pl.DataFrame:
    """Return measures of groups for each origin; each is given which rows count for it."""
    found = []
    for origin, limit in WEAKEST.items():
        own = pl.col("rank") <= limit
        groups = ranked.group_by(by).agg(own.any().alias("any"), **{n: measure(own) for n, measure in measures.items()})
        found.append(groups.filter("any").drop("any").with_columns(pl.col(by).cast(pl.String), origin=pl.lit(origin)))
    return pl.concat(found)


def _counted(ranked: pl.DataFrame, *by: str) -> pl.DataFrame:
    return _by_origin(ranked, by, projects=lambda own: own.sum())


def _pairs(ranked: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    by = ["line", "goal"]
    spread = _by_origin(
        ranked.join(places, on="project"), by,
        countries=lambda own: pl.col("country").filter(own).n_unique(),
        regions=lambda own: pl.col("region").filter(own).drop_nulls().n_unique(),
    )  # fmt: skip
    counts = _counted(ranked, *by).join(spread, on=[*by, "origin"], how="left")
    return counts.with_columns(pl.col("countries", "regions").fill_null(0))


def _ranked_pairs(tagged: pl.DataFrame) -> pl.DataFrame:
    """Count the projects of each pair of line and target, whatever their tags' origin, and rank the pairs by them."""
    counts = tagged.group_by("line", target="code").agg(projects=pl.len())
    counts = counts.with_columns(pl.col("line", "target").cast(pl.String))
    ranked = counts.sort("projects", "line", "target", descending=[True, False, False]).with_row_index("rank", 1)
    return ranked.select("line", "target", "rank", "projects", origin=pl.lit("confirmed"))


def _prizes(tables: Tables, facts: Facts) -> pl.DataFrame:
    graded = column_values(tables, "awards", "grade", "grade", ("project", "record"))
    won = placed(graded, facts.projects).join(facts.countries, on="project")
    counts = won.group_by("country", "grade").agg(awards=pl.col("record").n_unique())
    return counts.with_columns(pl.col("country").cast(pl.String))


def _leading(tables: Tables) -> pl.DataFrame:
    """Count the projects with a declared action line of each organisation, and these lines."""
    owners = project_values(tables, "organisations", "name")
    names = owners.select("name").unique()
    slugs = names.with_columns(organisation=pl.Series([slug(name) for name in names["name"]], dtype=pl.String))
    tagged = project_values(tables, "action_lines", "line")
    counts = (
        owners.join(slugs, on="name")
        .join(tagged, on="project")
        .group_by("organisation")
        .agg(pl.col("name").min(), projects=pl.col("project").n_unique(), lines=pl.col("line").n_unique())
        .sort("projects", "name", descending=[True, False])
        .head(LEADING)
        .with_row_index("rank", 1)
    )
    return counts.select("organisation", "rank", "projects", "lines", origin=pl.lit("declared"))


def _described(iris: Iris, name: str, dimensions: list[str], measures: list[str]) -> Iterator[Triple]:
    """Yield the data set and its structure (https://www.w3.org/TR/vocab-data-cube/#dsd)."""
    table, structure = iris.resource("tally", name), iris.resource("tally", name, "structure")
    yield Triple(table, RDF_TYPE, _QB("DataSet"))
    yield Triple(table, _QB("structure"), structure)
    yield Triple(structure, RDF_TYPE, _QB("DataStructureDefinition"))
    for language, title in _TITLES[name].items():
        yield Triple(table, RDFS("label"), Literal(title, language=language))
    terms = [("dimension", _DIMENSIONS[d].term) for d in dimensions] + [("measure", _MEASURES[m]) for m in measures]
    for kind, term in terms:
        component = iris.resource("tally", name, "structure", term)
        yield Triple(structure, _QB("component"), component)
        yield Triple(component, RDF_TYPE, _QB("ComponentSpecification"))
        yield Triple(component, _QB(kind), iris.term(term))


def _observations(
    iris: Iris, name: str, dimensions: list[str], measures: list[str], counts: pl.DataFrame
) -> Iterator[Triple]:
    table = iris.resource("tally", name)
    for row in counts.iter_rows(named=True):
        node = iris.resource("tally", name, "-".join(row[column] for column in dimensions))
        yield Triple(node, RDF_TYPE, iris.term("Tally"))
        yield Triple(node, RDF_TYPE, _QB("Observation"))
        yield Triple(node, _QB("dataSet"), table)
        for column in dimensions:
            yield Triple(node, iris.term(_DIMENSIONS[column].term), _DIMENSIONS[column].value(iris, row[column]))
        for column in measures:
            yield Triple(node, iris.term(_MEASURES[column]), Literal(row[column]))
