"""Tables of a release for people: CSV with a Frictionless description, and each edition as an SSSOM mapping set.

Written from an index file, so they say what the lists say. https://specs.frictionlessdata.io/tabular-data-package/,
https://mapping-commons.github.io/sssom/
"""

import csv
import io
import json
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from wsiskg.graph.columns.jsonld import compact_column
from wsiskg.graph.index.columns import COLUMNS, TYPES, row_of
from wsiskg.graph.index.documents import Resources, codes
from wsiskg.graph.iris import SDG, Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.vocabulary import DCTERMS
from wsiskg.model.codes import UN_LANGUAGES

__all__ = [
    "CORE_TABLES",
    "EVIDENCE_TABLES",
    "Package",
    "create_package",
    "csv_lines",
    "resource_lines",
    "write_csv",
    "write_sssom",
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
_LICENSE = "https://creativecommons.org/licenses/by/4.0/"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a ZIP file can hold: the same bytes whenever it is written
_SSSOM = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "author_id",
    "confidence", "comment",
)  # fmt: skip
_RATIONALES = {f"rationale_{language}": language for language in UN_LANGUAGES}
_EXTENSIONS = (*((column, "rationale") for column in _RATIONALES), ("shared", "rationaleKey"), ("sources", "source"))
"""Columns that SSSOM has no slot for, and our terms for them: with these nothing of a link is lost on the way."""


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
        closing(sqlite3.connect(f"{index.absolute().as_uri()}?mode=ro", uri=True)) as connection,
        create_package(path, name, title, tables) as package,
    ):
        for table, kinds in tables.items():
            documents = _documents(connection, kinds)
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


def write_sssom(path: Path, index: Path, iris: Iris, edition: str) -> None:
    """Write the links of an edition as SSSOM/TSV, with its metadata in front.

    Args:
        path: the file.
        index: the index file to read.
        iris: the IRIs of the release.
        edition: code of the edition.

    """
    with closing(sqlite3.connect(f"{index.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        labels = {name: json.loads(text) for name, text in connection.execute("SELECT id, json FROM label")}
        (described,) = connection.execute("SELECT json FROM item WHERE kind = 'edition' AND code = ?", (edition,))
        titles = json.loads(described[0]).get("title", {})
        curies = {
            "kg": iris.resource("", "").value.rstrip("/") + "/",
            "line": iris.resource("action-line", "").value,
            "sdg": SDG,
            "wsis": iris.term("").value,
            "semapv": "https://w3id.org/semapv/vocab/",
        }
        with path.open("w", encoding="utf-8", newline="") as handle:
            handle.write("#curie_map:\n")
            handle.writelines(f"#  {prefix}: {namespace}\n" for prefix, namespace in sorted(curies.items()))
            handle.write(f"#mapping_set_id: {iris.resource('edition', edition).value}\n")
            handle.write(f"#mapping_set_version: {json.dumps(edition)}\n")
            handle.write(f"#mapping_set_title: {json.dumps(titles.get('en', edition), ensure_ascii=False)}\n")
            handle.write(f"#license: {_LICENSE}\n")
            handle.write("#extension_definitions:\n")
            for column, term in _EXTENSIONS:
                iri = DCTERMS(term).value if term == "source" else iris.term(term).value
                handle.write(f"#  - slot_name: {column}\n#    property: {iri}\n")
            columns = (*_SSSOM, *(column for column, _ in _EXTENSIONS))
            writer = csv.DictWriter(handle, columns, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
            writer.writeheader()
            links = [
                link for link in _documents(connection, ("link",)) if str(link["edition"]).rpartition("/")[2] == edition
            ]
            expand = load_context(iris).expand
            keys = Counter(link.get("rationaleKey") for link in links)
            for link in links:
                key = link.get("rationaleKey")
                writer.writerow(_mapping(link, labels, expand, shared=key is not None and keys[key] > 1))


def _mapping(
    link: Mapping[str, Json], labels: Mapping[str, Mapping[str, Json]], expand: Callable[[str], str], *, shared: bool
) -> dict[str, str]:
    subject, target = str(link["subjectId"]), str(link["objectId"])
    return {
        "subject_id": subject,
        "subject_label": _english(labels.get(subject, {})),
        "predicate_id": str(link["predicateId"]),
        "object_id": target,
        "object_label": _english(labels.get(target, {})),
        "mapping_justification": str(link["mappingJustification"]),
        "author_id": "|".join(link.get("proposedBy", ())),
        "confidence": str(link.get("confidence", "")),
        "comment": str(link.get("note", {}).get("en", "")),
        **{column: str(link.get("rationale", {}).get(language, "")) for column, language in _RATIONALES.items()},
        "shared": "yes" if shared else "",
        "sources": "|".join(map(expand, link.get("source", ()))),
    }


def _english(label: Mapping[str, Json]) -> str:
    return str(label.get("prefLabel", label.get("label", {})).get("en", ""))


def _documents(connection: sqlite3.Connection, kinds: Sequence[str]) -> Iterator[dict[str, Json]]:
    for kind in kinds:
        for (text,) in connection.execute("SELECT json FROM item WHERE kind = ? ORDER BY id", (kind,)):
            yield json.loads(text)


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
        "licenses": [{"name": "CC-BY-4.0", "path": _LICENSE}],
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
