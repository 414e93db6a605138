"""A third SHACL engine, rudof (Rust): the examples of links, and all assessments and candidates of the release."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF, SH
from rdflib.util import from_n3

from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release
from wsiskg.rules.policy import load_policy
from wsiskg.rules.shacl import load_shapes, run_shapes, to_rdflib

pyrudof = pytest.importorskip("pyrudof", reason="needs the Python package pyrudof")

EXAMPLES = sorted((Path(__file__).parent / "links").glob("*/*.ttl"))
COMPARED = ("focus_node", "source_shape", "constraint_component", "severity", "value")

Found = list[tuple[str, ...]]


def results_of_rudof(data: rdflib.Graph, shapes: rdflib.Graph) -> Found:
    engine = pyrudof.Rudof(pyrudof.RudofConfig())
    strict = pyrudof.ReaderMode.Strict
    engine.read_data(data.serialize(format="nt"), pyrudof.RDFFormat.NTriples, reader_mode=strict)
    engine.read_shacl(shapes.serialize(format="nt"), pyrudof.ShaclFormat.NTriples, reader_mode=strict)
    return sorted(tuple(plain(getattr(entry, name)) for name in COMPARED) for entry in engine.validate_shacl())


def plain(text: Any) -> str:
    """The lexical form of a term in the engine's own notation."""
    return str(from_n3(text)) if text and text.startswith('"') else (text or "").strip("<>")


def results_of_ours(data: rdflib.Graph, shapes: rdflib.Graph) -> Found:
    return sorted(
        (r.focus, r.shape, f"{SH}{r.component}ConstraintComponent", r.severity.value, r.value)
        for r in run_shapes(data, shapes)
    )


def parsed(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    return to_rdflib(ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_examples_of_links(path: Path) -> None:
    data, shapes = parsed(ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)), load_shapes(Iris(), "links")
    ours = results_of_ours(data, shapes)
    assert bool(ours) == path.stem.startswith("fail-")
    assert results_of_rudof(data, shapes) == ours


@pytest.mark.parametrize("name", ["default", "strict"])
def test_assessments_and_candidates_of_the_release(release: Release, name: str) -> None:
    store, wsis = ox.Store.read_only(str(release.store_path)), Iris().term
    data = parsed(store.quads_for_pattern(None, None, None, Iris().graph("evidence", "2015")))
    for node in list(data.subjects(RDF.type, rdflib.URIRef(wsis("Candidate").value))):
        data.add((node, RDF.type, rdflib.URIRef(wsis("Assessment").value)))
    shapes = load_policy(name, Iris()).shapes
    ours = results_of_ours(data, shapes)
    assert len({focus for focus, *_ in ours}) > 188
    assert results_of_rudof(data, shapes) == ours
