"""Pictures of the pages, to look at: light, dark, phone, Arabic, print. Needs a running server and Chromium.

Usage: ``python benchmarks/screenshots.py [ADDRESS] [FOLDER]``.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from arguments import ADDRESS, answering

PAGES = {
    "home": "", "matrix": "matrix", "verdicts": "matrix?measure=verdict", "targets": "matrix?goal=9&measure=evidence",
    "cell": "matrix/C2/9", "link": "link/2015/C2-9.c", "line": "action-line/C7-EAGR", "goal": "sdg/9",
    "connect2020": "connect2020/2.1.A", "projects": "projects?region=AFR", "frameworks": "frameworks",
    "edition": "edition/2015", "search": "search?q=broadband", "embed": "embed", "missing": "nothing",
    "map": "projects?view=map", "questions": "queries", "question": "queries/prizes-by-country",
    "workbench": "query?example=line-links", "fault": "query?query=SELECT%20%3Fs%20WHERE%20%7B",
}  # fmt: skip
LOOKS = {
    "light": ("en", {"viewport": {"width": 1280, "height": 900}}),
    "dark": ("en", {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}),
    "phone": ("fr", {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}),
    "arabic": ("ar", {"viewport": {"width": 1280, "height": 900}}),
    "chinese": ("zh", {"viewport": {"width": 1280, "height": 900}}),
}


def shoot(page: Page, address: str, file: Path) -> None:
    page.goto(address)
    page.screenshot(path=file, full_page=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address", type=answering, nargs="?", default=ADDRESS, help="of a running server")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("build/screenshots"), help="where to write")
    given = parser.parse_args()
    address, out = given.address, given.folder
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        parser.error("there is no Chromium on this machine")
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for look, (language, options) in LOOKS.items():
            context = browser.new_context(**options)
            page = context.new_page()
            for name, path in PAGES.items():
                shoot(page, f"{address}/{language}/{path}", out / f"{name}-{look}.png")
            context.close()
        page = browser.new_page()
        for name in ("matrix", "link", "edition"):
            page.goto(f"{address}/en/{PAGES[name]}")
            page.pdf(path=out / f"{name}-print.pdf", prefer_css_page_size=True)
        browser.close()
    print(f"{len(list(out.iterdir()))} files in {out}")


if __name__ == "__main__":
    main()
