"""What officers do, in a real browser: check a workbook, correct it, sign in, decide, publish, look at what changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook, load_workbook

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.web.browser.conftest import Open
    from tests.web.conftest import Office

SCRIPT = Path(__file__).parents[3] / "server" / "wsiskg" / "web" / "static" / "ui.js"
needs_script = pytest.mark.skipif(not SCRIPT.is_file(), reason="the script is not built: make server/.../ui.js")
Barriers = Callable[["Page"], list[str]]

ROWS = [
    ["Action line", "SDG", "Change", "Rationale (English)", "Proposed by", "Reason for the change"],
    ["C2", "9.c", "amend", "Networks carry the access that the target asks for.", "ITU", "New figures."],
    ["C7-EAGR", "6.4", "add", "Sensors in the soil let farmers water only where and when it is needed.", "FAO", ""],
    ["C99", "3.d", "add", "Reports by phone let health services see an outbreak sooner.", "WHO", ""],
]
TEXT = "\n".join(";".join(row) for row in ROWS).replace("the target asks for", "everybody needs")
TRIAL = 120_000  # milliseconds that a trial and a publication may take on a busy machine


def workbook(path: Path) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    book.save(path)
    return path


def send(page: Page, file: Path) -> None:
    page.get_by_label(re.compile("^A file: XLSX")).set_input_files(file)
    page.get_by_role("button", name="Check").click()
    page.locator(".verdict-box").wait_for(timeout=TRIAL)


@needs_script
def test_an_officer_goes_from_mistakes_to_an_edition(
    open_office: Open, office: Office, barriers: Barriers, tmp_path: Path
) -> None:
    with open_office("/en/check") as page:
        send(page, workbook(tmp_path / "ours.xlsx"))
        assert "1 mistake to correct" in page.locator(".verdict-box").inner_text()
        row = page.get_by_role("row").filter(has_text="A4")
        assert "C99" in row.locator(".cell").inner_text()
        assert barriers(page) == []
        checked = page.url
        page.goto(checked.replace("/en/", "/ar/"))
        assert barriers(page) == []
        page.goto(checked)

        with page.expect_download() as download:
            page.get_by_role("link", name="Download the workbook with notes").click()
        annotated = tmp_path / "annotated.xlsx"
        download.value.save_as(annotated)
        book = load_workbook(annotated)
        sheet = book.worksheets[0]
        assert "C99" in sheet["A4"].comment.text
        sheet["A4"] = "C7-EHEA"
        book.save(annotated)

        page.get_by_role("link", name="Check another file").click()
        send(page, annotated)
        assert "2 new or changed links lack evidence" in page.locator(".verdict-box").inner_text()
        assert "projects carry both" in page.get_by_role("row").filter(has_text="C2").last.inner_text()

        page.get_by_role("link", name="Decide and publish").click()
        page.get_by_label("Token").fill("wsiskg_wrong")
        page.get_by_role("button", name="Sign in").click()
        assert page.get_by_role("alert").inner_text() == "The token is unknown, revoked or expired."
        assert barriers(page) == []
        page.get_by_label("Token").fill(office.publisher)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("heading", name="Decide on each link").wait_for()
        (cookie,) = page.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        assert page.evaluate("document.cookie") == ""

        page.get_by_label("Edition", exact=True).fill("2023")
        page.get_by_label("HLPF session").select_option("2023")
        page.get_by_label("Your role").fill("WSIS secretariat")
        page.get_by_label("For which agency").select_option("ITU")
        page.get_by_role("button", name="Show what changes").click()
        assert "2 fields need another look" in page.get_by_role("alert").inner_text()
        assert barriers(page) == []
        decide = page.url
        page.goto(decide.replace("/en/", "/ar/"))
        assert barriers(page) == []
        page.goto(decide)
        page.get_by_label("Decision C7-EAGR → 6.4").select_option("Accept although evidence is lacking")
        page.get_by_label(re.compile("^Reason.* C7-EAGR → 6.4")).fill("Agreed at the meeting.")
        page.get_by_label("Decision C7-EHEA → 3.d").select_option("Reject: leave it out")
        page.get_by_label(re.compile("^Reason.* C7-EHEA → 3.d")).fill("To be looked at next year.")
        page.get_by_role("button", name="Show what changes").click()

        publish = page.get_by_role("button", name="Publish")
        publish.wait_for(timeout=TRIAL)
        changes = page.locator("main").inner_text()
        assert "Sensors in the soil" in changes
        assert "Upheld: Agreed at the meeting." in changes
        assert "To be looked at next year." in changes
        assert page.locator("ins").first.inner_text().endswith("Networks carry the access that the target asks for.")
        assert barriers(page) == []
        assert page.request.get("/id/edition/2023").status == 404  # nothing is published before it is confirmed
        publish.click()
        page.get_by_role("heading", name="Edition 2023 is published").wait_for(timeout=TRIAL)
        assert barriers(page) == []
        page.get_by_role("link", name="The page of the edition").click()
        assert page.url.endswith("/en/edition/2023")
        new = page.locator("dl.facts > div").filter(has_text="New").first
        assert new.get_by_role("link").all_inner_texts() == ["C7-EAGR-6.4"]

        page.goto("/en/publish/trail")
        assert barriers(page) == []
        first = page.locator("table.trail tbody tr").first.inner_text()
        assert "Ada Example" in first
        assert "publish an edition 2023" in first
        assert "1 link left out" in first
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(re.compile("/en/check$"))
        assert page.context.cookies() == []
        page.goto("/en/publish/trail")
        assert "/publish/sign-in" in page.url


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is looked for has the focus, as somebody without a mouse has to."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never comes to {selector}")


def test_by_keyboard_alone(open_office: Open, office: Office) -> None:
    with open_office("/en/check") as page:
        tab_to(page, "details summary")
        page.keyboard.press("Enter")
        tab_to(page, "#text")
        page.keyboard.insert_text(TEXT)
        tab_to(page, "form.officer button")
        page.keyboard.press("Enter")
        page.locator(".verdict-box").wait_for(timeout=TRIAL)
        tab_to(page, ".scroll")  # a table that may be wider than the window can be scrolled by keyboard
        tab_to(page, "a[href*='/publish/']")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("sign-in"))
        tab_to(page, "#token")
        page.keyboard.insert_text(office.publisher)
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/publish/[^s]"))
        tab_to(page, "#kind-0")
        page.keyboard.press("ArrowDown")
        assert page.locator("#kind-0").input_value() == "withhold"
        tab_to(page, "#reason-0")
        page.keyboard.insert_text("Not now.")
        tab_to(page, "button[value=save]")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        assert page.locator("#reason-0").input_value() == "Not now."


@needs_script
def test_a_file_can_be_dropped_and_one_too_large_is_told_before_it_is_sent(open_office: Open) -> None:
    drop = """size => {
        const files = new DataTransfer();
        files.items.add(new File(['x'.repeat(size)], '<b>a</b>.csv', {type: 'text/csv'}));
        const event = new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true});
        document.querySelector('.drop').dispatchEvent(event);
        return document.querySelector('#file').files.length;
    }"""
    with open_office("/en/check") as page:
        assert page.evaluate(drop, 2_000) == 1
        assert page.get_by_role("status").inner_text() == "<b>a</b>.csv · 2 kB"
        assert page.evaluate(drop, 200_001) == 1
        page.get_by_role("button", name="Check").click()
        assert page.get_by_role("status").inner_text().startswith("The file is larger")
        assert page.url.endswith("/en/check")


def test_without_scripts_a_table_is_checked(open_office: Open) -> None:
    with open_office("/fr/check", java_script_enabled=False, width=320, height=640) as page:
        page.locator("details summary").click()
        page.locator("#text").fill(TEXT)
        page.locator("form.officer button").click()
        page.locator(".verdict-box").wait_for(timeout=TRIAL)
        assert page.locator("table").first.get_by_text("C99").count() > 0
        assert page.context.cookies() == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
