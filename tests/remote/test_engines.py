"""Virtuoso and Oxigraph's server as the store: every question of the catalogue, the commands, a server before them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release, open_store
from wsiskg.model.errors import ForbiddenQueryError, LimitError, ReleaseError, StoreError, UsageError
from wsiskg.settings import Settings
from wsiskg.store.catalogue import load_catalogue
from wsiskg.store.evaluate import Request, evaluate
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
from wsiskg.store.remote.selftest import try_out

if TYPE_CHECKING:
    from tests.conftest import Start

    from .conftest import Make

MOST_ROWS = 5_000
CATALOGUE = load_catalogue(Iris())
ENGINES = ["virtuoso", "oxigraph"]
OTHER_ORDER: Mapping[str, str] = {
    "organisations-with-projects": "names that begin alike for some thirty characters",
    "region-examples": "codes that begin alike for some thirty characters",
    "projects-of-target": "codes that begin alike for some thirty characters",
}
"""Questions whose rows Virtuoso sorts otherwise, and what it does not tell apart."""


@pytest.fixture(scope="module", params=ENGINES)
def settings(request: pytest.FixtureRequest) -> Settings:
    found: Settings = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def store(settings: Settings) -> Iterator[RemoteStore]:
    with RemoteStore(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def names(store: RemoteStore, release: Release) -> Names:
    """The bundled release, loaded and made the one that is read."""
    load_release(store, release)
    switch_release(store, release.iris.base, release.id)
    return names_of(release.iris.base, current_held(store, release.iris.base))


@pytest.fixture(scope="module")
def expected(release: Release) -> dict[str, bytes]:
    embedded = open_store(release)
    return {name: evaluate(embedded, request_of(name)).body for name in CATALOGUE}


def request_of(name: str, **values: str) -> Request:
    query = CATALOGUE[name]
    graph = query.columns == ("subject", "predicate", "object")
    return Request(query.text, "application/n-triples" if graph else "text/csv", query.bind(values, Iris()))


def ask(store: RemoteStore, names: Names, query: str, **more: object) -> str:
    return store.answer(Request(query, "text/csv", **more), names).body.decode()  # type: ignore[arg-type]


def same_values(found: bytes, wanted: bytes) -> bool:
    """Whether two tables have the same cells, numbers by value: Virtuoso writes them in its own way."""
    tables = [list(csv.reader(io.StringIO(table.decode()))) for table in (found, wanted)]
    shapes = [[len(row) for row in table] for table in tables]
    pairs = zip(*([cell for row in table for cell in row] for table in tables), strict=True)
    return shapes[0] == shapes[1] and all(a == b or (is_number(a) and float(a) == float(b)) for a, b in pairs)


def is_number(text: str) -> bool:
    return text.replace(".", "").replace("e-", "").isdigit()


def test_the_catalogue_answers_as_the_embedded_store_does(
    store: RemoteStore, names: Names, expected: dict[str, bytes]
) -> None:
    wrong = []
    for name, wanted in expected.items():
        found = store.answer(request_of(name), names).body
        if wanted.startswith(b"<") or (store.engine.name == "virtuoso" and name in OTHER_ORDER):  # graphs have no order
            found, wanted = (b"\n".join(sorted(text.splitlines())) for text in (found, wanted))
        if found != wanted and not (store.engine.name == "virtuoso" and same_values(found, wanted)):
            wrong.append(name)
    assert wrong == []


def test_counts_are_those_of_the_manifest_and_loading_again_sends_nothing(
    store: RemoteStore, names: Names, release: Release
) -> None:
    for graph, size in release.manifest["counts"]["graphs"].items():
        assert store.count(names.outward(graph)) == size
    sent: list[str] = []
    load_release(store, release, lambda graph, *_: sent.append(graph))
    assert sent == []


@pytest.mark.parametrize("query", [
    "ASK { GRAPH <https://w3id.org/wsis-kg/graph/current> { ?a ?b ?c } }",
    "PREFIX g: <https://w3id.org/wsis-kg/graph/> ASK { GRAPH g:current { ?a ?b ?c } }",
    "PREFIX kg: <https://w3id.org/wsis-kg/> ASK { GRAPH kg:graph\\/current { ?a ?b ?c } }",
    "BASE <https://w3id.org/wsis-kg/> ASK { GRAPH <graph/current> { ?a ?b ?c } }",
    "BASE <https://w3id.org/> ASK FROM NAMED <wsis-kg/graph/current> { GRAPH ?g { ?a ?b ?c } }",
    "ASK { GRAPH ?g { ?a ?b ?c } FILTER(STR(?g) = 'https://w3id.org/wsis-kg/graph/current') }",
    "ASK { GRAPH ?g { ?a ?b ?c } ?release <http://purl.org/dc/terms/hasPart> ?g }",
])  # fmt: skip
def test_graphs_are_found_however_they_are_named(store: RemoteStore, names: Names, query: str) -> None:
    assert ask(store, names, query, own_dataset="FROM" in query) == "true"


def test_nothing_but_the_release_is_seen(store: RemoteStore, names: Names, make: Make) -> None:
    other = make("hidden", secret=3)
    load_release(store, other)
    hidden = f"{other.iris.base}release/hidden/graph/secret"
    assert store.count(hidden) == 3
    everything = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ <{other.iris.base}id/secret/1> ?p ?o }} }}"
    assert ask(store, names, everything).split() == ["n", "0"]
    assert ask(store, names, f"ASK {{ GRAPH <{hidden}> {{ ?s ?p ?o }} }}") == "false"
    for clause in (f"FROM <{hidden}>", f"FROM NAMED <{hidden}>"):
        where = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"
        assert ask(store, names, f"ASK {clause} WHERE {{ {where} }}", own_dataset=True) == "false"
    assert ask(store, names, "ASK { ?s ?p ?o }", default_graphs=[hidden], named_graphs=[hidden]) == "false"
    text = store.answer(Request("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv"), names).body.decode()
    assert set(text.split()[1:]) == set(names.graphs)
    for left in (hidden, f"{other.iris.base}releases"):
        store.update(f"DROP SILENT GRAPH <{left}>")


def test_a_query_is_never_sent_as_an_update(store: RemoteStore, names: Names) -> None:
    size = store.count(names.outward(f"{names.base}graph/current"))
    words = "# CLEAR ALL\n# DELETE WHERE { ?s ?p ?o }\n#+ description: INSERT DATA, DROP ALL\n"
    assert ask(store, names, words + "ASK { }") == "true"
    assert store.count(names.outward(f"{names.base}graph/current")) == size


def test_readers_see_one_release_or_the_other(store: RemoteStore, make: Make) -> None:
    first, second = make("first", a=4, b=2), make("second", a=5, c=0)
    base = first.iris.base
    with pytest.raises(ReleaseError, match="no release"):
        current_held(store, base)
    load_release(store, first)
    with pytest.raises(ReleaseError, match="no release"):
        current_held(store, base)
    switch_release(store, base, "first")
    before = names_of(base, current_held(store, base))

    def read(names: Names) -> list[str]:
        query = "SELECT ?o (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?o ORDER BY ?o"
        return ask(store, names, query).splitlines()[1:]

    both = [f"first <{base}graph/a>,4", f"first <{base}graph/b>,2"]
    assert read(before) == both
    load_release(store, second, lambda *_: current_held(store, base).release == "first" or pytest.fail("half"))
    assert current_held(store, base).release == "first"
    switch_release(store, base, "second")
    assert read(names_of(base, current_held(store, base))) == [f"second <{base}graph/a>,5"]
    assert read(before) == both  # who reads it already goes on
    switch_release(store, base, "first")
    switch_release(store, base, "second")
    assert [(h.release, bool(h.complete)) for h in held_releases(store, base)] == [("second", True), ("first", True)]
    assert prune_releases(store, base, 1) == []
    assert [h.release for h in prune_releases(store, base, 0)] == ["first"]
    assert [h.release for h in held_releases(store, base)] == ["second"]
    assert store.count(before.outward(f"{base}graph/a")) == 0
    with pytest.raises(UsageError, match="does not hold release first"):
        switch_release(store, base, "first")
    # Nothing is left behind for the next one.
    switch_release(store, base, "second")
    store.update(f"DROP SILENT GRAPH <{base}releases>")
    for graph in second.graphs:
        store.update(f"DROP SILENT GRAPH <{Names(base, 'second', second.graphs).outward(graph)}>")


def test_the_self_test_passes_and_says_what_cannot_be_written(store: RemoteStore, settings: Settings) -> None:
    found = list(try_out(store, settings))
    assert [f for f in found if f.state == "FAIL"] == []
    assert len([f for f in found if f.state == "ok"]) == 11
    assert {f.text for f in found if f.state == "note"} == set(store.engine.quirks)
    assert not [row for row in store.rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }") if "trial" in row["g"]]


def test_an_answer_that_virtuoso_cuts_short_is_refused(virtuoso: Settings, release: Release) -> None:
    with RemoteStore(virtuoso) as store:
        load_release(store, release)
        names = names_of(release.iris.base, next(h for h in held_releases(store, release.iris.base)))
        query = f"SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT {MOST_ROWS - 1}"
        assert len(ask(store, names, query).splitlines()) == MOST_ROWS
        with pytest.raises(LimitError, match=r"at most 5000 rows"):
            ask(store, names, "SELECT ?s ?p ?o WHERE { ?s ?p ?o }")


def test_functions_of_the_database_are_refused(virtuoso: Settings, release: Release) -> None:
    with RemoteStore(virtuoso) as store:
        names = Names(release.iris.base, release.id, release.graphs)
        for query in (
            "PREFIX x: <bif:> SELECT (x:file_to_string('virtuoso.ini') AS ?t) {}",
            "SELECT (<bif:file_to_string>('virtuoso.ini') AS ?t) {}",
            "SELECT (<BIF:file_to_string>('virtuoso.ini') AS ?t) {}",
            "SELECT (<\\u0062if:file_to_string>('virtuoso.ini') AS ?t) {}",
            "PREFIX sql: <sql:> SELECT * { ?s ?p ?o . FILTER(sql:x(?o)) }",
        ):
            with pytest.raises(ForbiddenQueryError, match="is not asked for here"):
                ask(store, names, query)


def test_virtuoso_takes_nothing_without_a_login(virtuoso: Settings, make: Make) -> None:
    for login in ({"store_user": ""}, {"store_password": "guess"}):
        with (
            RemoteStore(replace(virtuoso, **login)) as store,  # type: ignore[arg-type]
            pytest.raises(StoreError, match=r"does not let us write \(status 401\)"),
        ):
            load_release(store, make(f"refused-{len(login)}{'guess' in login.values()}", a=1))


# The commands


def wsiskg(settings: Settings, *arguments: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WSISKG_")}
    given = {"STORE": settings.store, "STORE_USER": settings.store_user, "STORE_PASSWORD": settings.store_password}
    given |= {"DATA": str(data)} if data else {}
    return subprocess.run(
        [str(Path(sys.executable).with_name("wsiskg")), *arguments], text=True, capture_output=True,
        env=kept | {f"WSISKG_{name}": value for name, value in given.items() if value}, check=False,
    )  # fmt: skip


def test_commands_load_ask_and_check(virtuoso: Settings, release: Release, data_dir: Path) -> None:
    loaded = wsiskg(virtuoso, "store", "load", data=data_dir)
    assert loaded.stdout.startswith(f"release {release.id}: {release.manifest['counts']['quads']:,} statements"), loaded
    status = json.loads(wsiskg(virtuoso, "store", "status", "--json").stdout)
    assert (status["engine"], status["read"]) == ("virtuoso", release.id)
    asked = wsiskg(virtuoso, "query", "target-supporters", "target=9.c", "--format", "csv").stdout
    assert (
        asked.encode().replace(b"\n", b"\r\n")
        == evaluate(open_store(release), request_of("target-supporters", target="9.c")).body
    )
    checked = wsiskg(virtuoso, "doctor", data=data_dir)
    assert checked.returncode == 0, checked.stdout
    assert f"ok   release {release.id} is read" in checked.stdout
    shown = wsiskg(virtuoso, "config", "show").stdout
    assert "store_password  (not shown)" in shown.replace("      ", "  ").replace("   ", "  ").replace("   ", "  ")
    assert "dba" in shown
    assert shown.count("dba") == 1


def test_commands_say_what_is_wrong(oxigraph: Settings) -> None:
    for arguments, message in (
        (("store", "status", "--store", "sparql+http://kg.example/sparql"), "not on this machine"),
        (("store", "status", "--store", "sparql+https://me:secret@kg.example/sparql"), "no login in the address"),
        (("store", "switch", "nowhere"), "does not hold release nowhere complete"),
        (("query", "SELECT * {", "--store", oxigraph.store), "the query ends too early"),
    ):
        found = wsiskg(replace(oxigraph), *arguments)
        assert found.returncode == 2
        assert message in found.stderr
        assert "Traceback" not in found.stderr
        assert "secret" not in found.stderr


# A server before the store


def test_a_server_answers_from_the_store(oxigraph: Settings, release: Release, data_dir: Path, start: Start) -> None:
    with RemoteStore(oxigraph) as store:
        load_release(store, release)
        switch_release(store, release.iris.base, release.id)
        names = names_of(release.iris.base, current_held(store, release.iris.base))
        with start(data_dir, STORE=oxigraph.store, WORKERS=1) as server:
            query = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH <https://w3id.org/wsis-kg/graph/current> { ?s ?p ?o } }"
            assert server.rows(query) == [{"n": "188"}]
            found = server.get("/queries/target-supporters", "text/csv", target="9.c")
            assert found.headers["X-Dataset-Version"] == release.id
            assert found.content == evaluate(open_store(release), request_of("target-supporters", target="9.c")).body
            wrong = server.ask("SELECT * {")
            assert (wrong.status_code, wrong.json()["line"], wrong.json()["column"]) == (400, 1, 11)
            deadly = "SELECT * { " + "?s ?p ?o . " * 10_000 + "}"
            assert server.client.post("/sparql", data={"query": deadly}).status_code in {200, 502, 503}
            assert server.get("/en/matrix").status_code == 200
            # That the answers come from there shows when it changes under the server.
            graph = names.outward(f"{names.base}graph/current")
            store.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:s> <urn:p> <urn:o> }} }}")
            try:
                assert server.rows(query.replace("?n", "?m")) == [{"m": "189"}]
            finally:
                store.update(f"DELETE DATA {{ GRAPH <{graph}> {{ <urn:s> <urn:p> <urn:o> }} }}")
