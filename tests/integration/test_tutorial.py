"""The tutorial of an update, walked from top to bottom: each command as shown, each output as shown.

``pytest tests/integration/test_tutorial.py --update-golden`` writes the outputs into the page.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl

from wsiskg.resources import default_mappings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial-update.md"
STEPS = re.compile(
    r"^```console\n(?P<console>.*?)^```$|^<!-- type into (?P<book>\S+) -->\n\n(?P<table>(?:\|[^\n]*\n)+)",
    re.DOTALL | re.MULTILINE,
)
VOLATILE = re.compile(r"\b[0-9a-f]{16}\b|\b20\d\d-\d\d-\d\d\b")


def type_into(file: Path, table: str) -> None:
    """Type a table of the page into the first sheet of a workbook, as a spreadsheet library does it."""
    titles, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in rows:
        number = int(row[0])
        for title, text in zip(titles[1:], row[1:], strict=True):
            if text:
                sheet.cell(number, columns[title], text)
    book.save(file)


def neutral(text: str) -> str:
    """Return an output without release ids and days, which differ from run to run."""
    return VOLATILE.sub(lambda found: "x" * len(found[0]), "\n".join(line.rstrip() for line in text.splitlines()))


def test_the_tutorial_from_top_to_bottom(tmp_path: Path, update_golden: bool) -> None:
    shutil.copytree(default_mappings(), tmp_path / "mappings")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WSISKG_")}
    environment |= {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "COLUMNS": "100"}
    text = PAGE.read_text("utf-8")
    written, place = [], 0
    for step in STEPS.finditer(text):
        written.append(text[place : step.start()])
        place = step.end()
        if step["table"]:
            type_into(tmp_path / step["book"], step["table"])
            written.append(step[0])
            continue
        done = "```console\n"
        for part in re.split(r"^\$ ", step["console"], flags=re.M)[1:]:
            command, _, shown = part.partition("\n")
            if command.startswith("export "):
                environment |= dict(pair.split("=", 1) for pair in command.split()[1:])
                done += f"$ {command}\n"
                continue
            run = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
                timeout=300,
            )  # fmt: skip
            assert run.returncode in {0, 1}, run.stderr
            output = "".join(f"{line.rstrip()}\n" for line in run.stdout.splitlines())
            if not update_golden:
                assert neutral(output) == neutral(shown), command
            done += f"$ {command}\n{output}"
        written.append(done + "```")
    written.append(text[place:])
    if update_golden:
        PAGE.write_text("".join(written), "utf-8")
