"""``wsiskg suggest``: suggested, judged in a workbook, accepted into the tables; never evidence before."""

import csv
import io
import json
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from wsiskg.evidence.counts import count_pairs
from wsiskg.evidence.facts import ASSIGNED, SUGGESTED, facts_from_tables
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.graph.iris import Iris
from wsiskg.model.errors import UsageError
from wsiskg.resources import default_mappings
from wsiskg.rules.policy import load_policy
from wsiskg.rules.status import verdicts
from wsiskg.suggestions.accept import accept
from wsiskg.suggestions.suggest import Suggestion, suggest
from wsiskg.tables import replacement
from wsiskg.tables.load import load_tables
from wsiskg.tables.rows import Tables

from .conftest import Wsiskg

DOC = (Path(__file__).resolve().parents[2] / "docs" / "suggestions.md").read_text("utf-8")
Review = Callable[..., Path]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables(default_mappings())


@pytest.fixture(scope="module")
def suggestions(tables: Tables) -> list[Suggestion]:
    return suggest(tables, 0.5, 3)


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    return Path(shutil.copytree(default_mappings(), tmp_path / "mappings"))


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory, tables: Tables, suggestions: list[Suggestion]) -> Path:
    """A workbook as it is handed to a curator who reads French."""
    from wsiskg.suggestions.review import write_review

    path = tmp_path_factory.mktemp("review") / "review.xlsx"
    path.write_bytes(write_review(suggestions, tables, "fr"))
    return path


@pytest.fixture
def review(blank: Path, tmp_path: Path) -> Review:
    """Fill in a workbook: ``review({2: {"Décision": "accepter"}})``, by row and header; return its file."""

    def filled(cells: dict[int, dict[str, str]]) -> Path:
        book = openpyxl.load_workbook(blank)
        sheet = book["Examen"]
        columns = {str(cell.value): cell.column for cell in sheet[1]}
        for row, values in cells.items():
            for header, value in values.items():
                sheet.cell(row, columns[header], value)
        path = tmp_path / "review.xlsx"
        book.save(path)
        return path

    return filled


def tags(mappings: Path) -> list[dict[str, str]]:
    return [
        row
        for file in sorted(mappings.glob("evidence/*/tags.csv"))
        for row in csv.DictReader(io.StringIO(file.read_text("utf-8")))
    ]


def test_only_projects_without_tags_get_suggestions(tables: Tables, suggestions: list[Suggestion]) -> None:
    tagged = {
        (row["project"], framework)
        for table in tables.of("projects")
        for row in (dict(r.cells) for r in table)
        for framework, column in (("wsis", "action_lines"), ("sdg", "sdgs"))
        if row[column]
    } | {(r.text("project"), r.text("framework")) for table in tables.of("tags") for r in table}
    named = {(s.entry.project, s.framework) for s in suggestions}
    assert named
    assert not named & tagged
    assert {s.framework for s in suggestions} == {"wsis", "sdg"}
    for s in suggestions:
        assert 0.5 <= s.score <= 1
        assert s.words
        assert all(word in s.entry.text for word in s.words)
    assert max(sum(s.entry.project == p and s.framework == f for s in suggestions) for p, f in named) <= 3


def test_the_classifier_stays_in_its_register(suggestions: list[Suggestion]) -> None:
    methods = {(s.entry.register, s.framework): set[str]() for s in suggestions}
    for s in suggestions:
        methods[s.entry.register, s.framework].add(s.method)
    assert methods["wsis-prizes", "sdg"] == {"terms"}  # five prizes declare an SDG: none is learned from them
    assert methods["dpga", "wsis"] == {"terms"}
    assert "both" in methods["wsis-prizes", "wsis"]


def test_suggestions_change_no_verdict(tables: Tables, suggestions: list[Suggestion]) -> None:
    """Put among the facts with their origin, they are counted apart and settle nothing."""
    facts = facts_from_tables(tables)

    places = {project: place for place, project in enumerate(facts.projects["project"])}

    def more(frame: pl.DataFrame, framework: str) -> pl.DataFrame:
        rows = [(places[s.entry.project], s.code, SUGGESTED) for s in suggestions if s.framework == framework]
        found = pl.DataFrame(rows, ["project", "code", "rank"], orient="row")
        goal = pl.col("code").str.split(".").list.first()
        return pl.concat([frame, found.with_columns(goal=goal).select(frame.columns).cast(dict(frame.schema))])

    suggested = replace(facts, lines=more(facts.lines, "wsis"), sdgs=more(facts.sdgs, "sdg"))
    before = EvidenceIndex.count(tables)
    after = EvidenceIndex(count_pairs(suggested), before.loaded)
    pairs = [(r.text("action_line"), r.text("target")) for r in tables.groups("links")["2015"]]
    policy = load_policy("default", Iris())
    told = [verdicts(Iris(), "2015", index, pairs, policy) for index in (before, after)]
    assert {p: v.status for p, v in told[0].items()} == {p: v.status for p, v in told[1].items()}
    assert "validated" in {v.status for v in told[0].values()}
    counted = [p for p in after.pairs if after.get(*p).of("direct", "suggested").projects]
    assert counted  # they are there, and counted apart
    for pair in counted:
        for origin in ("declared", "assigned", "confirmed"):
            assert after.get(*pair).of("direct", origin) == before.get(*pair).of("direct", origin), pair


def test_a_review_goes_round(
    review: Review, mappings: Path, inside: Wsiskg, suggestions: list[Suggestion], tmp_path: Path
) -> None:
    held = {f: f.read_bytes() for f in mappings.rglob("*") if f.is_file()}
    filled = review({
        2: {"Décision": "accepter"},
        3: {"Décision": "accepter", "Documentaliste": "Élise Roy", "Motif": "Titre : l'école"},
        4: {"Décision": "rejeter"},
    })  # fmt: skip
    command = ("suggest", "accept", filled, "--curator", "Amina Diallo", "--date", "2026-11-26", "--mappings", mappings)
    tried = inside(*command, "--dry-run")
    count = f"2 tag(s) would be added, 0 there already, 1 rejected, {len(suggestions) - 3} open"
    assert tried.stdout.splitlines()[0] == count
    assert {f: f.read_bytes() for f in mappings.rglob("*") if f.is_file()} == held
    done = inside(*command)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 tag(s) added")
    added = [row for row in tags(mappings) if row["curator"] in {"Amina Diallo", "Élise Roy"}]
    first, second = suggestions[:2]
    assert {(r["project"], r["code"], r["curator"], r["assigned_on"]) for r in added} == {
        (first.entry.project, first.code, "Amina Diallo", "2026-11-26"),
        (second.entry.project, second.code, "Élise Roy", "2026-11-26"),
    }
    assert {r["reason"] for r in added} >= {"Titre : l'école"}
    for file, content in held.items():
        assert file.read_bytes().startswith(content)  # rows are added, and no other byte changes
    again = inside(*command)
    assert again.stdout.startswith("0 tag(s) added, 2 there already")
    assert not list(mappings.rglob("*.new"))
    amended = load_tables(mappings)  # the tables are whole, and the tags are evidence now
    facts = facts_from_tables(amended)
    places = list(facts.projects["project"])
    tagged = [(places[place], code, rank) for f in (facts.lines, facts.sdgs) for place, code, rank, *_ in f.rows()]
    assert (first.entry.project, first.code, ASSIGNED) in tagged
    assert first.entry.of(first.framework) == frozenset()


def test_wrong_rows_are_named_and_nothing_is_written(review: Review, mappings: Path, inside: Wsiskg) -> None:
    held = {f: f.read_bytes() for f in mappings.rglob("*.csv")}
    filled = review({
        2: {"Décision": "accepter"},
        3: {"Décision": "peut-être"},
        4: {"Décision": "accepter", "Projet": "wsis-none"},
        5: {"Décision": "accepter", "Code": "C12"},
        6: {"Décision": "accepter", "Motif": "x" * 201},
        7: {"Décision": "accepter", "Motif": "<script>"},
    })  # fmt: skip
    result = inside("suggest", "accept", filled, "--curator", "A", "--mappings", mappings, "--lang", "fr")
    assert result.returncode == 1
    for said in ("review.xlsx[Examen]:3: decision: « peut-être »", ":4: project", ":5: code: « C12 »", ":6: reason",
                 ":7: reason"):  # fmt: skip
        assert said in result.stderr + result.stdout, said
    assert {f: f.read_bytes() for f in mappings.rglob("*.csv")} == held
    nobody = review({2: {"Décision": "accepter"}})
    result = inside("suggest", "accept", nobody, "--mappings", mappings)
    assert result.returncode == 1
    assert "Nobody answers for this tag" in result.stderr + result.stdout


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04 broken", b"a,b\n1,2\n"])
def test_a_file_that_is_no_review_is_refused(content: bytes, mappings: Path, inside: Wsiskg, tmp_path: Path) -> None:
    file = tmp_path / "other.xlsx"
    file.write_bytes(content)
    result = inside("suggest", "accept", file, "--curator", "A", "--mappings", mappings)
    assert result.returncode in {1, 2}
    assert "other.xlsx" in result.stderr + result.stdout
    assert "Traceback" not in result.stderr


def test_with_an_error_at_the_second_table_the_first_stays_as_it_was(
    review: Review, mappings: Path, suggestions: list[Suggestion], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {s.entry.register: number for number, s in reversed(list(enumerate(suggestions, 2)))}
    assert len(rows) == 2
    filled = review({number: {"Décision": "accepter"} for number in rows.values()})
    held = {f: f.read_bytes() for f in mappings.rglob("*.csv")}
    real, calls = replacement.sync, []

    def fails(path: Path) -> None:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", str(path))
        real(path)

    monkeypatch.setattr(replacement, "sync", fails)
    with pytest.raises(UsageError, match="No space left"):
        accept(filled.read_bytes(), "review.xlsx", mappings, "A", "2026-11-26")
    assert {f: f.read_bytes() for f in mappings.rglob("*.csv")} == held
    assert not list(mappings.rglob("*.new"))
    monkeypatch.setattr(replacement, "sync", real)
    assert accept(filled.read_bytes(), "review.xlsx", mappings, "A", "2026-11-26").added == 2


def test_a_target_may_stand_for_its_goal_and_csv_for_a_workbook(mappings: Path, suggestions: list[Suggestion]) -> None:
    goal = next(s for s in suggestions if s.code == "4")
    text = f"Decision,Project,Code,Reason\naccept,{goal.entry.project},4.4,Title: skills\n"
    done = accept(text.encode(), "review.csv", mappings, "A", "2026-11-26")
    assert done.added == 1
    [tag] = [t for t in tags(mappings) if t["project"] == goal.entry.project and t["code"] == "4.4"]
    assert (tag["framework"], tag["reason"], tag["curator"]) == ("sdg", "Title: skills", "A")


def test_nothing_in_the_workbook_is_a_formula(blank: Path, suggestions: list[Suggestion]) -> None:
    book = openpyxl.load_workbook(blank)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book["Examen"].max_row == len(suggestions) + 1
    assert book["Examen"].data_validations.dataValidation[0].formula1 == '"accepter,rejeter"'


def test_suggestions_as_json(inside: Wsiskg, suggestions: list[Suggestion]) -> None:
    said = json.loads(inside("suggest", "tags", "--format", "json").stdout)
    assert said["number"] == len(suggestions)
    assert [r["project"] for r in said["records"]] == [s.entry.project for s in suggestions]
    assert inside("suggest", "tags", "--format", "pdf").returncode == 2


def test_the_documentation_shows_what_is_measured(inside: Wsiskg) -> None:
    [(command, output)] = re.findall(r"^\$ (wsiskg suggest .*)\n((?:.*\n)*?)```", DOC, re.MULTILINE)
    result = inside(*shlex.split(command)[1:])
    assert result.returncode == 0, result.stderr
    kept = [line.rstrip() for line in result.stdout.splitlines()]
    shown = [line for line in output.splitlines() if line != "..."]
    assert len(shown) > 30
    assert [line for line in kept if line in set(shown)] == shown
