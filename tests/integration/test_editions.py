"""``wsiskg matrix publish`` and the commands on editions, on a copy of the bundled tables and release."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from wsiskg.matrix.reading.submission import read_submission
from wsiskg.matrix.standing import standing_links
from wsiskg.matrix.workspace import LINKS_ONLY
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables

Wsiskg = Callable[..., subprocess.CompletedProcess[str]]

ROWS = """Action line,SDG,Change,Rationale (English),Proposed by,Reason for the change
C2,9.c,amend,Networks carry the access that the target asks for.,ITU,New figures.
C7-EAGR,6.4,add,Sensors in the soil let farmers water only where and when it is needed.,FAO,
C4,4.4,retire,,UNDESA,Covered elsewhere.
"""
WHO = ("--by", "Ada Example", "--role", "WSIS secretariat", "--agency", "ITU")
NEXT = ("--edition", "2023", "--hlpf", "2023", *WHO)


@pytest.fixture
def place(tmp_path: Path, data_dir: Path, built: object) -> tuple[object, ...]:
    """Options that name a workspace and releases of one's own."""
    shutil.copytree(default_mappings(), tmp_path / "mappings")
    shutil.copytree(data_dir, tmp_path / "data", symlinks=True)
    (tmp_path / "p.csv").write_text(ROWS, "utf-8")
    return "--mappings", tmp_path / "mappings", "--data", tmp_path / "data"


def require_nothing_lost(export: Path, mappings: Path) -> None:
    """Require that an export, read again as proposals, says all that the edition says."""
    tables = load_tables(mappings, LINKS_ONLY)
    found = {p.pair: p for p in read_submission(export.read_bytes(), export.name, tables).proposals}
    links = standing_links(tables, "2023")
    assert found.keys() == links.keys()
    for pair, link in links.items():
        read = found[pair]
        assert dict(read.rationale) == dict(link.rationale), (export.name, pair)
        assert (read.proposed_by, read.confidence, set(read.sources), read.note) == (
            link.proposed_by, link.confidence, set(link.sources), link.row.text("note"),
        ), (export.name, pair)  # fmt: skip


def test_an_edition_from_dry_run_to_export(inside: Wsiskg, tmp_path: Path, place: tuple[object, ...]) -> None:
    mappings, file = place[:2], tmp_path / "p.csv"

    refused = inside("matrix", "publish", file, *NEXT, *place)
    assert refused.returncode == 1
    assert "C7-EAGR-6.4: the policy asks for more evidence" in refused.stderr
    assert not (tmp_path / "mappings/matrix/2023").exists()

    upheld = ("--override", "C7-EAGR-6.4=Agreed at the meeting.")
    tried = inside("matrix", "publish", file, *NEXT, *upheld, *place, "--dry-run", "-f", "json")
    assert tried.returncode == 0, tried.stderr
    assert "Nothing was written." in tried.stderr
    changes = json.loads(tried.stdout)
    assert [(c["line"], c["sdg"]) for kind in ("added", "removed", "amended") for c in changes[kind]] == [
        ("C7-EAGR", "6.4"), ("C4", "4.4"), ("C2", "9.c"),
    ]  # fmt: skip
    assert not (tmp_path / "mappings/matrix/2023").exists()

    done = inside("matrix", "publish", file, *NEXT, *upheld, *place)
    assert done.returncode == 0, done.stderr
    assert "1 added, 1 removed, 1 amended, 186 unchanged." in done.stdout
    assert "Edition 2023 is published" in done.stderr

    again = inside("matrix", "publish", file, *NEXT, *upheld, *place)
    assert again.returncode == 2
    assert "edition '2023' is published, and never changes" in again.stderr

    listed = json.loads(inside("matrix", "list", "-f", "json", *mappings).stdout)["editions"]
    assert [(e["code"], e["links"]) for e in listed] == [("2015", 188), ("2023", 188)]
    assert listed[1]["publication"]["by"] == "Ada Example"
    assert listed[1]["publication"]["overrides"] == ["C7-EAGR-6.4"]

    stages = json.loads(inside("matrix", "timeline", "C2", "9.c", "-f", "json", *mappings).stdout)["stages"]
    assert [(s["edition"], s["change"]) for s in stages] == [("2015", "added"), ("2023", "amended")]
    assert stages[1]["then"]["status"] == "validated"
    compared = inside("matrix", "diff", "2015", "2023", *place)
    assert "upheld: Agreed at the meeting." in " ".join(compared.stdout.split())
    assert "Ada Example" in inside("matrix", "show", "2023", *mappings).stdout

    # What a release says of an edition, asked as anybody would.
    query = "SELECT (COUNT(*) AS ?links) { ?l wsis:edition <https://w3id.org/wsis-kg/id/edition/2023> ; a wsis:Link }"
    assert inside("query", query, "--data", tmp_path / "data", "-f", "csv").stdout.split() == ["links", "188"]

    endings = {"csv": "csv", "xlsx": "xlsx", "sssom": "sssom.tsv", "jsonld": "jsonld", "ttl": "ttl"}
    for form, ending in endings.items():
        out = tmp_path / f"export.{ending}"
        assert inside("matrix", "export", "2023", "-f", form, "-o", out, *place).returncode == 0
        found = inside("matrix", "check", out, "-f", "json", *place)
        report = json.loads(found.stdout)
        violations = [p for p in report["problems"] if p["severity"] == "Violation"]
        assert violations == [], (form, violations[:3])
        assert len(report["links"]) == 188
        assert {link["change"] for link in report["links"]} == {"keep"}, form
        require_nothing_lost(out, tmp_path / "mappings")

    retired = inside(
        "matrix", "retire", "C2-9.c", "--reason", "A trial.", "--edition", "2027", "--hlpf", "2027", *WHO, *place
    )
    assert retired.returncode == 0, retired.stderr
    stages = json.loads(inside("matrix", "timeline", "C2", "9.c", "-f", "json", *mappings).stdout)["stages"]
    assert [s["change"] for s in stages] == ["added", "amended", "retired"]
    assert stages[2]["decisions"][0]["reason"] == "A trial."


@pytest.mark.filterwarnings("ignore::Warning")  # of other people's code
def test_sssom_is_valid_by_its_own_library(inside: Wsiskg, data_dir: Path, built: object, tmp_path: Path) -> None:
    parsers = pytest.importorskip("sssom.parsers", reason="needs the Python package sssom")
    validators = pytest.importorskip("sssom.validators")
    out = tmp_path / "m.sssom.tsv"
    assert inside("matrix", "export", "2015", "-f", "sssom", "-o", out, "--data", data_dir).returncode == 0
    read = parsers.parse_sssom_table(str(out))
    assert len(read.df) == 188
    found = validators.validate(read, fail_on_error=False)
    assert not [r for results in found.values() for r in results.results if str(r.severity) == "ERROR"]


def test_exports_of_2015(inside: Wsiskg, data_dir: Path, built: object, tmp_path: Path) -> None:
    out = tmp_path / "m.xlsx"
    assert inside("matrix", "export", "-f", "xlsx", "-o", out, "--lang", "fr", "--data", data_dir).returncode == 0
    sheet = openpyxl.load_workbook(out).active
    assert sheet["A1"].value == "Grande orientation"
    assert sheet.max_row == 189
    text = inside("matrix", "export", "2015", "--data", data_dir).stdout
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
    assert [rows[0]["Action line"], rows[0]["SDG goal or target"]] == ["C1", "1"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "1999"), "there is no edition '1999'"),
        (("diff", "2015", "1999"), "there is no edition '1999'"),
        (("timeline", "C2", "1.1"), "no edition links C2 with SDG 1.1"),
        (("export", "1999"), "there is no edition '1999'"),
        (("export", "2015", "-f", "docx"), "unknown format 'docx'"),
        (("retire", "C2", "--reason", "x", *NEXT), "'C2' is no link"),
        (("publish", "nothing.xlsx", *NEXT), "cannot be read"),
    ],
)
def test_misuse_is_told(inside: Wsiskg, data_dir: Path, built: object, arguments: tuple[str, ...], said: str) -> None:
    data = ("--data", data_dir) if arguments[0] not in {"show", "timeline"} else ()
    run = inside("matrix", *arguments, *data)
    assert run.returncode == 2
    assert said in run.stderr
