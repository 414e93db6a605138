"""Synthetic evidence, deterministic, any size: for benchmarks only, never part of a release.

Every project code begins with ``synthetic-``. Skew is like that of real registers: a few lines and goals carry most.
"""

import itertools

import numpy as np
import polars as pl

from wsiskg.evidence.facts import Facts
from wsiskg.graph.content.matrix import latest_edition
from wsiskg.matrix.proposals import Change, Proposal, Submission
from wsiskg.model.codes import parent_line
from wsiskg.model.problems import Origin
from wsiskg.tables.rows import Tables

__all__ = ["synthetic_facts", "synthetic_submission"]


def synthetic_facts(projects: int, tables: Tables, seed: int = 2015) -> Facts:
    """Return flat tables of ``projects`` invented projects, on the codes of ``tables``."""
    rng = np.random.default_rng(seed)
    codes = [f"synthetic-{i:07d}" for i in range(projects)]
    lines = [r.text("code") for r in tables["action_lines"] if r.text("code") != "C7"]
    goals = [r.text("code") for r in tables["goals"]]
    targets = [r.text("code") for r in tables["targets"]]
    places = [(r.text("code"), r.text("region") or None) for r in tables["countries"]]
    numbers = np.arange(projects)
    of, sdg = {"project": pl.UInt32, "rank": pl.Int8}, pl.Enum(sorted([*goals, *targets]))
    line_of = _skewed(rng, len(lines), projects)
    tags = pl.DataFrame(
        {
            "project": numbers,
            "code": [lines[i] for i in line_of],
            "rank": rng.choice([0, 1], projects, p=[0.8, 0.2]),
        },
        schema_overrides=of,
    )
    parents = tags.with_columns(code=pl.col("code").map_elements(parent_line, return_dtype=pl.String)).drop_nulls()
    sdg_codes = np.where(
        rng.random(projects) < 0.6,
        np.array(goals, dtype=object)[_skewed(rng, len(goals), projects)],
        np.array(targets, dtype=object)[_skewed(rng, len(targets), projects)],
    )
    country_of = _skewed(rng, len(places), projects)
    years = rng.integers(2004, 2027, projects)
    won = rng.random(projects) < 0.05
    return Facts(
        projects=pl.DataFrame(
            {
                "project": codes,
                "title": codes,
                "register": ["synthetic"] * projects,
                "stakeholder_type": rng.choice(["government", "private-sector", "civil-society"], projects),
                "first_year": years,
                "last_year": np.minimum(years + rng.integers(0, 4, projects), 2026),
            },
            schema_overrides={"first_year": pl.Int32, "last_year": pl.Int32},
        ),
        lines=pl.concat([tags, parents]).group_by("project", "code").agg(pl.col("rank").min()),
        sdgs=pl.DataFrame(
            {
                "project": numbers,
                "code": list(sdg_codes),
                "rank": rng.choice([0, 1, 2], projects, p=[0.7, 0.2, 0.1]),
                "goal": [code.partition(".")[0] for code in sdg_codes],
            },
            schema_overrides={**of, "code": sdg, "goal": sdg},
        ),
        countries=pl.DataFrame(
            {
                "project": numbers,
                "country": [places[i][0] for i in country_of],
                "region": [places[i][1] for i in country_of],
            },
            schema_overrides={**of, "country": pl.Categorical, "region": pl.Categorical},
        ),
        organisations=pl.DataFrame(
            {"project": numbers, "organisation": [f"organisation {i}" for i in rng.integers(0, projects, projects)]},
            schema_overrides={**of, "organisation": pl.Categorical},
        ),
        awards=pl.DataFrame(
            {"project": numbers[won], "grade": rng.choice(["winner", "champion", "nominee"], int(won.sum()))},
            schema_overrides=of,
        ),
        reviews=pl.DataFrame(
            {"goal": goals, "review": [2023] * len(goals)}, schema_overrides={"goal": sdg, "review": pl.Int32}
        ),
        targets=pl.DataFrame(
            [(r.text("code"), r.text("goal")) for r in tables["targets"]],
            {"sdg": sdg, "goal": sdg},
            orient="row",
        ),
    )


def _skewed(rng: np.random.Generator, choices: int, size: int) -> np.ndarray:
    """Return ``size`` indexes below ``choices``, the first ones often (Zipf with exponent 1)."""
    weights = 1 / np.arange(1, choices + 1)
    return rng.choice(choices, size, p=weights / weights.sum())


def synthetic_submission(rows: int, tables: Tables) -> Submission:
    """Return a file of ``rows`` invented proposals: links that the latest edition lacks, by a facilitator of the line.

    Each has a rationale of its own that says it is synthetic, so that no rule finds a copy.
    """
    edition = latest_edition(tables)
    linked = {(r.text("action_line"), r.text("target")) for r in tables.groups("links")[edition]}
    agencies = {r.text("action_line"): r.text("agency") for r in tables["facilitators"]}
    lines = [code for r in tables["action_lines"] if (code := r.text("code")) in agencies]
    sdgs = [r.text("code") for r in tables["targets"]]
    pairs = ((line, sdg) for sdg in sdgs for line in lines if (line, sdg) not in linked)
    proposals = tuple(
        Proposal(
            Origin("synthetic.csv", number + 1),
            line,
            sdg,
            Change.ADD,
            {"en": f"Synthetic rationale number {number}, which says nothing of {line} and {sdg}."},
            (agencies[line],),
        )
        for number, (line, sdg) in enumerate(itertools.islice(pairs, rows), 1)
    )
    return Submission("synthetic.csv", f"{rows:064x}", proposals)
