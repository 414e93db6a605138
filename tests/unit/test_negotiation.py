"""Content negotiation, after the examples of RFC 9110, section 12.5.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.web.http.encoding import names_etag
from wsiskg.web.http.negotiation import choose

OFFERED = ["text/html", "application/ld+json", "text/turtle"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("   ", "text/html"),
        ("*/*", "text/html"),
        ("*", "text/html"),  # what Java's HttpURLConnection sends
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),
        ("text/turtle; Q=0.5, text/html;q=0.4", "text/turtle"),
        ("text/*", "text/html"),
        ("application/*", "application/ld+json"),
        ("text/turtle, text/html", "text/html"),  # equal: the server prefers
        ("text/html;q=0.8, text/turtle;q=0.9", "text/turtle"),
        ("text/html;q=0.8,text/turtle;q=0.81", "text/turtle"),
        ("*/*;q=0.1, text/turtle;q=0.2", "text/turtle"),
        ("*/*, text/html;q=0", "application/ld+json"),
        ("text/*, text/html;q=0", "text/turtle"),
        ("text/*;q=0, */*", "application/ld+json"),
        ("text/*;q=0, text/turtle;q=0.001, */*;q=0", "text/turtle"),
        ("text/html;q=0.0", None),
        ("*/*;q=0", None),
        ("image/png", None),
        ("image/png, */*;q=0.1", "text/html"),
        ("text/turtle;charset=utf-8", "text/turtle"),
        ('text/turtle; charset="utf-8"; q=0.9, text/html; q=0.8', "text/turtle"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("application/ld+json;profile=x, text/turtle;q=0.1", "application/ld+json"),
        ("text/turtle;version=1.2", None),
        ("text/turtle;version=1.2, text/html;q=0.1", "text/html"),
        ("text/turtle;q=0.5;version=1.2, text/turtle;q=0.3", "text/turtle"),
        (" text/turtle ; q = 0.4 ,  text/html ; q = 0.3 ", "text/turtle"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
        (",,text/turtle,,", "text/turtle"),
        ("text/turtle;q=2", "text/turtle"),
        ("text/turtle;q=-1", None),
        ("text/turtle;q=much, text/html;q=0.9", "text/turtle"),
        ("text/turtle;q", "text/turtle"),
        ("text", None),
        ("/", None),
        (";;;", None),
        ("text/turtle/x", None),
        ("*/turtle", None),
        ("text/html;level=1;q=0.4, text/html;q=0.7, */*;q=0.5", "text/html"),
    ],
)
def test_choice(accept: str | None, chosen: str | None) -> None:
    assert choose(accept, OFFERED) == chosen


def test_order_of_the_header_does_not_matter() -> None:
    ranges = ["text/turtle;q=0.3", "text/*;q=0.2", "*/*;q=0.1", "text/html;q=0"]
    assert {choose(", ".join(order), OFFERED) for order in (ranges, ranges[::-1], ranges[2:] + ranges[:2])} == {
        "text/turtle"
    }


def test_a_repeated_type_keeps_its_best_quality() -> None:
    assert choose("text/turtle;q=0.1, text/html;q=0.5, text/turtle;q=0.9", OFFERED) == "text/turtle"


@pytest.mark.parametrize("quality", ["nan", "inf", "1e400", "0x1", "１"])
def test_odd_numbers_are_survived(quality: str) -> None:
    assert choose(f"text/turtle;q={quality}", OFFERED) in {"text/turtle", None}
    assert choose(f"text/turtle;q={quality}, text/html;q=0.5", OFFERED) in OFFERED


@given(st.text(max_size=60))
def test_any_header_is_survived(accept: str) -> None:
    assert choose(accept, OFFERED) in {*OFFERED, None}


@given(st.permutations(OFFERED), st.lists(st.integers(1, 1000), min_size=3, max_size=3, unique=True))
def test_highest_quality_wins(offered: list[str], thousandths: list[int]) -> None:
    accept = ", ".join(f"{t};q={q / 1000:.3f}" for t, q in zip(OFFERED, thousandths, strict=True))
    assert choose(accept, offered) == OFFERED[thousandths.index(max(thousandths))]


@pytest.mark.parametrize(
    ("held", "named"),
    [
        (None, False), ("", False), ('"a"', True), ('W/"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False),
        ('"xa"', False), ("a", False),
    ],
)  # fmt: skip
def test_lists_of_etags(held: str | None, named: bool) -> None:
    assert names_etag(held, '"a"') is named
