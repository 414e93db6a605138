"""What a build asks of the allocators is understood by them."""

import subprocess
import sys

ALLOCATE = "import polars as pl; print(len(pl.Series(range(100_000)).sort()))"


def said(before: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", f"{before}; {ALLOCATE}"], capture_output=True, text=True, check=True)


def test_the_allocator_of_polars_takes_the_setting() -> None:
    run = said("from wsiskg.processes import keep_memory; keep_memory()")
    assert (run.stdout, run.stderr) == ("100000\n", "")


def test_it_says_so_of_another_setting() -> None:
    run = said("import os; os.environ['_RJEM_MALLOC_CONF'] = 'no_such_setting:1'")
    assert "no_such_setting" in run.stderr or sys.platform != "linux"
