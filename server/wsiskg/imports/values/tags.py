"""Action lines, SDGs and prize categories as people list them: what is certain is read, the rest is kept as given."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from wsiskg.imports.values.reading import NOTHING, Reading, Unknown
from wsiskg.tables.recognise.folding import compatible, flat, squeeze
from wsiskg.tables.recognise.recognised import Recognised
from wsiskg.tables.recognise.recogniser import Recogniser
from wsiskg.tables.rows import Tables

__all__ = ["COMMA_CHOICES", "TagReader", "settled_comma"]

COMMA_CHOICES = ("doubt", "list", "decimal")
"""What ``3,9`` among SDGs may be: nobody knows, the goals 3 and 9, the target 3.9."""

_LINE, _SDG = "action-line", "sdg"
_CACHED = 8_192
_LONGEST = 4_000
_PIECES = 40
_RUN = 6  # pieces between separators that one title may consist of
_STRONG = re.compile(
    r"[;\n|•·✓*]|\s[-–—]\s(?=(?:sdg|odd|ods|goal|c\d))|(?<=\d)\s+(?=(?:sdg|odd|ods|goal|цур|c)\s?\d)", re.IGNORECASE
)
_WEAK = re.compile(
    r"[,/&+、，；]|(?<!\w)(?:and|et|y|e|и|و|和|plus)(?![\w–-])|[与和]|\s+و(?=الهدف|هدف|\d)|\.\s(?=\S*\d)", re.IGNORECASE
)
_NUMBERS = re.compile(r"\D*\d{1,2}(?:\s*,\s*\d{1,2}){2,}\s*")

_POINTED = re.compile(r"(?<![\d.])\d{1,2}\.(?:\d{1,2}|[a-d])(?![\w.])", re.IGNORECASE)
_PAIR = re.compile(r"\D*(\d{1,2}),(\d{1,2}|[a-d])\s*", re.IGNORECASE)
_CODE = re.compile(r"(?<![a-z0-9])(?:c\s*\d|\d{1,2}(?:\.[0-9a-d])?)", re.IGNORECASE)
_RANGE = re.compile(r"\D*(\d{1,2})\s*(?:-|–|—|to|à|al?|по|至)\s*(\d{1,2})\s*", re.IGNORECASE)
_CATEGORY = re.compile(
    r"(?:wsis\s+)?(?:prize\s+)?(?:category|cat\.?|categorie|categoria|категория|الفئة|类别)\s*(?:no\.?|n°|nº|#|:)?\s*"
    r"(\d{1,2})\b[\s.:)–—-]*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_WORDINGS = 80  # of 100: a piece of a title that was cut off at a comma
_SPELLINGS, _OTHERS = 92, 80  # of 100: as near as this to a title, and farther from those of other codes


def settled_comma(texts: Iterable[str]) -> str:
    """Return how commas are used in a column of SDGs, by its other cells; one of `COMMA_CHOICES`.

    Three numbers with commas between them are a list, and so are pairs where targets are written with a point.
    """
    for text in texts:
        written = compatible(text)
        if _NUMBERS.fullmatch(written) or _POINTED.search(written):
            return "list"
    return "doubt"


class TagReader:
    """Reads lists of codes; asks the recogniser piece by piece and takes no code that it doubts."""

    def __init__(self, recogniser: Recogniser, tables: Tables) -> None:
        self._recogniser = recogniser
        self._categories: Mapping[str, str] = {
            row.text("prize_category"): row.text("code") for row in tables["action_lines"] if row.text("prize_category")
        }
        self._titles: Mapping[str, Mapping[str, tuple[str, ...]]] = {
            kind: {
                code: tuple(squeeze(title) for title in recogniser.titles(kind, code).values())
                for name in names
                for code in (row.text("code") for row in tables[name])
            }
            for kind, names in ((_LINE, ("action_lines",)), (_SDG, ("goals", "targets")))
        }
        self.action_lines = lru_cache(_CACHED)(self._action_lines)
        self.sdgs = lru_cache(_CACHED)(self._sdgs)
        self.category = lru_cache(_CACHED)(self._category)
        self._part = lru_cache(_CACHED)(self._read_part)

    def _action_lines(self, text: str) -> Reading:
        """Read a list of action lines."""
        return self._listed(text, _LINE)

    def _sdgs(self, text: str, kind: str = "text", comma: str = "doubt") -> Reading:
        """Read a list of SDG goals and targets.

        Args:
            text: as written.
            kind: of the cell: a spreadsheet may have made a number or a date of a code.
            comma: one of `COMMA_CHOICES`.

        """
        if kind != "text":
            return _single(self._recogniser.sdg(text, kind))
        written = compatible(text)
        if (match := _PAIR.fullmatch(written)) and match[2].isdigit():
            if comma == "decimal":
                return _single(self._recogniser.sdg(text, decimal_comma=True))
            if comma == "doubt":
                found = self._recogniser.sdg(written)
                if found.code is None and found.doubt == "comma":
                    return Reading((), (Unknown(text, found.candidates),))
        if match := _RANGE.fullmatch(written):
            first, last = int(match[1]), int(match[2])
            if 1 <= first < last <= 17 and "." not in written:
                return Reading((), (Unknown(text, tuple(str(n) for n in (first, last))),))
        commas = comma == "decimal" and not _NUMBERS.fullmatch(written)
        return self._listed(text, _SDG, commas)

    def _category(self, text: str) -> Reading:
        """Read one prize category: a number in the published order, or an action line."""
        written = compatible(text)
        if (match := _CATEGORY.fullmatch(flat(written))) and (code := self._categories.get(match[1])):
            beside = written[match.start(2) :]
            named = self._action_lines(beside) if squeeze(beside) else NOTHING
            if named.values and named.values != (code,):
                return Reading((), (Unknown(text, (code, *named.values)),))
            return Reading((code,), tuple(Unknown(u.text, u.candidates, code) for u in named.unknown))
        found = self._action_lines(text)
        return found if len(found.values) < 2 else Reading((), (Unknown(text, found.values),))

    def _read_one(self, kind: str, text: str, commas: bool = False) -> Recognised:
        return self._recogniser.action_line(text) if kind == _LINE else self._recogniser.sdg(text, "text", commas)

    def _listed(self, text: str, kind: str, commas: bool = False) -> Reading:
        whole = compatible(text.replace("\n", ";"))
        if len(whole) > _LONGEST:
            return Reading((), (Unknown(text[:_LONGEST]),))
        if not any(c.isalnum() for c in whole):
            return NOTHING
        found: dict[str, None] = {}
        unknown: list[Unknown] = []
        for part in _STRONG.split(whole):
            before = len(found), len(unknown)
            for code, doubt in self._part(part, kind, commas):
                if code:
                    found[code] = None
                if doubt is not None:
                    unknown.append(doubt)
            if before[0] == len(found) and before[1] < len(unknown):
                named = part.strip(" .:")
                code = self._spelled(kind, named)
                candidates = () if code else self._read_one(kind, named, commas).candidates
                unknown[before[1] :] = [Unknown(named, candidates, code)]
                if code:
                    found[code] = None
        if not found and not unknown:
            unknown.append(Unknown(text))
        return Reading(tuple(found), tuple(unknown))

    def _read_part(self, text: str, kind: str, commas: bool) -> tuple[tuple[str, Unknown | None], ...]:
        """Read what stands between two certain separators: the longest runs that are one code without doubt."""
        said: list[tuple[str, Unknown | None]] = []
        ends = [match.span() for match in _WEAK.finditer(text)][: _PIECES - 1]
        starts, stops = [0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)]
        place, code = 0, ""
        while place < len(starts):
            last = min(place + _RUN, len(stops)) - 1
            while last > place and not _certain(
                self._read_one(kind, text[starts[place] : stops[last]].strip(" .:"), commas)
            ):
                last -= 1
            piece = text[starts[place] : stops[last]].strip(" .:")
            place = last + 1
            if not squeeze(piece):
                continue
            found = self._read_one(kind, piece, commas)
            if _taken(found):
                code = str(found.code)
                doubtful = found.doubt and not self._worded(kind, code, found.rest)
                said.append((code, Unknown(piece, found.candidates, code) if doubtful else None))
            elif not (code and not _CODE.search(piece) and self._worded(kind, code, piece)):
                said.append(("", Unknown(piece, found.candidates)))
        return tuple(said)

    def _spelled(self, kind: str, text: str) -> str:
        """Return the code whose title ``text`` is but for a letter or a small word, where no other is near."""
        from rapidfuzz import fuzz

        key = squeeze(text)
        if len(key) < 12 or _CODE.search(text):
            return ""
        scores = sorted(
            (max((fuzz.ratio(key, title) for title in titles), default=0.0), code)
            for code, titles in self._titles[kind].items()
        )
        (next_best, _), (best, code) = scores[-2:]
        return code if best >= _SPELLINGS and next_best < _OTHERS else ""

    def _worded(self, kind: str, code: str, words: str) -> bool:
        """Say whether ``words`` are a part of the title of ``code``, which was cut off at a comma or shortened."""
        from rapidfuzz import fuzz

        key = squeeze(words)
        titles = self._titles[kind][code]
        return len(key) >= 4 and any(fuzz.partial_ratio(key, title) >= _WORDINGS for title in titles)


def _certain(found: Recognised) -> bool:
    return found.code is not None and not found.doubt


def _taken(found: Recognised) -> bool:
    """Say whether a code is taken although something stands beside it: words, but no other number."""
    if found.code is None or found.doubt not in {"", "rest", "zero"}:
        return False
    return found.doubt != "rest" or not _CODE.search(flat(found.rest))


def _single(found: Recognised) -> Reading:
    if found.code is None:
        return Reading((), (Unknown(found.text, found.candidates),))
    beside = (Unknown(found.text, found.candidates, found.code),) if found.doubt else ()
    return Reading((found.code,), beside)
