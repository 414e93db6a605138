"""Text as it is searched: one folding for six languages, applied alike to what is indexed and to what is asked.

Case and diacritics do not count. Arabic letters that are written in several ways become one, and the article is left
off. Chinese, Japanese and Korean have no blanks between words: every two neighbouring characters are a word.
"""

import re
import unicodedata

__all__ = ["code_key", "folded", "match_expression", "search_text"]

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None})


class _Letters(dict[int, int | str | None]):
    """What each character becomes, worked out when it is met first: marks nothing, Arabic letters the one of many."""

    def __missing__(self, character: int) -> int | str | None:
        plain: int | str | None = None if unicodedata.category(chr(character)) == "Mn" else character
        self[character] = _ARABIC.get(character, plain)
        return self[character]


_LETTERS = _Letters()
_ARTICLE = re.compile(r"^[وفبكل]?ال(?=\w{3})")
_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
# A code such as 9.c or 2.1.a is one word; the point becomes an underscore, which the tokenizer takes as a letter.
_WORD = re.compile(rf"[0-9]+(?:\.[0-9a-z]{{1,2}})+(?![0-9a-z])|[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_LONGEST = 40


def search_text(text: str) -> str:
    """Return ``text`` as words with a blank between them, for the index."""
    found = []
    for words in _words(text):
        found += words
        if len(words) > 1:  # so that the last character of a run can be found alone
            found.append(words[-1][-1])
    return " ".join(found)


def code_key(text: str) -> str:
    """Return ``text`` as codes are compared: ``C7 EAGR``, ``c7-eagr`` and ``C7EAGR`` alike; ``SDG 9`` is ``sdg9``."""
    return re.sub(r"[^\w.]|_", "", folded(text[:80])).strip(".")


def match_expression(text: str, *, prefix: bool, any_word: bool = False, start: bool = False) -> str:
    """Return an FTS5 expression (https://www.sqlite.org/fts5.html#full_text_query_syntax) that finds ``text``.

    Every word is quoted, so that nothing a person writes is taken for syntax. Empty when there is no word in ``text``.

    Args:
        text: what a person wrote.
        prefix: the last word may be the beginning of a longer one.
        any_word: one of the words is enough.
        start: the words begin a label, in this order.

    """
    words = _words(text)[:16]
    if not words:
        return ""
    if start:
        return "label : ^ " + " + ".join(f'"{word}"' for part in words for word in part) + (" *" if prefix else "")
    parts = []
    for position, part in enumerate(words):
        last = prefix and position == len(words) - 1
        parts.append(f'"{" ".join(part)}"' + (" *" if last or (len(part) == 1 and _IS_CJK.match(part[0])) else ""))
    return (" OR " if any_word else " AND ").join(parts)


def _words(text: str) -> list[list[str]]:
    """Return the words of ``text``; one of a script without blanks is a list of pairs, so that they stay together."""
    found = []
    for word in _WORD.findall(folded(text)):
        if not _IS_CJK.match(word):
            found.append([_ARTICLE.sub("", word.replace(".", "_"))[:_LONGEST]])
        elif len(word) == 1:
            found.append([word])
        else:
            found.append([word[i : i + 2] for i in range(len(word) - 1)])
    return found


def folded(text: str) -> str:
    """Return ``text`` without case, diacritics and ways of writing Arabic letters: what it is compared by."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
