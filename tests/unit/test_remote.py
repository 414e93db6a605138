"""Remote stores: their addresses, the names of their graphs, parameters bound in queries, columns of booleans."""

import ipaddress
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.graph.iris import Iris
from wsiskg.model.errors import QueryError, StoreError, UsageError
from wsiskg.settings import Settings, load_settings
from wsiskg.store.catalogue import load_catalogue
from wsiskg.store.evaluate import Request, evaluate
from wsiskg.store.remote.address import may_connect, resolve
from wsiskg.store.remote.binding import as_select, bind_terms
from wsiskg.store.remote.booleans import boolean_columns
from wsiskg.store.remote.engines import ENGINES, engine_of
from wsiskg.store.remote.names import Names

BASE = "https://kg.example/"
NAMES = Names(BASE, "r1", (f"{BASE}graph/a", f"{BASE}graph/b"))
OWN = f"{BASE}release/r1/graph/"
LINE = "<https://kg.example/id/action-line/C2>"


# Settings and addresses


@pytest.mark.parametrize("store", [
    "sparql+https://kg.example/sparql", "sparql+https://kg.example:8443/ds/query", "sparql+http://localhost:7878/query",
    "sparql+http://127.0.0.1:8890/sparql", "",
])  # fmt: skip
def test_addresses_of_stores(store: str) -> None:
    assert load_settings({"WSISKG_STORE": store}).store == store


@pytest.mark.parametrize("store", [
    "https://kg.example/sparql", "sparql+ftp://kg.example/", "sparql+http://kg.example/sparql", "sparql+https:///sparql",
    "sparql+http://127.0.0.1.kg.example/", "sparql+https://kg.example/sparql?x=1", "sparql+https://kg.example/#x",
    "sparql+https://kg exa.mple/", "sparql+https://<kg>/",
])  # fmt: skip
def test_what_is_no_address_of_a_store(store: str) -> None:
    with pytest.raises(UsageError, match="WSISKG_STORE"):
        load_settings({"WSISKG_STORE": store})


def test_a_login_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError, match="no login") as refused:
        load_settings({"WSISKG_STORE": "sparql+https://me:s3cret@kg.example/sparql"})
    assert "s3cret" not in str(refused.value)
    assert "s3cret" not in repr(Settings(store_password="s3cret"))


def test_an_engine_that_is_not_known_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no engine 'mysql'"):
        load_settings({"WSISKG_STORE_ENGINE": "mysql"})


@pytest.mark.parametrize(
    ("host", "address", "private", "may"),
    [
        ("kg.example", "93.184.215.14", False, True), ("kg.example", "127.0.0.1", False, False),
        ("kg.example", "10.0.0.7", False, False), ("kg.example", "10.0.0.7", True, True),
        ("kg.example", "127.0.0.1", True, False), ("kg.example", "169.254.169.254", True, False),
        ("kg.example", "::1", True, False), ("kg.example", "fe80::1%eth0", True, False),
        ("kg.example", "224.0.0.1", True, False), ("kg.example", "::ffff:127.0.0.1", False, False),
        ("localhost", "127.0.0.1", False, True), ("localhost", "::1", False, True),
        ("localhost", "93.184.215.14", False, False), ("localhost", "10.0.0.7", True, False),
    ],
)  # fmt: skip
def test_names_stand_for_public_addresses_unless_it_is_said_otherwise(
    host: str, address: str, private: bool, may: bool
) -> None:
    assert may_connect(host, [address], private) is may
    assert not may_connect(host, [address, "169.254.0.1"], private)
    assert not may_connect(host, [], private)


def test_numbers_stand_for_themselves_and_unknown_hosts_are_said() -> None:
    assert resolve("https://10.0.0.7/sparql", private=False) == "10.0.0.7"
    assert resolve("http://[::1]:8890/sparql", private=False) == "::1"
    assert ipaddress.ip_address(resolve("http://localhost:8890/", private=False)).is_loopback
    with pytest.raises(StoreError, match=r"'nowhere\.invalid', is unknown"):
        resolve("https://nowhere.invalid/sparql", private=False)


def test_engines_are_recognised_and_documented() -> None:
    assert engine_of("Virtuoso/07.20.3229 (Linux) x86_64-pc-linux-gnu").name == "virtuoso"
    assert engine_of("Oxigraph/0.5.13").name == "oxigraph"
    assert engine_of("Apache Jena Fuseki (4.10.0)").name == "fuseki"
    assert engine_of("nginx").name == engine_of("").name == "generic"
    guide = (Path(__file__).parents[2] / "docs" / "remote-store.md").read_text("utf-8")
    for engine in ENGINES.values():
        for quirk in engine.quirks:
            assert quirk in " ".join(guide.split()), quirk


# Names of graphs


@pytest.mark.parametrize(("query", "expected"), [
    ("ASK { GRAPH <https://kg.example/graph/a> {} }", f"ASK {{ GRAPH <{OWN}a> {{}} }}"),
    ("ASK { GRAPH <https://kg.example/graph/c> {} }", f"ASK {{ GRAPH <{NAMES.nowhere}> {{}} }}"),
    ("ASK { GRAPH <urn:other> {} }", f"ASK {{ GRAPH <{NAMES.nowhere}> {{}} }}"),
    ("PREFIX g: <https://kg.example/graph/> ASK { GRAPH g:a { ?s ?p g:b } }",
     f"PREFIX g: <https://kg.example/graph/> ASK {{ GRAPH <{OWN}a> {{ ?s ?p <{OWN}b> }} }}"),
    ("ASK { ?g <urn:p> 'https://kg.example/graph/a', <urn:x> }", f"ASK {{ ?g <urn:p> '{OWN}a', <urn:x> }}"),
    ("ASK { GRAPH <https://kg.example/\\u0067raph/a> {} }", f"ASK {{ GRAPH <{OWN}a> {{}} }}"),
])  # fmt: skip
def test_graphs_are_renamed_however_they_are_written(query: str, expected: str) -> None:
    assert NAMES.query(query, "").text == expected


def test_from_goes_into_the_dataset_and_names_no_graph_of_others() -> None:
    asked = NAMES.query(
        "SELECT * FROM <https://kg.example/graph/a> FROM NAMED <urn:x> FROM NAMED <https://kg.example/graph/b>\n"
        "{ GRAPH <https://kg.example/graph/a> { ?s ?p ?o } }",
        "",
    )
    assert asked.default == [f"{OWN}a"]
    assert asked.named == [NAMES.nowhere, f"{OWN}b"]
    assert "FROM" not in asked.text
    assert f"GRAPH <{NAMES.nowhere}>" in asked.text  # named is b only


def test_relative_iris_get_the_address_they_are_relative_to() -> None:
    asked = NAMES.query("ASK { GRAPH <graph/a> { <x> ?p ?o } }", BASE)
    assert asked.text == f"BASE <{BASE}> ASK {{ GRAPH <{OWN}a> {{ <x> ?p ?o }} }}"


@given(st.text(alphabet="ab/.:<>{}?\" \\'graphkge", max_size=40))
def test_what_goes_out_comes_back(text: str) -> None:
    whole = f"{text}{BASE}graph/a{text}"
    assert NAMES.inward(NAMES.outward(whole)) == whole


# Parameters


def both(query: str, **terms: str) -> tuple[bytes, bytes]:
    """The answer with the engine's own substitution, and with ours, put back together."""
    store = ox.Store()
    data = "<urn:a> <urn:p> 1, 2 . <urn:b> <urn:p> 2, 3 . <urn:a> <urn:q> <urn:b> . <urn:b> <urn:q> <urn:c> ."
    store.load(data, ox.RdfFormat.TURTLE)
    bound = bind_terms(query, terms)
    theirs = evaluate(store, Request(query, "text/csv", terms)).body
    ours = evaluate(store, Request(bound.text, "text/csv")).body.decode().splitlines()
    values = {name: term.strip('<>"') for name, term in terms.items()}
    rows = [line.split(",") for line in ours[1:]]
    kept = [name for name in bound.columns if name not in terms]
    whole = [[values[n] if n in terms else row[kept.index(n)] for n in bound.columns] for row in rows]
    head = list(bound.columns) or ours[0].split(",")
    return theirs, "".join(",".join(row) + "\r\n" for row in [head, *(whole if bound.columns else rows)]).encode()


@pytest.mark.parametrize("query", [
    "SELECT ?s ?o WHERE { ?s <urn:p> ?o } ORDER BY ?s ?o",
    "SELECT ?o ?s WHERE { ?s <urn:p> ?o } ORDER BY ?s DESC(?o)",
    "SELECT DISTINCT ?s ?o WHERE { ?s <urn:p> ?o FILTER(BOUND(?s) && ?o > 1) } ORDER BY ?o",
    "SELECT ?s (COUNT(?o) AS ?n) WHERE { ?s <urn:p> ?o } GROUP BY ?s ?x ORDER BY ?s",
    "SELECT ?s ?o WHERE { OPTIONAL { ?s <urn:q> ?t } ?s <urn:p> ?o } ORDER BY ?o",
    "SELECT ?s ?o WHERE { { SELECT ?s (MAX(?v) AS ?o) WHERE { ?s <urn:p> ?v } GROUP BY ?s ?z } } ORDER BY ?s",
    "SELECT ?s ?n WHERE { ?s <urn:p> ?o { SELECT (COUNT(?s) AS ?n) WHERE { ?s <urn:p> ?v } } } ORDER BY ?n ?o",
    "SELECT ?s ?t WHERE { ?s <urn:q>+ ?t } ORDER BY ?t",
    "SELECT ?s ?o WHERE { ?s <urn:p> ?o MINUS { ?t <urn:q> ?s ; <urn:p> ?o } } ORDER BY ?o",
    "SELECT $s ?o WHERE { $s <urn:p> ?o BIND(STR(?s) AS ?u) FILTER(STRLEN(?u) > 0) } ORDER BY ?o",
])  # fmt: skip
def test_terms_are_bound_as_the_embedded_engine_binds_them(query: str) -> None:
    theirs, ours = both(query, s="<urn:a>")
    assert ours == theirs
    assert theirs.count(b"\n") > 1


def test_a_value_can_only_be_a_term() -> None:
    text = '"} DROP ALL # "'
    assert bind_terms("SELECT ?v ?o WHERE { ?s ?p ?o FILTER(?o = ?v) # ?v\n}", {"v": text}).text.count("DROP") == 1
    assert bind_terms("SELECT ?v ?o { ?s ?p '?v' }", {"v": "<urn:a>"}).text == "SELECT  ?o { ?s ?p '?v' }"


@pytest.mark.parametrize("query", [
    "SELECT ?s WHERE { ?s ?p ?o }", "SELECT ?s ?n { ?s ?p ?o } GROUP BY ?s",
    "SELECT ?s ?o { VALUES ?s { 1 } ?s ?p ?o }",
])  # fmt: skip
def test_where_no_term_can_stand_it_is_said(query: str) -> None:
    with pytest.raises(QueryError, match="this store cannot bind"):
        bind_terms(query, {"s": "<urn:a>"})


@pytest.mark.parametrize("name", load_catalogue(Iris()))
def test_every_question_of_the_catalogue_can_be_bound(name: str) -> None:
    found = load_catalogue(Iris())[name]
    terms = found.bind({}, Iris())
    bound = bind_terms(found.text, terms)
    body = "\n".join(line for line in bound.text.splitlines() if not line.startswith("#"))
    assert not [name for name in terms if f"?{name} " in body or f"?{name})" in body]
    ox.Store().query(bound.text)


# Booleans


@pytest.mark.parametrize(("query", "columns"), [
    ("SELECT ?s (?a = ?b AS ?x) {}", {"x"}),
    ("SELECT * { BIND(!BOUND(?a) AS ?x) BIND(COALESCE(?y, ?x) AS ?z) BIND(IF(?x, 1, 0) AS ?n) }", {"x", "z"}),
    ("SELECT * { BIND(COALESCE(?a, true) AS ?x) BIND(STRLEN('=') AS ?n) BIND(SUM(?a) AS ?m) }", {"x"}),
    ("SELECT (SAMPLE(?x) AS ?y) (COUNT(?x) AS ?n) { BIND(EXISTS { ?s ?p ?o } AS ?x) }", {"x", "y"}),
    ("SELECT (IF(?a > 1, true, false) AS ?x) (1 + 1 AS ?n) (?a IN (1, 2) AS ?y) {}", {"x", "y"}),
    ("PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT (xsd:boolean(?a) AS ?x) (xsd:int(?a) AS ?n) {}", {"x"}),
])  # fmt: skip
def test_columns_that_hold_booleans(query: str, columns: set[str]) -> None:
    assert boolean_columns(query) == columns


@pytest.mark.parametrize(("ask", "select"), [
    ("ASK { ?s ?p ?o }", "SELECT * { ?s ?p ?o }\nLIMIT 1"),
    ("PREFIX ask: <urn:> ask where { ?s ask:x 'ASK' }",
     "PREFIX ask: <urn:> SELECT * where { ?s ask:x 'ASK' }\nLIMIT 1"),
    ("ASK { ?s ?p ?o } VALUES ?s { 1 }", "SELECT * { ?s ?p ?o } VALUES ?s { 1 }"),
    ("ASK { ?s ?p ?o } GROUP BY ?s", "SELECT (1 AS ?wsiskg_yes) { ?s ?p ?o } GROUP BY ?s\nLIMIT 1"),
])  # fmt: skip
def test_ask_as_select(ask: str, select: str) -> None:
    assert as_select(ask) == select
