"""The form of Turtle files: the same statements, one form, and the checkout's own files are in it."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.graph.ontology import turtle_files
from wsiskg.graph.turtle_format import format_turtle
from wsiskg.model.errors import UsageError

SAMPLE = """# What this file is.
# Who may edit it.

@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://e.example/> .
@prefix exlong: <http://e.example/long/> .
@prefix unused: <http://unused.example/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:b ex:p "b"@fr, "a"@en, 1, true, 1.5, "x"^^ex:kind, "plain", <http://other.example/> ; a ex:C, ex:B .
ex:a sh:or ( [ sh:datatype xsd:date ; sh:minCount 1 ] [ sh:nodeKind sh:IRI ] ) ; ex:empty () ;
  ex:nested ( ex:x ( 1 2 ) "y" ) ; ex:node [ ex:p [ ex:q "deep" ] ] .
exlong:c ex:text "quote \\" backslash \\\\ tab \\t line\\nbreak", '''long
"text"''' ; ex:odd ex:a\\,b, <http://e.example/a/b#c>, ex:end\\. .
"""
FORMATTED = """# What this file is.
# Who may edit it.

@prefix ex: <http://e.example/> .
@prefix exlong: <http://e.example/long/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:a
    ex:empty () ;
    ex:nested ( ex:x ( 1 2 ) "y" ) ;
    ex:node [ ex:p [ ex:q "deep" ] ] ;
    sh:or ( [ sh:datatype xsd:date ; sh:minCount 1 ] [ sh:nodeKind sh:IRI ] ) ;
    .

ex:b
    a ex:B ;
    a ex:C ;
    ex:p <http://other.example/> ;
    ex:p 1 ;
    ex:p "1.5"^^xsd:decimal ;
    ex:p "plain" ;
    ex:p true ;
    ex:p "x"^^ex:kind ;
    ex:p "a"@en ;
    ex:p "b"@fr ;
    .

exlong:c
    ex:odd <http://e.example/a,b> ;
    ex:odd <http://e.example/a/b#c> ;
    ex:odd <http://e.example/end.> ;
    ex:text "long\\n\\"text\\"" ;
    ex:text "quote \\" backslash \\\\ tab \\t line\\nbreak" ;
    .
"""


XSD = "http://www.w3.org/2001/XMLSchema#"


def canonical(text: str) -> set[str]:
    dataset = ox.Dataset(ox.parse(text, ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def test_form_of_a_sample() -> None:
    assert format_turtle(SAMPLE, "sample.ttl") == FORMATTED


@pytest.mark.parametrize("text", [SAMPLE, FORMATTED, "", "# only a comment\n", "<a:b> <a:c> <a:d> ."])
def test_statements_stay_and_formatting_twice_changes_nothing(text: str) -> None:
    once = format_turtle(text, "sample.ttl")
    assert canonical(once) == canonical(text)
    assert format_turtle(once, "sample.ttl") == once


@given(
    st.sets(
        st.tuples(
            st.sampled_from(["a", "b", "a.b", "é", "1", "a-b", "x_", "a/b", ""]),
            st.sampled_from(["p", "q", "type"]),
            st.one_of(
                st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8).map(ox.Literal),
                st.integers(-5, 5).map(ox.Literal),
                st.booleans().map(ox.Literal),
                st.sampled_from([ox.NamedNode("http://e.example/a"), ox.NamedNode("http://e.example/a.")]),
                st.sampled_from([ox.Literal("x", language="en"), ox.Literal("x", language="zh-hans")]),
                st.builds(
                    lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(XSD + kind)),
                    st.sampled_from(["1", "01", "+1", "-0", "true", "1.0", "x"]),
                    st.sampled_from(["integer", "boolean", "decimal", "date", "string"]),
                ),
            ),
        ),
        max_size=12,
    )
)
def test_any_statements_stay(rows: set[tuple[str, str, ox.Literal | ox.NamedNode]]) -> None:
    base = "http://e.example/"
    triples = [ox.Triple(ox.NamedNode(base + s), ox.NamedNode(base + p), o) for s, p, o in rows]
    text = (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"ex": base}) or b"").decode("utf-8")
    once = format_turtle(text, "any.ttl")
    assert {q.triple for q in ox.parse(once, ox.RdfFormat.TURTLE)} == set(triples)
    assert format_turtle(once, "any.ttl") == once
    shuffled = (ox.serialize(triples[::-1], format=ox.RdfFormat.TURTLE, prefixes={"ex": base}) or b"").decode("utf-8")
    assert format_turtle(shuffled, "any.ttl") == once


def test_one_more_statement_is_one_more_line() -> None:
    before = format_turtle(SAMPLE, "sample.ttl").splitlines()
    after = format_turtle(SAMPLE + "ex:b ex:p 2 .", "sample.ttl").splitlines()
    assert [line for line in after if line not in before] == ["    ex:p 2 ;"]
    assert len(after) == len(before) + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<a:b> <a:c> .", "sample.ttl"),
        ("<a:b> <a:c> _:x, _:y . <a:d> <a:c> _:x .", "used twice"),
        ("_:x <a:c> <a:d> .", "stands alone"),
        ("<a:b> <a:c> <<( <a:d> <a:e> <a:f> )>> .", "quoted triples"),
    ],
)
def test_what_cannot_be_formatted(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        format_turtle(text, "sample.ttl")
    assert caught.value.remedy or "quoted" in said


@pytest.mark.parametrize(
    "odd",
    [
        "rdf:first 1, 2 ; rdf:rest ()",
        "rdf:first 1 ; rdf:rest (), ( 2 )",
        "rdf:first 1 ; rdf:rest [ rdf:first 2 ; rdf:rest () ; <a:note> 'x' ]",
        "rdf:first 1 ; rdf:rest <a:end>",
        "rdf:first 1",
    ],
)
def test_what_is_nearly_a_list_keeps_its_statements(odd: str) -> None:
    text = f"@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . <a:b> <a:c> [ {odd} ] ."
    assert canonical(format_turtle(text, "odd.ttl")) == canonical(text)


def test_blank_nodes_in_a_ring_are_not_lost() -> None:
    with pytest.raises(UsageError):
        format_turtle("_:x <a:c> _:y . _:y <a:c> _:x .", "ring.ttl")


@pytest.mark.parametrize(
    ("folder", "name"), [(folder, name) for folder in ("ontology", "shapes") for name in turtle_files(folder)]
)
def test_files_of_the_checkout_are_formatted(folder: str, name: str) -> None:
    text = turtle_files(folder)[name]
    assert text == format_turtle(text, name), "repair with: wsiskg fmt"


def test_files_of_the_checkout_end_in_one_newline() -> None:
    for folder in ("ontology", "shapes"):
        for text in turtle_files(folder).values():
            assert text.endswith("\n")
            assert not text.endswith("\n\n")
            assert "\r" not in text


def test_there_are_files_to_check() -> None:
    root = Path(__file__).resolve().parents[2]
    assert {p.name for f in ("ontology", "shapes") for p in (root / f).glob("*.ttl")} == {
        name for folder in ("ontology", "shapes") for name in turtle_files(folder)
    }
