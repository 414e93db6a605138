"""Every message of the pages is there in every language, with the same values in it; goals have a readable code."""

import io
import re
from importlib.resources import files

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from wsiskg.web.languages.translations import LANGUAGES, choose_language, load_languages, pick

WEB = files("wsiskg.web")
TRANSLATED = [code for code in LANGUAGES if code != "en"]


def messages() -> set[str | tuple[str, ...]]:
    """Return what the templates say, as it stands there; a pair where it depends on a number."""
    options = {"extensions": "jinja2.ext.do"}
    found = extract_from_dir(
        str(WEB / "templates" / "ui"),
        [("**.html", "jinja2"), ("**.svg", "jinja2")],
        {"**.html": options, "**.svg": options},
        keywords={"_": None, "ngettext": (1, 2)},
    )
    return {message for _, _, message, _, _ in found}


def catalogue(code: str) -> Catalog:
    return read_po(io.BytesIO((WEB / "translations" / f"{code}.po").read_bytes()), locale=code)


def texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def values(text: str) -> list[str]:
    return sorted(re.findall(r"%\((\w+)\)s", text))


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_message_is_missing_and_none_is_left_over(code: str) -> None:
    translated = {m.id if isinstance(m.id, str) else tuple(m.id) for m in catalogue(code) if m.id}
    assert messages() - translated == set()
    assert translated - messages() == set()


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_message_is_translated_with_its_values(code: str) -> None:
    found = catalogue(code)
    for message in found:
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        assert len(texts(message)) == (1 if len(ids) == 1 else found.num_plurals), message.id
        for text in texts(message):
            assert text.strip(), message.id
            assert values(text) == values(ids[-1]), text
            assert "%" not in re.sub(r"%\(\w+\)s", "", text), text


def test_there_are_enough_messages_to_speak_of() -> None:
    assert len(messages()) > 200


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("ru", 1, "1 проект"), ("ru", 3, "3 проекта"), ("ru", 11, "11 проектов"), ("ru", 21, "21 проект"),
        ("ar", 2, "مشروعان (2)"), ("ar", 5, "5 مشاريع"), ("ar", 11, "11 مشروعاً"), ("ar", 100, "100 مشروع"),
        ("fr", 0, "0 projet"), ("fr", 2, "2 projets"), ("zh", 7, "7个项目"), ("en", 1, "1 project"),
    ],
)  # fmt: skip
def test_numbers_take_their_plural(code: str, number: int, text: str) -> None:
    language = load_languages()[code]
    assert language.ngettext("%(n)s project", "%(n)s projects", number) % {"n": language.number(number)} == text


def test_numbers_and_dates_are_written_as_the_language_does() -> None:
    languages = load_languages()
    assert languages["en"].number(1234.5, 1) == "1,234.5"
    assert languages["es"].number(12345.5, 1) == "12.345,5"
    assert languages["fr"].date("2019-07-09") == "9 juillet 2019"
    assert languages["zh"].date("2019-07-09") == "2019年7月9日"
    assert languages["fr"].date("2019") == "2019"
    assert languages["ar"].direction == "rtl"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"), ("", "en"), ("fr-CH, fr;q=0.9, en;q=0.8", "fr"), ("de, ru;q=0.3, es;q=0.4", "es"),
        ("zh-Hant-TW", "zh"), ("xx;q=1, ar;q=0.1", "ar"), ("fr;q=0, es;q=0.1", "es"), ("fr;q=nonsense", "en"),
        ("*", "en"), (",;q=,,", "en"),
    ],
)  # fmt: skip
def test_a_browser_gets_the_language_it_likes_best(header: str | None, language: str) -> None:
    assert choose_language(header) == language


def test_a_text_in_another_language_says_so() -> None:
    assert pick({"en": "media", "fr": "médias"}, "fr").foreign == ""
    found = pick({"en": "media"}, "ar")
    assert (found.value, found.lang, found.direction, found.foreign) == ("media", "en", "ltr", "English")
    assert pick({"uk": "медіа"}, "en").foreign == "uk"
    assert pick({}, "en").value == ""
    assert pick(None, "en").value == ""
    assert pick({"en": ["a", "b"]}, "en").value == "a; b"
    assert pick(12, "en").value == "12"


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_goals_have_a_readable_code() -> None:
    """White or black on each official colour, at 4.5 to 1 at least (WCAG 2.2, 1.4.3)."""
    style = (WEB / "static" / "ui.css").read_text("utf-8")
    found = re.findall(r"\.sdg-(\d+) \{ --goal: (#\w{6}); --goal-ink: (#\w{3});", style)
    assert [int(goal) for goal, _, _ in found] == list(range(1, 18))
    for goal, colour, ink in found:
        light, dark = sorted([_luminance(colour), 1.0 if ink == "#fff" else 0.0], reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, goal
