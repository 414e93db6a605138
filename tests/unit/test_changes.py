"""What becomes of an update before it is carried out: LOAD taken out, the request's dataset put in."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsiskg.model.errors import QuerySyntaxError, UsageError
from wsiskg.store.changes import Change, Document, apply_change, pack_change, unpack_change, with_dataset
from wsiskg.store.guard import read_query, without_loads

G, H = "http://g.example/g", "http://g.example/h"
INNOCENT = "INSERT DATA { <a:LOAD> <a:b> 'LOAD <a:b>' } # LOAD <x>"
NOTHING = "INSERT DATA { }"


@pytest.mark.parametrize(
    ("update", "kept", "loud"),
    [
        ("CLEAR ALL", "CLEAR ALL", None),
        ("LOAD <a:b>", NOTHING, 0),
        ("LOAD SILENT <a:b>", NOTHING, None),
        ("load silent <a:b> into graph <a:g> ; CLEAR ALL", f"{NOTHING} ; CLEAR ALL", None),
        ("PREFIX a: <a:> LOAD SILENT a:b INTO GRAPH a:g", f"PREFIX a: <a:> {NOTHING}", None),
        ("LOAD SILENT <a:b> ;\nLOAD <a:c>", f"{NOTHING} ;\n{NOTHING}", 20),
        (INNOCENT, INNOCENT, None),
    ],
)
def test_loads_are_taken_out(update: str, kept: str, loud: int | None) -> None:
    text, found = without_loads(update)
    assert text == kept
    assert (found and found.start) == loud
    assert read_query(text).load is None


@pytest.mark.parametrize("update", ["LOAD", "LOAD ;", "LOAD SILENT", "LOAD 'a'", "CLEAR ALL ; LOAD SILENT ?x"])
def test_a_load_of_nothing_is_no_update(update: str) -> None:
    with pytest.raises(QuerySyntaxError, match="LOAD names no document"):
        without_loads(update)


@given(
    st.lists(
        st.sampled_from(["LOAD", "SILENT", "<a:b>", "INTO", "GRAPH", ";", "{", "}", "a:b", "CLEAR", "ALL"]), max_size=12
    )
)
def test_what_is_left_of_any_update_holds_no_load_outside_braces(pieces: list[str]) -> None:
    try:
        text, loud = without_loads(" ".join(pieces))
    except QuerySyntaxError:
        return
    depth, outside = 0, []
    for piece in text.split():
        depth += (piece == "{") - (piece == "}")
        outside += [piece] if depth == 0 else []
    assert "LOAD" not in outside
    assert loud is None or "LOAD" in pieces


def changed(update: str) -> set[str]:
    store = ox.Store()
    for subject, graph in (("a:g", ox.NamedNode(G)), ("a:h", ox.NamedNode(H)), ("a:d", ox.DefaultGraph())):
        store.add(ox.Quad(ox.NamedNode(subject), ox.NamedNode("a:p"), ox.Literal("1"), graph))
    apply_change(store, Change("update", update))
    return {f"{q.subject.value} {q.graph_name}" for q in store}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("update", "by_hand"),
    [
        ("DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { ?s ?p ?o BIND(<http://g.example/g> AS ?g) }", None),
        ("DELETE WHERE { ?s ?p ?o }", f"DELETE {{ ?s ?p ?o }} USING <{G}> WHERE {{ ?s ?p ?o }}"),
        ("INSERT { <a:x> ?p ?o } WHERE { ?s ?p ?o }", None),
        ("INSERT DATA { <a:x> <a:WHERE> 'WHERE' }", "INSERT DATA { <a:x> <a:WHERE> 'WHERE' }"),
        ("CLEAR DEFAULT ; INSERT { <a:x> ?p ?o } WHERE { ?s ?p ?o { SELECT * WHERE { ?s ?p ?o } } }", None),
    ],
)
def test_the_requests_graphs_are_those_of_a_using_clause(update: str, by_hand: str | None) -> None:
    expected = by_hand or update.replace("} WHERE", f"}} USING <{G}> WHERE", 1)
    assert changed(with_dataset(update, [G], None)) == changed(expected)
    assert with_dataset(update, None, None) == update


@pytest.mark.parametrize("before", ["WITH <a:g> DELETE { ?s ?p ?o }", "DELETE { ?s ?p ?o } USING <a:g>"])
def test_two_datasets_are_refused(before: str) -> None:
    with pytest.raises(UsageError, match="clause"):
        with_dataset(f"{before} WHERE {{ ?s ?p ?o }}", [G], None)


@pytest.mark.parametrize("graph", ["> <a:b", "no iri", "", "<a:b>"])
def test_a_graph_that_is_no_iri_is_refused(graph: str) -> None:
    with pytest.raises(UsageError):
        with_dataset("DELETE WHERE { ?s ?p ?o }", [graph], None)


@given(
    st.lists(st.tuples(st.sampled_from(["text/turtle", "application/n-triples"]), st.binary(max_size=40)), max_size=4)
)
def test_a_change_survives_the_channel(documents: list[tuple[str, bytes]]) -> None:
    change = Change("put", "", G, [Document(kind, body) for kind, body in documents], "http://b.example/")
    assert unpack_change(*pack_change(change)) == change
