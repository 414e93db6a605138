"""``wsiskg build``: what it writes, what stops it, and that nothing that stops it costs the release that is served."""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from wsiskg.graph.parts import PARTS
from wsiskg.rules.earlier import SUSPECTS

Run = Callable[..., subprocess.CompletedProcess[str]]
BUILDING = "releases/.building-*"


def manifest(data: Path) -> Any:
    return json.loads((data / "current" / "manifest.json").read_text("utf-8"))


def content(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` by its hash, and where ``current`` points."""
    files = {
        str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(folder.rglob("*"))
        if f.is_file()
        and not f.is_symlink()
        and f.name not in {".lock", "LOCK"}
        and f.parent.name != "store"
        and ".building-" not in str(f)
    }
    stores = {
        str(f.relative_to(folder)): str(f.stat().st_size)
        for f in folder.glob("releases/*/store/*.sst")
        if ".building-" not in str(f)
    }
    return files | stores | {"current": str((folder / "current").readlink())}


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), "utf-8")


def row_of(file: Path, beginning: str) -> int:
    lines = file.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(beginning))


@pytest.fixture
def changed(tables: Path) -> Path:
    """Tables whose content is another than that of the release in ``data``."""
    change(tables / "matrix" / "2015" / "edition.csv", "UN facilitators of", "The UN's facilitators of")
    return tables


# What a build writes.


def test_build_says_what_it_built(small_build: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    data, result = small_build
    assert result.returncode == 0, result.stderr
    assert f"Release {manifest(data)['release']}" in result.stdout
    assert "Traceback" not in result.stderr


def test_current_points_to_the_release_by_a_relative_link(small_data: Path) -> None:
    assert (small_data / "current").readlink() == Path("releases") / manifest(small_data)["release"]


def test_a_built_directory_holds_nothing_else(small_data: Path) -> None:
    assert {f.name for f in small_data.iterdir()} == {".lock", "current", "releases"}
    assert [f.name for f in (small_data / "releases").iterdir()] == [manifest(small_data)["release"]]


def test_manifest_names_every_table_with_its_hash(small_data: Path, small_tables: Path) -> None:
    sources = manifest(small_data)["sources"]
    assert {s["file"] for s in sources} == {
        f"mappings/{f.relative_to(small_tables).as_posix()}" for f in small_tables.rglob("*.csv")
    }
    for source in sources:
        file = small_tables.parent / source["file"]
        assert source["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_manifest_names_every_file_with_its_size_and_hash(small_data: Path) -> None:
    release = (small_data / "current").resolve()
    named = {f["path"]: f for f in manifest(small_data)["files"]}
    assert set(named) == {
        f.relative_to(release).as_posix()
        for f in release.rglob("*")
        if f.is_file() and f.parent.name != "store" and f.name not in {"manifest.json", PARTS, SUSPECTS}
    }
    for path, entry in named.items():
        data = (release / path).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_manifest_counts_the_rows_and_statements(small_data: Path, small_tables: Path) -> None:
    found = manifest(small_data)
    assert found["base"] == "https://w3id.org/wsis-kg/"
    links = len((small_tables / "matrix/2015/links.csv").read_text("utf-8").splitlines()) - 1
    assert {s["table"]: s["rows"] for s in found["sources"]}["links"] == links
    assert found["counts"]["quads"] == sum(found["counts"]["graphs"].values())
    assert found["counts"]["quads"] == len((small_data / "current/dumps/wsis-kg.nq").read_bytes().splitlines())
    assert found["counts"]["graphs"]["https://w3id.org/wsis-kg/graph/current"] == links
    assert found["counts"]["classes"]["Project"] == 16


def test_same_content_gives_the_same_id_and_is_not_written_again(data: Path, tables: Path, inside: Run) -> None:
    written = (data / "current" / "manifest.json").stat()
    result = inside("build", "--mappings", tables, "--out", data, "--json")
    again = (data / "current" / "manifest.json").stat()
    assert result.returncode == 0, result.stderr
    assert (written.st_ino, written.st_mtime_ns) == (again.st_ino, again.st_mtime_ns)
    assert len(list((data / "releases").iterdir())) == 1
    assert json.loads(result.stdout)["release"] == manifest(data)["release"]


def test_changed_content_gives_another_id_and_keeps_the_old_release(
    data: Path, small_data: Path, changed: Path, inside: Run
) -> None:
    result = inside("build", "--mappings", changed, "--out", data)
    assert result.returncode == 0, result.stderr
    before, after = manifest(small_data)["release"], manifest(data)["release"]
    assert before != after
    assert {f.name for f in (data / "releases").iterdir()} == {before, after}
    old = {f"releases/{before}/{f['path']}" for f in manifest(small_data)["files"]}
    assert {f: content(data)[f] for f in old} == {f: content(small_data)[f] for f in old}


def test_another_base_gives_other_iris_and_another_id(data: Path, small_data: Path, tables: Path, inside: Run) -> None:
    result = inside("build", "--mappings", tables, "--out", data, WSISKG_BASE="https://example.org/kg/")
    assert result.returncode == 0, result.stderr
    assert manifest(data)["release"] != manifest(small_data)["release"]
    assert manifest(data)["base"] == "https://example.org/kg/"
    statements = (data / "current" / "dumps" / "wsis-kg.nq").read_text("utf-8")
    assert "<https://example.org/kg/id/link/2015/" in statements
    assert not re.search("<https://w3id.org/wsis-kg/(?:id|graph|ontology)", statements)


def test_an_incomplete_release_of_the_same_content_is_written_again(data: Path, tables: Path, inside: Run) -> None:
    (data / "current" / "manifest.json").unlink()
    result = inside("build", "--mappings", tables, "--out", data)
    assert result.returncode == 0, result.stderr
    assert inside("query", "editions", "--data", data).returncode == 0


# What stops a build.


@pytest.fixture
def wrong(tables: Path) -> tuple[Path, list[str]]:
    """Tables with a wrong row each in three files, and the place of each."""
    links = tables / "matrix" / "2015" / "links.csv"
    events = tables / "wsis" / "events.csv"
    projects = tables / "evidence" / "wsis-prizes" / "projects.csv"
    change(links, "\nC1,3.8,", "\nC1,3.18,")
    change(links, "\nC1,3.d,r003,UNDESA,", "\nC1,3.d,r003,NOBODY,")
    lines = events.read_text("utf-8").splitlines()
    events.write_text("\n".join([*lines[:2], lines[2] + ",too many", *lines[3:]]) + "\n", "utf-8")
    change(projects, "\nwsis-2012-w-002,Sudanese Internet Exchange Point,", "\nwsis-2012-w-002,<b>Sudan</b>,")
    places = [
        f"mappings/matrix/2015/links.csv:{row_of(links, 'C1,3.18')}: target:",
        f"mappings/matrix/2015/links.csv:{row_of(links, 'C1,3.d')}: proposed_by:",
        "mappings/wsis/events.csv:3:",
        f"mappings/evidence/wsis-prizes/projects.csv:{row_of(projects, 'wsis-2012-w-002')}: title:",
    ]
    return tables, places


@pytest.mark.parametrize(
    ("language", "words"), [("en", "There is no '3.18'"), ("fr", "« 3.18 » n'existe pas"), ("es", "No existe «3.18»")]
)
def test_wrong_rows_stop_the_build_and_are_all_listed(
    language: str, words: str, wrong: tuple[Path, list[str]], data: Path, small_data: Path, inside: Run
) -> None:
    tables, places = wrong
    result = inside("build", "--mappings", tables, "--out", data, "--lang", language)
    assert result.returncode == 1
    assert result.stdout == ""
    for place in places:
        assert f"Violation: {place}" in result.stderr
    assert words in result.stderr
    assert f"{len(places)} problem(s)" in result.stderr
    assert "Traceback" not in result.stderr
    assert content(data) == content(small_data)


def test_wrong_rows_leave_no_release_where_there_was_none(
    wrong: tuple[Path, list[str]], tmp_path: Path, inside: Run
) -> None:
    assert inside("build", "--mappings", wrong[0], "--out", tmp_path / "new").returncode == 1
    result = inside("query", "editions", "--data", tmp_path / "new")
    assert result.returncode == 2
    assert "Build one: wsiskg build" in result.stderr


def test_what_only_the_graph_shows_stops_the_build_too(tables: Path, data: Path, small_data: Path, inside: Run) -> None:
    titles = tables / "wsis" / "action_line_titles.csv"
    with titles.open("a", encoding="utf-8") as handle:
        handle.write("C2,en,preferred,A second preferred title,sourced,https://www.itu.int/,\n")
    result = inside("build", "--mappings", tables, "--out", data)
    assert result.returncode == 1
    assert "violation(s) of the structural shapes" in result.stderr
    assert "mappings/wsis/action_line_titles.csv:" in result.stderr
    assert "Traceback" not in result.stderr
    assert content(data) == content(small_data)


def test_a_missing_folder_of_tables_is_misuse(tmp_path: Path, inside: Run) -> None:
    result = inside("build", "--mappings", tmp_path / "nowhere", "--out", tmp_path / "data")
    assert result.returncode == 2
    assert "holds no tables" in result.stderr


def test_an_unknown_language_is_misuse(tmp_path: Path, inside: Run) -> None:
    result = inside("build", "--lang", "tlh", "--out", tmp_path / "data")
    assert result.returncode == 2
    assert "Known: en, fr, es." in result.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_an_output_that_cannot_be_written_is_misuse(place: str, tables: Path, tmp_path: Path, inside: Run) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    result = inside("build", "--mappings", tables, "--out", tmp_path / place)
    assert result.returncode == 2
    assert "cannot be written" in result.stderr
    assert "--out" in result.stderr
    assert (tmp_path / "file").read_text("utf-8") == "in the way"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_output_is_misuse(data: Path, small_data: Path, changed: Path, inside: Run) -> None:
    data.chmod(0o555)
    try:
        result = inside("build", "--mappings", changed, "--out", data)
    finally:
        data.chmod(0o755)
    assert result.returncode == 2
    assert "cannot be written" in result.stderr
    assert content(data) == content(small_data)


def test_an_obstacle_among_the_releases_is_said_without_a_traceback(
    data: Path, changed: Path, inside: Run, tmp_path: Path
) -> None:
    (data / "releases").rename(tmp_path / "elsewhere")
    (data / "releases").write_text("in the way", "utf-8")
    result = inside("build", "--mappings", changed, "--out", data)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert str(data) in result.stderr


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """Hold the lock of a data directory in another process."""
    code = (
        "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX);"
        " print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield
        finally:
            holder.kill()


def test_a_second_writer_is_refused(data: Path, small_data: Path, changed: Path, inside: Run) -> None:
    with held(data / ".lock"):
        result = inside("build", "--mappings", changed, "--out", data)
        reading = inside("query", "editions", "--data", data)
    assert result.returncode == 2
    assert "another build" in result.stderr
    assert content(data) == content(small_data)
    assert reading.returncode == 0


# A build that is killed.


def kill_when(
    arguments: list[str], data: Path, reached: Callable[[], bool], delay: float, environment: dict[str, str]
) -> bool:
    """Start a build, kill it ``delay`` seconds after ``reached``; say whether it was still running then."""
    process = subprocess.Popen(
        arguments, cwd=data, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while process.poll() is None and not reached():
            time.sleep(0.005)
        time.sleep(delay)
    finally:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def test_a_build_killed_while_it_writes_leaves_the_old_release_serving(
    data: Path, small_data: Path, changed: Path, inside: Run, command: str, environment: dict[str, str]
) -> None:
    arguments = [command, "build", "--mappings", str(changed), "--out", str(data)]
    stages: list[Callable[[], bool]] = [
        lambda: any(data.glob(f"{BUILDING}/dumps/wsis-kg.nq")),
        lambda: any(data.glob(f"{BUILDING}/store")),
    ]
    for reached in stages:
        for leftover in data.glob(BUILDING):
            shutil.rmtree(leftover)
        assert kill_when(arguments, data, reached, 0, environment)
        assert any(data.glob(BUILDING)), "the build was not writing"
        assert content(data) == content(small_data)
    assert inside("query", "editions", "--data", data).returncode == 0
    result = inside("build", "--mappings", changed, "--out", data)
    assert result.returncode == 0, result.stderr
    assert manifest(data)["release"] != manifest(small_data)["release"]
    assert not list(data.glob(BUILDING))


@pytest.mark.slow
def test_builds_killed_at_any_time_leave_a_release_serving(
    data: Path, small_data: Path, changed: Path, inside: Run, command: str, environment: dict[str, str]
) -> None:
    arguments = [command, "build", "--mappings", str(changed), "--out", str(data)]
    old = f"releases/{manifest(small_data)['release']}"
    kept = {f: digest for f, digest in content(small_data).items() if f.startswith(old)}
    for delay in (0.1, 0.3, 0.6, 1.0):  # each finds what the one before left
        left = set(data.glob(BUILDING))
        kill_when(arguments, data, lambda left=left: bool({*data.glob(BUILDING)} - left), delay, environment)
        now = content(data)
        assert {f: now.get(f) for f in kept} == kept
        assert inside("query", "editions", "--data", data).returncode == 0
    result = inside("build", "--mappings", changed, "--out", data)
    assert result.returncode == 0, result.stderr
    assert {f.name for f in (data / "releases").iterdir()} == {Path(old).name, manifest(data)["release"]}


def test_a_build_ends_at_ctrl_c_and_tidies_up(
    data: Path, small_data: Path, changed: Path, command: str, environment: dict[str, str]
) -> None:
    for _ in range(3):
        process = subprocess.Popen(
            [command, "build", "--mappings", str(changed), "--out", str(data)],
            cwd=data, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while process.poll() is None and not any(data.glob(BUILDING)):
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        _, talk = process.communicate(timeout=60)
        if process.returncode:
            break
        # It was over before the signal, or Python met it where it passes over exceptions: in a callback of its own.
        shutil.rmtree(data)
        shutil.copytree(small_data, data, symlinks=True)
    assert process.returncode not in {0, 1, 2}
    assert "Traceback" not in talk
    assert content(data) == content(small_data)
    assert not list(data.glob(BUILDING))
