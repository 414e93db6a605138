"""Dumps from columns are, byte for byte, what Oxigraph and `Context.node` give statement by statement."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable

import hypothesis.strategies as st
import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode, Quad, Triple

from wsiskg.graph.columns import statements
from wsiskg.graph.columns.statements import Statements, frame_of, triples_of
from wsiskg.graph.iris import SDG, Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.release import Release
from wsiskg.graph.serialise import DUMPS, graph_digest, write_graph
from wsiskg.graph.spans import Span
from wsiskg.graph.vocabulary import DCTERMS, RDF_TYPE, RDFS, SCHEMA, SKOS, XSD

IRIS = Iris()
GRAPH = IRIS.graph("stocktaking", "any")


def in_order(triples: Iterable[Triple]) -> list[Triple]:
    return list(triples_of(frame_of(triples)))


def oxigraph(items: list[Triple] | list[Quad], form: ox.RdfFormat) -> bytes:
    text = ox.serialize(items, format=form, prefixes=dict(prefixes(IRIS))) or b""
    while text.startswith(b"@prefix "):
        text = text.partition(b"\n")[2]
    return text


def reference(dump: str, triples: list[Triple]) -> bytes:
    """Return a part of a dump, one statement after the other."""
    quads = [Quad(t.subject, t.predicate, t.object, GRAPH) for t in triples]
    if dump.endswith(".nq"):
        return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    if dump.endswith(".trig"):
        return oxigraph(quads, ox.RdfFormat.TRIG) if quads else b""
    if dump.endswith(".ttl"):
        return oxigraph(triples, ox.RdfFormat.TURTLE) if triples else b""
    context = load_context(IRIS)
    by_subject: defaultdict[str, list[Triple]] = defaultdict(list)
    for triple in triples:
        by_subject[str(triple.subject)[1:-1]].append(triple)
    nodes = [context.node(subject, found) for subject, found in by_subject.items()]
    text = json.dumps({"id": context.compact_iri(GRAPH.value), "@graph": nodes}, ensure_ascii=False, indent=1)
    return ("  " + text.replace("\n", "\n  ")).encode()


def hold_the_same(written: Statements, triples: list[Triple]) -> None:
    text = write_graph(written, IRIS)
    for dump in DUMPS:
        assert b"".join(text.part(dump)) == reference(dump, triples)
    assert text.digest == graph_digest(written) == hashlib.sha256(reference("wsis-kg.nq", triples)).hexdigest()
    found = text.statistics
    assert found.triples == len(triples)
    assert found.subjects == len({t.subject for t in triples})
    assert found.objects == len({t.object for t in triples})
    assert sum(found.properties.values()) == len(triples)
    classes = [t.object.value for t in triples if t.predicate == RDF_TYPE and isinstance(t.object, NamedNode)]
    assert found.classes == {iri: classes.count(iri) for iri in sorted(set(classes))}
    assert found.schemes == tuple(sorted(
        {t.subject.value for t in triples if t.predicate == RDF_TYPE and t.object == SKOS("ConceptScheme")}
    ))  # fmt: skip


def of_each_shape(block: pl.DataFrame) -> pl.DataFrame:
    """Keep every sixteenth subject, and the first of those that have the same predicates, each as often."""
    shapes = block.group_by("subject", maintain_order=True).agg(shape="predicate").with_row_index()
    wanted = shapes.filter(pl.col("shape").is_first_distinct() | (pl.col("index") % 16 == 0))
    return block.join(wanted, on="subject", how="semi", maintain_order="left")


def test_every_graph_of_the_bundled_release(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "BLOCK", 1 << 20)  # several blocks
    for iri, entry in release.manifest["graphs"].items():
        graph = Statements.read(NamedNode(iri), Span(release.nquads_path, *entry["ranges"]["wsis-kg.nq"]).read)
        blocks = [of_each_shape(block) for block in graph.blocks()]
        triples = [triple for block in blocks for triple in triples_of(block)]
        hold_the_same(Statements.in_blocks(GRAPH, lambda blocks=blocks: blocks), triples)


def test_a_graph_without_statements() -> None:
    hold_the_same(Statements.of(GRAPH, []), [])


LOCALS = st.text("aZ09_.-~!$&'()*+,;=/?#@:é·…🙂", max_size=5) | st.sampled_from(
    ["a%C3%A9", "//a", ".", "a.", "-", "%41."]
)
NAMESPACES = st.sampled_from(
    ["https://w3id.org/wsis-kg/id/", "https://w3id.org/wsis-kg/id/project/", SDG, f"{SDG}ontology#", "http://schema.org/",
     "https://example.org/", "http://www.w3.org/2001/XMLSchema#"]
)  # fmt: skip


def is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


NODES = st.builds("{}{}".format, NAMESPACES, LOCALS).filter(is_iri).map(NamedNode)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ['"', "\\", "\\u0041", "\n", "\x7f", "\x01", "\ufffe", "a b", "a", "é", " .\n", '"@en', '"^^<x>', "true", "1"]
)
NUMBERS = st.sampled_from(
    ["1", "-1", "+1", "01", "10", "9", "1.", ".5", "1.5", "1e3", "1.e-3", "e", "true", "false", "x", "", "INF"]
)
TYPES = (
    st.sampled_from([XSD(n) for n in ("integer", "decimal", "double", "boolean", "date", "gYear", "anyURI")]) | NODES
)
LITERALS = (
    TEXTS.map(Literal)
    | st.builds(
        lambda t, tag: Literal(t, language=tag), TEXTS, st.sampled_from(["en", "fr", "fr-CA", "zh-Hans", "x-a"])
    )
    | st.builds(lambda t, kind: Literal(t, datatype=kind), NUMBERS | TEXTS, TYPES)
)
PREDICATES = st.sampled_from(
    [RDF_TYPE, RDFS("label"), SCHEMA("name"), SKOS("altLabel"), SKOS("notation"), DCTERMS("issued"), DCTERMS("source"),
     IRIS.term("firstYear"), IRIS.term("declaredTag"), IRIS.term("gradeCertain"), IRIS.term("rationale")]
)  # fmt: skip
CLASSES = st.sampled_from(
    [IRIS.term("Organisation"), IRIS.term("Project"), SKOS("ConceptScheme"), NamedNode(f"{SDG}ontology#Indicator")]
)
SUBJECTS = st.sampled_from([NamedNode(f"https://w3id.org/wsis-kg/id/project/{n}") for n in ("a", "a-1", "b", "a/c")])
TRIPLES = (
    st.builds(Triple, SUBJECTS | NODES, PREDICATES | NODES, LITERALS | NODES)
    | st.builds(Triple, SUBJECTS, st.just(RDF_TYPE), CLASSES)
    | st.builds(Triple, SUBJECTS, PREDICATES, TEXTS.map(Literal) | SUBJECTS | st.integers(-20, 20).map(Literal))
)


@given(st.sets(TRIPLES, max_size=4) | st.sets(TRIPLES, min_size=15, max_size=60))
@settings(max_examples=30)  # many of them large: each costs about the same
def test_any_statements(triples: set[Triple]) -> None:
    hold_the_same(Statements.of(GRAPH, triples), in_order(triples))
