"""JSON-LD and the dumps: read back by processors that had no part in writing them."""

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from wsiskg.graph.iris import Iris
from wsiskg.graph.jsonld import Context, load_context
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.release import Release

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
CONTEXT = load_context(Iris())
MANY = re.compile(r"/id/(?:assessment|award|candidate|organisation|project|tag|unverified)/")


@dataclass(frozen=True)
class Dumps:
    """The dumps of a release, and the quads that its N-Quads hold."""

    texts: Mapping[str, str]
    quads: frozenset[ox.Quad]

    @cached_property
    def by_subject(self) -> dict[str, list[ox.Triple]]:
        found: dict[str, list[ox.Triple]] = {}
        for triple in {q.triple for q in self.quads}:
            found.setdefault(triple.subject.value, []).append(triple)  # type: ignore[union-attr]
        return {subject: sorted(triples, key=str) for subject, triples in sorted(found.items())}


@pytest.fixture(scope="module")
def dumps(release: Release) -> Dumps:
    folder = release.path / "dumps"
    files = [f for f in folder.rglob("*") if f.is_file() and f.suffix != ".zip"]
    texts = {f.relative_to(folder).as_posix(): f.read_text("utf-8") for f in files}
    return Dumps(texts, frozenset(ox.parse(texts["wsis-kg.nq"], ox.RdfFormat.N_QUADS)))


@pytest.fixture(autouse=True)
def _literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def by_rdflib(text: str, form: str) -> set[ox.Quad]:
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format=form)
    return set(_quads(dataset))


def _quads(dataset: rdflib.Dataset) -> Iterator[ox.Quad]:
    default = rdflib.graph.DATASET_DEFAULT_GRAPH_ID
    for s, p, o, g in dataset.quads():
        graph = ox.DefaultGraph() if g is None or g == default else ox.NamedNode(str(g))
        yield ox.Quad(ox.NamedNode(str(s)), ox.NamedNode(str(p)), _term(o), graph)


def _term(node: Any) -> ox.NamedNode | ox.Literal:
    if isinstance(node, rdflib.URIRef):
        return ox.NamedNode(str(node))
    assert isinstance(node, rdflib.Literal), f"{node!r} is neither an IRI nor a literal"
    if node.language:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype or f"{XSD}string")))


def by_pyld(document: Mapping[str, Any], context: Context = CONTEXT) -> set[ox.Triple]:
    """Expand a document with PyLD, our context inside: nothing is fetched."""
    text = jsonld.to_rdf({**context.document, **document}, {"format": "application/n-quads"})
    return {q.triple for q in ox.parse(text, ox.RdfFormat.N_QUADS)}


def by_oxigraph(document: Mapping[str, Any], context: Context = CONTEXT) -> set[ox.Triple]:
    text = json.dumps({**context.document, **document})
    return {q.triple for q in ox.parse(text, ox.RdfFormat.JSON_LD)}


def test_the_release_has_no_blank_nodes(dumps: Dumps) -> None:
    assert not any(isinstance(t, ox.BlankNode) for q in dumps.quads for t in (q.subject, q.object, q.graph_name))


def test_jsonld_dump_is_the_graph_to_oxigraph(dumps: Dumps) -> None:
    assert frozenset(ox.parse(dumps.texts["wsis-kg.jsonld"], ox.RdfFormat.JSON_LD)) == dumps.quads


def test_jsonld_dump_is_the_graph_to_rdflib(dumps: Dumps) -> None:
    document = json.loads(dumps.texts["wsis-kg.jsonld"])
    for graph in document["@graph"]:
        graph["@graph"] = [node for node in graph["@graph"] if _is_read(CONTEXT.expand(node["id"]))]
    read = by_rdflib(json.dumps(document), "json-ld")
    assert read == {q for q in dumps.quads if _is_read(q.subject.value)}  # type: ignore[union-attr]


def test_jsonld_dump_holds_every_graph(dumps: Dumps) -> None:
    document = json.loads(dumps.texts["wsis-kg.jsonld"])
    assert {CONTEXT.expand(g["id"]) for g in document["@graph"]} == {q.graph_name.value for q in dumps.quads}  # type: ignore[union-attr]
    assert document["@context"] == CONTEXT.document["@context"]


def test_trig_and_turtle_are_the_graph_to_oxigraph(dumps: Dumps) -> None:
    assert frozenset(ox.parse(dumps.texts["wsis-kg.trig"], ox.RdfFormat.TRIG)) == dumps.quads
    union = {q.triple for q in ox.parse(dumps.texts["wsis-kg.ttl"], ox.RdfFormat.TURTLE)}
    assert union == {q.triple for q in dumps.quads}


def test_nquads_are_sorted_and_each_is_there_once(dumps: Dumps) -> None:
    lines = dumps.texts["wsis-kg.nq"].splitlines()
    assert len(lines) == len(set(lines)) == len(dumps.quads)


@pytest.mark.parametrize("form", ["nquads", "trig", "turtle"])
def test_dumps_are_the_graph_to_rdflib(dumps: Dumps, form: str) -> None:
    """Every kind of resource; of the numerous kinds one resource in 25, for rdflib takes its time."""
    wanted = {q for q in dumps.quads if _is_read(q.subject.value)}  # type: ignore[union-attr]
    assert {q.graph_name for q in wanted} == {q.graph_name for q in dumps.quads}
    if form == "nquads":
        lines = dumps.texts["wsis-kg.nq"].splitlines(keepends=True)
        text = "".join(line for line in lines if _is_read(line[1:].partition(">")[0]))
    else:
        text = "".join(_blocks(dumps.texts["wsis-kg.trig" if form == "trig" else "wsis-kg.ttl"]))
    read = by_rdflib(text, form)
    if form == "turtle":
        assert {q.triple for q in read} == {q.triple for q in wanted}
    else:
        assert read == wanted


def _is_read(subject: str) -> bool:
    return not MANY.search(subject) or zlib.crc32(subject.encode()) % 25 == 0


def _blocks(text: str) -> Iterator[str]:
    """Yield the lines of Turtle or TriG, leaving out the statements of subjects that are not to be read."""
    names = dict(re.findall(r"^@prefix (\S*): <(.*)> \.$", text, re.MULTILINE))
    begins = keep = True
    for line in text.splitlines(keepends=True):
        if begins and line.strip() and not line.startswith("@prefix"):
            prefix, _, local = line.split()[0].partition(":")
            keep = _is_read(names[prefix] + local.replace("\\", "") if prefix in names else prefix + ":" + local[:-1])
        if keep or line == "}\n":
            yield line
        begins = line.endswith((" .\n", "{\n", "}\n", "\n\n")) or line == "\n"


def test_graph_files_are_the_graphs(dumps: Dumps) -> None:
    base = Iris().graph("").value
    for graph in {q.graph_name for q in dumps.quads}:
        name = graph.value.removeprefix(base).replace("/", "-")  # type: ignore[union-attr]
        text = dumps.texts[f"graphs/{name}.ttl"]
        assert {q.triple for q in ox.parse(text, ox.RdfFormat.TURTLE)} == {
            q.triple for q in dumps.quads if q.graph_name == graph
        }


def test_void_is_the_same_to_both(dumps: Dumps) -> None:
    assert by_rdflib(dumps.texts["void.ttl"], "turtle") == set(ox.parse(dumps.texts["void.ttl"], ox.RdfFormat.TURTLE))


def test_resources_expanded_by_pyld_are_their_triples(dumps: Dumps) -> None:
    random, resources = Random(2015), dumps.by_subject
    kinds: dict[str, list[str]] = {}
    for subject in resources:
        kinds.setdefault("/".join(subject.split("/")[:6]), []).append(subject)
    chosen = [s for subjects in kinds.values() for s in random.sample(subjects, min(3, len(subjects)))]
    assert len(chosen) > 100
    found = by_pyld({"@graph": [CONTEXT.node(subject, resources[subject]) for subject in chosen]})
    assert _rounded(found) == _rounded(triple for subject in chosen for triple in resources[subject])


def _rounded(triples: Iterable[ox.Triple]) -> set[tuple[str, str, str]]:
    """Doubles to twelve places: PyLD writes them anew, with sixteen."""
    found = set()
    for t in triples:
        value = str(t.object)
        if isinstance(t.object, ox.Literal) and t.object.datatype.value == f"{XSD}double":
            value = f"{float(t.object.value):.12g}"
        found.add((str(t.subject), t.predicate.value, value))
    return found


def test_nested_resources_add_their_own_triples(dumps: Dumps) -> None:
    resources = dumps.by_subject
    line = f"{Iris().base}id/action-line/C2"
    named = {t.object.value for t in resources[line] if isinstance(t.object, ox.NamedNode)} & resources.keys()
    embed = {iri: CONTEXT.node(iri, resources[iri]) for iri in named}
    document = CONTEXT.node(line, resources[line], embed)
    found = by_pyld(document)
    assert set(resources[line]) <= found
    assert found <= {t for iri in (line, *named) for t in resources[iri]}


def test_an_action_line_reads_like_plain_json(dumps: Dumps) -> None:
    line = f"{Iris().base}id/action-line/C2"
    document = CONTEXT.node(line, dumps.by_subject[line])
    assert document["id"] == "line:C2"
    assert "ActionLine" in document["type"]
    assert document["notation"] == "C2"
    assert document["prefLabel"]["en"].startswith("Information and communication infrastructure")
    assert list(document["prefLabel"]) == sorted(document["prefLabel"])
    assert set(document["prefLabel"]) >= {"en", "fr", "es"}
    assert all(isinstance(text, str) for text in document["prefLabel"].values())
    assert document["position"] == 2


def test_keys_are_in_the_order_of_the_context(dumps: Dumps) -> None:
    names = list(CONTEXT.document["@context"])
    for subject, triples in Random(2015).sample(sorted(dumps.by_subject.items()), 1_000):
        document = CONTEXT.node(subject, triples)
        terms = [k for k in document if k in names]
        assert terms == sorted(terms, key=names.index)
        assert list(document)[: len(terms)] == terms


def test_order_of_statements_does_not_matter(dumps: Dumps) -> None:
    random = Random(2015)
    for subject, triples in random.sample(sorted(dumps.by_subject.items()), 500):
        wanted = json.dumps(CONTEXT.node(subject, triples))
        for _ in range(3):
            assert json.dumps(CONTEXT.node(subject, random.sample(triples, len(triples)))) == wanted


def test_prefixes_of_the_context_are_the_project_s() -> None:
    """A name that is both a prefix and a property, such as agency, is the property in the context."""
    entries = CONTEXT.document["@context"]
    for name, namespace in prefixes(Iris()).items():
        assert entries[name] == namespace or CONTEXT.expand(entries[name]["@id"]) == Iris().term(name).value
    assert {n for n, v in entries.items() if isinstance(v, str) and v[-1] in "/#:"} <= set(prefixes(Iris()))


def test_every_iri_of_the_graph_survives_compaction(dumps: Dumps) -> None:
    for iri in {
        t.value for q in dumps.quads for t in (q.subject, q.predicate, q.object) if isinstance(t, ox.NamedNode)
    }:
        assert CONTEXT.expand(CONTEXT.compact_iri(iri)) == iri


def test_another_base_gives_another_context() -> None:
    iris = Iris("https://graph.example/")
    context = load_context(iris)
    assert "w3id.org/wsis-kg" not in json.dumps(context.document)
    triple = ox.Triple(iris.resource("action-line", "C2"), iris.term("supports"), iris.sdg("9.c"))
    node = context.node(triple.subject.value, [triple])  # type: ignore[union-attr]
    assert node == {"id": "line:C2", "supports": ["sdg:9.c"]}
    assert by_pyld(node, context) == {triple}


def _predicates() -> list[ox.NamedNode]:
    values = [v for v in CONTEXT.document["@context"].values() if v is not None and v != 1.1]
    terms = [v["@id"] if isinstance(v, dict) else v for v in values if isinstance(v, str) or "@id" in v]
    found = [CONTEXT.expand(t) for t in terms if not t.startswith("@") and t[-1] not in "/#:"]
    return [ox.NamedNode(iri) for iri in found if "/ontology#" in iri or "skos" in iri or "schema" in iri]


_objects = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6).map(ox.Literal),
    st.builds(
        lambda text, tag: ox.Literal(text, language=tag),
        st.sampled_from(["a", "b", "", "@id", '"']), st.sampled_from(["en", "fr", "zh-hans"]),
    ),
    st.builds(
        lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(XSD + kind)),
        st.sampled_from(["1", "01", "-0", "0", "-7", "+1", "1.0", "true", "TRUE", "2015-01-01", "x", "9" * 25]),
        st.sampled_from(["integer", "boolean", "decimal", "date", "gYear", "double", "string", "anyURI"]),
    ),
    st.sampled_from(["https://w3id.org/wsis-kg/id/action-line/C2", "http://metadata.un.org/sdg/9.c", "urn:x:y#z",
                     "https://w3id.org/wsis-kg/id/", "http://schema.org//x", "mailto:a@b.example"]).map(ox.NamedNode),
)  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from([*_predicates(), RDF_TYPE, ox.NamedNode("http://other.example/p")]), _objects),
        min_size=1, max_size=8, unique_by=str,
    )
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_statements_survive(pairs: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]) -> None:
    subject = ox.NamedNode("https://w3id.org/wsis-kg/id/project/x")
    triples = [ox.Triple(subject, predicate, value) for predicate, value in pairs]
    document = CONTEXT.node(subject.value, triples)
    assert by_oxigraph(document) == set(triples)
    assert json.dumps(document) == json.dumps(CONTEXT.node(subject.value, triples[::-1]))


def test_odd_literals_survive_pyld() -> None:
    subject = ox.NamedNode("https://w3id.org/wsis-kg/id/project/x")
    texts = ["1", "01", "-0", "0", "-7", "+1", "1.0", "true", "TRUE", "x", "9" * 25, ""]
    kinds = ["integer", "boolean", "decimal", "date", "string"]
    for name in ("year", "gradeCertain", "confidence", "supports", "prefLabel", "other"):
        predicate = ox.NamedNode(CONTEXT.expand(CONTEXT.document["@context"].get(name, {}).get("@id", "urn:x:other")))
        triples = {
            ox.Triple(subject, predicate, ox.Literal(text, datatype=ox.NamedNode(XSD + kind)))
            for text in texts
            for kind in kinds
        }
        assert by_pyld(CONTEXT.node(subject.value, triples)) == triples
