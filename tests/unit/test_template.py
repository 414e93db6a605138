"""The template for proposals, read back with another library than the one that wrote it."""

import io
from collections.abc import Iterator

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from wsiskg.matrix.columns import CHOICES, COLUMNS
from wsiskg.matrix.proposals import Change
from wsiskg.matrix.reading.submission import read_submission
from wsiskg.matrix.reference import read_reference
from wsiskg.matrix.template import OTHER_SHEETS, PROPERTIES, VERSION, write_template
from wsiskg.matrix.template_texts import EXAMPLE_ROWS, SHEETS, TEXTS
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import LANGUAGES
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables
from wsiskg.tables.rows import Tables
from wsiskg.tables.sheets.annotate import Added, Note, Summary, annotate


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables(default_mappings())


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def book(tables: Tables, language: str) -> Workbook:
    return load_workbook(io.BytesIO(write_template(tables, language, "2023", "2023")))


@pytest.fixture(scope="module")
def proposals(book: Workbook, language: str) -> Worksheet:
    sheet = book[SHEETS["proposals"][language]]
    assert isinstance(sheet, Worksheet)
    return sheet


def validations(sheet: Worksheet) -> Iterator[tuple[int, DataValidation]]:
    for rule in sheet.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            assert area.min_row == 2
            yield area.min_col, rule


def listed(book: Workbook, formula: str) -> list[str]:
    title, _, cells = formula.removeprefix("=").rpartition("!")
    return [str(row[0].value) for row in book[title.strip("'").replace("''", "'")][cells]]


def test_the_first_sheet_is_empty_but_for_the_headers(book: Workbook, proposals: Worksheet, language: str) -> None:
    assert book.active is proposals
    assert [[cell.value for cell in row] for row in proposals.iter_rows()] == [[c.titles[language] for c in COLUMNS]]
    assert proposals.freeze_panes == "C2"


def test_every_other_sheet_is_named_as_holding_no_proposals(book: Workbook, proposals: Worksheet) -> None:
    assert {title for title in book.sheetnames if title in OTHER_SHEETS} == {*book.sheetnames} - {proposals.title}


def test_titles_of_proposals_are_nobody_elses_in_any_language() -> None:
    assert OTHER_SHEETS & set(SHEETS["proposals"].values()) == set()


def test_every_header_carries_its_note_and_says_by_colour_what_is_required(proposals: Worksheet, language: str) -> None:
    colours: dict[bool, set[str]] = {True: set(), False: set()}
    for cell, column in zip(proposals[1], COLUMNS, strict=True):
        assert cell.comment is not None
        assert cell.comment.text == column.notes[language]
        colours[column.required].add(cell.fill.fgColor.rgb)
    assert len(colours[True]) == len(colours[False]) == 1
    assert colours[True] != colours[False]


def test_codes_and_agencies_are_chosen_from_lists_of_all_there_are(
    book: Workbook, proposals: Worksheet, tables: Tables, language: str
) -> None:
    reference = read_reference(tables)
    rules = {COLUMNS[number - 1].attribute: rule for number, rule in validations(proposals)}
    assert set(listed(book, rules["line"].formula1)) == set(reference.lines)
    assert set(listed(book, rules["sdg"].formula1)) == set(reference.sdgs)
    acronyms = listed(book, rules["proposed_by"].formula1)
    assert len(acronyms) == len(set(acronyms)) == len(reference.agencies) - 1  # but for this project
    assert ("UIT" if language in {"fr", "es"} else "ITU") in acronyms
    for attribute, choices in CHOICES.items():
        assert listed(book, rules[attribute].formula1) == [words[language] for words in choices.values()]
    assert (rules["confidence"].formula1, rules["confidence"].formula2) == ("0", "1")


def test_a_code_typed_into_its_column_stays_a_text(proposals: Worksheet) -> None:
    """As a number, target 9.10 would become 9.1."""
    first = proposals.column_dimensions["A"]
    assert (first.min, first.max, first.number_format) == (1, 2, "@")  # action line and SDG


def test_lists_name_each_code_in_the_language(book: Workbook, tables: Tables, language: str) -> None:
    reference = read_reference(tables)
    for kind in ("lines", "sdgs"):
        for code, name in book[SHEETS[kind][language]].iter_rows(min_row=2, max_col=2, values_only=True):
            assert name == reference.title(str(code), language)
            assert name
    codes = [row[2] for row in book[SHEETS["agencies"][language]].iter_rows(min_row=2, values_only=True)]
    assert set(codes) == set(reference.agencies) - {"WSIS-KG"}


def test_examples_are_marked_and_are_links_of_the_edition(book: Workbook, tables: Tables, language: str) -> None:
    sheet = book[SHEETS["examples"][language]]
    banner = str(sheet["A1"].value)
    assert banner.isupper() is False
    assert banner.startswith(SHEETS["examples"][language].upper())
    assert "2015" in banner
    links = {(row.text("action_line"), row.text("target")) for row in tables.groups("links")["2015"]}
    rows = [(str(row[1]), str(row[2])) for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert rows == [example[:2] for example in EXAMPLE_ROWS]
    assert set(rows) <= links
    rationale = [c.titles[language] for c in COLUMNS].index(
        next(c.titles[language] for c in COLUMNS if c.attribute == f"rationale_{language}")
    )
    assert all(row[rationale + 1] for row in sheet.iter_rows(min_row=3, values_only=True))


def test_the_guide_names_the_session_and_leaves_no_gap(book: Workbook, language: str) -> None:
    text = "\n".join(str(v) for row in book[SHEETS["guide"][language]].values for v in row if v is not None)
    assert "HLPF 2023" in text
    assert "6, 7, 9, 11, 17" in text
    assert "{" not in text
    assert SHEETS["proposals"][language] in text


def test_properties_say_what_the_workbook_is_for(book: Workbook, language: str) -> None:
    said = {prop.name: prop.value for prop in book.custom_doc_props.props}
    assert said == {
        PROPERTIES["template"]: VERSION,
        PROPERTIES["language"]: language,
        PROPERTIES["edition"]: "2023",
        PROPERTIES["hlpf"]: "2023",
    }


def test_an_open_template_says_so(tables: Tables) -> None:
    book = load_workbook(io.BytesIO(write_template(tables, "en", "", "")))
    said = {prop.name: prop.value or "" for prop in book.custom_doc_props.props}
    assert said[PROPERTIES["edition"]] == said[PROPERTIES["hlpf"]] == ""
    assert "HLPF" not in "".join(str(v) for row in book["How to"].values for v in row)


def test_the_same_input_gives_the_same_bytes(tables: Tables) -> None:
    assert write_template(tables, "es", "2023", "2023") == write_template(tables, "es", "2023", "2023")


@pytest.mark.parametrize(
    ("language", "edition", "hlpf", "named"),
    [("ru", "", "", "en, fr, es"), ("en", "20 23", "", "2023"), ("en", "2023", "1999", "2019")],
)
def test_what_does_not_exist_is_refused(tables: Tables, language: str, edition: str, hlpf: str, named: str) -> None:
    with pytest.raises(UsageError) as caught:
        write_template(tables, language, edition, hlpf)
    assert named in caught.value.remedy


def test_every_text_is_in_every_language() -> None:
    for texts in (*TEXTS.values(), *SHEETS.values(), *(words for c in CHOICES.values() for words in c.values())):
        assert set(texts) == set(LANGUAGES)


def test_a_filled_template_is_read_annotated_and_read_again_the_same(tables: Tables, language: str) -> None:
    book = load_workbook(io.BytesIO(write_template(tables, language, "2023", "2023")))
    sheet = book.worksheets[0]
    place = {column.attribute: number for number, column in enumerate(COLUMNS, 1)}
    for row, (line, sdg, change) in enumerate(
        [("C2", "9.c", "amend"), ("C12", "4.1", "add"), ("C7-EAGR", "2", "retire")], 2
    ):
        cells = {"line": line, "sdg": sdg, "change": CHOICES["change"][change][language], "proposed_by": "FAO"}
        for attribute, text in cells.items():
            sheet.cell(row, place[attribute], text)
    stream = io.BytesIO()
    book.save(stream)
    read = read_submission(stream.getvalue(), "links.xlsx", tables)
    assert [(p.line, p.sdg, p.change) for p in read.proposals] == [
        ("C2", "9.c", Change.AMEND),
        ("", "4.1", Change.ADD),
        ("C7-EAGR", "2", Change.RETIRE),
    ]
    assert (read.edition, read.hlpf) == ("2023", "2023")
    assert [(p.origin.sheet, p.origin.row, p.origin.number) for p in read.problems] == [(sheet.title, 3, 1)]
    notes = [
        Note(p.origin.row or 1, p.origin.number or 1, p.text(language), p.severity, p.origin.sheet)
        for p in read.problems
    ]
    added = Added(1, ("Verdict",), {2: ("validated",)}, sheet.title)
    annotated = annotate(
        stream.getvalue(), "links.xlsx", notes, [added], Summary("Summary", "C2", headers=("line", "sdg"))
    )
    again = read_submission(annotated, "links.xlsx", tables)
    assert again.proposals == read.proposals
    assert again.problems == read.problems
    assert load_workbook(io.BytesIO(annotated)).worksheets[0]["A1"].comment.text == COLUMNS[0].notes[language]
