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
from typing import Any

import polars as pl

from wsiskg.graph.columns.jsonld import compact_column
from wsiskg.graph.index.columns import COLUMNS, TYPES, row_of
from wsiskg.graph.index.documents import Resources, codes
from wsiskg.graph.index.reading import documents_of, open_index
from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.vocabulary import LICENCE

__all__ = [
    "CORE_TABLES",
    "EVIDENCE_TABLES",
    "Package",
    "create_package",
    "csv_lines",
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

EVIDENCE_TABLES = ("projects", "prizes", "organisations", "registers")
"""Tables of what registers hold."""

_LINE_END = "\r\n"
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
