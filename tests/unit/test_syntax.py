"""Where a query is wrong: the place and the token, also where the engine names only the end of the text."""

import pytest

from wsiskg.model.errors import QuerySyntaxError
from wsiskg.store.guard import MAX_NESTING
from wsiskg.store.syntax import check_syntax


@pytest.mark.parametrize(
    ("query", "line", "column", "token", "said"),
    [
        ("SELECT ?s WHERE { ?s foaf:x ?o }", 1, 22, "foaf:x", "'foaf:' is not declared"),
        ("SELECT ?s { ?s ?p ?o } LIMIT x", 1, 30, "x", "unexpected 'x'"),
        ("SELECT ?s, ?p WHERE { ?s ?p ?o }", 1, 10, ",", "unexpected ','"),
        ("SELECT * WHER { ?s ?p ?o }", 1, 10, "WHER", "unexpected 'WHER'"),
        ("SELECT ?s { ?a ?p ?o . OPTONAL { ?s ?x ?y } }", 1, 24, "OPTONAL", "expected OPTIONAL"),
        ("SELECT COUNT(?s) { ?s ?p ?o }", 1, 8, "COUNT", "unexpected 'COUNT'"),
        ("SELECT ?x {\n  ?s ?p ?o }\n}", 3, 1, "}", "closes nothing"),
        ("SELECT ?x { ?s ?p ?o } ) ORDER BY ?s", 1, 24, ")", "closes nothing"),
        ("SELECT ?a { ?a ?b ?c . [ ?d }", 1, 29, "}", "'[' at line 1, column 24 is not closed"),
        ("SELECT * {\n ?s ?p ?o ", 2, 11, "", "ends too early: '{' at line 1, column 10 is not closed"),
        ('SELECT * { ?s ?p "a\nb" }', 1, 18, '"', "string is not closed"),
        ("ASK { ?s <http://a b> ?o }", 1, 10, "<", "IRI parsing failed"),
        ("CONSTRUCT { ?s <http://a b> 1 } { ?s ?p ?o }", 1, 16, "<", "IRI parsing failed"),
        ("ASK\0{}", 1, 4, "\0", "character U+0000"),
        ("\ufeffASK {}", 1, 1, "\ufeffASK", "character U+FEFF"),
        ("SELECT * { ?s ?p ?o . FILTER(?x > ) }", 1, 35, ")", "unexpected ')'"),
        ("SELECT ?s { ?s ?p 1\n BIND(1 AS ?s) }", 2, 12, "?s", "unexpected '?s'"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, 23, "GROUP", "SELECT * is not authorized with GROUP BY"),
        ("SELECT ?s (1 AS ?s) { ?s ?p ?o }", 1, 17, "?s", "The SELECT overrides an existing variable"),
        ("SELECT ?s { ?s ?p ?o } ORDER BY", 1, 32, "", "ends too early"),
    ],
)
def test_the_place_is_named(query: str, line: int, column: int, token: str, said: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        check_syntax(query)
    error = caught.value
    assert (error.line, error.column, error.token) == (line, column, token)
    assert said in error.message
    assert "[_]" not in error.message


def test_what_can_be_parsed_is() -> None:
    check_syntax("SELECT ?s { ?s ?p ?o ; }")


def test_deep_and_long_queries_are_judged_too() -> None:
    for query in ("ASK " + "{" * MAX_NESTING + "}" * (MAX_NESTING - 1), "SELECT * {" + "?s ?p ?o ." * 2_000 + " 1 }"):
        with pytest.raises(QuerySyntaxError):
            check_syntax(query)
