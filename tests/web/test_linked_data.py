"""``/id/...``: one resource of each kind, in every form, by Accept and by suffix."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from pyld import jsonld

from wsiskg.graph.release import Release

if TYPE_CHECKING:
    from tests.conftest import Server

BASE = "https://w3id.org/wsis-kg/"
SDG = "http://metadata.un.org/sdg/"
FORMS = {
    ".jsonld": "application/ld+json",
    ".json": "application/ld+json",
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".html": "text/html",
}
RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
Resources = dict[str, set[ox.Triple]]


@pytest.fixture(scope="module")
def resources(release: Release) -> Resources:
    """All resources that have a page, by path, with their statements."""
    found: Resources = {}
    for quad in ox.parse(path=release.nquads_path):
        assert isinstance(quad.subject, ox.NamedNode)
        iri = quad.subject.value
        if iri.startswith(f"{BASE}id/"):
            found.setdefault(iri.removeprefix(BASE), set()).add(quad.triple)
        elif iri.startswith(SDG) and "#" not in iri:
            found.setdefault("id/sdg/" + iri.removeprefix(SDG), set()).add(quad.triple)
    return found


@pytest.fixture(scope="module")
def everything(release: Release) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=release.nquads_path)}


def about(found: set[ox.Triple], resources: Resources, path: str) -> set[ox.Triple]:
    """Return those of ``found`` that are about the resource itself."""
    subject = next(iter(resources[path])).subject
    return {t for t in found if t.subject == subject}


@pytest.fixture(scope="module")
def one_of_each(resources: Resources) -> list[str]:
    kinds: dict[str, str] = {}
    for path in sorted(resources):
        kinds.setdefault(path.split("/")[1], path)
    assert set(kinds) > {"action-line", "sdg", "link", "agency", "project", "award", "country", "hlpf", "scheme"}
    return [*kinds.values(), "id/sdg/1", "id/sdg/9.c", "id/action-line/C7-EAGR", "id/connect2020/2.1.A"]


@pytest.fixture(scope="module")
def context(server: Server) -> dict[str, Any]:
    document: dict[str, Any] = server.get("/context.jsonld").json()
    return document


def expanded(document: dict[str, Any], context: dict[str, Any]) -> set[ox.Triple]:
    """Expand a document, its context inside: nothing is fetched."""
    assert document["@context"] == f"{BASE}context.jsonld"
    return {q.triple for q in ox.parse(json.dumps({**document, **context}), ox.RdfFormat.JSON_LD)}


@pytest.mark.parametrize("media_type", RDF)
def test_rdf_of_every_kind(
    server: Server, resources: Resources, everything: set[ox.Triple], one_of_each: list[str], media_type: str
) -> None:
    suffix = next(s for s, m in FORMS.items() if m == media_type)
    for path in one_of_each:
        answer = server.get(f"/{path}", media_type)
        assert answer.status_code == 200, path
        assert answer.headers["content-type"].partition(";")[0] == media_type
        found = {q.triple for q in ox.parse(answer.content, RDF[media_type])}
        assert about(found, resources, path) == resources[path], path
        assert found <= everything
        assert server.get(f"/{path}{suffix}", "image/png").content == answer.content


def test_json_ld_of_every_kind(
    server: Server, resources: Resources, one_of_each: list[str], context: dict[str, Any]
) -> None:
    for path in one_of_each:
        answer = server.get(f"/{path}", "application/ld+json")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/ld+json"
        document = answer.json()
        assert list(document)[:2] == ["@context", "id"]
        found = expanded(document, context)
        assert about(found, resources, path) == resources[path]
        turtle = server.get(f"/{path}.ttl")
        assert found == {q.triple for q in ox.parse(turtle.content, ox.RdfFormat.TURTLE)}, path
        for suffix in (".jsonld", ".json"):
            assert server.get(f"/{path}{suffix}", "text/html").json() == document


def rounded(triple: ox.Triple) -> tuple[str, str, str]:
    """Return a triple with its double, if it has one, in twelve digits: PyLD writes doubles anew, and not exactly."""
    value = triple.object
    double = isinstance(value, ox.Literal) and value.datatype.value.endswith("#double")
    return str(triple.subject), str(triple.predicate), f"{float(value.value):.12g}" if double else str(value)


def test_json_ld_is_the_same_to_another_processor(server: Server, context: dict[str, Any]) -> None:
    document = server.get("/id/link/2015/C2-9.c.jsonld").json()
    text = jsonld.to_rdf({**document, **context}, {"format": "application/n-quads"})
    found = {q.triple for q in ox.parse(text, ox.RdfFormat.N_QUADS)}
    assert {rounded(t) for t in found} == {rounded(t) for t in expanded(document, context)}


def test_what_a_resource_names_is_nested_with_its_label(server: Server) -> None:
    document = server.get("/id/link/2015/C2-9.c.jsonld").json()
    assert document["actionLine"]["id"] == "line:C2"
    assert document["actionLine"]["prefLabel"]["en"].startswith("Information and communication infrastructure")
    assert document["target"]["id"] == "sdg:9.c"


def embedded(page: str) -> dict[str, Any]:
    """Return the JSON-LD in a page."""
    (block,) = re.findall(r'<script type="application/ld\+json">([^<]*)</script>', page)
    document: dict[str, Any] = json.loads(block)
    return document


def test_html_of_every_kind(server: Server, one_of_each: list[str]) -> None:
    for path in one_of_each:
        answer = server.get(f"/{path}.html")
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert f'href="/{path}.ttl"' in answer.text
        assert embedded(answer.text) == server.get(f"/{path}.jsonld").json(), path
        page = server.client.get(f"/{path}", headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=True)
        assert page.status_code == 200, path
        assert f'href="/{path}.ttl"' in page.text
        assert embedded(page.text)["id"] == embedded(answer.text)["id"], path


@pytest.mark.parametrize(
    "path",
    [
        "sdg",  # the scheme itself
        "sdg/C090501",  # an indicator
        "link/connect2020-proposals/1.1-9.c",  # no link of an edition
        "candidate/2015/C9-4",
        "candidate/2015/C9-4/goal-level-declared",
        "agency/WSIS-KG",  # which is no agency of the matrix
    ],
)
def test_a_browser_is_shown_statements_where_there_is_no_page(server: Server, path: str) -> None:
    page = server.client.get(f"/id/{path}", headers={"Accept": "text/html"}, follow_redirects=False)
    assert page.status_code == 200
    assert f'href="/id/{path}.ttl"' in page.text
    own = page.headers["content-location"] == f"/en/{path}"
    assert own == (f'href="/en/{path}"' in server.get(f"/id/{path}.html").text)


def test_graphs_lead_to_their_statements(server: Server) -> None:
    answer = server.client.get("/graph/current", headers={"Accept": "application/n-triples"}, follow_redirects=True)
    assert len(answer.text.splitlines()) == int(
        server.rows("SELECT (COUNT(*) AS ?n) { ?l <https://w3id.org/wsis-kg/ontology#supports> ?t }")[0]["n"]
    )
    assert server.get("/graph/nothing").status_code == 404


def test_names_in_any_script_can_be_looked_up(server: Server, resources: Resources) -> None:
    encoded = [path for path in resources if "%" in path]
    assert any("%D9" in path for path in encoded)  # Arabic
    for path in encoded:
        answer = server.get(f"/{path}", "application/n-triples")
        assert answer.status_code == 200, path
        found = {q.triple for q in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES)}
        assert about(found, resources, path) == resources[path]
        for suffix in (".html", ".jsonld", ".ttl"):
            assert server.get(f"/{path}{suffix}").status_code == 200
        assert server.get(answer.headers["content-location"]).content == answer.content


def test_what_a_page_links_to_is_there(server: Server, resources: Resources) -> None:
    document = server.get("/id/link/2015/C2-9.c", "application/ld+json").json()
    assert document["id"].endswith("link/2015/C2-9.c")
    graph = {q.triple for q in ox.parse(server.get("/id/link/2015/C2-9.c.nt").content, ox.RdfFormat.N_TRIPLES)}
    for triple in graph:
        value = str(getattr(triple.object, "value", ""))
        if value.startswith(f"{BASE}id/"):
            assert value.removeprefix(BASE) in resources


@pytest.mark.parametrize(("code", "iri"), [("9.c", f"{SDG}9.c"), ("17", f"{SDG}17")])
def test_sdgs_keep_the_iri_of_the_un(server: Server, code: str, iri: str) -> None:
    answer = server.get(f"/id/sdg/{code}.nt")
    found = {str(q.subject) for q in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES)}
    assert f"<{iri}>" in found
    assert not any(subject.startswith(f"<{BASE}id/sdg") for subject in found)
    assert f'<{iri}>; rel="canonical"' in answer.headers["link"]
    assert server.get(f"/id/sdg/{code}").json()["id"] == f"sdg:{code}"


def test_headers_say_what_else_there_is(server: Server, release: Release) -> None:
    answer = server.get("/id/action-line/C2", "text/turtle")
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert answer.headers["content-location"] == "/id/action-line/C2.ttl"
    assert answer.headers["x-dataset-version"] == release.id
    for suffix, media_type in FORMS.items():
        if suffix != ".json":
            assert f'<./C2{suffix}>; rel="alternate"; type="{media_type}"' in answer.headers["link"]
    for relation in ("license", "describedby", "canonical"):
        assert f'rel="{relation}"' in answer.headers["link"]
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in server.get("/id/action-line/C2").headers["link"]


def test_a_link_without_its_edition_leads_to_the_latest(server: Server) -> None:
    answer = server.get("/id/link/C2-9.c.ttl")
    assert (answer.status_code, answer.headers["location"]) == (302, "/id/link/2015/C2-9.c.ttl")
    assert answer.headers["vary"] == "Accept-Datetime, Accept-Encoding"
    early = server.client.get("/id/link/C2-9.c", headers={"Accept-Datetime": "Thu, 01 Jan 1998 00:00:00 GMT"})
    assert early.headers["location"] == "/id/link/2015/C2-9.c"
    wrong = server.client.get("/id/link/C2-9.c", headers={"Accept-Datetime": "tomorrow"})
    assert (wrong.status_code, wrong.json()["status"]) == (400, 400)
    assert server.get("/id/link/C2-99").status_code == 404


def test_time_map_of_a_link(server: Server) -> None:
    linked = server.get("/id/link/2015/C2-9.c").headers["link"]
    assert '</timemap/link/C2-9.c>; rel="timemap"; type="application/link-format"' in linked
    answer = server.get("/timemap/link/C2-9.c")
    assert answer.headers["content-type"].startswith("application/link-format")
    # Of the edition of 2015 only the year is known.
    memento = '</id/link/2015/C2-9.c>; rel="first last memento"; datetime="Thu, 31 Dec 2015 23:59:59 GMT"'
    assert memento in answer.text
    assert server.get("/timemap/link/C2-99").status_code == 404


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/ld+json"),
        ("*/*", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle;q=0.9, application/rdf+xml;q=0.5", "text/turtle"),
        ("application/*", "application/ld+json"),
        ("TEXT/TURTLE", "text/turtle"),
        ("text/html;q=0, */*", "application/ld+json"),
    ],
)
def test_negotiation(server: Server, accept: str, media_type: str) -> None:
    answer = server.client.get("/id/action-line/C2", headers={"Accept": accept}, follow_redirects=True)
    assert answer.headers["content-type"].partition(";")[0] == media_type


def test_what_cannot_be_met_is_406(server: Server) -> None:
    answer = server.get("/id/action-line/C2", "image/png")
    assert answer.status_code == 406
    assert set(answer.json()["offered"]) == set(FORMS.values())


def test_head(server: Server) -> None:
    asked, headed = server.get("/id/sdg/9.c"), server.client.head("/id/sdg/9.c")
    assert headed.content == b""
    for name in ("content-type", "content-length", "etag", "link", "vary"):
        assert headed.headers[name] == asked.headers[name]


def test_etag_and_304(server: Server) -> None:
    first = server.get("/id/sdg/9.c", "text/turtle")
    headers = {"Accept": "text/turtle", "If-None-Match": first.headers["etag"]}
    again = server.client.get("/id/sdg/9.c", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    headers["Accept"] = "application/n-triples"
    assert server.client.get("/id/sdg/9.c", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/id/action-line/C12", "/id/sdg/18", "/id/", "/id/nothing/at/all", "/nothing"])
def test_unknown_is_404_for_programs_and_for_people(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
    page = server.get(path, "text/html")
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"]


HOSTILE = [
    "/id/../../etc/passwd",
    "/id/..%2f..%2fetc%2fpasswd",
    "/id/%2e%2e/%2e%2e/etc/passwd",
    "/id/%00",
    "/id/sdg/9.c%00.ttl",
    "/id/%0d%0aSet-Cookie:%20a=b",
    "/id/sdg/9.c%0d%0aX-Injected:%201",
    "/id/%3Cscript%3Ealert(1)%3C/script%3E",
    "/id/%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "/id/x%3E%20%7D%20%7D%20SELECT%20*%20%7B",
    "/id/sdg/9.c%3E%20.%20%3Fs%20%3Fp%20%3Fo",
    "/id/%7B%7D%7C%5C%5E%60",
    "/id/%ff%fe",
    "/id/%ED%A0%80",
    "/id/" + quote("قمة/峰会/é 𝔘"),
    "/id/" + "a" * 30_000,
    "/id/" + "%F0%9F%98%80" * 2_000,
    "/id/" + "/" * 1_000,
    "/id//etc/passwd",
    "/id/.ttl",
    "/id/sdg/.jsonld",
    "/id/sdg/9.c.ttl.ttl",
    "/id/javascript:alert(1)",
    "/id/?query=1",
    "/id/%25",
    "/id/sdg/%2525",
    "//etc/passwd",
    "/static/../app.py",
    "/static/..%2fapp.py",
    "/static/%2e%2e/%2e%2e/app.py",
    "/queries/%00",
    "/queries/..%2f..%2fpyproject.toml",
    "/queries/" + "a" * 30_000,
    "/queries/%3Cscript%3E",
    "/queries/.rq",
]


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path[:40])
@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/ld+json"])
def test_hostile_paths_are_harmless(server: Server, path: str, accept: str) -> None:
    answer = server.client.get(server.client.base_url.copy_with(raw_path=path.encode()), headers={"Accept": accept})
    assert answer.status_code in {307, 400, 404, 414}, answer.text[:200]
    assert "x-injected" not in answer.headers
    assert "set-cookie" not in answer.headers
    if "html" in answer.headers.get("content-type", ""):
        assert "<script>" not in answer.text
        assert "<img" not in answer.text
    assert "root:" not in answer.text


def test_context_is_the_ontologys(server: Server) -> None:
    answer = server.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["@context"]["supports"] == {"@id": "wsis:supports", "@type": "@id", "@container": "@set"}
    assert json.loads(answer.text) == answer.json()
