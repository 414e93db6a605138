"""Search in an index: by codes, by words, by first letters."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wsiskg.graph.index.schema import CORE, EVIDENCE
from wsiskg.graph.index.text import code_key, match_expression
from wsiskg.store.index.files import IndexFiles, file_of

__all__ = ["Found", "Search"]

Json = Any

_MOST_HITS = 500
_WEIGHTS = "8.0, 4.0, 1.0"  # of label, other names, body


@dataclass(frozen=True, slots=True)
class Found:
    """An item found by search: its kind and code, its title in the language asked for, what is shown of it."""

    kind: str
    code: str
    title: str
    document: Mapping[str, Json]


class Search:
    """Finds items of an index.

    Args:
        files: the index.
        latest: the edition whose links and candidates are found; empty: those of all.
        label_names: names in a document that are shown of what is found.

    """

    def __init__(self, files: IndexFiles, latest: str, label_names: Collection[str]) -> None:
        self._files = files
        self._latest = latest
        self._label_names = label_names

    def by_words(self, text: str, kinds: Sequence[str] = (), language: str = "en") -> list[Found]:
        """Return what ``text`` finds, best first, `_MOST_HITS` at most: by code, else by all words, else by any.

        Links and candidates of the latest edition only.

        """
        hits = self._hits(kinds, alias=("=", code_key(text)), words=match_expression(text, prefix=True))
        if not hits and (expression := match_expression(text, prefix=False, any_word=True)):
            hits = self._hits(kinds, words=expression)
        return self._found(hits, language, _MOST_HITS)

    def by_beginning(self, text: str, kinds: Sequence[str] = (), language: str = "en", limit: int = 10) -> list[Found]:
        """Return what may be meant by the beginning ``text``: codes, then titles that begin so, then any word."""
        key = code_key(text)
        hits = self._hits(
            kinds, alias=("LIKE", key), words=match_expression(text, prefix=True, start=True), most=limit * 4
        )
        if len({(file, item) for file, item, _ in hits}) < limit:
            hits += self._hits(kinds, words=match_expression(text, prefix=True), most=limit * 4)
        return self._found(hits, language, limit)

    def shown(self, document: Mapping[str, Json]) -> dict[str, Json]:
        """Return what is shown of a document where another one names it."""
        return {name: value for name, value in document.items() if name in self._label_names}

    def _hits(
        self, kinds: Sequence[str], alias: tuple[str, str] = ("", ""), words: str = "", most: int = _MOST_HITS
    ) -> list[tuple[str, int, float]]:
        """Return (file, item, rank) of what codes or words find, codes first, lowest rank first."""
        found: list[tuple[str, int, float]] = []
        for file in (CORE, EVIDENCE):
            inside, bound = self._inside(file, kinds)
            if not inside:
                continue
            with self._files.open(file) as run:
                if alias[1]:
                    operator, key = alias
                    if operator == "LIKE":
                        condition, keys = "a.key >= ? AND a.key < ?", [key, key + "\U0010ffff"]
                    else:
                        condition, keys = "a.key = ?", [key]
                    sql = (
                        "SELECT a.item, MIN(LENGTH(a.key)) FROM alias a JOIN item i ON i.id = a.item"
                        f" WHERE {condition} AND {inside} GROUP BY a.item ORDER BY 2, a.item LIMIT ?"
                    )
                    found += [(file, item, -1000.0 + n) for item, n in run(sql, [*keys, *bound, most])]
                if words:
                    sql = (
                        f"WITH h AS MATERIALIZED (SELECT rowid AS doc, bm25(text, {_WEIGHTS}) AS rank FROM text"
                        " WHERE text MATCH ?) SELECT i.id, MIN(h.rank) FROM h"
                        " JOIN doc d ON d.id = h.doc JOIN item i ON i.id = d.item"
                        f" WHERE {inside} GROUP BY i.id ORDER BY 2, 1 LIMIT ?"
                    )
                    found += [(file, item, rank) for item, rank in run(sql, [words, *bound, most])]
        return sorted(found, key=lambda hit: (hit[2], hit[0], hit[1]))

    def _inside(self, file: str, kinds: Sequence[str]) -> tuple[str, list[object]]:
        """Return the condition that an item is of one of ``kinds`` (any, if empty), empty where the file has none."""
        found = [k for k in (kinds or self._files.ranges) if k in self._files.ranges and file_of((k,)) == file]
        parts: list[str] = []
        values: list[object] = []
        for kind in found:
            part = "i.id BETWEEN ? AND ?"
            values += [*self._files.ranges[kind]]
            if kind in {"link", "candidate"} and self._latest:
                part += " AND i.code BETWEEN ? AND ?"
                values += [f"{self._latest}/", f"{self._latest}/\U0010ffff"]
            parts.append(part)
        return (f"(({') OR ('.join(parts)}))" if parts else "", values)

    def _found(self, hits: Sequence[tuple[str, int, float]], language: str, limit: int) -> list[Found]:
        best = list(dict.fromkeys((file, item) for file, item, _ in hits))[:limit]
        rows: dict[tuple[str, int], tuple[str, str, str, str]] = {}
        titles: dict[tuple[str, int], str] = {}
        for file in (CORE, EVIDENCE):
            items = json.dumps([item for name, item in best if name == file])
            if items == "[]":
                continue
            with self._files.open(file) as run:
                sql = "SELECT id, kind, code, label, json FROM item WHERE id IN (SELECT value FROM json_each(?))"
                rows |= {(file, i): (kind, code, label, text) for i, kind, code, label, text in run(sql, (items,))}
                sql = "SELECT item, label FROM doc WHERE lang = ? AND item IN (SELECT value FROM json_each(?))"
                titles |= {(file, i): label for i, label in run(sql, (language, items)) if label}
        found = []
        for key in best:
            kind, code, label, text = rows[key]
            document = json.loads(text)
            found.append(Found(kind, code, titles.get(key) or label or code, self.shown(document)))
        return found
