"""The door for codes as people write them: made once from the tables, then asked cell by cell."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from wsiskg.model.codes import UN_LANGUAGES
from wsiskg.tables.recognise.agencies import AgencyReader
from wsiskg.tables.recognise.connect2020 import Connect2020Reader
from wsiskg.tables.recognise.lines import LineReader
from wsiskg.tables.recognise.recognised import Recognised
from wsiskg.tables.recognise.sdgs import SdgReader
from wsiskg.tables.rows import Table, Tables

__all__ = ["Recogniser"]

_CACHED = 4_096  # files repeat themselves


class Recogniser:
    """Recognises the codes that stand in ``tables`` by whatever names the tables give them, and never guesses."""

    def __init__(self, tables: Tables) -> None:
        lines, titles = tables["action_lines"], tables["action_line_titles"]
        goals, targets, connect = tables["goals"], tables["targets"], tables["connect2020_concepts"]
        agencies = tables["agencies"]
        self._titles: dict[tuple[str, str], dict[str, str]] = {}
        for row in titles:
            if row.text("kind") == "preferred":
                self._titled("action-line", row.text("action_line"), row.text("lang"), row.text("title"))
        for kind, table, column in (
            ("sdg", goals, "title"),
            ("sdg", targets, "label"),
            ("connect2020", connect, "label"),
            ("agency", agencies, "name"),
        ):
            for language in _languages(table, column):
                for code, title in _named(table, f"{column}_{language}"):
                    self._titled(kind, code, language, title)
        line_titles = [(row.text("action_line"), row.text("title")) for row in titles]
        self._action_line = lru_cache(_CACHED)(LineReader(_codes(lines), line_titles).read)
        sdg_codes = [*_codes(goals), *_codes(targets)]
        self._sdg = lru_cache(_CACHED)(SdgReader(sdg_codes, self._of("sdg")).read)
        self._connect2020 = lru_cache(_CACHED)(Connect2020Reader(_codes(connect), self._of("connect2020")).read)
        acronyms = [entry for column in ("acronym", "acronym_fr", "acronym_es") for entry in _named(agencies, column)]
        self._agencies = lru_cache(_CACHED)(AgencyReader(_codes(agencies), acronyms, self._of("agency")).read)

    def action_line(self, text: str) -> Recognised:
        """Read one action line."""
        return self._action_line(text)

    def sdg(self, text: str, kind: str = "text", decimal_comma: bool = False) -> Recognised:
        """Read one SDG goal or target; a spreadsheet may have made a number or date of it (``kind`` of the cell)."""
        return self._sdg(text, kind, decimal_comma)

    def connect2020(self, text: str) -> Recognised:
        """Read one goal or target of Connect 2020."""
        return self._connect2020(text)

    def agencies(self, text: str) -> tuple[Recognised, ...]:
        """Read a list of agencies; none for a text without words."""
        return self._agencies(text)

    def titles(self, kind: str, code: str) -> Mapping[str, str]:
        """Return the names of a code by language; none if it has none or does not exist."""
        return self._titles.get((kind, code), {})

    def _titled(self, kind: str, code: str, language: str, title: str) -> None:
        self._titles.setdefault((kind, code), {})[language] = title

    def _of(self, kind: str) -> Iterator[tuple[str, str]]:
        return ((code, title) for (k, code), names in self._titles.items() if k == kind for title in names.values())


def _languages(table: Table, column: str) -> Iterator[str]:
    return (language for language in UN_LANGUAGES if f"{column}_{language}" in table.schema.by_name)


def _codes(table: Table) -> list[str]:
    return [row.text("code") for row in table]


def _named(table: Table, column: str) -> list[tuple[str, str]]:
    return [(row.text("code"), row.text(column)) for row in table if row.text(column)]
