"""axe-core finds no barrier: every kind of page in English and Arabic, each in one more language; some in the dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.web.browser.conftest import Open

MAIN = ("/", "/matrix?measure=verdict&region=AFR", "/link/2015/C2-9.c", "/query?query=SELECT%20%3Fs%20WHERE%20%7B")
OTHERS = ("es", "fr", "ru", "zh")
MORE = ("/query?query=ASK%20%7B%7D", "/queries", "/queries/target-supporters", "/reports", "/publish/sign-in")

Barriers = Callable[["Page"], list[str]]


def on_pages(page: Page, barriers: Barriers, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        page.goto(address)
        found += barriers(page)
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_every_page(language: str, open_office: Open, barriers: Barriers, paths: tuple[str, ...]) -> None:
    with open_office(f"/{language}/") as page:
        assert on_pages(page, barriers, [f"/{language}{path}" for path in (*paths, *MORE)]) == []


def test_in_the_other_languages(open_office: Open, barriers: Barriers, paths: tuple[str, ...]) -> None:
    """Their pages are built as those in English: each is looked at in one of them, in turn."""
    with open_office("/fr/") as page:
        addresses = [f"/{OTHERS[place % len(OTHERS)]}{path}" for place, path in enumerate((*paths, *MORE))]
        assert on_pages(page, barriers, addresses) == []


def test_in_the_dark(open_page: Open, barriers: Barriers) -> None:
    with open_page("/en/", color_scheme="dark") as page:
        assert on_pages(page, barriers, [f"/en{path}" for path in (*MAIN, "/check")]) == []
