"""Load a directory of tables and check it as a whole; nothing is returned unless everything is right."""

from importlib.resources.abc import Traversable

from wsiskg.model.errors import UsageError, ViolationError
from wsiskg.model.problems import Problem
from wsiskg.tables.crosschecks import cross_problems
from wsiskg.tables.csv_file import read_csv_table
from wsiskg.tables.rows import Table, Tables
from wsiskg.tables.schema import Package, TableSchema, read_package

__all__ = ["check_tables", "load_tables", "read_packages"]


def read_packages(root: Traversable) -> tuple[Package, ...]:
    """Read every ``datapackage.yaml`` one folder below ``root``.

    Raises:
        UsageError: ``root`` holds none, or one cannot be read.

    """
    folders = sorted((f for f in root.iterdir() if f.is_dir()), key=lambda f: f.name) if root.is_dir() else []
    packages = tuple(
        read_package(f / "datapackage.yaml", f.name) for f in folders if (f / "datapackage.yaml").is_file()
    )
    if not packages:
        raise UsageError(f"'{root}' holds no tables", "Name a directory shaped like mappings/ with --mappings DIR.")
    return packages


def check_tables(root: Traversable) -> tuple[Tables, list[Problem]]:
    """Read all tables below ``root`` and return them with every problem found.

    Raises:
        UsageError: ``root`` holds no readable data package.

    """
    tables: list[Table] = []
    problems: list[Problem] = []
    for package in read_packages(root):
        for schema in package.tables:
            for table, found in _read_all(root, package.folder, schema):
                tables.append(table)
                problems.extend(found)
    loaded = Tables(tuple(tables))
    problems.extend(cross_problems(loaded))
    return loaded, problems


def load_tables(root: Traversable) -> Tables:
    """Read all tables below ``root``.

    Raises:
        UsageError: ``root`` holds no readable data package.
        ViolationError: some rows are wrong; lists every one of them.

    """
    tables, problems = check_tables(root)
    if problems:
        raise ViolationError(f"{len(problems)} problem(s) in the tables", problems, "Correct them and build again.")
    return tables


def _read_all(root: Traversable, folder: str, schema: TableSchema) -> list[tuple[Table, list[Problem]]]:
    place = root / folder
    if not schema.path.startswith("{"):
        return [read_csv_table(place / schema.path, f"{root.name}/{folder}/{schema.path}", schema)]
    path = schema.path.split("/", 1)[1]
    groups = sorted(f.name for f in place.iterdir() if f.is_dir())
    return [read_csv_table(place / g / path, f"{root.name}/{folder}/{g}/{path}", schema, g) for g in groups]
