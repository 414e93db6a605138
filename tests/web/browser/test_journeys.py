"""What readers do, in a real browser: find, open, check, take along; by keyboard, in Arabic, on a phone, on paper."""

from __future__ import annotations

import csv
import http.server
import io
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.conftest import Server
    from tests.web.browser.conftest import Open

SCRIPT = Path(__file__).parents[3] / "server" / "wsiskg" / "web" / "static" / "ui.js"
needs_script = pytest.mark.skipif(not SCRIPT.is_file(), reason="the script is not built: make server/.../ui.js")


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def test_a_researcher_goes_from_search_to_cell_to_link_to_sparql_to_csv(open_page: Open, server: Server) -> None:
    with open_page("/en/") as page:
        page.get_by_label("Search for a code, a word, a project or an agency").fill("C2")
        page.locator("form.search button").click()
        page.get_by_role("link", name=re.compile("C2 Information and communication infrastructure")).first.click()
        assert "/en/action-line/C2" in page.url
        page.goto("/en/matrix")
        cell = page.get_by_role("link", name=re.compile("^C2 × 9: C2 is linked to 9.1, 9.a, and 9.c by ITU"))
        cell.click()
        assert page.url.endswith("/en/matrix/C2/9")
        page.get_by_role("link", name=re.compile("Open.*C2-9.c")).first.click()
        assert page.url.endswith("/en/link/2015/C2-9.c")
        assert "International Telecommunication Union" in page.locator("main").inner_text()
        page.get_by_role("link", name="Ask for it in SPARQL").click()
        assert "/en/query?example=provenance-of-link" in page.url
        asked = page.locator("textarea[name=query]").input_value()
        assert "VALUES ?line" in asked
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV", exact=True).click()
        rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
        known = server.get("/queries/provenance-of-link", line="C2", sdg="9.c").json()["results"]["bindings"]
        assert len(rows) == len(known) > 0
        page.goto("/en/matrix?agency=ITU")
        page.get_by_text("Show the SPARQL").click()
        page.get_by_role("link", name="Open in the workbench").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV", exact=True).click()
        rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
        shown = server.get("/api/v1/links", agency="ITU").json()["totalItems"]
        assert len(rows) == shown
        assert {row["agency_code"] for row in rows} == {"ITU"}


def test_every_state_of_the_matrix_has_an_address(open_page: Open) -> None:
    with open_page("/en/matrix") as page:
        page.get_by_text("Filters").click()
        page.get_by_label("Agency").select_option("FAO")
        page.get_by_label("ITU region").select_option("AFR")
        page.get_by_role("button", name="Show").click()
        assert "agency=FAO" in page.url
        address = page.url
        page.get_by_role("navigation", name="Colour by").get_by_role("link", name="Projects").click()
        assert "agency=FAO" in page.url
        assert "measure=evidence" in page.url
        page.goto(address)
        assert page.get_by_label("Agency").input_value() == "FAO"
        assert page.get_by_label("ITU region").input_value() == "AFR"


def test_without_scripts_everything_is_there(open_page: Open) -> None:
    with open_page("/en/matrix", java_script_enabled=False) as page:
        page.get_by_role("link", name=re.compile("^C2 × 9:")).hover()
        tip = page.get_by_role("link", name=re.compile("^C2 × 9:")).locator(".tip")
        box = tip.bounding_box()
        assert box is not None
        assert box["height"] > 20
        page.get_by_role("link", name=re.compile("^C2 × 9:")).click()
        assert page.url.endswith("/en/matrix/C2/9")


@needs_script
def test_the_matrix_by_keyboard(open_page: Open) -> None:
    with open_page("/en/matrix") as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.locator("table.matrix tbody tr:nth-child(2) th a").focus()
        page.keyboard.press("ArrowRight")
        first = page.evaluate("document.activeElement.querySelector('.tip').textContent")
        assert first.startswith("C2 × 1")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement.querySelector('.tip').textContent").startswith("C3 × 1")
        box = page.locator("td a:focus .tip").bounding_box()
        assert box is not None
        assert box["height"] > 20
        page.keyboard.press("Escape")
        box = page.locator("td a:focus .tip").bounding_box()
        assert box is not None
        assert box["height"] <= 2
        stops = page.evaluate("[...document.querySelectorAll('table.matrix a')].filter(a => a.tabIndex === 0).length")
        assert stops == 1
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/en/matrix/C3/1$"))


@needs_script
def test_a_search_field_suggests(open_page: Open) -> None:
    with open_page("/fr/") as page:
        page.locator("#q").press_sequentially("infrastructure")
        # Slow typing asks in between: what counts is that the last answer is of the whole word.
        page.wait_for_selector("#q-options option[value*='infrastructure' i]", state="attached")


def test_a_reader_of_arabic(open_page: Open) -> None:
    with open_page("/ar/") as page:
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        page.get_by_role("navigation", name="القائمة الرئيسية").get_by_role("link", name="المصفوفة").click()
        assert page.url.endswith("/ar/matrix")
        head = page.locator("table.matrix tbody tr:first-child th").bounding_box()
        cell = page.locator("table.matrix tbody tr:first-child td").first.bounding_box()
        assert head is not None
        assert cell is not None
        assert head["x"] > cell["x"]  # mirrored
        code = page.locator("table.matrix tbody th .code").filter(has_text="C7-EAGR")
        assert code.evaluate("e => getComputedStyle(e).direction") == "ltr"
        page.goto("/ar/link/2015/C2-9.c")
        assert page.get_by_role("heading", level=1).inner_text().startswith("C2 البنية التحتية")
        title = page.locator("h1 bdi[lang=en]")
        assert title.count() == 1  # no Arabic title in the data: in English, and it says so
        assert page.locator("h1 .tag").inner_text() == "English"
        page.get_by_role("link", name="English", exact=True).first.click()
        assert page.url.endswith("/en/link/2015/C2-9.c")


@pytest.mark.parametrize("language", ["en", "ar", "ru"])
def test_no_page_is_wider_than_a_small_phone(language: str, open_page: Open, paths: tuple[str, ...]) -> None:
    with open_page(f"/{language}/", width=320, height=640) as page:
        for path in paths if language == "en" else paths[:6]:
            page.goto(f"/{language}{path}")
            assert not overflows(page), path


def test_the_matrix_fits_a_sheet_of_paper(open_page: Open) -> None:
    with open_page("/en/matrix") as page:
        page.emulate_media(media="print")
        assert not page.locator("header.top").is_visible()
        assert page.locator("table.matrix").is_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "visible"


@pytest.mark.parametrize("kind", ["matrix", pytest.param("element", marks=needs_script)])
def test_a_snippet_on_another_site_shows_the_matrix(
    kind: str, open_page: Open, browser: object, server: Server
) -> None:
    """The snippets of the page for tool makers, in a page that another origin serves."""
    with open_page("/en/embed") as page:
        snippet = page.locator(f"#snippet-{kind}").input_value()
    assert server.url in snippet

    class Host(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<!doctype html><title>host</title>{snippet}".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        context = browser.new_context()  # type: ignore[attr-defined]
        page = context.new_page()
        page.goto(f"http://localhost:{host.server_port}/")
        frame = page.frame_locator("iframe")
        frame.locator("table.matrix").wait_for()
        assert frame.get_by_role("link", name=re.compile("^C2 × 9:")).count() == 1
        assert context.cookies() == []
        context.close()
        host.shutdown()
