"""The languages of the pages: messages from the translators' files, numbers, dates and lists by locale.

A message is written in English in the templates; ``translations/<language>.po`` holds it in another language
(https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html). The files are read as they are.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from wsiskg.model.problems import LANGUAGES as TOLD

__all__ = [
    "LANGUAGES",
    "Language",
    "Text",
    "choose_language",
    "direction_of",
    "load_languages",
    "pick",
    "told_language",
]

LANGUAGES: Mapping[str, str] = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
"""Codes of the six languages, in the order of the United Nations, and their own names."""

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
_BASE = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """A text of the data in the best language there is.

    Attributes:
        value: the text.
        lang: its language, empty for none.
        direction: ``ltr``, ``rtl``, or ``auto`` where the language is not known.
        foreign: name of its language in that language, when it is not the one asked for; else empty.

    """

    value: str
    lang: str = ""
    direction: str = "auto"
    foreign: str = ""


class Language:
    """One language: its messages, and how it writes numbers, dates and lists."""

    def __init__(self, code: str, messages: NullTranslations) -> None:
        self.code = code
        self.name = LANGUAGES[code]
        self.direction = direction_of(code)
        self._messages = messages
        self._locale = Locale.parse(code)

    def gettext(self, message: str) -> str:
        """Return ``message`` in this language."""
        return self._messages.gettext(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the form of a message that goes with ``number``."""
        return self._messages.ngettext(one, many, number)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as it is written, with at most ``digits`` after the point."""
        return _number(value, digits, self._locale)

    def date(self, value: str) -> str:
        """Return an ISO 8601 date written out; what is no full date, such as a year, as it is."""
        try:
            return str(format_date(date.fromisoformat(value), "long", self._locale))
        except ValueError:
            return value

    def listed(self, parts: Sequence[str]) -> str:
        """Return parts as a list in a sentence."""
        return str(format_list(list(parts), locale=self._locale)) if parts else ""


@lru_cache(maxsize=4096)  # a page shows hundreds, most of them small
def _number(value: float, digits: int, locale: Locale) -> str:
    return str(format_decimal(value, "#,##0" + ("." + "#" * digits if digits else ""), locale))


def direction_of(code: str) -> str:
    """Return ``rtl`` for languages written from right to left, else ``ltr``."""
    return "rtl" if code in _RIGHT_TO_LEFT else "ltr"


def told_language(code: str) -> str:
    """Return the language in which problems, checks and reports are written for a reader of ``code``."""
    return code if code in TOLD else _BASE


@lru_cache(maxsize=1)
def load_languages() -> Mapping[str, Language]:
    """Return all languages, read from the translators' files."""
    return {code: Language(code, _messages(code)) for code in LANGUAGES}


def _messages(code: str) -> NullTranslations:
    if code == _BASE:
        return NullTranslations()
    text = (files("wsiskg.web") / "translations" / f"{code}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale=code))
    compiled.seek(0)
    return Translations(compiled)


def choose_language(accept_language: str | None) -> str:
    """Return the language that an Accept-Language header (RFC 9110, section 12.5.4) likes best, English for none."""
    best, chosen = 0.0, _BASE
    for part in (accept_language or "")[:1000].split(","):
        name, *parameters = (p.strip().lower() for p in part.split(";"))
        code = name.split("-")[0]
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        if code in LANGUAGES and quality > best:
            best, chosen = quality, code
    return chosen


def pick(texts: object, language: str) -> Text:
    """Return the text in ``language``, else in English, else in any; empty when there is none.

    Args:
        texts: language -> text or list of texts; a plain string or number is of no language.
        language: the one asked for.

    """
    if texts is None:
        return Text("")
    if not isinstance(texts, Mapping):
        return Text(str(texts))
    for code in (language, _BASE, *sorted(texts)):
        if value := texts.get(code):
            text = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
            foreign = "" if code == language else LANGUAGES.get(code, code)
            return Text(text, code, direction_of(code), foreign)
    return Text("")
