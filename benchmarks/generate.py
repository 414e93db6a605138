"""Synthetic projects, deterministic, any size: a register as clean tables, or exports of it, clean or dirty.

Usage: ``python benchmarks/generate.py FOLDER --projects N [--seed S] [--export | --dirty]``. Nothing of it is a fact,
every record says so, and ``wsiskg build`` refuses it unless it is told ``--allow-synthetic``.
"""

import argparse
from pathlib import Path

from arguments import positive
from clean import write_export
from dirty import write_dirty
from registers import SEED, code_tables, write_register


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to write; a register goes into a folder of its name there")
    parser.add_argument("--projects", type=positive, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--export", action="store_true", help="one clean export, to be imported")
    form.add_argument("--dirty", action="store_true", help="exports as people make them, and truth.csv")
    given = parser.parse_args()
    try:
        given.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"cannot write into {str(given.folder)!r}: {error.strerror}")
    tables = code_tables()
    if given.dirty:
        write_dirty(given.folder, given.projects, given.seed, tables)
        return
    if given.export:
        write_export(given.folder, given.projects, given.seed, tables)
        return
    write_register(given.folder, given.projects, given.seed, tables)


if __name__ == "__main__":
    main()
