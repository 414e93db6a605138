"""Answers as HTTP has them: encodings, validators, the cache, and real clients."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import brotli
import defusedxml.ElementTree
import pyoxigraph as ox
import pytest
from SPARQLWrapper import CSV, JSON, JSONLD, N3, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from wsiskg.graph.release import Release

if TYPE_CHECKING:
    from tests.conftest import Server

MANY = "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 200"
ALL = "SELECT * { ?s ?p ?o }"
SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("identity", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0, *;q=0.1", ""),
        ("compress", ""),
    ],
)
@pytest.mark.parametrize("query", [MANY, ALL])
def test_encodings(server: Server, query: str, accepted: str, encoding: str) -> None:
    plain = server.client.get("/sparql", params={"query": query}, headers={"Accept-Encoding": "identity"})
    with server.client.stream("GET", "/sparql", params={"query": query}, headers={"Accept-Encoding": accepted}) as raw:
        assert raw.headers.get("content-encoding", "") == encoding
        assert "Accept-Encoding" in raw.headers["vary"]
        etag = raw.headers["etag"]
        body = b"".join(raw.iter_raw())
    unpack = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]
    assert unpack(body) == plain.content
    assert (etag == plain.headers["etag"]) == (encoding == "")


def test_small_answers_are_sent_as_they_are(server: Server) -> None:
    assert "content-encoding" not in server.ask("ASK {}").headers


@pytest.mark.parametrize("query", [MANY, ""])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_a_validator_spares_the_body(server: Server, query: str, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding, "Accept": "text/turtle, application/json;q=0.9"}
    path = "/sparql" + f"?{urlencode({'query': query})}" * bool(query)
    first = server.client.get(path, headers=headers)
    assert first.status_code == 200
    again = server.client.get(path, headers=headers | {"If-None-Match": f'"x", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert server.client.get(path, headers=headers | {"If-None-Match": '"other"'}).status_code == 200


def test_a_validator_is_for_one_form_and_one_query(server: Server) -> None:
    etags = {
        server.ask(query, accept).headers["etag"]
        for query in ("SELECT (1 AS ?x) {}", "SELECT (2 AS ?x) {}")
        for accept in ("text/csv", "application/json")
    }
    assert len(etags) == 4


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()"])
def test_what_changes_by_itself_is_never_kept(server: Server, call: str) -> None:
    query = f"SELECT ({call} AS ?x) {{}}"
    first, second = server.ask(query), server.ask(query)
    assert first.json() != second.json()
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"


def test_a_function_nobody_knows_is_named(server: Server) -> None:
    answer = server.ask("SELECT (1 AS ?one) (<http://e.example/f>(1) AS ?x) {}")
    assert answer.json()["results"]["bindings"] == [
        {"one": {"type": "literal", "value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}}
    ]
    assert answer.headers["x-unknown-function"] == "<http://e.example/f>"
    assert "X-Unknown-Function" in answer.headers["access-control-expose-headers"]


def test_characters_that_xml_cannot_hold_are_counted(server: Server) -> None:
    query = 'SELECT ("a\\u0001b\\uFFFEc" AS ?x) {}'
    answer = server.ask(query, "application/sparql-results+xml")
    (row,) = ox.parse_query_results(answer.content, format=ox.QueryResultsFormat.XML)  # type: ignore[misc]
    assert row["x"] == ox.Literal("a\ufffdb\ufffdc")
    assert answer.headers["x-replaced-characters"] == "2"
    assert "x-replaced-characters" not in server.ask(query).headers
    assert server.ask(query).json()["results"]["bindings"][0]["x"]["value"] == "a\x01b\ufffec"


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ('SELECT ("a\\rb\\r\\nc" AS ?x) {}', "application/sparql-results+xml"),
        ('CONSTRUCT { <x:s> <x:p> "a\\rb\\r\\nc" } {}', "application/rdf+xml"),
    ],
)
def test_ends_of_lines_survive_xml(server: Server, query: str, accept: str) -> None:
    document = defusedxml.ElementTree.fromstring(server.ask(query, accept).content)
    assert "a\rb\r\nc" in {element.text for element in document.iter()}


@pytest.mark.parametrize("accept", ["application/ld+json", "application/n-triples", "text/turtle"])
def test_the_direction_of_a_text_is_kept(server: Server, accept: str) -> None:
    answer = server.ask('CONSTRUCT { <a:b> <a:c> "x"@ar--rtl } {}', accept)
    assert "rtl" in answer.text


def test_relative_iris_are_the_servers(server: Server) -> None:
    assert server.rows("SELECT (<x> AS ?iri) {}") == [{"iri": f"{server.url}/x"}]


@pytest.mark.parametrize(
    "media_type", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_the_service_describes_itself_as_it_is(server: Server, release: Release, media_type: str) -> None:
    answer = server.get("/sparql", media_type)
    assert answer.headers["content-type"].partition(";")[0] == media_type
    form = ox.RdfFormat.from_media_type(media_type)
    assert form is not None
    said = {(t.predicate.value, getattr(t.object, "value", "")) for t in ox.parse(answer.content, form)}
    assert (SD + "endpoint", f"{server.url}/sparql") in said
    assert (SD + "feature", SD + "UnionDefaultGraph") in said
    assert (SD + "supportedLanguage", SD + "SPARQL11Query") in said
    assert (SD + "supportedLanguage", SD + "SPARQL11Update") not in said
    assert (SD + "feature", SD + "BasicFederatedQuery") not in said
    assert {value for name, value in said if name == SD + "name"} == set(release.graphs)


def test_forms_that_are_announced_are_answered(server: Server) -> None:
    described = ox.parse(server.get("/sparql", "application/n-triples").content, ox.RdfFormat.N_TRIPLES)
    announced = {t.object.value.rpartition("/")[2] for t in described if t.predicate.value == SD + "resultFormat"}  # type: ignore[union-attr]
    types = {
        "SPARQL_Results_JSON": ("ASK {}", "application/sparql-results+json"),
        "SPARQL_Results_XML": ("ASK {}", "application/sparql-results+xml"),
        "SPARQL_Results_CSV": ("ASK {}", "text/csv"),
        "SPARQL_Results_TSV": ("ASK {}", "text/tab-separated-values"),
        "Turtle": ("DESCRIBE <a:b>", "text/turtle"),
        "N-Triples": ("DESCRIBE <a:b>", "application/n-triples"),
        "N-Quads": ("DESCRIBE <a:b>", "application/n-quads"),
        "TriG": ("DESCRIBE <a:b>", "application/trig"),
        "RDF_XML": ("DESCRIBE <a:b>", "application/rdf+xml"),
        "JSON-LD": ("DESCRIBE <a:b>", "application/ld+json"),
    }
    assert announced == set(types)
    for query, media_type in types.values():
        assert server.ask(query, media_type).headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper(server: Server, method: str) -> None:
    wrapper = SPARQLWrapper(f"{server.url}/sparql")
    wrapper.setMethod(method)
    text = 'SELECT ?x { VALUES ?x { "100 % + é & \\"ü\\"" 7 } }'
    wrapper.setQuery(text)
    for form in (JSON, XML, CSV, TSV):
        wrapper.setReturnFormat(form)
        result = wrapper.query()
        found = result.convert()
        if form == JSON:
            assert [row["x"]["value"] for row in found["results"]["bindings"]] == ['100 % + é & "ü"', "7"]  # type: ignore[index,call-overload]
        else:
            assert "é" in (found.decode() if isinstance(found, bytes) else found.toxml())  # type: ignore[union-attr]
    wrapper.setQuery("CONSTRUCT { <a:b> <a:c> 1 } {}")
    for form in (TURTLE, N3, RDFXML, XML, JSONLD):
        wrapper.setReturnFormat(form)
        answer = wrapper.query().response.read()  # converting it takes parts of rdflib that are to go
        assert b"a:b" in answer, form


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(
    "options",
    [
        ["--data-urlencode", f"query={MANY}"],
        ["--get", "--data-urlencode", f"query={MANY}"],
        ["-H", "Content-Type: application/sparql-query", "--data-binary", MANY],
        ["-X", "QUERY", "-H", "Content-Type: application/sparql-query", "--data-binary", MANY],
        ["--compressed", "--http1.0", "--get", "--data-urlencode", f"query={MANY}"],
    ],
)
def test_curl(server: Server, options: list[str]) -> None:
    command = ["curl", "-sS", "--fail-with-body", *options, f"{server.url}/sparql"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=30)
    assert len(json.loads(done.stdout)["results"]["bindings"]) == 200
