"""Count the evidence of every pair at once, by set operations on the flat tables.

The definitions are the queries in ``queries/measures/``; a test holds each count against their answers. What is counted
of a set (see `wsiskg.evidence.sets`) is that of its whole, less that of the rows left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from wsiskg.beside import Step
from wsiskg.evidence.association import association
from wsiskg.evidence.facts import Facts
from wsiskg.evidence.measures import Example, Measures, PairEvidence
from wsiskg.evidence.sets import GROUP, SET, WHOLE, Sets, sdg_tags, sets_of

__all__ = ["EXAMPLES", "count_pairs"]

EXAMPLES = 5
"""Examples kept for each pair."""

_KEY = ["sdg", "directness", "origin"]
_AWARDS = {"winners": "winner", "champions": "champion", "nominees": "nominee"}
_STANDING = {"winner": 0, "champion": 1, "nominee": 2}
_OTHER_AWARD, _NO_AWARD = 3, 4
_NUMBERS = ("countries", "regions", "organisations", "stakeholder_types")  # of different values
_YEARS = ("first_year", "last_year")
_EXAMPLE = ["declared", "assigned"]  # origins that examples are of, the better first


@dataclass(frozen=True, slots=True)
class _Attributes:
    """What is counted of projects, each by its number: columns as long as there are projects.

    ``projects``: flags of awards, last_year, and by what examples come: standing, place, name, title. ``values``: what
    each measure goes by, one number or a list of a project. ``reviews``: year of each goal.
    """

    projects: pl.DataFrame
    values: Mapping[str, pl.Series]
    reviews: pl.DataFrame


def count_pairs(facts: Facts, step: Step = lambda: None) -> Mapping[tuple[str, str], PairEvidence]:
    """Return the evidence of every pair (action line code, SDG code) that has any.

    ``step`` is called before each line.
    """
    tags, attributes = sdg_tags(facts.sdgs, facts.targets), _attributes(facts)
    nobody = pl.repeat(None, facts.projects.height, dtype=pl.Int8, eager=True)
    lines: list[pl.DataFrame] = []
    examples: dict[tuple[str, str], list[Example]] = {}
    # One line at a time: the rows of one line fit in memory where those of all would not.
    for (line,), carried in sorted(facts.lines.partition_by("code", as_dict=True).items()):
        step()
        sets = sets_of(nobody.clone().scatter(carried["project"], carried["rank"]), tags)
        lines.append(_with_confirmed(_counts(sets, attributes)).with_columns(line=pl.lit(line)))
        for sdg, *example in _examples(sets, attributes):
            examples.setdefault((line, sdg), []).append(Example(*example))
    found: dict[tuple[str, str], dict[tuple[str, str], Measures]] = {}
    if lines:
        counted = pl.concat(lines)
        associated = association(facts, tags.whole.filter(directness="direct"), counted)
        measured = counted.join(associated, on=["line", *_KEY], how="left")
        for row in measured.sort("line", *_KEY).iter_rows(named=True):
            pair, kept_apart = (row.pop("line"), row.pop("sdg")), (row.pop("directness"), row.pop("origin"))
            found.setdefault(pair, {})[kept_apart] = Measures(**row)
    return {pair: PairEvidence(*pair, sets, tuple(examples.get(pair, ()))) for pair, sets in found.items()}


def _attributes(facts: Facts) -> _Attributes:
    grade = pl.col("grade")
    graded = facts.awards.group_by("project").agg(
        recognised=pl.lit(value=True),
        standing=grade.replace_strict(_STANDING, default=_OTHER_AWARD).min().cast(pl.Int64),
        **{name: (grade == value).any() for name, value in _AWARDS.items()},
    )
    projects = (
        facts.projects.rename({"project": "name"})
        .with_row_index("project")
        .join(graded, on="project", how="left", maintain_order="left")
        .with_columns(pl.col("recognised", *_AWARDS).fill_null(value=False), pl.col("standing").fill_null(_NO_AWARD))
    )
    order = projects.select(
        pl.arg_sort_by("last_year", "name", descending=[True, False], nulls_last=True, maintain_order=True)
    ).to_series()

    def lists(values: pl.DataFrame, name: str) -> pl.Series:
        found = values.drop_nulls(name).group_by("project").agg(pl.col(name).to_physical())
        return projects.select("project").join(found, on="project", how="left", maintain_order="left")[name]

    return _Attributes(
        projects.with_columns(place=order.arg_sort().cast(pl.Int64)),
        {
            "countries": lists(facts.countries, "country"),
            "regions": lists(facts.countries, "region"),
            "organisations": lists(facts.organisations, "organisation"),
            "stakeholder_types": projects["stakeholder_type"].cast(pl.Categorical).to_physical(),
            **{year: projects[year].cast(pl.UInt32) for year in _YEARS},
        },
        facts.reviews,
    )


def _of(rows: pl.DataFrame, attributes: pl.DataFrame) -> pl.DataFrame:
    """Add attributes of their projects to rows."""
    return rows.hstack(attributes[rows["project"]])


def _counts(sets: Sets, attributes: _Attributes) -> pl.DataFrame:
    """Return the measures of every set that has projects: those of its whole, less those of what is left out."""
    held, left = _rows(sets.whole, WHOLE, attributes), _rows(sets.left, SET, attributes)
    lost = left.join(held, on=[*WHOLE, "measure", "value", "rows"])  # a set has none of the rows of a value
    whole = _sums(sets.whole, WHOLE, attributes).join(_numbers(held, WHOLE), on=WHOLE, how="left")
    less = _sums(sets.left, SET, attributes).join(_numbers(lost, SET), on=SET, how="left")
    names = [name for name in whole.columns if name not in WHOLE]
    counts = (
        sets.sets.join(whole, on=GROUP)
        .join(less, on=SET, how="left", suffix="_less")
        .select(*SET, *(pl.col(name).fill_null(0) - pl.col(f"{name}_less").fill_null(0) for name in names))
        .filter(pl.col("projects") > 0)
        .join(_years(sets, held, lost), on=SET, how="left")
    )
    return counts.drop("code").with_columns(pl.col(_KEY).cast(pl.String))


def _sums(rows: pl.DataFrame, key: list[str], attributes: _Attributes) -> pl.DataFrame:
    """Return how many projects there are, and how many of a kind."""
    flags = ["recognised", *_AWARDS]
    known = _of(rows, attributes.projects.select("last_year", *flags)).join(attributes.reviews, on="goal", how="left")
    return known.group_by(key).agg(
        pl.len().cast(pl.Int64).alias("projects"),
        pl.col(flags).sum().cast(pl.Int64),
        since_review=(pl.col("last_year") > pl.col("review")).sum().cast(pl.Int64),
    )


def _rows(rows: pl.DataFrame, key: list[str], attributes: _Attributes) -> pl.DataFrame:
    """Return how many rows have each value of each measure."""
    measures = pl.Enum(list(attributes.values))
    found = []
    for measure, values in attributes.values.items():
        valued = rows.select(*key, value=values.gather(rows["project"])).drop_nulls("value")
        if values.dtype == pl.List:
            valued = valued.explode("value")
        found.append(valued.with_columns(measure=pl.lit(measure).cast(measures)))
    return pl.concat(found).group_by(*key, "measure", "value").agg(rows=pl.len())


def _numbers(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Return how many different values there are."""
    measure = pl.col("measure")
    return rows.group_by(key).agg((measure == name).sum().cast(pl.Int64).alias(name) for name in _NUMBERS)


def _years(sets: Sets, held: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """Return the first and the last year of each set."""
    years = held.filter(pl.col("measure").is_in(_YEARS))
    kept = sets.sets.join(years, on=GROUP).join(lost, on=[*SET, "measure", "value"], how="anti")
    first, last = (pl.col("value").filter(pl.col("measure") == name).cast(pl.Int64) for name in _YEARS)
    return kept.group_by(SET).agg(first_year=first.min(), last_year=last.max())


def _with_confirmed(counted: pl.DataFrame) -> pl.DataFrame:
    """Add the confirmed sets that have the projects of another set."""
    apart = ["sdg", "directness"]
    known = counted.filter(pl.col("origin") == "confirmed")
    same = counted.filter(pl.col("origin").is_in(_EXAMPLE)).join(known, on=apart, how="anti")
    return pl.concat([counted, same.with_columns(origin=pl.lit("confirmed"))])


def _examples(sets: Sets, attributes: _Attributes) -> Iterator[tuple[str, ...]]:
    """Yield SDG, project, title, directness, origin of the best examples of each SDG.

    Direct ones come before those at goal level, winners first, declared before assigned.
    """
    better = pl.col("standing") * len(_EXAMPLE) + pl.col("origin").to_physical()
    ordered = (
        _of(sets.whole.filter(pl.col("origin").is_in(_EXAMPLE)), attributes.projects.select("place", "standing"))
        .select("project", *WHOLE, order=better.cast(pl.Int64) * attributes.projects.height + pl.col("place"))
        .with_columns(order=(pl.col("order").rank("ordinal").over(GROUP) - 1).cast(pl.Int64))
    )
    # The example after n others comes after as many more as are left out before it.
    left = (
        sets.left.join(ordered, on=["project", *WHOLE])
        .with_columns(others=pl.col("order") - pl.col("order").rank("ordinal").over("sdg", *GROUP).cast(pl.Int64) + 1)
        .filter(pl.col("others") < EXAMPLES)
    )
    wanted = sets.sets.join(pl.DataFrame({"others": range(EXAMPLES)}), how="cross")
    passed = (
        wanted.join(left.select("sdg", *GROUP, before="others"), on=["sdg", *GROUP])
        .filter(pl.col("before") <= pl.col("others"))
        .group_by("sdg", *GROUP, "others")
        .agg(passed=pl.len().cast(pl.Int64))
    )
    best = (
        wanted.join(passed, on=["sdg", *GROUP, "others"], how="left")
        .with_columns(order=pl.col("others") + pl.col("passed").fill_null(0))
        .join(ordered, on=[*GROUP, "order"])
        .pipe(_of, attributes.projects.select("name", "title"))
        .sort("sdg", pl.col("directness").to_physical(), "order")
        .group_by("sdg", maintain_order=True)
        .head(EXAMPLES)
    )
    yield from best.select("sdg", "name", "title", "directness", "origin").iter_rows()
