"""Workbooks and delimited texts of strangers: read right, or refused with what to do; never a crash, or much work."""

import contextlib
import io
import struct
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from wsiskg.model.errors import UnreadableError
from wsiskg.model.problems import LANGUAGES
from wsiskg.tables.sheets import sheet as sheet_module
from wsiskg.tables.sheets.grid import Area
from wsiskg.tables.sheets.limits import Limits
from wsiskg.tables.sheets.reading import read_grids, read_sheets


def book(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    workbook = openpyxl.Workbook()
    fill(workbook)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def simple() -> bytes:
    return book(lambda workbook: workbook.active.append(["a", "b"]))


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> bytes:
    """Return a workbook with its parts changed; a part that becomes None is left out."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = change(info.filename, old.read(info))
            if content is not None:
                new.writestr(info.filename, content)
        for name, content in (extra or {}).items():
            new.writestr(name, content)
    return stream.getvalue()


def refused(data: bytes, name: str = "f.xlsx", limits: Limits | None = None) -> str:
    """Return the rule by which a file is refused; its message exists in every language."""
    with pytest.raises(UnreadableError) as caught:
        read_grids(data, name, limits or Limits())
    assert all(caught.value.problem.texts[language] for language in LANGUAGES)
    return caught.value.problem.rule


def texts(data: bytes, name: str = "f.csv") -> list[list[str]]:
    (grid, *_) = read_grids(data, name)
    return [[row.cells[c].text if c in row.cells else "" for c in range(1, max(row.cells) + 1)] for row in grid.rows]


def test_what_spreadsheet_programs_store_is_read_as_shown() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        sheet = workbook.active
        sheet.title = "Proposals"
        sheet["A1"], sheet["B1"], sheet["C1"], sheet["D1"] = "text", 9.1, True, "=1+1"
        sheet["A3"] = "after a gap"
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.merge_cells("A5:A7")
        sheet["A5"] = "merged"
        sheet["B5"].hyperlink = "https://example.org/"
        sheet["B5"] = "here"
        workbook.create_sheet("Other").sheet_state = "hidden"
        workbook["Other"]["A1"] = "x"

    first, other = read_grids(book(fill), "f.xlsx")
    row = first.rows[0]
    assert [row.cells[c].text for c in (1, 2, 3)] == ["text", "9.1", "yes"]
    assert (row.cells[2].kind, row.cells[4].kind, row.cells[4].text) == ("number", "formula", "=1+1")
    assert [(r.number, r.hidden) for r in first.rows] == [(1, False), (3, True), (5, False)]
    assert first.hidden_columns == {2}
    assert first.merged == (Area(5, 1, 7, 1),)
    assert first.links == {(5, 2): "https://example.org/"}
    assert (other.name, other.hidden) == ("Other", True)


def test_custom_properties_and_stored_results() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        workbook.set_custom_property("wsiskg-edition", "2023", "text")
        sheet = workbook.add_worksheet()
        sheet.write_formula(0, 0, '="C"&2', None, "C2")
        sheet.write_rich_string(0, 1, "plain ", workbook.add_format({"bold": True}), "bold")
    found = read_sheets(stream.getvalue(), "f.xlsx")
    assert dict(found.properties) == {"wsiskg-edition": "2023"}
    assert [cell.text for cell in found.sheets[0].rows[0].cells.values()] == ["C2", "plain bold"]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"%PDF-1.7 ...", "no-table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "no-table"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + "Workbook".encode("utf-16-le"), "resave"),
        (b"<html><table><tr><td>C2</td></tr></table></html>", "resave"),
        (b"<?xml version='1.0'?><a/>", "resave"),
        (bytes(range(1, 32)) * 20, "no-table"),
        (b"PK\x03\x04" + bytes(200), "damaged"),
        (b'a,"b\nc,d', "quote"),
    ],
)
def test_files_that_are_no_table_are_refused_with_what_to_do(data: bytes, rule: str) -> None:
    assert refused(data) == rule


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("proposals.csv", "a,b")
    assert refused(stream.getvalue()) == "archive"


def test_macros_are_refused() -> None:
    assert refused(repacked(simple(), lambda _, content: content, {"xl/vbaProject.bin": b"x"})) == "macros"


def test_a_cut_file_is_refused() -> None:
    data = simple()
    assert refused(data[: len(data) // 2]) == "damaged"


def test_entities_are_refused_whatever_their_encoding() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'
    for encoding in ("utf-8", "utf-16"):
        data = repacked(simple(), lambda _, c: c, {"xl/evil.xml": bomb.encode(encoding)})
        assert refused(data) == "entities"


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("unpacked")

    data = repacked(simple(), lambda _, c: c, {"xl/worksheets/sheet9.xml": bytes(60_000_000)})
    monkeypatch.setattr(zipfile.ZipFile, "open", never)
    assert refused(data) == "unpacks"


def test_a_lie_about_the_size_gains_nothing() -> None:
    data = bytearray(repacked(simple(), lambda _, c: c, {"xl/media/a.xml": b"<a>" + b" " * 1_000_000 + b"</a>"}))
    place = data.rfind(b"xl/media/a.xml") - 46 + 24  # size in the directory's entry
    data[place : place + 4] = struct.pack("<I", 100)
    assert refused(bytes(data)) == "damaged"


def test_many_parts_are_refused() -> None:
    extra = {f"xl/media/{n}.bin": b"" for n in range(2_100)}
    assert refused(repacked(simple(), lambda _, c: c, extra)) == "parts"


def test_a_million_empty_rows_cost_little_and_what_follows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(2, 300_000))

    def grow(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        return content.replace(b"</sheetData>", rows + b'<row r="300001"><c r="A300001"><v>7</v></c></row></sheetData>')

    parsed = 0
    start = sheet_module._Sheet.start

    def counted(self: sheet_module._Sheet, tag: str, attributes: dict[str, str]) -> None:
        nonlocal parsed
        parsed += tag == "row"
        start(self, tag, attributes)

    monkeypatch.setattr(sheet_module._Sheet, "start", counted)
    (grid,) = read_grids(repacked(simple(), grow), "f.xlsx", Limits(ratio=10_000))
    assert [row.number for row in grid.rows] == [1]
    assert grid.gap == 1
    assert parsed < sheet_module.GAP + 10


def test_limits_of_rows_columns_and_size() -> None:
    data = book(lambda w: [w.active.append([n]) for n in range(20)])
    assert refused(data, limits=Limits(rows=10)) == "rows"
    assert refused(book(lambda w: w.active.cell(1, 250, "x"))) == "wide"
    assert refused(data, limits=Limits(bytes=100)) == "large"
    assert refused(b"\n".join([b"a,b"] * 20), limits=Limits(rows=10)) == "rows"


def test_a_long_cell_is_cut_and_says_so() -> None:
    (grid,) = read_grids(book(lambda w: w.active.append(["x" * 20_000])), "f.xlsx")
    cell = grid.rows[0].cells[1]
    assert (len(cell.text), cell.cut) == (10_000, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    text = f"Ligne{delimiter}Cible{delimiter}Rationale\r\nC2{delimiter}9.c{delimiter}é à ô\r\n"
    assert texts(text.encode(encoding)) == [["Ligne", "Cible", "Rationale"], ["C2", "9.c", "é à ô"]]


def test_an_encoding_that_was_guessed_is_said() -> None:
    (grid,) = read_grids("a;é\n".encode("latin-1"), "f.csv")
    assert grid.encoding
    (grid,) = read_grids("a;é\n".encode(), "f.csv")
    assert not grid.encoding


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    (grid,) = read_grids(b'a,b\n\n"two\nlines",c\n,,\nd,e\n', "f.csv")
    assert [row.number for row in grid.rows] == [1, 3, 5]
    (grid,) = read_grids(b"sep=;\na;b\n", "f.csv")
    assert [row.number for row in grid.rows] == [1]


@settings(max_examples=150)
@given(st.data())
def test_damage_anywhere_is_refused_or_read_but_never_crashes(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableError):
        read_grids(bytes(content), "f.xlsx")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_read(content: bytes) -> None:
    with contextlib.suppress(UnreadableError):
        read_grids(content, "f.csv")


WHOLE = book(lambda workbook: [workbook.active.append([n, f"text {n}", None, "=A1"]) for n in range(5)])
