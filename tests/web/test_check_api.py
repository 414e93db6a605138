"""``POST /api/v1/check``: the same check over HTTP, with limits, at once or as a job."""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING, Any

import httpx
import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Server, Start

    from wsiskg.graph.release import Release

HEAD = "Action line,SDG,Rationale (English),Proposed by,Reason for the change\n"
GOOD = HEAD + "C2,9.c,Networks carry the access that the target asks for.,ITU,New figures.\n"
BAD = HEAD + "C99,9.c,Networks carry the access that the target asks for.,ITU,New figures.\n"
CSV = {"Content-Type": "text/csv"}
NEXT = {"edition": "2027", "hlpf": "2027"}


def post(server: Server, content: str | bytes = GOOD, **request: Any) -> httpx.Response:
    request.setdefault("headers", CSV)
    request["params"] = NEXT | request.get("params", {})
    return httpx.post(f"{server.url}/api/v1/check", content=content, timeout=60, **request)


def test_json_by_default(server: Server, release: Release) -> None:
    answer = post(server)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-dataset-version"] == release.id
    report = answer.json()
    assert (report["name"], report["conforms"], report["links"][0]["status"]) == ("proposals.csv", True, "validated")


def test_violations_are_a_report_and_no_error_of_http(server: Server) -> None:
    answer = post(server, BAD, params={"lang": "fr"})
    assert answer.status_code == 200
    assert answer.headers["x-check"].startswith("violation=1,")
    assert "n'est pas reconnu" in answer.text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/sarif+json", "application/sarif+json"),
        ("text/markdown;q=0.9, text/csv;q=0.1", "text/markdown"),
        ("*/*", "application/json"),
    ],
)
def test_the_form_is_negotiated(server: Server, accept: str, kind: str) -> None:
    assert post(server, headers=CSV | {"Accept": accept}).headers["content-type"].partition(";")[0] == kind


def test_a_workbook_in_a_form_comes_back_annotated(server: Server) -> None:
    book = openpyxl.Workbook()
    for line in BAD.splitlines():
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    files = {"file": ("../../agency 1.xlsx", stream.getvalue())}
    answer = httpx.post(f"{server.url}/api/v1/check", files=files, data={"format": "xlsx", **NEXT}, timeout=60)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="checked.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet["A2"].value == "C99"
    assert "C9" in sheet["A2"].comment.text


def test_a_job_tells_how_far_it_is(server: Server) -> None:
    started = post(server, headers=CSV | {"Prefer": "respond-async"})
    assert started.status_code == 202
    assert started.headers["preference-applied"] == "respond-async"
    address = server.url + started.headers["location"]
    for _ in range(200):
        state = httpx.get(address, params={"state": ""}).json()
        if state["state"] == "ended":
            break
        assert state["state"] in {"waiting", "running"}
        time.sleep(0.05)
    assert state["status"] == 200
    assert len(state["steps"]) == 4
    assert httpx.get(address).json()["links"][0]["sdg"] == "9.c"
    assert httpx.delete(address).status_code == 204
    assert httpx.get(address).status_code == 404


def test_a_large_file_is_a_job(server: Server) -> None:
    row = GOOD.splitlines()[1]
    answer = post(server, GOOD + f"{row}\n" * 3_000)
    assert answer.status_code == 202
    assert httpx.delete(server.url + answer.headers["location"]).status_code == 204


@pytest.mark.parametrize(
    ("request_", "status", "said"),
    [
        ({"params": {"policy": "/etc/passwd"}}, 400, "policy: there is no"),
        ({"params": {"policy": "shapes/evidence.shapes.ttl"}}, 400, "policy: there is no"),
        ({"params": {"lang": "de"}}, 400, "lang: there is no"),
        ({"params": {"format": "docx"}}, 400, "format: there is no"),
        ({"params": {"colour": "red"}}, 400, "no parameter 'colour'"),
        ({"content": b""}, 400, "holds no file"),
        ({"headers": {"Content-Type": "application/x-unknown"}}, 415, "says not what file"),
        ({"headers": CSV | {"Content-Encoding": "gzip"}}, 415, "encoding"),
        ({"headers": {"Content-Type": "multipart/form-data; boundary=x"}, "content": b"--x--"}, 400, "no file"),
        ({"headers": {"Content-Type": "multipart/form-data"}, "content": b"nonsense"}, 400, "form"),
    ],
)
def test_misuse_is_a_problem_document(server: Server, request_: dict[str, Any], status: int, said: str) -> None:
    answer = post(server, **request_)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_an_unreadable_file_is_a_report(server: Server) -> None:
    answer = post(server, b"%PDF-1.7", params={"name": "letter.pdf"})
    assert answer.status_code == 200
    (said,) = answer.json()["problems"]
    assert said["rule"] == "no-table"


def test_there_is_no_such_job(server: Server) -> None:
    assert httpx.get(f"{server.url}/api/v1/check/nothing").status_code == 404


@pytest.fixture(scope="module")
def narrow(data_dir: Path, release: Release, start: Start) -> Iterator[Server]:
    del release
    with start(data_dir, CHECK_BYTES=5_000, CHECK_SECONDS=0.2, CHECKS=1) as running:
        yield running


def test_a_file_larger_than_the_limit_is_413(narrow: Server) -> None:
    answer = post(narrow, GOOD + " " * 5_000)
    assert (answer.status_code, answer.json()["limit"]) == (413, "body")


def test_a_check_that_takes_too_long_is_stopped(narrow: Server) -> None:
    answer = post(narrow)
    assert (answer.status_code, answer.json()["limit"]) == (503, "time")
    assert answer.headers["retry-after"] == "5"


def test_a_check_that_takes_too_much_memory_is_stopped(data_dir: Path, release: Release, start: Start) -> None:
    del release
    with start(data_dir, CHECK_MEMORY=1_000_000) as running:
        answer = post(running)
        assert answer.status_code == 503, answer.text
        assert post(running).status_code == 503  # and the server goes on
        assert httpx.get(f"{running.url}/health").status_code == 200
