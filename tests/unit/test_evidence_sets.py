"""Evidence counted by sets, less what is left out of them, is what is counted project by project."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl
import pytest

from wsiskg.evidence.counts import EXAMPLES, count_pairs
from wsiskg.evidence.facts import ASSIGNED, DECLARED, SUGGESTED, Facts
from wsiskg.evidence.measures import Measures

CODES = pl.Enum(["1", "1.1", "1.2", "1.a", "2", "2.1"])
TARGETS = {"1.1": "1", "1.2": "1", "1.a": "1", "2.1": "2"}
REVIEWS = {"1": 2017}
REGIONS = {"A": "x", "B": "x", "C": "y", "D": None}
GRADES = ["winner", "champion", "nominee", None]
ORIGINS = {DECLARED: ("declared", "confirmed"), ASSIGNED: ("assigned", "confirmed"), SUGGESTED: ("suggested",)}

PROJECT = {"project": pl.UInt32}
TAG = {**PROJECT, "code": pl.String, "rank": pl.Int8}


def frame(rows: Iterable[object], schema: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema, orient="row")  # type: ignore[arg-type]


def invented(seed: int) -> Facts:
    """Facts of a few projects that share much of what is counted."""
    rng = random.Random(seed)
    projects = range(rng.randrange(80))

    def some(choices: list[str], most: int) -> set[tuple[int, str]]:
        return {(p, rng.choice(choices)) for p in projects for _ in range(rng.randrange(most + 1))}

    def dated() -> list[int | None]:
        return sorted(rng.choices(range(2014, 2020), k=2)) if rng.random() < 0.9 else [None, None]

    sdgs = sorted(some(list(CODES.categories), 4))
    named = [(f"p{p:02}", f"T{p}", "r", rng.choice(["government", "academia", None]), *dated()) for p in projects]
    columns = ["project", "title", "register", "stakeholder_type", "first_year", "last_year"]
    return Facts(
        projects=frame(named, {name: pl.Int32 if name.endswith("year") else pl.String for name in columns}),
        lines=frame(((*tag, rng.randrange(3)) for tag in sorted(some(["C1", "C2"], 2))), TAG),
        sdgs=frame(
            ((p, code, rng.randrange(3), code[0]) for p, code in sdgs), {**TAG, "code": CODES, "goal": CODES}
        ),
        countries=frame(
            ((p, c, REGIONS[c]) for p, c in some(list(REGIONS), 2)),
            {**PROJECT, "country": pl.Categorical, "region": pl.Categorical},
        ),
        organisations=frame(some(list("KLMNOPQ"), 2), {**PROJECT, "organisation": pl.Categorical}),
        awards=frame(
            {(p, rng.choice(GRADES)) for p in projects if rng.random() < 0.4}, {**PROJECT, "grade": pl.String}
        ),
        reviews=frame(REVIEWS.items(), {"goal": CODES, "review": pl.Int32}),
        targets=frame(TARGETS.items(), {"sdg": CODES, "goal": CODES}),
    )  # fmt: skip


def memberships(facts: Facts) -> Iterator[tuple[str, str, str, int, int]]:
    """Yield line, SDG, directness, rank and project of all that counts, by the definitions."""
    tags: dict[int, dict[str, int]] = {}
    for project, code, rank, _ in facts.sdgs.iter_rows():
        tags.setdefault(project, {})[code] = rank
    for project, line, line_rank in facts.lines.iter_rows():
        own = tags.get(project, {})
        for code, rank in own.items():
            if code in TARGETS:
                yield line, code, "direct", max(rank, line_rank), project
        for goal in {code[0] for code in own}:
            strongest = min(rank for code, rank in own.items() if code[0] == goal)
            yield line, goal, "direct", max(strongest, line_rank), project
        for target, goal in TARGETS.items():
            if goal in own and (target not in own or (own[target] == SUGGESTED and own[goal] < SUGGESTED)):
                yield line, target, "goal-level", max(own[goal], line_rank), project


def measured(facts: Facts, sdg: str, projects: set[int]) -> Measures:
    def of(rows: pl.DataFrame) -> list[tuple[object, ...]]:
        return [values for project, *values in rows.iter_rows() if project in projects and values[0] is not None]  # type: ignore[misc]

    grades = [(p, grade) for p, grade in facts.awards.iter_rows() if p in projects]
    rows = [facts.projects.row(p, named=True) for p in projects]
    review = REVIEWS.get(TARGETS.get(sdg, sdg))
    dates = [(r["first_year"], r["last_year"]) for r in rows if r["first_year"]]
    return Measures(
        projects=len(projects),
        recognised=len({p for p, _ in grades}),
        winners=len({p for p, grade in grades if grade == "winner"}),
        champions=len({p for p, grade in grades if grade == "champion"}),
        nominees=len({p for p, grade in grades if grade == "nominee"}),
        countries=len({country for country, _ in of(facts.countries)}),
        regions=len({region for _, region in of(facts.countries) if region}),
        stakeholder_types=len({r["stakeholder_type"] for r in rows} - {None}),
        organisations=len({name for (name,) in of(facts.organisations)}),
        first_year=min((first for first, _ in dates), default=None),
        last_year=max((last for _, last in dates), default=None),
        since_review=sum(review is not None and last > review for _, last in dates),
    )


@pytest.mark.parametrize("seed", range(40))
def test_sets_are_those_of_projects_one_by_one(seed: int) -> None:
    facts = invented(seed)
    sets: dict[tuple[str, str], dict[tuple[str, str], set[int]]] = {}
    ranked: dict[tuple[str, str], list[tuple[object, ...]]] = {}
    for line, sdg, directness, rank, project in memberships(facts):
        for origin in ORIGINS[rank]:
            sets.setdefault((line, sdg), {}).setdefault((directness, origin), set()).add(project)
        if rank != SUGGESTED:
            name, title, *_, last = facts.projects.row(project)
            grades = [GRADES.index(grade) for p, grade in facts.awards.iter_rows() if p == project]
            order = directness != "direct", min(grades, default=4), rank, -(last or 0), name
            ranked.setdefault((line, sdg), []).append((order, (name, title, directness, ORIGINS[rank][0])))
    found = count_pairs(facts)
    assert set(found) == set(sets)
    for pair, evidence in found.items():
        counted = {key: replace(m, lift=None, p_value=None, q_value=None) for key, m in evidence.sets.items()}
        assert counted == {key: measured(facts, pair[1], of) for key, of in sets[pair].items()}, pair
        best = [example for _, example in sorted(ranked.get(pair, []))[:EXAMPLES]]  # type: ignore[type-var]
        assert [(e.project, e.title, e.directness, e.origin) for e in evidence.examples] == best, pair


def test_lift_of_more_projects_than_their_product_has_room_in_32_bits() -> None:
    """Half of the projects carry one line and goal, half the other."""
    half = 70_000
    both = [*["C1"] * half, *["C2"] * half], [*["1"] * half, *["2"] * half]
    tags = [frame(zip(range(2 * half), codes, [DECLARED] * 2 * half, strict=True), TAG) for codes in both]
    goal = pl.col("code").cast(CODES)
    facts = replace(
        invented(0),
        projects=pl.DataFrame({"project": [f"p{n}" for n in range(2 * half)]}).with_columns(
            pl.lit(None, pl.String).alias(name) for name in ("title", "register", "stakeholder_type")
        ).with_columns(pl.lit(None, pl.Int32).alias(name) for name in ("first_year", "last_year")),
        lines=tags[0],
        sdgs=tags[1].with_columns(code=goal, goal=goal),
    )  # fmt: skip
    assert count_pairs(facts)["C1", "1"].of("direct", "declared").lift == 2.0
