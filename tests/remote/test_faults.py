"""What breaks on the way to the store: nothing half is read, and what can pass is tried again."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from wsiskg.model.errors import LimitError, QueryError, StoreError
from wsiskg.settings import Settings
from wsiskg.store.evaluate import Request
from wsiskg.store.remote.client import RemoteStore
from wsiskg.store.remote.loading import (
    current_held,
    held_releases,
    load_release,
    names_of,
    prune_releases,
    switch_release,
)
from wsiskg.store.remote.names import Names
from wsiskg.store.remote.transport import Tries

if TYPE_CHECKING:
    from tests.conftest import Listener

    from .conftest import Make, Proxy

BASE = "https://kg.example/"
FAULTS = ("reset", "half", "lost", "silence", "503", "500", "slow-503")
COUNT = Request("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }", "text/csv")


@pytest.fixture(autouse=True)
def _empty(proxy: Proxy, patient: RemoteStore) -> Iterator[None]:
    """Leave nothing behind in the engine."""
    yield
    proxy.arm()
    for row in patient.rows("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"):
        patient.update(f"DROP SILENT GRAPH <{row['g']}>")


def statements(store: RemoteStore) -> int:
    return int(store.answer(COUNT, names_of(BASE, current_held(store, BASE))).body.split()[1])


@pytest.mark.parametrize("fault", FAULTS)
def test_a_passing_fault_anywhere_is_overcome(proxy: Proxy, patient: RemoteStore, make: Make, fault: str) -> None:
    load_release(patient, make("old", a=2))
    switch_release(patient, BASE, "old")
    proxy.arm()
    load_release(patient, make("unbroken", a=3, b=4))
    requests = len(proxy.seen)
    # Each request waits a second for silence: once is enough there, and after the first statements.
    places = range(requests) if fault not in {"silence", "slow-503"} else [requests // 2]
    for place in places:
        proxy.arm(fault, place)
        release = make(f"new{place}", a=3, b=4)
        held = load_release(patient, release)
        assert len(proxy.seen) == requests + 1  # one more: it was sent again
        proxy.arm()
        assert [patient.count(graph) for graph in held.graphs] == [3, 4]
        assert current_held(patient, BASE).release == "old"
        assert statements(patient) == 2


@pytest.mark.parametrize("fault", ["reset", "lost", "503"])
def test_gone_for_good_at_any_point_nothing_half_is_read_and_loading_goes_on_later(
    proxy: Proxy, patient: RemoteStore, make: Make, fault: str
) -> None:
    load_release(patient, make("old", a=2))
    switch_release(patient, BASE, "old")
    proxy.arm()
    load_release(patient, make("unbroken", a=3, b=4))
    for place in range(len(proxy.seen)):
        proxy.arm(fault, place, forever=True)
        release = make(f"new{place}", a=3, b=4)
        with pytest.raises(StoreError, match=r"the store .*(status 503|tried 3 times)"):
            load_release(patient, release)
        proxy.arm()
        assert current_held(patient, BASE).release == "old"
        assert statements(patient) == 2
        unfinished = [h.release for h in held_releases(patient, BASE) if h.complete is None]
        # Where the last word got through and only its receipt was lost, it is complete.
        assert unfinished in ([release.id], []), place
        load_release(patient, release)
        switch_release(patient, BASE, release.id)
        assert statements(patient) == 7
        switch_release(patient, BASE, "old")
        prune_releases(patient, BASE, 0)


def test_more_than_was_sent_is_removed_and_sent_again(patient: RemoteStore, make: Make) -> None:
    release = make("twice", a=3, b=1)
    names = Names(BASE, "twice", release.graphs)
    graph = names.outward(f"{BASE}graph/a")
    node = f"<{BASE}id/release/twice> <http://purl.org/dc/terms/hasPart> <{graph}>"
    patient.update(f"INSERT DATA {{ GRAPH <{BASE}releases> {{ {node} }} }}")
    patient.add(graph, b"".join(b"<urn:s%d> <urn:p> <urn:o> .\n" % i for i in range(9)))
    load_release(patient, release)
    assert patient.count(graph) == 3


def test_a_store_that_loses_statements_is_found_out(proxy: Proxy, patient: RemoteStore, make: Make) -> None:
    release = make("short", a=3, b=2)

    def lose(graph: str, sent: int, whole: int) -> None:
        if graph.endswith("/a"):
            name = Names(BASE, "short", release.graphs).outward(graph)
            patient.update(f"DELETE DATA {{ GRAPH <{name}> {{ <{BASE}id/a/1> <{BASE}ontology#in> "
                           f'"short <{BASE}release/short/graph/a>" }} }}')  # fmt: skip

    with pytest.raises(StoreError, match=r"graph/a has 3 statements in the release, and 2 in the store"):
        load_release(patient, release, lose)
    assert [h.complete for h in held_releases(patient, BASE)] == [None]
    with pytest.raises(Exception, match="does not hold release short complete"):
        switch_release(patient, BASE, "short")
    load_release(patient, release)
    assert [bool(h.complete) for h in held_releases(patient, BASE)] == [True]


def test_pruning_that_is_interrupted_is_taken_up_again(proxy: Proxy, patient: RemoteStore, make: Make) -> None:
    for name in ("one", "two"):
        load_release(patient, make(name, a=2, b=2))
        switch_release(patient, BASE, name)
    proxy.arm("503", 3, forever=True)
    with pytest.raises(StoreError):
        prune_releases(patient, BASE, 0)
    proxy.arm()
    assert current_held(patient, BASE).release == "two"
    prune_releases(patient, BASE, 0, unfinished=True)
    assert [h.release for h in held_releases(patient, BASE)] == ["two"]
    rows = patient.rows("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }")
    assert rows == [{"n": str(4 + 2 + 2)}]  # its statements, its graphs, its two moments


@pytest.mark.parametrize("fault", FAULTS)
def test_a_query_is_asked_again_or_fails_clearly(proxy: Proxy, patient: RemoteStore, make: Make, fault: str) -> None:
    load_release(patient, make("read", a=2))
    switch_release(patient, BASE, "read")
    names = names_of(BASE, current_held(patient, BASE))
    if fault not in {"silence", "slow-503"}:
        proxy.arm(fault, 0)
        assert patient.answer(COUNT, names).body.split() == [b"n", b"2"]
        assert len(proxy.seen) == 2
    proxy.arm(fault, 0, forever=True)
    with pytest.raises((StoreError, LimitError)) as failed:
        patient.answer(COUNT, names, seconds=0.5)
    assert "127.0.0.1" not in str(failed.value)
    assert "down for a moment" not in str(failed.value)  # bodies of errors are not handed on


def test_by_updates_alone(patient: RemoteStore, oxigraph: Settings, make: Make) -> None:
    update = oxigraph.store.removeprefix("sparql+").replace("/query", "/update")
    settings = Settings(store=oxigraph.store, store_engine="generic", store_update=update)
    with RemoteStore(settings) as store:
        held = load_release(store, make("updated", a=3, b=4))
        switch_release(store, BASE, "updated")
        assert [store.count(graph) for graph in held.graphs] == [3, 4]
        assert statements(store) == 7


# Answers that mean no good


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[RemoteStore]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Keep still."""

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            for name, value in {"Content-Type": "application/sparql-results+json", **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(body)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        settings = Settings(store=f"sparql+http://127.0.0.1:{server.server_port}/sparql", store_engine="generic")
        with RemoteStore(settings, Tries(1, 0), Tries(1, 0)) as store:
            yield store
        server.shutdown()
        thread.join()


ROW = b'{"head":{"vars":["n"]},"results":{"bindings":[%s]}}'


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (200, b"<html>", "did not answer with SPARQL results"),
        (200, b"{}", "did not answer with SPARQL results"),
        (200, b"[" * 100_000, "did not answer with SPARQL results"),
        (200, ROW % b'{"n":{"type":"uri","value":"not an <iri>"}}', "could not be written|did not answer"),
        (200, ROW % b'{"n":{"value":"1"}}', "did not answer with SPARQL results"),
        (200, ROW % b'{"n":{"type":"literal","value":{"a":1}}}', "could not be written|did not answer"),
        (200, b'{"head":{},"boolean":true}', "did not answer SELECT with rows"),
        (404, b"", "no SPARQL endpoint at the store's address"),
        (400, b"<script>", r"refused the query \(status 400\)"),
        (403, b"", "does not let us ask"),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(status: int, body: bytes, message: str) -> None:
    with answering(status, body) as store, pytest.raises(QueryError, match=message) as failed:
        store.answer(COUNT, Names(BASE, "r", ()))
    assert "script" not in str(failed.value)


def test_an_endless_answer_is_cut_off() -> None:
    with answering(200, b" " * 3_000_000) as store, pytest.raises(LimitError, match="larger than"):
        store.answer(Request(COUNT.query, COUNT.media_type, max_bytes=1_000), Names(BASE, "r", ()))


def test_no_other_address_is_ever_asked(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(302, b"", Location=listener.url) as store, pytest.raises(StoreError, match="leads elsewhere"):
        store.answer(COUNT, Names(BASE, "r", ()))
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, listener.url)
    with answering(200, ROW % b'{"n":{"type":"literal","value":"7"}}') as store:
        assert store.answer(COUNT, Names(BASE, "r", ())).body.split() == [b"n", b"7"]
    assert listener.calls == 0
