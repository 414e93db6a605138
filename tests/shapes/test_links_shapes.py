"""Every shape of ``shapes/links.shapes.ttl`` on its examples, the shapes themselves, and a second engine on both.

An example holds, in its first lines, what is expected of it: ``# expect: <focus> shape Component Severity``.
"""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF, SH

from wsiskg.evidence.assessments import assessment_triples
from wsiskg.evidence.index import EvidenceIndex, Loaded
from wsiskg.evidence.measures import Measures, PairEvidence
from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import turtle_files
from wsiskg.model.problems import LANGUAGES
from wsiskg.rules.links import link_results
from wsiskg.rules.policy import load_policy
from wsiskg.rules.shacl import Result, load_shapes, run_shapes, to_rdflib

HERE = Path(__file__).parent / "links"
WSH = "https://w3id.org/wsis-kg/shapes#"
EXAMPLES = sorted(HERE.glob("*/*.ttl"))
SHAPES = load_shapes(Iris(), "links")

Found = set[tuple[str, str, str, str]]


def triples(path: Path) -> set[ox.Triple]:
    return {ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)}


def expected(path: Path) -> Found:
    lines = re.findall(r"^# expect: <(\S+)> (\S+) (\S+) (\S+)$", path.read_text("utf-8"), re.MULTILINE)
    return {(focus, shape, component, severity) for focus, shape, component, severity in lines}


def found(results: Iterable[Result]) -> Found:
    return {(r.focus, r.shape.removeprefix(WSH), r.component, r.severity.value) for r in results}


def apart(path: Path) -> set[ox.Triple]:
    """The triples of an example with its nodes named after it, so that all examples fit into one graph."""
    text = path.read_text("utf-8").replace("0123456789abcdef", f"{path.parent.name}-{path.stem}")
    text = text.replace("/id/link/2015/", f"/id/link/2015-{path.parent.name}-{path.stem}/")
    text = re.sub(r"\bedition:2027\n", f"edition:2027-{path.parent.name.lower()}-{path.stem}\n", text)
    text = re.sub(r"\bhlpf:2027\b", f"hlpf:2027-{path.parent.name}-{path.stem}", text)
    return {ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(text.encode(), ox.RdfFormat.TURTLE)}


@pytest.fixture(scope="module")
def together() -> set[ox.Triple]:
    return {triple for path in EXAMPLES for triple in apart(path)}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_example_gives_exactly_what_it_expects(path: Path) -> None:
    wanted = expected(path)
    assert bool(wanted) == path.stem.startswith("fail-")
    assert found(link_results(triples(path), Iris())) == wanted


def test_every_shape_has_both_kinds_of_example() -> None:
    shapes = {str(s).removeprefix(WSH) for s in SHAPES.subjects(RDF.type, SH.PropertyShape)}
    assert {p.name for p in HERE.iterdir() if p.is_dir()} == shapes
    for name in shapes:
        kinds = {p.stem.split("-")[0] for p in (HERE / name).glob("*.ttl")}
        assert kinds == {"pass", "fail"}, name


def test_shapes_refer_to_no_other_shape() -> None:
    """So that focus nodes may be used: pySHACL passes over inner shapes then."""
    allowed = {
        *("name", "description", "message", "severity", "path", "targetClass", "targetSubjectsOf"),
        *("class", "in", "languageIn", "maxCount", "minCount", "maxInclusive", "minInclusive", "pattern"),
    }
    assert {str(p).removeprefix(str(SH)) for p in SHAPES.predicates() if str(p).startswith(str(SH))} <= allowed
    assert not list(SHAPES.subjects(RDF.type, SH.NodeShape))


def test_every_shape_speaks_three_languages_and_has_one_target_and_severity() -> None:
    for shape in SHAPES.subjects(RDF.type, SH.PropertyShape):
        for predicate in (SH.name, SH.description, SH.message):
            texts = [o for o in SHAPES.objects(shape, predicate) if isinstance(o, rdflib.Literal)]
            assert sorted(str(o.language) for o in texts) == sorted(LANGUAGES), (shape, predicate)
        assert len([*SHAPES.objects(shape, SH.targetClass), *SHAPES.objects(shape, SH.targetSubjectsOf)]) == 1, shape
        assert len(list(SHAPES.objects(shape, SH.severity))) == 1, shape


def test_no_shape_is_declared_in_two_files() -> None:
    seen: dict[str, str] = {}
    for name, text in turtle_files("shapes").items():
        graph = rdflib.Graph().parse(data=text, format="turtle")
        for shape in {str(s) for s in graph.subjects(RDF.type, None)}:
            assert seen.setdefault(shape, name) == name, shape


def test_messages_name_facts_that_are_there(together: set[ox.Triple]) -> None:
    for result in link_results(together, Iris()):
        for text in result.texts.values():
            assert "{?" not in text
            assert "–" not in text or result.shape.endswith(("Link-sdg-known", "Link-proposer-known")), text


def test_one_link_alone_gives_what_the_whole_gives(together: set[ox.Triple]) -> None:
    whole = link_results(together, Iris())
    assert len(whole) == sum(len(expected(path)) for path in EXAMPLES) > 30
    nodes = {t.subject.value for t in together if isinstance(t.subject, ox.NamedNode)}
    for node in nodes:
        alone = link_results(together, Iris(), [node])
        assert sorted(map(repr, alone)) == sorted(repr(r) for r in whole if r.focus == node)
    assert link_results(together, Iris(), []) == []


# A second engine -----------------------------------------------------------------------------------------------------


def results_of_jena(data: rdflib.Graph, shapes: rdflib.Graph, jena: str, folder: Path) -> list[tuple[str, ...]]:
    data.serialize(folder / "data.nt", "nt", encoding="utf-8")
    shapes.serialize(folder / "shapes.nt", "nt", encoding="utf-8")
    command = ["java", "-Xshare:auto", "-cp", jena, "shacl.shacl_validate"]
    command += ["--shapes", str(folder / "shapes.nt"), "--data", str(folder / "data.nt")]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    report = rdflib.Graph().parse(data=answer.stdout, format="turtle")
    return sorted(
        tuple("" if (o := report.value(node, predicate)) is None else str(o) for predicate in COMPARED)
        for node in report.subjects(RDF.type, SH.ValidationResult)
    )


COMPARED = (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity, SH.value)


def results_of_ours(data: rdflib.Graph, shapes: rdflib.Graph) -> list[tuple[str, ...]]:
    return sorted(
        (r.focus, r.shape, f"{SH}{r.component}ConstraintComponent", f"{SH}{r.severity.value}", r.value)
        for r in run_shapes(data, shapes)
    )


def test_apache_jena_says_the_same_of_links(together: set[ox.Triple], jena: str, tmp_path: Path) -> None:
    data = to_rdflib(together)
    ours = results_of_ours(data, SHAPES)
    assert len(ours) > 30
    assert results_of_jena(data, SHAPES, jena, tmp_path) == ours


@pytest.mark.parametrize("name", ["default", "strict"])
def test_apache_jena_says_the_same_of_assessments(name: str, jena: str, tmp_path: Path) -> None:
    counts = [Measures(n, n, n % 2, 0, 0, n // 2, n // 3, 1, n, 2012, 2026) for n in range(12)]
    pairs = {
        ("C2", f"9.{n + 1}"): PairEvidence(
            "C2", f"9.{n + 1}", {("direct", "declared"): m, ("direct", "confirmed"): m} if n else {}
        )
        for n, m in enumerate(counts)
    }
    index = EvidenceIndex(pairs, Loaded(12, {}, {}, None, None))
    data = to_rdflib(assessment_triples(Iris(), "2015", pairs, index, measurements=False))
    policy = load_policy(name, Iris())
    ours = results_of_ours(data, policy.shapes)
    assert 0 < len({focus for focus, *_ in ours}) < len(pairs)
    assert results_of_jena(data, policy.shapes, jena, tmp_path) == ours
