"""Agencies as people write them: acronyms of any language, full names, both, and lists of them."""

import re
from collections.abc import Iterable

from wsiskg.tables.recognise.folding import compatible
from wsiskg.tables.recognise.names import Names
from wsiskg.tables.recognise.recognised import How, Recognised

__all__ = ["AgencyReader"]

_KIND = "agency"
_LONGEST = 1_000
_IRI = re.compile(r"(?:https?://\S+/id/agency/|agency:|kg:agency/)([A-Za-z0-9-]+)/?")
_SEPARATORS = re.compile(r"[;,/|&+\n]|\s[-–—]\s|(?<!\w)(?:and|et|y|e|и|و|和)(?!\w)|[与和、，；]", re.IGNORECASE)
_BRACKETS = re.compile(r"([^()\[\]]*)(?:[(\[]([^()\[\]]*)[)\]]?)?")


class AgencyReader:
    """Reads agencies.

    Args:
        codes: of the agencies.
        acronyms: (code, acronym) in any language.
        names: (code, full name) in any language.

    """

    def __init__(
        self, codes: Iterable[str], acronyms: Iterable[tuple[str, str]], names: Iterable[tuple[str, str]]
    ) -> None:
        self._codes = frozenset(codes)
        short = [*((code, code) for code in self._codes), *acronyms]
        self._acronyms = Names(short)
        self._names = Names([*short, *names])

    def read(self, text: str) -> tuple[Recognised, ...]:
        """Read a list of agencies, in the order of the text and each once; none for a text without words."""
        written = compatible(text.replace("\n", ";"))
        if len(written) > _LONGEST:
            return (Recognised(_KIND, text, doubt="unknown"),)
        tokens = [token for token in re.split(r"[;|,\s]+", written) if token]
        if tokens and all((match := _IRI.fullmatch(token)) and match[1].upper() in self._codes for token in tokens):
            codes = dict.fromkeys(token.rstrip("/").rpartition("/")[2].rpartition(":")[2].upper() for token in tokens)
            return tuple(Recognised(_KIND, code, code, How.EXACT) for code in codes)
        found: list[Recognised] = []
        for outside, inside in _BRACKETS.findall(written):
            pieces = self._pieces(outside)
            if explained := self._pieces(inside):
                pieces = [*pieces[:-1], *_explained(pieces[-1:], explained, f"{outside.strip()} ({inside.strip()})")]
            found += pieces
        once = {piece.code or piece.text: piece for piece in reversed(found)}
        return tuple(piece for piece in found if once[piece.code or piece.text] is piece)

    def _pieces(self, text: str) -> list[Recognised]:
        return [self._piece(piece, codes) for piece, codes in self._names.split(text, _SEPARATORS) if _words(piece)]

    def _piece(self, piece: str, codes: tuple[str, ...]) -> Recognised:
        if piece in self._codes:
            return Recognised(_KIND, piece, piece, How.EXACT)
        if len(codes) == 1:
            how = How.ACRONYM if self._acronyms.find(piece) else How.TITLE
            return Recognised(_KIND, piece, codes[0], how)
        return Recognised(_KIND, piece, candidates=codes or self._names.near(piece), doubt="unknown")


def _explained(before: list[Recognised], inside: list[Recognised], text: str) -> list[Recognised]:
    """Join an agency with what stands behind it in brackets: its other name, or words that say nothing of it."""
    if not before:
        return inside
    agency, codes = before[0], {piece.code for piece in inside if piece.code}
    if agency.code is None:
        if len(codes) == len(inside) == 1:
            return [Recognised(_KIND, text, inside[0].code, inside[0].how, doubt="rest", rest=agency.text)]
        return [agency]
    if codes - {agency.code}:
        return [
            Recognised(_KIND, text, candidates=(agency.code, *sorted(codes - {agency.code})), doubt="contradictory")
        ]
    if codes:
        return [agency]
    rest = ", ".join(piece.text for piece in inside)
    return [Recognised(_KIND, text, agency.code, agency.how, doubt="rest", rest=rest)]


def _words(text: str) -> bool:
    return any(character.isalnum() for character in text)
