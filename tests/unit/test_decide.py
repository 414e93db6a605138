"""What a publisher decides on single proposals."""

import pytest

from wsiskg.matrix.decide import Choice, decide
from wsiskg.matrix.proposals import Decision, Proposal, Submission
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import Origin, Problem
from wsiskg.web.ui.officers.publish import faults_in, options_of

ENDS = [(2, "C2", "9.c"), (3, "", "6.4"), (4, "C3", "4")]
SAID = [(None, "file"), (3, "line"), (4, "other")]
FILE = Submission(
    "a.csv",
    "0" * 64,
    tuple(Proposal(Origin("a.csv", row), line, sdg) for row, line, sdg in ENDS),
    tuple(Problem(Origin("a.csv", row), rule, {"en": rule}) for row, rule in SAID),
)


def test_what_is_left_out_goes_with_what_was_said_of_its_row() -> None:
    decided = decide(FILE, {1: Choice("withhold", " no line\n named "), 2: Choice("contest", "No.")})
    assert [p.pair for p in decided.proposals] == [("C2", "9.c"), ("C3", "4")]
    assert [p.rule for p in decided.problems] == ["file", "other"]
    assert [(w.origin.row, w.sdg, w.reason) for w in decided.withheld] == [(3, "6.4", "no line named")]
    assert [p.decision for p in decided.proposals] == [None, Decision("contested", "No.")]
    assert decided.digest == FILE.digest
    assert decide(FILE, {}) == FILE


@pytest.mark.parametrize("place", [-1, 3])
def test_a_place_that_is_not_there(place: int) -> None:
    with pytest.raises(UsageError, match="no proposal"):
        decide(FILE, {place: Choice("take")})


@pytest.mark.parametrize("choice", [Choice("uphold", " "), Choice("withhold"), Choice("sing", "because")])
def test_a_decision_needs_a_kind_and_a_reason(choice: Choice) -> None:
    with pytest.raises(UsageError):
        decide(FILE, {0: choice})


def link(**given: object) -> dict[str, object]:
    return {"place": 0, "worst": "", "change": "add", "findings": [], "decision": None, **given}


@pytest.mark.parametrize(
    ("given", "options"),
    [
        ({}, ("take", "withhold", "contest")),
        ({"findings": [{"en": "x"}]}, ("", "uphold", "withhold", "contest")),
        ({"change": "retire", "findings": [{"en": "x"}]}, ("take", "withhold")),
        ({"worst": "Violation", "findings": [{"en": "x"}]}, ("", "withhold")),
        ({"decision": {"kind": "contested", "reason": "x"}}, ("contest", "uphold", "withhold")),
    ],
)
def test_the_decisions_that_are_open(given: dict[str, object], options: tuple[str, ...]) -> None:
    assert options_of(link(**given)) == options


def test_what_is_entered_is_looked_at_field_by_field() -> None:
    review = {"links": [link(), link(place=1, findings=[{"en": "x"}]), link(place=2, change="keep")]}
    known = {"hlpf": ["2023"], "agency": ["ITU"]}
    assert faults_in({}, review, ["2015"], known) == {
        "edition": "missing", "hlpf": "missing", "role": "missing", "agency": "missing", "kind-0": "choose",
        "kind-1": "choose",
    }  # fmt: skip
    terms = {"edition": "2023", "hlpf": "2023", "role": "officer", "agency": "ITU"}
    entered = {**terms, "kind-0": "take", "kind-1": "uphold", "reason-1": "Agreed."}
    assert faults_in(entered, review, ["2015"], known) == {}
    assert faults_in({**entered, "edition": "2015"}, review, ["2015"], known) == {"edition": "published"}
    assert faults_in({**entered, "hlpf": "1999"}, review, ["2015"], known) == {"hlpf": "unknown"}
    assert faults_in({**entered, "reason-1": ""}, review, ["2015"], known) == {"reason-1": "reason"}
    assert faults_in({**entered, "kind-1": "take"}, review, ["2015"], known) == {"kind-1": "choose"}
