"""The query workbench in a real browser: writing with completion, running, faults in their place, views, links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.conftest import Server
    from tests.web.browser.conftest import Open

SCRIPT = Path(__file__).parents[3] / "server" / "wsiskg" / "web" / "static" / "workbench.js"
needs_script = pytest.mark.skipif(not SCRIPT.is_file(), reason="the script is not built: make server/.../ui.js")

TEXT = "document.querySelector('.CodeMirror').CodeMirror.getValue()"
CLEAR = "document.querySelector('.CodeMirror').CodeMirror.setValue('')"


def write(page: Page, text: str) -> None:
    """Write into the empty editor, letter by letter as a person does."""
    page.evaluate(CLEAR)
    page.locator(".CodeMirror-lines").click()
    page.keyboard.type(text)


@needs_script
def test_a_query_is_completed_run_mended_and_shared(open_page: Open, server: Server) -> None:
    with open_page("/en/query") as page:
        page.locator(".CodeMirror").wait_for()
        write(page, "SELECT ?line WHERE { ?line supp")
        page.keyboard.press("Control+Space")
        page.locator(".CodeMirror-hint").first.wait_for()
        assert page.locator(".CodeMirror-hint").first.inner_text().startswith("wsis:supports ")
        page.keyboard.press("Enter")
        page.keyboard.type(" <http://metadata.un.org/sdg/9.c>")
        assert page.evaluate(TEXT).startswith("PREFIX wsis: <https://w3id.org/wsis-kg/ontology#>\n")
        page.keyboard.press("Control+Enter")  # the bracket is missing
        fault = page.get_by_role("alert")
        fault.wait_for()
        assert page.locator(".CodeMirror .fault-here").count() == 1 or "ends too early" in fault.inner_text()
        page.locator(".CodeMirror-lines").click()
        page.keyboard.press("Control+End")
        page.keyboard.type(" }")
        page.get_by_role("button", name="Run").click()
        page.locator("#answer tbody tr").first.wait_for()
        assert page.get_by_role("alert").count() == 0
        query = page.evaluate(TEXT)
        assert page.locator("#answer tbody tr").count() == len(server.rows(query))
        address = page.url
        page.goto("/en/queries")
        page.goto(address)
        assert page.evaluate(TEXT).strip() == query.strip()
        assert page.locator("#answer tbody tr").count() == len(server.rows(query))


@needs_script
def test_a_class_is_completed_and_its_name_is_in_the_readers_language(open_page: Open) -> None:
    with open_page("/fr/query") as page:
        page.locator(".CodeMirror").wait_for()
        write(page, "SELECT * WHERE { ?x a lien")
        page.keyboard.press("Control+Space")
        page.locator(".CodeMirror-hint").first.wait_for()
        assert re.match(r"wsis:Link\s+lien", page.locator(".CodeMirror-hint").first.inner_text())


@needs_script
def test_a_fault_is_marked_in_the_editor_and_explained_on_hover(open_page: Open) -> None:
    with open_page("/en/query?query=SELECT%20*%20WHERE%20%7B%0A%20%20%3Fs%20%3Fp%20%7D%0A%7D") as page:
        page.locator(".fault-here").wait_for()
        assert page.locator(".fault mark").inner_text() == page.locator(".fault-here").inner_text() == "}"
        page.locator(".parseErrorIcon").hover()
        page.locator(".yasqe_tooltip").wait_for()


@needs_script
def test_a_query_that_runs_is_stopped(open_page: Open) -> None:
    with open_page("/en/query") as page:
        page.locator(".CodeMirror").wait_for()
        write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        page.get_by_role("button", name="Run").click()
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Stopped.").wait_for()
        assert not page.get_by_role("button", name="Stop").is_visible()


@needs_script
def test_views_of_an_answer_by_mouse_and_keyboard(open_page: Open, axe: str) -> None:
    with open_page("/en/queries/prizes-by-country") as page:
        page.get_by_role("tab", name="Chart").click()
        bars = page.locator("#answer-view svg rect").count()
        assert bars == 60
        assert "The first 60 of" in page.locator("#answer-view").inner_text()
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.textContent") == "Map"
        page.locator(".worldmap svg").wait_for()
        assert page.locator(".worldmap path:is(.m1, .m2, .m3, .m4, .m5)").count() > 50
        assert "Saudi Arabia: 72" in page.locator(".worldmap path.m5 title").all_text_contents()
        page.evaluate(axe)
        found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id))")
        assert found == []
        page.get_by_role("tab", name="Table").click()
        assert page.locator("#answer tbody tr").count() > 60
        page.goto("/ar/queries/line-links")
        page.get_by_role("tab", name="الرسم البياني").click()
        assert page.locator("#answer-view svg line").count() > 0
        page.goto("/en/query?example=link-construct")
        page.get_by_role("tab", name="Graph").click()
        page.get_by_text("ManualMappingCuration", exact=True).wait_for()


def test_without_scripts_a_query_is_written_and_answered(open_page: Open) -> None:
    with open_page("/es/query", java_script_enabled=False) as page:
        page.locator("textarea[name=query]").fill("SELECT ?x { VALUES ?x { 7 8 } }")
        page.get_by_role("button", name="Ejecutar").click()
        assert page.locator("#answer tbody td").all_inner_texts() == ["7", "8"]
        page.get_by_text("Ejemplos").click()
        page.locator("select[name=example]").select_option("target-supporters")
        page.get_by_role("button", name="Tomar").click()
        page.locator("select[name=target]").select_option("4.4")
        page.get_by_role("button", name="Preguntar").click()
        assert "target=4.4" in page.url
        assert page.locator("#answer tbody tr").count() > 0


@needs_script
def test_the_map_of_projects_narrows_them(open_page: Open) -> None:
    with open_page("/en/projects?view=map") as page:
        page.locator(".worldmap a:has(title:text('Kenya'))").first.click()
        assert "country=KEN" in page.url
        assert page.get_by_role("link", name="Country Kenya").count() == 1
