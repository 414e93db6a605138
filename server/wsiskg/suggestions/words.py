"""Texts as stems, in the six languages: words of one family compare equal, whoever wrote them and however.

Stems are Snowball's (Porter 2001, https://snowballstem.org/). A language is not guessed: words in Latin letters are
stemmed as English, French and Spanish at once. Chinese, which puts no space between words, is compared as it stands.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

__all__ = ["STEMMED", "Word", "language_of", "plain", "stem", "words"]

STEMMED = ("en", "fr", "es", "ru", "ar")
"""Languages whose words are stemmed."""

_STEMMERS = {"en": "english", "fr": "french", "es": "spanish", "ru": "russian", "ar": "arabic"}
_SCRIPTS = {"en": "LATIN", "fr": "LATIN", "es": "LATIN", "ru": "CYRILLIC", "ar": "ARABIC"}
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 40  # letters; what is longer is no word
_MOST = 5_000  # words of a text that are looked at


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it begins and ends, and its form without case and accents."""

    start: int
    end: int
    form: str


def plain(text: str) -> str:
    """Return ``text`` without case and accents; each character stays one, so that places in it hold."""
    return "".join(map(_plain, text))


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    return unicodedata.normalize("NFKD", character).casefold()[:1] or character


def words(text: str) -> list[Word]:
    """Return the words of ``text``, in order."""
    found = []
    for match in _WORD.finditer(plain(text)):
        if match.end() - match.start() <= _LONGEST:
            found.append(Word(match.start(), match.end(), match.group()))
        if len(found) == _MOST:
            break
    return found


def language_of(form: str) -> str:
    """Return the first of `STEMMED` that writes with the letters of a word; ``zh`` for any other letters."""
    return next((language for language in STEMMED if _is_of(form, _SCRIPTS[language])), "zh")


@lru_cache(maxsize=65_536)
def stem(form: str, language: str) -> str:
    """Return the stem of a word without case and accents, empty if it is not in the letters of ``language``."""
    return str(_stemmer(language).stemWord(form)) if _is_of(form, _SCRIPTS[language]) else ""


def _is_of(form: str, script: str) -> bool:
    letters = [c for c in form if c.isalpha()]
    return bool(letters) and all(unicodedata.name(c, "").startswith(script) for c in letters)


@lru_cache(maxsize=len(STEMMED))
def _stemmer(language: str) -> Any:
    from snowballstemmer import stemmer

    return stemmer(_STEMMERS[language])
