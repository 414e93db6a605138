"""Codes as people write them are told, or the nearest are named; nothing is guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.matrix.workspace import LINKS_ONLY
from wsiskg.model.problems import LANGUAGES, Origin, Severity
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables
from wsiskg.tables.recognise.messages import recognition_problem
from wsiskg.tables.recognise.recognised import Recognised
from wsiskg.tables.recognise.recogniser import Recogniser
from wsiskg.tables.recognise.values import read_decimal, read_flag

TABLES = load_tables(default_mappings(), LINKS_ONLY)
RECOGNISER = Recogniser(TABLES)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("9.c", "9.c"), ("SDG 9.c", "9.c"), ("Goal 9 target 9.C", "9.c"), ("ODD 9.c", "9.c"), ("ODS 9.c", "9.c"),
        ("Target 4.a", "4.a"), ("SDG 9: Industry, innovation and infrastructure", "9"), ("Goal 4", "4"),
        ("ЦУР 9", "9"), ("目标9", "9"), ("الهدف 9", "9"), ("Objectif 17", "17"), ("sdg:9.c", "9.c"),
        ("http://metadata.un.org/sdg/9.c", "9.c"), ("9,c", "9.c"), ("٩", "9"), ("9.с", "9.c"),
    ],
)  # fmt: skip
def test_an_sdg_is_told(text: str, code: str) -> None:
    assert RECOGNISER.sdg(text).code == code


@pytest.mark.parametrize(
    ("text", "kind", "doubt", "candidate"),
    [
        ("9.10", "text", "unknown", "9.1"), ("99.1", "text", "unknown", None),
        ("9.c and 9.1", "text", "several", "9.1"),
        ("9,1", "text", "comma", "9.1"), ("2026-03-09", "date", "date", "9.3"), ("9.c.1", "text", "indicator", "9.c"),
        ("Goal 4 target 9.c", "text", "contradictory", "9.c"), ("bananas", "text", "unknown", None),
        ("9.z", "text", "unknown", None),
    ],
)  # fmt: skip
def test_an_sdg_in_doubt_is_not_guessed(text: str, kind: str, doubt: str, candidate: str | None) -> None:
    found = RECOGNISER.sdg(text, kind)
    assert (found.code, found.doubt) == (None, doubt)
    assert candidate is None or candidate in found.candidates


def test_a_number_that_may_have_lost_a_zero_is_doubted() -> None:
    found = RECOGNISER.sdg("16.1", "number")
    assert (found.code, found.doubt, found.candidates) == ("16.1", "zero", ("16.10",))
    assert RECOGNISER.sdg("16.1").doubt == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("C2", "C2"), ("c2", "C2"), ("C7 e-agriculture", "C7-EAGR"), ("AL C7 - E-Agriculture", "C7-EAGR"),
        ("C7-EAGR", "C7-EAGR"), ("c 7 EAGR", "C7-EAGR"), ("E-health", "C7-EHEA"), ("Grande orientation C2", "C2"),
        ("C7", "C7"), ("line:C2", "C2"), ("WSIS Action Line C10", "C10"), ("Línea de acción C5", "C5"), ("С2", "C2"),
    ],
)  # fmt: skip
def test_an_action_line_is_told(text: str, code: str) -> None:
    assert RECOGNISER.action_line(text).code == code


@pytest.mark.parametrize(
    ("text", "doubt"),
    [("C7 e-banana", "sub-line"), ("C12", "unknown"), ("C2, C5", "several"), ("C2 E-health", "contradictory")],
)
def test_an_action_line_in_doubt_is_not_guessed(text: str, doubt: str) -> None:
    found = RECOGNISER.action_line(text)
    assert (found.code, found.doubt) == (None, doubt)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("ITU", ["ITU"]), ("UIT", ["ITU"]), ("ITU; UNESCO", ["ITU", "UNESCO"]), ("WHO and FAO", ["WHO", "FAO"]),
        ("International Telecommunication Union (ITU)", ["ITU"]), ("UIT et UNESCO", ["ITU", "UNESCO"]),
        ("itu|ITU", ["ITU"]), ("Unión Internacional de Telecomunicaciones", ["ITU"]),
    ],
)  # fmt: skip
def test_agencies_are_told(text: str, codes: list[str]) -> None:
    assert [found.code for found in RECOGNISER.agencies(text)] == codes


def test_an_unknown_agency_is_said_and_the_known_ones_beside_it_kept() -> None:
    assert [found.code for found in RECOGNISER.agencies("ITU, Ministry of Silly Walks")] == ["ITU", None]


CODES = [row.text("code") for name in ("goals", "targets") for row in TABLES[name]]
LINES = [row.text("code") for row in TABLES["action_lines"]]


@pytest.mark.parametrize("code", CODES)
def test_every_sdg_code_means_itself_however_it_is_dressed(code: str) -> None:
    for text in (code, code.upper(), f"SDG {code}", f"ODD {code}", f" {code} "):
        assert RECOGNISER.sdg(text).code == code


@pytest.mark.parametrize("code", LINES)
def test_every_line_and_its_titles_mean_the_line(code: str) -> None:
    for text in (code, code.lower(), f"AL {code}", *RECOGNISER.titles("action-line", code).values()):
        assert RECOGNISER.action_line(text).code == code


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_every_reading_can_be_said(text: str) -> None:
    readings: list[Recognised] = [RECOGNISER.sdg(text), RECOGNISER.action_line(text), *RECOGNISER.agencies(text)]
    for found in readings:
        said = recognition_problem(RECOGNISER, found, Origin("f"))
        if found.code is None:
            assert said is not None
            assert said.severity is Severity.VIOLATION
            assert all(said.texts[language] for language in LANGUAGES)


@given(st.text(max_size=30))
def test_a_code_that_is_told_exists(text: str) -> None:
    assert RECOGNISER.sdg(text).code in {None, *CODES}
    assert RECOGNISER.action_line(text).code in {None, *LINES}


def test_plain_values() -> None:
    assert [read_flag(text) for text in ("yes", "Oui", "sí", "no", "НЕТ", "perhaps")] == [
        True,
        True,
        True,
        False,
        False,
        None,
    ]
    assert [str(read_decimal(text)) for text in ("0,8", "80 %", "0.80", "1", "x")] == ["0.8", "0.8", "0.8", "1", "None"]
