"""The query workbench over HTTP: what it answers, how it fails, what its editor completes; the map; pictures."""

from __future__ import annotations

import csv
import io
import json
import struct
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from lxml import html

from wsiskg.graph.iris import Iris
from wsiskg.web.ui.drawings.worldmap import draw_world, steps_of
from wsiskg.web.ui.queries.answers import Fault, read_graph, read_table

if TYPE_CHECKING:
    from tests.conftest import Server

LINKS = """PREFIX wsis: <https://w3id.org/wsis-kg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?line ?code WHERE { ?line wsis:supports <http://metadata.un.org/sdg/9.c> ; skos:notation ?code }
ORDER BY ?code"""
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def page_of(text: str) -> html.HtmlElement:
    return html.fromstring(text)


def cells(page: html.HtmlElement) -> list[list[str]]:
    return [[cell.text_content() for cell in row.xpath("td")] for row in page.xpath("//table//tbody/tr")]


def test_a_query_in_the_address_is_answered_on_the_page(server: Server) -> None:
    answer = server.get("/fr/query", query=LINKS)
    page = page_of(answer.text)
    assert page.xpath("string(//textarea)").strip() == LINKS
    known = server.rows(LINKS)
    assert [row[1] for row in cells(page)] == [row["code"] for row in known]
    assert page.xpath("//table//td/a/@href")[0] == "/fr/" + known[0]["line"].partition("/id/")[2]
    for kind in ("csv", "json", "xml", "tsv"):
        (address,) = page.xpath(f"//a[@download='answer.{kind}']/@href")
        assert server.get(address).status_code == 200
    assert server.get(page.xpath("//a[@download='answer.csv']/@href")[0]).text == server.ask(LINKS, format="csv").text


def test_a_long_query_is_sent_as_a_form(server: Server) -> None:
    long = LINKS + "\n# " + "x" * 20_000
    answer = server.client.post("/en/query", data={"query": long})
    assert answer.status_code == 200
    assert len(cells(page_of(answer.text))) == len(server.rows(LINKS))
    assert "link" not in answer.headers  # no address holds it
    (form,) = page_of(answer.text).xpath("//form[contains(@class, 'downloads')]")
    fields = {field.get("name"): field.get("value") for field in form.xpath("input")}
    taken = server.client.post(form.get("action"), data=fields | {"format": "csv"})
    assert len(taken.text.splitlines()) == len(server.rows(LINKS)) + 1


def test_statements_are_shown_as_a_table(server: Server) -> None:
    page = page_of(server.get("/en/query", query="DESCRIBE <https://w3id.org/wsis-kg/id/action-line/C2>").text)
    (address,) = page.xpath("//a[@download='answer.nt']/@href")
    assert len(cells(page)) == len(server.get(address).text.splitlines())


def test_truth_is_a_word(server: Server) -> None:
    assert "نعم" in server.get("/ar/query", query="ASK { ?s ?p ?o }").text
    assert "<strong>no</strong>" in server.get("/en/query", query="ASK { ?s ?p <urn:x> }").text


def test_the_first_rows_are_shown_and_the_rest_is_announced(server: Server) -> None:
    page = page_of(server.get("/en/query", query="SELECT ?s { ?s ?p ?o } LIMIT 1234").text)
    assert len(cells(page)) == 1000
    assert "The first 1,000 of 1,234 are shown." in page.text_content()
    assert "too large to be shown" in server.get("/en/query", query="SELECT * { ?s ?p ?o }").text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT * WHERE {\n  ?s ?p }\n", 400, "expected"),
        ("SELECT * { SERVICE <http://a.example/sparql> { ?s ?p ?o } }", 403, "SERVICE"),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", 400, ""),
    ],
)
def test_a_fault_stands_where_it_happened(server: Server, query: str, status: int, said: str) -> None:
    answer = server.get("/ru/query", query=query)
    assert answer.status_code == status
    page = page_of(answer.text)
    assert page.xpath("string(//textarea)").strip() == query.strip()
    (fault,) = page.xpath("//*[@role='alert']")
    assert said in fault.text_content()
    problem = server.ask(query).json()
    assert problem["detail"] in fault.text_content()
    assert fault.get("data-line") == (str(problem["line"]) if "line" in problem else None)
    assert not fault.xpath(".//h2/text()")[0].isascii()


def test_a_limit_says_which_and_what_may_be_the_cause(server: Server) -> None:
    answer = server.get("/es/query", query=SLOW, timeout="0.2")
    assert answer.status_code == 503
    text = page_of(answer.text).text_content()
    assert "Se ha alcanzado un límite" in text
    assert "0.2" in text


def test_an_update_is_refused(server: Server) -> None:
    assert server.get("/en/query", update="CLEAR ALL").status_code == 405
    assert server.client.post("/en/query", data={"update": "CLEAR ALL"}).status_code == 400


def test_what_a_query_makes_is_text(server: Server) -> None:
    terms = '"<img src=x onerror=alert(1)>" "\\u202Eright" <javascript:alert(1)> <data:text/html,x>'
    answer = server.get("/en/query", query=f"SELECT ?x {{ VALUES ?x {{ {terms} }} }}")
    page = page_of(answer.text)
    assert not page.xpath("//main//img | //table//a")
    assert cells(page)[0] == ["<img src=x onerror=alert(1)>"]
    hostile = server.get("/en/query", query="</textarea><script>alert(1)</script>")
    assert not page_of(hostile.text).xpath("//script[not(@src)]")


def test_an_example_has_a_form_and_its_values_in_the_text(server: Server) -> None:
    page = page_of(server.get("/es/query", example="target-supporters", target="4.4").text)
    assert "VALUES ?target { <http://metadata.un.org/sdg/4.4> }" in page.xpath("string(//textarea)")
    assert page.xpath("//select[@name='target']/option[@selected]/@value") == ["4.4"]
    assert page.xpath("//select[@name='example']/option[@selected]/text()") == [
        "Líneas de acción que apoyan una meta de los ODS, y quién lo afirma"
    ]
    rows = server.get("/queries/target-supporters", target="4.4").json()["results"]["bindings"]
    assert len(cells(page)) == len(rows) > 0
    assert server.get("/es/query", example="target-suporters").status_code == 404
    assert server.get("/es/query", example="target-supporters", target="x").status_code == 400


def test_the_editor_completes_what_the_graph_holds(server: Server) -> None:
    found = json.loads(server.get("/fr/query/vocabulary.json").text)
    assert found["prefixes"]["sdg"] == "http://metadata.un.org/sdg/"
    base = found["prefixes"]["wsis"]
    uses = {iri: (label, number) for iri, label, number in found["classes"] + found["properties"]}
    (links,) = server.rows(f"SELECT (COUNT(DISTINCT ?l) AS ?n) {{ ?l a <{base}Link> }}")
    (supports,) = server.rows(f"SELECT (COUNT(*) AS ?n) {{ ?l <{base}supports> ?t }}")
    assert uses[f"{base}Link"] == ("lien", int(links["n"]))
    assert uses[f"{base}supports"][1] == int(supports["n"])
    numbers = [number for _, _, number in found["properties"]]
    assert numbers == sorted(numbers, reverse=True)


def test_old_addresses_lead_to_the_pages(server: Server) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "ru"}
    for old, new in [
        ("/sparql", "/ru/query"), ("/queries", "/ru/queries"),
        ("/queries/line-links?line=C3", "/ru/queries/line-links?line=C3"),
    ]:  # fmt: skip
        answer = server.client.get(old, headers=headers)
        assert (answer.status_code, answer.headers["location"]) == (303, new)
        assert "Accept-Language" in answer.headers["vary"]
    for path in ("/nothing", "/api/v1/links/x/y", "/id/sdg/99.z"):
        missing = server.client.get(path, headers=headers)
        assert missing.status_code == 404
        assert missing.headers["content-language"] == "ru"
        assert "Об этом ничего не известно" in missing.text


@pytest.mark.parametrize("path", ["sdg/9.c", "link/2015/C2-9.c", "project/dpg-dhis2", "connect2020/2.1.A"])
def test_what_a_page_is_about_opens_in_the_workbench(server: Server, path: str) -> None:
    (address,) = page_of(server.get(f"/en/{path}").text).xpath("//aside[@class='formats']//a[.='SPARQL']/@href")
    page = page_of(server.get(address).text)
    assert len(cells(page)) > 5
    assert f"/en/{path}" in page.xpath("//table//td/a/@href")


def test_only_the_workbench_loads_the_editor(server: Server) -> None:
    for path in ("/en/", "/en/matrix", "/en/projects?view=map", "/en/queries/line-links"):
        assert "workbench" not in " ".join(page_of(server.get(path).text).xpath("//link/@href | //script/@src"))


def test_descriptions_of_the_questions_are_in_six_languages(server: Server) -> None:
    turtle = server.get("/.well-known/void", "text/turtle").text
    assert '"Verdicts' not in turtle
    for title in ('"Ediciones de la matriz"@es', '"对照表的各版本"@zh', '"Editions of the matrix"@en'):
        assert title in turtle


def test_an_excerpt_shows_the_token_in_its_line() -> None:
    fault = Fault(400, {"line": 2, "column": 4, "token": "WHER"})
    assert fault.excerpt("SELECT *\n?x WHER {") == ("?x ", "WHER", " {")
    assert Fault(400, {"line": 9, "column": 1}).excerpt("x") is None
    assert Fault(503, {}).excerpt("x") is None


def test_terms_of_every_kind_are_read() -> None:
    iris = Iris()
    triple = {"subject": {"type": "uri", "value": "urn:a"}, "predicate": {"type": "uri", "value": "urn:b"},
              "object": {"type": "literal", "value": "c"}}  # fmt: skip
    body = {"head": {"vars": ["x", "y"]}, "results": {"bindings": [
        {"x": {"type": "literal", "value": "5", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}},
        {"x": {"type": "bnode", "value": "b0"}, "y": {"type": "triple", "value": triple}},
    ]}}  # fmt: skip
    table = read_table(json.dumps(body).encode(), iris, "en")
    assert [[cell.text for cell in row] for row in table.rows] == [["5", ""], ["_:b0", "<< urn:a urn:b c >>"]]
    assert table.rows[0][0].number
    assert read_table(json.dumps(body).encode(), iris, "en", {"x"}).columns == ("y",)
    found = read_graph(b'_:a <urn:p> "x"@fr .\n', iris, "en")
    assert (found.total, found.rows[0][2].text, found.rows[0][2].lang) == (1, "x", "fr")


@pytest.mark.parametrize(("most", "steps"), [(0, (1,)), (1, (1,)), (4, (1, 2, 3)), (75, (1, 2, 6, 13, 32))])
def test_steps_of_colour_begin_in_equal_ratios(most: int, steps: tuple[int, ...]) -> None:
    assert steps_of(most) == steps


def test_the_map_shows_what_the_list_counts(server: Server) -> None:
    page = page_of(server.get("/en/projects?view=map&line=C7-EHEA").text)
    rows = {row.xpath("string(th)").strip(): int(row.xpath("string(td)")) for row in page.xpath("//table//tbody/tr")}
    found = server.rows(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "PREFIX wsis: <https://w3id.org/wsis-kg/ontology#> "
        "SELECT ?c ?n { ?x a wsis:Country ; rdfs:label ?n ; skos:notation ?c FILTER(LANG(?n) = 'en') }"
    )
    names = {row["c"]: row["n"] for row in found}
    listed = csv.DictReader(io.StringIO(server.get("/en/projects.csv?line=C7-EHEA").text))
    counted: dict[str, int] = {}
    for project in listed:
        for code in filter(None, project["countries"].split("|")):
            counted[names[code]] = counted.get(names[code], 0) + 1
    assert rows == counted
    if draw_world({}) is None:
        pytest.skip("the shapes are not built: make server/.../ui.js")
    drawn = {
        title.rpartition(": ")[0]: int(title.rpartition(": ")[2]) for title in page.xpath("//figure//a//title/text()")
    }
    assert drawn.items() <= rows.items()
    without = {"ATA", "BES", "CCK", "CXR", "GIB", "GLP", "MTQ", "MYT", "REU", "SJM", "TKL", "UMI"}  # in the atlas
    assert rows.keys() - drawn.keys() <= {names[code] for code in without}
    assert page.xpath("//figure/svg/@aria-hidden") == ["true"]
    assert set(page.xpath("//figure//a/@tabindex")) == {"-1"}


def test_every_country_is_on_the_map() -> None:
    world = draw_world({"TUV": 1, "KEN": 2, "SGP": 1})
    if world is None:
        pytest.skip("the shapes are not built: make server/.../ui.js")
    areas = {area.code: area for area in world.areas}
    assert areas["KEN"].path
    assert not areas["TUV"].path
    assert 0 <= areas["TUV"].y <= world.height
    assert (areas["KEN"].step, areas["SGP"].step, areas["FRA"].step) == (2, 1, 0)


def test_the_matrix_as_a_picture(server: Server) -> None:
    pictures = [server.get(f"/{language}/matrix.png", measure="evidence") for language in ("en", "zh")]
    for answer in pictures:
        assert answer.headers["content-type"] == "image/png"
        assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", answer.content[16:24])
        assert width == 2000
        assert 1000 < height < 2000
    assert pictures[0].content != pictures[1].content
    assert server.get("/en/matrix.png?measure=x").status_code == 400


def test_addresses_with_a_long_query_are_not_named_in_headers(server: Server) -> None:
    address = "/en/query?" + urlencode({"query": LINKS + " # " + "x" * 600})
    assert "link" not in server.get(address).headers
    assert "hreflang" in server.get("/en/query").headers["link"]
