"""Small examples of evidence, written down before trusting any large number."""

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from wsiskg.evidence.assessments import candidates
from wsiskg.evidence.counts import count_pairs
from wsiskg.evidence.facts import facts_from_tables
from wsiskg.evidence.measures import NO_EVIDENCE, Measures, PairEvidence
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables

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
