"""Action lines as people write them: ``C7 e-agriculture``, ``AL C7-EAGR``, ``Grande orientation C2``, a title alone."""

import itertools
import re
from collections.abc import Iterable, Iterator

from wsiskg.model.codes import parent_line
from wsiskg.tables.recognise.folding import compatible, flat, squeeze
from wsiskg.tables.recognise.names import Names
from wsiskg.tables.recognise.recognised import How, Recognised

__all__ = ["LineReader"]

_KIND = "action-line"
_LONGEST = 500
_IRI = re.compile(r"(?:https?://\S+/id/action-line/|line:)([A-Za-z0-9-]+)/?")
_PIECES = re.compile(r"[:;/|()\[\]\n–—]|\s-\s|\.\s")
_SAME = 88  # of 100: a wording as near as this to another line's title means that line
_LABEL_WORDS = (
    "WSIS", "SMSI", "CMSI", "ВВУИО", "AL", "action lines?", "line", "code", "category", "grande orientation",
    "orientation", "ligne d.action", "ligne", "línea de acción", "línea", "направление деятельности", "направление",
)  # fmt: skip
_LABEL_SIGNS = ("خطوط العمل", "خط العمل", "行动方面", "行动方针", "行动领域")
# What may stand before a code, as often as people like.
_LABELS = re.compile(
    rf"(?:[\W_]*(?:(?:{'|'.join(map(flat, _LABEL_WORDS))})(?![^\W\d_])|{'|'.join(map(flat, _LABEL_SIGNS))}))*[\W_]*"
)


class LineReader:
    """Reads action lines.

    Args:
        codes: of the lines.
        titles: (code, title) in any language.

    """

    def __init__(self, codes: Iterable[str], titles: Iterable[tuple[str, str]]) -> None:
        self._codes = frozenset(codes)
        self._parts = {squeeze(code.partition("-")[2]): code for code in self._codes if "-" in code}
        self._names = Names([*titles, *((code, code) for code in self._codes)])
        part = "|".join(rf"{name[0]}[\s\-–]*{name[1:]}" for name in sorted(self._parts))
        numbers = "|".join(sorted({squeeze(c)[1:] for c in self._codes if "-" not in c}, key=len, reverse=True))
        self._mention = re.compile(
            rf"(?<![a-z0-9])c[\s.\-–—_]*0?({numbers})(?!\d)(?:[\s.\-–—_:/(]*({part})(?![^\W_])\)?|(?![^\W\d_]))"
        )

    def read(self, text: str) -> Recognised:
        """Read one action line."""
        written = compatible(text)
        if text in self._codes:
            return Recognised(_KIND, text, text, How.EXACT)
        if len(written) > _LONGEST:
            return Recognised(_KIND, text, doubt="unknown")
        iri = _IRI.fullmatch(written)
        if iri and iri[1].upper() in self._codes:
            return Recognised(_KIND, text, iri[1].upper(), How.EXACT)
        mentions = list(self._mention.finditer(flat(written)))
        return self._mentioned(text, written, mentions) if mentions else self._titled(text, written)

    def _mentioned(self, text: str, written: str, mentions: list[re.Match[str]]) -> Recognised:
        named = {code for mention in mentions for code in self._named(mention)}
        code = _deepest(named)
        if code is None:
            kind = "contradictory" if len(mentions) == 1 else "several"
            return Recognised(_KIND, text, candidates=_sorted(named), doubt=kind)
        before, after = written[: mentions[0].start()], written[mentions[-1].end() :]
        between = [written[a.end() : b.start()] for a, b in itertools.pairwise(mentions)]
        unknown, titles = [], {code}
        for piece, found in self._wordings([before, *between, after]):
            titles |= set(found)
            unknown += [] if found else [piece]
        code = _deepest(titles)
        if code is None:
            return Recognised(_KIND, text, candidates=_sorted(titles), doubt="contradictory")
        if not unknown:
            return Recognised(_KIND, text, code, How.NORMALISED)
        return self._beside(text, code, unknown, leading=not _unlabelled(before))

    def _beside(self, text: str, code: str, unknown: list[str], leading: bool) -> Recognised:
        """Judge a code that stands beside words that are no title."""
        rest = " ".join(unknown)
        if not leading:
            return Recognised(_KIND, text, candidates=(code,), doubt="unknown", rest=rest)
        near = [c for piece in unknown for c in self._names.near(piece)]
        if code == "C7":
            below = tuple(dict.fromkeys(c for c in near if parent_line(c) == code))
            return Recognised(_KIND, text, candidates=below or (code,), doubt="sub-line", rest=rest)
        other = [c for piece in unknown for c in self._names.near(piece, _SAME)]
        if other and code not in near:
            return Recognised(_KIND, text, candidates=(code, other[0]), doubt="contradictory", rest=rest)
        return Recognised(_KIND, text, code, How.NORMALISED, doubt="rest", rest=rest)

    def _titled(self, text: str, written: str) -> Recognised:
        wording = _unlabelled(written)
        if part := self._parts.get(squeeze(wording)):
            return Recognised(_KIND, text, part, How.NORMALISED)
        found = [set(codes) for _, codes in self._wordings([wording])]
        named = set().union(*found) if all(found) else set()
        if code := _deepest(named):
            return Recognised(_KIND, text, code, How.TITLE)
        if named:
            return Recognised(_KIND, text, candidates=_sorted(named), doubt="several")
        return Recognised(_KIND, text, candidates=self._names.near(wording), doubt="unknown")

    def _wordings(self, texts: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the pieces of wording in ``texts`` with the codes that have such a title, labels left out."""
        for text in texts:
            for piece, codes in self._names.split(text, _PIECES):
                if squeeze(_unlabelled(piece)):
                    yield piece, codes

    def _named(self, mention: re.Match[str]) -> Iterator[str]:
        number, part = f"C{mention[1]}", squeeze(mention[2] or "")
        if not part:
            yield number
            return
        below = self._parts[part]
        yield below
        if parent_line(below) != number:
            yield number


def _deepest(codes: set[str]) -> str | None:
    """Return the one code that all others are parents of, or None."""
    for code in codes:
        if codes <= {code, parent_line(code)}:
            return code
    return None


def _sorted(codes: set[str]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: (len(code.partition("-")[0]), code)))


def _unlabelled(text: str) -> str:
    """Return ``text`` without the labels that it begins with."""
    match = _LABELS.match(flat(text))
    return text[match.end() :] if match else text
