"""What is published of the evidence is what the commands say of it: queries and commands give the same answers."""

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from wsiskg.cli import main
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release
from wsiskg.store.catalogue import load_catalogue
from wsiskg.store.evaluate import Request, evaluate

Rows = list[dict[str, str]]
Ask = Callable[..., Rows]
Command = Callable[..., Any]


@pytest.fixture(scope="module")
def ask(release: Release) -> Ask:
    store, catalogue = ox.Store.read_only(str(release.store_path)), load_catalogue(Iris())

    def answer(name: str, **values: str) -> Rows:
        query = catalogue[name]
        body = evaluate(store, Request(query.text, "text/csv", query.bind(values, Iris()))).body
        return list(csv.DictReader(io.StringIO(body.decode())))

    return answer


@pytest.fixture
def command(
    release: Release, data_dir: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Command:
    def run(*args: str) -> Any:
        monkeypatch.setattr(sys, "argv", ["wsiskg", "evidence", *args, "--format", "json", "--data", str(data_dir)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capfd.readouterr()
        assert not end.value.code, err
        return json.loads(out)

    return run


def numbers(record: Mapping[str, Any], *names: str) -> list[str]:
    return ["" if record[name] is None else str(record[name]) for name in names]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_unsupported_links(ask: Ask, command: Command, language: str) -> None:
    said = command("unsupported", "--lang", language)
    found = ask("unsupported-links", language=language)
    assert said["links"] == 188
    assert 0 < len(said["unsupported"]) < 188
    by_link: dict[tuple[str, str], list[str]] = {}
    for row in found:
        by_link.setdefault((row["line_code"], row["sdg_code"]), []).append(row["finding"])
    assert [(r["line"], r["sdg"]) for r in said["unsupported"]] == list(by_link)
    for record in said["unsupported"]:
        texts = by_link[record["line"], record["sdg"]]
        assert all(text and text in record["why"] for text in texts)
        assert len(record["why"]) == sum(map(len, texts)) + len(texts) - 1
    rows = {(r["line_code"], r["sdg_code"]): r for r in found}
    for record in said["unsupported"]:
        row = rows[record["line"], record["sdg"]]
        assert numbers(record, "projects", "countries", "goal_level", "title") == [
            row["projects"], row["countries"], row["goal_level_projects"], row["sdg_title"],
        ]  # fmt: skip


def test_verdicts_are_those_of_the_commands(ask: Ask, command: Command) -> None:
    verdicts = {(r["line_code"], r["sdg_code"]): r["status"] for r in ask("verdicts")}
    assert len(verdicts) == 188
    unsupported = {(r["line"], r["sdg"]) for r in command("unsupported")["unsupported"]}
    assert {pair for pair, status in verdicts.items() if status == "insufficient-evidence"} == unsupported
    assert {r["policy_name"] for r in ask("verdicts")} == {"default"}
    changed = command("what-if", "--policy", "strict")["flips"]
    assert changed
    assert all(verdicts[r["line"], r["sdg"]] == r["before"] != r["after"] for r in changed)


def test_candidates(ask: Ask, command: Command) -> None:
    said = command("candidates", "--limit", "100000")
    found = ask("candidates")
    assert said["number"] == len(said["candidates"]) == len(found) > 100
    for record, row in zip(said["candidates"], found, strict=True):
        assert numbers(record, "rank", "line", "sdg", "title", "projects", "countries", "regions", "winners") == [
            row[n]
            for n in ("rank", "line_code", "sdg_code", "sdg_title", "projects", "countries", "regions", "winners")
        ]
        assert float(row["lift"]) == pytest.approx(record["lift"], rel=1e-3)
        assert [str(record[n]).lower() for n in ("meets_policy", "linked_at_goal_level")] == [
            row["meets_policy"], row["goal_linked"],
        ]  # fmt: skip


@pytest.mark.parametrize(("line", "sdg"), [("C2", "9.c"), ("C7-EHEA", "3.8"), ("C3", "4"), ("C1", "1")])
def test_assessment_of_a_link(ask: Ask, command: Command, line: str, sdg: str) -> None:
    said = command("show", line, sdg)
    found = ask("link-assessment", line=line, sdg=sdg)
    assert len(found) >= 4, "zeros are stated where a policy may ask for them"
    assert said["linked"] is True
    assert {row["status"] for row in found} == {said["status"]}
    kept = {(row["directness"], row["origin"]): row for row in found if row["projects"] != "0"}
    assert {(r["directness"], r["origin"]) for r in said["evidence"]} == set(kept)
    whole = ("projects", "winners", "champions", "nominees", "countries", "regions", "organisations", "first_year",
             "last_year", "since_review")  # fmt: skip
    for record in said["evidence"]:
        row = kept[record["directness"], record["origin"]]
        assert numbers(record, *whole) == [row[name] for name in whole]
        for name in ("lift", "q_value"):
            assert (row[name] == "") == (record[name] is None)
            if row[name]:
                assert float(row[name]) == pytest.approx(record[name], rel=1e-3)
