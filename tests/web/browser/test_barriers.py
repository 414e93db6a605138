"""axe-core finds no serious barrier: every page in English, the main ones in every language and in the dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.web.browser.conftest import Open

MAIN = ("/", "/matrix?measure=verdict&region=AFR", "/link/2015/C2-9.c", "/query?query=SELECT%20%3Fs%20WHERE%20%7B")
RUN = """async () => {
    const found = await axe.run(document, {
        resultTypes: ['violations'],
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.violations.map(v => `${v.impact} ${v.id}: ${v.nodes[0].html.slice(0, 200)}`);
}"""


def barriers(page: Page, axe: str, path: str) -> list[str]:
    page.goto(path)
    page.evaluate(axe)
    return [f"{path} {found}" for found in page.evaluate(RUN)]


def test_on_every_page(open_page: Open, axe: str, paths: tuple[str, ...]) -> None:
    with open_page("/en/") as page:
        assert [b for path in paths for b in barriers(page, axe, f"/en{path}")] == []


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ru", "zh"])
def test_in_every_language(language: str, open_page: Open, axe: str) -> None:
    with open_page(f"/{language}/") as page:
        assert [b for path in MAIN for b in barriers(page, axe, f"/{language}{path}")] == []


def test_in_the_dark(open_page: Open, axe: str) -> None:
    with open_page("/en/", color_scheme="dark") as page:
        assert [b for path in MAIN for b in barriers(page, axe, f"/en{path}")] == []
