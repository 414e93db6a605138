"""Break one thing in a copy of the bundled tables: exactly that is reported, where it is, in three languages."""

import csv
import io
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from wsiskg.model.errors import ViolationError
from wsiskg.model.problems import LANGUAGES, Problem, Severity
from wsiskg.resources import default_mappings
from wsiskg.tables.crosschecks import cross_problems
from wsiskg.tables.csv_file import read_csv_table
from wsiskg.tables.load import check_tables, load_tables
from wsiskg.tables.messages import MESSAGES
from wsiskg.tables.rows import Table, Tables

LINKS = "matrix/2015/links.csv"
TITLES = "wsis/action_line_titles.csv"
TAGS = "evidence/wsis-prizes/tags.csv"
DPGA = "evidence/dpga/projects.csv"
PRIZES = "evidence/wsis-prizes/projects.csv"

LINK = {"action_line": "C2", "target": "9.c"}
TITLE = {"action_line": "C2", "lang": "en", "kind": "preferred"}
PROPOSAL = {"connect_target": "1.1", "object": "9.c"}


@dataclass(frozen=True)
class Copy:
    """A copy of the bundled tables that a test may break; a file is copied when it is first touched."""

    root: Path
    bundled: Tables
    touched: set[str] = field(default_factory=set)

    def path(self, file: str) -> Path:
        path = self.root / file
        if file not in self.touched:
            self.touched.add(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(default_mappings() / file, path)
        return path

    def rows(self, file: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.path(file).read_text("utf-8"), newline="")))

    def write(self, file: str, rows: list[list[str]]) -> None:
        with self.path(file).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)

    def set(self, file: str, where: dict[str, str], column: str, value: str) -> int:
        """Put ``value`` into the one row that has the cells ``where``; return its number."""
        header, *rows = self.rows(file)
        found = [n for n, row in enumerate(rows) if where.items() <= dict(zip(header, row, strict=True)).items()]
        assert len(found) == 1, (file, where, found)
        assert rows[found[0]][header.index(column)] != value
        rows[found[0]][header.index(column)] = value
        self.write(file, [header, *rows])
        return found[0] + 2

    def append(self, file: str, **cells: str) -> int:
        """Add a row with these cells, empty elsewhere; return its number."""
        rows = self.rows(file)
        assert cells.keys() <= set(rows[0])
        rows.append([cells.get(column, "") for column in rows[0]])
        self.write(file, rows)
        return len(rows)

    def replace(self, file: str, old: bytes, new: bytes) -> None:
        data = self.path(file).read_bytes()
        assert data.count(old) == 1
        self.path(file).write_bytes(data.replace(old, new))

    def problems(self) -> list[Problem]:
        """Check as `check_tables` does, but read only the files that were touched: the others are known to be right."""
        tables: list[Table] = []
        problems: list[Problem] = []
        for table in self.bundled.tables:
            if table.file.removeprefix("mappings/") in self.touched:
                path = self.root.parent / table.file
                changed, found = read_csv_table(path, table.file, table.schema, table.group)
                tables.append(changed)
                problems.extend(found)
            else:
                tables.append(table)
        return problems + cross_problems(Tables(tuple(tables)))

    def completed(self) -> Path:
        """Copy the files that were not touched, and return the directory."""
        for path in default_mappings().rglob("*.*"):
            self.path(str(path.relative_to(default_mappings())))
        return self.root


@pytest.fixture(scope="module")
def bundled() -> Tables:
    tables, problems = check_tables(default_mappings())
    assert problems == []
    return tables


@pytest.fixture
def copy(tmp_path: Path, bundled: Tables) -> Copy:
    return Copy(tmp_path / "mappings", bundled)


def the_problem(copy: Copy) -> Problem:
    """Return the only problem, after a look at its messages."""
    problems = copy.problems()
    assert len(problems) == 1, [f"{p.origin} {p.rule} {p.text()}" for p in problems]
    (problem,) = problems
    assert problem.severity is Severity.VIOLATION
    assert set(problem.texts) == set(LANGUAGES)
    assert len(set(problem.texts.values())) == len(LANGUAGES)
    for language in LANGUAGES:
        assert problem.text(language).strip()
        assert not re.search(r"\{[a-z]+\}", problem.text(language))
        assert problem.value[:40] in problem.text(language) or problem.rule in {"blanks", "separator"}
    return problem


# rule, file, row, column, new value, words that the English message must hold
CELLS: list[tuple[str, str, dict[str, str], str, str, str]] = [
    ("required", "sdg/targets.csv", {"code": "9.c"}, "label_fr", "", "Label (French)"),
    ("required", LINKS, LINK, "proposer_basis", "", "required"),
    ("source", "sdg/targets.csv", {"code": "9.c"}, "source_url", "", "no source"),
    ("source", LINKS, LINK, "source_url", "", "unverified"),
    ("format", LINKS, LINK, "target", "9c", "Example: 9, 9.c"),
    ("format", LINKS, LINK, "action_line", "C12", "Example: C2, C7-EAGR"),
    ("format", LINKS, LINK, "target", "http://metadata.un.org/sdg/9.c", "Example: 9, 9.c"),
    ("format", "wsis/hlpf_sessions.csv", {"code": "2017"}, "goals_in_depth", "1;2;SDG 9", "'SDG 9'"),
    ("format", TITLES, TITLE, "lang", "English", "Example: fr"),
    ("format", "wsis/agencies.csv", {"code": "FAO"}, "homepage", "www.fao.org", "https://"),
    ("format", "wsis/agencies.csv", {"code": "FAO"}, "homepage", "javascript:alert(1)", "https://"),
    ("format", "connect2020/proposals.csv", PROPOSAL, "object", "9c", "Example: 9, 9.c"),
    ("foreign-iri", LINKS, LINK, "target", "http://purl.unep.org/sdg/SDGIO_00000150", "the code alone"),
    ("foreign-iri", "connect2020/proposals.csv", PROPOSAL, "object", "https://sdg.example/9.c", "the code alone"),
    ("type", "wsis/hlpf_sessions.csv", {"code": "2019"}, "year", "20190", "not a year"),
    ("type", "wsis/hlpf_sessions.csv", {"code": "2019"}, "year", "٢٠١٩", "not a year"),
    ("type", "wsis/hlpf_sessions.csv", {"code": "2019"}, "matrix_update", "oui", "yes, no"),
    ("type", "wsis/action_lines.csv", {"code": "C2"}, "position", "2.5", "not a integer"),
    ("type", "connect2020/figures.csv", {"id": "1.1-2014-1"}, "value", "43,9", "Example: 43.9"),
    ("type", "connect2020/figures.csv", {"id": "1.1-2014-1"}, "value", "NaN", "not a number"),
    ("type", "connect2020/figures.csv", {"id": "1.1-2014-1"}, "value", "4e1", "not a number"),
    ("date", "wsis/hlpf_sessions.csv", {"code": "2019"}, "start", "2019-02-30", "not a real date"),
    ("date", "wsis/hlpf_sessions.csv", {"code": "2019"}, "start", "9 July 2019", "YYYY-MM-DD"),
    ("enum", LINKS, LINK, "status", "certain", "sourced, unverified"),
    ("pattern", "sdg/goals.csv", {"code": "9"}, "colour", "#fd6925", "[0-9A-F]"),
    ("range", "wsis/action_lines.csv", {"code": "C11"}, "position", "20", "1 to 19"),
    ("range", "connect2020/proposals.csv", PROPOSAL, "confidence", "1.01", "0 to 1"),
    ("range", "wsis/events.csv", {"code": "a-res-56-183"}, "number", "0", "1 to ∞"),
    ("length", "sdg/targets.csv", {"code": "9.c"}, "label_en", "x" * 101, "101 characters; at most 100"),
    ("markup", TITLES, TITLE, "title", "<b>Infrastructure</b>", "<b>"),
    ("markup", TITLES, TITLE, "title", "Infrastructure<br/>for all", "<br/>"),
    ("markup", TITLES, TITLE, "title", "Infrastructure <!-- draft -->", "<!-- draft -->"),
    ("markup", TITLES, TITLE, "title", "Infrastructure <img src=x onerror=alert(1)", "<img"),
    ("markup", TITLES, TITLE, "title", "Acc&egrave;s", "&egrave;"),
    ("markup", TITLES, TITLE, "title", "Acc&#232;s", "&#232;"),
    ("control", TITLES, TITLE, "title", "Infra\u200bstructure", "U+200B"),
    ("control", TITLES, TITLE, "title", "Infra\u202estructure", "U+202E"),
    ("control", TITLES, TITLE, "title", "Infra\u2028structure", "U+2028"),
    ("control", TITLES, TITLE, "title", "Infra\nstructure", "U+000A"),
    ("control", TITLES, TITLE, "title", "Infra\tstructure", "U+0009"),
    ("control", TITLES, TITLE, "title", "Infra\0structure", "U+0000"),
    ("blanks", TITLES, TITLE, "title", " Infrastructure", "begins or ends"),
    ("blanks", TITLES, TITLE, "title", "Infrastructure\u00a0", "begins or ends"),
    ("separator", "wsis/hlpf_sessions.csv", {"code": "2017"}, "goals_in_depth", "1;;3", "';'"),
    ("separator", "wsis/hlpf_sessions.csv", {"code": "2017"}, "goals_in_depth", "1;3;", "';'"),
    ("duplicate", "sdg/goals.csv", {"code": "2"}, "title_en", "No poverty", "No poverty stands already in row 2"),
    ("unknown-code", LINKS, LINK, "target", "9.d", "There is no '9.d' in goals / targets"),
    ("unknown-code", LINKS, LINK, "rationale", "r0012", "r012"),
    ("unknown-code", LINKS, LINK, "proposed_by", "ITUU", "in agencies. ≈ ITU"),
    ("unknown-code", "wsis/countries.csv", {"code": "KEN"}, "region", "AFRI", "≈ AFR"),
    ("unknown-code", "connect2020/figures.csv", {"id": "1.1-2014-1"}, "target", "1.5", "in connect2020_concepts"),
    ("unknown-code", "connect2020/proposals.csv", PROPOSAL, "object", "9.d", "There is no '9.d'"),
    ("unknown-code", "connect2020/statements.csv", {"id": "I.4-sdg-4.b"}, "object", "4.d", "There is no '4.d'"),
    ("wrong-goal", "sdg/targets.csv", {"code": "9.c"}, "goal", "8", "9.c belongs to 9, not to 8"),
    ("wrong-goal", "sdg/indicators.csv", {"code": "9.c.1"}, "targets", "9.b", "9.c.1 belongs to 9.c, not to 9.b"),
    ("wrong-goal", "connect2020/concepts.csv", {"code": "1.1"}, "parent", "2", "1.1 belongs to 1, not to 2"),
    ("wrong-goal", "wsis/action_lines.csv", {"code": "C7-EAGR"}, "parent", "C8", "C7-EAGR belongs to C7, not to C8"),
    ("wrong-goal", "wsis/action_lines.csv", {"code": "C8"}, "parent", "C7", "C8 belongs to –, not to C7"),
    ("order", "wsis/hlpf_sessions.csv", {"code": "2019"}, "end", "2019-06", "2019-06 is before 2019-07"),
    ("order", "wsis/events.csv", {"code": "a-res-60-252"}, "end", "2005", "2005 is before 2006-03"),
    ("contradiction", "matrix/2015/discrepancies.csv", {"id": "C2-8"}, "outcome", "no-link", "C2 + 8.2"),
    ("contradiction", "matrix/2015/discrepancies.csv", {"id": "C4-8"}, "outcome", "link", "C4 + 8"),
    ("folder", "matrix/2015/edition.csv", {"code": "2015"}, "code", "2016", "the folder, 2015"),
]


@pytest.mark.parametrize(("rule", "file", "where", "column", "value", "words"), CELLS)
def test_one_wrong_cell(
    copy: Copy, rule: str, file: str, where: dict[str, str], column: str, value: str, words: str
) -> None:
    row = copy.set(file, where, column, value)
    problem = the_problem(copy)
    assert (problem.rule, problem.origin.file) == (rule, f"mappings/{file}")
    assert (problem.origin.row, problem.origin.column) == (row, column)
    assert words in problem.text("en")


def not_utf8(copy: Copy, file: str) -> int:
    copy.replace(file, b"C2,2,", "C2é,2,".encode("cp1252"))
    return 3


def utf16(copy: Copy, file: str) -> int:
    path = copy.path(file)
    path.write_text(path.read_text("utf-8"), "utf-16")
    return 1


def emptied(copy: Copy, file: str) -> int:
    copy.path(file).write_bytes(b"")
    return 1


def only_a_bom(copy: Copy, file: str) -> int:
    copy.path(file).write_bytes(b"\xef\xbb\xbf")
    return 1


def removed(copy: Copy, file: str) -> None:
    copy.path(file).unlink()


def column_renamed(copy: Copy, file: str) -> int:
    copy.replace(file, b"code,position,", b"code,rank,")
    return 1


def column_twice(copy: Copy, file: str) -> int:
    copy.replace(file, b"code,position,", b"code,code,")
    return 1


def column_too_many(copy: Copy, file: str) -> int:
    copy.replace(file, b"source_url,note\n", b"source_url,note,\n")
    return 1


def semicolons(copy: Copy, file: str) -> int:
    path = copy.path(file)
    path.write_text(path.read_text("utf-8").replace(",", ";"), "utf-8")
    return 1


def cell_too_many(copy: Copy, file: str) -> int:
    copy.replace(file, b"C2,2,", b"C2,2,,")
    return 3


def cell_missing(copy: Copy, file: str) -> int:
    copy.replace(file, b"C2,2,", b"C2,")
    return 3


def quote_left_open(copy: Copy, file: str) -> int:
    copy.replace(file, b"C2,2,", b'C2,"2,')
    # The next quote stands in row 4, before a word.
    return 4


@pytest.mark.parametrize(
    ("rule", "damage", "words"),
    [
        ("encoding", not_utf8, "byte 0xe9"),
        ("encoding", utf16, "byte 0xff"),
        ("empty-file", emptied, "code, position, parent"),
        ("empty-file", only_a_bom, "code, position, parent"),
        ("missing-file", removed, "Restore the file"),
        ("header", column_renamed, "missing [position], unknown [rank]"),
        ("header", column_twice, "missing [position], unknown [code]"),
        ("header", column_too_many, "missing [], unknown ['']"),
        ("header", semicolons, "Write the header as: code, position"),
        ("columns", cell_too_many, "7 cells, the header 6"),
        ("columns", cell_missing, "5 cells, the header 6"),
        ("columns", quote_left_open, "unclosed quote"),
    ],
)
def test_one_file_that_cannot_be_read(
    copy: Copy, rule: str, damage: Callable[[Copy, str], int | None], words: str
) -> None:
    """Everything refers to the action lines; their loss is one problem all the same, not hundreds."""
    row = damage(copy, "wsis/action_lines.csv")
    problem = the_problem(copy)
    assert (problem.rule, problem.origin.file) == (rule, "mappings/wsis/action_lines.csv")
    assert (problem.origin.row, problem.origin.column) == (row, None)
    assert words in problem.text("en")


def test_lost_links_do_not_contradict_the_discrepancies(copy: Copy) -> None:
    removed(copy, LINKS)
    assert the_problem(copy).rule == "missing-file"


def test_row_that_stands_twice(copy: Copy) -> None:
    rows = copy.rows(LINKS)
    first = next(n for n, row in enumerate(rows, 1) if row[:2] == ["C2", "9.c"])
    copy.write(LINKS, [*rows, rows[first - 1]])
    problem = the_problem(copy)
    assert (problem.rule, problem.origin.row, problem.origin.column) == ("duplicate", len(rows) + 1, "action_line")
    assert f"C2 + 9.c stands already in row {first}." in problem.text()


def test_impossible_date_of_a_tag(copy: Copy) -> None:
    row = copy.set(TAGS, {"project": "wsis-2012-w-003", "code": "4.a"}, "assigned_on", "2026-11-31")
    problem = the_problem(copy)
    assert (problem.rule, problem.origin.row, problem.origin.column) == ("date", row, "assigned_on")


def test_tag_with_a_code_of_the_other_framework(copy: Copy) -> None:
    row = copy.set(TAGS, {"project": "wsis-2012-w-003", "code": "4.a"}, "framework", "wsis")
    problem = the_problem(copy)
    assert (problem.rule, problem.origin.row, problem.origin.column) == ("format", row, "code")


def test_tag_of_an_unknown_target_and_one_of_an_unknown_project(copy: Copy) -> None:
    cells = {"framework": "sdg", "reason": "Title", "curator": "A. Curator", "assigned_on": "2026-11-24"}
    one = copy.append(TAGS, project="wsis-2012-w-002", code="14.d", **cells)
    two = copy.append(TAGS, project="wsis-2012-w-999", code="9", **cells)
    found = [(p.rule, p.origin.row, p.origin.column) for p in copy.problems()]
    assert sorted(found) == [("unknown-code", one, "code"), ("unknown-code", two, "project")]


def test_same_project_code_in_two_registers(copy: Copy) -> None:
    cells = {"title": "One more", "source_url": "https://a.example/"}
    row = copy.append(DPGA, project="wsis-2012-w-001", **cells)
    problem = the_problem(copy)
    assert (problem.rule, problem.origin.column) == ("duplicate", "project")
    assert {problem.origin.file, problem.text().split("(")[1].split(")")[0]} == {
        f"mappings/{DPGA}",
        f"mappings/{PRIZES}",
    }
    assert row in {problem.origin.row, int(problem.text().split("row ")[1].split(" ")[0])}


def test_reference_stays_inside_its_group(copy: Copy) -> None:
    row = copy.append(
        TAGS,
        project="dpg-aam-digital",
        framework="sdg",
        code="9",
        reason="Title",
        curator="A. Curator",
        assigned_on="2026-11-24",
    )
    problem = the_problem(copy)
    assert (problem.rule, problem.origin.row, problem.origin.column) == ("unknown-code", row, "project")


def test_ampersand_before_a_separator_is_no_markup(copy: Copy) -> None:
    copy.set(DPGA, {"project": "dpg-aam-digital"}, "organisations", "Institute for R&D;AT&T")
    assert copy.problems() == []


@pytest.mark.parametrize("title", ["a < b and b > a", "می‌خواهم", "क्‍ष", "\u200eITU\u200f", "p<0.05", "R&D; and more"])
def test_plain_text_of_any_script_is_accepted(copy: Copy, title: str) -> None:
    copy.set(TITLES, TITLE, "title", title)
    assert copy.problems() == []


def test_unverified_row_needs_no_source(copy: Copy) -> None:
    copy.set(LINKS, LINK, "source_url", "")
    copy.set(LINKS, LINK, "status", "unverified")
    assert copy.problems() == []


def test_all_wrong_rows_of_all_files_are_reported_at_once(copy: Copy) -> None:
    expected: set[tuple[str, int, str | None, str]] = {
        (LINKS, copy.set(LINKS, LINK, "target", "9.d"), "target", "unknown-code"),
        (LINKS, copy.set(LINKS, {"action_line": "C1", "target": "3.d"}, "status", "maybe"), "status", "enum"),
        (LINKS, copy.set(LINKS, {"action_line": "C1", "target": "3.8"}, "source_url", ""), "source_url", "source"),
        (TITLES, copy.set(TITLES, TITLE, "title", "<i>C2</i>"), "title", "markup"),
        ("sdg/targets.csv", copy.set("sdg/targets.csv", {"code": "1.1"}, "goal", "2"), "goal", "wrong-goal"),
        ("wsis/events.csv", copy.set("wsis/events.csv", {"code": "a-res-60-252"}, "start", "x"), "start", "date"),
    }
    copy.replace("wsis/regions.csv", b"AFR,", b"AFR,,")
    expected.add(("wsis/regions.csv", 2, None, "columns"))
    problems = check_tables(copy.completed())[1]
    found = {(p.origin.file.removeprefix("mappings/"), p.origin.row, p.origin.column, p.rule) for p in problems}
    assert found == expected
    assert len(problems) == len(expected)


def test_several_wrong_cells_of_one_row_are_all_reported(copy: Copy) -> None:
    row = copy.append(LINKS, action_line="C99", target="9.c", proposed_by="ITU", proposer_basis="guess")
    found = [(p.origin.row, p.origin.column, p.rule) for p in copy.problems()]
    assert sorted(found, key=str) == [
        (row, "action_line", "format"),
        (row, "proposer_basis", "enum"),
        (row, "source_url", "source"),
        (row, "status", "required"),
    ]


def test_loading_refuses_tables_with_a_problem(copy: Copy) -> None:
    copy.set(LINKS, LINK, "target", "9.d")
    with pytest.raises(ViolationError, match="1 problem") as caught:
        load_tables(copy.completed())
    assert [p.rule for p in caught.value.problems] == ["unknown-code"]
    assert caught.value.exit_code == 1


def test_loading_gives_what_was_checked(copy: Copy) -> None:
    tables = load_tables(copy.completed())
    assert [row.text("code") for row in tables["goals"]] == [str(n) for n in range(1, 18)]


def test_every_kind_of_problem_is_tried_here() -> None:
    """``synthetic`` is of a later room."""
    files = {"encoding", "empty-file", "missing-file", "header", "columns"}
    assert {case[0] for case in CELLS} | files == MESSAGES.keys() - {"synthetic"}
