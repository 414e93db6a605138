"""Evidence in time: small examples of what was there at the last review, what came since, and what has no year."""

import csv
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from wsiskg.evidence.index import EvidenceIndex
from wsiskg.evidence.periods import since, undated, up_to
from wsiskg.graph.iris import Iris
from wsiskg.matrix.papers.review import review_paper
from wsiskg.matrix.proposals import Change, Proposal, Submission
from wsiskg.matrix.reference import read_reference
from wsiskg.matrix.review import Movement, Review, ReviewedLink, review
from wsiskg.matrix.standing import standing_links
from wsiskg.matrix.workspace import Workspace
from wsiskg.model.errors import ReleaseError, UsageError
from wsiskg.model.problems import Origin
from wsiskg.resources import default_mappings
from wsiskg.rules.policy import load_policy
from wsiskg.tables.load import load_tables
from wsiskg.tables.rows import Tables

# At the session of 2023, goal 9 was last reviewed in 2017 and goal 11 in 2018 (mappings/wsis/hlpf_sessions.csv).
LINKED = {
    "new": ("C2", "9.c"),
    "lost": ("C6", "9.c"),
    "steady": ("C3", "9"),
    "perhaps-new": ("C3", "11"),
    "perhaps-lost": ("C8", "11.4"),
}


def projects(name: str, years: Sequence[int | None]) -> list[dict[str, str]]:
    """Projects of three countries for one of the links, one a year."""
    line, sdg = LINKED[name]
    return [
        {
            "project": f"{name}-{place}",
            "title": f"{name} {place}",
            "action_lines": line,
            "sdgs": sdg,
            "countries": ("KEN", "TZA", "UGA")[place % 3],
            "first_year": "" if year is None else str(year),
            "source_url": "https://example.org/",
        }
        for place, year in enumerate(years)
    ]


PROJECTS = [
    *projects("new", [2017, 2018, 2019]),
    *projects("lost", [2015, 2016, 2017, 2020]),
    *projects("steady", [2015, 2016, 2017, 2018, 2019, 2020]),
    *projects("perhaps-new", [None, None, None, 2019]),
    *projects("perhaps-lost", [2016, 2017, 2018, None, None, None]),
]
# Begun before the review and awarded after: there then, and again since. An award dates a project without a year.
AWARDS = [
    {"record": "a1", "project": "lost-0", "year": "2019", "grade": "winner", "grade_certain": "yes"},
    {"record": "a2", "project": "new-0", "year": "2016", "grade": "nominee", "grade_certain": "yes"},
]


def rewrite(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, header, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({"source_url": "https://example.org/", "category": "C2", **row} for row in rows)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    root = tmp_path_factory.mktemp("small") / "mappings"
    shutil.copytree(default_mappings(), root)
    shutil.rmtree(root / "evidence" / "dpga")
    register = root / "evidence" / "wsis-prizes"
    for name, rows in (("projects", PROJECTS), ("awards", AWARDS), ("tags", ()), ("same_project", ())):
        rewrite(register / f"{name}.csv", rows)
    return load_tables(root)


@pytest.fixture(scope="module")
def workspace(tables: Tables) -> Workspace:
    standing = standing_links(tables, "2015")
    return Workspace(tables, read_reference(tables), "2015", standing, EvidenceIndex.count(tables), "test", Iris())


@pytest.fixture(scope="module")
def found(tables: Tables, workspace: Workspace) -> Review:
    return review("2023", workspace, load_policy("default", Iris()), tables)


def names(tables: Tables) -> set[str]:
    return {row.text("project") for row in tables.groups("projects")["wsis-prizes"]}


def records(tables: Tables) -> set[str]:
    return {row.text("record") for row in tables.groups("awards")["wsis-prizes"]}


def link(found: Review, name: str) -> ReviewedLink:
    links = {link.link.pair: link for goal in found.goals for link in goal.links}
    return links[LINKED[name]]


def counts(link: ReviewedLink) -> list[int | None]:
    parts = (link.before, link.since, link.undated, link.now)
    return [None if part is None else part.of("direct", "confirmed").projects for part in parts]


# Parts of time.


def test_parts_of_time_hold_what_they_should(tables: Tables) -> None:
    lost = {f"lost-{n}" for n in range(4)}
    assert names(up_to(tables, 2017)) & lost == {"lost-0", "lost-1", "lost-2"}
    assert names(since(tables, 2017)) & lost == {"lost-0", "lost-3"}
    assert names(up_to(tables, 2015)) & {"new-0", "lost-0", "lost-1"} == {"lost-0"}
    assert "new-0" in names(up_to(tables, 2016)), "an award may be older than the first year"
    assert (records(up_to(tables, 2017)), records(since(tables, 2017))) == ({"a2"}, {"a1"})


def test_every_project_is_in_some_part(tables: Tables) -> None:
    bare = names(undated(tables))
    assert bare == {"perhaps-new-0", "perhaps-new-1", "perhaps-new-2", *(f"perhaps-lost-{n}" for n in (3, 4, 5))}
    for year in (2000, 2015, 2017, 2019, 2050):
        then, later = names(up_to(tables, year)), names(since(tables, year))
        assert not (then | later) & bare
        assert then | later | bare == names(tables)
        assert names(up_to(tables, year, perhaps=True)) == then | bare
        assert names(since(tables, year, perhaps=True)) == later | bare


def test_a_part_without_projects_counts_as_none(tables: Tables) -> None:
    empty = EvidenceIndex.count(up_to(tables, 1990))
    assert (dict(empty.pairs), empty.loaded.projects, empty.loaded.first_year) == ({}, 0, None)


# Movements.


@pytest.mark.parametrize(
    ("name", "numbers", "movement"),
    [
        ("new", [1, 2, 0, 3], Movement.NEWLY_SUPPORTED),
        ("lost", [3, 2, 0, 4], Movement.NO_LONGER_SUPPORTED),
        ("steady", [3, 3, 0, 6], Movement.SUPPORTED),
        ("perhaps-new", [0, 1, 3, 4], Movement.SUPPORTED_UNDATED),
        ("perhaps-lost", [3, 0, 3, 6], Movement.SUPPORTED_UNDATED),
    ],
)
def test_what_became_of_a_link(found: Review, name: str, numbers: list[int], movement: Movement) -> None:
    reviewed = link(found, name)
    assert counts(reviewed) == numbers
    assert reviewed.movement is movement
    assert (reviewed.status, reviewed.findings) == ("validated", ())


def test_links_without_evidence_are_there_too(found: Review) -> None:
    links = [link for goal in found.goals for link in goal.links]
    others = [link for link in links if link.link.pair not in LINKED.values()]
    assert len(links) == len(others) + len(LINKED) > 50
    assert {link.movement for link in others} == {Movement.UNSUPPORTED}
    assert {link.status for link in others} == {"insufficient-evidence"}
    assert all(link.findings for link in others)


def test_goals_and_their_last_reviews(found: Review) -> None:
    assert [(g.goal, g.last_review, g.last_year, g.verified) for g in found.goals] == [
        ("6", "2018", 2018, True), ("7", "2018", 2018, True), ("9", "2017", 2017, True),
        ("11", "2018", 2018, True), ("17", "2022", 2022, True),
    ]  # fmt: skip


def test_a_goal_that_was_not_reviewed_before_has_no_then(tables: Tables, workspace: Workspace) -> None:
    first = review("2017", workspace, load_policy("default", Iris()), tables)
    nine = next(goal for goal in first.goals if goal.goal == "9")
    assert (nine.last_review, nine.last_year) == ("", None)
    by_pair = {link.link.pair: link for link in nine.links}
    assert counts(by_pair["C2", "9.c"]) == [None, None, 0, 3]
    assert by_pair["C2", "9.c"].movement is Movement.SUPPORTED
    assert {link.movement for link in nine.links} == {Movement.SUPPORTED, Movement.UNSUPPORTED}


def test_goals_from_memory_and_sessions_that_were_not_held(tables: Tables, workspace: Workspace) -> None:
    later = review("2027", workspace, load_policy("default", Iris()), tables, limit=0)
    assert {goal.goal: goal.verified for goal in later.goals} == {
        "4": True, "10": False, "12": False, "15": False, "17": False,
    }  # fmt: skip
    # Goal 17 is on the agenda of 2026 too, but nothing says that this session was held.
    assert next(goal for goal in later.goals if goal.goal == "17").last_review == "2025"


def test_a_recorded_decision_wins_over_the_evidence(tables: Tables, workspace: Workspace) -> None:
    (decided,) = [t for t in tables.tables if t.schema.name == "decisions" and t.group == "2015"]
    cells = {
        **dict.fromkeys(decided.schema.by_name, ""),
        "action_line": "C2", "target": "9.c", "decision": "contested", "decided_on": "2026-01-01",
    }  # fmt: skip
    row = replace(tables["targets"].rows[0], schema=decided.schema, cells=cells)
    changed = Tables(tuple(replace(t, rows=(row,)) if t is decided else t for t in tables.tables))
    found = review("2023", replace(workspace, tables=changed), load_policy("default", Iris()), changed)
    assert (link(found, "new").status, link(found, "new").movement) == ("contested", Movement.NEWLY_SUPPORTED)


def test_open_proposals_stand_with_their_goal(tables: Tables, workspace: Workspace) -> None:
    proposals = tuple(
        Proposal(Origin("agency.xlsx", row), "C2", sdg, Change.ADD, {"en": text}, ("ITU",))
        for row, sdg, text in (
            (2, "11.2", "Connected buses tell their riders when they come, and find the shortest way."),
            (3, "4.1", "Schools that have a connection can teach what their own teachers do not know."),
        )
    )
    submission = Submission("agency.xlsx", "0" * 64, proposals)
    found = review("2023", workspace, load_policy("default", Iris()), tables, [submission])
    assert {goal.goal: [p.proposal.pair for _, p in goal.proposals] for goal in found.goals} == {
        "6": [], "7": [], "9": [], "11": [("C2", "11.2")], "17": [],
    }  # fmt: skip
    assert found.files == (("agency.xlsx", 2, 1),)
    (record,) = [r for s in review_paper(found, workspace, "en").sections for r in s.records if r["kind"] == "proposal"]
    assert (record["source"], record["status"], record["now"]) == ("agency.xlsx:2", "insufficient-evidence", 0)


def test_registers_that_changed_since_the_release(tables: Tables, workspace: Workspace) -> None:
    policy = load_policy("default", Iris())
    with pytest.raises(ReleaseError, match="have changed since the release"):
        review("2023", workspace, policy, since(tables, 2017))


@pytest.mark.parametrize(
    ("session", "message"),
    [("2020", "at HLPF 2020"), ("2023-summit", "at SDG Summit 2023"), ("2099", "no HLPF session '2099'")],
)
def test_sessions_that_review_nothing(tables: Tables, workspace: Workspace, session: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        review(session, workspace, load_policy("default", Iris()), tables)
    assert "2019" in error.value.remedy
