"""The matrix as it is looked at, its addresses, and the geometry of drawings."""

import itertools
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wsiskg.model.errors import UsageError
from wsiskg.store.index.index import Cell
from wsiskg.web.ui.browse.evidence import measures
from wsiskg.web.ui.drawings.charts import figure_chart, sankey
from wsiskg.web.ui.matrix.frameworks import Proposal, join_paths
from wsiskg.web.ui.matrix.view import MEASURES, ORIGINS, View, build_matrix, read_view

KNOWN = {
    "edition": ["2015", "2019"],
    "goal": ["1", "9"],
    "agency": ["FAO", "ITU"],
    "hlpf": ["2019"],
    "region": ["AFR", "EUR"],
}
LINES = [
    {"id": "line:C7", "notation": "C7", "position": 7},
    {"id": "line:C2", "notation": "C2", "position": 2},
    {"id": "line:C7-EAGR", "notation": "C7-EAGR", "position": 14, "broader": ["line:C7"]},
]
GOALS = [{"id": "sdg:1", "notation": "1"}, {"id": "sdg:9", "notation": "9"}]


def link(line: str, sdg: str, status: str = "validated", agency: str = "ITU", countries: int = 0) -> dict[str, Any]:
    return {
        "id": f"kg:link/2015/{line}-{sdg}",
        "actionLine": f"line:{line}",
        "target": f"sdg:{sdg}",
        "goal": f"sdg:{sdg.split('.')[0]}",
        "status": f"kg:status/{status}",
        "proposedBy": [f"kg:agency/{agency}"],
        "assessments": [{"directConfirmed": {"countryCount": countries}}],
    }


LINKS = [
    link("C2", "9.c", countries=4),
    link("C2", "9.10", "insufficient-evidence"),
    link("C2", "9.2", "insufficient-evidence", "FAO", 2),
    link("C7-EAGR", "1"),
]
CANDIDATES = [{**link("C7-EAGR", "9.1"), "id": "kg:candidate/2015/C7-EAGR-9.1"}]
COUNTED = [Cell("C2", "9", 7, 3), Cell("C2", "9.c", 5, 2)]


def cell(view: View, line: str, sdg: str) -> Any:
    columns = GOALS if not view.goal else [{"id": f"sdg:{c}", "notation": c} for c in ("9", "9.2", "9.10", "9.c")]
    matrix = build_matrix(view, LINES, columns, LINKS, CANDIDATES, COUNTED)
    row = next(r for r in matrix.rows if r.line["notation"] == line)
    return next(c for c in row.cells if c.sdg == sdg)


def test_a_cell_gathers_what_stands_below_its_goal() -> None:
    found = cell(View("2015"), "C2", "9")
    assert found.codes == ("9.2", "9.10", "9.c")
    assert found.agencies == ("FAO", "ITU")
    assert (found.validated, found.verdict) == (1, "some")
    assert (found.projects, found.recognised, found.countries) == (7, 3, 4)
    assert cell(View("2015"), "C7-EAGR", "9").candidates == ("kg:candidate/2015/C7-EAGR-9.1",)
    assert cell(View("2015"), "C7-EAGR", "9").verdict == ""
    assert cell(View("2015"), "C7-EAGR", "1").verdict == "all"


def test_an_open_goal_shows_each_target_apart() -> None:
    assert cell(View("2015", goal="9"), "C2", "9.c").codes == ("9.c",)
    assert cell(View("2015", goal="9"), "C2", "9.c").projects == 5
    assert cell(View("2015", goal="9"), "C2", "9").links == ()
    assert cell(View("2015", goal="9"), "C2", "9.10").verdict == "none"


def test_rows_are_the_leaves_in_their_order() -> None:
    matrix = build_matrix(View("2015"), LINES, GOALS, LINKS, CANDIDATES, COUNTED)
    assert [row.line["notation"] for row in matrix.rows] == ["C2", "C7-EAGR"]
    assert matrix.links == 4
    assert matrix.totals == (1, 3)
    most = build_matrix(View("2015", measure="candidates", order="most"), LINES, GOALS, LINKS, CANDIDATES, COUNTED)
    assert [row.line["notation"] for row in most.rows] == ["C7-EAGR", "C2"]


@pytest.mark.parametrize(
    ("measure", "value", "step"),
    [
        ("links", 3, 3),
        ("evidence", 7, 3),
        ("prizes", 3, 2),
        ("countries", 4, 2),
        ("candidates", 0, 0),
        ("verdict", 3, 0),
    ],
)
def test_a_measure_has_a_number_and_a_step(measure: str, value: int, step: int) -> None:
    found = cell(View("2015", measure=measure), "C2", "9")
    assert (found.value, found.step) == (value, step)


def test_an_edition_is_held_against_another() -> None:
    view = View("2019", measure="changes", compare="2015")
    before = [link("C2", "9.c"), link("C2", "9.1"), link("C7-EAGR", "9")]
    matrix = build_matrix(view, LINES, GOALS, LINKS, [], [], before)
    found = {(c.line, c.sdg): (c.new, c.gone, c.value) for row in matrix.rows for c in row.cells}
    assert found["C2", "9"] == (("9.2", "9.10"), ("9.1",), 3)
    assert found["C7-EAGR", "9"] == ((), ("9",), 1)
    assert found["C7-EAGR", "1"] == (("1",), (), 1)
    assert cell(View("2019"), "C2", "9").new == ()


VIEWS = st.builds(
    View,
    edition=st.sampled_from(KNOWN["edition"]),
    measure=st.sampled_from([name for name in MEASURES if name != "changes"]),
    compare=st.sampled_from(["", "2015"]),
    goal=st.sampled_from(["", *KNOWN["goal"]]),
    agency=st.sampled_from(["", *KNOWN["agency"]]),
    hlpf=st.sampled_from(["", *KNOWN["hlpf"]]),
    region=st.sampled_from(["", *KNOWN["region"]]),
    origin=st.sampled_from(list(ORIGINS)),
    first=st.sampled_from([0, 2012]),
    last=st.sampled_from([0, 2025]),
    order=st.sampled_from(["code", "most"]),
)


@given(VIEWS)
@example(View("2019", measure="changes", compare="2015"))
def test_the_address_of_a_state_leads_back_to_it(view: View) -> None:
    values = {name: str(value) for name, value in view.parameters("2019").items()}
    assert read_view(values, KNOWN) == view


@pytest.mark.parametrize(
    "values",
    [{"edition": "1999"}, {"measure": "<b>"}, {"goal": "18"}, {"origin": "suggested"}, {"year-from": "20l5"},
     {"year-to": "-200"}, {"agency": "ITU' OR 1=1"}, {"measure": "changes"}, {"compare": "1999"},
     {"year-from": "٢٠١٥"}],
)  # fmt: skip
def test_an_unknown_value_is_refused_with_what_there_is(values: dict[str, str]) -> None:
    with pytest.raises(UsageError) as raised:
        read_view(values, KNOWN)
    assert raised.value.remedy


def test_paths_meet_at_the_same_target() -> None:
    proposals = [
        Proposal("1.1", "9.c", "0.8", "x:1"),
        Proposal("1.1", "9", "0.8", "x:2"),
        Proposal("1.2", "1", "", "x:3"),
    ]
    assert [(p.proposal.connect, p.proposal.named, p.line) for p in join_paths(proposals, LINKS)] == [
        ("1.1", "9.c", "C2"),
        ("1.2", "1", "C7-EAGR"),
    ]


FLOWS = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), st.integers(min_value=1, max_value=40), min_size=1
)


@given(FLOWS)
def test_a_drawing_keeps_amounts_and_boxes_apart(flows: dict[tuple[str, str], int]) -> None:
    columns = [sorted({a for a, _ in flows}), sorted({b for _, b in flows})]
    drawn = sankey(columns, [(a, b, amount, "published") for (a, b), amount in flows.items()])
    assert sum(f.amount for f in drawn.flows) == sum(flows.values())
    for number in (0, 1):
        boxes = sorted((n for n in drawn.nodes if n.column == number), key=lambda n: n.y)
        assert all(upper.y + upper.height <= lower.y + 0.11 for upper, lower in itertools.pairwise(boxes))
        assert all(n.y >= 0 and n.y + n.height <= drawn.height + 0.1 for n in boxes)
        assert sum(n.amount for n in boxes) == sum(flows.values())


def test_a_chart_leaves_out_what_was_revised_and_what_is_counted_otherwise() -> None:
    document = {
        "targetValue": "50", "unit": "percent", "baselineValue": "40", "baselineUnit": "percent", "baselineYear": 2015,
        "figures": [
            {"year": 2015, "value": "34", "unit": "percent", "revisedBy": "kg:figure/2"},
            {"year": 2017, "value": "100", "unit": "percent"},
            {"year": 2018, "value": "3", "unit": "million"},
            {"year": 2019, "value": "unknown", "unit": "percent"},
        ],
    }  # fmt: skip
    chart = figure_chart(document)
    assert chart is not None
    assert [(p.year, p.value, p.kind) for p in chart.points] == [("2015", "40", "baseline"), ("2017", "100", "figure")]
    assert [(p.y, chart.aim) for p in chart.points] == [(138.0, 120.0), (30.0, 120.0)]
    assert figure_chart({"figures": []}) is None


def test_measures_say_what_the_policy_lacks() -> None:
    assessment = {
        "directConfirmed": {"projectCount": 2, "countryCount": 5, "lift": "1.5"},
        "goalConfirmed": {"projectCount": 9},
    }
    direct, goal = measures(
        assessment, {("directConfirmed", "projectCount"): 3, ("directConfirmed", "countryCount"): 2}
    )
    assert (direct.directness, direct.origin, direct.lift) == ("direct", "confirmed", "1.5")
    assert direct.lacks("projectCount")
    assert not direct.lacks("countryCount")
    assert not goal.lacks("projectCount")
