"""Names of codes, found by what they say and not by how they are typed."""

import re
from collections.abc import Iterable, Iterator

from wsiskg.tables.recognise.folding import squeeze

__all__ = ["Names"]

_CUTOFF = 75  # of 100: below it, two names are not alike
_LOOKUPS = 1_000  # suggestions made for one file; each compares with every name
_LONGEST = 200
_RUN = 8  # pieces that one name may consist of


class Names:
    """Names by code, of one kind: titles in several languages, acronyms, full names.

    The importing of other tables makes its own, of countries for instance:
    ``Names((row.text("code"), row.text(column)) for row in tables["countries"] for column in columns)``.
    """

    def __init__(self, entries: Iterable[tuple[str, str]]) -> None:
        self._codes: dict[str, tuple[str, ...]] = {}
        for code, name in entries:
            key = squeeze(name)
            if key and code not in self._codes.get(key, ()):
                self._codes[key] = (*self._codes.get(key, ()), code)
        self._near: dict[str, tuple[tuple[str, float], ...]] = {}

    def find(self, text: str) -> tuple[str, ...]:
        """Return the codes that have this name; more than one if it is ambiguous."""
        return self._codes.get(squeeze(text), ())

    def split(self, text: str, separators: re.Pattern[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the pieces of ``text`` between ``separators`` with their codes, keeping together what is one name."""
        ends = [match.span() for match in separators.finditer(text)]
        starts, stops = [0, *(end for _, end in ends)], [*(start for start, _ in ends), len(text)]
        place = 0
        while place < len(starts):
            last = min(place + _RUN, len(stops)) - 1
            found: tuple[str, ...] = ()
            while not (found := self.find(text[starts[place] : stops[last]])) and last > place:
                last -= 1
            yield text[starts[place] : stops[last]].strip(), found
            place = last + 1

    def near(self, text: str, cutoff: float = _CUTOFF) -> tuple[str, ...]:
        """Return up to three codes with a name like ``text``, the likest first; none after too many questions."""
        key = squeeze(text)[:_LONGEST]
        if key not in self._near:
            if len(self._near) >= _LOOKUPS or len(key) < 2:
                return ()
            self._near[key] = self._alike(key)
        return tuple(code for code, score in self._near[key] if score >= cutoff)

    def _alike(self, key: str) -> tuple[tuple[str, float], ...]:
        from rapidfuzz import fuzz, process

        found: dict[str, float] = {}
        for name, score, _ in process.extract(
            key, self._codes.keys(), scorer=fuzz.WRatio, limit=8, score_cutoff=_CUTOFF
        ):
            for code in self._codes[name]:
                found.setdefault(code, score)
        return tuple(found.items())[:3]
