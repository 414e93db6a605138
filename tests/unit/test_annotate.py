"""Annotated workbooks, read back by openpyxl and byte by byte: what was added is there, what was there still is."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from wsiskg.model.errors import UnreadableError, UsageError
from wsiskg.model.problems import Severity
from wsiskg.tables.sheets.annotate import Added, Note, Summary, Tone, annotate, fresh_workbook
from wsiskg.tables.sheets.grid import Cell as GridCell
from wsiskg.tables.sheets.grid import Grid, GridRow
from wsiskg.tables.sheets.ooxml.comments import SIGN
from wsiskg.tables.sheets.reading import read_sheets

SHEET = "Links & <more>"
NOTES = (
    Note(2, 1, "There is no 'C12'.", sheet=SHEET),
    Note(2, 2, "A warning.", Severity.WARNING, SHEET),
    Note(2, 2, "=cmd|' /C calc'!A0", Severity.INFO, SHEET),
    Note(3, 2, "On a cell with a comment.", Severity.INFO, SHEET),
    Note(9, 3, "On an empty cell.", sheet=SHEET),
)
ADDED = Added(
    header_row=1,
    headers=("Projects", "Verdict", "Best examples"),
    rows={2: (3, "validated", "=1+1"), 3: (0, "insufficient-evidence", None)},
    sheet=SHEET,
    widths=(10, 24, 40),
    tones={(2, 1): Tone.GOOD, (3, 1): Tone.WARNING},
)
SUMMARY = Summary(
    title="Summary",
    heading="2 links checked",
    facts=(("Policy", "default"), ("Problems", 5)),
    headers=("Row", "Problem"),
    rows=((2, "There is no 'C12'."), (2, '=HYPERLINK("http://example.org")')),
    places=((SHEET, 2, 1), None),
    widths=(12, 60),
    tones={0: Tone.VIOLATION},
)


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def rich_workbook() -> bytes:
    """A workbook with whatever an officer may have in it."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet, other = book.add_worksheet(SHEET), book.add_worksheet("Other")
        yellow = book.add_format({"bg_color": "#FFFF00", "bold": True, "border": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd", "italic": True})
        sheet.write_row(0, 0, ["Action line", "SDG", "When"], yellow)
        sheet.write(1, 0, "C12", yellow)
        sheet.write(1, 1, "9.c")
        sheet.write(1, 2, 45_000, day)
        sheet.write(2, 0, "C3")
        sheet.write(2, 1, "4.1", yellow)
        sheet.write_formula(2, 2, "=C2+1", day, 45_001)
        sheet.write_rich_string(4, 0, "one ", yellow, "two", " three")
        sheet.merge_range(5, 0, 6, 1, "merged", yellow)
        sheet.write_comment(2, 1, "Ours, please keep", {"author": "Officer"})
        sheet.write_comment(4, 0, "Another", {"author": "Officer"})
        sheet.conditional_format("B2:B9", {"type": "text", "criteria": "containing", "value": "9", "format": yellow})
        sheet.data_validation("A2:A9", {"validate": "list", "source": ["C1", "C2"]})
        sheet.autofilter("A1:C4")
        sheet.freeze_panes(1, 0)
        sheet.set_column(1, 1, 30)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.write_url(7, 0, "https://example.org/", string="link")
        sheet.insert_image(10, 0, "dot.png", {"image_data": io.BytesIO(png())})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"='{SHEET}'!$C$2:$C$3"})
        sheet.insert_chart(10, 1, chart)
        other.add_table(0, 0, 2, 1, {"data": [["a", 1], ["b", 2]]})
        book.define_name("Wanted", f"='{SHEET}'!$A$2:$A$3")
        book.set_custom_property("wsiskg-edition", "2023", "text")
    return stream.getvalue()


def test_what_openpyxl_would_lose_stays() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Links")
        sheet.write_column(0, 0, [1, 2])
        sheet.write_formula(2, 0, "=A1+A2", None, 3)
        sheet.insert_textbox(4, 1, "a text box")
        sheet.add_sparkline(0, 1, {"range": "Links!A1:A2"})
        sheet.conditional_format("A1:A2", {"type": "data_bar", "data_bar_2010": True})
        sheet.insert_checkbox(3, 0, True)
        sheet.set_background(io.BytesIO(png()))
        sheet.set_header("&L&G", {"image_left": "dot.png", "image_data_left": io.BytesIO(png())})
    data = stream.getvalue()
    before, after = parts(data), parts(annotate(data, "x.xlsx", [Note(1, 1, "x")], [], None))
    assert set(before) <= set(after)
    sheet_before, sheet_after = (p["xl/worksheets/sheet1.xml"] for p in (before, after))
    for kept in (b"<v>3</v>", b"<x14:sparkline>", b"<x14:dataBar ", b"<picture ", b"<legacyDrawingHF ", b"<drawing "):
        assert sheet_before.count(kept) == sheet_after.count(kept) == 1, kept
    same = [name for name in before if "drawing" in name or "media" in name or "feature" in name.lower()]
    assert len(same) >= 5
    assert [name for name in same if before[name] != after[name]] == []


def plain_workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        for row, cells in enumerate([["Action line", "SDG", "When"], ["C12", "9.c", "x"], ["C3", "4.1", "y"]]):
            sheet.write_row(row, 0, cells)
    return stream.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(data: bytes, change: Mapping[str, Callable[[bytes], bytes]], without: str = "^$") -> bytes:
    """The package with some parts changed and others left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts(data).items():
            if not re.search(without, name):
                archive.writestr(name, change.get(name, bytes)(part))
    return out.getvalue()


def annotated(data: bytes) -> bytes:
    return annotate(data, "links.xlsx", NOTES, [ADDED], SUMMARY)


def sheet_of(data: bytes, title: str = SHEET) -> Worksheet:
    sheet = load_workbook(io.BytesIO(data))[title]
    assert isinstance(sheet, Worksheet)
    return sheet


def look(cell: Cell) -> tuple[object, ...]:
    style = map(repr, (cell.font, cell.border, cell.alignment, cell.protection))
    return (cell.value, cell.data_type, cell.number_format, *style)


def cells_of(sheet: Worksheet, columns: int = 3) -> dict[str, tuple[object, ...]]:
    return {c.coordinate: look(c) for row in sheet.iter_rows(max_col=columns, max_row=9) for c in row}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def original() -> bytes:
    return rich_workbook()


@pytest.fixture(scope="module")
def result(original: bytes) -> bytes:
    return annotated(original)


def fill(sheet: Worksheet, place: str) -> str:
    return str(sheet[place].fill.fgColor.rgb) if sheet[place].fill.fill_type else ""


def said(sheet: Worksheet, place: str) -> str:
    comment = sheet[place].comment
    return comment.text.removeprefix(SIGN) if comment else ""


def test_problems_become_comments_and_colours_the_worst_first(result: bytes) -> None:
    sheet = sheet_of(result)
    assert said(sheet, "A2") == "There is no 'C12'."
    assert said(sheet, "B2") == "A warning.\n\n=cmd|' /C calc'!A0"
    assert said(sheet, "C9") == "On an empty cell."
    assert [fill(sheet, p) for p in ("A2", "B2", "B3", "C9")] == [
        Tone.VIOLATION.value,
        Tone.WARNING.value,
        Tone.INFO.value,
        Tone.VIOLATION.value,
    ]


def test_comments_of_others_stay_and_ours_are_told_apart(result: bytes) -> None:
    sheet = sheet_of(result)
    assert said(sheet, "B3") == "Ours, please keep\n\u2014 wsiskg \u2014\nOn a cell with a comment."
    assert said(sheet, "A5") == "Another"
    assert sheet["A5"].comment is not None
    assert sheet["A5"].comment.author == "Officer"


def test_columns_stand_right_of_cells_and_charts(original: bytes, result: bytes) -> None:
    sheet = sheet_of(result)
    header = {cell.value: cell.column for cell in sheet[1] if cell.value}
    first = header["Projects"]
    chart = sheet_of(original)._charts[0]  # type: ignore[attr-defined]
    assert first > chart.anchor.to.col + 1 > 3
    assert [header[h] for h in ADDED.headers] == [first, first + 1, first + 2]
    assert [sheet.cell(2, first + n).value for n in range(3)] == [3, "validated", "=1+1"]
    assert sheet.cell(2, first + 2).data_type == "s"
    assert sheet.cell(3, first + 2).value is None
    assert sheet.cell(2, first + 1).fill.fgColor.rgb == Tone.GOOD.value
    assert sheet.column_dimensions[sheet.cell(1, first + 1).column_letter].width == 24


def test_the_summary_is_a_sheet_at_the_end_that_leads_to_cells(result: bytes) -> None:
    book = load_workbook(io.BytesIO(result))
    assert book.sheetnames == [SHEET, "Other", "Summary"]
    sheet = book["Summary"]
    values = [[v for v in row if v is not None] for row in sheet.values]
    assert values == [
        ["2 links checked"], [], ["Policy", "default"], ["Problems", 5], [], ["Row", "Problem"],
        [2, "There is no 'C12'."], [2, "=HYPERLINK(\"http://example.org\")"],
    ]  # fmt: skip
    assert sheet["B8"].data_type == "s"
    assert sheet["A7"].hyperlink.location == f"'{SHEET}'!A2"


def test_no_cell_changes_but_for_its_fill(original: bytes, result: bytes) -> None:
    assert cells_of(sheet_of(result)) == cells_of(sheet_of(original))


def test_every_part_that_needs_no_change_is_the_same_to_the_byte(original: bytes, result: bytes) -> None:
    before, after = parts(original), parts(result)
    assert set(before) <= set(after)
    assert {name for name in before if before[name] != after[name]} == {
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
    }


def test_everything_else_on_the_sheet_is_the_same_to_the_byte(original: bytes, result: bytes) -> None:
    before, after = (parts(data)["xl/worksheets/sheet1.xml"] for data in (original, result))
    tail = before[before.index(b"</sheetData>") :]
    assert after.endswith(tail)
    for kept in (b"<conditionalFormatting", b"<dataValidation ", b"<autoFilter", b"<drawing ", b"<legacyDrawing "):
        assert kept in tail


def test_names_and_properties_of_others_stay(result: bytes) -> None:
    book = load_workbook(io.BytesIO(result))
    assert book.defined_names["Wanted"].attr_text == f"'{SHEET}'!$A$2:$A$3"
    assert [(p.name, p.value) for p in book.custom_doc_props.props] == [("wsiskg-edition", "2023")]


def test_annotating_again_replaces_what_was_added(original: bytes, result: bytes) -> None:
    notes = [Note(3, 1, "Another problem.", Severity.WARNING, SHEET)]
    again = annotate(result, "links.xlsx", notes, [Added(1, ("Verdict",), {2: ("contested",)}, SHEET)], SUMMARY)
    sheet = sheet_of(again)
    assert {c.coordinate: c.comment.text for row in sheet for c in row if c.comment} == {
        "B3": "Ours, please keep",
        "A5": "Another",
        "A3": SIGN + "Another problem.",
    }
    assert fill(sheet, "A2") == "FFFFFF00"  # as it was before
    assert fill(sheet, "B2") == ""
    assert fill(sheet, "A3") == Tone.WARNING.value
    assert [cell.value for cell in sheet[1] if cell.column > 3 and cell.value] == ["Verdict"]
    assert load_workbook(io.BytesIO(again)).sheetnames == [SHEET, "Other", "Summary"]
    shapes = parts(again)["xl/drawings/vmlDrawing1.vml"].count(b"<x:Row>")
    assert shapes == 3


def test_readers_pass_over_what_was_added(original: bytes, result: bytes) -> None:
    before, after = (read_sheets(data, "links.xlsx") for data in (original, result))
    assert after.sheets == before.sheets
    assert after.properties == before.properties


def unmarked(data: bytes) -> bytes:
    return rewritten(data, {"xl/workbook.xml": lambda p: re.sub(rb"<definedName .*?</definedName>", b"", p)})


def test_a_sheet_whose_marks_were_lost_gets_no_comment_twice(original: bytes, result: bytes) -> None:
    assert said(sheet_of(annotated(unmarked(result))), "A2") == "There is no 'C12'."


def test_annotations_can_be_taken_away_and_the_sheet_is_as_before(original: bytes, result: bytes) -> None:
    bare = annotate(result, "links.xlsx", [], [], None)
    assert load_workbook(io.BytesIO(bare)).sheetnames == [SHEET, "Other"]
    before, after = sheet_of(original), sheet_of(bare)
    assert cells_of(after, 20) == cells_of(before, 20)
    for row in before.iter_rows(max_col=3, max_row=9):
        for cell in row:
            assert fill(after, cell.coordinate) == fill(before, cell.coordinate)
    twice = annotate(annotated(bare), "links.xlsx", [], [], None)
    assert len(parts(twice)["xl/styles.xml"]) == len(parts(bare)["xl/styles.xml"])  # nothing piles up


def prefixed(part: bytes) -> bytes:
    text = re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", part)
    return text.replace(
        b'xmlns="http://schemas.openxmlformats.org/spreadsheetml',
        b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml',
    )


def no_numbers(part: bytes) -> bytes:
    return re.sub(rb'<(row|c) r="[A-Z0-9]+"', rb"<\1", part)


def remarked(part: bytes) -> bytes:
    head, body = part.split(b"?>", 1)
    return head + b"?>" + body.replace(b"><", b"><!-- a > b --><?say so?><")


SHEET1 = "xl/worksheets/sheet1.xml"
VARIANTS: Mapping[str, Callable[[bytes], bytes]] = {
    "prefixed": lambda data: rewritten(
        data, dict.fromkeys((SHEET1, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"), prefixed)
    ),
    "no dimension": lambda data: rewritten(data, {SHEET1: lambda p: re.sub(rb"<dimension[^>]*/>", b"", p)}),
    "no numbers": lambda data: rewritten(data, {SHEET1: no_numbers}),
    "utf-16": lambda data: rewritten(
        data, {SHEET1: lambda p: p.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")}
    ),
    "remarks": lambda data: rewritten(
        data, dict.fromkeys((SHEET1, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"), remarked)
    ),
    "single quotes": lambda data: rewritten(data, {SHEET1: lambda p: p.replace(b'"', b"'")}),
    "no styles": lambda data: rewritten(
        data,
        {
            "xl/_rels/workbook.xml.rels": lambda p: re.sub(rb'<Relationship [^>]*styles.xml"/>', b"", p),
            "[Content_Types].xml": lambda p: re.sub(rb"<Override [^>]*styles[^>]*/>", b"", p),
        },
        "styles.xml",
    ),
    "as openpyxl writes": lambda data: saved_by_openpyxl(data),
}


def saved_by_openpyxl(data: bytes) -> bytes:
    out = io.BytesIO()
    load_workbook(io.BytesIO(data)).save(out)
    return out.getvalue()


@pytest.mark.parametrize("variant", VARIANTS)
def test_workbooks_of_all_hands(variant: str) -> None:
    data = VARIANTS[variant](plain_workbook())
    values = [[cell.value for cell in row] for row in sheet_of(plain_workbook())]
    result = annotated(data)
    sheet = sheet_of(result)
    assert [[sheet.cell(r, c).value for c in (1, 2, 3)] for r in (1, 2, 3)] == values
    assert [sheet.cell(1, c).value for c in (4, 5, 6)] == list(ADDED.headers)
    assert sheet.cell(2, 6).value == "=1+1"
    assert said(sheet, "A2") == "There is no 'C12'."
    assert fill(sheet, "C9") == Tone.VIOLATION.value
    assert said(sheet_of(annotated(result)), "A2") == "There is no 'C12'."
    bare = sheet_of(annotate(result, "links.xlsx", [], [], None))
    assert [[c.value for c in row if c.value is not None] for row in bare if any(c.value for c in row)] == values


def test_an_empty_sheet() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.add_worksheet(SHEET)
    sheet = sheet_of(annotated(stream.getvalue()))
    assert sheet["A1"].value == "Projects"
    assert said(sheet, "C9") == "On an empty cell."


def test_a_note_on_merged_cells_is_shown_on_the_first(original: bytes) -> None:
    sheet = sheet_of(annotate(original, "links.xlsx", [Note(7, 2, "Here.", sheet=SHEET)], [], None))
    assert said(sheet, "A6") == "Here."
    assert fill(sheet, "A6") == Tone.VIOLATION.value
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A6:B7"]


HOSTILE = "</t></is><script>&amp;\"'=1+1\x00\x08\x0b\ud800\ufffe_x0041_]]>\r\n\u202e"
STORED = "</t></is><script>&amp;\"'=1+1_x005F_x0041_]]>\n\u202e"
KEPT = "</t></is><script>&amp;\"'=1+1_x0041_]]>\n\u202e"


def test_hostile_text_stays_text() -> None:
    notes = [Note(2, 1, HOSTILE)]
    result = annotate(
        plain_workbook(), "x.xlsx", notes, [Added(1, (HOSTILE,), {2: (HOSTILE,)})], Summary(HOSTILE, HOSTILE)
    )
    book = load_workbook(io.BytesIO(result))
    sheet = book.worksheets[0]
    assert sheet["D1"].value == sheet["D2"].value == said(sheet, "A2") == STORED
    assert book.worksheets[1]["A1"].value == STORED
    grid = read_sheets(unmarked(result), "x.xlsx").sheets
    assert grid[0].rows[0].cells[4].text == grid[1].rows[0].cells[1].text == KEPT
    assert len(book.sheetnames[1]) <= 31
    assert not set("[]:*?/\\") & set(book.sheetnames[1])


@given(st.text(max_size=60), st.one_of(st.text(max_size=60), st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9)))
@settings(max_examples=40, deadline=None)
def test_any_text_and_number_comes_back(comment: str, value: str | float) -> None:
    result = annotate(plain_workbook(), "x.xlsx", [Note(2, 1, f"a{comment}z")], [Added(1, ("h",), {2: (value,)})], None)
    sheet = sheet_of(result)
    found = sheet["D2"].value
    if isinstance(value, str):
        assert (found or "").replace("\n", "") == re.sub(
            "[^\t\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", value
        )
    else:
        assert found == pytest.approx(value)
    assert said(sheet, "A2").startswith("a")


def test_titles_of_sheets_that_are_taken_get_a_number(original: bytes) -> None:
    result = annotate(original, "x.xlsx", [], [], Summary("OTHER", "x"))
    assert load_workbook(io.BytesIO(result)).sheetnames == [SHEET, "Other", "OTHER (2)"]


def test_many_comments_are_capped_and_all_cells_coloured() -> None:
    notes = [Note(row, 1, "x", Severity.INFO) for row in range(2, 5_100)] + [Note(6_000, 1, "worst")]
    sheet = sheet_of(annotate(plain_workbook(), "x.xlsx", notes, [], None))
    assert sum(1 for row in sheet for c in row if c.comment) == 5_000
    assert said(sheet, "A6000") == "worst"
    assert fill(sheet, "A5099") == Tone.INFO.value


def test_what_cannot_be_written_is_refused(original: bytes) -> None:
    with pytest.raises(UsageError, match="no sheet 'Gone'"):
        annotate(original, "x.xlsx", [Note(1, 1, "x", sheet="Gone")], [], None)
    with pytest.raises(UnreadableError, match="damaged"):
        annotate(rewritten(original, {SHEET1: lambda p: p[:-40]}), "x.xlsx", NOTES, [], None)
    with pytest.raises(UnreadableError, match="damaged"):
        annotate(b"PK nothing", "x.xlsx", [], [], None)
    wide = rewritten(plain_workbook(), {SHEET1: lambda p: p.replace(b'<c r="C3"', b'<c r="XFC3"')})
    with pytest.raises(UsageError, match="no room"):
        annotate(wide, "x.xlsx", [], [ADDED], None)


def test_a_delimited_text_becomes_a_workbook() -> None:
    rows = (
        GridRow(1, {1: GridCell("Action line"), 2: GridCell("SDG")}),
        GridRow(3, {1: GridCell("=1+1"), 2: GridCell("9.10")}),
    )
    grid = Grid("links.csv", rows)
    result = fresh_workbook(
        grid, [Note(3, 1, "No line.", sheet="links.csv")], [Added(1, ("Verdict",), {3: ("x",)})], None
    )
    sheet = load_workbook(io.BytesIO(result)).worksheets[0]
    assert [[c.value for c in row] for row in sheet.iter_rows()] == [
        ["Action line", "SDG", "Verdict"],
        [None, None, None],
        ["=1+1", "9.10", "x"],
    ]
    assert sheet["A3"].data_type == "s"
    assert said(sheet, "A3") == "No line."
    assert sheet.freeze_panes == "A2"


def test_hostile_and_endless_texts_of_a_delimited_file() -> None:
    grid = Grid("x.csv", (GridRow(1, {1: GridCell(HOSTILE), 2: GridCell("a" * 40_000)}),))
    result = fresh_workbook(grid, [], [], None)
    cells = read_sheets(result, "x.csv").sheets[0].rows[0].cells
    assert cells[1].text == KEPT
    assert cells[2].text.startswith("a" * 10_000)


def test_an_empty_delimited_file() -> None:
    book = load_workbook(io.BytesIO(fresh_workbook(Grid("x.csv", ()), [Note(1, 1, "Empty.")], [], SUMMARY)))
    assert said(book.worksheets[0], "A1") == "Empty."
    assert book.sheetnames[1:] == ["Summary"]
