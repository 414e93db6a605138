"""SDG goals and targets as people write them: ``SDG 9.c``, ``Goal 9 target 9.C``, ``ODS 4``, ``ЦУР 9``, a title."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from wsiskg.model.codes import natural_key, sdg_goal_of
from wsiskg.tables.recognise.folding import compatible, flat
from wsiskg.tables.recognise.names import Names
from wsiskg.tables.recognise.recognised import How, Recognised

__all__ = ["SdgReader"]

_KIND = "sdg"
_LONGEST = 1_000
_SAME = 90
_IRI = re.compile(r"(?:https?://metadata\.un\.org/sdg/|sdg:)([0-9]{1,2}(?:\.[0-9a-dA-D]{1,2}){0,2})/?")
_GOAL_WORDS = (
    "sustainable development goals?", "sdg goals?", "sdgs?", "goals?", "objectifs? de developpement durable", "odd",
    "objectifs?", "objetivos? de desarrollo sostenible", "ods", "objetivos?", "цель устойчивого развития", "цур",
    "цел[иь]", "أهداف التنمية المستدامة", "الهدف", "هدف", "可持续发展目标", "目标",
)  # fmt: skip
_TARGET_WORDS = (
    "sdg targets?", "targets?", "cibles?(?: odd| de l.odd)?", "metas?(?: ods| de los ods)?", "задач[аи](?: цур)?",
    "المقصد", "مقصد", "الغاية", "غاية", "具体目标",
)  # fmt: skip


def _words(words: tuple[str, ...]) -> str:
    # Character classes and question marks of the patterns are of ASCII, which `flat` leaves alone.
    return "|".join(sorted(map(flat, words), key=len, reverse=True))


_GOAL = r"0?(1[0-7]|[1-9])"
_END = r"(?![^\W_])(?!\.\d)"
_LETTER = re.compile(r"[^\W\d_](?![^\W_])")
_MENTION = re.compile(
    rf"(?:(?:un |onu )?(?:(?P<target>{_words(_TARGET_WORDS)})|(?P<goal>{_words(_GOAL_WORDS)}))[\s.:#\-–_]*"
    rf"(?:(?:numero|number|nº|n°|no|n)[\s.:]*)?)?"
    rf"(?:(?P<indicator>{_GOAL}\.(?:[1-9]\d?|[a-d])\.[1-9]\d?)(?![^\W_])"
    rf"|(?P<dotted>{_GOAL}\s?[.·]\s?([0-9]{{1,2}}|[a-d])){_END}"
    rf"|(?P<comma>{_GOAL},([0-9]{{1,2}}|[a-d])){_END}"
    rf"|(?P<lettered>{_GOAL}[\s\-–_]*([a-d])){_END}(?!\s+[^\W\d_])"
    rf"|(?P<plain>{_GOAL})(?![^\W_])(?!\.\d))"
)
_SUB = re.compile(rf"(?:{_words(_TARGET_WORDS)})[\s.:]*([a-d]|[1-9]\d?)(?![^\W_])(?![.,]\d)")
_BETWEEN = re.compile(r"(?:[\s:;,/|()\[\].&+–—-]|(?:and|et|y|e|и|و|和)(?![^\W_]))*")
_JOINED = re.compile(r"\s*(?:$|[;,/|&+)\]]|(?:and|et|y|e)(?![^\W_]))")
_ALONE = re.compile(rf"{_JOINED.pattern}|\s*(?:[(\[:–—-]|\.(?!\d))")
_ELSEWHERE = re.compile(r"(?<![\w.,$€])((?:1[0-7]|[1-9])\.(?:[1-9]\d?|[a-d]))(?![^\W_])(?![.,]\d)")
_MONTHS = (
    "jan ene", "feb fev", "mar", "apr avr abr", "may mai", "jun jui", "jul", "aug aou ago", "sep", "oct", "nov",
    "dec dic",
)  # fmt: skip
_DAY_MONTH = re.compile(r"(\d{1,2})[\s.\-/]*([a-z]{3,10})\.?(?:[\s\-/]*\d{2,4})?")
_MONTH_DAY = re.compile(r"([a-z]{3,10})\.?[\s\-/]*(\d{1,2})(?:[\s,\-/]*\d{4})?")
_NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})(?:[/.\-]\d{2,4})?")
_ISO_DATE = re.compile(r"\d{4}-(\d{2})-(\d{2})(?:[ T].*)?")


@dataclass(frozen=True, slots=True)
class _Mention:
    code: str
    form: str  # which alternative of the pattern
    word: str  # "goal", "target" or ""


class SdgReader:
    """Reads goals and targets.

    Args:
        codes: of the goals and targets.
        titles: (code, title) of goals and targets, in any language.

    """

    def __init__(self, codes: Iterable[str], titles: Iterable[tuple[str, str]]) -> None:
        self._codes = frozenset(codes)
        self._names = Names(titles)

    def read(self, text: str, kind: str = "text", decimal_comma: bool = False) -> Recognised:
        """Read one goal or target.

        Args:
            text: as written.
            kind: of the cell: a spreadsheet may have made a number or a date of the code.
            decimal_comma: whether numbers are written ``9,1`` there.

        """
        written = compatible(text)
        if kind == "number":
            return self._number(text, written)
        if text in self._codes:
            return Recognised(_KIND, text, text, How.EXACT)
        if len(written) > _LONGEST:
            return Recognised(_KIND, text, doubt="unknown")
        plain = flat(written)
        if kind == "date" or (kind == "text" and self._is_date(plain)):
            return Recognised(_KIND, text, candidates=self._of_date(plain), doubt="date")
        if iri := _IRI.fullmatch(written):
            if iri[1] in self._codes:
                return Recognised(_KIND, text, iri[1], How.EXACT)
            return self._single(text, _Mention(iri[1].lower(), "dotted", ""), "")
        mentions, rest = self._mentions(written, plain)
        if not mentions:
            return self._titled(text, written, plain)
        if any(mention.form == "comma" for mention in mentions) and not decimal_comma:
            return self._comma(text, mentions, rest)
        return self._meant(text, mentions, rest)

    def _number(self, text: str, written: str) -> Recognised:
        try:
            number = Decimal(written)
        except InvalidOperation:
            return Recognised(_KIND, text, doubt="unknown")
        short = f"{number.normalize():f}" if number.is_finite() and abs(number) < 1_000 else ""
        if written in self._codes:
            padded = f"{written}0"
            if "." in written and padded in self._codes:
                return Recognised(_KIND, text, written, How.EXACT, (padded,), "zero")
            return Recognised(_KIND, text, written, How.EXACT)
        if short in self._codes:
            return Recognised(_KIND, text, short, How.NORMALISED)
        return Recognised(_KIND, text, candidates=self._near_code(short or "0"), doubt="unknown")

    def _is_date(self, plain: str) -> bool:
        if _ISO_DATE.fullmatch(plain) or ((match := _NUMERIC_DATE.fullmatch(plain)) and "." not in match[0]):
            return True
        found = _DAY_MONTH.fullmatch(plain), _MONTH_DAY.fullmatch(plain)
        return bool((found[0] and _month(found[0][2])) or (found[1] and _month(found[1][1])))

    def _of_date(self, plain: str) -> tuple[str, ...]:
        """Return the targets that a spreadsheet may have made this date of, as day.month or month.day."""
        if match := _ISO_DATE.fullmatch(plain):
            month, day = int(match[1]), int(match[2])
        elif match := _NUMERIC_DATE.fullmatch(plain):
            day, month = int(match[1]), int(match[2])
        elif (match := _DAY_MONTH.fullmatch(plain)) and _month(match[2]):
            day, month = int(match[1]), _month(match[2])
        elif match := _MONTH_DAY.fullmatch(plain):
            day, month = int(match[2]), _month(match[1])
        else:
            return ()
        return tuple(code for code in dict.fromkeys((f"{day}.{month}", f"{month}.{day}")) if code in self._codes)

    def _mentions(self, written: str, plain: str) -> tuple[list[_Mention], str]:
        """Return the codes that the text begins with, and what follows them."""
        found: list[_Mention] = []
        place = _skip(plain, 0)
        while (step := self._next(written, plain, place, found)) is not None:
            mention, end = step
            found.append(mention)
            place = _skip(plain, end)
        return found, written[place:].strip() if found else ""

    def _next(self, written: str, plain: str, place: int, found: list[_Mention]) -> tuple[_Mention, int] | None:
        """Return the code that begins at ``place`` and where it ends, or None where words begin."""
        match = _MENTION.match(plain, place)
        if found and found[-1].form == "plain" and (sub := _SUB.match(plain, place)):
            code = f"{found[-1].code}.{sub[1]}"  # Goal 9, target c
            if match is None or code in self._codes:
                return _Mention(code, "dotted", "target"), sub.end()
        if match is None:
            return None
        mention = _mention(match)
        if mention.form == "plain" and not mention.word:
            # A bare number is a goal only in a list or before its title: "5 ways" is none.
            after = _JOINED if found else _ALONE
            if not after.match(plain, match.end()) and (
                found or mention.code not in self._names.find(written[match.end() :])
            ):
                return None
        return mention, match.end()

    def _titled(self, text: str, written: str, plain: str) -> Recognised:
        if found := self._names.find(written):
            if len(found) == 1:
                return Recognised(_KIND, text, found[0], How.TITLE)
            return Recognised(_KIND, text, candidates=found, doubt="several")
        last = re.search(rf"[\s(\[,;:–-]+{_MENTION.pattern}[)\]\s.]*$", plain)
        if last:
            mention, before = _mention(last), written[: last.start()]
            titled = self._names.find(before)
            if mention.code in self._codes and (mention.code in titled or sdg_goal_of(mention.code) in titled):
                return Recognised(_KIND, text, mention.code, How.NORMALISED)
            if mention.code in self._codes and (mention.word or mention.form == "dotted"):
                named = tuple(dict.fromkeys((mention.code, *titled)))
                doubt = "contradictory" if titled else "unknown"
                return Recognised(_KIND, text, candidates=named, doubt=doubt)
        return Recognised(_KIND, text, candidates=self._names.near(written), doubt="unknown")

    def _comma(self, text: str, mentions: list[_Mention], rest: str) -> Recognised:
        """Judge ``9,1``: the target 9.1, or the goals 9 and 1; ``9,c`` can only be the target."""
        commas = [m.code for m in mentions if m.form == "comma" and m.code.partition(".")[2].isdigit()]
        goals = [code for code in commas if code.partition(".")[2].lstrip("0") in self._codes]
        if not goals:
            return self._meant(text, mentions, rest)
        both = [option for code in goals for option in (code, *code.split("."))]
        return Recognised(_KIND, text, candidates=self._known(both), doubt="comma")

    def _meant(self, text: str, mentions: list[_Mention], rest: str) -> Recognised:
        codes = list(dict.fromkeys(mention.code for mention in mentions))
        if len(codes) == 1:
            return self._single(text, mentions[0], rest)
        if len(codes) == 2:
            goals = [m for m in mentions if m.form == "plain"]
            targets = [m for m in mentions if m.form in {"dotted", "lettered", "comma"}]
            if len(goals) == len(targets) == 1 and (goals[0].word == "goal" or targets[0].word == "target"):
                if sdg_goal_of(targets[0].code) == goals[0].code:
                    if targets[0].word != "goal":
                        return self._single(text, targets[0], rest)
                elif targets[0].code in self._codes:
                    return Recognised(_KIND, text, candidates=tuple(codes), doubt="contradictory")
        return Recognised(_KIND, text, candidates=self._known(codes), doubt="several")

    def _single(self, text: str, mention: _Mention, rest: str) -> Recognised:
        code = mention.code
        if code.count(".") == 2:
            target = code.rpartition(".")[0]
            return Recognised(_KIND, text, candidates=self._known([target]), doubt="indicator")
        if code not in self._codes:
            whole = code.partition(".")
            if whole[0] in self._codes and not whole[2].strip("0"):  # 9.0, as programs write the number 9
                return Recognised(_KIND, text, whole[0], How.NORMALISED)
            return Recognised(_KIND, text, candidates=self._near_code(code), doubt="unknown")
        if mention.word == "target" and "." not in code:
            return Recognised(_KIND, text, candidates=(code,), doubt="unknown")
        return self._beside(text, code, rest) if rest else Recognised(_KIND, text, code, How.NORMALISED)

    def _beside(self, text: str, code: str, rest: str) -> Recognised:
        """Judge a code that stands before words: its title, another one's, or other codes among them."""
        if titled := self._names.find(rest):
            if code in titled or sdg_goal_of(code) in titled:
                return Recognised(_KIND, text, code, How.NORMALISED)
            return Recognised(_KIND, text, candidates=(code, *titled), doubt="contradictory")
        if "." not in code and _LETTER.match(rest):  # 9.z names a target that there is not
            near = self._near_code(f"{code}.{rest[0].lower()}")
            return Recognised(_KIND, text, candidates=near or (code,), doubt="unknown")
        others = [c for c in _ELSEWHERE.findall(flat(rest)) if c in self._codes and c != code]
        if others:
            return Recognised(_KIND, text, candidates=(code, *dict.fromkeys(others)), doubt="several")
        if "." not in code and (near := self._names.near(rest, _SAME)) and code not in map(sdg_goal_of, near):
            return Recognised(_KIND, text, candidates=(code, near[0]), doubt="contradictory")
        # The UN's wording of a target is not in the tables: what follows a target's code is taken to be that.
        return Recognised(_KIND, text, code, How.NORMALISED, doubt="" if "." in code else "rest", rest=rest)

    def _known(self, codes: Iterable[str]) -> tuple[str, ...]:
        return tuple(code for code in dict.fromkeys(codes) if code in self._codes)

    def _near_code(self, code: str) -> tuple[str, ...]:
        """Return what an unknown code may stand for: one with a zero less, those that begin alike, the goal."""
        goal, _, sub = code.partition(".")
        if (short := f"{goal}.{sub.strip('0')}") in self._codes:
            return (short,)
        alike = sorted((c for c in self._codes if sub and c.startswith(f"{goal}.{sub[0]}")), key=natural_key)
        return self._known([*alike[-2:], goal])


def _mention(match: re.Match[str]) -> _Mention:
    form = next(name for name in ("indicator", "dotted", "comma", "lettered", "plain") if match[name])
    parts = re.findall(r"\d+|[a-d]", match[form])
    code = ".".join([parts[0].lstrip("0"), *(_sub(part) for part in parts[1:])])
    return _Mention(code, form, "target" if match["target"] else "goal" if match["goal"] else "")


def _sub(part: str) -> str:
    return part.lstrip("0") or "0"


def _skip(plain: str, place: int) -> int:
    match = _BETWEEN.match(plain, place)
    return match.end() if match else place


def _month(word: str) -> int:
    """Return the number of a month by its first letters in English, French or Spanish, else 0."""
    if word.startswith(("juil", "jul")):
        return 7
    return next((n for n, starts in enumerate(_MONTHS, 1) if word[:3] in starts.split()), 0)
