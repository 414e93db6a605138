"""Synthetic projects, deterministic, any size: a register as clean tables, or exports of it, clean or dirty.

Usage: ``python benchmarks/generate.py FOLDER --projects N [--seed S] [--export | --dirty]``. Nothing of it is a fact,
every record says so, and ``wsiskg build`` refuses it unless it is told ``--allow-synthetic``.
"""

import argparse
from pathlib import Path

from clean import write_export
from dirty import write_dirty
from registers import REGISTER, synthetic_register
from wsiskg.resources import default_mappings
from wsiskg.tables.load import Reading, load_tables

FILES = {"register": "register.csv", "projects": "projects.csv", "awards": "awards.csv", "tags": "tags.csv",
         "same_project": "same_project.csv"}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to write; a register goes into a folder of its name there")
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2015)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--export", action="store_true", help="one clean export, to be imported")
    form.add_argument("--dirty", action="store_true", help="exports as people make them, and truth.csv")
    given = parser.parse_args()
    if given.projects < 1:
        parser.error("--projects is at least 1")
    tables = load_tables(default_mappings(), Reading(without=frozenset({"evidence", "matrix"})))
    if given.dirty:
        write_dirty(given.folder, given.projects, given.seed, tables)
        return
    if given.export:
        write_export(given.folder, given.projects, given.seed, tables)
        return
    folder = given.folder / REGISTER
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in synthetic_register(given.projects, given.seed, tables).items():
        frame.write_csv(folder / FILES[name])


if __name__ == "__main__":
    main()
