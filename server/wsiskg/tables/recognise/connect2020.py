"""Goals and targets of Connect 2020 as people write them: ``Target 2.1.a``, ``Cible 1.1``, a label alone."""

import re
from collections.abc import Iterable

from wsiskg.tables.recognise.folding import compatible, flat
from wsiskg.tables.recognise.names import Names
from wsiskg.tables.recognise.recognised import How, Recognised

__all__ = ["Connect2020Reader"]

_KIND = "connect2020"
_IRI = re.compile(r"(?:https?://\S+/id/connect2020/|c2020:)([0-9A-Za-z.]+)/?")
_CODE = re.compile(
    r"(?:connect(?:er|ar)?[\s-]*2020\W*)?(?:(?:target|goal|cible|objectif|but|meta|objetivo|finalidad)\s*)?"
    r"([1-4](?:\s?\.\s?[1-5](?:\s?\.?\s?[ab])?)?)(?![^\W_])[\s.:–—-]*"
)


class Connect2020Reader:
    """Reads goals and targets of Connect 2020.

    Args:
        codes: of the goals and targets.
        titles: (code, title) in any language.

    """

    def __init__(self, codes: Iterable[str], titles: Iterable[tuple[str, str]]) -> None:
        self._codes = frozenset(codes)
        self._names = Names(titles)

    def read(self, text: str) -> Recognised:
        """Read one goal or target."""
        written = compatible(text)
        if text in self._codes:
            return Recognised(_KIND, text, text, How.EXACT)
        if iri := _IRI.fullmatch(written):
            return self._coded(text, iri[1].upper(), "")
        if len(found := self._names.find(written)) == 1:
            return Recognised(_KIND, text, found[0], How.TITLE)
        if match := _CODE.match(flat(written)):
            return self._coded(text, _dotted(match[1]), written[match.end() :])
        return Recognised(_KIND, text, candidates=found or self._names.near(written), doubt="unknown")

    def _coded(self, text: str, code: str, rest: str) -> Recognised:
        if code not in self._codes:
            below = tuple(sorted(c for c in self._codes if c.startswith(f"{code}.")))[:3]
            return Recognised(_KIND, text, candidates=below, doubt="unknown")
        if not rest or code in (titled := self._names.find(rest)):
            return Recognised(_KIND, text, code, How.NORMALISED)
        if titled:
            return Recognised(_KIND, text, candidates=(code, *titled), doubt="contradictory")
        return Recognised(_KIND, text, code, How.NORMALISED, doubt="rest", rest=rest)


def _dotted(code: str) -> str:
    return ".".join(re.findall(r"[0-9]+|[ab]", code)).upper()
