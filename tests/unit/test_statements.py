"""Statements as columns: in order, each once, cut between subjects, and back to triples as they were."""

from pathlib import Path

import hypothesis.strategies as st
import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import given
from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph import spans
from wsiskg.graph.columns import statements
from wsiskg.graph.columns.statements import Statements, frame_of, triples_of
from wsiskg.graph.spans import Span
from wsiskg.model.errors import ReleaseError

GRAPH = NamedNode("https://example.org/graph")
NODES = st.integers(0, 12).map(lambda n: NamedNode(f"https://example.org/{n}"))
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
LITERALS = TEXTS.map(Literal) | st.integers().map(Literal) | TEXTS.map(lambda t: Literal(t, language="fr"))
TRIPLES = st.sets(st.builds(Triple, NODES, NODES, NODES | LITERALS), max_size=60)


def stored(triples: set[Triple], path: Path, before: bytes = b"") -> tuple[int, int]:
    quads = [ox.Quad(t.subject, t.predicate, t.object, GRAPH) for t in triples]
    text = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()
    lines = "".join(sorted(line + "\n" for line in text.split("\n") if line)).encode()
    path.write_bytes(before + lines + b"more")
    return len(before), len(lines)


@given(TRIPLES)
def test_columns_hold_the_same_statements_in_the_order_of_the_lines(triples: set[Triple]) -> None:
    frame = frame_of(triples)
    assert set(triples_of(frame)) == triples
    lines = [f"{s} {p} {o} ." for s, p, o in frame.iter_rows()]
    assert lines == sorted(set(lines))


@given(TRIPLES, st.integers(1, 400))
def test_a_file_is_cut_between_subjects(
    tmp_path_factory: pytest.TempPathFactory, triples: set[Triple], size: int
) -> None:
    path = tmp_path_factory.mktemp("statements") / "some.nq"
    span = Span(path, *stored(triples, path, before=b"something else"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statements, "BLOCK", size)
        patch.setattr(spans, "_PIECE", size)
        blocks = list(Statements.read(GRAPH, span.read).blocks())
    assert set().union(*map(triples_of, blocks)) == triples
    subjects = [subject for block in blocks for subject in block["subject"].unique()]
    assert len(subjects) == len(set(subjects))
    if triples:
        assert pl.concat(blocks).equals(frame_of(triples))
        assert all(len(block) for block in blocks)


def test_a_file_that_is_too_short_says_so(tmp_path: Path) -> None:
    path = tmp_path / "some.nq"
    _, length = stored({Triple(GRAPH, GRAPH, GRAPH)}, path)
    with pytest.raises(ReleaseError, match="too short"):
        list(Statements.read(GRAPH, Span(path, 0, length + 10).read).blocks())


def test_blank_nodes_are_refused() -> None:
    with pytest.raises(TypeError, match="blank"):
        frame_of([Triple(ox.BlankNode(), GRAPH, GRAPH)])
