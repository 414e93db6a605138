"""Reports on the bundled release: every kind in every format, every number as the catalogue gives it."""

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import docx
import pytest
from pyoxigraph import Store

from wsiskg.graph.release import Release, open_store
from wsiskg.model.errors import UsageError
from wsiskg.reports.answers import Answer
from wsiskg.reports.content import Block, Derived, Number, Paragraph, Part, Question, Report, Table, figures_of
from wsiskg.reports.desk import Desk, Subject
from wsiskg.reports.kinds.places import country_parts, region_parts
from wsiskg.reports.markdown import as_markdown, chart_files
from wsiskg.reports.renderings import render_report
from wsiskg.reports.sections import examples_by_region
from wsiskg.reports.writing import KINDS, write_report
from wsiskg.store.catalogue import load_catalogue
from wsiskg.store.evaluate import Request, evaluate

from .conftest import Wsiskg

DOCS = Path(__file__).resolve().parents[2] / "docs"
Parts = Callable[[Desk, Subject], tuple[list[Block], list[Part]]]
DAY = "2026-11-26"
SAMPLES = {"hlpf-2027": ("hlpf", "2027"), "action-line-C2": ("action-line", "C2")}


@pytest.fixture(scope="module")
def reports(release: Release) -> Mapping[str, Report]:
    return {kind.name: write_report(release, kind.name, kind.example, "en", DAY) for kind in KINDS.values()}


def rows(store: Store, release: Release, question: Question) -> list[dict[str, str]]:
    """The answer to a question, as the command gives it, read without the code of reports."""
    query = load_catalogue(release.iris)[question.name]
    bound = query.bind(dict(question.parameters), release.iris)
    body = evaluate(store, Request(query.text, "text/csv", bound)).body
    return list(csv.DictReader(io.StringIO(body.decode())))


def computed(how: str, kept: list[dict[str, str]], cells: list[str]) -> float:
    """A number from the rows that are left and their cells, worked out anew."""
    if how == "rows":
        return len(kept)
    if how == "distinct":
        return len(set(cells) - {""})
    values = [float(cell) for cell in cells if cell]
    return sum(values) if how == "sum" else [*values, 0][0]


def test_every_number_is_what_the_catalogue_answers(release: Release, reports: Mapping[str, Report]) -> None:
    store = open_store(release)

    @cache
    def asked(question: Question) -> list[dict[str, str]]:
        return rows(store, release, question)

    checked = 0
    for report in reports.values():
        for number in report.numbers():
            reading = number.reading
            kept = [r for r in asked(number.question) if all(r[c] in v for c, v in reading.where)]
            cells = [r[reading.column] for r in kept] if reading.column else []
            expected = computed(reading.how, kept, cells)
            assert number.value == expected, (report.kind, number)
            assert reading.how != "value" or len(kept) <= 1 or len(set(cells)) == 1, (report.kind, number)
            checked += 1
    assert checked > 1_000


def test_no_number_stands_in_a_text_without_its_question(reports: Mapping[str, Report]) -> None:
    """Digits in the words of paragraphs are codes, years, counts of rows shown, or parts of names."""
    for kind in ("action-line", "edition", "agency"):
        for block in reports[kind].blocks():
            if isinstance(block, Paragraph):
                words = "".join(part for part in block.text.parts if isinstance(part, str))
                left = re.sub(r"C\d+(-[A-Z]+)?(–\d+(\.\w+)?)?|\d+\.[0-9a-d]+|[Ee]dition 2015|\d+ more", "", words)
                assert not re.search(r"\d", left), left


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_in_every_format(kind: str, reports: Mapping[str, Report]) -> None:
    report = reports[kind]
    page = render_report(report, "html").decode()
    text = render_report(report, "md").decode()
    document = json.loads(render_report(report, "json"))
    word = docx.Document(io.BytesIO(render_report(report, "docx")))
    plain = render_report(report, "text").decode()
    tables = sum(isinstance(block, Table) for block in report.blocks())
    assert len(word.tables) == page.count("<table>") == tables
    for part in report.parts:
        assert part.title in plain
        assert any(p.text == part.title for p in word.paragraphs if p.style and p.style.name.startswith("Heading"))
    assert len(document["questions"]) == len(report.questions()) == page.count('<li id="q')
    for question in report.questions():
        assert f"`{question.command}`" in text
    assert "sample" in page or "public announcements" in page  # it says what it rests on
    assert report.release in plain


def test_the_brief_fits_in_five_pages(release: Release, reports: Mapping[str, Report], tmp_path: Path) -> None:
    if shutil.which("pdfinfo") is None:
        pytest.skip("needs Debian's poppler-utils")
    # The longest: seven goals, in the language that needs most room.
    longest = write_report(release, "hlpf", "2017", "fr", DAY)
    for report, most in ((reports["hlpf"], 4), (longest, 5)):
        file = tmp_path / "brief.pdf"
        file.write_bytes(render_report(report, "pdf"))
        about = subprocess.run(["pdfinfo", str(file)], capture_output=True, check=True, text=True).stdout
        assert 1 < int(re.findall(r"Pages: +(\d+)", about)[0]) <= most
        assert report.title in about


def test_word_documents_open_in_libreoffice(reports: Mapping[str, Report], tmp_path: Path) -> None:
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("needs Debian's libreoffice-writer-nogui and poppler-utils")
    report = reports["action-line"]
    (tmp_path / "report.docx").write_bytes(render_report(report, "docx"))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--norestore"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "report.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    shown = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"], capture_output=True, check=True, text=True
    ).stdout
    words = " ".join(shown.split())
    assert "Contents Facilitators Links and their evidence" in words  # the field holds the headings
    assert "Table 5. Indicators of the linked targets" in words
    assert "Figure 1. Projects by first year" in words
    assert "Page 1" in words


def test_reports_are_written_in_french_and_spanish(release: Release) -> None:
    french = render_report(write_report(release, "edition", "2015", "fr", DAY), "text").decode()
    assert "Liens : 188" in french.replace("\u00a0", " ")
    assert "Lacunes" in french
    spanish = render_report(write_report(release, "connect2020", "", "es", DAY), "text").decode()
    assert "% de los hogares" in spanish
    for english in ("Links", "Where the numbers", "Validated", "households"):
        assert english not in french + spanish


def test_what_is_not_there_is_said(release: Release) -> None:
    bare = write_report(release, "hlpf", "2016", "en", DAY)
    assert "No goals are known to be reviewed in depth at HLPF 2016." in render_report(bare, "text").decode()
    unlinked = render_report(write_report(release, "target", "1.1", "en", DAY), "text").decode()
    assert "SDG 1.1 has no link in edition 2015." in unlinked
    assert "No action line is linked with this target." in unlinked
    idle = write_report(release, "agency", "ICAO", "en", DAY)
    assert "ICAO put forward no link in edition 2015." in render_report(idle, "md").decode()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (country_parts, "No project of the evidence loaded names Nowhere."),
        (region_parts, "No country is known to belong to this region"),
    ],
)
def test_a_place_without_anything_is_said(release: Release, parts: Parts, said: str) -> None:
    lead, found = parts(Desk(release, "en"), Subject("NIL", "Nowhere"))
    report = Report("country", "NIL", "Nowhere", "", tuple(lead), tuple(found), "en", release.id, DAY, "")
    assert said in render_report(report, "text").decode()
    assert render_report(report, "docx")


@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [
        ("action-lines", "C2", "Did you mean action-line"),
        ("action-line", "C22", "C2"),
        ("goal", "19", "1"),
        ("target", "9.z", "9.1"),
        ("hlpf", "2037", "2027"),
        ("agency", "ITUU", "ITU"),
        ("edition", "2014", "2015"),
        ("country", "", "Some of them: ABW"),
        ("connect2020", "1.1", "wsiskg report connect2020"),
    ],
)
def test_a_wrong_name_gets_the_nearest(release: Release, kind: str, code: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        write_report(release, kind, code, "en", DAY)
    assert said in caught.value.remedy


def test_five_thousand_examples_stay_bounded(release: Release) -> None:
    """Synthetic rows: what a table says of them must not grow with their number."""
    answer = Desk(release, "en").ask("line-examples", line="C2")
    many = tuple(
        {**answer.rows[n % len(answer.rows)], "project_code": f"synthetic-{n}", "project_name": "Name " * 50}
        for n in range(5_000)
    )
    (table,) = examples_by_region(Desk(release, "en"), Answer(answer.question, many))
    assert isinstance(table, Table)
    assert len(table.records) < 10
    assert sum(figure.value for figure in figures_of(table)) == 5_000
    assert max(len(str(record["examples"])) for record in table.records) < 700


def test_shares_and_differences_follow_from_what_is_read(reports: Mapping[str, Report]) -> None:
    found = [f for r in reports.values() for b in r.blocks() for f in figures_of(b) if isinstance(f, Derived)]
    assert {figure.operation for figure in found} == {"share", "difference", "sum"}
    for figure in found:
        assert all(isinstance(part, Number | Derived) for part in figure.parts)
        if figure.operation == "share":
            assert 0 <= figure.value <= 100


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_of_the_documentation_are_true(name: str, reports: Mapping[str, Report], update_golden: bool) -> None:
    report = reports[SAMPLES[name][0]]
    files = {f"{name}.md": as_markdown(report, name), **chart_files(report, name)}
    for file, text in files.items():
        path = DOCS / "reports" / file
        if update_golden:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        kept = path.read_text("utf-8")
        if file.endswith(".svg"):  # lengths of words differ with the fonts of a machine
            assert re.findall(r">([^<>]+)</text>", text) == re.findall(r">([^<>]+)</text>", kept)
        else:
            assert _without_release(text) == _without_release(kept), "pytest --update-golden writes it anew"


def _without_release(text: str) -> str:
    return re.sub(r"`[0-9a-f]{16}`", "`RELEASE`", text)


def test_commands_of_the_documentation_work(inside: Wsiskg, data_dir: Path, built: object, tmp_path: Path) -> None:
    text = (DOCS / "reports.md").read_text("utf-8")
    commands = re.findall(r"^wsiskg report (.*)$", text, re.MULTILINE)
    assert len(commands) >= 4
    for command in commands:
        arguments = command.split()
        if "-o" in arguments:
            place = arguments.index("-o") + 1
            arguments[place] = str(tmp_path / Path(arguments[place]).name)
        if arguments[-1].endswith(".pdf"):
            continue  # others set PDF
        result = inside("report", *arguments, "--data", data_dir)
        assert result.returncode == 0, result.stderr
    assert (tmp_path / "hlpf-2027-1.svg").is_file()


def test_misuse_is_told(inside: Wsiskg, data_dir: Path, built: object) -> None:
    for arguments, said in (
        (["hlfp", "2027"], "Did you mean hlpf?"),
        (["goal", "9", "--format", "odt"], "unknown format 'odt'"),
        (["goal", "9", "--format", "pdf"], "goes into a file"),
        (["goal", "9", "--date", "1.7.2027"], "is no date"),
        (["goal", "9", "--lang", "ar"], "there are no messages in 'ar'"),
        (["goal", "9", "-o", "/nowhere/at/all.md"], "cannot be written"),
    ):
        result = inside("report", *arguments, "--data", data_dir)
        assert result.returncode == 2, arguments
        assert said in result.stderr
        assert "Traceback" not in result.stderr
    assert "evidence-quality" in inside("report").stdout
