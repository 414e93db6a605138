"""Small examples of evidence, written down before trusting any large number."""

import csv
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest

from wsiskg.evidence.assessments import candidates
from wsiskg.evidence.counts import count_pairs
from wsiskg.evidence.facts import ASSIGNED, DECLARED, facts_from_tables
from wsiskg.evidence.measures import NO_EVIDENCE, Measures, PairEvidence
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables
from wsiskg.tables.rows import Tables

Pairs = Mapping[tuple[str, str], PairEvidence]

PROJECTS: Sequence[Mapping[str, str]] = (
    # Both ends declared, at target level.
    {"project": "declared", "action_lines": "C7-EHEA", "sdgs": "3.8", "countries": "KEN", "organisations": "Ministry"},
    # Only the goal is declared; two lines, two countries, two owners.
    {
        "project": "goal-only",
        "action_lines": "C2;C7-EHEA",
        "sdgs": "3",
        "countries": "KEN;TZA",
        "organisations": "Ministry;Clinic",
    },
    # The target was assigned by a curator; no country is known; prizes of two years.
    {"project": "assigned-target", "action_lines": "C7-EHEA"},
    # The line was assigned; it declares both the goal and the target: direct, once.
    {"project": "assigned-line", "sdgs": "3;3.8", "countries": "UGA", "organisations": "MINISTRY"},
    # No action line at all.
    {"project": "no-line", "sdgs": "3.8", "countries": "FRA"},
)
AWARDS: Sequence[Mapping[str, str]] = (
    {"record": "a1", "project": "assigned-target", "year": "2015", "grade": "winner", "grade_certain": "yes"},
    {"record": "a2", "project": "assigned-target", "year": "2026", "grade": "nominee", "grade_certain": "yes"},
    {"record": "a3", "project": "declared", "year": "2020", "grade": "winner", "grade_certain": "no"},
)
TAGS: Sequence[Mapping[str, str]] = (
    {"project": "assigned-target", "framework": "sdg", "code": "3.8"},
    {"project": "assigned-line", "framework": "wsis", "code": "C7-EHEA"},
)
COMMON = {
    "source_url": "https://example.org/",
    "category": "C7-EHEA",
    "title": "Example",
    "reason": "The title says so.",
    "curator": "A curator",
    "assigned_on": "2026-11-24",
}


def rewrite(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Replace the rows of a table, its header staying."""
    with path.open(encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, header, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({**COMMON, **row} for row in rows)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    root = tmp_path_factory.mktemp("small") / "mappings"
    shutil.copytree(default_mappings(), root)
    shutil.rmtree(root / "evidence" / "dpga")
    register = root / "evidence" / "wsis-prizes"
    for name, rows in (("projects", PROJECTS), ("awards", AWARDS), ("tags", TAGS), ("same_project", ())):
        rewrite(register / f"{name}.csv", rows)
    return count_pairs(facts_from_tables(load_tables(root)))


def of(pairs: Pairs, line: str, sdg: str, directness: str, origin: str) -> Measures:
    pair = pairs.get((line, sdg))
    return pair.of(directness, origin) if pair else NO_EVIDENCE


def test_direct_evidence_is_kept_apart_by_the_weaker_origin(pairs: Pairs) -> None:
    numbers = {o: of(pairs, "C7-EHEA", "3.8", "direct", o).projects for o in ("declared", "assigned", "confirmed")}
    assert numbers == {"declared": 1, "assigned": 2, "confirmed": 3}
    assert of(pairs, "C7-EHEA", "3.8", "direct", "suggested") == NO_EVIDENCE


def test_goal_level_evidence_is_counted_apart_from_direct(pairs: Pairs) -> None:
    assert of(pairs, "C7-EHEA", "3.8", "goal-level", "declared").projects == 1
    assert of(pairs, "C7-EHEA", "3.8", "goal-level", "confirmed").projects == 1


def test_goal_level_evidence_reaches_targets_that_nobody_carries(pairs: Pairs) -> None:
    assert of(pairs, "C7-EHEA", "3.1", "goal-level", "declared").projects == 1
    assert of(pairs, "C7-EHEA", "3.1", "goal-level", "confirmed").projects == 2  # and the one whose line was assigned
    assert of(pairs, "C7-EHEA", "3.1", "direct", "confirmed") == NO_EVIDENCE


def test_a_goal_is_borne_out_by_the_goal_or_any_of_its_targets(pairs: Pairs) -> None:
    assert of(pairs, "C7-EHEA", "3", "direct", "declared").projects == 2
    assert of(pairs, "C7-EHEA", "3", "direct", "confirmed").projects == 4
    assert of(pairs, "C7-EHEA", "3", "goal-level", "confirmed") == NO_EVIDENCE


def test_sub_lines_count_for_c7_and_each_project_once(pairs: Pairs) -> None:
    assert of(pairs, "C7", "3.8", "direct", "confirmed") == of(pairs, "C7-EHEA", "3.8", "direct", "confirmed")


def test_a_project_with_several_lines_counts_for_each(pairs: Pairs) -> None:
    assert of(pairs, "C2", "3", "direct", "declared").projects == 1
    assert ("C2", "9") not in pairs


def test_a_project_without_line_counts_for_none(pairs: Pairs) -> None:
    assert of(pairs, "C7-EHEA", "3.8", "direct", "confirmed").countries == 2  # Kenya and Uganda, not France


def test_unknown_countries_and_co_owners(pairs: Pairs) -> None:
    confirmed = of(pairs, "C7-EHEA", "3", "direct", "confirmed")
    assert (confirmed.projects, confirmed.countries, confirmed.regions) == (4, 3, 1)
    assert confirmed.organisations == 2  # "Ministry" and "MINISTRY" are one


def test_prizes_of_several_years_belong_to_one_project(pairs: Pairs) -> None:
    confirmed = of(pairs, "C7-EHEA", "3.8", "direct", "confirmed")
    assert (confirmed.recognised, confirmed.winners, confirmed.nominees) == (2, 1, 1)
    assert (confirmed.first_year, confirmed.last_year) == (2015, 2026)


def test_projects_since_the_last_review_of_the_goal(pairs: Pairs) -> None:
    # Goal 3 was last reviewed in depth in 2025; one project is dated after it.
    assert of(pairs, "C7-EHEA", "3.8", "direct", "confirmed").since_review == 1


def test_lift_counts_only_projects_that_carry_both_frameworks(pairs: Pairs) -> None:
    confirmed = of(pairs, "C2", "3", "direct", "confirmed")
    assert confirmed.lift == pytest.approx(1 * 4 / (1 * 4))
    assert confirmed.p_value == pytest.approx(1.0)


def test_winners_are_the_first_examples(pairs: Pairs) -> None:
    examples = pairs["C7-EHEA", "3.8"].examples
    assert [e.project for e in examples] == ["assigned-target", "declared", "assigned-line", "goal-only"]


def test_candidates_leave_out_what_is_linked_and_c7_itself(pairs: Pairs) -> None:
    from wsiskg.evidence.index import EvidenceIndex, Loaded

    index = EvidenceIndex(pairs, Loaded(5, {}, {}, None, None))
    found = [(c.line, c.sdg) for c in candidates(index, [("C7-EHEA", "3.8")])]
    assert found == [("C2", "3")]
    everything = [(c.rank, c.line, c.sdg) for c in candidates(index, [])]
    assert everything == [(1, "C7-EHEA", "3"), (2, "C7-EHEA", "3.8"), (3, "C2", "3")]


def flattened(tables: Tables) -> dict[str, set[tuple[object, ...]]]:
    """Return what `Facts` hold, row by row: the slow reference."""
    projects = [row for table in tables.of("projects") for row in table]
    awards = [row for table in tables.of("awards") for row in table]
    regions = {row.text("code"): row.text("region") or None for row in tables["countries"]}
    years: dict[str, list[int]] = {row.text("project"): [] for row in projects}
    for row in projects:
        years[row.text("project")] += filter(None, [row.integer("first_year")])
    for row in awards:
        years[row.text("project")] += filter(None, [row.integer("year")])
    tags: dict[str, dict[tuple[str, str], int]] = {"wsis": {}, "sdg": {}}
    for row in (row for table in tables.of("tags") for row in table):
        tags[row.text("framework")][row.text("project"), row.text("code")] = ASSIGNED
    for row in projects:
        for framework, column in (("wsis", "action_lines"), ("sdg", "sdgs")):
            tags[framework] |= {(row.text("project"), code): DECLARED for code in row.values(column)}
    lines = [*tags["wsis"].items()]
    for (project, code), rank in lines:
        if code.startswith("C7-"):
            tags["wsis"][project, "C7"] = min(rank, tags["wsis"].get((project, "C7"), rank))
    found: dict[str, set[tuple[object, ...]]] = {
        "projects": {
            (code, r.text("title"), r.file.split("/")[-2], r.text("stakeholder_type") or None,
             min(years[code], default=None), max(years[code], default=None))
            for r in projects if (code := r.text("project"))
        },
        "lines": {(*tag, rank) for tag, rank in tags["wsis"].items()},
        "sdgs": {(*tag, rank, tag[1].partition(".")[0]) for tag, rank in tags["sdg"].items()},
        "countries": {(r.text("project"), c, regions[c]) for r in projects for c in r.values("countries")},
        "organisations": {
            (r.text("project"), " ".join(o.casefold().split())) for r in projects for o in r.values("organisations")
        },
        "awards": {(r.text("project"), r.text("grade") if r.flag("grade_certain") else None) for r in awards},
        "targets": {(r.text("code"), r.text("goal")) for r in tables["targets"]},
    }  # fmt: skip
    held = [r for r in tables["hlpf_sessions"] if r.text("state") == "held"]
    goals = {goal for r in held for goal in r.values("goals_in_depth")}
    found["reviews"] = {
        (goal, max(r.integer("year") or 0 for r in held if goal in r.values("goals_in_depth"))) for goal in goals
    }
    return found


def test_facts_are_those_of_the_rows_one_by_one() -> None:
    tables = load_tables(default_mappings())
    facts, expected = facts_from_tables(tables), flattened(tables)
    assert set(expected) == {field.name for field in fields(facts)}
    for name, rows in expected.items():
        frame: pl.DataFrame = getattr(facts, name)
        if "project" in frame.columns and name != "projects":
            codes = facts.projects["project"].gather(frame["project"])
            frame = frame.with_columns(project=codes)
        assert set(frame.iter_rows()) == rows, name
        assert len(frame) == len(rows), name


def test_names_that_differ_in_case_and_blanks_only_are_one(tmp_path: Path) -> None:
    shutil.copytree(default_mappings(), tmp_path / "mappings")
    owners = ("Große  Straße;ITU", "GROSSE STRASSE", "Σίσυφος ; ΣΊΣΥΦΟΣ")
    rows = [{"project": f"p{n}", "organisations": names} for n, names in enumerate(owners)]
    for register in ("dpga", "wsis-prizes"):
        for name in ("projects", "awards", "tags", "same_project"):
            path = tmp_path / "mappings" / "evidence" / register / f"{name}.csv"
            rewrite(path, rows if (register, name) == ("dpga", "projects") else ())
    found = facts_from_tables(load_tables(tmp_path / "mappings")).organisations
    assert sorted(found.iter_rows()) == [
        (0, "grosse strasse"), (0, "itu"), (1, "grosse strasse"), (2, "σίσυφοσ"),
    ]  # fmt: skip
