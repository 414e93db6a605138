"""``graph/prizes`` and ``graph/stocktaking/<register>``: projects, awards and tags as their registers report them.

Made from the columns of the tables, one kind of subject after the other in the order of their IRIs, so that a register
of any size is written in bounded memory.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import pairwise
from threading import Lock

import polars as pl
from pyoxigraph import NamedNode

from wsiskg.graph.columns.statements import Part, Statements
from wsiskg.graph.columns.terms import values_of
from wsiskg.graph.content.register_columns import Property, Rows, rows_by_kind
from wsiskg.graph.iris import Iris
from wsiskg.model.problems import Origin
from wsiskg.tables.rows import Row, Tables

__all__ = ["PRIZES", "Register", "is_register_graph", "register_graph"]

PRIZES = "wsis-prizes"
"""The register whose projects and awards make up ``graph/prizes``."""

_SUBJECTS = 16_384
"""Subjects in a part, about."""


def register_graph(iris: Iris, code: str) -> NamedNode:
    """Return the named graph of register ``code``."""
    return iris.graph("prizes") if code == PRIZES else iris.graph("stocktaking", code)


def is_register_graph(iris: Iris, graph: str) -> bool:
    """Say whether the named graph ``graph`` holds a register's projects and awards."""
    return graph == iris.graph("prizes").value or graph.startswith(iris.graph("stocktaking", "").value)


class Register:
    """What register ``code`` says: its projects, awards and assigned tags, and the cells that this came from.

    Its tables are taken apart once, when that is first asked for, from whatever thread; it gives `Origins`. There are
    no circles of references: a build lets go of it while the collector rests.
    """

    def __init__(self, iris: Iris, tables: Tables, code: str) -> None:
        self.graph = register_graph(iris, code)
        self._of = (iris, tables, code)
        self._before = iris.resource("", "").value.rstrip("/") + "/"
        self._lock = Lock()

    def statements(self) -> Statements:
        """Return the statements, which are made whenever they are asked for."""
        return Statements(self.graph, self._parts)

    def get(self, key: tuple[str, str], /) -> Origin | None:
        """Return the cell of (subject IRI, predicate IRI), or the row where the predicate is empty."""
        subject, predicate = key
        kind = subject.removeprefix(self._before).partition("/")[0]
        for rows in self._kinds[kind].rows if kind in self._kinds else ():
            columns = [p for p in rows.properties if p.cell and p.predicate.value == predicate]
            if not columns and (predicate or not rows.describing):
                continue
            for cells in rows.frame.filter(pl.col("node") == f"<{subject}>").iter_rows(named=True):
                row: Row = rows.table.rows[cells["row"]]
                found = [row.origin(said.cell) for said in columns if cells[said.column]]
                if found or not predicate:
                    return found[0] if found else row.origin()
        return None

    def _parts(self, cuts: Sequence[str]) -> Iterator[Part]:
        for kind in self._kinds.values():
            yield from kind.parts(cuts)

    @property
    def _kinds(self) -> Mapping[str, "_Kind"]:
        with self._lock:
            return self._apart

    @cached_property
    def _apart(self) -> Mapping[str, "_Kind"]:
        return {kind: _Kind(rows) for kind, rows in rows_by_kind(*self._of).items()}


class _Kind:
    """Statements about the subjects of one kind, which may stand in several tables and several times."""

    def __init__(self, rows: Sequence[Rows]) -> None:
        self.rows = rows
        nodes = pl.concat([r.frame.select("node") for r in rows]).unique().sort("node").with_row_index("subject")
        self._nodes = nodes["node"]
        # Where each row belongs, and the rows in that order: cells move a block at a time.
        self._places = [
            r.frame.select("node").join(nodes, on="node", how="left", maintain_order="left").select("subject")
            .with_row_index("row").sort("subject", maintain_order=True)
            for r in rows
        ]  # fmt: skip
        self._predicates = pl.Series(sorted({str(p.predicate) for r in rows for p in r.properties}), dtype=pl.String)
        self._ranks = {predicate: rank for rank, predicate in enumerate(self._predicates)}

    def parts(self, cuts: Sequence[str]) -> Iterator[Part]:
        """Yield the statements in parts that begin at ``cuts``, and in between where that gets too large."""
        edges = {0, len(self._nodes), *self._nodes.search_sorted(pl.Series(cuts, dtype=pl.String), side="left")}
        for low, high in pairwise(sorted(edges)):
            step = _SUBJECTS if high - low > 2 * _SUBJECTS else high - low
            for start in range(low, high, step):
                end = min(start + step, high)
                found = partial(self._source, start, end)
                yield Part(self._nodes[start], found, partial(self._block, start, end))

    def _rows_of(self, start: int, end: int) -> Iterator[tuple[Rows, pl.DataFrame]]:
        """Yield the rows about subjects, each table with their places and in their order."""
        for rows, places in zip(self.rows, self._places, strict=True):
            low, high = (places["subject"].search_sorted(edge, side="left") for edge in (start, end))
            yield rows, places[low:high]

    def _source(self, start: int, end: int) -> str:
        """Return a hash of all cells that statements about these subjects are made from."""
        digest = hashlib.sha256()
        for rows, here in self._rows_of(start, end):
            said = [f"{p.predicate} {p.column} {p.separator}" for p in rows.properties]
            digest.update("\n".join(["", *said, ""]).encode())
            columns = list(dict.fromkeys(["node", *(p.column for p in rows.properties)]))
            cells = rows.frame.select(columns)[here["row"]]
            digest.update(cells.write_csv(include_header=False).encode())
        return digest.hexdigest()

    def _block(self, start: int, end: int) -> pl.DataFrame:
        found = []
        for rows, here in self._rows_of(start, end):
            cells = rows.frame[here["row"]]
            keys = here["subject"].cast(pl.UInt64) * len(self._predicates)
            found += [self._statements(p, keys, cells[p.column]) for p in rows.properties]
        return self._ordered(pl.concat(found))

    def _statements(self, said: Property, keys: pl.Series, cells: pl.Series) -> pl.DataFrame:
        """Return the objects of one property, with the place of subject and predicate in their order as one key."""
        frame = pl.DataFrame([keys.alias("key") + self._ranks[str(said.predicate)], cells.alias("object")])
        frame = frame.filter(pl.col("object") != "")
        if said.separator:
            frame = values_of(frame, "object", said.separator)
        return frame.with_columns(said.objects(frame["object"]).alias("object")).drop_nulls()

    def _ordered(self, found: pl.DataFrame) -> pl.DataFrame:
        """Put statements in order, each once. Most properties have one value, which needs no look at the text."""
        several = found["key"].is_duplicated()
        if several.any():
            ordered = found.filter(several).unique().sort("key", "object")
            found = pl.concat([found.filter(~several), ordered])
        found = found.sort("key", maintain_order=True)
        return found.select(
            self._nodes.gather(found["key"] // len(self._predicates)).alias("subject"),
            self._predicates.gather(found["key"] % len(self._predicates)).alias("predicate"),
            "object",
        )
