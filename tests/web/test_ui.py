"""The pages in six languages over HTTP: each address, its other languages, what it gives to machines, bad input."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest
from lxml import etree, html

from wsiskg.analysis.export import export_network
from wsiskg.analysis.reading import read_network
from wsiskg.graph.release import Release
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.ui.templates import data_block, page_context, page_environment

if TYPE_CHECKING:
    from tests.conftest import Server

LANGUAGES = ["ar", "zh", "en", "fr", "ru", "es"]
PATHS = [
    "", "matrix", "matrix?measure=verdict", "matrix?goal=9&measure=countries", "matrix?hlpf=2019&agency=ITU",
    "matrix?region=AFR&origin=declared&year-from=2015&year-to=2020&order=most&measure=evidence", "matrix/C2/9",
    "matrix/C11/14", "link/2015/C2-9.c", "link/2015/C3-4", "candidate/2015/C7-EHEA-10", "action-line/C7",
    "action-line/C7-EAGR", "sdg/9", "sdg/9.c", "connect2020/2", "connect2020/2.1.A", "agency/ITU", "agency/WTO",
    "project/dpg-dhis2", "award/wsis-2018-c-003", "hlpf/2016", "hlpf/2019", "country/KEN", "region/AFR",
    "edition/2015", "register/wsis-prizes", "organisation/a2i", "event/a-res-56-183", "browse", "search",
    "search?q=broadband", "search?q=C2&kind=link", "projects", "projects?q=health&line=C7-EHEA&sort=awards",
    "frameworks", "embed", "quality", "network", "network?node=ITU&level=goals",
    "projects?view=map&line=C7-EHEA", "frameworks", "embed", "queries", "queries/projects-of-country?country=KEN",
    "query", "query?example=link-construct&line=C2", "query?query=ASK%20%7B%7D",
]  # fmt: skip
RIGHT_TO_LEFT_OVERRIDE = "\u202e"
HOSTILE = f'<script>alert(1)</script>{RIGHT_TO_LEFT_OVERRIDE}"onload="x' + "長" * 10_000


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path or "home")
def test_every_page_answers_in_every_language(path: str, server: Server) -> None:
    for language in LANGUAGES:
        answer = server.get(f"/{language}/{path}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-language"] == language
        page = html.fromstring(answer.content)
        assert page.get("lang") == language
        assert page.get("dir") == ("rtl" if language == "ar" else "ltr")
        alternates = re.findall(r'<([^>]+)>; rel="alternate"; hreflang="([^"]+)"', answer.headers["link"])
        assert sorted(language for _, language in alternates) == sorted([*LANGUAGES, "x-default"])
        assert all(address.startswith(f"{server.url}/") for address, _ in alternates)
        assert page.xpath("//meta[@name='description']/@content")
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert len(page.xpath("//h1")) == 1
        assert not page.xpath("//@style")
        assert not page.xpath("//script[not(@src)][not(@type='application/ld+json')]")


def test_every_line_goal_target_and_link_has_its_page(server: Server, release: Release) -> None:
    index = Index(release)
    names = [
        d["id"] for kind in ("link", "action-line", "goal", "agency", "region") for d in index.items(Listing((kind,)))
    ]
    index.close()
    assert len(names) > 200
    for name in names[::7]:
        prefix, _, code = name.partition(":")
        kind = {"kg": "", "line": "action-line/", "sdg": "sdg/"}[prefix]
        assert server.get(f"/fr/{kind}{code}").status_code == 200, name


def test_a_browser_is_answered_in_its_language(server: Server) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "es-AR, en;q=0.5"}
    front = server.client.get("/", headers=headers, follow_redirects=False)
    assert (front.status_code, front.headers["location"]) == (303, "/es/")
    assert "Accept-Language" in front.headers["vary"]
    for path in ("sdg/9.c", "link/2015/C2-9.c", "action-line/C2", "agency/ITU", "country/FRA"):
        answer = server.client.get(f"/id/{path}", headers=headers, follow_redirects=False)
        page = server.client.get(f"/es/{path}")
        assert answer.status_code == page.status_code == 200, path
        assert answer.text == page.text
        assert answer.headers["content-location"] == f"/es/{path}"
        assert answer.headers["content-language"] == "es"
        assert answer.headers["content-security-policy"] == page.headers["content-security-policy"]
        assert {"Accept", "Accept-Language"} <= {name.strip() for name in answer.headers["vary"].split(",")}
        for rel in ("canonical", "describedby", "license", "alternate"):
            assert f'rel="{rel}"' in answer.headers["link"], rel
        assert answer.headers["link"].endswith(page.headers["link"])
        held = {**headers, "If-None-Match": answer.headers["etag"]}
        assert server.client.get(f"/id/{path}", headers=held).status_code == 304
        assert server.client.head(f"/id/{path}", headers=headers).headers["content-language"] == "es"
    french = server.client.get("/id/sdg/9.c", headers={**headers, "Accept-Language": "fr"})
    assert french.headers["content-language"] == "fr"
    plain = server.client.get("/id/sdg/9.c", headers={"Accept": "text/turtle"}, follow_redirects=False)
    assert plain.status_code == 200
    assert plain.headers["content-type"].startswith("text/turtle")


def test_the_numbers_of_the_matrix_are_those_of_the_graph(server: Server) -> None:
    rows = list(csv.DictReader(io.StringIO(server.get("/en/matrix.csv").text)))
    counted = server.rows(
        """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX wsis: <https://w3id.org/wsis-kg/ontology#>
        SELECT ?line ?goal (COUNT(DISTINCT ?link) AS ?n) WHERE {
            GRAPH <https://w3id.org/wsis-kg/graph/matrix/2015> { ?link a wsis:Link ; wsis:actionLine ?a ; wsis:goal ?g }
            ?a skos:notation ?line . ?g skos:notation ?goal
        } GROUP BY ?line ?goal"""
    )
    assert {(r["line"], r["sdg"]): r["links"] for r in rows if r["links"] != "0"} == {
        (r["line"], r["goal"]): r["n"] for r in counted
    }
    evidence = {c["target"]: c for c in server.get("/api/v1/matrix", goal="9", line="C2").json()["member"]}
    cell = next(r for r in rows if (r["line"], r["sdg"]) == ("C2", "9"))
    assert evidence
    assert int(cell["projects"]) >= max(c.get("projectCount", 0) for c in evidence.values())


def test_the_query_that_is_shown_gives_the_links_that_are_shown(server: Server) -> None:
    page = html.fromstring(server.get("/en/matrix?hlpf=2019&agency=UNESCO").content)
    query = page.xpath("string(//pre)")
    asked = {(row["line_code"], row["sdg_code"]) for row in server.rows(query)}
    shown = {
        tuple(address.rpartition("/")[2].rsplit("-", 1))
        for address in page.xpath("//section[@id='table']//a[contains(@href, '/link/')]/@href")
    }
    assert asked == shown
    assert asked


def test_the_picture_is_well_formed(server: Server) -> None:
    answer = server.get("/ru/matrix.svg?measure=evidence")
    assert answer.headers["content-type"].startswith("image/svg+xml")
    tree = etree.fromstring(answer.content)
    assert len(tree.findall("{http://www.w3.org/2000/svg}rect")) == 1 + 17 + 17 * 18


def test_goals_have_their_official_colours(release: Release, server: Server) -> None:
    style = server.get("/static/ui.css").text
    index = Index(release)
    goals = index.items(Listing(("goal",)))
    index.close()
    assert len(goals) == 17
    for goal in goals:
        assert f".sdg-{goal['notation']} {{ --goal: {goal['color']};" in style


def test_projects_narrow_down_and_their_counts_hold(server: Server) -> None:
    page = html.fromstring(server.get("/en/projects?region=AFR").content)
    links = page.xpath("//div[@class='facet'][1]//a")
    assert len(links) > 3
    for link in links[:3]:
        number = link.xpath("string(span[@class='n'])")
        narrowed = html.fromstring(server.get(link.get("href")).content)
        assert narrowed.xpath("string(//div[@class='explorer']/div/p)").split()[0] == number
    rows = list(csv.DictReader(io.StringIO(server.get("/en/projects.csv?region=AFR&q=farm").text)))
    found = html.fromstring(server.get("/en/projects?region=AFR&q=farm").content)
    assert len(rows) == int(found.xpath("string(//div[@class='explorer']/div/p)").split()[0])
    assert rows


def test_what_is_not_there_is_said_with_what_is_near(server: Server) -> None:
    answer = server.get("/fr/action-line/C7-EAGRI")
    assert answer.status_code == 404
    assert answer.headers["content-language"] == "fr"
    assert "/fr/action-line/C7-EAGR" in server.get("/fr/action-line/C7-EAG").text
    for path in ("/en/nothing", "/ar/link/2015/C2-99", "/zh/matrix/C2/18", "/en/link/1999/C2-9.c", "/en/project/%00"):
        answer = server.get(path)
        assert answer.status_code == 404, path
        assert html.fromstring(answer.content).xpath("//form[@class='search']")


@pytest.mark.parametrize(
    "path",
    ["matrix?edition=1999", "matrix?goal=<b>", "matrix?year-from=MMXV", "projects?line=<script>", "projects?after=x",
     "projects?origin=none", "projects?year-to=1", "embed?measure=nothing"],
)  # fmt: skip
def test_bad_parameters_are_refused_in_words(path: str, server: Server) -> None:
    answer = server.get(f"/es/{path}")
    assert answer.status_code == 400
    assert "<script>" not in answer.text
    assert "<b>" not in answer.text


def test_what_was_searched_is_shown_as_text(server: Server) -> None:
    answer = server.get("/en/search?q=" + quote(HOSTILE[:150]))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert RIGHT_TO_LEFT_OVERRIDE not in html.fromstring(answer.content).xpath("string(//title)")


def test_hostile_titles_are_text(release: Release) -> None:
    """A title with markup, an override of direction and ten thousand characters, on a page and in its head."""
    it: dict[str, Any] = {
        "id": "kg:project/x", "name": HOSTILE, "description": {"en": HOSTILE}, "sourceTitle": HOSTILE,
        "source": ["javascript:alert(1)", "https://a.example/\"><b>", HOSTILE], "note": {"xx": HOSTILE},
        "organisation": [{"id": "kg:organisation/x", "name": [HOSTILE]}], "declaredTag": ["line:C2\"><b>"],
    }  # fmt: skip
    template = page_environment().get_template("ui/project.html")
    data = data_block(release.iris, it)
    text = template.render(
        page_context("ar", "project/x"), release=release, editions=("2015",), it=it, code="x", linked_data=data
    )
    page = html.fromstring(text)
    assert not page.xpath("//script[not(@src)][not(@type='application/ld+json')] | //b | //@onload")
    assert json.loads(page.xpath("string(//script[@type='application/ld+json'])")).items() >= it.items()
    assert not page.xpath("//a[starts-with(@href, 'javascript')]")
    assert page.xpath("string(//h1)").strip().startswith("<script>alert(1)</script>")
    assert page.xpath("//h1/bdi")  # what it does to direction ends with it
    assert len(page.xpath("string(//title)")) < 250


def test_frames_may_be_shown_anywhere_and_pages_nowhere(server: Server) -> None:
    for path in ("matrix?lang=fr&measure=evidence", "link/2015/C2-9.c?lang=ar", "line/C2", "projects?lang=zh&line=C2"):
        answer = server.get(f"/embed/{path}")
        assert answer.status_code == 200, path
        assert "frame-ancestors *" in answer.headers["content-security-policy"]
        assert "<header" not in answer.text or 'class="top"' not in answer.text
    assert "frame-ancestors 'none'" in server.get("/en/matrix").headers["content-security-policy"]
    assert 'lang="fr"' in server.get("/embed/matrix?lang=fr").text
    assert 'lang="en"' in server.get("/embed/matrix?lang=<x>").text


def test_oembed_names_the_frame(server: Server) -> None:
    for page, frame in [
        ("/fr/matrix?measure=evidence", "/embed/matrix?lang=fr&amp;measure=evidence"),
        ("/ar/action-line/C2", "/embed/line/C2?lang=ar"),
        (f"{server.url}/en/link/2015/C2-9.c", "/embed/link/2015/C2-9.c?lang=en"),
    ]:
        document = json.loads(server.get("/oembed", url=page).text)
        assert document["type"] == "rich"
        assert f'src="{server.url}{frame}"' in document["html"]
    for page in ("/en/browse", "https://a.example/en/matrix", "", "/xx/matrix", "//["):
        answer = server.get("/oembed", url=page)
        assert answer.status_code == 404, page
    hostile = json.loads(server.get("/oembed", url='/en/link/a/b"><script>').text)
    assert "<script>" not in hostile["html"]


def test_what_one_client_says_of_the_host_is_told_to_nobody(server: Server) -> None:
    said = server.client.get("/en/embed?measure=prizes", headers={"Host": "evil.example"})
    assert said.status_code == 200
    assert "evil.example" not in said.text
    assert f"{server.url}/embed/matrix" in server.get("/en/embed?measure=prizes").text


def test_a_page_that_is_held_is_not_sent_again(server: Server) -> None:
    first = server.get("/en/matrix")
    again = server.client.get("/en/matrix", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    other = server.client.get("/fr/matrix", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_files_of_pages_are_kept_by_hash_alone(server: Server) -> None:
    (style,) = html.fromstring(server.get("/en/").content).xpath("//link[@rel='stylesheet']/@href")
    assert "immutable" in server.get(style).headers["cache-control"]
    for other in (style.partition("?")[0], style.partition("?")[0] + "?0123456789"):
        assert "cache-control" not in server.get(other).headers


def test_the_first_view_is_small(server: Server) -> None:
    """Front page and matrix with all that they load: 150 kB on the wire at most."""
    for path in ("/en/", "/ar/matrix"):
        page = server.client.get(path, headers={"Accept-Encoding": "gzip"})
        parts = html.fromstring(page.content).xpath("//link[@rel='stylesheet']/@href | //script/@src")
        answers = [page, *(server.client.get(part, headers={"Accept-Encoding": "gzip"}) for part in parts)]
        sizes = [_sent(answer) for answer in answers]
        assert all(sizes)
        assert sum(sizes) < 150_000


def _sent(answer: httpx.Response) -> int:
    return int(answer.headers["content-length"])


def test_quality_has_a_badge_that_says_what_the_page_says(server: Server) -> None:
    page = html.fromstring(server.get("/en/quality").content)
    shares = [
        text.strip().split("\xa0")[0]
        for text in page.xpath("//table[contains(@class,'short')]//*[@class='percent']/text()")
    ]
    badge = server.get("/quality.svg")
    assert badge.headers["content-type"].startswith("image/svg+xml")
    said = etree.fromstring(badge.content).get("aria-label")
    for share, word in zip(shares[:3], ("complete", "sourced", "verified"), strict=True):
        assert f"{int(float(share))}% {word}" in said
    assert "/quality.svg" in "".join(page.xpath("//section[@id='badge']//pre/text()"))
    again = server.client.get("/quality.svg", headers={"If-None-Match": badge.headers["etag"]})
    assert again.status_code == 304


def test_the_network_says_what_the_command_does(server: Server, release: Release) -> None:
    network = read_network(release, "lines-targets")
    page = html.fromstring(server.get("/en/network").content)
    assert len(page.xpath("//*[@id='links']//tbody/tr")) == sum(edge.links for edge in network.edges) == 188
    drawn = {(path.get("data-a"), path.get("data-b")) for path in page.xpath("//*[local-name()='path'][@data-by]")}
    assert drawn == {(e.source.partition(":")[2], e.target.partition(":")[2]) for e in network.edges}
    files = [a.get("href") for a in page.xpath("//section[@class='take']//a")]
    assert len(files) == 3 * 5
    for form in ("graphml", "gexf", "json", "csv"):
        [at] = [f for f in files if f"network.{form}?network=lines-targets" in f and "part=nodes" not in f]
        answer = server.get(at)
        assert answer.content == export_network(network, form)
        assert f"network.{form}" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "query", ["level=targets", "node=C99", "edition=1999", "node=%3Cscript%3E", "level=%00", "node=" + "9" * 5000]
)
def test_a_network_that_there_is_not(query: str, server: Server) -> None:
    answer = server.get(f"/fr/network?{query}")
    assert answer.status_code == 400
    assert html.fromstring(answer.content).get("lang") == "fr"


@pytest.mark.parametrize(
    "query",
    ["network=projects", "weight=heavy", "part=all", "edition=1999", "network=three-way&weight=direct-declared"],
)
def test_a_file_of_a_network_that_there_is_not(query: str, server: Server) -> None:
    assert server.get(f"/en/network.csv?{query}").status_code == 400
