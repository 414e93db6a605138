"""Reports over HTTP: the list, formats by Accept and by parameter, pages, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Server

ADDRESS = "/api/v1/reports"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_the_list_names_each_kind_with_an_example(server: Server) -> None:
    found = server.get(ADDRESS).json()
    members = {member["kind"]: member for member in found["member"]}
    assert found["totalItems"] == len(members) == 10
    assert members["hlpf"]["example"] == f"{ADDRESS}/hlpf/2027"
    assert members["connect2020"]["example"] == f"{ADDRESS}/connect2020"
    assert {"docx", "pdf", "html"} <= set(members["goal"]["formats"])
    assert members["goal"]["languages"] == ["en", "fr", "es"]


def test_a_report_in_the_format_that_is_accepted(server: Server) -> None:
    answer = server.get(f"{ADDRESS}/country/ken", "application/json")  # whatever the case
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["release"] == answer.headers["x-dataset-version"]
    assert answer.json()["title"] == "WSIS and the SDGs: Kenya"
    etag = answer.headers["etag"]
    again = server.client.get(f"{ADDRESS}/country/KEN", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    word = server.get(f"{ADDRESS}/country/KEN", f"{WORD}, text/html;q=0.5")
    assert word.headers["content-type"] == WORD
    assert word.headers["content-disposition"] == 'inline; filename="country-KEN-en.docx"'
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(word.content)).namelist()
    french = server.get(f"{ADDRESS}/country/KEN", format="md", lang="fr")
    assert french.headers["content-language"] == "fr"
    assert french.text.startswith("# Le SMSI et les ODD")


def test_pdf_and_its_charts_are_made_beside_the_server(server: Server) -> None:
    answer = server.get(f"{ADDRESS}/target/9.c", "application/pdf")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"%PDF-")


def test_a_page_may_only_use_its_own_style(server: Server) -> None:
    page = server.get("/en/report/action-line/C11")
    assert page.status_code == 200
    style = re.findall(r"<style>(.*)</style>", page.text, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.headers["content-security-policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert " style=" not in page.text
    assert '<img src="data:image/svg+xml' in page.text
    for address in re.findall(r'href="(/[^"]+)"', page.text):
        if address.startswith("/queries/"):
            assert server.get(address.replace("&amp;", "&"), "text/csv").status_code == 200
    assert f"{ADDRESS}/action-line/C11?format=docx&amp;lang=en" in page.text


def test_subjects_lead_to_their_reports(server: Server) -> None:
    for page, kind in (
        ("action-line/C2", "action-line"), ("sdg/9", "goal"), ("sdg/9.c", "target"), ("region/AFR", "region"),
        ("country/KEN", "country"), ("agency/ITU", "agency"), ("hlpf/2027", "hlpf"), ("edition/2015", "edition"),
    ):  # fmt: skip
        text = server.get(f"/fr/{page}").text
        assert f'href="/fr/report/{kind}/{page.partition("/")[2]}"' in text
        assert f"{ADDRESS}/{kind}/" in text
    assert 'href="/ar/report/hlpf/2027"' in server.get("/ar/reports").text


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("gaol/9", 404, "Did you mean goal"),
        ("goal/99", 404, "Did you mean 9"),
        ("goal", 404, "say which SDG goal"),
        ("connect2020/1.1", 404, "wsiskg report connect2020"),
        ("goal/9?lang=ar", 400, "lang"),
        ("goal/9?format=odt", 400, "format"),
        ("goal/9?colour=red", 400, "colour"),
        ("country/%00", 404, "Some of them"),
        ("country/" + "x" * 3000, 404, "Some of them"),
    ],
)
def test_what_is_refused_is_a_problem_document(server: Server, path: str, status: int, said: str) -> None:
    answer = server.get(f"{ADDRESS}/{path}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.text


def test_a_format_that_nobody_offers_is_refused(server: Server) -> None:
    answer = server.get(f"{ADDRESS}/goal/9", "image/png")
    assert answer.status_code == 406
    assert "application/pdf" in answer.json()["offered"]


def test_a_wrong_subject_has_a_page_of_its_own(server: Server) -> None:
    answer = server.get("/fr/report/country/KENN", "text/html")
    assert answer.status_code == 404
    assert "KEN" in answer.text


def test_openapi_says_what_a_report_takes(server: Server) -> None:
    paths = server.get("/openapi.json").json()["paths"]
    described = paths[f"{ADDRESS}/{{kind}}/{{code}}"]["get"]
    assert {p["name"] for p in described["parameters"]} == {"kind", "code", "format", "lang"}
    assert set(described["responses"]) == {"200", "304", "400", "404", "406", "501", "503"}
    assert "application/pdf" in described["responses"]["200"]["content"]
    assert paths[ADDRESS]["get"]["responses"]["200"]["content"]["application/json"]["example"]["member"]
