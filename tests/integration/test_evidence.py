"""``wsiskg evidence``: tables for people, JSON and CSV for programs, and a remedy with every error."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from wsiskg.resources import data_folder

Run = Callable[..., subprocess.CompletedProcess[str]]
COMMANDS = [("show", "C1", "3.8"), ("candidates",), ("unsupported",), ("what-if", "--policy", "strict")]


@pytest.fixture
def evidence(inside: Run, small_data: Path, small_tables: Path) -> Run:
    return lambda *args: inside("evidence", *args, "--data", small_data, "--mappings", small_tables)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c[0])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_each_answer_says_how_much_evidence_is_loaded_and_of_which_origin(
    evidence: Run, command: tuple[str, ...], language: str
) -> None:
    result = evidence(*command, "--lang", language)
    assert (result.returncode, result.stderr) == (0, "")
    said = json.loads(evidence(*command, "--format", "json").stdout)["loaded"]
    assert said["projects"] == 16
    assert said["registers"] == {"dpga": 8, "wsis-prizes": 8}
    declared = {"en": "declared", "fr": "déclaré", "es": "declarado"}[language]
    assert "dpga 8, wsis-prizes 8" in result.stdout
    assert f"{declared} {said['tags']['sdg declared']}" in result.stdout
    assert f"{said['first_year']}–{said['last_year']}" in result.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c[0])
def test_csv_holds_the_records_of_the_json(evidence: Run, command: tuple[str, ...]) -> None:
    said = json.loads(evidence(*command, "-f", "json").stdout)
    records = said[{"show": "evidence", "what-if": "flips"}.get(command[0], command[0])]
    rows = list(csv.DictReader(io.StringIO(evidence(*command, "-f", "csv").stdout)))
    assert len(rows) == len(records)
    for row, record in zip(rows, records, strict=True):
        assert {name for name, value in row.items() if value and name not in {"title", "why"}} == {
            name for name in row if record[name] not in (None, [], "") and name not in {"title", "why"}
        }
        assert int(row.get("projects") or 0) == (record.get("projects") or 0)


def test_a_pair_that_is_linked(evidence: Run) -> None:
    said = json.loads(evidence("show", "C1", "3.8", "-f", "json").stdout)
    assert (said["linked"], said["proposed_by"], said["edition"]) == (True, ["UNDESA"], "2015")
    assert (said["status"], said["candidate_rank"]) == ("insufficient-evidence", None)
    assert [(f["measure"], f["value"], f["needed"]) for f in said["findings"]] == [
        ("countryCount", "0", "2"), ("projectCount", "0", "3"),
    ]  # fmt: skip
    text = evidence("show", "C1", "3.8").stdout
    assert "put forward by UNDESA. Status: insufficient evidence." in text
    assert "Projects that carry both ends: 0; 3 are needed." in text


def test_a_candidate_by_its_rank_numbers_and_examples(evidence: Run) -> None:
    best = json.loads(evidence("candidates", "--limit", "1", "-f", "json").stdout)
    (first,) = best["candidates"]
    assert first["rank"] == 1 <= best["number"]
    said = json.loads(evidence("show", first["line"], first["sdg"], "-f", "json").stdout)
    assert (said["linked"], said["candidate_rank"]) == (False, 1)
    (confirmed,) = [s for s in said["evidence"] if (s["directness"], s["origin"]) == ("direct", "confirmed")]
    assert confirmed["projects"] == first["projects"] > 0
    titles = [example["title"] for example in said["examples"]]
    assert titles == first["examples"]
    text = evidence("show", first["line"], first["sdg"]).stdout
    assert "Candidate for the next edition, of rank 1." in text
    assert all(title in text for title in titles)


def test_candidates_of_one_line_and_one_goal_keep_their_rank(evidence: Run) -> None:
    every = json.loads(evidence("candidates", "--limit", "1000", "-f", "json").stdout)["candidates"]
    line, goal = every[-1]["line"], every[-1]["sdg"].split(".")[0]
    for options, wanted in (
        (("--line", line), [c for c in every if c["line"] == line]),
        (("--goal", goal), [c for c in every if c["sdg"].split(".")[0] == goal]),
        (("--line", "C7"), [c for c in every if c["line"].startswith("C7-")]),
    ):
        found = json.loads(evidence("candidates", *options, "--limit", "1000", "-f", "json").stdout)
        assert found["candidates"] == wanted
        assert found["number"] == len(wanted)


def test_no_candidates_is_said_in_words(evidence: Run) -> None:
    every = json.loads(evidence("candidates", "--limit", "1000", "-f", "json").stdout)["candidates"]
    goals = {candidate["sdg"].split(".")[0] for candidate in every}
    empty = next(str(goal) for goal in range(1, 18) if str(goal) not in goals)
    assert "There are none here" in evidence("candidates", "--goal", empty).stdout


def test_another_threshold_in_the_turtle_changes_the_verdicts(evidence: Run, tmp_path: Path) -> None:
    text = (data_folder("shapes") / "evidence.shapes.ttl").read_text("utf-8")
    file = tmp_path / "lenient.ttl"
    file.write_text(
        text.replace("sh:minInclusive 3", "sh:minInclusive 0").replace("sh:minInclusive 2", "sh:minInclusive 0")
    )
    said = json.loads(evidence("what-if", "--policy", file, "-f", "json").stdout)
    unsupported = json.loads(evidence("unsupported", "-f", "json").stdout)["unsupported"]
    assert said["what_if_policy"]["name"] == "lenient.ttl"
    assert [(f["line"], f["sdg"]) for f in said["flips"]] == [(u["line"], u["sdg"]) for u in unsupported]
    assert {(f["before"], f["after"]) for f in said["flips"]} == {("insufficient-evidence", "validated")}
    assert all("needed" in flip["why"] for flip in said["flips"])
    assert json.loads(evidence("unsupported", "--policy", file, "-f", "json").stdout)["unsupported"] == []


def test_a_policy_changes_nothing_against_itself(evidence: Run) -> None:
    result = evidence("what-if", "--policy", "default")
    assert result.stdout.startswith("Verdicts on edition 2015 that change under policy 'default': 0 of 12")


@pytest.mark.parametrize(
    ("arguments", "message", "remedy"),
    [
        (("show", "C7-EGRA", "2"), "no action line 'C7-EGRA'", "C7-EAGR"),
        (("show", "C2", "9.z"), "no SDG goal or target '9.z'", "Did you mean 9"),
        (("candidates", "--goal", "3.8"), "no SDG goal '3.8'", "Did you mean 3"),
        (("candidates", "--line", "=cmd|' /C calc'!A1"), "no action line", ""),
        (("unsupported", "--edition", "2099"), "no edition '2099'", "Published: 2015."),
        (("unsupported", "--policy", "laxer"), "no policy 'laxer'", "default, strict"),
        (("unsupported", "--format", "xlsx"), "unknown format 'xlsx'", "Known: text, json, csv."),
        (("unsupported", "--lang", "de"), "no messages in 'de'", "Known: en, fr, es."),
        (("unsupported", "-o", "/dev/null/x"), "cannot be written", ""),
    ],
)
def test_misuse_is_explained(evidence: Run, arguments: tuple[str, ...], message: str, remedy: str) -> None:
    result = evidence(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert remedy in result.stderr
    assert "Traceback" not in result.stderr


def test_codes_are_taken_in_any_case(evidence: Run) -> None:
    assert json.loads(evidence("show", " c7-ehea", "3.D", "-f", "json").stdout)["line"] == "C7-EHEA"


def test_without_a_release(inside: Run, tmp_path: Path) -> None:
    result = inside("evidence", "unsupported", "--data", tmp_path)
    assert result.returncode == 2
    assert "wsiskg build" in result.stderr


def test_a_file_holds_what_the_terminal_shows(evidence: Run, tmp_path: Path) -> None:
    for form in ("json", "csv"):
        file = tmp_path / f"out.{form}"
        result = evidence("unsupported", "-f", form, "-o", file)
        assert (result.returncode, result.stdout) == (0, "")
        assert file.read_bytes().decode() == evidence("unsupported", "-f", form).stdout
    assert evidence("unsupported", "-o", tmp_path / "out.txt").returncode == 0
    assert "Evidence loaded: 16 projects" in (tmp_path / "out.txt").read_text("utf-8")


@pytest.mark.parametrize("command", ["show", "candidates", "unsupported", "what-if"])
def test_help_teaches_by_example(inside: Run, command: str) -> None:
    assert f"wsiskg evidence {command}" in inside("evidence", command, "--help").stdout
