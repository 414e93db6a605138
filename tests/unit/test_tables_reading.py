"""Reading one CSV file: what spreadsheets may do to it without harm, and what comes back."""

import csv
import io
import tempfile
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsiskg.model.problems import Problem
from wsiskg.tables.csv_file import read_csv_table
from wsiskg.tables.rows import Table, Tables
from wsiskg.tables.schema import Field, TableSchema

SCHEMA = TableSchema(
    name="things",
    path="things.csv",
    title="Things",
    description="Things for tests.",
    fields=(
        Field("code", "Code", "", format="slug", required=True),
        Field("text", "Text", ""),
        Field("parts", "Parts", "", separator=";"),
        Field("count", "Count", "", type="integer"),
        Field("share", "Share", "", type="number"),
        Field("good", "Good", "", type="boolean"),
    ),
    primary_key=("code",),
)
HEADER = "code,text,parts,count,share,good"
LINES = [HEADER, "a,One thing,x;y,1,0.5,yes", 'b,"Two, things",,-2,-12.50,no', "c,,z,,,"]


def read(data: bytes, folder: Path) -> tuple[Table, list[Problem]]:
    (folder / "things.csv").write_bytes(data)
    return read_csv_table(folder / "things.csv", "things.csv", SCHEMA)


def good(data: bytes, folder: Path) -> Table:
    table, problems = read(data, folder)
    assert problems == []
    assert table.complete
    return table


def lines(end: str = "\n") -> bytes:
    return "".join(line + end for line in LINES).encode()


def test_cells_by_type(tmp_path: Path) -> None:
    a, b, c = good(lines(), tmp_path)
    assert (a.text("text"), a.values("parts"), a.integer("count")) == ("One thing", ("x", "y"), 1)
    assert (a.number_of("share"), a.flag("good")) == (Decimal("0.5"), True)
    assert (b.text("text"), b.values("parts"), b.integer("count")) == ("Two, things", (), -2)
    assert (b.number_of("share"), b.flag("good")) == (Decimal("-12.5"), False)
    assert (c.text("text"), c.values("text"), c.values("parts")) == ("", (), ("z",))
    assert (c.integer("count"), c.number_of("share"), c.flag("good")) == (None, None, None)


def test_rows_know_their_line(tmp_path: Path) -> None:
    table = good(lines(), tmp_path)
    assert [row.number for row in table] == [2, 3, 4]
    assert str(table.rows[1].origin("text")) == "things.csv:3: text"
    assert str(table.rows[1].origin()) == "things.csv:3"


def test_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    table = good(b"\xef\xbb\xbf" + lines(), tmp_path)
    assert table.rows[0].text("code") == "a"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems(tmp_path: Path, end: str) -> None:
    assert [row.cells for row in good(lines(end), tmp_path)] == [row.cells for row in good(lines(), tmp_path)]


def test_last_line_may_lack_its_end(tmp_path: Path) -> None:
    assert [row.text("code") for row in good(lines().rstrip(b"\n"), tmp_path)] == ["a", "b", "c"]


@pytest.mark.parametrize("trailing", [b"\n\n", b"\r\n", b",,,,,\n", b" , ,,,,\n,,,,,\n", b",,\n"])
def test_blank_lines_at_the_end_are_passed_over(tmp_path: Path, trailing: bytes) -> None:
    assert [row.text("code") for row in good(lines() + trailing, tmp_path)] == ["a", "b", "c"]


def test_blank_lines_between_rows_count_as_lines(tmp_path: Path) -> None:
    table = good(lines().replace(b"\nb,", b"\n\n,,,,,\nb,"), tmp_path)
    assert [row.number for row in table] == [2, 5, 6]


def test_quoted_commas_and_quotes(tmp_path: Path) -> None:
    table = good(f'{HEADER}\na,"He said ""yes, no""",,,,\n'.encode(), tmp_path)
    assert table.rows[0].text("text") == 'He said "yes, no"'


def test_columns_in_another_order(tmp_path: Path) -> None:
    table = good(b"text,code,good,share,count,parts\nOne,a,yes,,,x\n", tmp_path)
    row = table.rows[0]
    assert (row.text("code"), row.text("text"), row.flag("good"), row.values("parts")) == ("a", "One", True, ("x",))


def test_header_alone_is_an_empty_table(tmp_path: Path) -> None:
    assert list(good(f"{HEADER}\n".encode(), tmp_path)) == []


def test_lines_are_right_after_a_cell_with_line_breaks(tmp_path: Path) -> None:
    data = f'{HEADER}\na,"One\nthing",,,,\nB B,,,,,\n'.encode()
    _, problems = read(data, tmp_path)
    assert [(p.rule, p.origin.row, p.origin.column) for p in problems] == [
        ("control", 2, "text"),
        ("format", 4, "code"),
    ]


def test_rows_around_a_ragged_one_are_still_checked(tmp_path: Path) -> None:
    data = f"{HEADER}\n-,,,,,\nb,too,few\nc,,,many,,\n".encode()
    table, problems = read(data, tmp_path)
    assert [(p.rule, p.origin.row) for p in problems] == [("format", 2), ("columns", 3), ("type", 4)]
    assert not table.complete


def test_digest_changes_with_the_bytes(tmp_path: Path) -> None:
    one, same, other = (good(data, tmp_path).digest for data in (lines(), lines(), lines("\r\n")))
    assert one == same != other


def test_tables_by_name_and_group() -> None:
    single = Table(SCHEMA, "things.csv", ())
    grouped = Table(SCHEMA, "x/things.csv", (), "x")
    tables = Tables((grouped, single))
    assert tables["things"] is single
    assert tables.groups("things") == {"x": grouped}
    assert tables.of("things") == (grouped, single)
    assert tables.of("others") == ()


def _is_plain(text: str) -> bool:
    return text == text.strip() and "<" not in text and "&" not in text


PRINTABLE = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])
CELLS = st.text(PRINTABLE, max_size=20).filter(_is_plain)


@settings(max_examples=60)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS), max_size=5),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_writer_wrote_is_read_back(rows: list[tuple[str, str]], quoting: int, end: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerow(SCHEMA.columns)
    for number, (text, parts) in enumerate(rows):
        writer.writerow([f"r{number}", text, parts.replace(";", "-"), "", "", ""])
    with tempfile.TemporaryDirectory() as folder:
        table = good(out.getvalue().encode(), Path(folder))
    assert [(row.text("code"), row.text("text"), row.text("parts")) for row in table] == [
        (f"r{number}", text, parts.replace(";", "-")) for number, (text, parts) in enumerate(rows)
    ]


@settings(max_examples=60)
@given(st.text(max_size=30))
def test_no_text_gets_through_that_hides_something(text: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([SCHEMA.columns, ["a", text, "", "", "", ""]])
    with tempfile.TemporaryDirectory() as folder:
        table, problems = read(out.getvalue().encode("utf-8", "surrogatepass"), Path(folder))
    if not problems:
        (row,) = table
        assert row.text("text") == text
        hidden = {c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
        assert hidden <= set("\u200c\u200d\u200e\u200f")


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_any_bytes_are_answered_with_rows_or_problems(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table, problems = read(data, Path(folder))
        after, found = read(lines() + data, Path(folder))
    assert problems or [*table] == []
    assert found or after.complete
