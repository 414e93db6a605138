"""Lighthouse's four marks for pages of a running server: ``python benchmarks/lighthouse.py [ADDRESS] [COMMAND]``.

COMMAND is Lighthouse's (``npm install --prefix DIRECTORY lighthouse``); the browser is the one in ``CHROME_PATH``,
else Chromium's command.
"""

import argparse
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from arguments import ADDRESS, answering

PAGES = (
    "en/", "en/matrix", "en/matrix?goal=9", "en/link/2015/C2-9.c", "en/action-line/C2", "en/projects", "en/frameworks",
    "en/search?q=broadband", "ar/matrix", "zh/",
)  # fmt: skip
MARKS = ("performance", "accessibility", "best-practices", "seo")


def marks(command: str, address: str, folder: Path) -> list[int]:
    out = folder / "report.json"
    browser = os.environ.get("CHROME_PATH") or shutil.which("chromium") or ""
    subprocess.run(
        [command, address, "--quiet", "--chrome-flags=--headless=new --no-sandbox", "--output=json",
         f"--output-path={out}", f"--only-categories={','.join(MARKS)}"],
        check=True, env={**os.environ, "CHROME_PATH": browser},
    )  # fmt: skip
    categories = json.loads(out.read_text("utf-8"))["categories"]
    return [round(100 * categories[mark]["score"]) for mark in MARKS]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address", type=answering, nargs="?", default=ADDRESS, help="of a running server")
    parser.add_argument("command", nargs="?", default="lighthouse", help="Lighthouse's")
    given = parser.parse_args()
    if not shutil.which(given.command):
        parser.error(f"no command {given.command!r}. Install it: npm install --prefix DIRECTORY lighthouse")
    address, command = given.address, given.command
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'page':<28}" + "".join(f"{mark:>16}" for mark in MARKS))
        for page in PAGES:
            print(f"/{page:<27}" + "".join(f"{mark:>16}" for mark in marks(command, f"{address}/{page}", Path(folder))))


if __name__ == "__main__":
    main()
