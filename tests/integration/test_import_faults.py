"""An import that is killed, or finds no room, changes nothing or goes on; a file of any size is read row by row."""

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from wsiskg.imports import reading
from wsiskg.imports.fields import Kind
from wsiskg.imports.importing import Order, apply_decisions, import_files
from wsiskg.imports.layout import Layout
from wsiskg.imports.readers.files import describe, open_parts
from wsiskg.imports.report import Counts, Report
from wsiskg.model.errors import UsageError
from wsiskg.resources import default_mappings
from wsiskg.tables.load import check_tables
from wsiskg.tables.replacement import is_under_way

ROWS, BATCH = 240, 50


def import_all(root: Path, file: Path, rejects: Path, die_at: str = "") -> Report:
    """Import in small batches, and die where ``die_at`` says: in a stage, or at the renaming of a file."""
    reading._BATCH = BATCH
    stage, _, number = die_at.partition(":")
    seen = 0

    def die() -> None:
        nonlocal seen
        seen += 1
        if seen == int(number or "1"):
            os.kill(os.getpid(), signal.SIGKILL)

    def step(what: str, _done: int, _total: int) -> None:
        if what == stage:
            die()

    if stage == "rename":
        renamed = Path.replace

        def replace(self: Path, target: Path) -> Path:
            die()
            return renamed(self, target)

        Path.replace = replace  # type: ignore[method-assign,assignment]
    return import_files(Order(Kind.STOCKTAKING, [file], root, as_of="2026-11-26", rejects=rejects), step)


def contents(root: Path) -> Mapping[str, bytes]:
    """Every file of the tables, without what an import keeps while it is under way."""
    files = {f.relative_to(root).as_posix(): f for f in sorted(root.rglob("*")) if f.is_file()}
    return {name: f.read_bytes() for name, f in files.items() if not any(p.startswith(".") for p in Path(name).parts)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The bundled tables without their projects."""
    root = tmp_path / "mappings"
    shutil.copytree(default_mappings(), root, ignore=shutil.ignore_patterns("dpga", "wsis-prizes"))
    return root


@pytest.fixture
def export(tmp_path: Path) -> Path:
    file = tmp_path / "export.csv"
    lines = [
        f"{n},Project of {n % 97} kinds,Body {n % 7},{'Kenya' if n % 5 else 'Nowhere'},C{n % 6 + 1}"
        for n in range(ROWS)
    ]
    lines[100] = '100,"never closed,Body,Kenya,C1'
    file.write_text("\n".join(["Id,Title,Organisation,Country,Action line", *lines]) + "\n", "utf-8")
    return file


def killed(root: Path, export: Path, rejects: Path, at: str) -> None:
    script = "import runpy, sys; from pathlib import Path; m = runpy.run_path(sys.argv[1]); " \
             "m['import_all'](*map(Path, sys.argv[2:5]), sys.argv[5])"  # fmt: skip
    arguments = [__file__, str(root), str(export), str(rejects), at]
    run = subprocess.run([sys.executable, "-c", script, *arguments], timeout=120, check=False)
    assert run.returncode == -signal.SIGKILL, at


def test_a_killed_import_goes_on_and_ends_the_same(root: Path, export: Path, tmp_path: Path) -> None:
    """Killed while it reads, matches, writes, and renames what it has written: four times in a row."""
    whole = tmp_path / "whole"
    shutil.copytree(root, whole)
    rejects = tmp_path / "rejects.xlsx"
    counts = import_all(whole, export, rejects).counts
    assert (counts.read, counts.rejected) == (ROWS, 1)

    before = contents(root)
    killed(root, export, rejects, f"{export.name}:3")
    assert contents(root) == before
    copy, other = tmp_path / "copy", tmp_path / "other.csv"
    shutil.copytree(root, copy)
    resumed = import_all(copy, export, rejects)
    assert (resumed.resumed, resumed.counts) == (3 * BATCH, counts)
    assert contents(copy) == contents(whole)
    other.write_text(export.read_text("utf-8").replace("Kenya", "Chad"), "utf-8")
    shutil.copy(root / "imports/.import.sqlite", copy / "imports")
    assert import_all(copy, other, rejects).resumed == 0  # another file begins anew

    for stage in ("matching", "writing"):
        killed(root, export, rejects, stage)
        assert contents(root) == before
    killed(root, export, rejects, "rename:4")
    assert is_under_way(root)
    with pytest.raises(UsageError, match="has not ended"):  # nobody reads half of it
        check_tables(root)
    apply_decisions(root)
    assert contents(root) == contents(whole)
    assert import_all(root, export, rejects).counts == Counts(ROWS, unchanged=ROWS - 1, rejected=1)
    assert contents(root) == contents(whole)


def test_no_room_changes_nothing(root: Path, export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The working file, the rejected rows, a table: whichever meets the end of the disk."""
    before = contents(root)
    with pytest.raises(UsageError, match="nothing was changed: the rejected rows"):
        import_all(root, export, Path("/dev/full"))
    assert contents(root) == before
    synced = os.fsync
    for place in (1, 4, 8):
        calls = 0

        def full(handle: int, place: int = place) -> None:
            nonlocal calls
            calls += 1
            if calls == place:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            synced(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(UsageError, match=r"nothing was changed .*No space left"):
                import_all(root, export, tmp_path / "rejects.xlsx")
        assert contents(root) == before
        assert not is_under_way(root)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    (root / "imports/.import.sqlite").unlink()
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
    try:
        with pytest.raises(UsageError, match="cannot be written"):
            import_all(root, export, tmp_path / "rejects.xlsx")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert contents(root) == before
    assert import_all(root, export, tmp_path / "rejects.xlsx").counts.read == ROWS


def test_two_imports_do_not_meet(root: Path, export: Path, tmp_path: Path) -> None:
    import fcntl

    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(UsageError, match="is writing"):
            import_all(root, export, tmp_path / "rejects.xlsx")
    finally:
        os.close(handle)


READ = """
import resource, sys
from pathlib import Path
from wsiskg.imports.fields import Kind
from wsiskg.imports.layout import Layout
from wsiskg.imports.readers.files import describe, open_parts
import csv, json, ijson
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for name in sys.argv[1:]:
    rows = 0
    with open_parts(describe(Path(name)), Layout(Kind.STOCKTAKING).known) as (_, parts):
        for part in parts:
            rows += sum(len(block.numbers) for block in part.blocks)
    print(rows)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_large_file_is_never_in_memory(tmp_path: Path) -> None:
    """24 MB of each kind of text, line ends of old Macintoshes too, cost a few megabytes."""
    rows, text = 12_000, "x" * 2_000
    files = [tmp_path / name for name in ("lf.csv", "cr.csv", "list.json", "lines.jsonl")]
    for file, end in zip(files[:2], ("\n", "\r"), strict=True):
        with file.open("w", newline="") as out:
            out.write(f"Id,Title,Description{end}")
            out.writelines(f"{n},Title {n},{text}{end}" for n in range(rows))
    with files[2].open("w") as out:
        out.write('{"projects": [')
        out.write(",".join(f'{{"id": {n}, "title": "Title {n}", "description": "{text}"}}' for n in range(rows)))
        out.write("]}")
    with files[3].open("w") as out:
        out.writelines(f'{{"id": {n}, "title": "Title {n}", "description": "{text}"}}\n' for n in range(rows))
    run = subprocess.run(
        [sys.executable, "-c", READ, *map(str, files)], capture_output=True, text=True, timeout=120, check=True
    )
    *counts, kilobytes = map(int, run.stdout.split())
    assert counts == [rows] * 4
    assert kilobytes < 16_000


IMPORT = """
import resource, sys
from pathlib import Path
from wsiskg.imports.fields import Kind
from wsiskg.imports.importing import Order, import_files
import wsiskg.imports.matching, rapidfuzz.process
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(import_files(Order(Kind.STOCKTAKING, [Path(sys.argv[2])], Path(sys.argv[1]))).counts.added)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_long_texts_are_imported_a_few_at_a_time(root: Path, tmp_path: Path) -> None:
    """100 MB, of which every stage holds some."""
    file, rows = tmp_path / "long.csv", 5_000
    with file.open("w", encoding="utf-8") as out:
        out.write("Id,Title,Organisation,Country,Description\n")
        out.writelines(f"{n},Title {n} of {n % 89},Body {n % 7},Kenya,{n} {'a text ' * 2_900}\n" for n in range(rows))
    arguments = [sys.executable, "-c", IMPORT, str(root), str(file)]
    run = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=True)
    added, kilobytes = map(int, run.stdout.split())
    assert added == rows
    assert kilobytes < 300_000


def test_lines_without_end_and_deep_objects_are_rows_that_are_wrong(tmp_path: Path) -> None:
    endless = tmp_path / "endless.csv"
    endless.write_bytes(b"Id,Title\n1,One\n" + b"y" * 3_000_000 + b"\n2,Two\n")
    deep = tmp_path / "deep.jsonl"
    deep.write_text('{"id": 1, "title": "One"}\n{"id": ' + "[" * 50_000 + "]" * 50_000 + "}\nnothing\n", "utf-8")
    found = []
    for file in (endless, deep):
        with open_parts(describe(file), Layout(Kind.STOCKTAKING).known) as (_, parts):
            found.append(
                [
                    row.fault
                    for part in parts
                    if not isinstance(part, str)
                    for block in part.blocks
                    for row in block.rows()
                ]
            )
    assert found[0][0] == found[0][-1] == ""
    assert set(found[0][1:-1]) == {"long"}
    assert found[1] == ["", "", "json"] or found[1] == ["", "json", "json"]  # how deep is too deep is the reader's
