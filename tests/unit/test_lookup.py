"""Lookups: only what is a short walk along an index is taken for one, and is read as the lexer reads it."""

import time
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.graph.release import Release, load_store
from wsiskg.model.errors import QuerySyntaxError, WsiskgError
from wsiskg.store.evaluate import Request, evaluate
from wsiskg.store.guard import Form, check_query, read_query
from wsiskg.store.lookup import LARGEST, Lookups, lookup_form

LINE = "<https://w3id.org/wsis-kg/id/action-line/C2>"
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "

LOOKUPS = [
    f"SELECT ?t {{ {LINE} {LABEL} ?t }}",
    f"select*where{{{LINE} a ?kind.}}LIMIT 3",
    f"ASK {{ ?s {LABEL} 'x' }}".replace("'", '"'),
    'ASK WHERE { ?s ?p "Access to information and knowledge"@en } # a comment',
    f"{SKOS}SELECT ?t WHERE {{\n  {LINE} skos:prefLabel ?t .\n}}",
    f"# first\n{SKOS}\nPREFIX wsis: <https://w3id.org/wsis-kg/ontology#>\nSELECT $s ?x {{ $s skos:broader {LINE} }}",
]
OTHERS = [
    "SELECT * { ?s ?p ?o }",  # nothing is named
    f"SELECT * {{ ?s {LABEL} ?o }}",
    f"SELECT * {{ {LINE} ?p ?p }}",
    f"SELECT * {{ ?s {LINE} ?s }}",
    f"SELECT DISTINCT ?p {{ {LINE} ?p ?o }}",
    f"SELECT (COUNT(*) AS ?n) {{ {LINE} ?p ?o }}",
    f"SELECT * {{ {LINE} ?p ?o . ?o ?q ?r }}",
    f"SELECT * {{ {LINE} ?p ?o ; a ?k }}",
    f"SELECT * {{ {LINE} ?p/?q ?o }}",
    f"SELECT * {{ {LINE} {LABEL}* ?o }}",
    f"SELECT * FROM {LINE} {{ {LINE} ?p ?o }}",  # noqa: S608
    f"SELECT * {{ {LINE} ?p ?o FILTER(?o > 1) }}",
    f"SELECT * {{ {LINE} ?p ?o }} ORDER BY ?o",
    f"SELECT * {{ GRAPH ?g {{ {LINE} ?p ?o }} }}",
    f"SELECT * {{ SERVICE {LINE} {{ ?s ?p ?o }} }}",
    "SELECT * { <relative> ?p ?o }",
    f"CONSTRUCT {{ {LINE} ?p ?o }} {{ {LINE} ?p ?o }}",
    f"DESCRIBE {LINE}",
    f"SELECT ?o {{ {LINE} ?p ?o }} VALUES ?o {{ 1 }}",
    f"SELECT * {{ {LINE} ?p ?o }}" + " " * 2_000,
]


@pytest.mark.parametrize("query", LOOKUPS)
def test_lookups_are_known(query: str) -> None:
    assert lookup_form(query) is read_query(query).form
    assert lookup_form(query) in {Form.SELECT, Form.ASK}


@pytest.mark.parametrize("query", OTHERS)
def test_all_else_is_for_workers(query: str) -> None:
    assert lookup_form(query) is None


_TERMS = st.sampled_from(
    ["?s", "$s", "?o", "a", LINE, "<a:b#c>", "<a:it's>", "<b>", "e:x", ":x", "e:", '"a"', "'a'", '"a"@en-GB', '"\\""',
     "1", "true", "[]", "()", "_:b", "<<", "SERVICE", "e:x/e:y", "!e:x", "^e:x", "service:x", "?x{", "}"]
)  # fmt: skip
_BLANKS = st.sampled_from(["", " ", "\n", "\t", "#\n", " #>{\n", "#'\n", "\r"])
_WORDS = st.sampled_from(
    ["SELECT", "select", "ASK", "?s", "*", "WHERE", "{", "}", ".", ";", ",", "FROM", "LIMIT 1", "LIMIT", "DISTINCT",
     "PREFIX e: <a:b#>", "PREFIX : <a:b#>", "BASE <a:b>", "UNION", "OPTIONAL", "FILTER(1<2)", "#", "INSERT", "NOW()"]
)  # fmt: skip
_joined = st.lists(st.tuples(_TERMS, _BLANKS), min_size=3, max_size=4).map(lambda parts: "".join(map("".join, parts)))
_patterns = st.builds(
    "{}{{{}{}}}{}".format,
    st.sampled_from(["SELECT *", "SELECT ?s ", "ASK", "SELECT*WHERE"]), _BLANKS, _joined,
    st.sampled_from(["", ".", " LIMIT 2", "#x", "}", " {"]),
)  # fmt: skip
_anything = st.lists(st.tuples(st.one_of(_WORDS, _TERMS), _BLANKS), max_size=12)
_texts = st.one_of(_patterns, _anything.map(lambda parts: "".join(map("".join, parts))))


@given(_texts)
def test_short_readings_agree_with_the_whole_text(text: str) -> None:
    """Neither the reading of short queries nor that of lookups sees less than the lexer does."""
    whole = read_query(text)
    form = lookup_form(text)
    if form is not None:
        assert (form, whole.has_dataset_clause, whole.service, whole.volatile) == (whole.form, False, None, False)
        assert whole.nesting == 1
    try:
        reading = check_query(text)
    except WsiskgError:
        assert whole.service or whole.doubtful or whole.form in {None, Form.UPDATE}
        return
    assert (reading.form, reading.has_dataset_clause, reading.volatile) == (
        whole.form, whole.has_dataset_clause, whole.volatile,
    )  # fmt: skip
    assert whole.service is None
    assert (reading.nesting, reading.operators) >= (whole.nesting, min(reading.operators, whole.operators))


@pytest.fixture(scope="module")
def lookups(release: Release) -> Lookups:
    """Lookups on the bundled release, opened as they are after the first few."""
    found = Lookups(release)
    until = time.monotonic() + 60
    while found.answer(Request(LOOKUPS[0], "text/csv")) is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    return found


@pytest.fixture(scope="module")
def store(release: Release) -> ox.Store:
    return load_store(release)


@pytest.mark.parametrize(
    "media_type", ["text/csv", "application/sparql-results+json", "application/sparql-results+xml"]
)
@pytest.mark.parametrize("query", LOOKUPS)
def test_lookups_are_answered_as_by_a_worker(lookups: Lookups, store: ox.Store, query: str, media_type: str) -> None:
    request = Request(query, media_type, address="http://a.example/sparql")
    answer = lookups.answer(request)
    assert answer is not None
    assert sorted(answer.body.splitlines()) == sorted(evaluate(store, request).body.splitlines())


def test_what_grows_is_left_to_a_worker(lookups: Lookups) -> None:
    query = "SELECT * { ?s a <https://w3id.org/wsis-kg/ontology#Link> }"
    request = Request(query, "application/sparql-results+xml")
    assert lookup_form(request.query) is Form.SELECT
    assert lookups.answer(request) is None
    small = lookups.answer(replace(request, query=LOOKUPS[0]))
    assert small is not None
    assert len(small.body) < LARGEST


def test_an_unknown_prefix_is_named(lookups: Lookups) -> None:
    with pytest.raises(QuerySyntaxError, match="nobody:"):
        lookups.answer(Request("ASK { nobody:knows a ?kind }", "text/csv"))
