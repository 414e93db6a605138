"""Load a directory of tables and check it as a whole; nothing is returned unless everything is right."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from wsiskg.model.errors import UsageError, ViolationError
from wsiskg.model.problems import Problem
from wsiskg.tables.crosschecks import cross_problems
from wsiskg.tables.csv_file import read_csv_table
from wsiskg.tables.messages import problem
from wsiskg.tables.replacement import is_under_way
from wsiskg.tables.rows import Table, Tables
from wsiskg.tables.schema import Package, TableSchema, read_package

__all__ = ["SYNTHETIC", "Reading", "check_tables", "load_tables", "read_packages", "refuse_synthetic"]

SYNTHETIC = "synthetic-"
"""What the codes of invented projects and awards begin with."""


def read_packages(root: Traversable, without: Collection[str] = ()) -> tuple[Package, ...]:
    """Read every ``datapackage.yaml`` one folder below ``root``, except in the folders ``without``.

    Raises:
        UsageError: ``root`` holds none, or one cannot be read.

    """
    folders = sorted((f for f in root.iterdir() if f.is_dir()), key=lambda f: f.name) if root.is_dir() else []
    packages = tuple(
        read_package(f / "datapackage.yaml", f.name)
        for f in folders
        if f.name not in without and (f / "datapackage.yaml").is_file()
    )
    if not packages:
        raise UsageError(f"'{root}' holds no tables", "Name a directory shaped like mappings/ with --mappings DIR.")
    return packages


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a directory of tables, where that differs from reading all of it.

    Attributes:
        unread: tables by file name below the directory, with their number of rows: only their hash is taken, because
            a release holds already what they say.
        beside: groups that do not stand in the directory yet, by name below it (``matrix/2023``): a new edition is
            checked together with all that is published before it becomes part of it.
        without: packages by folder, of which not even the description is opened: a check of links has no use for
            projects. Codes that only they could know are taken as they are.

    """

    unread: Mapping[str, int] = field(default_factory=dict)
    beside: Mapping[str, Traversable] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


_ALL = Reading()


def check_tables(root: Traversable, reading: Reading = _ALL) -> tuple[Tables, list[Problem]]:
    """Read all tables below ``root`` and return them with every problem found.

    Raises:
        UsageError: ``root`` holds no readable data package, or an import into it has not ended.

    """
    if isinstance(root, Path) and is_under_way(root):
        raise UsageError(
            f"an import into '{root}' has not ended", f"If it was interrupted: wsiskg import apply --mappings '{root}'"
        )
    tables: list[Table] = []
    problems: list[Problem] = []
    for package in read_packages(root, reading.without):
        # Listed once: an edition that appears meanwhile is in all of its tables or in none.
        groups = _groups(root / package.folder, package.folder, reading)
        for schema in package.tables:
            for table, found in _read_all(root, package.folder, schema, groups, reading):
                tables.append(table)
                problems.extend(found)
    loaded = Tables(tuple(tables))
    problems.extend(cross_problems(loaded, whole=not reading.without))
    return loaded, problems


def load_tables(root: Traversable, reading: Reading = _ALL) -> Tables:
    """Read all tables below ``root``.

    Raises:
        UsageError: ``root`` holds no readable data package.
        ViolationError: some rows are wrong; lists every one of them.

    """
    tables, problems = check_tables(root, reading)
    if problems:
        raise ViolationError(f"{len(problems)} problem(s) in the tables", problems, "Correct them and build again.")
    return tables


def refuse_synthetic(tables: Tables) -> None:
    """Refuse tables that hold invented projects or awards, whose codes say so.

    Raises:
        ViolationError: there are some; names the first of each table.

    """
    problems = []
    for name in ("projects", "awards"):
        for table in tables.of(name):
            key = table.schema.primary_key[0]
            if any(code.startswith(SYNTHETIC) for code in table.different(key)):
                found = next(row for row in table if row.text(key).startswith(SYNTHETIC))
                problems.append(problem("synthetic", found.origin(key), found.text(key)))
    if problems:
        raise ViolationError(
            "the tables hold synthetic data",
            problems,
            "Remove it; to measure with it: wsiskg build --allow-synthetic",
        )


def _groups(place: Traversable, folder: str, reading: Reading) -> Mapping[str, Traversable]:
    """Return the groups of a package by name: its folders, except hidden ones, and those of ``reading.beside``."""
    groups = {f.name: f for f in place.iterdir() if f.is_dir() and not f.name.startswith(".")}
    groups |= {name.split("/")[1]: f for name, f in reading.beside.items() if name.split("/")[0] == folder}
    return dict(sorted(groups.items()))


def _read_all(
    root: Traversable, folder: str, schema: TableSchema, groups: Mapping[str, Traversable], reading: Reading
) -> list[tuple[Table, list[Problem]]]:
    if not schema.path.startswith("{"):
        return [_read(root / folder / schema.path, root.name, f"{folder}/{schema.path}", schema, "", reading)]
    path = schema.path.split("/", 1)[1]
    return [
        _read(place / path, root.name, f"{folder}/{group}/{path}", schema, group, reading)
        for group, place in groups.items()
    ]


def _read(
    file: Traversable, root: str, name: str, schema: TableSchema, group: str, reading: Reading
) -> tuple[Table, list[Problem]]:
    if (rows := reading.unread.get(name)) is None or not file.is_file():
        return read_csv_table(file, f"{root}/{name}", schema, group)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Table(schema, f"{root}/{name}", (), group, digest, complete=False, unread=rows), []
