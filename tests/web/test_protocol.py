"""The SPARQL protocol, as clients speak it: https://www.w3.org/TR/sparql11-protocol/."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import httpx
import pyoxigraph as ox
import pytest

from wsiskg.graph.release import Release
from wsiskg.settings import Settings

if TYPE_CHECKING:
    from tests.conftest import Listener, Server

BASE = "https://w3id.org/wsis-kg/"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
SELECT = (
    "SELECT ?text ?iri ?number ?none WHERE "
    '{ VALUES (?text ?iri ?number) { ("a \\"b\\", é"@fr <http://a.example/> 7) } }'
)
CONSTRUCT = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ <{BASE}id/action-line/C2> }} ?s ?p ?o }}"
RESULTS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPHS = {
    "text/turtle": ("ttl", ox.RdfFormat.TURTLE),
    "application/n-triples": ("nt", ox.RdfFormat.N_TRIPLES),
    "application/rdf+xml": ("rdf", ox.RdfFormat.RDF_XML),
    "application/n-quads": ("nq", ox.RdfFormat.N_QUADS),
    "application/trig": ("trig", ox.RdfFormat.TRIG),
}
FORM = "application/x-www-form-urlencoded"


def problem(answer: httpx.Response, status: int) -> dict[str, object]:
    """Check that ``answer`` is a problem document of this status and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    document: dict[str, object] = answer.json()
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document


# --- ways to ask -------------------------------------------------------------------------------------------------


def test_health_names_the_release(server: Server, release: Release) -> None:
    answer = server.get("/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert answer.json()["release"] == release.id


def test_get(server: Server, release: Release) -> None:
    answer = server.ask(COUNT)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert answer.headers["x-dataset-version"] == release.id
    assert int(answer.json()["results"]["bindings"][0]["n"]["value"]) > 50_000


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", FORM.upper()])
def test_post_of_a_form(server: Server, content_type: str) -> None:
    body = urlencode({"query": 'ASK { FILTER("é+%25" = "é+%25") }'})
    answer = server.client.post("/sparql", content=body, headers={"Content-Type": content_type})
    assert answer.json()["boolean"] is True


@pytest.mark.parametrize(
    "content_type",
    ["application/sparql-query", "application/sparql-query; charset=UTF-8", "application/sparql-query;charset=utf-8"],
)
def test_post_of_a_query(server: Server, content_type: str) -> None:
    answer = server.client.post("/sparql?timeout=10", content=SELECT.encode(), headers={"Content-Type": content_type})
    assert answer.json()["results"]["bindings"][0]["text"]["value"] == 'a "b", é'


@pytest.mark.parametrize("text", ["100%25", "%2525", "a+b", "a b", "1 + 1", "é", "قمة", "𝔘", "&amp;=;", "#?/"])
def test_texts_arrive_intact(server: Server, text: str) -> None:
    query = f'SELECT ?t {{ BIND("{text}" AS ?t) }}'
    asked = [
        server.client.get(f"/sparql?query={quote(query, safe='')}"),
        server.client.get(f"/sparql?{urlencode({'query': query})}"),
        server.client.post("/sparql", data={"query": query}),
        server.client.post("/sparql", content=query.encode(), headers={"Content-Type": "application/sparql-query"}),
    ]
    assert [a.json()["results"]["bindings"][0]["t"]["value"] for a in asked] == [text] * 4


def test_parameters_of_the_address_and_of_the_form_are_taken_together(server: Server) -> None:
    answer = server.client.post("/sparql?format=csv", data={"query": "SELECT (1 AS ?n) {}"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_head_has_the_headers_of_get_and_no_body(server: Server) -> None:
    asked, headed = server.ask(SELECT), server.client.head("/sparql", params={"query": SELECT})
    assert headed.status_code == 200
    assert headed.content == b""
    for name in ("content-type", "content-length", "etag", "vary", "x-dataset-version"):
        assert headed.headers[name] == asked.headers[name]


@pytest.mark.parametrize("path", ["/sparql", "/", "/id/sdg/9.c", "/dumps/", "/queries", "/nothing", "/health"])
def test_options_is_answered_on_every_path(server: Server, path: str) -> None:
    asked = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = server.client.options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert ("POST" in answer.headers["allow"]) == (path == "/sparql")
    assert answer.headers["access-control-allow-methods"] == answer.headers["allow"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/sparql?query=x", "/id/sdg/9.c", "/nothing", "/health"])
def test_any_origin_may_read_without_credentials(server: Server, path: str) -> None:
    answer = server.client.get(path, headers={"Origin": "https://a.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert answer.headers["x-content-type-options"] == "nosniff"


# --- forms of answer ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("media_type", "short"), RESULTS.items())
def test_tables(server: Server, media_type: str, short: str) -> None:
    answer = server.ask(SELECT, media_type)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert server.ask(SELECT, "image/png", format=short).content == answer.content
    if short == "csv":
        assert list(csv.reader(io.StringIO(answer.text))) == [
            ["text", "iri", "number", "none"],
            ['a "b", é', "http://a.example/", "7", ""],
        ]
        return
    if short == "tsv":
        assert answer.text.splitlines()[0] == "?text\t?iri\t?number\t?none"
        assert answer.text.splitlines()[1].split("\t") == ['"a \\"b\\", é"@fr', "<http://a.example/>", "7", ""]
        return
    form = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}[short]
    table = ox.parse_query_results(answer.content, format=form)
    assert isinstance(table, ox.QuerySolutions)
    assert [v.value for v in table.variables] == ["text", "iri", "number", "none"]
    (row,) = table
    assert tuple(row) == (ox.Literal('a "b", é', language="fr"), ox.NamedNode("http://a.example/"), ox.Literal(7), None)


@pytest.mark.parametrize(("query", "truth"), [("ASK {}", "true"), ("ASK { FILTER(false) }", "false")])
def test_answers_to_ask(server: Server, query: str, truth: str) -> None:
    assert server.ask(query).json()["boolean"] is (truth == "true")
    root = ET.fromstring(server.ask(query, format="xml").content)  # noqa: S314
    assert root.findtext("{http://www.w3.org/2005/sparql-results#}boolean") == truth
    assert server.ask(query, "text/csv").text.strip() == truth
    assert server.ask(query, "text/tab-separated-values").text.strip() == truth


@pytest.mark.parametrize(("media_type", "short", "form"), [(m, s, f) for m, (s, f) in GRAPHS.items()])
def test_graphs(server: Server, release: Release, media_type: str, short: str, form: ox.RdfFormat) -> None:
    line = ox.NamedNode(f"{BASE}id/action-line/C2")
    wanted = {q.triple for q in ox.parse(path=release.nquads_path) if q.subject == line}
    answer = server.ask(CONSTRUCT, media_type)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert {q.triple for q in ox.parse(answer.content, form)} == wanted
    assert server.ask(CONSTRUCT, format=short).content == answer.content
    described = server.ask(f"DESCRIBE <{line.value}>", media_type)
    assert {q.triple for q in ox.parse(described.content, form)} >= wanted


@pytest.mark.parametrize("parameters", [{"accept": "application/ld+json"}, {"format": "jsonld"}, {"format": "json"}])
def test_graph_as_json_ld_reads_like_plain_json(server: Server, parameters: dict[str, str]) -> None:
    answer = server.ask(CONSTRUCT, **parameters)
    assert answer.headers["content-type"] == "application/ld+json"
    document = answer.json()
    (node,) = document["@graph"]
    assert node["id"] == "line:C2"
    context = server.get("/context.jsonld").json()
    assert document["@context"] == f"{BASE}context.jsonld"
    expanded = {q.triple for q in ox.parse(json.dumps({**document, **context}), ox.RdfFormat.JSON_LD)}
    turtle = server.ask(CONSTRUCT, "text/turtle").content
    assert expanded == {q.triple for q in ox.parse(turtle, ox.RdfFormat.TURTLE)}


@pytest.mark.parametrize(
    "template",
    [
        '?s <a:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '?s <a:p> "yes"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        "?s <a:p> [ <a:q> 1 ]",
        "[] <a:p> ?s",
        '?s <a:p> "x"@en-US, "y"@FR',
        "<urn:x> a <urn:y>, <http://a.example/C>",
    ],
)
def test_any_graph_can_be_had_as_json_ld(server: Server, template: str) -> None:
    query = f"CONSTRUCT {{ {template} }} {{ BIND(<http://a.example/s> AS ?s) }}"
    document = server.ask(query, "application/ld+json").raise_for_status().json()
    turtle = server.ask(query, "text/turtle").raise_for_status().content
    if "@context" in document:
        document |= server.get("/context.jsonld").json()
    found = ox.Dataset(ox.parse(json.dumps(document), ox.RdfFormat.JSON_LD))
    wanted = ox.Dataset(ox.parse(turtle, ox.RdfFormat.TURTLE))
    for dataset in (found, wanted):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert found == wanted


def test_triple_terms_do_not_stop_a_worker(server: Server) -> None:
    query = "CONSTRUCT { <a:s> <a:p> <<( <a:x> <a:y> 1 )>> } {}"
    assert server.ask(query, "text/turtle").status_code == 200
    before = server.workers_when(lambda found: len(found) == Settings().workers)
    assert server.ask(query, "application/ld+json").status_code in {200, 400}
    assert server.workers() == before


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("text/*", "text/csv"),
        ("application/sparql-results+xml;q=0.5, text/csv;q=0.6", "text/csv"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("TEXT/CSV", "text/csv"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/sparql-results+json"),
    ],
)
def test_negotiation(server: Server, accept: str, chosen: str) -> None:
    answer = server.ask(SELECT, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == chosen


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (SELECT, "image/png"),
        (SELECT, "text/turtle"),
        (CONSTRUCT, "text/csv"),
        (SELECT, "application/json;q=0"),
        ("ASK {}", "application/rdf+xml"),
    ],
)
def test_what_cannot_be_met_is_406_and_says_what_is_offered(server: Server, query: str, accept: str) -> None:
    document = problem(server.ask(query, accept), 406)
    offered = document["offered"]
    assert isinstance(offered, list)
    assert set(offered) == set(GRAPHS) | {"application/ld+json"} if query is CONSTRUCT else set(RESULTS)


@pytest.mark.parametrize(("query", "form"), [(SELECT, "turtle"), (CONSTRUCT, "csv"), (SELECT, "pdf"), (SELECT, "../x")])
def test_unknown_short_format(server: Server, query: str, form: str) -> None:
    problem(server.ask(query, format=form), 400)


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
def test_other_media_types_are_415(server: Server, content_type: str) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    problem(server.client.post("/sparql", content=b"ASK {}", headers=headers), 415)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("SELECT *\nWHERE {\n  ?s ?p ?o .\n  FILTER(?o >)\n}", ")"),
        ("# é\r\nSELECT * { ?s ?p ?o . } GROUPP BY ?s", "GROUPP"),
        ("SELECT ?s WHERE { ?s rdf:type ?o }", "rdf:type"),
        ("# é\nSELEC * { ?s ?p ?o }", "SELEC"),
        ("SELECT * { ?s ?p ?o", ""),
    ],
)
def test_syntax_errors_say_where(server: Server, query: str, wrong: str) -> None:
    document = problem(server.ask(query), 400)
    before = query[: query.index(wrong) if wrong else len(query)].split("\n")
    line, column = len(before), len(before[-1]) + 1
    assert (document["line"], document["column"], document["token"]) == (line, column, wrong)


def test_a_file_saved_with_a_byte_order_mark_is_a_query(server: Server) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    assert server.client.post("/sparql", content="\ufeffASK {}".encode(), headers=headers).json()["boolean"] is True


@pytest.mark.parametrize("graph", ["", "relative", "http://e.example/a b"])
@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_graphs_are_named_by_whole_iris(server: Server, name: str, graph: str) -> None:
    assert name in str(problem(server.ask("ASK {}", **{name: graph}), 400)["detail"])


@pytest.mark.parametrize("query", ["", " ", "hello", "SELECT", "ASK {} ASK {}", "PREFIX a: <b> ASK { c:d a c:e }"])
def test_what_is_no_query_is_400(server: Server, query: str) -> None:
    problem(server.client.get("/sparql", params={"query": query}), 400)


@pytest.mark.parametrize(("name", "value"), [("query", "ASK {}"), ("timeout", "5"), ("format", "xml")])
def test_parameters_given_twice_are_400(server: Server, name: str, value: str) -> None:
    once = {"query": "ASK {}", "timeout": "5", "format": "json"}
    address = f"/sparql?{urlencode([*once.items(), (name, value)])}"
    assert name in str(problem(server.client.get(address), 400)["detail"])


def test_query_in_address_and_body_is_400(server: Server) -> None:
    for body, content_type in (("query=ASK%20{}", FORM), ("ASK {}", "application/sparql-query")):
        answer = server.client.post(
            "/sparql", params={"query": "ASK {}"}, content=body, headers={"Content-Type": content_type}
        )
        problem(answer, 400)


@pytest.mark.parametrize(
    ("status", "method", "parameters", "body", "content_type"),
    [
        (400, "GET", {"query": "INSERT DATA { <a:b> <a:b> <a:b> }"}, b"", ""),
        (405, "GET", {"update": "CLEAR ALL"}, b"", ""),
        (405, "GET", {"query": "ASK {}", "update": "CLEAR ALL"}, b"", ""),
        (403, "POST", {}, b"update=CLEAR%20ALL", FORM),
        (400, "POST", {}, b"query=CLEAR%20ALL", FORM),
        (400, "POST", {}, b"query=ASK%20%7B%7D&update=CLEAR%20ALL", FORM),
        (403, "POST", {}, b"CLEAR ALL", "application/sparql-update"),
        (400, "POST", {}, b"CLEAR ALL", "application/sparql-query"),
        (400, "POST", {}, b"LOAD <file:///etc/passwd>", "application/sparql-query"),
    ],
)
def test_updates_are_refused(
    server: Server, status: int, method: str, parameters: dict[str, str], body: bytes, content_type: str
) -> None:
    before = server.rows(COUNT)
    headers = {"Content-Type": content_type} if content_type else {}
    answer = server.client.request(method, "/sparql", params=parameters, content=body, headers=headers)
    problem(answer, status)
    assert server.rows(COUNT) == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/sparql", "/id/sdg/9.c", "/dumps/", "/health"])
def test_other_methods_are_405(server: Server, method: str, path: str) -> None:
    answer = server.client.request(method, path)
    problem(answer, 405)
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <@U@> { ?s ?p ?o } }",
        "SELECT * { service silent<@U@>{ ?s ?p ?o } }",
        "PREFIX s: <@U@> SELECT * {SERVICEs:{?s ?p ?o}}",
        "PREFIX s: <@U@> SELECT * {FILTER(1<2)SERVICE s:#>\n{?s ?p ?o}}",
        "SELECT * {FILTER(1<'a>')SERVICE<@U@>{?a ?b 'z'}}",
        "SELECT * { VALUES ?e { <@U@> } SERVICE ?e { ?s ?p ?o } }",
        "ASK { FILTER EXISTS { SERVICE <@U@> { ?s ?p ?o } } }",
    ],
)
def test_nobody_else_is_ever_asked(server: Server, listener: Listener, query: str) -> None:
    text = query.replace("@U@", listener.url)
    assert "asks" not in problem(server.ask(text), 403)
    problem(server.client.post("/sparql", data={"query": text}), 403)
    assert listener.calls == 0


def test_load_is_no_query(server: Server, listener: Listener) -> None:
    problem(server.ask(f"LOAD <{listener.url}>"), 400)
    assert listener.calls == 0


def test_from_never_fetches(server: Server, listener: Listener) -> None:
    for clause in (f"FROM <{listener.url}>", f"FROM NAMED <{listener.url}>", "FROM <file:///etc/passwd>"):
        assert server.rows(f"SELECT ?s {clause} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}") == []
    for name in ("default-graph-uri", "named-graph-uri"):
        query = "SELECT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        assert server.rows(query, **{name: listener.url}) == []
    assert listener.calls == 0


# --- the dataset -------------------------------------------------------------------------------------------------


def test_a_query_sees_all_graphs_together(server: Server, release: Release) -> None:
    triples = {q.triple for q in ox.parse(path=release.nquads_path)}
    # A statement of two graphs counts twice to the engine, unless DISTINCT.
    assert int(server.rows(COUNT)[0]["n"]) == release.manifest["counts"]["quads"]
    distinct = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    assert int(server.rows(distinct)[0]["n"]) == len(triples)
    graphs = {row["g"] for row in server.rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
    assert graphs == set(release.manifest["counts"]["graphs"])


def test_default_and_named_graphs_of_the_protocol(server: Server, release: Release) -> None:
    sizes = release.manifest["counts"]["graphs"]
    current, sdg = f"{BASE}graph/current", f"{BASE}graph/sdg"
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"

    def count(query: str, *pairs: tuple[str, str]) -> int:
        answer = server.client.get("/sparql", params=[("query", query), *pairs])
        return int(answer.json()["results"]["bindings"][0]["n"]["value"])

    assert count(COUNT, ("default-graph-uri", current)) == sizes[current]
    assert count(named, ("default-graph-uri", current)) == 0
    assert count(COUNT, ("default-graph-uri", current), ("default-graph-uri", sdg)) == sizes[current] + sizes[sdg]
    assert count(named, ("named-graph-uri", current)) == sizes[current]
    assert count(COUNT, ("named-graph-uri", current)) == 0
    assert count(named, ("named-graph-uri", current), ("named-graph-uri", sdg)) == sizes[current] + sizes[sdg]
    assert count(COUNT, ("default-graph-uri", sdg), ("named-graph-uri", current)) == sizes[sdg]
    posted = server.client.post("/sparql", data={"query": COUNT, "default-graph-uri": current})
    assert int(posted.json()["results"]["bindings"][0]["n"]["value"]) == sizes[current]


def test_from_clauses(server: Server, release: Release) -> None:
    sizes = release.manifest["counts"]["graphs"]
    current, sdg = f"{BASE}graph/current", f"{BASE}graph/sdg"
    cases = {
        f" FROM <{current}> {{ ?s ?p ?o }}": sizes[current],
        f" FROM <{current}> FROM <{sdg}> {{ ?s ?p ?o }}": sizes[current] + sizes[sdg],
        f" FROM <{current}> {{ GRAPH ?g {{ ?s ?p ?o }} }}": 0,
        f" FROM NAMED <{sdg}> {{ GRAPH ?g {{ ?s ?p ?o }} }}": sizes[sdg],
        f" FROM NAMED <{sdg}> {{ ?s ?p ?o }}": 0,
        f"FROMNAMED<{sdg}>{{?s ?p ?o}}": 0,
    }
    assert {rest: int(server.rows("SELECT (COUNT(*) AS ?n)" + rest)[0]["n"]) for rest in cases} == cases


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("iri", ["", "not an IRI", "relative", "<a:b>", "a:b> FROM <x:y"])
def test_graph_names_that_are_no_iris_are_400(server: Server, name: str, iri: str) -> None:
    problem(server.client.get("/sparql", params={"query": COUNT, name: iri}), 400)


# --- caches ------------------------------------------------------------------------------------------------------


def test_etag_depends_on_the_question_and_its_form(server: Server) -> None:
    tags = {
        server.ask(SELECT).headers["etag"],
        server.ask(SELECT, "text/csv").headers["etag"],
        server.ask(COUNT).headers["etag"],
        server.ask(COUNT, **{"default-graph-uri": f"{BASE}graph/sdg"}).headers["etag"],
        server.ask(COUNT, **{"named-graph-uri": f"{BASE}graph/sdg"}).headers["etag"],
    }
    assert len(tags) == 5
    assert server.ask(SELECT).headers["etag"] in tags


@pytest.mark.parametrize("condition", ["{}", "W/{}", '"other", {}', "{}, W/{}"])
def test_what_the_client_has_is_not_sent_again(server: Server, condition: str) -> None:
    first = server.ask(SELECT)
    headers = {"If-None-Match": condition.replace("{}", first.headers["etag"])}
    again = server.client.get("/sparql", params={"query": SELECT}, headers=headers)
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    other = server.client.get("/sparql", params={"query": COUNT}, headers=headers)
    assert other.status_code == 200
    posted = server.client.post("/sparql", data={"query": SELECT}, headers=headers)
    assert posted.status_code == 200


# --- without a query ---------------------------------------------------------------------------------------------


def test_a_browser_gets_a_form(server: Server) -> None:
    led = server.get("/sparql", "text/html,application/xhtml+xml,*/*;q=0.8")
    assert led.status_code == 303
    answer = server.get(led.headers["location"], "text/html")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'name="query"' in answer.text


def test_a_program_without_a_query_gets_an_answer_it_can_read(server: Server) -> None:
    answer = server.get("/sparql", "text/turtle")
    if answer.status_code == 200:  # a service description
        assert any(ox.parse(answer.content, ox.RdfFormat.TURTLE))
    else:
        problem(answer, 400)


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_graphs_are_read_only_where_updates_are_off(server: Server, method: str) -> None:
    answer = server.client.request(method, "/graph-store?default", content=b"<a:b> <a:b> 1 .")
    problem(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert "PUT" not in server.client.options("/graph-store").headers["access-control-allow-methods"]
    assert server.get("/graph-store", "text/turtle", graph=f"{BASE}graph/wsis").status_code == 200
