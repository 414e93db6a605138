"""``wsiskg matrix review``: the agenda of a session, for people and for programs."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def review(inside: Run, small_data: Path, small_tables: Path) -> Run:
    return lambda *args: inside("matrix", "review", *args, "--data", small_data, "--mappings", small_tables)


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_every_goal_of_the_session_is_on_the_agenda(review: Run, form: str, language: str) -> None:
    result = review("--hlpf", "2023", "-f", form, "--lang", language)
    assert (result.returncode, result.stderr) == (0, "")
    sdg = {"en": "SDG {}: ", "fr": "ODD {} : ", "es": "ODS {}: "}[language]
    places = [result.stdout.index(sdg.format(goal)) for goal in (6, 7, 9, 11, 17)]
    assert places == sorted(places)
    assert "HLPF 2023" in result.stdout
    assert "HLPF 2017" in result.stdout, "the last review of goal 9"
    assert "dpga 8, wsis-prizes 8" in result.stdout


def test_json_and_csv_hold_the_same_records(review: Run) -> None:
    said = json.loads(review("--hlpf", "2021", "-f", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(review("--hlpf", "2021", "-f", "csv").stdout)))
    records = [r for goal in said["goals"] for kind in ("links", "candidates", "proposals") for r in goal[kind]]
    assert said["session"] == "2021"
    assert [(r["kind"], r["line"], r["sdg"], str(r["now"])) for r in records] == [
        (r["kind"], r["line"], r["sdg"], r["now"]) for r in rows
    ]
    assert {r["kind"] for r in rows} == {"link", "candidate"}
    links = [r for r in records if r["kind"] == "link"]
    assert all(r["movement"] for r in links)
    # Each project is then, since or undated; one may be then and since.
    dated = [r for r in links if r["before"] is not None]
    assert all(max(r["before"], r["since"]) + r["undated"] <= r["now"] for r in dated)
    assert all(r["now"] <= r["before"] + r["since"] + r["undated"] for r in dated)


def test_the_number_of_candidates_is_for_the_reader_to_choose(review: Run) -> None:
    every, one, none = (
        json.loads(review("--hlpf", "2023", "--candidates", n, "-f", "json").stdout)["goals"] for n in ("99", "1", "0")
    )
    for goals, limit in ((every, 99), (one, 1), (none, 0)):
        assert [len(g["candidates"]) for g in goals] == [min(limit, g["candidates_in_all"]) for g in every]
        assert [g["candidates_in_all"] for g in goals] == [g["candidates_in_all"] for g in every]


def test_a_file(review: Run, tmp_path: Path) -> None:
    result = review("--hlpf", "2023", "-f", "html", "-o", tmp_path / "review.html")
    assert (result.returncode, result.stdout) == (0, "")
    assert (tmp_path / "review.html").read_text("utf-8").startswith("<!DOCTYPE html>")


PROPOSALS = """Action line;SDG;Rationale (English);Proposed by
C2;9.c;Masts on hills bring phones to valleys that no cable ever reached before.;ITU
C2;9.99;No such target, but a rationale that is long enough to be one.;ITU
AL C7 - E-Health;3.8;Nurses ask a far hospital by video, so that fewer patients travel for nothing.;WHO
"""


def test_open_proposals_of_a_file(review: Run, tmp_path: Path) -> None:
    file = tmp_path / "itu.csv"
    file.write_text(PROPOSALS, "utf-8")
    said = json.loads(review(file, "--hlpf", "2023", "-f", "json").stdout)
    assert said["files"] == [{"name": "itu.csv", "proposals": 3, "on_agenda": 1}]
    found = [p for goal in said["goals"] for p in goal["proposals"]]
    assert [(p["line"], p["sdg"], p["proposed_by"], p["source"], p["goal"]) for p in found] == [
        ("C2", "9.c", ["ITU"], "itu.csv:2", "9"),
    ]
    text = review(file, "--hlpf", "2023").stdout
    assert "SDG 9: open proposals" in text
    assert "itu.csv: 1 of 3 proposals concern these goals." in text


@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("empty.csv", b"", 1, "no proposal in"),
        ("broken.xlsx", b"PK\x03\x04 not a workbook", 1, "no proposal in"),
        ("missing.csv", None, 2, "cannot be read"),
    ],
)
def test_files_that_cannot_be_read(
    review: Run, tmp_path: Path, name: str, content: bytes | None, code: int, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    result = review(tmp_path / name, "--hlpf", "2023")
    assert (result.returncode, result.stdout) == (code, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        (("--hlpf", "2031"), "no HLPF session '2031'", "Did you mean"),
        (("--hlpf", "2016"), "no goals are known to be reviewed in depth at HLPF 2016", "2017, 2018, 2019"),
        (("--hlpf", "2019-summit"), "no goals are known to be reviewed in depth at SDG Summit 2019", "2017, 2018"),
        (("--hlpf", "2023", "-f", "pdf"), "unknown format 'pdf'", "text, md, html, json, csv"),
    ],
)
def test_misuse_is_explained(review: Run, arguments: tuple[str, ...], message: str, remedy: str) -> None:
    result = review(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert remedy in result.stderr


def test_other_registers_than_those_of_the_release(inside: Run, small_data: Path, tables: Path) -> None:
    file = tables / "evidence" / "dpga" / "projects.csv"
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:-1]), "utf-8")
    for name in ("tags", "awards", "same_project"):
        table = file.with_name(f"{name}.csv")
        table.write_text(table.read_text("utf-8").splitlines(keepends=True)[0], "utf-8")
    result = inside("matrix", "review", "--hlpf", "2023", "--data", small_data, "--mappings", tables)
    assert (result.returncode, result.stdout) == (2, "")
    assert "wsiskg build" in result.stderr
