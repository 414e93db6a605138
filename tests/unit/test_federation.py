"""SERVICE blocks: which are found, what their endpoints are asked, and that answers can only ever be data."""

import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.model.errors import ForbiddenQueryError, LimitError, QueryError, QuerySyntaxError, ServiceError
from wsiskg.store.evaluate import Request, evaluate
from wsiskg.store.federation import (
    Inlined,
    ServiceBlock,
    find_services,
    inline,
    values_of,
    without_services,
)
from wsiskg.store.guard import check_query

URL = "http://a.example/sparql"
BASE = "https://base.example/"
BLOCK = f"SERVICE <{URL}> {{ ?s ?p ?o }}"
JSON = "application/sparql-results+json"


def find(query: str) -> list[ServiceBlock]:
    return find_services(query, {URL}, BASE, 10)


def only(query: str) -> ServiceBlock:
    (block,) = find(query)
    return block


def results(names: list[str], *rows: dict[str, object]) -> bytes:
    return json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode()


def test_a_block_becomes_a_query_with_the_prologue_and_a_limit() -> None:
    block = only(f"PREFIX x: <urn:x>\nSELECT * {{ ?a ?b 1 . {BLOCK} FILTER (?a > 1) }}")
    assert block.endpoint == URL
    assert block.query == f"BASE <{BASE}>\nPREFIX x: <urn:x>\nSELECT * WHERE {{ ?s ?p ?o }} LIMIT 11"
    assert block.variables == {"s", "p", "o"}


@pytest.mark.parametrize("text", ["'}'", '"""\n} SERVICE <x:y> {"""', "<http://x/#y>", "?x # }\n"])
def test_a_brace_that_is_none_does_not_end_a_block(text: str) -> None:
    query = f"ASK {{ SERVICE <{URL}> {{ ?a ?b {text} }} }}"
    if "<x:y>" in text:
        assert "SERVICE <x:y>" in only(query).query  # in a string, which the endpoint reads as one
    assert query[only(query).end :] == " }"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://b.example/> { ?s ?p ?o } }",
        f"SELECT * {{ SERVICE <{URL}/> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE <{URL.upper()}> {{ ?s ?p ?o }} }}",
        "SELECT * { SERVICE <http://a.example\\u002Fsparql> { ?s ?p ?o } }",
        f"SELECT * {{ VALUES ?e {{ <{URL}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
        "PREFIX a: <http://a.example/> SELECT * { SERVICE a:sparql { ?s ?p ?o } }",
        f"SELECT * {{ SERVICE SILENT <{URL}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE <{URL}> {{ {BLOCK} }} }}",
        f"SELECT * {{ GRAPH ?g {{ {BLOCK} }} }}",
        f"SELECT * {{ GRAPH?g{{ OPTIONAL {{ {BLOCK} }} }} }}",
        f"PREFIX s: <urn:s> SELECT * {{ GRAPHs:x {{ {BLOCK} }} }}",
        f"SELECT * {{ {BLOCK * 5} }}",
        f"SELECT * {{ ?s ?p 1FILTER NOT EXISTS{{ {BLOCK} }} }}",
        f"SELECT * {{ ?s ?p 1LATERAL{{ {{ {BLOCK} }} }} }}",
        f"SELECT * {{ {BLOCK} SERVICE <http://b.example/> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ {BLOCK} ?x ?y 1SERVICE<http://b.example/>{{ ?s ?p ?o }} }}",
        f"PREFIX s: <urn:s> SELECT * {{ {BLOCK} SERVICEs:x {{ ?s ?p ?o }} }}",
        f"SELECT * {{ FILTER (1<'a> {BLOCK} ') }}",
        f"SELECT * {{ ?s ?p '''\\q''' . {BLOCK} }}",
        f"SELECT * {{ {BLOCK} ?s ?p '\\q' }}",
    ],
)
def test_what_is_not_certain_is_refused(query: str) -> None:
    with pytest.raises(ForbiddenQueryError):
        check_query(without_services(query, find(query)))


def test_nothing_is_found_where_nothing_is_allowed() -> None:
    assert find_services(f"SELECT * {{ {BLOCK} }}", set(), BASE, 10) == []


@given(st.text("\n\r\t SERVICE<>{}?#xyz'", max_size=60))
def test_the_bare_query_keeps_every_place(inner: str) -> None:
    query = f"SELECT * {{\n {BLOCK[:-1]} {inner} }}\n ?tail }}"
    try:
        blocks = find(query)
    except ForbiddenQueryError:
        return
    bare = without_services(query, blocks)
    assert len(bare) == len(query)
    assert [i for i, char in enumerate(bare) if char == "\n"] == [i for i, char in enumerate(query) if char == "\n"]
    for block in blocks:
        assert "SERVICE" not in bare[block.start : block.end]
        assert bare[block.end :] == without_services(query, blocks)[block.end :]


@given(
    st.lists(
        st.one_of(
            st.builds(lambda v: {"type": "literal", "value": v}, st.text()),
            st.builds(lambda v: {"type": "uri", "value": v}, st.text() | st.text().map("http://x/".__add__)),
            st.builds(lambda v, t: {"type": "literal", "value": v, "xml:lang": t}, st.text(), st.text()),
            st.builds(lambda v, t: {"type": "literal", "value": v, "datatype": t}, st.text(), st.text()),
        ),
        max_size=4,
    )
)
def test_whatever_an_endpoint_says_is_data(terms: list[dict[str, str]]) -> None:
    query = f"SELECT ?s {{ {BLOCK} }}"
    block = only(query)
    try:
        text = values_of(results(["s"], *({"s": term} for term in terms)), block, 10)
    except ServiceError:
        return
    whole = inline(query, [Inlined(block.start, block.end, text)])
    check_query(whole)
    rows = list(ox.Store().query(whole))  # type: ignore[arg-type]
    assert [row["s"].value for row in rows] == [term["value"] for term in terms]


@pytest.mark.parametrize(
    "document",
    [
        b"", b"[]", b"{}", b"\xff", b"null", b"[" * 100_000, b'{"head":{"vars":["s"]},"results":{"bindings":{}}}',
        b'{"boolean":true,"head":{}}', results(["s"], {"s": {"type": "uri", "value": "relative"}}),
        results(["s"], {"s": {"type": "uri", "value": "http://x/> } SERVICE <http://b.example/"}}),
        results(["s"], {"s": {"type": "literal", "value": 1}}), results(["s"], {"s": {"type": "other", "value": "1"}}),
        results(["s"], {"s": {"type": "literal", "value": "\ud800"}}),
    ],
)  # fmt: skip
def test_what_is_no_result_is_refused(document: bytes) -> None:
    with pytest.raises(ServiceError):
        values_of(document, only(f"ASK {{ {BLOCK} }}"), 10)


def test_rows_bind_only_what_the_block_names() -> None:
    literal = {"type": "literal", "value": "1"}
    block = only(f"ASK {{ {BLOCK} }}")
    assert values_of(results(["s", "z", "s"], {"s": literal, "z": literal}, {}), block, 10) == (
        'VALUES (?s) { ("1") (UNDEF) }'
    )


def test_too_many_rows_and_blank_nodes_are_said() -> None:
    block = only(f"ASK {{ {BLOCK} }}")
    with pytest.raises(LimitError, match="more than 1 rows"):
        values_of(results([], {}, {}), block, 1)
    with pytest.raises(QueryError, match=r"\?s"):
        values_of(results(["s"], {"s": {"type": "bnode", "value": "b"}}), block, 1)


def answered(query: str, values: str) -> bytes:
    blocks = find(query)
    parts = [Inlined(block.start, block.end, values) for block in blocks]
    return evaluate(ox.Store(), Request(query, JSON, services=parts, bare=without_services(query, blocks))).body


def test_an_error_is_where_the_client_wrote_it() -> None:
    query = f"SELECT * {{\n {BLOCK} }} ORDER ?q"
    with pytest.raises(QuerySyntaxError) as caught:
        answered(query, f"VALUES ?s {{ {'1 ' * 500} }}")
    with pytest.raises(QuerySyntaxError) as plain:
        evaluate(ox.Store(), Request(query.replace(BLOCK, "FILTER (1 = 1)".ljust(len(BLOCK))), JSON))
    assert (caught.value.line, caught.value.column) == (plain.value.line, plain.value.column) == (2, len(BLOCK) + 11)


def test_a_block_without_variables_keeps_its_number_of_solutions() -> None:
    query = f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{URL}> {{ <a:> <b:> <c:> }} }}"
    values = values_of(results([], {}, {}), only(query), 10)
    assert json.loads(answered(query, values))["results"]["bindings"][0]["n"]["value"] == "2"


def test_a_variable_bound_twice_is_the_query_s_fault() -> None:
    with pytest.raises(QueryError, match="SERVICE blocks"):
        answered(f"SELECT * {{ {BLOCK} BIND (1 AS ?s) }}", "VALUES ?s { 2 }")
