"""Lists, lookups and search, from a release's index: a fixed number of SQLite statements each, whatever they find.

Connections are read-only and reused; nothing a client sends gets into a statement's text.
"""

import base64
import binascii
import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from wsiskg.graph.framing import framer
from wsiskg.graph.index.schema import CORE, EVIDENCE
from wsiskg.graph.index.text import code_key, folded, match_expression
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release
from wsiskg.model.errors import LimitError, ReleaseError, UsageError

__all__ = ["EVIDENCE_KINDS", "Cell", "Found", "Index", "Listing", "Page", "edition_codes", "editions_among"]

Json = Any

EVIDENCE_KINDS = frozenset({"register", "project", "award", "organisation"})
"""Kinds in the index of registers; all others are in the core."""

_SORTS = {"code": "i.id", "name": "folded(i.label)", "year": "i.year", "number": "i.number"}
_MOST_HITS = 500
_STEPS = 200_000_000  # of SQLite's virtual machine: seconds, where an answer takes milliseconds
_WEIGHTS = "8.0, 4.0, 1.0"  # of label, other names, body


@dataclass(frozen=True, slots=True)
class Listing:
    """What to list.

    Attributes:
        kinds: kinds of items, of one index file, in its order.
        having: facet -> values, one of which an item must have.
        lacking: facet -> values, none of which an item may have.
        years: first and last year, 0 for open; an item without a year is left out if either is given.
        sort: ``code`` (the order of the index), ``name``, ``year`` or ``number``.
        descending: the other way round.
        limit: number of items at most.
        after: cursor of the page before, empty for the first.
        words: only items in whose texts all these words stand, the last one perhaps as a beginning; empty for all.

    """

    kinds: tuple[str, ...]
    having: Mapping[str, Sequence[str]] = field(default_factory=dict)
    lacking: Mapping[str, Sequence[str]] = field(default_factory=dict)
    years: tuple[int, int] = (0, 0)
    sort: str = "code"
    descending: bool = False
    limit: int = 50
    after: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a listing: documents with labels, how many there are in all, the cursor of the next page or empty."""

    documents: tuple[dict[str, Json], ...]
    total: int
    next: str


@dataclass(frozen=True, slots=True)
class Found:
    """An item found by search: its kind and code, its title in the language asked for, what is shown of it."""

    kind: str
    code: str
    title: str
    document: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Cell:
    """Projects that carry an action line and an SDG goal or target, and how many of these won recognition."""

    line: str
    sdg: str
    projects: int
    recognised: int


def edition_codes(release: Release) -> tuple[str, ...]:
    """Return the codes of the editions of a release, the latest last; empty where it has none."""
    return editions_among(release.graphs, release.iris)


def editions_among(graphs: Iterable[str], iris: Iris) -> tuple[str, ...]:
    """Return the codes of the editions whose links are in one of ``graphs``, the latest last."""
    prefix = iris.graph("matrix", "").value
    return tuple(sorted(graph.removeprefix(prefix) for graph in graphs if graph.startswith(prefix)))


class Index:
    """The index of one release; may be used by several threads.

    Args:
        release: its files are opened read-only, as they are needed.
        trace: called with each statement that is run.

    Raises:
        ReleaseError: the release has no index.

    """

    def __init__(self, release: Release, trace: Callable[[str], None] | None = None) -> None:
        self.release = release
        self.editions = edition_codes(release)
        self._framer = framer(release.iris)
        self._trace = trace
        self._idle: dict[str, deque[sqlite3.Connection]] = {CORE: deque(), EVIDENCE: deque()}
        self._ranges: dict[str, tuple[int, int]] = {}
        for name in (CORE, EVIDENCE):
            with self._open(name) as run:
                self._ranges |= {kind: (first, last) for kind, first, last in run("SELECT * FROM kind")}

    def close(self) -> None:
        """Close the connections that are not in use."""
        for idle in self._idle.values():
            while idle:
                idle.pop().close()

    def page(self, listing: Listing) -> Page:
        """Return one page.

        Raises:
            UsageError: the cursor is not one of this listing and release.

        """
        with self._open(_file(listing.kinds)) as run:
            terms = _terms(run, listing)
            where, values = self._where(listing, terms)
            total = self._total(run, listing, terms, where, values)
            key, order = _SORTS[listing.sort], "DESC" if listing.descending else "ASC"
            after, bound = self._after(listing, key)
            sql = f"SELECT i.id, {key}, i.json FROM item i WHERE {where}{after} ORDER BY {key} {order}, i.id LIMIT ?"
            rows = run(sql, [*values, *bound, listing.limit + 1])
        more = len(rows) > listing.limit
        rows = rows[: listing.limit]
        cursor = _pack([self.release.id[:8], listing.sort, rows[-1][1], rows[-1][0]]) if more else ""
        return Page(tuple(self._shown([json.loads(text) for _, _, text in rows])), total, cursor)

    def facets(self, listing: Listing, names: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
        """Return how many items of a listing have each value of some facets, the most frequent value first."""
        with self._open(_file(listing.kinds)) as run:
            where, values = self._where(listing, _terms(run, listing))
            rows = run(
                f"SELECT t.name, t.value, COUNT(*) FROM term t CROSS JOIN facet f ON f.term = t.id"
                f" WHERE t.kind IN ({_marks(listing.kinds)}) AND t.name IN ({_marks(names)})"
                f" AND f.item IN (SELECT i.id FROM item i WHERE {where}) GROUP BY t.name, t.value ORDER BY 3 DESC, 2",
                [*listing.kinds, *names, *values],
            )
        found: dict[str, list[tuple[str, int]]] = {name: [] for name in names}
        for name, value, count in rows:
            found[name].append((value, count))
        return found

    def get(self, kind: str, code: str) -> dict[str, Json] | None:
        """Return the document of one item with labels, None if there is no such item."""
        with self._open(_file((kind,))) as run:
            rows = run("SELECT json FROM item WHERE kind = ? AND code = ?", (kind, code))
        return self._shown([json.loads(rows[0][0])])[0] if rows else None

    def codes(self, kind: str, facet: str, value: str) -> list[str]:
        """Return the codes of the items that have one facet, in order."""
        with self._open(_file((kind,))) as run:
            sql = (
                "SELECT i.code FROM term t JOIN facet f ON f.term = t.id JOIN item i ON i.id = f.item"
                " WHERE t.kind = ? AND t.name = ? AND t.value = ? ORDER BY i.id"
            )
            return [code for (code,) in run(sql, (kind, facet, value))]

    def items(self, listing: Listing) -> list[dict[str, Json]]:
        """Return all documents of a listing without labels, in the order of the index."""
        with self._open(_file(listing.kinds)) as run:
            where, values = self._where(listing, _terms(run, listing))
            return [json.loads(text) for (text,) in run(f"SELECT i.json FROM item i WHERE {where}", values)]

    def cells(
        self, origins: Sequence[str], region: str = "", years: tuple[int, int] = (0, 0), line: str = "", goal: str = ""
    ) -> list[Cell]:
        """Return projects counted by action line and SDG.

        Args:
            origins: of tags, such as ``declared``; a pair counts by the weaker of its two tags.
            region: ITU region of a project's country, empty for all.
            years: first and last year, 0 for open.
            line: one action line only.
            goal: one goal and its targets only.

        """
        where = [f"origin IN ({_marks(origins)})", "region = ?"]
        values: list[object] = [*origins, region]
        for condition, wanted in (
            ("year >= ?", years[0]), ("year BETWEEN 1 AND ?", years[1]), ("line = ?", line),
        ):  # fmt: skip
            if wanted:
                where.append(condition)
                values.append(wanted)
        if goal:
            where.append("(sdg = ? OR sdg LIKE ? ESCAPE '!')")
            values += [goal, f"{goal}.%"]
        with self._open(EVIDENCE) as run:
            rows = run(
                "SELECT line, sdg, SUM(projects), SUM(recognised) FROM cell WHERE "
                + " AND ".join(where) + " GROUP BY line, sdg ORDER BY line, sdg", values,
            )  # fmt: skip
        return [Cell(*row) for row in rows]

    def digests(self, edition: str) -> dict[str, tuple[str, dict[str, Json]]]:
        """Return (hash of what it says, document) of every link of an edition, by pair such as ``C2-9.c``."""
        with self._open(CORE) as run:
            sql = (
                "SELECT i.code, i.digest, i.json FROM term t JOIN facet f ON f.term = t.id JOIN item i ON i.id = f.item"
                " WHERE t.kind = 'link' AND t.name = 'edition' AND t.value = ? ORDER BY i.id"
            )
            return {code.partition("/")[2]: (digest, json.loads(text)) for code, digest, text in run(sql, (edition,))}

    def search(self, text: str, kinds: Sequence[str] = (), language: str = "en") -> list[Found]:
        """Return what ``text`` finds, best first, `_MOST_HITS` at most: by code, else by all words, else by any.

        Links and candidates of the latest edition only.

        """
        hits = self._hits(kinds, alias=("=", code_key(text)), words=match_expression(text, prefix=True))
        if not hits and (expression := match_expression(text, prefix=False, any_word=True)):
            hits = self._hits(kinds, words=expression)
        return self._found(hits, language, _MOST_HITS)

    def lookup(self, text: str, kinds: Sequence[str] = (), language: str = "en", limit: int = 10) -> list[Found]:
        """Return what may be meant by the beginning ``text``: codes, then titles that begin so, then any word."""
        key = code_key(text)
        hits = self._hits(
            kinds, alias=("LIKE", key), words=match_expression(text, prefix=True, start=True), most=limit * 4
        )
        if len({(file, item) for file, item, _ in hits}) < limit:
            hits += self._hits(kinds, words=match_expression(text, prefix=True), most=limit * 4)
        return self._found(hits, language, limit)

    def _hits(
        self, kinds: Sequence[str], alias: tuple[str, str] = ("", ""), words: str = "", most: int = _MOST_HITS
    ) -> list[tuple[str, int, float]]:
        """Return (file, item, rank) of what codes or words find, codes first, lowest rank first."""
        found: list[tuple[str, int, float]] = []
        for file in (CORE, EVIDENCE):
            inside, bound = self._inside(file, kinds)
            if not inside:
                continue
            with self._open(file) as run:
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
        found = [k for k in (kinds or self._ranges) if k in self._ranges and _file((k,)) == file]
        parts: list[str] = []
        values: list[object] = []
        for kind in found:
            part = "i.id BETWEEN ? AND ?"
            values += [*self._ranges[kind]]
            if kind in {"link", "candidate"} and self.editions:
                part += " AND i.code BETWEEN ? AND ?"
                values += [f"{self.editions[-1]}/", f"{self.editions[-1]}/\U0010ffff"]
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
            with self._open(file) as run:
                sql = "SELECT id, kind, code, label, json FROM item WHERE id IN (SELECT value FROM json_each(?))"
                rows |= {(file, i): (kind, code, label, text) for i, kind, code, label, text in run(sql, (items,))}
                sql = "SELECT item, label FROM doc WHERE lang = ? AND item IN (SELECT value FROM json_each(?))"
                titles |= {(file, i): label for i, label in run(sql, (language, items)) if label}
        found = []
        for key in best:
            kind, code, label, text = rows[key]
            document = json.loads(text)
            found.append(Found(kind, code, titles.get(key) or label or code, self._label(document)))
        return found

    def _label(self, document: Mapping[str, Json]) -> dict[str, Json]:
        return {name: value for name, value in document.items() if name in self._framer.label_names}

    def _where(self, listing: Listing, terms: Mapping[str, Mapping[int, int]]) -> tuple[str, list[object]]:
        ranges = [self._ranges[kind] for kind in listing.kinds if kind in self._ranges]
        parts = [" OR ".join("i.id BETWEEN ? AND ?" for _ in ranges) or "0"]
        values: list[object] = [bound for found in ranges for bound in found]
        for name in listing.having:
            ids = list(terms[name])
            parts.append(f"i.id IN (SELECT item FROM facet WHERE term IN ({_marks(ids)}))")
            values += ids
        for name in listing.lacking:
            ids = list(terms[f"!{name}"])
            parts.append(f"i.id NOT IN (SELECT item FROM facet WHERE term IN ({_marks(ids)}))")
            values += ids
        if listing.words:
            expression = match_expression(listing.words, prefix=True)
            found = "i.id IN (SELECT d.item FROM text JOIN doc d ON d.id = text.rowid WHERE text MATCH ?)"
            parts.append(found if expression else "0")
            values += [expression] if expression else []
        first, last = listing.years
        if first or last:
            parts.append("i.year BETWEEN ? AND ?")
            values += [first or 1, last or 9999]
        return " AND ".join(f"({part})" for part in parts), values

    def _total(
        self,
        run: "_Run",
        listing: Listing,
        terms: Mapping[str, Mapping[int, int]],
        where: str,
        values: Sequence[object],
    ) -> int:
        if not listing.lacking and not listing.words and not any(listing.years):
            if not listing.having:
                return sum(last - first + 1 for first, last in (self._ranges.get(k, (1, 0)) for k in listing.kinds))
            if len(listing.having) == 1:
                (found,) = terms.values()
                if len(found) <= 1:
                    return sum(found.values())
        return int(run(f"SELECT COUNT(*) FROM item i WHERE {where}", values)[0][0])

    def _after(self, listing: Listing, key: str) -> tuple[str, list[object]]:
        if not listing.after:
            return "", []
        release, sort, value, item = _unpack(listing.after)
        if release != self.release.id[:8]:
            raise UsageError("the cursor is of another release", "Ask for the first page again.")
        if sort != listing.sort:
            raise UsageError("the cursor is of another order", "Ask for the first page again.")
        if key == "i.id":
            return f" AND i.id {'<' if listing.descending else '>'} ?", [item]
        than = "<" if listing.descending else ">"
        return f" AND ({key} {than} ? OR ({key} = ? AND i.id > ?))", [value, value, item]

    def _shown(self, documents: list[dict[str, Json]]) -> list[dict[str, Json]]:
        """Return documents with labels of what they name, in three statements."""
        named = sorted(set().union(*(self._framer.references(d) for d in documents))) if documents else []
        labels: dict[str, Json] = {}
        for file in (CORE, EVIDENCE):
            with self._open(file) as run:
                sql = "SELECT id, json FROM label WHERE id IN (SELECT value FROM json_each(?))"
                labels |= {name: json.loads(text) for name, text in run(sql, (json.dumps(named),))}
        # Projects are many, and are named by few: their labels are in their items only.
        prefix = self._framer.context.compact_iri(self.release.iris.resource("project", "").value)
        if codes := [unquote(name.removeprefix(prefix)) for name in named if name.startswith(prefix)]:
            with self._open(EVIDENCE) as run:
                sql = "SELECT json FROM item WHERE kind = 'project' AND code IN (SELECT value FROM json_each(?))"
                for (text,) in run(sql, (json.dumps(codes),)):
                    document = json.loads(text)
                    labels[document["id"]] = self._label(document)
        return [self._framer.with_labels(document, labels) for document in documents]

    @contextmanager
    def _open(self, name: str) -> Iterator["_Run"]:
        try:
            connection = self._idle[name].pop()
        except IndexError:
            connection = self._connect(name)
        try:
            yield _Run(connection)
        except sqlite3.OperationalError as error:
            if "interrupt" in str(error):
                raise LimitError("the search takes too long", "time", "Ask for less.") from error
            raise
        finally:
            self._idle[name].append(connection)

    def _connect(self, name: str) -> sqlite3.Connection:
        uri = f"{(self.release.path / name).absolute().as_uri()}?mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise ReleaseError(f"release {self.release.id} has no index", "Build again: wsiskg build") from error
        connection.set_trace_callback(self._trace)
        connection.create_function("folded", 1, folded, deterministic=True)
        return connection


class _Run:
    """Runs statements on one connection, each within a number of steps."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __call__(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 100_000
            return int(steps > _STEPS)

        self._connection.set_progress_handler(count, 100_000)
        return self._connection.execute(sql, values).fetchall()


def _terms(run: _Run, listing: Listing) -> dict[str, dict[int, int]]:
    """Return the terms that each filter of a listing means, with their numbers of items; ``!`` before lacking ones."""
    wanted = [(name, name, value) for name, values in listing.having.items() for value in values]
    wanted += [(f"!{name}", name, value) for name, values in listing.lacking.items() for value in values]
    found: dict[str, dict[int, int]] = {key: {} for key, _, _ in wanted}
    if wanted:
        sql = (
            "SELECT w.value ->> 0, t.id, t.items FROM json_each(?) w JOIN json_each(?) k"
            " JOIN term t ON t.kind = k.value AND t.name = w.value ->> 1 AND t.value = w.value ->> 2"
        )
        for key, term, items in run(sql, (json.dumps(wanted), json.dumps(listing.kinds))):
            found[key][term] = items
    return found


def _file(kinds: Sequence[str]) -> str:
    return EVIDENCE if EVIDENCE_KINDS.issuperset(kinds) else CORE


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" for _ in values)


def _pack(values: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def _unpack(cursor: str) -> tuple[str, str, str | int, int]:
    try:
        release, sort, value, item = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not (isinstance(release, str) and isinstance(sort, str) and isinstance(value, str | int)):
            raise ValueError
        if not isinstance(item, int) or abs(item) >= 2**62 or (isinstance(value, int) and abs(value) >= 2**62):
            raise ValueError
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise UsageError("the cursor is not one of ours", "Use the `next` of a page as it is.") from error
    return release, sort, value, item
