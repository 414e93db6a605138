"""The sets of projects that evidence is counted on: of one action line, by SDG, directness and origin.

A project that carries a goal counts, at goal level, for every target of it but those that it carries. Written out,
these are ten times as many rows as all others. So a set is the whole it is taken from, and the rows left out of it: for
direct evidence the projects of one SDG, all of them; at goal level those that carry the goal, without those that
carry the target.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from wsiskg.evidence.facts import ASSIGNED, EXCLUSIVE, SUGGESTED
from wsiskg.evidence.measures import DIRECTNESS, ORIGINS

__all__ = ["GROUP", "SET", "WHOLE", "SdgTags", "Sets", "sdg_tags", "sets_of"]

GROUP = ["directness", "code"]
"""Columns that name a whole of all origins."""
WHOLE = [*GROUP, "origin"]
"""Columns that name a whole: ``code`` is the SDG itself, at goal level the goal."""
SET = ["sdg", *WHOLE]
"""Columns that name a set."""


@dataclass(frozen=True, slots=True)
class SdgTags:
    """What the SDG tags of projects make them count for.

    ``whole``: project, directness, code, goal, rank. ``left``: project, sdg, directness, code, goal, rank. ``sets``:
    sdg, directness, code of every set there may be.
    """

    whole: pl.DataFrame
    left: pl.DataFrame
    sets: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Sets:
    """The sets of one action line: ``whole`` and ``left`` with project, goal, and the columns `WHOLE` and `SET`."""

    whole: pl.DataFrame
    left: pl.DataFrame
    sets: pl.DataFrame


def _direct_tags(sdgs: pl.DataFrame) -> pl.DataFrame:
    """Return project, code, goal, rank of the targets that projects carry, and of the goals of all their tags."""
    columns = ["project", "code", "goal", "rank"]
    goals = sdgs.group_by("project", "goal").agg(pl.col("rank").min()).with_columns(code="goal")
    return pl.concat([sdgs.filter(pl.col("code") != pl.col("goal")).select(columns), goals.select(columns)])


def sdg_tags(sdgs: pl.DataFrame, targets: pl.DataFrame) -> SdgTags:
    """Return what SDG tags (project, code, goal, rank) count for; ``targets`` (sdg, goal) are all there are."""
    is_target = pl.col("code") != pl.col("goal")
    direct = _direct_tags(sdgs).with_columns(directness=_constant("direct", DIRECTNESS))
    named = sdgs.filter(~is_target).with_columns(directness=_constant("goal-level", DIRECTNESS))
    left = (
        sdgs.filter(is_target)
        .select("project", "goal", sdg="code", target_rank="rank")
        .join(targets, on=["sdg", "goal"], how="semi")
        .join(named, on=["project", "goal"])
        # A suggested target is no evidence, so it does not take a declared goal's place.
        .filter((pl.col("target_rank") < SUGGESTED) | (pl.col("rank") == SUGGESTED))
    )
    columns = ["project", *GROUP, "goal", "rank"]
    sets = [
        direct.select(*GROUP).unique().with_columns(sdg="code"),
        targets.select("sdg", code="goal").with_columns(directness=_constant("goal-level", DIRECTNESS)),
    ]
    return SdgTags(
        pl.concat([direct.select(columns), named.select(columns)]),
        left.select("sdg", *columns),
        pl.concat([frame.select("sdg", *GROUP) for frame in sets]),
    )


def sets_of(ranks: pl.Series, tags: SdgTags) -> Sets:
    """Return the sets of the projects that carry a line; ``ranks`` are those of all projects, null where they do not.

    ``confirmed`` is left out of wholes of which it would be the declared or the assigned rows over again.
    """
    whole, left = (
        frame.with_columns(line_rank=ranks.gather(frame["project"]))
        .drop_nulls("line_rank")
        .with_columns(rank=pl.max_horizontal("line_rank", "rank"))  # a pair is as strong as the weaker of its tags
        .drop("line_rank")
        for frame in (tags.whole, tags.left)
    )
    mixed = whole.filter(pl.col("rank") <= ASSIGNED).group_by(GROUP).agg(pl.col("rank").n_unique()).filter(rank=2)
    return Sets(_by_origin(whole, mixed), _by_origin(left, mixed), tags.sets)


def _by_origin(ranked: pl.DataFrame, mixed: pl.DataFrame) -> pl.DataFrame:
    exclusive = ranked.with_columns(origin=pl.col("rank").replace_strict(EXCLUSIVE, return_dtype=pl.Enum(ORIGINS)))
    confirmed = ranked.filter(pl.col("rank") <= ASSIGNED).join(mixed, on=GROUP, how="semi")
    return pl.concat([exclusive, confirmed.with_columns(origin=_constant("confirmed", ORIGINS))]).drop("rank")


def _constant(value: str, choices: Sequence[str]) -> pl.Expr:
    return pl.lit(value).cast(pl.Enum(choices))
