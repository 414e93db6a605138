"""What reports are made of: readings, texts, marks, and documents that hold hostile and foreign titles."""

import io
import json
import re
import shutil
import string
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from defusedxml import ElementTree
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.matrix.papers.paper import Column
from wsiskg.model.errors import InstallationError
from wsiskg.reports.charts import chart_svg
from wsiskg.reports.content import (
    Bullets,
    Chart,
    Code,
    Derived,
    Note,
    Number,
    Paragraph,
    Part,
    Point,
    Question,
    Reading,
    Record,
    Report,
    Table,
    Text,
    say,
)
from wsiskg.reports.html import as_html
from wsiskg.reports.markdown import as_markdown
from wsiskg.reports.pdf import missing_fonts
from wsiskg.reports.renderings import FORMATS, render_report
from wsiskg.reports.texts import COLUMNS, TEXTS, UNITS

ROWS = ({"code": "a", "n": "3"}, {"code": "b", "n": ""}, {"code": "b", "n": "1.5"}, {"code": "", "n": "4"})
ASKED = Question("verdicts", (("edition", "2015"), ("language", "en")))
MARKUP = '<script>alert(1)</script> & "quotes" | `code` *stars* [x](javascript:alert(1))'
ARABIC, CHINESE, THAI = "مشروع الشمول الرقمي", "数字包容项目", "เน็ตประชารัฐ"
CONTROLS = "bell\x07 null\x00 override\u202eabc\u2066"


def number(value: float) -> Number:
    return Number(value, ASKED, Reading("rows", "", (("status", ("validated",)),)))


@pytest.fixture(scope="module")
def hostile() -> Report:
    columns = (Column("title", "Title"), Column("projects", "Projects"))
    records: list[Record] = [
        {"title": title, "projects": number(7)} for title in (MARKUP, ARABIC, CHINESE, THAI, CONTROLS)
    ]
    points = (Point("2015", number(3), MARKUP), Point("2016", number(4), ARABIC))
    chart = Chart(MARKUP, MARKUP, "columns", MARKUP, "n", points, (MARKUP, ARABIC))
    blocks = (
        Note(say("{title}: {n}", title=MARKUP, n=number(12345))),
        Paragraph(say("{title} ({n}), {code}", title=ARABIC, n=number(5), code=Code("wsiskg query x"))),
        Bullets((Text((CHINESE,)), Text((f"{ARABIC} (2015)",)))),
        Table(MARKUP, columns, tuple(records), say("{n} shown", n=number(5)), (70, 30)),
        chart,
    )
    parts = (Part(f"{MARKUP} {ARABIC}", blocks), Part(CHINESE, blocks, 3))
    title, release = f"{MARKUP} {CHINESE}", "0123456789abcdef"
    return Report("goal", "9", title, "Report", blocks, parts, "en", release, "2027-07-01", "wsiskg report")


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (Reading("rows"), 4),
        (Reading("rows", "", (("code", ("b",)),)), 2),
        (Reading("distinct", "code"), 2),
        (Reading("sum", "n"), 8.5),
        (Reading("sum", "n", (("code", ("a", "")),)), 7),
        (Reading("value", "n", (("code", ("a",)),)), 3),
        (Reading("value", "n", (("code", ("none",)),)), 0),
    ],
)
def test_a_number_is_read_as_it_says(reading: Reading, expected: float) -> None:
    assert reading.of(ROWS) == expected


@given(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_derived_numbers_follow_from_their_parts(one: int, other: int) -> None:
    parts = (number(one), number(other))
    assert Derived("sum", parts).value == one + other
    assert Derived("difference", parts).value == one - other
    assert Derived("share", parts).value == (round(100 * one / other) if other else 0)


def test_a_template_keeps_its_words_and_its_numbers() -> None:
    said = say("{a} of {b}.", a=number(3), b=say("<{c}>", c=4))
    assert said.parts == (number(3), " of ", "<", "4", ">", ".")


def test_every_text_is_there_in_three_languages_with_the_same_fields() -> None:
    for key, texts in [*TEXTS.items(), *COLUMNS.items(), *UNITS.items()]:
        assert set(texts) == {"en", "fr", "es"}, key
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts.values()]
        assert fields[1:] == fields[:1] * 2, key


def test_no_text_is_left_over() -> None:
    folder = Path(__file__).resolve().parents[2] / "server" / "wsiskg" / "reports"
    code = "".join(file.read_text("utf-8") for file in folder.rglob("*.py") if file.name != "texts.py")
    made = re.compile("(title|kind|role|grade|origin|framework|information)-")  # joined from two parts
    named = set(re.findall("[\"']([a-z0-9_-]+)[\"']", code))
    assert [key for key in TEXTS if key not in named and not made.match(key)] == []
    assert [key for key in COLUMNS if key not in named] == []


def test_html_holds_no_markup_of_the_data(hostile: Report) -> None:
    page = as_html(hostile)
    tree = ElementTree.fromstring(re.sub(r"<(meta|col|img)\b([^>]*)>", r"<\1\2/>", page.split("\n", 1)[1]))
    assert not list(tree.iter("script"))
    assert not list(tree.iter("a")) or all(a.get("href", "").startswith("#q") for a in tree.iter("a"))
    texts = ["".join(cell.itertext()) for cell in tree.iter("td")]
    assert texts[0] == MARKUP
    assert "bell null overrideabc" in texts
    assert {bdi.text for bdi in tree.iter("bdi")} >= {ARABIC}
    assert "http:" not in page
    assert "https:" not in page  # nothing is loaded


def test_markdown_holds_no_markup_of_the_data(hostile: Report) -> None:
    text = as_markdown(hostile)
    assert "<script" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
    rows = [line for line in text.splitlines() if line.startswith("| ") and "script" in line and "quotes" in line]
    assert all(len(re.findall(r"(?<!\\)\|", row)) in {3, 4} for row in rows)


def test_a_number_in_json_says_how_to_get_it(hostile: Report) -> None:
    document = json.loads(render_report(hostile, "json"))
    (found,) = document["lead"][0]["note"]["numbers"]
    assert found == {"value": 12345, "question": 1, "read": "rows", "where": {"status": "validated"}}
    assert document["questions"][0]["command"] == "wsiskg query verdicts edition=2015 language=en"
    assert document["questions"][0]["address"] == "/queries/verdicts?edition=2015&language=en"
    assert (document["release"], document["date"]) == ("0123456789abcdef", "2027-07-01")


def test_a_document_has_real_styles_captions_and_alternative_texts(hostile: Report) -> None:
    content = render_report(hostile, "docx")
    document = docx.Document(io.BytesIO(content))
    styles = [(p.style.name, p.text) for p in document.paragraphs if p.style]
    assert styles[0] == ("Title", f"{MARKUP} {CHINESE}")
    headings = [text for name, text in styles if name.startswith("Heading")]
    assert headings == [f"{MARKUP} {ARABIC}\u200e", CHINESE, "Where the numbers come from"]
    body = document.element.body
    codes = [element.text for element in body.iter(qn("w:instrText"))]
    assert [code for code in codes if "TOC" in code] == [' TOC \\o "1-2" \\h \\z \\u ']
    assert [code.split()[1] for code in codes if "SEQ" in code] == ["Table", "Figure"] * 3
    contents = [text for name, text in styles if name.startswith("toc")]
    assert contents == [f"{MARKUP} {ARABIC}", *headings[1:]]
    pictures = list(body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"))
    assert [picture.get("descr") for picture in pictures] == [MARKUP] * 3
    tables = document.tables
    assert len(tables) == 3
    assert all(t.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for t in tables)
    turned = [
        "".join(t.text or "" for t in r.iter(qn("w:t")))
        for r in body.iter(qn("w:r"))
        if r.find(f".//{qn('w:rtl')}") is not None
    ]
    assert set(turned) == {ARABIC}
    assert document.core_properties.created.isoformat()[:10] == "2027-07-01"
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(package.read(name))
                assert b'TargetMode="External"' not in package.read(name)


def test_pdf_holds_foreign_letters(hostile: Report, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs Debian's poppler-utils")
    file = tmp_path / "report.pdf"
    file.write_bytes(render_report(hostile, "pdf"))
    text = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True, text=True).stdout
    assert CHINESE in text
    assert "alert(1)" in text
    fonts = subprocess.run(["pdffonts", str(file)], capture_output=True, check=True, text=True).stdout
    assert "CJK" in fonts
    assert "Arabic" in fonts
    about = subprocess.run(["pdfinfo", str(file)], capture_output=True, check=True, text=True).stdout
    assert re.search("Tagged: +yes", about)


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch, hostile: Report, tmp_path: Path) -> None:
    lister = tmp_path / "fc-list"
    lister.write_text('#!/bin/sh\ncase "$1" in :lang=zh) ;; *) echo Some Font;; esac\n')
    lister.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert missing_fonts(ARABIC) is None
    with pytest.raises(InstallationError, match="Chinese") as caught:
        render_report(hostile, "pdf")
    assert "fonts-noto-cjk" in caught.value.remedy


def test_a_chart_is_bounded_and_holds_its_words() -> None:
    points = tuple(Point(f"line {n}", number(n)) for n in range(5_000))
    svg = chart_svg(Chart("c", "a", "bars", "x", "y", points))
    assert svg.count("line ") < 400
    assert len(svg) < 200_000


def test_formats_are_told_apart() -> None:
    assert len({form.media for form in FORMATS.values()}) == len(FORMATS)
