"""Codes: which are well formed, how they sort, which dates are real."""

import re
from datetime import date
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from wsiskg.model.codes import FORMATS, UN_LANGUAGES, is_isodate, natural_key, parent_line, sdg_goal_of

WELL_FORMED = {
    "action-line": ["C1", "C7", "C7-EGOV", "C10", "C11"],
    "sdg": ["1", "17", "9.c", "16.10", "17.19"],
    "sdg-goal": ["1", "10", "17"],
    "sdg-target": ["1.1", "9.c", "17.19"],
    "sdg-indicator": ["1.1.1", "9.c.1", "17.18.3"],
    "connect2020": ["1", "2.1", "2.1.A", "4.2"],
    "country": ["KEN", "CHE"],
    "lang": ["en", "fr", "zh-Hans", "pt-BR"],
    "slug": ["2015", "wsis-forum-2015", "2.1.A-2015-1", "a"],
    "uri": ["https://www.itu.int/", "http://a.example/%D9%81?q=1#x", "urn:x-itu:council-2017:cwg-wsis-report"],
    "isodate": ["2015", "2015-05", "2015-05-25", "2024-02-29"],
}
ILL_FORMED = {
    "action-line": ["", "C0", "C12", "c2", "C07", "C7-XXXX", "C8-EGOV", "C2 "],
    "sdg": ["", "0", "18", "9.e", "9.0", "9.20", "9c", "09", "SDG 9", "http://metadata.un.org/sdg/9.c"],
    "sdg-goal": ["", "0", "18", "9.c", "1,2"],
    "sdg-target": ["", "9", "18.1", "9.c.1", "9.C"],
    "sdg-indicator": ["", "9.c", "9.c.0", "C090c01"],
    "connect2020": ["", "0", "5", "2.1.C", "2.6"],
    "country": ["", "KE", "ken", "KENY"],
    "lang": ["", "EN", "e", "français", "en-", "en_GB"],
    "slug": ["", "-a", "a-", "a b", "a/b", "é", "a\n"],
    "uri": ["", "itu.int", "ftp://a.example/", "javascript:alert(1)", "https://a.example/a b", "https://a.example/<b>"],
    "isodate": ["", "15", "2015-13", "2015-00", "2015-02-30", "2023-02-29", "2015-5", "25-05-2015", "2015-05-25T00:00"],
}


def _cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(form, text) for form, texts in table.items() for text in texts]


def test_every_format_has_cases() -> None:
    assert WELL_FORMED.keys() == ILL_FORMED.keys() == FORMATS.keys()


@pytest.mark.parametrize(("form", "text"), _cases(WELL_FORMED))
def test_well_formed(form: str, text: str) -> None:
    assert FORMATS[form](text)


@pytest.mark.parametrize(("form", "text"), _cases(ILL_FORMED))
def test_ill_formed(form: str, text: str) -> None:
    assert not FORMATS[form](text)


def test_six_languages() -> None:
    assert sorted(UN_LANGUAGES) == ["ar", "en", "es", "fr", "ru", "zh"]


@pytest.mark.parametrize(("code", "goal"), [("9", "9"), ("9.c", "9"), ("17.18.3", "17")])
def test_goal_of_a_code(code: str, goal: str) -> None:
    assert sdg_goal_of(code) == goal


@pytest.mark.parametrize(("code", "parent"), [("C7-EAGR", "C7"), ("C7", None), ("C10", None)])
def test_parent_of_a_line(code: str, parent: str | None) -> None:
    assert parent_line(code) == parent


@pytest.mark.parametrize(
    "ordered",
    [
        ["C1", "C2", "C7", "C7-EAGR", "C7-EGOV", "C8", "C10", "C11"],
        ["1", "1.1", "1.2", "1.10", "1.a", "1.b", "2", "10", "10.1", "17"],
        ["1.1.1", "1.2.1", "1.10.1", "1.a.1", "2.1.1"],
        ["1", "1.1", "2", "2.1", "2.1.A", "2.1.B", "2.2"],
        ["2015", "2019", "2019-summit", "2020"],
        ["wsis-2015-n-9", "wsis-2015-n-31", "wsis-2015-n-200", "wsis-2016-c-1"],
    ],
)
def test_natural_order(ordered: list[str]) -> None:
    jumbled = ordered[::-1]
    assert sorted(jumbled, key=natural_key) == ordered


CODES = st.one_of(
    st.from_regex(r"C(?:[1-9]|10|11|7-(?:EGOV|EBUS|ELEA|EHEA|EEMP|EENV|EAGR|ESCI))", fullmatch=True),
    st.from_regex(r"(?:[1-9]|1[0-7])(?:\.(?:[1-9]|1[0-9]|[a-d])(?:\.[1-9])?)?", fullmatch=True),
    st.from_regex(r"[1-4](?:\.[1-5](?:\.[AB])?)?", fullmatch=True),
)


@given(CODES, CODES)
def test_natural_key_tells_codes_apart(one: str, other: str) -> None:
    assert (natural_key(one) == natural_key(other)) == (one == other)


@given(st.integers(1, 17), st.integers(1, 17), st.integers(1, 19), st.integers(1, 19))
def test_natural_order_of_targets_is_that_of_their_numbers(goal: int, other_goal: int, number: int, other: int) -> None:
    one, two = f"{goal}.{number}", f"{other_goal}.{other}"
    assert (natural_key(one) < natural_key(two)) == ((goal, number) < (other_goal, other))


@given(CODES)
def test_goal_sorts_before_what_is_below_it(code: str) -> None:
    parent = code.rpartition(".")[0]
    assert not parent or natural_key(parent) < natural_key(code)


@given(st.lists(CODES), st.randoms(use_true_random=False))
def test_sorting_does_not_depend_on_the_order_given(codes: list[str], chance: Random) -> None:
    jumbled = codes.copy()
    chance.shuffle(jumbled)
    assert sorted(codes, key=natural_key) == sorted(jumbled, key=natural_key)


@given(st.text(max_size=8), st.text(max_size=8))
@example("²", "2")
@example("n-31", "n-031")
@example("1.A", "1A")
def test_natural_key_is_total_on_any_text(one: str, other: str) -> None:
    first, second = natural_key(one), natural_key(other)
    assert (first < second) + (first == second) + (first > second) == 1
    assert (first == second) == (one == other)


@given(st.dates())
def test_every_date_is_one(day: date) -> None:
    text = day.isoformat()
    assert is_isodate(text)
    assert is_isodate(text[:7])
    assert is_isodate(text[:4])


@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32))
def test_isodate_agrees_with_the_calendar(year: int, month: int, day: int) -> None:
    text = f"{year:04}-{month:02}-{day:02}"
    try:
        date.fromisoformat(text)
    except ValueError:
        assert not is_isodate(text)
    else:
        assert is_isodate(text)


@given(st.text(max_size=12))
def test_nothing_else_is_a_date(text: str) -> None:
    if is_isodate(text):
        assert re.fullmatch(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?", text)


@pytest.mark.parametrize("text", ["٢٠١٥", "2015-0５"])
def test_dates_have_ascii_digits(text: str) -> None:
    assert not is_isodate(text)


@settings(max_examples=50)
@example("http://a.example/[x]")
@given(st.from_regex(r"https?://[^\s<>\"{}|\\^`]{1,30}", fullmatch=True))
def test_every_uri_can_stand_in_the_graph(text: str) -> None:
    if FORMATS["uri"](text):
        assert NamedNode(text).value == text


@pytest.mark.parametrize(
    "text", ["http://[", "http://a.example/[x]", "http://a.example/#a#b", "http://a.example/%zz", "http://a:b/"]
)
def test_addresses_that_the_graph_refuses(text: str) -> None:
    assert not FORMATS["uri"](text)


@settings(max_examples=50)
@example("aa-0")
@given(st.from_regex(r"[a-z]{2,3}(?:-[A-Za-z0-9]{1,10}){0,3}", fullmatch=True))
def test_every_language_can_stand_in_the_graph(text: str) -> None:
    if FORMATS["lang"](text):
        assert Literal("x", language=text).language == text.lower()
