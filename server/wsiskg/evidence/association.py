"""How far an action line and an SDG are carried together more often than by chance."""

import numpy as np
import polars as pl
from scipy import stats

from wsiskg.evidence.facts import WEAKEST, Facts

__all__ = ["association"]


def association(facts: Facts, direct: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Lift, one-sided Fisher exact p-value, and its Benjamini-Hochberg correction over all pairs tested.

    The universe is the projects that carry at least one action line and one SDG: of others nothing is known.

    Args:
        facts: what was counted.
        direct: project, code, rank: the SDGs that projects count for.
        counted: line, sdg, directness, origin, projects of each set.

    Returns:
        line, sdg, directness, origin, lift, p_value, q_value.

    """
    both = counted.filter(directness="direct").select("line", "sdg", "origin", both="projects")
    found = [
        _associated(facts, weakest, direct, both.filter(origin=origin).drop("origin")).with_columns(
            directness=pl.lit("direct"), origin=pl.lit(origin)
        )
        for origin, weakest in WEAKEST.items()
    ]
    return pl.concat(found)


def _associated(facts: Facts, weakest: int, direct: pl.DataFrame, both: pl.DataFrame) -> pl.DataFrame:
    lines, sdgs = (frame.filter(pl.col("rank") <= weakest).select("project", "code") for frame in (facts.lines, direct))
    nobody = pl.repeat(False, facts.projects.height, dtype=pl.Boolean, eager=True)
    lined, aimed = (nobody.clone().scatter(frame["project"].unique(), True) for frame in (lines, sdgs))
    of_line, of_sdg = (
        frame.filter(others.gather(frame["project"])).group_by(pl.col("code").cast(pl.String)).agg(projects=pl.len())
        for frame, others in ((lines, aimed), (sdgs, lined))
    )
    tested = (
        of_line.select(line="code", of_line="projects")
        .join(of_sdg.select(sdg="code", of_sdg="projects"), how="cross")
        .join(both, on=["line", "sdg"], how="left")
        .with_columns(pl.col("both").fill_null(0))
    )
    number, together = int((lined & aimed).sum()), tested["both"].to_numpy().astype(np.int64)
    carried, meant = (tested[name].to_numpy().astype(np.int64) for name in ("of_line", "of_sdg"))
    if tested.height:
        p_values = np.clip(stats.hypergeom.sf(together - 1, number, carried, meant), 0.0, 1.0)
        q_values = stats.false_discovery_control(p_values)
        lift = together * number / (carried.astype(float) * meant)
    else:
        p_values = q_values = lift = np.zeros(0)
    return tested.select("line", "sdg").with_columns(
        lift=pl.Series(lift, dtype=pl.Float64).round(3),
        p_value=pl.Series(p_values, dtype=pl.Float64).round_sig_figs(4),
        q_value=pl.Series(q_values, dtype=pl.Float64).round_sig_figs(4),
    )
