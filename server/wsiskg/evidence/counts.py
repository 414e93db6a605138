"""Count the evidence of every pair at once, by set operations on the flat tables.

The definitions are the queries in ``queries/measures/``; a test holds each count against their answers.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from scipy import stats

from wsiskg.beside import Step
from wsiskg.evidence.facts import ASSIGNED, DECLARED, SUGGESTED, Facts
from wsiskg.evidence.measures import DIRECTNESS, ORIGINS, Example, Measures, PairEvidence

__all__ = ["EXAMPLES", "count_pairs"]

EXAMPLES = 5
"""Examples kept for each pair."""

_SET = ["sdg", "directness"]
_KEY = [*_SET, "origin"]
_EXCLUSIVE = {DECLARED: "declared", ASSIGNED: "assigned", SUGGESTED: "suggested"}


def count_pairs(facts: Facts, step: Step = lambda: None) -> Mapping[tuple[str, str], PairEvidence]:
    """Return the evidence of every pair (action line code, SDG code) that has any.

    ``step`` is called before each line.
    """
    facts = _encoded(facts)
    sdgs = _carried_sdgs(facts.sdgs, facts.targets)
    association = _association(facts)
    pairs: dict[tuple[str, str], PairEvidence] = {}
    # One line at a time: the rows of one line fit in memory where those of all would not.
    for (line,), tags in sorted(facts.lines.partition_by("code", as_dict=True).items()):
        step()
        carried = _carried(tags, sdgs)
        counted = _with_confirmed(_counts(carried, facts))
        counted = counted.with_columns(line=pl.lit(line)).join(association, on=["line", *_KEY], how="left")
        examples = _examples(carried, facts)
        sets: dict[str, dict[tuple[str, str], Measures]] = {}
        for row in counted.drop("line").sort(_KEY).iter_rows(named=True):
            sdg, kept_apart = row.pop("sdg"), (row.pop("directness"), row.pop("origin"))
            sets.setdefault(sdg, {})[kept_apart] = Measures(**row)
        for sdg, found in sets.items():
            pairs[line, sdg] = PairEvidence(line, sdg, found, tuple(examples.get(sdg, ())))
    return pairs


def _encoded(facts: Facts) -> Facts:
    """Return the facts with projects as numbers and SDG codes as enumerations: small and quick to join."""
    numbers = facts.projects.select("project").with_row_index("number")

    def numbered(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(numbers, on="project").drop("project").rename({"number": "project"})

    codes = pl.Enum(
        sorted({*facts.targets["sdg"], *facts.targets["goal"], *facts.sdgs["code"], *facts.reviews["goal"]})
    )
    return Facts(
        projects=facts.projects.with_row_index("number").rename({"project": "name", "number": "project"}),
        lines=numbered(facts.lines),
        sdgs=numbered(facts.sdgs).with_columns(goal=_goal("code").cast(codes), code=pl.col("code").cast(codes)),
        countries=numbered(facts.countries).with_columns(pl.col("country", "region").cast(pl.Categorical)),
        organisations=numbered(facts.organisations).with_columns(pl.col("organisation").cast(pl.Categorical)),
        awards=numbered(facts.awards),
        reviews=facts.reviews.with_columns(pl.col("goal").cast(codes)),
        targets=facts.targets.with_columns(pl.col("sdg", "goal").cast(codes)),
    )


def _goal(code: str) -> pl.Expr:
    return pl.col(code).str.split(".").list.first()


def _carried_sdgs(sdgs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return project, sdg, directness, rank: what each project's SDG tags make it count for.

    ``known`` lists the targets (sdg, goal) that goal-level evidence is counted for.
    """
    is_target = pl.col("code") != pl.col("goal")
    targets = sdgs.filter(is_target).select("project", "rank", sdg="code")
    goals = sdgs.group_by("project", sdg="goal").agg(pl.col("rank").min())
    named = sdgs.filter(~is_target).select("project", "goal", goal_rank="rank")
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
            targets.select(columns).with_columns(directness=_constant("direct", DIRECTNESS)),
            goals.select(columns).with_columns(directness=_constant("direct", DIRECTNESS)),
            weaker.select(columns).with_columns(directness=_constant("goal-level", DIRECTNESS)),
        ]
    )


def _constant(value: str, choices: Sequence[str]) -> pl.Expr:
    return pl.lit(value).cast(pl.Enum(choices))


def _carried(lines: pl.DataFrame, sdgs: pl.DataFrame) -> pl.DataFrame:
    """Return project and key for the projects of one line, one row for each set that a project belongs to.

    A confirmed set that would be a declared or an assigned one over again is left out (`_with_confirmed`).
    """
    pairs = sdgs.join(lines.select("project", line_rank="rank"), on="project").with_columns(
        rank=pl.max_horizontal("line_rank", "rank")  # a pair is as strong as the weaker of its tags
    )
    exclusive = pairs.with_columns(origin=pl.col("rank").replace_strict(_EXCLUSIVE, return_dtype=pl.Enum(ORIGINS)))
    confirmed = pairs.filter(pl.col("rank") <= ASSIGNED)
    both = confirmed.group_by(_SET).agg(pl.col("rank").n_unique()).filter(rank=2)
    confirmed = confirmed.join(both, on=_SET, how="semi").with_columns(origin=_constant("confirmed", ORIGINS))
    return pl.concat([exclusive, confirmed]).select("project", *_KEY)


def _with_confirmed(counted: pl.DataFrame) -> pl.DataFrame:
    """Add the confirmed sets that have the projects of another set."""
    known = counted.filter(pl.col("origin") == "confirmed")
    same = counted.filter(pl.col("origin").is_in(["declared", "assigned"])).join(known, on=_SET, how="anti")
    return pl.concat([counted, same.with_columns(origin=pl.lit("confirmed"))])


def _counts(carried: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    graded = facts.awards.group_by("project").agg(
        recognised=pl.lit(value=True),
        winner=(pl.col("grade") == "winner").any(),
        champion=(pl.col("grade") == "champion").any(),
        nominee=(pl.col("grade") == "nominee").any(),
    )
    goals = pl.concat([facts.targets, facts.targets.select(sdg="goal", goal="goal").unique()])
    reviewed = goals.join(facts.reviews, on="goal").select("sdg", "review")
    rows = (
        carried.join(facts.projects.select("project", "stakeholder_type", "first_year", "last_year"), on="project")
        .join(graded, on="project", how="left")
        .join(reviewed, on="sdg", how="left")
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
        .with_columns(pl.col("sdg", "directness", "origin").cast(pl.String))
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
    return tested.select("line", pl.col("sdg").cast(pl.String)).with_columns(
        directness=pl.lit("direct"), origin=pl.lit(origin),
        lift=pl.Series(lift, dtype=pl.Float64).round(3),
        p_value=pl.Series(p_values, dtype=pl.Float64).round_sig_figs(4),
        q_value=pl.Series(q_values, dtype=pl.Float64).round_sig_figs(4),
    )  # fmt: skip


def _examples(carried: pl.DataFrame, facts: Facts) -> Mapping[str, list[Example]]:
    """Return the best examples by SDG: direct before goal-level, winners first, declared before assigned."""
    best = facts.awards.group_by("project").agg(
        standing=pl.col("grade").replace_strict({"winner": 0, "champion": 1, "nominee": 2}, default=3).min()
    )
    named = facts.projects.select("project", "name", "title", "last_year")
    rows = (
        carried.filter(pl.col("origin").is_in(["declared", "assigned"]))
        .join(named, on="project")
        .join(best, on="project", how="left")
        .with_columns(pl.col("standing").fill_null(4))
        .group_by("sdg")
        .agg(
            pl.struct("name", "title", "directness", "origin")
            .sort_by(
                pl.col("directness").to_physical(), "standing", pl.col("origin").to_physical(), "last_year", "name",
                descending=[False, False, False, True, False], nulls_last=True,
            )
            .head(EXAMPLES)
        )
    )  # fmt: skip
    return {
        sdg: [Example(e["name"], e["title"], e["directness"], e["origin"]) for e in found]
        for sdg, found in rows.iter_rows()
    }
