"""Lookups: only what is a short walk along an index is taken for one, and is read as the lexer reads it."""

import time
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsiskg.graph.release import Release, load_store
from wsiskg.model.errors import QuerySyntaxError, WsiskgError
from wsiskg.store.evaluate import Answer, Request, evaluate
from wsiskg.store.formats import RESULT_TYPES
from wsiskg.store.guard import Form, check_query, read_query
from wsiskg.store.lookup import LARGEST, Lookups, lookup_form
from wsiskg.store.rows import UnspokenError, write_rows
from wsiskg.store.subjects import Subjects

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
NAMED = [
    f"SELECT * {{ {LINE} ?z ?a }}",
    f"SELECT ?o ?none $p {{ {LINE} ?p ?o }}",
    f"SELECT ?p {{ {LINE} ?p <https://w3id.org/wsis-kg/ontology#ActionLine> }}",
    f"PREFIX s: <a:b#> {SKOS} PREFIX s: <http://www.w3.org/2004/02/skos/core#>SELECT ?x#?y\n?t{{{LINE} s:altLabel ?t}}",
    "SELECT ?p ?o { <https://w3id.org/wsis-kg/id/nothing> ?p ?o }",
    "SELECT ?p ?o { <https://w3id.org/wsis-kg/id/../id/action-line/C2> ?p ?o }",
    "SELECT ?o { <https://w3id.org/wsis-kg/id/edition/2015> ?p ?o }",
]
"""Lookups of a named subject, which need no engine, but for some."""
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


def rows(answer: Answer) -> list[str]:
    """Return the rows of a table, sorted; the answer to ASK."""
    if answer.media_type == "text/csv" or answer.body in {b"true", b"false"}:
        return sorted(answer.body.decode().split("\r\n"))
    results = ox.parse_query_results(answer.body, RESULT_TYPES[answer.media_type])
    if isinstance(results, ox.QueryBoolean):
        return [str(bool(results))]
    return [*map(str, results.variables), *sorted(str(list(solution)) for solution in results)]


@pytest.mark.parametrize("media_type", RESULT_TYPES)
@pytest.mark.parametrize("query", [*LOOKUPS, *NAMED])
def test_lookups_are_answered_as_by_a_worker(lookups: Lookups, store: ox.Store, query: str, media_type: str) -> None:
    request = Request(query, media_type, address="http://a.example/sparql")
    answer = lookups.answer(request)
    assert answer is not None
    assert rows(answer) == rows(evaluate(store, request))


def test_every_subject_is_found_with_all_that_is_said_of_it(release: Release) -> None:
    said: dict[bytes, list[tuple[bytes, bytes]]] = {}
    for line in release.nquads_path.read_bytes().splitlines():
        subject, predicate, rest = line.split(b" ", 2)
        said.setdefault(subject, []).append((predicate, rest[: rest.rindex(b" ", 0, -2)]))
    subjects = Subjects(release)
    for subject, statements in said.items():
        assert sorted(subjects.of(subject) or ()) == sorted(statements)
    for subject, statements in list(said.items())[::50]:
        predicate = statements[-1][0]
        assert sorted(subjects.of(subject, predicate) or ()) == sorted(s for s in statements if s[0] == predicate)
        for other in (subject[:-1], subject[:-2] + b">", subject[:-1] + b"x>", subject[:-1] + b"0/>"):
            assert sorted(subjects.of(other) or ()) == sorted(said.get(other, ()))
    assert subjects.of(b"<a:b>") == subjects.of(b"<z:z>") == []


_XSD = "http://www.w3.org/2001/XMLSchema#"
_VALUES = st.one_of(
    st.text(max_size=8), st.integers().map(str), st.decimals(allow_nan=False, allow_infinity=False).map(str),
    st.sampled_from(["true", "1", "0.50", "-0", "00", "1.", ".5", "2015-01-02", "0000-01-01", "2015", "a,b", "it's&"]),
)  # fmt: skip
_LITERALS = st.one_of(
    _VALUES.map(ox.Literal),
    st.builds(lambda value, tag: ox.Literal(value, language=tag), _VALUES, st.sampled_from(["en", "pt-BR", "zh-Hans"])),
    st.builds(
        lambda value, name: ox.Literal(value, datatype=ox.NamedNode(_XSD + name)), _VALUES,
        st.sampled_from(["integer", "decimal", "double", "boolean", "date", "gYear", "anyURI", "dateTime", "string"]),
    ),
)  # fmt: skip
_OBJECTS = st.one_of(_LITERALS, st.sampled_from([ox.NamedNode("a:b?c=1&d=2,3"), ox.NamedNode("a:é'")]))


@settings(max_examples=40)
@given(st.lists(_OBJECTS, min_size=1, max_size=6, unique=True), st.sampled_from(list(RESULT_TYPES)))
def test_rows_are_written_as_the_engine_writes_them_or_not_at_all(objects: list[ox.Literal], media_type: str) -> None:
    store = ox.Store()
    for number, term in enumerate(objects):
        store.add(ox.Quad(ox.NamedNode("a:s"), ox.NamedNode(f"a:p{number}"), term))
    predicates = [f"<a:p{number}>".encode() for number in range(len(objects))]
    columns = [predicates, None, [str(term).encode() for term in objects]]
    try:
        written = write_rows(["p", "x", "o"], columns, media_type)
    except UnspokenError:
        return
    query = "SELECT ?p ?x ?o { <a:s> ?p ?o } ORDER BY ?p"
    assert written == evaluate(store, Request(query, media_type, union=False)).body


def test_most_terms_are_written_here(release: Release) -> None:
    """Or all of it would be for nothing."""
    lines = release.nquads_path.read_text("utf-8").splitlines()[::97]
    objects = [line.split(" ", 2)[2].rpartition(" <")[0].encode() for line in lines]

    def written(term: bytes) -> bool:
        try:
            return bool(write_rows(["o"], [[term]], "text/csv"))
        except UnspokenError:
            return False

    assert sum(map(written, objects)) > 0.98 * len(objects)


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
