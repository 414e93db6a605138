"""Count the evidence of every pair at once, by set operations on the flat tables.

The definitions are the queries in ``queries/measures/``; a test holds each count against their answers.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from scipy import stats

from wsiskg.evidence.facts import ASSIGNED, DECLARED, SUGGESTED, Facts
from wsiskg.evidence.measures import Example, Measures, PairEvidence

__all__ = ["EXAMPLES", "count_pairs"]

EXAMPLES = 5
"""Examples kept for each pair."""

_KEY = ["line", "sdg", "directness", "origin"]
_EXCLUSIVE = {DECLARED: "declared", ASSIGNED: "assigned", SUGGESTED: "suggested"}


def count_pairs(facts: Facts) -> Mapping[tuple[str, str], PairEvidence]:
    """Return the evidence of every pair (action line code, SDG code) that has any."""
    carried = _carried(facts)
    counted = _counts(carried, facts).join(_association(facts), on=_KEY, how="left").sort(_KEY)
    examples = _examples(carried, facts)
    sets: dict[tuple[str, str], dict[tuple[str, str], Measures]] = {}
    for row in counted.iter_rows(named=True):
        pair, kept_apart = (row.pop("line"), row.pop("sdg")), (row.pop("directness"), row.pop("origin"))
        sets.setdefault(pair, {})[kept_apart] = Measures(**row)
    return {key: PairEvidence(*key, found, tuple(examples.get(key, ()))) for key, found in sets.items()}


def _goal(code: str) -> pl.Expr:
    return pl.col(code).str.split(".").list.first()


def _carried_sdgs(sdgs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return project, sdg, directness, rank: what each project's SDG tags make it count for.

    ``known`` lists the targets (sdg, goal) that goal-level evidence is counted for.
    """
    targets = sdgs.filter(pl.col("code").str.contains(".", literal=True)).rename({"code": "sdg"})
    goals = sdgs.with_columns(sdg=_goal("code")).group_by("project", "sdg").agg(pl.col("rank").min())
    named = sdgs.filter(~pl.col("code").str.contains(".", literal=True)).rename({"code": "goal", "rank": "goal_rank"})
    weaker = (
        named.join(known, on="goal")
        .join(targets, on=["project", "sdg"], how="left")
        # A suggested target is no evidence, so it does not take a declared goal's place.
        .filter(pl.col("rank").is_null() | ((pl.col("rank") == SUGGESTED) & (pl.col("goal_rank") < SUGGESTED)))
        .select("project", "sdg", rank="goal_rank")
    )
    columns = ["project", "sdg", "rank"]
    return pl.concat(
        [
            targets.select(columns).with_columns(directness=pl.lit("direct")),
            goals.select(columns).with_columns(directness=pl.lit("direct")),
            weaker.select(columns).with_columns(directness=pl.lit("goal-level")),
        ]
    )


def _carried(facts: Facts) -> pl.DataFrame:
    """Return project and key, one row for each set that a project belongs to."""
    lines = facts.lines.rename({"code": "line", "rank": "line_rank"})
    pairs = lines.join(_carried_sdgs(facts.sdgs, facts.targets), on="project").with_columns(
        rank=pl.max_horizontal("line_rank", "rank")  # a pair is as strong as the weaker of its tags
    )
    exclusive = pairs.with_columns(origin=pl.col("rank").replace_strict(_EXCLUSIVE, return_dtype=pl.String))
    confirmed = pairs.filter(pl.col("rank") <= ASSIGNED).with_columns(origin=pl.lit("confirmed"))
    return pl.concat([exclusive, confirmed]).select("project", *_KEY)


def _counts(carried: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    graded = facts.awards.group_by("project").agg(
        recognised=pl.lit(value=True),
        winner=(pl.col("grade") == "winner").any(),
        champion=(pl.col("grade") == "champion").any(),
        nominee=(pl.col("grade") == "nominee").any(),
    )
    rows = (
        carried.join(facts.projects, on="project")
        .join(graded, on="project", how="left")
        .with_columns(goal=_goal("sdg"))
        .join(facts.reviews, on="goal", how="left")
    )
    counts = rows.group_by(_KEY).agg(
        projects=pl.len(),
        recognised=pl.col("recognised").sum(),
        winners=pl.col("winner").sum(),
        champions=pl.col("champion").sum(),
        nominees=pl.col("nominee").sum(),
        stakeholder_types=pl.col("stakeholder_type").drop_nulls().n_unique(),
        first_year=pl.col("first_year").min(),
        last_year=pl.col("last_year").max(),
        since_review=(pl.col("last_year") > pl.col("review")).sum(),
    )
    places = carried.join(facts.countries, on="project").group_by(_KEY).agg(
        countries=pl.col("country").n_unique(), regions=pl.col("region").drop_nulls().n_unique()
    )  # fmt: skip
    owners = carried.join(facts.organisations, on="project").group_by(_KEY).agg(
        organisations=pl.col("organisation").n_unique()
    )  # fmt: skip
    filled = ["countries", "regions", "organisations"]
    return (
        counts.join(places, on=_KEY, how="left").join(owners, on=_KEY, how="left")
        .with_columns(pl.col(filled).fill_null(0))
    )  # fmt: skip


def _association(facts: Facts) -> pl.DataFrame:
    """Lift, one-sided Fisher exact p-value, and its Benjamini-Hochberg correction over all pairs tested.

    The universe is the projects that carry at least one action line and one SDG: of others nothing is known.
    """
    frames = [_associated(facts, limit, origin) for limit, origin in ((DECLARED, "declared"), (ASSIGNED, "confirmed"))]
    return pl.concat(frames)


def _associated(facts: Facts, limit: int, origin: str) -> pl.DataFrame:
    lines = facts.lines.filter(pl.col("rank") <= limit).select("project", line="code")
    sdgs = _carried_sdgs(facts.sdgs.filter(pl.col("rank") <= limit), facts.targets.clear())
    sdgs = sdgs.filter(pl.col("directness") == "direct").select("project", "sdg")
    universe = lines.select("project").unique().join(sdgs.select("project").unique(), on="project")
    lines, sdgs = lines.join(universe, on="project"), sdgs.join(universe, on="project")
    tested = lines.group_by("line").len("of_line").join(sdgs.group_by("sdg").len("of_sdg"), how="cross")
    both = lines.join(sdgs, on="project").group_by("line", "sdg").len("both")
    tested = tested.join(both, on=["line", "sdg"], how="left").with_columns(pl.col("both").fill_null(0))
    number, together = universe.height, tested["both"].to_numpy()
    of_line, of_sdg = tested["of_line"].to_numpy(), tested["of_sdg"].to_numpy()
    if tested.height:
        p_values = np.clip(stats.hypergeom.sf(together.astype(np.int64) - 1, number, of_line, of_sdg), 0.0, 1.0)
        q_values = stats.false_discovery_control(p_values)
        lift = together * number / (of_line.astype(float) * of_sdg)
    else:
        p_values = q_values = lift = np.zeros(0)
    return tested.select("line", "sdg").with_columns(
        directness=pl.lit("direct"), origin=pl.lit(origin),
        lift=pl.Series(lift, dtype=pl.Float64).round(3),
        p_value=pl.Series(p_values, dtype=pl.Float64).round_sig_figs(4),
        q_value=pl.Series(q_values, dtype=pl.Float64).round_sig_figs(4),
    )  # fmt: skip


def _examples(carried: pl.DataFrame, facts: Facts) -> Mapping[tuple[str, str], list[Example]]:
    """Return the best examples of each pair: direct before goal-level, declared before assigned, winners first."""
    best = facts.awards.group_by("project").agg(
        standing=pl.col("grade").replace_strict({"winner": 0, "champion": 1, "nominee": 2}, default=3).min()
    )
    rows = (
        carried.filter(pl.col("origin").is_in(["declared", "assigned"]))
        .join(facts.projects.select("project", "title", "last_year"), on="project")
        .join(best, on="project", how="left")
        .with_columns(
            pl.col("standing").fill_null(4), assigned=pl.col("origin") == "assigned",
            weaker=pl.col("directness") != "direct",
        )
        .sort("line", "sdg", "weaker", "standing", "assigned", "last_year", "project",
              descending=[False, False, False, False, False, True, False], nulls_last=True)
        .group_by("line", "sdg", maintain_order=True).head(EXAMPLES)
    )  # fmt: skip
    found: dict[tuple[str, str], list[Example]] = {}
    for row in rows.iter_rows(named=True):
        example = Example(row["project"], row["title"], row["directness"], row["origin"])
        found.setdefault((row["line"], row["sdg"]), []).append(example)
    return found
