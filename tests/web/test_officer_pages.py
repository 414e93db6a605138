"""The pages where proposals are checked and editions published, over HTTP: what they show, and what they refuse."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx
import pytest
from lxml import html
from openpyxl import load_workbook

if TYPE_CHECKING:
    from tests.web.conftest import Office

ROWS = """Action line,SDG,Change,Rationale (English),Proposed by,Reason for the change
C2,9.c,amend,Networks carry the access that the target asks for.,ITU,New figures.
C7-EAGR,6.4,add,Sensors in the soil let farmers water only where and when it is needed.,FAO,
C99,9.c,add,<script>alert(1)</script>,ITU,
"""
OWN = {"Sec-Fetch-Site": "same-origin"}
HOSTILE = "<img src=x onerror=alert(1)>\u202e.csv"
CLOSED = {
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture
def client(office: Office) -> Iterator[httpx.Client]:
    """A browser without scripts: it keeps cookies and follows no redirect unless it is told to."""
    with httpx.Client(base_url=office.server.url, headers=OWN, timeout=60) as client:
        yield client


def page(answer: httpx.Response) -> html.HtmlElement:
    assert answer.headers["content-type"].startswith("text/html")
    found = html.fromstring(answer.content)
    assert not found.xpath("//script[not(@src)]")
    assert not found.xpath("//@*[starts-with(name(), 'on')]")
    return found


def follow(client: httpx.Client, answer: httpx.Response) -> httpx.Response:
    """Go where a form's answer leads, until what runs there has ended, as a browser without scripts does."""
    for _ in range(200):
        if answer.is_redirect:
            answer = client.get(urljoin(str(answer.url), answer.headers["location"]))
        elif page(answer).xpath("//*[@data-progress]"):
            time.sleep(0.1)
            answer = client.get(answer.url)
        else:
            return answer
    raise AssertionError("it does not end")


def check(client: httpx.Client, language: str = "en", rows: str = ROWS, name: str = "a.csv") -> httpx.Response:
    files = {"file": (name, rows.encode()), "text": (None, "")}
    return follow(client, client.post(f"/{language}/check", files=files))


def token_in(answer: httpx.Response) -> str:
    return str(page(answer).xpath("//input[@name='form-token']/@value")[0])


def sign_in(client: httpx.Client, secret: str) -> httpx.Response:
    form = client.get("/en/publish/sign-in")
    return client.post("/en/publish/sign-in", data={"form-token": token_in(form), "token": secret})


def trail(office: Office) -> list[dict[str, str]]:
    path = office.data / "audit.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def test_a_check_shows_each_problem_with_its_cell_in_the_readers_language(client: httpx.Client) -> None:
    for language, word in (("fr", "C99"), ("ar", "C99")):
        answer = check(client, language, name=HOSTILE)
        assert answer.status_code == 200
        for name, value in CLOSED.items():
            assert answer.headers[name] == value
        assert "access-control-allow-origin" not in answer.headers
        assert client.cookies == httpx.Cookies()  # a reader gets none
        found = page(answer)
        assert "<img src=x onerror=alert(1)>\N{REPLACEMENT CHARACTER}.csv" in found.xpath("string(//h1)")
        rows = found.xpath("//table")[0].xpath(".//tbody/tr")
        cells = [[cell.text_content().strip() for cell in row.xpath("td")] for row in rows]
        wrong = next(cell for cell in cells if cell[2].startswith("A4"))
        assert (wrong[0], word in wrong[3], "C99" in wrong[4]) == ("4", True, True)
        message = found.xpath("//table")[0].xpath(".//tbody/tr/td[5]/bdi")[0]
        assert message.get("lang") == (None if language == "fr" else "en")
        markup = next(cell for cell in cells if cell[2].startswith("D4"))
        assert "<script>alert(1)</script>" in markup[3]
        links = found.xpath("//table")[1].xpath(".//tbody/tr")
        assert len(links) == 3
        assert links[0].xpath(".//ul[@class='examples']/li/a")  # evidence beside the link


def test_the_readers_own_file_comes_back_with_notes(client: httpx.Client) -> None:
    shown = check(client)
    report = client.get(f"{shown.url.path}/report.xlsx")
    assert report.status_code == 200, report.text
    assert "attachment" in report.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(report.content)).worksheets[0]
    assert sheet["A4"].comment is not None
    assert "C99" in sheet["A4"].comment.text
    assert client.get(f"{shown.url.path}/report.json").json()["counts"]["violation"] >= 2
    assert client.get(f"{shown.url.path}/report.exe").status_code == 404


def test_text_can_be_pasted_and_a_check_forgotten(client: httpx.Client) -> None:
    turtle = "@prefix wsis: <https://w3id.org/wsis-kg/ontology#> .\n<> a wsis:Nothing .\n"
    assert follow(client, client.post("/zh/check", data={"text": turtle})).status_code == 200
    answer = follow(client, client.post("/es/check", data={"text": ROWS, "edition": "2023", "hlpf": "2023"}))
    assert "2023" in page(answer).xpath("string(//div[@class='verdict-box'])")
    gone = client.post(f"{answer.url.path}/forget")
    assert gone.status_code == 303
    assert client.get(answer.url.path).status_code == 404
    assert client.get("/es/check/nothing-of-this-name").status_code == 404


def test_an_empty_workbook_can_be_had(client: httpx.Client) -> None:
    workbook = client.get("/fr/check/proposals.xlsx")
    assert workbook.status_code == 200, workbook.text
    assert load_workbook(io.BytesIO(workbook.content)).sheetnames


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"files": {"file": ("", b"")}}, 400),
        ({"data": {"text": " "}}, 400),
        ({"files": {"file": ("a.csv", ROWS.encode()), "text": (None, ROWS)}}, 400),
        ({"files": {"file": ("a.csv", b"x" * 200_001)}}, 413),
        ({"files": {"file": ("a.csv", b"x" * 400_000)}}, 413),
        ({"data": {"text": ROWS, "policy": "/etc/passwd"}}, 400),
        ({"content": b"--x\r\nnonsense", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 400),
    ],
)
def test_what_cannot_be_checked_is_said_on_a_page(client: httpx.Client, sent: dict[str, object], status: int) -> None:
    answer = client.post("/en/check", **sent)  # type: ignore[arg-type]
    assert answer.status_code == status
    assert page(answer).xpath("//h1")


def test_a_form_of_another_site_is_refused(client: httpx.Client) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}):
        for path in ("/en/check", "/en/publish/sign-in"):
            answer = client.post(path, data={"text": ROWS}, headers=headers)
            assert answer.status_code == 403
            assert page(answer).xpath("//h1")


def test_signing_in_gives_a_cookie_for_this_site_alone(client: httpx.Client, office: Office) -> None:
    planted = "a" * 43
    client.cookies.set("wsiskg-session", planted)
    answer = sign_in(client, office.publisher)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/en/publish"
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("wsiskg-session="))
    parts = [part.strip().lower() for part in cookie.split(";")]
    assert {"httponly", "samesite=strict", "path=/", "max-age=28800"} <= set(parts)
    assert "secure" not in parts  # this is plain HTTP
    assert planted not in cookie
    assert office.publisher not in cookie
    assert client.get("/en/publish").status_code == 200
    assert httpx.get(f"{office.server.url}/en/publish", cookies={"wsiskg-session": planted}).status_code == 303


def test_behind_tls_the_cookie_is_secure(office: Office) -> None:
    """A proxy that is trusted says that its client speaks HTTPS."""
    proxied = {**OWN, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    with httpx.Client(base_url=office.server.url, headers=proxied) as client:
        form = client.get("/en/publish/sign-in")
        cookies = form.headers.get_list("set-cookie")
        assert len(cookies) == 1
        assert cookies[0].startswith("__Host-wsiskg-sign-in=")
        before = cookies[0].split(";")[0]
        answer = client.post(
            "/en/publish/sign-in", data={"form-token": token_in(form), "token": office.publisher},
            headers={"Cookie": before},
        )  # fmt: skip
        given = next(c for c in answer.headers.get_list("set-cookie") if "session" in c)
        assert given.startswith("__Host-wsiskg-session=")
        assert "; secure" in given.lower()


def test_a_session_is_for_publishers_and_failures_are_recorded(client: httpx.Client, office: Office) -> None:
    before = len(trail(office))
    refused = sign_in(client, office.proposer)
    assert refused.status_code == 403
    assert "wsiskg-session" not in refused.headers.get("set-cookie", "")
    assert sign_in(client, "wsiskg_nothing").status_code == 403
    entries = trail(office)[before:]
    assert [(e["who"], e["what"], e["outcome"], e["reason"]) for e in entries] == [
        ("Bo Example", "sign in", "refused", "no publisher"),
        ("", "sign in", "refused", "unknown token"),
    ]
    assert "wsiskg_" not in json.dumps(entries)
    assert client.get("/en/publish").headers["location"] == "/en/publish/sign-in"


def test_whoever_fails_often_has_to_wait(office: Office) -> None:
    with httpx.Client(base_url=office.server.url, headers={**OWN, "X-Forwarded-For": "192.0.2.9"}) as client:
        statuses = [sign_in(client, "wsiskg_nothing").status_code for _ in range(6)]
        assert statuses == [403] * 5 + [429]
        waits = sign_in(client, office.publisher)
        assert waits.status_code == 429
        assert int(waits.headers["retry-after"]) > 0


def test_the_sign_in_form_needs_its_cookie_and_its_token(client: httpx.Client, office: Office) -> None:
    form = client.get("/en/publish/sign-in")
    token = token_in(form)
    assert client.post("/en/publish/sign-in", data={"token": office.publisher}).status_code == 403
    without = httpx.post(
        f"{office.server.url}/en/publish/sign-in", data={"form-token": token, "token": office.publisher}, headers=OWN
    )
    assert without.status_code == 403  # the token of another browser
    elsewhere = client.get("/en/publish/sign-in", params={"check": "//evil.example"})
    assert page(elsewhere).xpath("//input[@name='check']/@value") == [""]
    data = {"form-token": token_in(elsewhere), "token": office.publisher, "check": "https://evil.example"}
    assert client.post("/en/publish/sign-in", data=data).headers["location"] == "/en/publish"


def test_forms_of_a_session_need_its_token(client: httpx.Client, office: Office) -> None:
    shown = check(client)
    name = shown.url.path.rpartition("/")[2]
    assert client.get(f"/en/publish/{name}").headers["location"] == f"/en/publish/sign-in?check={name}"
    sign_in(client, office.publisher)
    decide = client.get(f"/en/publish/{name}")
    assert decide.status_code == 200
    for key, value in CLOSED.items():
        assert decide.headers[key] == value
    assert "frame-ancestors 'none'" in decide.headers["content-security-policy"]
    token = token_in(decide)
    for path in (f"/en/publish/{name}", f"/en/publish/{name}/confirm", "/en/publish", "/en/publish/sign-out"):
        for given in ({}, {"form-token": "x.y"}, {"form-token": token[:-1]}):
            assert (
                client.post(path, files={"role": (None, "x"), **{k: (None, v) for k, v in given.items()}}).status_code
                == 403
            )
        foreign = {"Sec-Fetch-Site": "", "Origin": "https://evil.example"}
        assert client.post(path, data={"form-token": token}, headers=foreign).status_code == 403
    assert client.get("/en/publish/trail").status_code == 200  # still signed in
    out = client.post("/en/publish/sign-out", data={"form-token": token})
    assert out.status_code == 303
    assert client.get("/en/publish/trail").status_code == 303


def test_a_file_is_one_publishers(client: httpx.Client, office: Office) -> None:
    sign_in(client, office.publisher)
    shown = check(client, rows=ROWS.replace("C99", "C3"))
    address = f"/en/publish/{shown.url.path.rpartition('/')[2]}"
    assert client.get(address).status_code == 200
    with httpx.Client(base_url=office.server.url, headers=OWN) as other:
        assert other.get(address).status_code == 303
        assert other.get(shown.url.path).status_code == 200  # whoever knows the name may see the check
        assert other.post(f"{shown.url.path}/forget").status_code == 409


def test_what_was_entered_is_kept_with_its_faults(client: httpx.Client, office: Office) -> None:
    sign_in(client, office.publisher)
    shown = check(client)
    address = f"/en/publish/{shown.url.path.rpartition('/')[2]}"
    token = token_in(client.get(address))
    entered = {"form-token": token, "edition": "2015", "hlpf": "2023", "role": "<b>officer</b>", "agency": "ITU",
               "kind-0": "take", "kind-1": "uphold", "reason-1": "", "kind-2": "uphold", "reason-2": "x"}  # fmt: skip
    again = follow(client, client.post(address, data=entered))
    found = page(again)
    wrong = found.xpath("//div[@class='faults']//a/@href")
    assert wrong == ["#edition", "#reason-1", "#kind-2"]  # a row with a mistake can only be left out
    for target in wrong:
        field = found.get_element_by_id(target[1:])
        assert field.get("aria-invalid") == "true"
        assert found.get_element_by_id(field.get("aria-describedby")).text_content()
    assert found.get_element_by_id("role").get("value") == "<b>officer</b>"
    assert client.get(f"{address}/confirm").headers["location"] == address
    saved = follow(client, client.post(address, data={**entered, "role": "officer", "action": "save"}))
    assert page(saved).get_element_by_id("role").get("value") == "officer"
