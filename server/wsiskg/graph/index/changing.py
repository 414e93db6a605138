"""The index of registers, made from that of the release before: what did not change is not worked out again.

Two small indexes are written of the same few projects and all that belongs to them, as they were and as they are. What
one says and the other does not is taken out of the large index, or put in. Numbers that are added up over projects
change by the difference.
"""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from pyoxigraph import NamedNode, Triple

from wsiskg.beside import Step
from wsiskg.graph.columns.statements import COLUMNS, Statements
from wsiskg.graph.held import Compared, Parts, statements_about
from wsiskg.graph.index.evidence import write_evidence
from wsiskg.graph.index.neighbours import NoRoomError, place_items
from wsiskg.graph.index.packages import EVIDENCE_TABLES, Edits, change_package, read_lines
from wsiskg.graph.index.reading import open_index
from wsiskg.graph.index.writer import TUNED, without_version
from wsiskg.graph.iris import Iris

__all__ = ["Change", "change_evidence"]

_SHARE = 0.1
"""Of all projects, above which an index is rather written anew."""

_KINDS = ("project", "award", "organisation", "tag")
_CELL = "origin = ? AND region = ? AND line = ? AND sdg = ? AND year = ?"


@dataclass(frozen=True, slots=True)
class Change:
    """What an index was written of, compared with what it is now.

    Attributes:
        index: the index.
        tables: the tables that say the same.
        registers: the graph of each register, in the order of the index.

    """

    index: Path
    tables: Path
    registers: Sequence[Compared]


@dataclass(frozen=True, slots=True)
class _Entry:
    """An item with all that an index says of it.

    Attributes:
        cells: its row in ``item``, from ``label`` on, but without its ``number``.
        total: that number.
        aliases: codes that mean it.
        docs: language and label of each of its texts, and what it is searched by.
        facets: names and values.
        line: its line in the tables.

    """

    cells: tuple[str, int, str, str]
    total: int
    aliases: frozenset[str]
    docs: tuple[tuple[str, ...], ...]
    facets: frozenset[tuple[str, str]]
    line: bytes


def change_evidence(
    index: Path, tables: Path, iris: Iris, change: Change, places: Iterable[Triple], step: Step = lambda: None
) -> bool:
    """Write the index of registers and the package of CSV tables that `write_evidence` would write.

    The bytes of the index may be others, since what is new does not stand where it would, but all answers are the same.

    Args:
        index: the index file.
        tables: the ZIP file.
        iris: the IRIs the graphs are built with.
        change: what to begin with, and what changed.
        places: ``graph/wsis``, for the region of each country; it has not changed.
        step: called now and then.

    Returns:
        Whether that is done; if not, the index is to be written anew, and nothing is there.

    """
    nodes = _concerned(iris, change, step)
    with open_index(change.index) as known:
        row = known.execute("SELECT items FROM kind WHERE name = 'project'").fetchone()
    projects = nodes.filter(nodes.str.starts_with(f"<{iris.base}id/project/"))
    if row is None or len(projects) > _SHARE * row[0]:
        return False
    with TemporaryDirectory(dir=index.parent) as folder:
        sides = []
        for name, registers in zip(("before", "after"), _sides(iris, change, nodes), strict=True):
            place = Path(folder) / name
            write_evidence(place, place.with_suffix(".zip"), iris, registers, places, step, plain=True)
            sides.append(_Side(place))
        step()
        shutil.copyfile(change.index, index)
        try:
            edits = _apply(index, iris, *sides)
        except NoRoomError:
            index.unlink()
            return False
    step()
    change_package(change.tables, tables, edits, step)
    return True


def _concerned(iris: Iris, change: Change, step: Step) -> pl.Series:
    """Return the nodes of which items may change, and those that items need to say what they say."""

    def of(kind: str, nodes: pl.Series) -> pl.Series:
        return nodes.filter(nodes.str.starts_with(f"<{iris.base}id/{kind}/"))

    changed = pl.concat([frame["subject"] for register in change.registers for frame in (register.lost, register.new)])
    lost = pl.concat([register.lost for register in change.registers])
    parts = Parts([part for register in change.registers for part in register.held])
    linked = pl.concat([of(kind, changed) for kind in ("project", "award", "tag")]).unique()
    fresh = pl.concat([linked, of("organisation", changed)])
    named = [fresh]
    while len(fresh):
        step()
        objects = pl.concat([parts.about(fresh), statements_about(fresh, lost)])["object"]
        naming = pl.concat([parts.naming(fresh), lost.filter(pl.col("object").is_in(fresh.implode()))])["subject"]
        named.append(of("organisation", objects))
        links = pl.concat([of(kind, found) for kind in ("project", "award", "tag") for found in (objects, naming)])
        fresh = links.filter(~links.is_in(linked.implode())).unique()
        linked = pl.concat([linked, fresh])
    return pl.concat([linked, *named]).unique()


def _sides(iris: Iris, change: Change, nodes: pl.Series) -> tuple[list[Statements], list[Statements]]:
    """Return the statements about some nodes, and all of registers themselves, as they were and as they are."""
    before, after = [], []
    apart = [f"<{iris.base}id/{kind}/" for kind in _KINDS]
    for register in change.registers:
        parts = Parts(register.held)
        now = pl.concat([parts.about(nodes), parts.apart_from(apart)])
        then = pl.concat([now.join(register.new, on=COLUMNS, how="anti"), register.lost])
        before.append(_in_one(register.graph, then))
        after.append(_in_one(register.graph, now))
    return before, after


def _in_one(graph: str, frame: pl.DataFrame) -> Statements:
    ordered = frame.sort(COLUMNS)
    return Statements.in_blocks(NamedNode(graph), lambda: [ordered] if len(ordered) else [])


class _Side:
    """What a small index says.

    Attributes:
        entries: by kind and code, kinds in the order of items.
        labels: what is shown of resources, by compact IRI.
        cells: (projects, recognised) by origin, region, action line, SDG, year.

    """

    def __init__(self, index: Path) -> None:
        with open_index(index) as connection:
            run = connection.execute
            aliases = _grouped(run("SELECT item, key FROM alias"))
            texts = "SELECT d.item, d.lang, d.label, t.label, t.other, t.body FROM doc d JOIN text t ON t.rowid = d.id"
            docs = _grouped(run(f"{texts} ORDER BY d.id"))
            facets: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
            for item, *facet in run("SELECT f.item, t.name, t.value FROM facet f JOIN term t ON t.id = f.term"):
                facets[item].add(tuple(facet))
            package = index.with_suffix(".zip")
            lines = {kind: read_lines(package, table) for table, (kind,) in EVIDENCE_TABLES.items()}
            self.entries = {
                (kind, code): _Entry(
                    (label, year, digest, text), total, frozenset(key for (key,) in aliases[number]),
                    tuple(docs[number]), frozenset(facets[number]), next(lines[kind]),
                )
                for number, kind, code, label, year, total, digest, text in run("SELECT * FROM item ORDER BY id")
            }  # fmt: skip
            self.labels = dict(run("SELECT id, json FROM label").fetchall())
            self.cells = {tuple(row[:5]): (row[5], row[6]) for row in run("SELECT * FROM cell")}


def _grouped(rows: Iterable[Sequence[object]]) -> defaultdict[int, list[tuple[str, ...]]]:
    found: defaultdict[int, list[tuple[str, ...]]] = defaultdict(list)
    for item, *values in rows:
        found[int(str(item))].append(tuple(map(str, values)))
    return found


def _apply(index: Path, iris: Iris, before: _Side, after: _Side) -> dict[str, Edits]:
    """Change an index; return what changes in each table.

    Raises:
        NoRoomError: it cannot be done; the index is of no use then.

    """
    edits = {}
    with closing(sqlite3.connect(index)) as connection:
        connection.executescript(TUNED)
        connection.execute("BEGIN")
        for table, (kind,) in EVIDENCE_TABLES.items():
            if found := _Kind(connection, iris, kind).change(before, after):
                edits[table] = found
        _change_labels(connection, before, after)
        _change_cells(connection, before, after)
        connection.commit()
    without_version(index)
    return edits


class _Kind:
    """The items of one kind in an index that is changed."""

    def __init__(self, connection: sqlite3.Connection, iris: Iris, kind: str) -> None:
        self._db, self._iris, self._kind = connection, iris, kind

    def change(self, before: _Side, after: _Side) -> Edits | None:
        """Change the items from what one side says to what the other says; return what changes in their table."""
        was = {code: entry for (kind, code), entry in before.entries.items() if kind == self._kind}
        now = {code: entry for (kind, code), entry in after.entries.items() if kind == self._kind}
        if was == now:
            return None
        numbers = np.array([i for (i,) in self._db.execute("SELECT id FROM item WHERE kind = ?", (self._kind,))], int)
        numbers.sort()
        known = {code: self._number(code) for code in was}
        new = {code: entry for code, entry in now.items() if code not in was}
        placed = place_items(self._db, self._iris, self._kind, ((c, _register(e)) for c, e in new.items()))
        replaced: dict[int, bytes] = {}
        inserted: dict[int, list[bytes]] = {}
        docs = self._docs([number for code, number in known.items() if not _same_docs(was[code], now.get(code))])
        for code, entry in was.items():
            number, later = known[code], now.get(code)
            if later != entry:
                self._replace(number, entry, later, docs)
            if later is None or later.line != entry.line:
                replaced[int(np.searchsorted(numbers, number))] = later.line if later else b""
        for code, number in sorted(placed.items(), key=lambda pair: pair[1]):
            self._insert(number, code, new[code])
            inserted.setdefault(int(np.searchsorted(numbers, number)), []).append(new[code].line)
        gone = [number for code, number in known.items() if code not in now]
        self._count(len(numbers) + len(new) - len(gone))
        return Edits(replaced, inserted, len(numbers))

    def _number(self, code: str) -> int:
        row = self._db.execute("SELECT id FROM item WHERE kind = ? AND code = ?", (self._kind, code)).fetchone()
        if row is None:
            raise NoRoomError
        return int(row[0])

    def _docs(self, items: Sequence[int]) -> dict[int, list[int]]:
        """Return the numbers of the texts of some items."""
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (item INTEGER PRIMARY KEY)")
        self._db.execute("DELETE FROM temp.wanted")
        self._db.executemany("INSERT INTO temp.wanted VALUES (?)", ((item,) for item in items))
        found: dict[int, list[int]] = {}
        sql = "SELECT item, id FROM doc WHERE item IN (SELECT item FROM temp.wanted) ORDER BY id"
        for item, number in self._db.execute(sql) if items else ():
            found.setdefault(item, []).append(number)
        return found

    def _replace(self, number: int, was: _Entry, now: _Entry | None, docs: Mapping[int, Sequence[int]]) -> None:
        run, many = self._db.execute, self._db.executemany
        if now is None:
            run("DELETE FROM item WHERE id = ?", (number,))
        else:
            row = (*now.cells, now.total - was.total, number)
            run("UPDATE item SET label = ?, year = ?, digest = ?, json = ?, number = number + ? WHERE id = ?", row)
        aliases, facets = (now.aliases, now.facets) if now else (frozenset[str](), frozenset[tuple[str, str]]())
        many("DELETE FROM alias WHERE key = ? AND item = ?", ((key, number) for key in was.aliases - aliases))
        many("INSERT INTO alias VALUES (?, ?)", ((key, number) for key in sorted(aliases - was.aliases)))
        if not _same_docs(was, now):
            for doc, (_, _, *words) in zip(docs.get(number, ()), was.docs, strict=True):
                run("INSERT INTO text (text, rowid, label, other, body) VALUES ('delete', ?, ?, ?, ?)", (doc, *words))
                run("DELETE FROM doc WHERE id = ?", (doc,))
            self._add_docs(number, now.docs if now else ())
        if self._kind == "register":
            self._recount(number)
        else:
            self._take_facets(number, was.facets - facets)
            self._add_facets(number, facets - was.facets)

    def _insert(self, number: int, code: str, entry: _Entry) -> None:
        label, year, digest, text = entry.cells
        row = (number, self._kind, code, label, year, entry.total, digest, text)
        self._db.execute("INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._db.executemany("INSERT INTO alias VALUES (?, ?)", ((key, number) for key in sorted(entry.aliases)))
        self._add_docs(number, entry.docs)
        self._add_facets(number, entry.facets)

    def _add_docs(self, number: int, docs: Iterable[Sequence[str]]) -> None:
        for lang, label, *words in docs:
            row = (number, lang, label)
            doc = self._db.execute("INSERT INTO doc (item, lang, label) VALUES (?, ?, ?)", row).lastrowid
            self._db.execute("INSERT INTO text (rowid, label, other, body) VALUES (?, ?, ?, ?)", (doc, *words))

    def _add_facets(self, number: int, facets: Iterable[tuple[str, str]]) -> None:
        run = self._db.execute
        for facet in sorted(facets):
            run("INSERT INTO term (kind, name, value, items) VALUES (?, ?, ?, 1) ON CONFLICT (kind, name, value) "
                "DO UPDATE SET items = items + 1", (self._kind, *facet))  # fmt: skip
            run("INSERT INTO facet SELECT id, ? FROM term WHERE kind = ? AND name = ? AND value = ?",
                (number, self._kind, *facet))  # fmt: skip

    def _take_facets(self, number: int, facets: Iterable[tuple[str, str]]) -> None:
        for facet in facets:
            key = (self._kind, *facet)
            of = "(SELECT id FROM term WHERE kind = ? AND name = ? AND value = ?)"
            self._db.execute(f"DELETE FROM facet WHERE item = ? AND term = {of}", (number, *key))  # noqa: S608
            self._db.execute("UPDATE term SET items = items - 1 WHERE kind = ? AND name = ? AND value = ?", key)
            self._db.execute("DELETE FROM term WHERE items = 0 AND kind = ? AND name = ? AND value = ?", key)

    def _recount(self, number: int) -> None:
        """Say how many projects a register has, which the small indexes do not know."""
        sql = (
            "SELECT t.name, t.value FROM facet f JOIN term t ON t.id = f.term WHERE t.kind = 'register' AND f.item = ?"
        )
        self._take_facets(number, self._db.execute(sql, (number,)).fetchall())
        (projects,) = self._db.execute("SELECT number FROM item WHERE id = ?", (number,)).fetchone()
        self._add_facets(number, [("projects", str(projects))])

    def _count(self, items: int) -> None:
        sql = "SELECT MIN(id), MAX(id) FROM item WHERE kind = ?"
        first, last = self._db.execute(sql, (self._kind,)).fetchone()
        if items:
            row = (first, last, items, self._kind)
            self._db.execute("UPDATE kind SET first = ?, last = ?, items = ? WHERE name = ?", row)
        else:
            self._db.execute("DELETE FROM kind WHERE name = ?", (self._kind,))


def _same_docs(one: _Entry, other: _Entry | None) -> bool:
    return other is not None and one.docs == other.docs


def _register(entry: _Entry) -> str:
    return next((value for name, value in sorted(entry.facets) if name == "register"), "")


def _change_labels(connection: sqlite3.Connection, before: _Side, after: _Side) -> None:
    gone = ((name,) for name in before.labels if name not in after.labels)
    connection.executemany("DELETE FROM label WHERE id = ?", gone)
    connection.executemany("INSERT OR REPLACE INTO label VALUES (?, ?)", after.labels.items())


def _change_cells(connection: sqlite3.Connection, before: _Side, after: _Side) -> None:
    for cell, projects, recognised in _differences(before.cells, after.cells):
        connection.execute(
            "INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin, region, line, sdg, year) "
            "DO UPDATE SET projects = projects + excluded.projects, recognised = recognised + excluded.recognised",
            (*cell, projects, recognised),
        )
        connection.execute(f"DELETE FROM cell WHERE projects = 0 AND {_CELL}", cell)  # noqa: S608


def _differences(
    before: Mapping[tuple[object, ...], tuple[int, int]], after: Mapping[tuple[object, ...], tuple[int, int]]
) -> Iterator[tuple[tuple[object, ...], int, int]]:
    for cell in before.keys() | after.keys():
        was, now = before.get(cell, (0, 0)), after.get(cell, (0, 0))
        if was != now:
            yield cell, now[0] - was[0], now[1] - was[1]
