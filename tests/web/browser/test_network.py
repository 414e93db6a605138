"""The network in a real browser: by pointer, by keyboard, arranged freely, and without scripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.conftest import Server
    from tests.web.browser.conftest import Open

SCRIPT = Path(__file__).parents[3] / "server" / "wsiskg" / "web" / "static" / "network.js"
needs_script = pytest.mark.skipif(not SCRIPT.is_file(), reason="the script is not built: make server/.../ui.js")


def lit(page: Page) -> set[str]:
    return set(page.evaluate("[...document.querySelectorAll('.mark.lit')].map(m => m.dataset.node)"))


def rows(page: Page) -> int:
    return page.locator("#links tbody tr").count()


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.dataset.node ?? ''"))


def test_without_scripts_a_node_is_a_link_to_what_hangs_together_with_it(open_page: Open, server: Server) -> None:
    with open_page("/en/network", java_script_enabled=False) as page:
        assert page.locator(".tools").is_hidden()
        page.locator("a.mark[data-node='C2'] rect").click()
        page.wait_for_url(re.compile("node=C2"))
        assert rows(page) == server.get("/api/v1/links", line="C2").json()["totalItems"]
        assert page.locator("#about h2").inner_text().startswith("C2 Information and communication infrastructure")
        page.get_by_role("link", name="Show all").click()
        assert rows(page) == 188


@needs_script
@pytest.mark.parametrize("node", ["C2", "9.c", "ITU", "3"])
def test_the_script_marks_out_what_the_server_does(node: str, open_page: Open) -> None:
    with open_page(f"/en/network?node={node}", java_script_enabled=False) as page:
        told, count = lit(page), rows(page)
    with open_page("/en/network") as page:
        page.locator(f"a.mark[data-node='{node}'] :is(rect, circle)").click()
        page.locator("#about h2").wait_for()
        page.mouse.move(0, 0)
        assert lit(page) == told
        assert rows(page) == count
        assert page.url.endswith(f"node={node}")
        assert page.get_by_label("Node").input_value() == node


@needs_script
def test_by_keyboard(open_page: Open) -> None:
    with open_page("/en/network") as page:
        stops = page.evaluate("[...document.querySelectorAll('a.mark')].filter(a => a.tabIndex === 0).length")
        assert stops == 1
        page.locator("a.mark[data-node='ITU']").focus()
        page.keyboard.press("ArrowUp")
        line = focused(page)
        assert line.startswith("C")
        page.keyboard.press("ArrowRight")
        assert focused(page) not in {line, "ITU"}
        page.keyboard.press("ArrowLeft")
        assert focused(page) == line
        assert line in lit(page)
        page.keyboard.press("ArrowUp")
        assert re.match(r"\d", focused(page))
        page.keyboard.press("Enter")
        page.locator("#about h2").wait_for()
        assert 0 < rows(page) < 188
        page.keyboard.press("Escape")
        page.locator("#about h2").wait_for(state="detached")
        assert rows(page) == 188
        assert "node=" not in page.url


@needs_script
def test_free_arrangement_stays_on_the_sheet_and_goes_back(open_page: Open) -> None:
    place = "document.querySelector(\"a.mark[data-node='C2']\").getAttribute('transform')"
    with open_page("/en/network", reduced_motion="reduce") as page:
        home = page.evaluate(place)
        page.get_by_role("button", name="Arrange freely").click()
        assert page.evaluate(place) != home
        places = page.evaluate(
            "[...document.querySelectorAll('a.mark')]"
            ".map(m => m.getAttribute('transform').match(/-?[\\d.]+/g).map(Number))"
        )
        assert all(abs(x) <= 500 and abs(y) <= 500 for x, y in places)
        near = [1 for n, (x, y) in enumerate(places) for a, b in places[:n] if (x - a) ** 2 + (y - b) ** 2 < 12**2]
        assert near == []  # no node hides another
        page.get_by_role("button", name="Larger").click()
        wide = page.evaluate("document.querySelector('.net svg').viewBox.baseVal.width")
        assert wide == 800
        page.get_by_role("button", name="Arrange freely").click()
        assert page.evaluate(place) == home


@pytest.mark.parametrize("path", ["/ar/network?node=C2", "/ar/quality"])
def test_from_right_to_left_nothing_stands_beside_the_page(path: str, open_page: Open) -> None:
    with open_page(path) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        box = page.get_by_role("heading", level=1).bounding_box()
        assert box is not None
        assert 0 < box["x"] < 1280
