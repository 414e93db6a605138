"""What is said of a problem is said in every language, with the same facts."""

import string

import pytest

from wsiskg.model.problems import LANGUAGES, Origin
from wsiskg.tables.messages import MESSAGES, problem


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("rule", sorted(MESSAGES))
def test_message_in_every_language_with_the_same_placeholders(rule: str) -> None:
    texts = MESSAGES[rule]
    assert tuple(texts) == LANGUAGES
    assert len({text.strip() for text in texts.values()}) == len(LANGUAGES)
    assert len({frozenset(placeholders(text)) for text in texts.values()}) == 1
    assert "" not in placeholders(texts["en"])


@pytest.mark.parametrize("rule", sorted(MESSAGES))
def test_message_is_filled(rule: str) -> None:
    facts = {name: f"[{name}]" for name in placeholders(MESSAGES[rule]["en"]) - {"value"}}
    found = problem(rule, Origin("a.csv", 2, "code"), "[value]", **facts)
    for language in LANGUAGES:
        assert "{" not in found.text(language)
        assert all(f"[{name}]" in found.text(language) for name in placeholders(MESSAGES[rule]["en"]))


def test_missing_fact_is_an_error() -> None:
    with pytest.raises(KeyError, match="title"):
        problem("required", Origin("a.csv"))


def test_unknown_language_falls_back_to_english() -> None:
    found = problem("blanks", Origin("a.csv", 2, "code"), " x")
    assert found.text("ru") == found.text("en") == found.text()


def test_long_values_are_shortened_in_the_message_only() -> None:
    value = "x" * 100
    found = problem("format", Origin("a.csv"), value, format="slug", example="a")
    assert found.value == value
    assert f"'{'x' * 77}...'" in found.text()


def test_braces_in_a_value_are_left_alone() -> None:
    assert "'{value}'" in problem("format", Origin("a.csv"), "{value}", format="slug", example="a").text()
