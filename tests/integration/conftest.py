"""Fixtures of the integration tests: the command as a user runs it, small tables, and one release made from them."""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from wsiskg.cli import main
from wsiskg.resources import default_mappings

COMMAND = Path(sys.executable).parent / "wsiskg"


Wsiskg = Callable[..., subprocess.CompletedProcess[str]]
"""Runs ``wsiskg`` with arguments (and settings by name) and returns what it printed, and its exit code."""


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The caller's environment without settings of his own, so that tests see the defaults."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WSISKG_")}
    return {**kept, "COLUMNS": "200"}


@pytest.fixture(scope="session")
def command() -> str:
    return str(COMMAND)


@pytest.fixture(scope="session")
def wsiskg(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Wsiskg:
    place = tmp_path_factory.mktemp("place")

    def run(*args: object, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(COMMAND), *map(str, args)],
            cwd=place,
            env=environment | settings,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    return run


@pytest.fixture
def inside(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Wsiskg:
    """The same command within this process: quick, for what needs no process of its own."""

    def run(*args: object, **settings: str) -> subprocess.CompletedProcess[str]:
        arguments = ["wsiskg", *map(str, args)]
        for name in [name for name in os.environ if name.startswith("WSISKG_")]:
            monkeypatch.delenv(name)
        for name, value in {**settings, "COLUMNS": "200"}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", arguments)
        capfd.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        sys.stdout.flush()
        out, err = capfd.readouterr()
        assert isinstance(code, int), code
        return subprocess.CompletedProcess(arguments, code, out, err)

    return run


def _cut(file: Path, keep: Callable[[dict[str, str]], bool], limit: int | None = None) -> None:
    """Keep the header and the rows of a table that are wanted, ``limit`` at most."""
    with file.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        columns: Sequence[str] = reader.fieldnames or ()
        rows = [row for row in reader if keep(row)]
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[:limit])


def _column(file: Path, column: str) -> set[str]:
    with file.open(encoding="utf-8", newline="") as handle:
        return {value for row in csv.DictReader(handle) for value in row.get(column, "").split(";") if value}


def _first_of(
    column: str, wanted: Callable[[dict[str, str]], bool] = lambda _: False
) -> Callable[[dict[str, str]], bool]:
    """Keep the first row of each value of ``column``, and all that are wanted besides."""
    seen: set[str] = set()

    def keep(row: dict[str, str]) -> bool:
        first = row[column] not in seen
        seen.add(row[column])
        return first or wanted(row)

    return keep


def _names_only(known: set[str], row: dict[str, str]) -> bool:
    return {row["project"], row.get("record", "")} <= known


def _cut_evidence(root: Path) -> set[str]:
    """Cut each register to eight projects; return the countries that they name."""
    countries: set[str] = set()
    for register in sorted(f for f in root.iterdir() if f.is_dir()):
        _cut(register / "projects.csv", lambda _: True, 8)
        kept = _column(register / "projects.csv", "project")
        for name in ("tags", "awards", "same_project"):
            _cut(register / f"{name}.csv", partial(_names_only, {*kept, ""}))
        for column in ("countries", "development_countries", "deployment_countries"):
            countries |= _column(register / "projects.csv", column)
    return countries


@pytest.fixture(scope="session")
def small_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled tables with a few rows of what there is most of, so that a build takes little time."""
    root = tmp_path_factory.mktemp("small") / "mappings"
    shutil.copytree(default_mappings(), root)
    matrix, connect, sdg, wsis = (root / name for name in ("matrix/2015", "connect2020", "sdg", "wsis"))
    _cut(matrix / "links.csv", lambda _: True, 12)
    _cut(matrix / "discrepancies.csv", lambda row: row["outcome"] == "no-link")
    _cut(matrix / "rationales.csv", lambda row: row["id"] in _column(matrix / "links.csv", "rationale"))
    for name in ("proposals", "statements", "figures"):
        _cut(connect / f"{name}.csv", lambda _: True, 6)
    _cut(wsis / "facilitators.csv", lambda _: True, 20)
    countries = _cut_evidence(root / "evidence")
    _cut(wsis / "countries.csv", lambda row: row["code"] in countries)
    targets = _column(matrix / "links.csv", "target")
    for name in ("proposals", "statements"):
        targets |= _column(connect / f"{name}.csv", "object")
    for file in root.glob("evidence/*/*.csv"):
        targets |= _column(file, "sdgs") | _column(file, "code")
    # The shapes want each goal to keep a target, and each target an indicator.
    _cut(sdg / "targets.csv", _first_of("goal", lambda row: row["code"] in targets))
    targets = _column(sdg / "targets.csv", "code")
    first = _first_of("targets")
    _cut(sdg / "indicators.csv", lambda row: row["targets"] in targets and first(row))
    return root


@pytest.fixture(scope="session")
def small_build(
    small_tables: Path, wsiskg: Wsiskg, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A data directory built from the small tables, and what the build said. Nobody writes here."""
    data = tmp_path_factory.mktemp("built") / "data"
    return data, wsiskg("build", "--mappings", small_tables, "--out", data)


@pytest.fixture(scope="session")
def small_data(small_build: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    """A data directory to read from."""
    data, result = small_build
    assert result.returncode == 0, result.stderr
    return data


@pytest.fixture
def tables(small_tables: Path, tmp_path: Path) -> Path:
    """Tables that the test may change."""
    return Path(shutil.copytree(small_tables, tmp_path / "mappings"))


@pytest.fixture
def data(small_data: Path, tmp_path: Path) -> Path:
    """A data directory with a current release, that the test may change."""
    return Path(shutil.copytree(small_data, tmp_path / "data", symlinks=True))
