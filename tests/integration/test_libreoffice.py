"""LibreOffice opens what we write: the template, and workbooks handed back. It starts once for each kind of file."""

import csv
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from wsiskg.matrix.columns import COLUMNS
from wsiskg.matrix.template import write_template
from wsiskg.model.problems import Severity
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables
from wsiskg.tables.sheets.annotate import Added, Note, Summary, Tone, annotate
from wsiskg.tables.sheets.ooxml.comments import SIGN

SOFFICE = shutil.which("soffice")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]

TEXT = 'a < b & "c"\nüñ 中文'
NOTES = [Note(2, 1, TEXT), Note(3, 2, "Beside a comment.", Severity.WARNING)]
ADDED = Added(1, ("Projects", "Verdict"), {2: (3, "validated"), 3: (0, "=1+1")}, tones={(2, 1): Tone.GOOD})
SUMMARY = Summary("Summary", "Checked", (("Problems", 2),), ("Row", "Problem"), ((2, TEXT),), (("", 2, 1),), (10, 40))


def officers_workbook() -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Links")
        yellow = book.add_format({"bg_color": "#FFFF00", "bold": True})
        sheet.write_row(0, 0, ["Action line", "SDG", "Sum"], yellow)
        sheet.write_row(1, 0, ["C12", "9.c", 2])
        sheet.write_row(2, 0, ["C3", "4.1", 3])
        sheet.write_formula(3, 2, "=C2+C3", None, 5)
        sheet.write_comment(2, 1, "Keep me", {"author": "Officer"})
        sheet.data_validation("A2:A9", {"validate": "list", "source": ["C1", "C2"]})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Links!$C$2:$C$3"})
        sheet.insert_chart(6, 0, chart)
    return stream.getvalue()


def as_strict(data: bytes) -> bytes:
    """The workbook in the strict form of the format, which Excel writes on demand."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for kind in (b"spreadsheetml", b"drawingml"):
                part = part.replace(b"schemas.openxmlformats.org/%b/2006" % kind, b"purl.oclc.org/ooxml/%b" % kind)
            part = part.replace(
                b"schemas.openxmlformats.org/officeDocument/2006/rel", b"purl.oclc.org/ooxml/officeDocument/rel"
            )
            new.writestr(name, part)
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What LibreOffice made of each workbook: NAME.xlsx again, in the folder ``out``, and a CSV of each sheet."""
    folder = tmp_path_factory.mktemp("office")
    annotated = annotate(officers_workbook(), "links.xlsx", NOTES, [ADDED], SUMMARY)
    (folder / "template.xlsx").write_bytes(write_template(load_tables(default_mappings()), "fr", "2023", "2023"))
    (folder / "annotated.xlsx").write_bytes(annotated)
    strict = annotate(as_strict(officers_workbook()), "links.xlsx", NOTES, [ADDED], SUMMARY)
    (folder / "strict.xlsx").write_bytes(strict)
    (folder / "again.xlsx").write_bytes(annotate(annotated, "links.xlsx", NOTES[:1], [ADDED], SUMMARY))
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{folder}/profile"
    files = [str(folder / f"{name}.xlsx") for name in ("template", "annotated", "again", "strict")]
    made = folder / "out"
    for kind in ("xlsx", every_sheet):
        command = [str(SOFFICE), profile, "--headless", "--norestore", "--convert-to", kind, "--outdir", str(made)]
        subprocess.run([*command, *files], check=True, capture_output=True, timeout=240)
    return made


def rows(folder: Path, name: str) -> list[list[str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_the_template_has_its_headers_lists_and_notes(folder: Path) -> None:
    sheet = load_workbook(folder / "template.xlsx").worksheets[0]
    headers = [cell for cell in sheet[1] if cell.value]
    assert [cell.value for cell in headers] == [column.titles["fr"] for column in COLUMNS]
    assert [cell.comment.text for cell in headers if cell.comment] == [column.notes["fr"] for column in COLUMNS]
    lists = {str(rule.formula1) for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert len(lists) == 6
    assert all(formula.startswith(("'", "ODD!", "Organismes!", "Choix!")) for formula in lists)
    assert rows(folder, "template-Exemples")[2][1:4] == ["C7-EAGR", "2.3", "ajouter"]


@pytest.mark.parametrize("name", ["annotated", "strict"])
def test_the_annotated_workbook_shows_what_was_written(folder: Path, name: str) -> None:
    sheet = load_workbook(folder / f"{name}.xlsx").worksheets[0]
    comments = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert comments == {"A2": SIGN + TEXT, "B3": "Keep me\n\u2014 wsiskg \u2014\nBeside a comment."}
    assert sheet["A2"].fill.fgColor.rgb == Tone.VIOLATION.value
    assert sheet["B3"].fill.fgColor.rgb == Tone.WARNING.value
    shown = rows(folder, f"{name}-Links")
    header = shown[0]
    assert header[:3] == ["Action line", "SDG", "Sum"]
    first = header.index("Projects")
    assert [row[first : first + 2] for row in shown[:3]] == [["Projects", "Verdict"], ["3", "validated"], ["0", "=1+1"]]
    assert rows(folder, f"{name}-Summary")[-1][:2] == ["2", TEXT]


def test_what_was_the_officers_is_there(folder: Path) -> None:
    sheet = load_workbook(folder / "annotated.xlsx").worksheets[0]
    assert sheet["C4"].value == "=C2+C3"
    assert rows(folder, "annotated-Links")[3][2] == "5"
    assert sheet["A1"].fill.fgColor.rgb == "FFFFFF00"
    assert len(sheet._charts) == 1  # type: ignore[attr-defined]
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["A2:A9"]


def test_a_workbook_annotated_twice_opens_as_well(folder: Path) -> None:
    book = load_workbook(folder / "again.xlsx")
    sheet = book.worksheets[0]
    comments = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert comments == {"A2": SIGN + TEXT, "B3": "Keep me"}
    assert book.sheetnames == ["Links", "Summary"]


def test_what_libreoffice_saved_can_be_annotated_again(folder: Path) -> None:
    saved = (folder / "annotated.xlsx").read_bytes()
    again = annotate(saved, "links.xlsx", [Note(2, 2, "New.")], [ADDED], SUMMARY)
    book = load_workbook(io.BytesIO(again))
    sheet = book.worksheets[0]
    comments = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert comments == {"B2": SIGN + "New.", "B3": "Keep me"}
    assert [cell.value for cell in sheet[1] if cell.value] == ["Action line", "SDG", "Sum", "Projects", "Verdict"]
    assert book.sheetnames == ["Links", "Summary"]
    assert sheet["A2"].fill.fill_type is None
