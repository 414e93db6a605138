"""Whatever the shapes and the data, the screened way has the results of pySHACL on everything."""

from collections.abc import Iterator
from functools import partial

import hypothesis.strategies as st
import polars as pl
import pytest
import rdflib
from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode, Triple
from rdflib.namespace import RDF

from wsiskg.graph.columns.statements import COLUMNS, Part, Statements, frame_of
from wsiskg.graph.held import Held
from wsiskg.graph.statistics import count_block
from wsiskg.rules import decide as deciding
from wsiskg.rules.decide import decide
from wsiskg.rules.screening import screen as screening
from wsiskg.rules.screening.changes import Changes
from wsiskg.rules.shacl import Result, run_shapes, to_rdflib

XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/"
PREFIXES = f"""
@prefix : <{EX}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <{XSD}> .
"""

NODES = [NamedNode(f"{EX}{name}") for name in ("a", "b", "a-b", "a/b", "c", "d")]
CLASSES = [NamedNode(f"{EX}{name}") for name in ("K", "L", "M")]
PREDICATES = [NamedNode(f"{EX}{name}") for name in ("p", "q", "r")]
LEXICAL = st.sampled_from([
    *("", " ", "x", "xy", 'say "x"', "back\\slash", "x\n", "\n", "\x1c", "\u00a0", "سلام", "x@en", '"@en', "^^<x>"),
    *("1", "01", "+1", "-0", "2", "10", "1.0", "1.00000000000000000001", "99999999999999999999", "1e0", "NaN", "INF"),
    *("true", "1 ", "2023-02-28", "2023-02-30", "2024-02-29", "2023-12-31", "2023-12-31Z", "2023-1-1", "0000-01-01"),
    *("2023", "2023-02", "2023-13", "02023"),
])  # fmt: skip
DATATYPES = [NamedNode(f"{XSD}{name}") for name in (
    "string", "integer", "decimal", "double", "boolean", "date", "gYear", "gYearMonth", "anyURI", "dateTime", "int",
)]  # fmt: skip
TAGS = st.sampled_from(["en", "EN-gb", "fr", "zh-Hans"])
LITERALS = st.one_of(
    st.builds(Literal, LEXICAL),
    st.builds(
        lambda text, tag: Literal(text, language=tag), LEXICAL, st.sampled_from(["en", "EN-gb", "fr", "zh-Hans"])
    ),
    st.builds(lambda text, kind: Literal(text, datatype=kind), LEXICAL, st.sampled_from(DATATYPES)),
)
TYPE, BELOW = NamedNode(str(RDF.type)), NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
TRIPLES = st.one_of(
    st.builds(Triple, st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from(NODES) | LITERALS),
    st.builds(Triple, st.sampled_from(NODES), st.just(TYPE), st.sampled_from(CLASSES)),
    st.builds(Triple, st.sampled_from(CLASSES), st.just(BELOW), st.sampled_from(CLASSES)),
)
GRAPHS = st.lists(st.sets(TRIPLES, max_size=14), min_size=1, max_size=3)

PATHS = st.sampled_from([
    *(":p", ":q", "[ sh:inversePath :p ]", "( :p :q )", "[ sh:alternativePath ( :p :q ) ]"),
    *("[ sh:alternativePath ( :q ( :p :r ) ) ]", "[ sh:alternativePath ( [ sh:inversePath :q ] :r ) ]"),
    *("[ sh:zeroOrMorePath :p ]", "( [ sh:inversePath :p ] :q )", "rdf:type"),
])  # fmt: skip
TYPES = st.sampled_from(["rdf:langString", "rdfs:Literal", *(f"xsd:{k.value.removeprefix(XSD)}" for k in DATATYPES)])
NUMBERS = st.sampled_from(["1", "2", "1.0", "1e0", '"2023-02-28"^^xsd:date', '"x"', '"2023"^^xsd:gYear'])
PATTERNS = st.sampled_from([
    *("\\\\S", "\\\\w", "^x", "x$", "^[^/]+$", "/b$", "^.*$", "@", "^[a-z-]?[0-9]{1,2}$"),
    *("[]x]", "x++", "(?i)X"),  # other things to Rust, or none
])  # fmt: skip
TERM_TESTS = st.one_of(
    st.sampled_from(["IRI", "Literal", "BlankNode", "IRIOrLiteral", "BlankNodeOrIRI"]).map("sh:nodeKind sh:{}".format),
    TYPES.map("sh:datatype {}".format),
    PATTERNS.map('sh:pattern "{}"'.format),
    st.just('sh:pattern "X" ; sh:flags "i"'),
    st.sampled_from([":K", ":L", ":M"]).map("sh:class {}".format),
    st.builds("sh:{}clusive {}".format, st.sampled_from(["minIn", "maxIn", "minEx", "maxEx"]), NUMBERS),
    st.builds("sh:{}Length {}".format, st.sampled_from(["min", "max"]), st.integers(0, 3)),
    st.sampled_from(['"en"', '"EN" "fr"', '"zh-hans"', '"*"']).map("sh:languageIn ( {} )".format),
    st.sampled_from([":a", ':b "x" 1', '"x"@en true']).map("sh:in ( {} )".format),
    st.sampled_from([":a", '"x"', "1", ":K"]).map("sh:hasValue {}".format),
)  # fmt: skip


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blank = inner.map("[ {} ]".format)
    return st.one_of(
        st.builds("sh:not {}".format, blank),
        st.builds("sh:{} ( {} {} )".format, st.sampled_from(["or", "and", "xone"]), blank, blank),
        st.builds("sh:node [ a sh:NodeShape ; {} ]".format, TERM_TESTS),
        st.builds("sh:property [ sh:path {} ; {} ]".format, PATHS, inner),
    )


PAIRS = st.builds(
    "sh:{} {}".format, st.sampled_from(["equals", "disjoint", "lessThan", "lessThanOrEquals"]),
    st.sampled_from([":p", ":q", ":r"]),
)  # fmt: skip
CONSTRAINTS = st.one_of(TERM_TESTS, st.recursive(TERM_TESTS, nested, max_leaves=3))
OF_PROPERTY = st.one_of(
    CONSTRAINTS,
    PAIRS,
    st.builds("sh:{}Count {}".format, st.sampled_from(["min", "max"]), st.integers(0, 3)),
    st.just("sh:uniqueLang true"),
    st.builds(
        "sh:qualifiedValueShape [ {} ] ; sh:qualifiedMinCount {} ; sh:qualifiedMaxCount {}".format,
        CONSTRAINTS, st.integers(0, 1), st.integers(0, 2),
    ),
)  # fmt: skip
TARGETS = st.sampled_from([
    "sh:targetClass :K", "sh:targetClass :L , :M", "sh:targetSubjectsOf :p", "sh:targetObjectsOf :q",
    "sh:targetNode :a", "sh:targetNode :nowhere",
])  # fmt: skip
NODE_SHAPES = st.builds("a sh:NodeShape ; {} ; {}".format, TARGETS, CONSTRAINTS)
PROPERTY_SHAPES = st.builds("a sh:PropertyShape ; {} ; sh:path {} ; {}".format, TARGETS, PATHS, OF_PROPERTY)
CLOSED = st.just("a sh:NodeShape ; sh:targetClass :K ; sh:closed true ; sh:ignoredProperties ( rdf:type )")
SHAPES = st.lists(NODE_SHAPES | PROPERTY_SHAPES | PROPERTY_SHAPES | CLOSED, min_size=1, max_size=3)


def cut(number: int, triples: set[Triple]) -> Statements:
    """A graph in blocks of one subject each."""

    def blocks() -> Iterator[pl.DataFrame]:
        yield from frame_of(triples).partition_by("subject", maintain_order=True) if triples else ()

    return Statements.in_blocks(NamedNode(f"{EX}graph/{number}"), blocks)


def told(results: list[Result]) -> list[tuple[object, ...]]:
    """What makes a problem of a result."""
    return sorted((r.focus, r.path, r.value, r.component, r.shape, str(r.severity), str(r.texts)) for r in results)


@pytest.fixture(autouse=True, scope="module")
def small_steps() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screening, "_ROWS", 3)
        patch.setattr(screening, "_OPEN", 4)
        patch.setattr(deciding, "_CHUNK", 2)
        patch.setattr("os.cpu_count", lambda: 1)
        yield


def read_shapes(shapes: list[str]) -> rdflib.Graph:
    message = 'sh:message "{?value}, {?p}"'
    text = PREFIXES + "".join(f":S{number} {shape} ; {message} .\n" for number, shape in enumerate(shapes))
    return rdflib.Graph(bind_namespaces="none").parse(data=text, format="turtle")


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@settings(max_examples=100)
@given(GRAPHS, SHAPES)
def test_results_are_those_of_pyshacl_on_everything(graphs: list[set[Triple]], shapes: list[str]) -> None:
    rules = read_shapes(shapes)
    found = decide([cut(number, graph) for number, graph in enumerate(graphs)], rules).results
    assert told(found) == told(run_shapes(to_rdflib(set().union(*graphs)), rules))


def parts_of(triples: set[Triple]) -> dict[str, pl.DataFrame]:
    """A graph in parts of one subject each, by that."""
    blocks = frame_of(triples).partition_by("subject", maintain_order=True) if triples else []
    return {str(block["subject"][0]): block for block in blocks}


def compared(before: list[set[Triple]], after: list[set[Triple]], suspects: pl.Series) -> Changes:
    held, lost, new = [], [set[Triple]()], [set[Triple]()]
    for then, now in zip(before, after, strict=True):
        known, blocks = parts_of(then), parts_of(now)
        for (first, block), end in zip(blocks.items(), [*blocks, ""][1:], strict=False):
            same = first in known and known[first].equals(block)
            held.append(Held(first, end, count_block(block) if same else None, lambda b=block: b))  # type: ignore[misc]
        lost.append(then - now)
        new.append(now - then)
    nothing = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    frames = [pl.concat([nothing, *(frame_of(t) for t in changed if t)]) for changed in (lost, new)]
    return Changes(suspects, held, *frames)


EDITS = st.lists(st.lists(st.tuples(st.integers(0, 2), TRIPLES), min_size=1, max_size=2), min_size=1, max_size=3)


@pytest.mark.filterwarnings("ignore:Parsing weird boolean")
@settings(max_examples=60)
@given(GRAPHS, SHAPES, EDITS)
def test_results_after_a_change_are_those_of_pyshacl_on_everything(
    graphs: list[set[Triple]], shapes: list[str], edits: list[list[tuple[int, Triple]]]
) -> None:
    """Statements come and go; each time what was found the time before is taken over."""
    rules = read_shapes(shapes)
    suspects = decide([cut(number, graph) for number, graph in enumerate(graphs)], rules).suspects
    for edit in edits:
        if suspects is None:
            return
        before, graphs = graphs, [set(graph) for graph in graphs]
        for number, triple in edit:
            graphs[number % len(graphs)] ^= {triple}
        now = [cut(number, graph) for number, graph in enumerate(graphs)]
        again = decide(now, rules, changes=compared(before, graphs, suspects))
        assert told(again.results) == told(run_shapes(to_rdflib(set().union(*graphs)), rules))
        suspects = again.suspects


@pytest.mark.parametrize("path", ["( :p :q )", "( :p :p :q )", "[ sh:inversePath :r ]"])
def test_a_node_that_sees_a_changed_one_is_judged_though_nothing_is_said_of_it(path: str) -> None:
    a, b, c = (NamedNode(EX + name) for name in "abc")
    p, q, r = PREDICATES
    by_path = {
        "( :p :q )": [(a, p, b), (b, q, Literal(1))],
        "( :p :p :q )": [(a, p, b), (b, p, c), (c, q, Literal(1))],
        "[ sh:inversePath :r ]": [(b, r, a)],
    }
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    *kept, gone = [Triple(*terms) for terms in by_path[path]]
    before = [{Triple(a, kind, CLASSES[0]), *kept, gone}]
    after = [before[0] - {gone}]
    rules = read_shapes([f"a sh:NodeShape ; sh:targetClass :K ; sh:property [ sh:path {path} ; sh:minCount 1 ]"])
    first = decide([cut(0, before[0])], rules)
    assert first.results == []
    assert first.suspects is not None
    again = decide([cut(0, after[0])], rules, changes=compared(before, after, first.suspects))
    assert [result.focus for result in again.results] == [a.value]


def test_only_parts_that_may_say_something_of_nodes_are_made_again() -> None:
    blocks = [frame_of([Triple(NamedNode(f"{EX}{name}"), TYPE, CLASSES[0])]) for name in "acegi"]
    made: list[str] = []

    def parts(_: object) -> Iterator[Part]:
        for block in blocks:
            yield Part(block["subject"][0], str, partial(make, block))

    def make(block: pl.DataFrame) -> pl.DataFrame:
        made.append(block["subject"][0])
        return block

    union = screening.Union([Statements(NamedNode(f"{EX}graph"), parts)])
    whole = pl.concat(union.blocks())
    assert len(whole) == len(made) == 5
    made.clear()
    about = union.about(pl.Series([f"<{EX}{name}>" for name in ("f", "c", "z")]))
    assert about.equals(blocks[1])
    assert made == [f"<{EX}{name}>" for name in ("c", "e", "i")]
