"""Known traps: what is found in a query, where, and that the rewrite shown gives the same answer."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.store.traps import find_traps

DATA = """
@prefix : <http://e.example/> .
:a :p :b ; :name "ITU studies" . :b :p :c ; :name "a study of ITU" . :c :q :a ; :name "UNESCO" . :d :p :d .
"""
P = "PREFIX : <http://e.example/> "


def traps(query: str) -> list[str]:
    return [hint.trap for hint in find_traps(P + query)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT * { ?a :p ?b . ?c :p ?d }", ["cartesian-product"]),
        ("SELECT * { ?a :p ?b . ?c :p ?d FILTER(?b = ?c) }", ["cartesian-product"]),
        ("SELECT * { { ?a :p ?b } { ?c :p ?d } }", ["cartesian-product"]),
        ("SELECT * { ?a :p ?b OPTIONAL { ?x :p ?y } }", []),
        ("SELECT * { ?a :p ?b FILTER NOT EXISTS { ?a :q ?c } }", ["not-exists"]),
        ("SELECT * { ?a :p ?b FILTER NOT EXISTS { ?a :q ?c FILTER(?c != ?b) } }", ["not-exists"]),
        ("SELECT * { ?a :p* ?b }", ["open-path"]),
        ("SELECT * { ?a (:p|:q)+ ?b }", ["open-path"]),
        ("SELECT * { ?a :p ?b } ORDER BY ?b", ["order-without-limit"]),
        ('SELECT * { ?a :name ?n FILTER(REGEX(?n, ".*ITU")) }', ["leading-wildcard"]),
        ('SELECT * { ?a :name ?n FILTER(REGEX(?n, "^.*ITU.*x")) }', ["leading-wildcard"]),
        ('SELECT * { ?a :name ?n FILTER(regex(?n, "^ITU", "i")) }', ["regex-for-text"]),
        ("SELECT * { ?a :p ?b ; :q ?c . ?c :name ?n }", []),
        ("SELECT * { ?a :p/:q ?b }", []),
        ("SELECT * { :a :p* ?b }", []),
        ("SELECT (?a * ?b + ?c AS ?d) { ?x :p ?a, ?b, ?c }", []),
        ("SELECT * { ?a :p ?b } ORDER BY ?b LIMIT 3", []),
        ('SELECT * { ?a :name ?n FILTER(REGEX(?n, "I[TU]+")) }', []),
        ("SELECT * { ?a :p ?b VALUES ?c { 1 } }", []),
        ("SELECT * { { ?a :p ?b } UNION { ?c :q ?d } }", []),
        ("SELECT * { { SELECT ?a { ?a :p ?b } } ?a :q ?c }", []),
        ("CONSTRUCT { ?a :p ?b . ?c :p ?d } WHERE { ?a :p ?b ; :q ?c . ?c :p ?d }", []),
        ("SELECT * { ?a :p [ :q ?b ] }", []),
        ("SELECT * { BIND(1 AS ?x) ?a :p ?b }", []),
        ("ASK {}", []),
        ("SELECT * {", []),
    ],
)
def test_traps(query: str, found: list[str]) -> None:
    assert traps(query) == found


def test_a_hint_says_where() -> None:
    (hint,) = find_traps("SELECT * {\n  ?a <a:p> ?b\n  FILTER NOT EXISTS { ?a <a:q> ?c }\n}")
    assert (hint.line, hint.column) == (3, 3)
    assert hint.rewrite == "MINUS { ?a <a:q> ?c }"


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("SELECT ?a { ?a :p ?b FILTER NOT EXISTS { ?a :q ?c } }", "FILTER NOT EXISTS { ?a :q ?c }"),
        ('SELECT ?a { ?a :name ?n FILTER(REGEX(?n, ".*ITU")) }', 'REGEX(?n, ".*ITU")'),
        ('SELECT ?a { ?a :name ?n FILTER(REGEX(?n, "^itu", "i")) }', 'REGEX(?n, "^itu", "i")'),
        ('SELECT ?a { ?a :name ?n FILTER(REGEX(?n, "^ITU studies$")) }', 'REGEX(?n, "^ITU studies$")'),
        ('SELECT ?a { ?a :name ?n FILTER(REGEX(?n, "ITU$")) }', 'REGEX(?n, "ITU$")'),
        ('SELECT ?a { ?a :name ?n FILTER(REGEX(?n, "^.*stud[iy]")) }', 'REGEX(?n, "^.*stud[iy]")'),
    ],
)
def test_a_rewrite_gives_the_same_rows(query: str, part: str) -> None:
    store = ox.Store()
    store.bulk_load(input=DATA.encode(), format=ox.RdfFormat.TURTLE)

    def rows(text: str) -> list[str]:
        found = store.query(P + text)
        assert isinstance(found, ox.QuerySolutions)
        return sorted(str(row["a"]) for row in found)

    (hint,) = find_traps(P + query)
    assert part in query
    assert rows(query.replace(part, hint.rewrite)) == rows(query) != []


PIECES = [
    "SELECT",
    "*",
    "{",
    "}",
    "?a",
    "?b",
    "<a:p>",
    "FILTER",
    "NOT",
    "EXISTS",
    "(",
    ")",
    "REGEX",
    '".*x"',
    ",",
    "UNION",
    "OPTIONAL",
    "VALUES",
    "BIND",
    "AS",
    "ORDER",
    "BY",
    ".",
    "GRAPH",
    "+",
    "CONSTRUCT",
    "MINUS",
    "1",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_text_is_read_without_complaint(pieces: list[str]) -> None:
    assert len(find_traps(" ".join(pieces))) <= 10
