"""A real browser (Debian's Chromium, driven by Playwright), and what it may not do on any page."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from tests.conftest import Server
    from tests.web.conftest import Office

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

Open = Callable[..., "AbstractContextManager[Page]"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


def _opener(browser: Browser, url: str, *, reader: bool = True) -> Open:
    @contextmanager
    def opened(path: str, *, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Page]:
        context = browser.new_context(
            base_url=url, viewport={"width": width, "height": height}, accept_downloads=True, **options
        )
        page = context.new_page()
        complaints: list[str] = []
        page.on("request", lambda r: None if r.url.startswith(url) else complaints.append(f"request {r.url}"))
        page.on("pageerror", lambda error: complaints.append(f"script {error}"))
        page.on(
            "console",
            lambda m: complaints.append(f"console {m.text}") if "Content Security Policy" in m.text else None,
        )
        page.goto(path)
        yield page
        assert complaints == []
        if reader:
            assert context.cookies() == []
        context.close()

    return opened


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Open:
    """Open pages of the server: ``with open_page("/en/", width=320) as page``.

    When it is left: no request went to another host, the content security policy was not broken, no script failed,
    and no cookie was set.
    """
    return _opener(browser, server.url)


@pytest.fixture
def open_office(browser: Browser, office: Office) -> Open:
    """Open pages of the server that may publish, as `open_page` does; who signs in has a cookie."""
    return _opener(browser, office.server.url, reader=False)


@pytest.fixture(scope="session")
def barriers(axe: str) -> Callable[[Page], list[str]]:
    """Return what axe-core finds on a page that is open."""

    def found(page: Page) -> list[str]:
        page.evaluate(axe)
        return [f"{page.url} {barrier}" for barrier in page.evaluate(_RUN)]

    return found


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, which finds barriers for readers with disabilities."""
    path = Path(__file__).parents[3] / "server" / "ui" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core is not installed: run npm ci in server/ui")
    return path.read_text("utf-8")


_RUN = """async () => {
    const found = await axe.run(document, {
        resultTypes: ['violations'],
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return found.violations.map(v => `${v.impact} ${v.id}: ${v.nodes[0].html.slice(0, 200)}`);
}"""

_PATHS = (
    "/", "/matrix?measure=verdict&region=AFR", "/matrix?goal=9", "/matrix/C2/9", "/link/2015/C2-9.c",
    "/candidate/2015/C7-EHEA-10", "/action-line/C2", "/sdg/9.c", "/connect2020/2.1.A", "/agency/FAO",
    "/project/wsis-2018-c-003", "/award/wsis-2018-c-003", "/hlpf/2019", "/country/KEN", "/region/CIS",
    "/edition/2015", "/browse", "/search?q=broadband", "/projects?line=C7-EAGR", "/frameworks", "/embed", "/downloads",
    "/quality", "/network", "/network?node=C2", "/check", "/nothing",
    "/projects?view=map", "/queries", "/queries/prizes-by-country", "/query?example=line-links",
    "/query?query=SELECT%20%3Fs%20WHERE%20%7B",
)  # fmt: skip


@pytest.fixture(scope="session")
def paths() -> tuple[str, ...]:
    """Pages of every kind, without their language."""
    return _PATHS
