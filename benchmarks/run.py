"""Run the benchmarks one after the other, and add what they print to ``results/`` under today's date.

    python benchmarks/run.py [NAME...]

Without names all that need nothing but this machine. One that fails is said to have failed, and the others go on.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results"
BENCHMARKS: dict[str, Sequence[str]] = {
    "foundation": (),
    "evidence": (),
    "check": (),
    "imports": (),
    "shapes": ("100000",),
    "scale": (),
    "endpoint": ("--projects", "0", "10000", "100000", "--data"),
}
"""Benchmarks, and what they are asked for; behind ``--data`` goes a release of the bundled tables."""


def perform(name: str, arguments: Sequence[str], results: Path) -> bool:
    """Run one, print and keep what it prints; return whether it went well."""
    heading = f"\n## `{' '.join([f'{name}.py', *arguments])}`\n\n"
    with results.open("a", encoding="utf-8") as kept, tempfile.TemporaryDirectory() as folder:
        given = [*arguments]
        if given[-1:] == ["--data"]:
            given.append(f"{folder}/data")
            build = [str(Path(sys.executable).with_name("wsiskg")), "build", "--out", given[-1]]
            subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        print(heading, end="", flush=True)
        kept.write(heading)
        command = [sys.executable, str(HERE / f"{name}.py"), *given]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                kept.write(line)
        if process.returncode:
            kept.write(f"\nIt ended with {process.returncode}.\n")
    return process.returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {', '.join(BENCHMARKS)}")
    names = parser.parse_args().names or list(BENCHMARKS)
    if unknown := [name for name in names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]}; known: {', '.join(BENCHMARKS)}")
    results = RESULTS / f"{date.today():%Y%m%d}.md"
    if not results.exists():
        results.write_text(f"# {date.today()}\n", encoding="utf-8")
    failed = [name for name in names if not perform(name, BENCHMARKS[name], results)]
    print(f"\nAdded to {results.relative_to(HERE.parent)}.")
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
