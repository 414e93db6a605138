"""``wsiskg matrix template`` and ``check`` as an officer uses them."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from wsiskg.matrix.columns import COLUMNS
from wsiskg.matrix.renderings import CHECK_FORMATS

Wsiskg = Callable[..., subprocess.CompletedProcess[str]]

ROWS = [
    {"line": "C2", "sdg": "9.c", "rationale_en": "Networks carry the access that the target asks for.",
     "proposed_by": "ITU", "reason": "New figures."},
    {"line": "AL C7 - E-Agriculture", "sdg": "SDG 6.4", "change": "add", "proposed_by": "FAO",
     "rationale_en": "Farmers who know the weather ahead lose less of what they grow."},
    {"line": "C99", "sdg": "9.10", "rationale_en": "=HYPERLINK(\"http://example.org\")", "proposed_by": "Nobody"},
    {"line": "C4", "sdg": "4.4", "change": "retire", "proposed_by": "UNDESA"},
]  # fmt: skip


@pytest.fixture
def filled(inside: Wsiskg, tmp_path: Path) -> Callable[..., Path]:
    """The template, with rows typed into it by a spreadsheet library."""

    def fill(rows: list[dict[str, str]], language: str = "en") -> Path:
        file = tmp_path / f"proposals-{language}.xlsx"
        made = inside("matrix", "template", "-o", file, "--edition", "2027", "--hlpf", "2027", "--lang", language)
        assert made.returncode == 0, made.stderr
        book = openpyxl.load_workbook(file)
        sheet = book.worksheets[0]
        for number, row in enumerate(rows, 2):
            for place, column in enumerate(COLUMNS, 1):
                sheet.cell(number, place, row.get(column.attribute))
                if row.get(column.attribute, "").startswith("="):
                    sheet.cell(number, place).data_type = "s"
        book.save(file)
        return file

    return fill


def test_every_link_of_2015_gets_a_verdict_with_numbers(inside: Wsiskg, data_dir: Path, built: object) -> None:
    text = inside("matrix", "check", "--edition", "2015", "--data", data_dir)
    assert text.returncode == 0
    assert "188 links: insufficient evidence 170, validated 18." in text.stdout
    assert "Evidence loaded: 837 projects" in text.stdout
    assert "Verdicts rest on these alone." in text.stdout
    found = json.loads(inside("matrix", "check", "--edition", "2015", "--data", data_dir, "-f", "json").stdout)
    assert len(found["links"]) == 188
    assert found["conforms"] is True
    assert all(link["status"] in {"validated", "insufficient-evidence"} for link in found["links"])
    assert all(link["findings"] for link in found["links"] if link["status"] == "insufficient-evidence")
    assert sum(link["status"] == "validated" for link in found["links"]) == found["statuses"]["validated"] == 18
    assert found["loaded"]["tags"]["sdg declared"] > 0


def test_a_workbook_with_mistakes(inside: Wsiskg, filled: Callable[..., Path], data_dir: Path, built: object) -> None:
    file = filled(ROWS)
    found = inside("matrix", "check", file, "--data", data_dir, "-f", "json")
    assert found.returncode == 1
    report = json.loads(found.stdout)
    assert (report["edition"], report["hlpf"], report["before"], report["conforms"]) == ("2027", "2027", "2015", False)
    assert [(link["line"], link["sdg"], link["change"]) for link in report["links"]] == [
        ("C2", "9.c", "amend"), ("C7-EAGR", "6.4", "add"), ("", "", "add"), ("C4", "4.4", "retire"),
    ]  # fmt: skip
    violations = {(p["row"], p["column"]) for p in report["problems"] if p["severity"] == "Violation"}
    assert {
        (4, "Action line"),
        (4, "SDG goal or target"),
        (4, "Proposed by"),
        (5, "Reason for the change"),
    } == violations
    assert report["unsupported"] == ["C7-EAGR-6.4"]
    assert report["links"][0]["status"] == "validated"
    assert report["links"][0]["examples"]


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_the_officers_workbook_comes_back(
    inside: Wsiskg, filled: Callable[..., Path], data_dir: Path, built: object, tmp_path: Path, language: str
) -> None:
    file, checked = filled(ROWS, language), tmp_path / "checked.xlsx"
    run = inside("matrix", "check", file, "--data", data_dir, "-f", "xlsx", "-o", checked, "--lang", language)
    assert run.returncode == 1
    before, after = openpyxl.load_workbook(file), openpyxl.load_workbook(checked)
    assert after.sheetnames[:-1] == before.sheetnames
    old, new = before.worksheets[0], after.worksheets[0]
    for row in old.iter_rows():
        for cell in row:
            assert new.cell(cell.row, cell.column).value == cell.value
    assert "C9" in new.cell(4, 1).comment.text
    headers = [cell.value for cell in new[1]][len(COLUMNS) :]
    verdicts = {"en": "validated", "fr": "validé", "es": "validado"}
    place = len(COLUMNS) + 1 + next(i for i, h in enumerate(headers) if h)
    assert new.cell(2, place).value == verdicts[language]
    assert isinstance(new.cell(2, place + 1).value, int)
    assert new.cell(4, 4).value == ROWS[2]["rationale_en"]
    again = inside("matrix", "check", checked, "--data", data_dir, "-f", "json")
    once = inside("matrix", "check", file, "--data", data_dir, "-f", "json")
    assert json.loads(again.stdout.replace(checked.name, file.name))["links"] == json.loads(once.stdout)["links"]


def test_every_format(
    inside: Wsiskg, filled: Callable[..., Path], data_dir: Path, built: object, tmp_path: Path
) -> None:
    file = filled(ROWS)
    written = {}
    for form in CHECK_FORMATS:
        out = tmp_path / f"out.{form}"
        assert inside("matrix", "check", file, "--data", data_dir, "-f", form, "-o", out).returncode == 1
        written[form] = out.read_bytes()
    report = json.loads(written["json"])
    rows = list(csv.DictReader(io.StringIO(written["csv"].decode("utf-8-sig"))))
    assert [row["link"] for row in rows if row["change"]] == ["C2-9.c", "C7-EAGR-6.4", "", "C4-4.4"]
    assert not any(value.startswith("=") for row in rows for value in row.values())
    sarif = json.loads(written["sarif"])
    assert sarif["version"] == "2.1.0"
    results = sarif["runs"][0]["results"]
    assert len(results) == len(report["problems"])
    assert {r["level"] for r in results} == {"error", "warning", "note"}
    assert results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == file.name
    store = ox.Store()
    store.bulk_load(written["ttl"], ox.RdfFormat.TURTLE)
    ask = "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT (COUNT(*) AS ?n) { ?r sh:conforms false ; sh:result ?x }"
    assert [int(s["n"].value) for s in store.query(ask)] == [len(report["problems"])]
    page = written["html"].decode()
    assert "<script" not in page
    assert "http://" not in page.replace("http://example.org", "")
    assert written["md"].decode().startswith("# Check of proposals-en.xlsx")
    assert "C7-EAGR-6.4" in written["text"].decode()


def test_a_csv_and_standard_input(
    wsiskg: Wsiskg, inside: Wsiskg, data_dir: Path, built: object, tmp_path: Path
) -> None:
    file = tmp_path / "p.csv"
    text = "Action line;SDG;Rationale (English);Proposed by;Reason for the change\n"
    text += "C2;9.c;Networks carry the access that the target asks for.;ITU;New figures.\n"
    file.write_text(text, "latin-1")
    found = inside("matrix", "check", file, "--data", data_dir, "--edition", "2027", "--hlpf", "2027")
    assert found.returncode == 0, found.stdout
    assert "Nothing stands against publishing it." in found.stdout
    out = tmp_path / "p.xlsx"
    assert inside("matrix", "check", file, "--data", data_dir, "-f", "xlsx", "-o", out).returncode in {0, 1}
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert [sheet.cell(2, 1).value, sheet.cell(2, 2).value] == ["C2", "9.c"]


def test_a_csv_comes_back_with_every_cell_of_theirs(
    inside: Wsiskg, data_dir: Path, built: object, tmp_path: Path
) -> None:
    rows = [
        ["Our reference", "Action line", "SDG", "Rationale (English)", "Proposed by"],
        ["A-1", "C2", "9.c", "Networks carry the access that the target asks for.", "ITU"],
        ["A-2", "C99 nonsense", "SDG 77.7", "=1+1", "Nobody Inc"],
        ["A-3", "no such line", "9.c", "Networks bring schools and clinics on line.", "ITU"],
    ]
    file, out = tmp_path / "p.csv", tmp_path / "p.xlsx"
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    assert inside("matrix", "check", file, "--data", data_dir, "-f", "xlsx", "-o", out).returncode == 1
    sheet = openpyxl.load_workbook(out).worksheets[0]
    width = len(rows[0])
    assert [[cell.value for cell in row[:width]] for row in sheet.iter_rows(max_row=len(rows))] == rows
    assert "C99 nonsense" in sheet.cell(3, 2).comment.text
    assert sheet.cell(1, width + 1).value == "Verdict"
    assert sheet.cell(2, width + 1).value == "validated"
    assert [cell.value for cell in sheet[3][width : width + 3]] == ["not checked", None, None]


def test_a_line_that_is_not_understood_leaves_no_triangle_open(
    inside: Wsiskg, data_dir: Path, built: object, tmp_path: Path
) -> None:
    file = tmp_path / "p.csv"
    file.write_text("Action line,SDG,Rationale (English),Proposed by\n,9.c,Networks carry the access it needs.,ITU\n")
    found = json.loads(inside("matrix", "check", file, "--data", data_dir, "-f", "json").stdout)
    rules = {problem["rule"].rsplit("#", 1)[-1] for problem in found["problems"]}
    assert "Proposal-line" in rules
    assert "Link-triangle" not in rules


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "what is to be checked?"),
        (("nothing.xlsx",), "cannot be read"),
        (("--edition", "1999"), "there is no edition '1999'"),
        (("--edition", "2015", "--policy", "lax"), "there is no policy 'lax'"),
        (("--edition", "2015", "-f", "docx"), "unknown format 'docx'"),
        (("--edition", "2015", "-f", "xlsx"), "a workbook is not for the terminal"),
        (("--edition", "2015", "--lang", "de"), "de"),
    ],
)
def test_misuse_is_told(inside: Wsiskg, data_dir: Path, built: object, arguments: tuple[str, ...], said: str) -> None:
    run = inside("matrix", "check", *arguments, "--data", data_dir)
    assert run.returncode == 2
    assert said in run.stderr


def test_a_file_that_is_no_table_is_a_report_with_one_violation(
    inside: Wsiskg, data_dir: Path, built: object, tmp_path: Path
) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.7")
    run = inside("matrix", "check", file, "--data", data_dir)
    assert run.returncode == 1
    assert "PDF" in run.stdout
    xlsx = inside("matrix", "check", file, "--data", data_dir, "-f", "xlsx", "-o", tmp_path / "o.xlsx")
    assert xlsx.returncode == 1


def test_a_template_never_overwrites_somebodys_work(inside: Wsiskg, tmp_path: Path) -> None:
    file = tmp_path / "p.xlsx"
    file.write_text("work")
    run = inside("matrix", "template", "-o", file)
    assert run.returncode == 2
    assert file.read_text() == "work"
