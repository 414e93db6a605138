"""Papers: what people see and what programs get, whatever stands in the cells."""

import csv
import io
import json

import pytest
from defusedxml.ElementTree import fromstring
from rich.console import Console

from wsiskg.matrix.papers.paper import Column, Paper, Section, as_csv, as_html, as_json, as_markdown, print_paper

HOSTILE = "<script>alert(1)</script> | [x](javascript:y) *b* [red]"
COLUMNS = (
    Column("name", "Name"),
    Column("number", "Number"),
    Column("last_year", "Last year"),
    Column("status", "Status", names={"validated": "good"}),
    Column("secret", "Secret", shown=False),
)
RECORDS = (
    {"name": HOSTILE, "number": 1234, "last_year": 2019, "status": "validated", "secret": ["a", "b"]},
    {"name": "=1+1", "number": None, "last_year": None, "status": "other", "secret": True},
)
PAPER = Paper("Title & co", ["Lead"], [Section("Part", ["Before"], COLUMNS, RECORDS, ["After"])], ["End"], {"a": [1]})


def printed(paper: Paper) -> str:
    page = io.StringIO()
    print_paper(paper, Console(file=page, width=200))
    return page.getvalue()


@pytest.mark.parametrize("write", [printed, as_markdown, as_html])
def test_people_see_names_and_no_hidden_columns(write: object) -> None:
    text = write(PAPER)  # type: ignore[operator]
    for expected in ("Lead", "Part", "Before", "After", "End", "1,234", "2019", "good", "=1+1"):
        assert expected in text
    assert "Secret" not in text
    assert "validated" not in text


def test_the_terminal_shows_markup_as_it_stands() -> None:
    assert HOSTILE in printed(PAPER)


def test_html_is_well_formed_and_runs_nothing() -> None:
    page = as_html(PAPER)
    assert "<script" not in page
    tree = fromstring(page.replace("<!DOCTYPE html>", "").replace('<meta charset="utf-8">', "").replace(
        '<meta name="viewport" content="width=device-width, initial-scale=1">', ""
    ))  # fmt: skip
    assert tree.attrib["lang"] == "en"
    assert [th.text for th in tree.iter("th")] == ["Name", "Number", "Last year", "Status"]
    assert next(tree.iter("td")).text == HOSTILE
    assert not any(element.tag in {"script", "link", "img"} for element in tree.iter())


def test_markdown_keeps_cells_apart_and_markup_out() -> None:
    text = as_markdown(PAPER)
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert {row.replace("\\|", "").count("|") for row in rows} == {5}
    assert "<script" not in text
    assert "\\[x\\](" in text


def test_csv_has_every_column_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(COLUMNS, RECORDS), newline="")))
    assert rows[0] == {
        "name": HOSTILE, "number": "1234", "last_year": "2019", "status": "validated", "secret": "a; b",
    }  # fmt: skip
    assert rows[1] == {"name": "'=1+1", "number": "", "last_year": "", "status": "other", "secret": "true"}


def test_json_is_what_programs_are_told() -> None:
    assert json.loads(as_json(PAPER)) == {"a": [1]}


def test_labels_turn_a_table_on_its_side() -> None:
    headings, rows = Section(columns=COLUMNS, records=RECORDS, labels=1).grid()
    assert headings == ["", HOSTILE, "=1+1"]
    assert [[cell.text for cell in row] for row in rows] == [
        ["Number", "1,234", ""], ["Last year", "2019", ""], ["Status", "good", "other"],
    ]  # fmt: skip
