"""Tables of a release for people: CSV in packages with a Frictionless description.

Written from an index file, so they say what the lists say. https://specs.frictionlessdata.io/tabular-data-package/
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import polars as pl

from wsiskg.beside import Step
from wsiskg.graph.columns.jsonld import compact_column
from wsiskg.graph.index.columns import COLUMNS, TYPES, row_of
from wsiskg.graph.index.documents import Resources, codes
from wsiskg.graph.index.reading import documents_of, open_index
from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.vocabulary import LICENCE
from wsiskg.model.errors import ReleaseError

__all__ = [
    "CORE_TABLES",
    "EVIDENCE_TABLES",
    "Edits",
    "Package",
    "change_package",
    "create_package",
    "csv_lines",
    "read_lines",
    "resource_lines",
    "write_csv",
]

Json = Any

CORE_TABLES: Mapping[str, tuple[str, ...]] = {
    "links": ("link",),
    "candidates": ("candidate",),
    "editions": ("edition",),
    "action-lines": ("action-line",),
    "sdgs": ("goal", "target", "indicator"),
    "connect2020": ("connect2020",),
    "agencies": ("agency",),
    "hlpf": ("hlpf",),
    "countries": ("country",),
    "regions": ("region",),
}
"""Tables from the index of what depends on an edition -> kinds of items in each."""

EVIDENCE_TABLES: Mapping[str, tuple[str, ...]] = {
    "projects": ("project",),
    "prizes": ("award",),
    "organisations": ("organisation",),
    "registers": ("register",),
}
"""The same of what registers hold."""

_LINE_END = "\r\n"
_PIECE = 1 << 20  # bytes of a table that are looked at together
_TO_QUOTE = r'[",\r\n]'
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a ZIP file can hold: the same bytes whenever it is written


def write_csv(path: Path, index: Path, iris: Iris, name: str, title: str, tables: Mapping[str, Sequence[str]]) -> None:
    """Write a package of tables from an index file.

    Args:
        path: the file.
        index: the index file to read.
        iris: the IRIs of the release.
        name: name of the package.
        title: title of the package.
        tables: name of each table -> kinds of items in it.

    """
    context = load_context(iris)
    with (
        open_index(index) as connection,
        create_package(path, name, title, tables) as package,
    ):
        for table, kinds in tables.items():
            documents = documents_of(connection, kinds)
            package.write(table, [csv_lines(COLUMNS[table], (row_of(d, COLUMNS[table], context) for d in documents))])


@dataclass(frozen=True, slots=True)
class Package:
    """A ZIP file of CSV tables (RFC 4180, UTF-8) with their ``datapackage.json``, being written."""

    archive: zipfile.ZipFile

    def write(self, table: str, lines: Iterable[str]) -> None:
        """Write a table with its header; ``lines`` are pieces of CSV, each of whole lines."""
        with self.archive.open(_entry(f"{table}.csv"), "w") as handle:
            handle.write((",".join(COLUMNS[table]) + _LINE_END).encode())
            for some in lines:
                handle.write(some.encode())


@contextmanager
def create_package(path: Path, name: str, title: str, tables: Iterable[str]) -> Iterator[Package]:
    """Create a package at ``path``; its tables are to be written in the order in which they are named."""
    with zipfile.ZipFile(path, "w") as archive:
        description = json.dumps(_package(name, title, tables), ensure_ascii=False, indent=1) + "\n"
        archive.writestr(_entry("datapackage.json"), description)
        yield Package(archive)


@dataclass(frozen=True, slots=True)
class Edits:
    """Changes of a table.

    Attributes:
        replaced: the line that takes the place of another one, by the place of that, from 0; nothing if it is removed.
        inserted: lines that are put before the line in a place; behind the last one if there is none.
        lines: how many the table had.

    """

    replaced: Mapping[int, bytes]
    inserted: Mapping[int, Sequence[bytes]]
    lines: int


def change_package(before: Path, path: Path, edits: Mapping[str, Edits], step: Step = lambda: None) -> None:
    """Write a package as another one is, with some lines changed.

    Args:
        before: the other one.
        path: the file.
        edits: what changes, by name of the table.
        step: called now and then.

    Raises:
        ReleaseError: a table has not as many lines as it is said to have.

    """
    with zipfile.ZipFile(before) as known, zipfile.ZipFile(path, "w") as archive:
        for name in known.namelist():
            change = edits.get(name.removesuffix(".csv"))
            with known.open(name) as old, archive.open(_entry(name), "w") as new:
                for piece in _changed(old, change) if change else _pieces(old):
                    step()
                    new.write(piece)


def read_lines(path: Path, table: str) -> Iterator[bytes]:
    """Yield the lines of a table without its header, each with its end; there may be ends of lines in a cell."""
    with zipfile.ZipFile(path) as archive, archive.open(f"{table}.csv") as handle:
        lines = (line for piece in _whole_lines(handle) for line in _lines(piece))
        next(lines)
        yield from lines


def _changed(table: IO[bytes], edits: Edits) -> Iterator[bytes]:
    """Yield a table with its header, changed."""
    place = -1  # of the header
    edited = sorted({*edits.replaced, *edits.inserted}, reverse=True)
    for piece in _whole_lines(table):
        size = _number(piece)
        if not edited or edited[-1] >= place + size:
            yield piece
        else:
            out: list[bytes] = []
            for number, line in enumerate(_lines(piece), place):
                out += edits.inserted.get(number, ())
                out.append(edits.replaced.get(number, line))
            yield b"".join(out)
            while edited and edited[-1] < place + size:
                edited.pop()
        place += size
    if place != edits.lines:
        raise ReleaseError("the tables of registers do not fit their index", "Build anew: wsiskg build --anew")
    yield b"".join(edits.inserted.get(place, ()))


def _pieces(handle: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: handle.read(_PIECE), b"")


def _whole_lines(handle: IO[bytes]) -> Iterator[bytes]:
    """Yield pieces of whole lines."""
    kept, end = b"", _LINE_END.encode()
    for piece in _pieces(handle):
        kept += piece
        cut = kept.rfind(end) + len(end)
        while cut >= len(end) and kept.count(b'"', 0, cut) % 2:  # it is in a cell
            cut = kept.rfind(end, 0, cut - len(end)) + len(end)
        if cut >= len(end):
            yield kept[:cut]
            kept = kept[cut:]
    if kept:
        yield kept


def _number(piece: bytes) -> int:
    """Return the number of lines: what stands in an even number of quotes is outside of cells that are quoted."""
    end = _LINE_END.encode()
    if b'"' not in piece:
        return piece.count(end)
    return sum(text.count(end) for text in piece.split(b'"')[::2])


def _lines(piece: bytes) -> Iterator[bytes]:
    """Yield the lines of a piece that has whole ones."""
    end, kept = _LINE_END.encode(), b""
    for line in piece.split(end)[:-1]:
        kept += line + end
        if not kept.count(b'"') % 2:
            yield kept
            kept = b""


def csv_lines(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Return rows as lines of CSV."""
    text = io.StringIO()
    csv.DictWriter(text, list(columns), lineterminator=_LINE_END).writerows(rows)
    return text.getvalue()


def resource_lines(table: str, resources: Resources) -> pl.Series:
    """Return the line of CSV of each resource in ``table``, which names properties and the id alone."""
    names = {resources.context.name(property_): property_ for property_ in resources.values}
    cells = [
        codes(compact_column(resources.subjects, resources.context))
        if path == "id"
        else resources.texts(names.get(path, ""), "|", coded=True)
        for path in COLUMNS[table].values()
    ]
    line = pl.concat_str(map(_quoted, cells), separator=",")
    return pl.select(pl.concat_str(line, pl.lit(_LINE_END))).to_series()


def _quoted(cells: pl.Series) -> pl.Series:
    special = cells.str.contains(_TO_QUOTE).fill_null(value=False)
    if special.any():
        cells = ('"' + cells.str.replace_all('"', '""', literal=True) + '"').zip_with(special, cells)
    return cells.fill_null("")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _package(name: str, title: str, tables: Iterable[str]) -> dict[str, Json]:
    return {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "licenses": [{"name": "CC-BY-4.0", "path": LICENCE.value}],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table,
                "path": f"{table}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [{"name": column, "type": TYPES.get(column, "string")} for column in COLUMNS[table]],
                    "primaryKey": next(iter(COLUMNS[table])),
                },
            }
            for table in tables
        ],
    }
