"""Suggested tags: what words say in six languages, how scores come about, what a classifier may learn."""

import re
from importlib.resources import files

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from wsiskg.model.problems import LANGUAGES
from wsiskg.resources import default_mappings
from wsiskg.suggestions import texts
from wsiskg.suggestions.classifier import learn
from wsiskg.suggestions.review import reason_of
from wsiskg.suggestions.suggest import Entry, Suggestion, combined
from wsiskg.suggestions.terms import Match, Term, Vocabulary, read_vocabulary
from wsiskg.suggestions.words import STEMMED, plain, stem, words
from wsiskg.tables.load import load_tables


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary(load_tables(default_mappings()))


@given(st.text(max_size=80))
@settings(max_examples=40)
def test_words_stand_in_the_text_where_they_say(text: str) -> None:
    assert len(plain(text)) == len(text)
    for word in words(text):
        assert plain(text[word.start : word.end]) == word.form
        assert all(stem(word.form, language) is not None for language in STEMMED)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("farmers", "farmer", "en"), ("écoles", "ECOLE", "fr"), ("agrícolas", "agrícola", "es"),
        ("школы", "школа", "ru"), ("المدارس", "مدارس", "ar"),
    ],
)  # fmt: skip
def test_words_of_one_family_have_one_stem(one: str, other: str, language: str) -> None:
    [first], [second] = words(one), words(other)
    assert stem(first.form, language) == stem(second.form, language) != ""
    assert stem(first.form, "en" if language in {"ru", "ar"} else "ru") == ""


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("Telemedicine for rural hospitals", "C7-EHEA", {"Telemedicine", "hospitals"}),
        ("Réseau d'HÔPITAUX et télémédecine", "3", {"télémédecine"}),
        ("Plataforma de agricultores", "C7-EAGR", {"agricultores"}),
        ("Электронное обучение в школах", "C7-ELEA", {"Электронное обучение", "школах"}),
        ("الأمن السيبراني للأطفال", "C5", {"الأمن السيبراني"}),
        ("农民电子商务平台", "C7-EAGR", {"农民"}),
    ],
)
def test_terms_are_found_in_six_languages(text: str, code: str, said: set[str], vocabulary: Vocabulary) -> None:
    assert said <= set(vocabulary.find(text)[code].words)


def test_each_term_of_its_own_halves_the_doubt() -> None:
    made = Vocabulary([
        Term("en", ("radio",), {"C9": 1.0}), Term("en", ("communiti", "radio"), {"C9": 1.0}),
        Term("en", ("press",), {"C9": 1.0, "C5": 0.5}), Term("fr", ("radio",), {"C9": 1.0}),
    ])  # fmt: skip
    assert made.find("Radio") == {"C9": Match(0.5, ("Radio",))}  # though it is a term in two languages
    assert made.find("radio, radios, RADIO")["C9"].score == 0.5  # though it is said three times
    assert made.find("Community radio")["C9"] == Match(0.5, ("Community radio",))  # though radio is within it
    found = made.find("Press and radio")
    assert found["C9"] == Match(0.75, ("Press", "radio"))
    assert found["C5"].score == pytest.approx(1 - 2**-0.5)
    assert made.find("") == made.find("شبكة") == {}


def test_chosen_terms_are_in_six_languages_and_none_is_twice_in_one_entry() -> None:
    entries = yaml.safe_load((files("wsiskg.suggestions") / "terms.yaml").read_text("utf-8"))
    codes = {str(code) for entry in entries for code in entry["codes"]}
    assert codes == {str(goal) for goal in range(1, 18)} | {
        "C1", "C2", "C3", "C4", "C5", "C6", "C8", "C9", "C10", "C11",
        *(f"C7-{part}" for part in ("EGOV", "EBUS", "ELEA", "EHEA", "EEMP", "EENV", "EAGR", "ESCI")),
    }  # fmt: skip
    for entry in entries:
        for language in (*STEMMED, "zh"):
            terms = entry[language]
            assert all(isinstance(term, str) for term in terms), terms
            assert len({plain(term) for term in terms}) == len(terms), terms


def test_doubts_are_multiplied() -> None:
    both = combined({"3": Match(0.5, ("health",))}, {"3": Match(0.4, ("health", "care")), "4": Match(0.2, ("care",))})
    assert both["3"].score == pytest.approx(0.7)
    assert both["3"].words == ("health", "care")
    assert both["4"].score == pytest.approx(0.2)


def test_a_classifier_learns_what_enough_declare_and_names_words_of_the_text() -> None:
    topics = {"3": "hospital patients", "4": "schools pupils", "9": "fibre"}
    known = [(f"{topics[code]} project {n}", {code}) for code in topics for n in range(8 if code != "9" else 3)]
    learned = learn([text for text, _ in known], [codes for _, codes in known], enough=5)
    assert learned.codes == ("3", "4")
    [found, none] = learned.find(["New HOSPITALS for patients", "Etwas ganz anderes"])
    assert found["3"].score > 0.5
    assert "HOSPITALS" in found["3"].words
    assert "3" not in none
    assert learn(["a", "b"], [{"3"}, set()], enough=5).find(["a"]) == [{}]
    assert learn([f"one{n}" for n in range(9)], [{"3"}] * 8 + [set()], enough=5).codes == ()  # no word in two texts
    assert learn([], []).codes == ()


def test_a_reason_fits_its_column() -> None:
    entry = Entry("p", "r", "Title", "Title\nlong", frozenset(), frozenset())
    reason = reason_of(Suggestion(entry, "sdg", "3", 0.9, "terms", ("long" * 80,)))
    assert len(reason) == 200
    assert reason.startswith("Title and description: long")
    assert reason_of(Suggestion(entry, "sdg", "3", 0.9, "terms", ("Title",))) == "Title: Title"


def test_everything_is_said_in_every_language() -> None:
    for catalogue in (texts.COLUMNS, texts.DECISIONS, texts.METHODS, texts.TRUTHS, texts.SHEETS, texts.TEXTS,
                      texts.PROBLEMS.texts):  # fmt: skip
        for key, said in catalogue.items():
            assert set(said) == set(LANGUAGES), key
            values = {tuple(sorted(re.findall(r"\{(\w+)\}", text))) for text in said.values()}
            assert len(values) == 1, key
