"""Large tables are read and checked as columns: the same rows, lines and problems as row by row, on any mess."""

import csv
import io
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsiskg.model.problems import Origin, Problem
from wsiskg.resources import default_mappings
from wsiskg.tables import csv_columns, csv_file, screening
from wsiskg.tables.cells import cell_problems, field_problems, text_problem
from wsiskg.tables.crosschecks import cross_problems
from wsiskg.tables.csv_file import read_csv_table
from wsiskg.tables.load import check_tables, read_packages
from wsiskg.tables.rows import Columns, Row, Table, Tables
from wsiskg.tables.schema import Field, TableSchema

THINGS = TableSchema(
    name="things",
    path="things.csv",
    title="Things",
    description="Things with every kind of column.",
    fields=(
        Field("code", "Code", "", format="slug", required=True),
        Field("text", "Text", "", max_length=12),
        Field("names", "Names", "", separator=";"),
        Field("kind", "Kind", "", enum=("one", "two")),
        Field("count", "Count", "", type="integer", minimum=0, maximum=9),
        Field("good", "Good", "", type="boolean"),
        Field("year", "Year", "", type="year"),
        Field("day", "Day", "", type="date"),
        Field("since", "Since", "", format="isodate"),
        Field("colour", "Colour", "", pattern="#[0-9A-F]{2}"),
        Field("places", "Places", "", format="country", separator=";"),
        Field("parts", "Parts", "", format="lang", separator="-"),
        Field("sdgs", "SDGs", "", format="sdg", separator=";"),
        Field("page", "Page", "", format="uri"),
        Field("pages", "Pages", "", format="uri", separator=";"),
        Field("source_url", "Source", "", format="uri", separator="|"),
        Field("status", "Status", ""),
    ),
    primary_key=("code",),
)

GOOD: Mapping[str, Sequence[str]] = {
    "code": ("a", "b-1", "wsis.2015"),
    "text": ("", "Infra", "می‌خواهم", "R&D; more"),
    "names": ("", "ITU", "ITU; FAO", "R&D;ITU"),
    "kind": ("", "one", "two"),
    "count": ("", "0", "9"),
    "good": ("", "yes", "no"),
    "year": ("", "2015"),
    "day": ("", "2024-02-29"),
    "since": ("", "2015", "2015-06"),
    "colour": ("", "#0F"),
    "places": ("", "KEN", "KEN;TZA", "KEN ; TZA"),
    "parts": ("", "fr"),
    "sdgs": ("", "9", "9.c;4"),
    "page": ("", "https://a.example/?q=1&r=é#x"),
    "pages": ("", "https://a.example/", "https://a.example/;https://b.example/"),
    "source_url": ("https://a.example/", "https://a.example/|http://b.example:80/a"),
    "status": ("", "unverified", "sourced"),
}
WRONG = (
    " ", "x ", "\u00a0x", "x\u3000", "\x1cx", "a\nb", "a\r\nb", "a\rb", "\0", "\u200b", "a\u202eb", "\ufeffa",
    "\U000e0001", "<b>", "a&eacute;b", "a&b;c", "a < b", '"', 'a"b', '""', ",", "a,b", ";", "a;", ";a", "a;;b", "a; ;b",
    "|", "x" * 13, "-1", "10", "1.5", "٣", "yes", "20150", "2015-02-30", "2015-13", "KEN;ken", "9.z", "fr-FR",
    "en-GB-x", "#ff", "javascript:alert(1)", "https://a.example/;b", "https://a.example/|", "https://a.example/<b>",
    "https://a.example/ b", "https://a.example/\u200b", "https:///", "urn:isbn:1", "unverified", "=1+1",
)  # fmt: skip
ANY = st.one_of(
    st.sampled_from(WRONG),
    st.text(max_size=8),
    st.text("aZ9.-_;|, ", max_size=8),
    st.text("a:/?#&;|[]<%4 é\u00ad", max_size=8).map("https://a".__add__),
)


@st.composite
def records(draw: st.DrawFn, wrong: int, *, ragged: bool) -> list[str]:
    """Draw a record with at most so many wrong cells, perhaps of another length or blank."""
    turn = draw(st.integers(0, 50))
    cells = [choices[turn % len(choices)] for choices in GOOD.values()]
    for _ in range(draw(st.integers(0, wrong))):
        cells[draw(st.integers(0, len(cells) - 1))] = draw(ANY)
    match draw(st.sampled_from(("same", "same", "blank", "short", "long", "empty"))) if ragged else "same":
        case "short":
            cells.pop()
        case "long":
            cells.append(draw(ANY))
        case "blank":
            cells = [draw(st.sampled_from(("", " ", "\u00a0", "\x1f")))] * len(cells)
        case "empty":
            cells = []
    return cells


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """Draw a CSV file as programs write it, or damaged a little."""
    out = io.StringIO()
    wrong, ragged, damaged = draw(
        st.sampled_from(((0, False, False), (2, False, False), (1, True, False), (1, True, True)))
    )
    end = draw(st.sampled_from(("\n", "\n", "\r\n", "\r") if ragged else ("\n", "\r\n")))
    quoting = draw(st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    writer = csv.writer(out, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    header, *rows = THINGS.columns, *draw(st.lists(records(wrong, ragged=ragged), min_size=3, max_size=12))
    writer.writerow(header)
    writer.writerows(rows)
    data = out.getvalue().encode("utf-8", "surrogatepass")
    if draw(st.booleans()):
        data = data.removesuffix(end.encode())
    if damaged:
        place = draw(st.integers(0, len(data)))
        data = data[:place] + draw(st.sampled_from((b'"', b"\xff", b"\r", b"\n", b",", b'""', b"\n\n"))) + data[place:]
    return draw(st.sampled_from((b"", b"\xef\xbb\xbf"))) + data


@contextmanager
def columns(large: int, block: int) -> Iterator[None]:
    """Read files of ``large`` bytes as columns, ``block`` bytes at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_file, "LARGE", large)
        patch.setattr(csv_file, "BLOCK", block)
        yield


def content(table: Table) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, dict(row.cells)) for row in table]


@settings(max_examples=120)
@given(data=files(), large=st.sampled_from((240, 400)), block=st.sampled_from((90, 250, 5000)))
def test_columns_are_read_and_checked_as_rows_are(data: bytes, large: int, block: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "things.csv"
        file.write_bytes(data)
        table, problems = read_csv_table(file, "things.csv", THINGS)
        with columns(large, block):
            same, found = read_csv_table(file, "things.csv", THINGS)
    assert content(same) == content(table)
    assert found == problems
    assert (same.digest, same.complete) == (table.digest, table.complete)


def written(records: Sequence[Sequence[str]], end: str = "\n") -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(records)
    return out.getvalue().encode()


def thing(code: str, **cells: str) -> list[str]:
    return [{"code": code, "source_url": "https://a.example/", **cells}.get(name, "") for name in THINGS.columns]


def both(data: bytes, folder: Path, block: int = 1 << 20) -> tuple[Table, list[Problem]]:
    """Read as columns what is the same read as rows."""
    (folder / "things.csv").write_bytes(data)
    table, problems = read_csv_table(folder / "things.csv", "things.csv", THINGS)
    assert not isinstance(table.rows, Columns)
    with columns(200, block):
        same, found = read_csv_table(folder / "things.csv", "things.csv", THINGS)
    assert isinstance(same.rows, Columns)
    assert (content(same), found, same.complete, same.digest) == (
        content(table), problems, table.complete, table.digest,
    )  # fmt: skip
    return same, found


def test_every_wrong_text_in_every_column(tmp_path: Path) -> None:
    cells = [{name: text} for text in ("", *WRONG) for name in THINGS.columns]
    unsourced = [{"source_url": "", "status": status} for status in ("", "sourced", "unverified")]
    records = [thing(**{"code": f"a{n}", **changed}) for n, changed in enumerate([*cells, *unsourced])]
    problems = both(written([THINGS.columns, *records]), tmp_path)[1]
    assert len({p.origin.row for p in problems}) > 500


DAMAGE = {
    "an empty line": b"\n",
    "an empty line of another system": b"\r\n",
    "quotes within": b'x,y "z",,,,,,,,,,,,,,https://a.example/,\n',
    "a quote within, and another": b'x,y",,,,,,,,,,,,,,https://a.example/,\nz,"z,,,,,,,,,,,,,,https://a.example/,"\n',
    "text after a quote": b'x,"y" ,,,,,,,,,,,,,,https://a.example/,\n',
    "a quote that is not closed": b'x,"y,,,,,,,,,,,,,,https://a.example/,\n',
    "a short record": b"x,,,,\n",
    "a long record": b"x,,,,,,,,,,,,,,,https://a.example/,,\n",
    "a long record and a short one": b"x,,,,,,,,,,,,,,,https://a.example/,,\ny,,,,,,,,,,,,,,https://a.example/\n",
    "a mark of the byte order": b"\xef\xbb\xbfx,,,,,,,,,,,,,,,https://a.example/,\n",
    "a line end of its own": b"x,,,,,,,,,,,,,,,https://a.example/,\ry,,,,,,,,,,,,,,,https://a.example/,\n",
    "nothing but commas": b",,,,,,,,,,,,,,,,\n",
}


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damage_among_good_records(tmp_path: Path, damage: bytes, *, first: bool) -> None:
    header, *good = written([THINGS.columns, *(thing(f"a{n}") for n in range(20))]).splitlines(keepends=True)
    place = 0 if first else 12
    both(b"".join([header, *good[:place], damage, *good[place:]]), tmp_path)


def test_a_field_longer_than_the_reader_of_csv_takes(tmp_path: Path) -> None:
    records = [thing("a"), thing("b", names="x" * (csv.field_size_limit() + 1)), thing("c")]
    table, problems = both(written([THINGS.columns, *records]), tmp_path)
    assert [p.rule for p in problems] == ["columns"]
    assert not table.complete


def strictly(data: bytes) -> list[tuple[int, tuple[str, ...]]] | None:
    """Return the records of two columns as the standard library reads them, if it finds nothing wrong."""
    reader, found, number = csv.reader(io.StringIO(data.decode(), newline=""), strict=True), [], 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                found.append((number, tuple(record)))
            number = reader.line_num + 1
    except csv.Error:
        return None
    return found if all(len(record) == 2 for _, record in found) else None


def test_polars_never_guesses_at_quotes() -> None:
    """All texts of up to six characters that matter."""
    tried = 0
    for length in range(1, 7):
        for characters in itertools.product(b'a,"\n', repeat=length):
            data = bytes((*characters, 10))
            if b'"' in data and (found := csv_columns._strict_part(data, ("x", "y"), 1)):
                tried += 1
                part, size = found
                assert [*zip(part.numbers, part.frame.iter_rows(), strict=True)] == strictly(data[:size]), data
    assert tried > 300


def test_bytes_that_are_not_utf8_after_much_that_is(tmp_path: Path) -> None:
    data = written([THINGS.columns, *(thing(f"a{n}") for n in range(50))])
    (tmp_path / "things.csv").write_bytes(data + b"caf\xe9\n")
    with columns(200, 400):
        table, problems = read_csv_table(tmp_path / "things.csv", "things.csv", THINGS)
    assert [(p.rule, p.origin.row) for p in problems] == [("encoding", 52)]
    assert (len(table.rows), table.complete) == (0, False)


def test_one_wrong_row_among_many_is_the_only_one_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def counted(origin: Origin, field: Field, cell: str) -> Iterator[Problem]:
        checked.append(cell)
        return field_problems(origin, field, cell)

    monkeypatch.setattr("wsiskg.tables.screening.field_problems", counted)
    records = [
        thing(
            f"thing-{n}",
            text=f"Text {n}",
            names=f"Name {n};ITU",
            page=f"https://a.example/{n}",
            places="KEN;TZA",
            kind="one",
        )
        for n in range(3000)
    ]
    records[2000][1] = "<b>"
    table, problems = both(written([THINGS.columns, *records]), tmp_path)
    assert [(p.rule, p.origin.row) for p in problems] == [("markup", 2002)]
    assert isinstance(table.rows, Columns)
    assert len(screening.rows_with_wrong_cells(table.rows)) == 1
    assert set(checked) == {"<b>", "one"}


def test_a_large_file_needs_no_setting_to_be_columns(tmp_path: Path) -> None:
    count = csv_file.LARGE // 55
    data = written([THINGS.columns, *(thing(f"thing-{n}", names=f"Number {n}") for n in range(count))], "\r\n")
    assert len(data) > csv_file.LARGE
    (tmp_path / "things.csv").write_bytes(data)
    table, problems = read_csv_table(tmp_path / "things.csv", "things.csv", THINGS)
    assert problems == []
    assert isinstance(table.rows, Columns)
    assert table.frame().columns == list(THINGS.columns)
    assert (table.count, table.rows[-1].number, table.rows[-1].text("code")) == (count, count + 1, f"thing-{count - 1}")


def test_tables_in_files_of_usual_size_are_read_without_polars() -> None:
    code = (
        "import sys\n"
        "from wsiskg.resources import default_mappings\n"
        "from wsiskg.tables.load import load_tables\n"
        "load_tables(default_mappings())\n"
        "assert not {'polars', 'numpy'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_columns_are_a_sequence_of_rows(tmp_path: Path) -> None:
    data = written([THINGS.columns, *(thing(f"t{n}", text=f"Text\n{n}") for n in range(30))])
    (tmp_path / "things.csv").write_bytes(data)
    rows = read_csv_table(tmp_path / "things.csv", "things.csv", THINGS)[0].rows
    large = both(data, tmp_path)[0].rows
    assert len(large) == 30
    assert [*large] == [*rows]
    assert (large[0], large[-1], [*large[3:7]]) == (rows[0], rows[-1], [*rows[3:7]])
    assert rows[4] in large
    with pytest.raises(IndexError):
        large[30]


def test_no_character_is_passed_over_that_may_be_wrong() -> None:
    field = THINGS.by_name["names"]
    characters = [chr(n) for n in (*range(0xD800), *range(0xE000, 0x10200), *range(0xE0000, 0xE0100))]
    for form in ("a{}b", "{}a", "a{}"):
        cells = pl.Series([form.format(c) for c in characters])
        right = cells.to_frame("cell").select(screening._is_right(field, pl.col("cell"))).to_series()
        passed = cells.filter(right).to_list()
        assert len(passed) > 50_000
        assert all(cell == cell.strip() and text_problem(Origin(""), cell) is None for cell in passed)


EVIDENCE = {schema.name: schema for package in read_packages(default_mappings()) for schema in package.tables}
KEYS = st.sampled_from(("a", "b", "c", "d", "", "-"))
CELLS: Mapping[str, Mapping[str, st.SearchStrategy[str]]] = {
    "projects": {
        "project": KEYS,
        "countries": st.sampled_from(("", "KEN", "KEN;XXX", "KEM;TZA", "ken")),
        "action_lines": st.sampled_from(("", "C1", "C12;C2", "C7-EAGR;C7-EAGR")),
        "sdgs": st.sampled_from(("", "9", "9.d;9.c", "18", "9.c;9.c")),
    },
    "awards": {"record": KEYS, "project": KEYS, "category": st.sampled_from(("", "C2", "C7-EEEE"))},
    "tags": {
        "project": KEYS,
        "framework": st.sampled_from(("sdg", "wsis", "", "sdgs")),
        "code": st.sampled_from(("9", "9.d", "C2", "C12", "", "http://purl.unep.org/sdg/1")),
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def bundled() -> Tables:
    tables, problems = check_tables(default_mappings())
    assert problems == []
    return tables


def columned(table: Table) -> Table:
    """Return the table with its rows as columns."""
    numbers = pl.Series([row.number for row in table], dtype=pl.UInt32)
    rows = Columns(table.schema, table.file, table.frame(), numbers)
    return Table(table.schema, table.file, rows, table.group, table.digest, table.complete)


@settings(max_examples=40)
@given(data=st.data())
def test_large_tables_are_held_against_each_other_as_small_ones(bundled: Tables, data: st.DataObject) -> None:
    tables = [bundled[name] for name in ("countries", "action_lines", "goals", "targets")]
    for name, columns in CELLS.items():
        schema = EVIDENCE[name]
        for group in ("one", "two"):
            drawn = data.draw(st.lists(st.fixed_dictionaries(dict(columns)), max_size=6))
            blank = dict.fromkeys(schema.columns, "")
            rows = [Row(schema, f"m/evidence/{group}/{name}.csv", n, blank | cells) for n, cells in enumerate(drawn, 2)]
            complete = data.draw(st.sampled_from((True, True, True, False)))
            tables.append(Table(schema, f"m/evidence/{group}/{name}.csv", tuple(rows), group, complete=complete))
    expected = cross_problems(Tables(tuple(tables)))
    large = data.draw(st.sets(st.sampled_from(range(4, len(tables)))) | st.just(set(range(4, len(tables)))))
    mixed = Tables(tuple(columned(t) if n in large else t for n, t in enumerate(tables)))
    assert cross_problems(mixed) == expected


def test_bundled_tables_as_columns_have_no_problem(bundled: Tables) -> None:
    large = Tables(tuple(map(columned, bundled.tables)))
    assert cross_problems(large) == []
    for table in large.tables:
        assert isinstance(table.rows, Columns)
        assert len(screening.rows_with_wrong_cells(table.rows)) == 0
        assert not any(cell_problems(row) for row in table.rows[:20])
