"""Updates and graph store writes: who may, what they change, what they never do; and that each leaves a trace."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest

from wsiskg.build import Built
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release, current_release, switch
from wsiskg.web.access.tokens import TokenFile

if TYPE_CHECKING:
    from tests.conftest import Listener, Server, Start

G = "http://g.example/1"
TURTLE = {"Content-Type": "text/turtle"}
LOCAL = "https://w3id.org/wsis-kg/graph/local/notes"
NOTE = '<https://w3id.org/wsis-kg/id/note/1> <http://www.w3.org/2000/01/rdf-schema#label> "0.50"@en'


@dataclass(frozen=True)
class Writing:
    server: Server
    data: Path
    editor: dict[str, str]
    operator: dict[str, str]

    def update(self, text: str, **more: str | list[str]) -> httpx.Response:
        return self.server.client.post("/update", data={"update": text, **more}, headers=self.editor)

    def store(self, method: str, where: str, **options: object) -> httpx.Response:
        headers = {**self.editor, **options.pop("headers", {})}  # type: ignore[dict-item]
        return self.server.client.request(method, f"/graph-store{where}", headers=headers, **options)  # type: ignore[arg-type]

    def statements(self) -> set[tuple[str, ...]]:
        found = self.server.rows("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")
        return {tuple(row.get(name, "") for name in ("s", "p", "o", "g")) for row in found}

    def trail(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.data / "audit.jsonl").read_text("utf-8").splitlines()]


def bearer(data: Path, name: str, role: str) -> dict[str, str]:
    secret = TokenFile(data).create(name, [role], 1, datetime.now(UTC).date())
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture(scope="module")
def started(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writing]:
    data = tmp_path_factory.mktemp("plain") / "data"
    editor, operator = bearer(data, "eve", "editor"), bearer(data, "olga", "operator")
    limits = {"UPDATE_SECONDS": 2, "GRAPH_BYTES": 20_000}
    with start(data, UPDATES="plain", UNION_DEFAULT_GRAPH="no", WORKERS=1, **limits) as server:
        yield Writing(server, data, editor, operator)


@pytest.fixture
def plain(started: Writing) -> Writing:
    assert started.update("DROP ALL").status_code == 204
    return started


def triple(name: str, graph: str = "") -> tuple[str, ...]:
    return (f"http://e.example/{name}", "http://e.example/p", name, graph)


def insert(name: str) -> str:
    return f"<http://e.example/{name}> <http://e.example/p> '{name}'"


def test_an_update_is_seen_by_the_next_query(plain: Writing) -> None:
    before = current_release(plain.data).id
    answer = plain.update(f"INSERT DATA {{ {insert('a')} GRAPH <{G}> {{ {insert('b')} }} }}")
    assert answer.status_code == 204
    assert plain.statements() == {triple("a"), triple("b", G)}
    assert answer.headers["x-dataset-version"] == current_release(plain.data).id != before
    direct = plain.server.client.post(
        "/update", content=f"DROP GRAPH <{G}>", headers={**plain.editor, "Content-Type": "application/sparql-update"}
    )
    assert direct.status_code == 204
    assert plain.statements() == {triple("a")}


def test_an_answer_of_the_release_before_is_not_kept(plain: Writing) -> None:
    """A query that began before a change ends after it: who asks next gets the answer of now."""
    values = " ".join(map(str, range(130)))
    slow = f"SELECT (COUNT(?s) AS ?n) {{ {' '.join(f'VALUES ?{v} {{ {values} }}' for v in 'abc')} ?s ?p ?o }}"
    plain.update(f"INSERT DATA {{ {insert('a')} }}")
    url = f"{plain.server.url}/sparql"
    with ThreadPoolExecutor() as threads:
        early = threads.submit(httpx.get, url, params={"query": slow}, timeout=30)
        while "wsiskg_queries_running 1.0" not in plain.server.get("/metrics").text:
            assert not early.done()
        assert plain.update(f"INSERT DATA {{ {insert('b')} }}").status_code == 204
        assert not early.done()
        first = early.result()
    later = httpx.get(url, params={"query": slow}, timeout=30)
    one = 130**3
    assert [a.status_code for a in (first, later)] == [200, 200], first.text + later.text
    numbers = [int(a.json()["results"]["bindings"][0]["n"]["value"]) for a in (first, later)]
    assert numbers == [one, 2 * one]
    assert first.headers["x-dataset-version"] != later.headers["x-dataset-version"]


def test_a_plain_dataset_has_the_pages_that_ask(plain: Writing) -> None:
    plain.update(f"INSERT DATA {{ {insert('a')} }}")
    get = plain.server.client.get
    assert get("/sparql", headers={"Accept": "text/html"}).headers["location"] == "/en/query"
    asked = get("/fr/query", params={"query": "SELECT * { ?s ?p ?o }"})
    assert asked.status_code == 200
    assert "<table" in asked.text
    assert "/fr/matrix" not in asked.text  # it has none
    for path in ("/fr/matrix", "/nothing"):
        assert get(path, headers={"Accept": "text/html"}).status_code == 404
    assert '"prefixes"' in get("/fr/query/vocabulary.json").text


def test_an_update_happens_as_a_whole_or_not(plain: Writing) -> None:
    answer = plain.update(f"INSERT DATA {{ {insert('a')} }} ; CREATE GRAPH <{G}> ; CREATE GRAPH <{G}>")
    assert answer.status_code == 400
    assert plain.statements() == set()


@pytest.mark.parametrize(
    ("update", "line", "column"), [("INSERT DATA { <a:b> <a:b> }", 1, 27), ("CLEAR ALL\n;\nDELETE {", 3, 8)]
)
def test_a_wrong_update_says_where(plain: Writing, update: str, line: int, column: int) -> None:
    answer = plain.update(update)
    assert answer.status_code == 400
    assert answer.json()["line"] == line
    assert abs(answer.json()["column"] - column) <= 1


def test_the_request_may_name_the_dataset(plain: Writing) -> None:
    plain.update(f"INSERT DATA {{ GRAPH <{G}> {{ {insert('b')} }} }}")
    move = "DELETE { GRAPH ?g { ?s ?p ?o } } INSERT { ?s ?p ?o } WHERE { ?s ?p ?o . BIND(<http://g.example/1> AS ?g) }"
    assert plain.update(move, **{"using-graph-uri": G}).status_code == 204
    assert plain.statements() == {triple("b")}
    answer = plain.update(f"WITH <{G}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", **{"using-graph-uri": G})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), ({"Authorization": "Bearer wsiskg_no"}, 401), ({"Authorization": "Basic ZTpl"}, 401), (None, 403)],
)
@pytest.mark.parametrize("way", ["/update", "/sparql", "put", "post", "delete"])
def test_without_the_role_nothing_is_written(
    plain: Writing, headers: dict[str, str] | None, status: int, way: str
) -> None:
    sent = plain.operator if headers is None else headers
    cookies = {"Cookie": plain.editor["Authorization"]}
    if way.startswith("/"):
        answer = plain.server.client.post(
            way, data={"update": f"INSERT DATA {{ {insert('a')} }}"}, headers={**sent, **cookies}
        )
    else:
        answer = plain.server.client.request(
            way.upper(), f"/graph-store?graph={G}", content="<a:b> <a:b> 1 .", headers={**sent, **cookies, **TURTLE}
        )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    assert plain.statements() == set()


@pytest.mark.parametrize(
    ("update", "status"),
    [
        ("LOAD <@U@>", 403),
        ("LOAD <@U@> INTO GRAPH <a:g>", 403),
        ("INSERT DATA { <a:b> <a:b> 1 } ; LOAD <file:///etc/passwd>", 403),
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <@U@> { ?s ?p ?o } }", 403),
        ("DELETE { ?s ?p ?o } WHERE { SERVICE SILENT <@U@> { ?s ?p ?o } }", 403),
        ("LOAD ;", 400),
        ("CREATE GRAPH <a:g> LOAD <@U@>", 400),
        ("LOAD SILENT <@U@>", 204),
        ("LOAD SILENT <@U@> INTO GRAPH <a:g> ; CREATE SILENT GRAPH <a:h>", 204),
    ],
)
def test_an_update_fetches_nothing(plain: Writing, listener: Listener, update: str, status: int) -> None:
    assert plain.update(update.replace("@U@", listener.url)).status_code == status
    assert plain.statements() == set()
    assert listener.calls == 0


def test_an_update_has_its_time(plain: Writing) -> None:
    rows = " ".join(insert(f"n{number}") + " ." for number in range(300))
    plain.update(f"INSERT DATA {{ {rows} }}")
    heavy = "INSERT { ?a ?b 1 } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c + ?f + ?i > 0) }"
    answer = plain.update(heavy)
    assert answer.status_code == 503
    assert answer.json()["limit"] == "time"
    assert len(plain.statements()) == 300


def test_every_attempt_is_recorded(plain: Writing) -> None:
    before = len(plain.trail())
    plain.update(f"INSERT DATA {{ {insert('secret')} }}")
    plain.update("INSERT DATA {")
    plain.store("PUT", f"?graph={G}", content="<a:b> <a:b> 1 .", headers=TURTLE)
    made, refused, put = plain.trail()[before:]
    assert [made["who"], made["what"], made["outcome"]] == ["eve", "update", "made"]
    assert made["statements_after"] == 1
    assert made["release_before"] != made["release_after"]
    assert refused["outcome"] == "refused"
    assert "line 1" in str(refused["reason"])
    assert (put["what"], put["graph"], put["bytes"]) == ("put", G, 15)
    assert len(str(made["sha256"])) == 64
    trail = plain.data / "audit.jsonl"
    assert "secret" not in trail.read_text("utf-8")
    assert trail.stat().st_mode & 0o077 == 0


def test_what_is_refused_before_it_is_tried_is_recorded_too(plain: Writing) -> None:
    before = len(plain.trail())
    plain.update("LOAD <http://127.0.0.1:9/>")
    plain.update("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")
    plain.store("PUT", f"?graph={G}", content="a,b", headers={"Content-Type": "text/csv"})
    plain.store("DELETE", "?graph=http://nothing.example/")
    found = plain.trail()[before:]
    assert [(line["what"], line["outcome"]) for line in found] == [
        ("update", "refused"), ("update", "refused"), ("put", "refused"), ("delete", "refused"),
    ]  # fmt: skip
    said = ("LOAD", "SERVICE", "text/csv", "no graph")
    assert all(word in str(line["reason"]) for word, line in zip(said, found, strict=True))


def test_graph_store(plain: Writing) -> None:
    where = f"?graph={G}"
    assert plain.store("GET", where).status_code == 404
    assert plain.store("PUT", where, content=f"{insert('a')} .", headers=TURTLE).status_code == 201
    assert plain.store("PUT", where, content=f"{insert('b')} .", headers=TURTLE).status_code == 204
    assert plain.store("POST", where, content=f"{insert('c')} .", headers=TURTLE).status_code == 204
    assert plain.statements() == {triple("b", G), triple("c", G)}
    answer = plain.store("GET", where, headers={"Accept": "application/n-triples"})
    assert {str(t.object) for t in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES)} == {'"b"', '"c"'}
    assert plain.store("HEAD", where).status_code == 200
    assert plain.store("DELETE", where).status_code == 204
    assert plain.store("DELETE", where).status_code == 404
    made = plain.store("POST", "", content=f"{insert('d')} .", headers=TURTLE)
    assert made.status_code == 201
    assert plain.statements() == {triple("d", made.headers["location"])}
    assert plain.server.client.get(made.headers["location"]).status_code == 200
    assert plain.store("PUT", "?default", content=f"{insert('e')} .", headers=TURTLE).status_code == 204
    files = {"a": ("a.ttl", f"{insert('f')} .", "text/turtle"), "b": ("b.nt", "<a:a> <a:b> <a:c> .", "text/turtle")}
    assert plain.store("POST", "?default", files=files).status_code == 204
    assert triple("f") in plain.statements()


@pytest.mark.parametrize(
    ("status", "where", "body", "kind"),
    [
        (400, "", "", "text/turtle"),
        (400, "?graph=", "a", "text/turtle"),
        (400, "?graph=http://a b", "", "text/turtle"),
        (400, "?default&graph=http://a.example/", "", "text/turtle"),
        (400, "?default", "<a:b> <a:b>", "text/turtle"),
        (400, "?default", '<!DOCTYPE a [<!ENTITY b "c">]><a/>', "application/rdf+xml"),
        (400, "?default", '{"@context": "http://127.0.0.1:9/c", "a": "b"}', "application/ld+json"),
        (413, "?default", "#" * 20_001, "text/turtle"),
        (415, "?default", "a,b", "text/csv"),
        (415, "?default", "<a:b> <a:b> 1 .", "text/turtle; charset=utf-16"),
    ],
)
def test_documents_that_are_refused(plain: Writing, status: int, where: str, body: str, kind: str) -> None:
    answer = plain.store("PUT", where, content=body, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert plain.statements() == set()


def test_what_was_written_is_there_after_a_restart(start: Start, tmp_path: Path) -> None:
    editor = bearer(tmp_path, "eve", "editor")
    with start(tmp_path, UPDATES="plain", WORKERS=1) as server:
        sent = {"update": f"INSERT DATA {{ GRAPH <{G}> {{ {insert('a')} }} }}"}
        assert server.client.post("/update", data=sent, headers=editor).status_code == 204
        TokenFile(tmp_path).revoke("eve")
        assert server.client.post("/update", data=sent, headers=editor).status_code == 401
    with start(tmp_path, WORKERS=1) as server:
        assert server.rows("SELECT ?o { ?s ?p ?o }") == [{"o": "a"}]
        assert server.client.post("/update", data=sent, headers=editor).status_code == 403


# --- a release of the tables ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def checked(start: Start, built: Built, data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writing]:
    data = tmp_path_factory.mktemp("checked")
    (data / "releases").mkdir()
    (data / "releases" / built.release.id).symlink_to(built.release.path)
    switch(data, built.release)
    editor = bearer(data, "eve", "editor")
    with start(data, UPDATES="checked", WORKERS=1) as server:
        yield Writing(server, data, editor, editor)


def test_a_change_of_a_release_is_a_new_release(checked: Writing, release: Release) -> None:
    """Nobody notices but by the answer; what is taken back gives the old release again, to the byte."""
    statuses: set[int] = set()
    done = threading.Event()

    def look() -> None:
        with httpx.Client(base_url=checked.server.url) as client:
            while not done.is_set():
                statuses.add(client.get("/sparql", params={"query": f"ASK {{ ?s ?p {len(statuses)} }}"}).status_code)

    reader = threading.Thread(target=look)
    reader.start()
    where = f"?graph={LOCAL}"
    try:
        answer = checked.store("PUT", where, content=f"{NOTE} .", headers=TURTLE)
        assert answer.status_code == 201, answer.text
        changed = current_release(checked.data)
        assert changed.id != release.id
        assert checked.server.rows(f"SELECT ?o {{ GRAPH <{LOCAL}> {{ ?s ?p ?o }} }}") == [{"o": "0.50"}]
        for graph, said in release.manifest["graphs"].items():
            if not graph.endswith("/provenance"):
                assert changed.manifest["graphs"][graph]["sha256"] == said["sha256"]
        assert checked.store("DELETE", where).status_code == 204
    finally:
        done.set()
        reader.join()
    assert current_release(checked.data).id == release.id
    assert statuses == {200}


def test_a_change_that_breaks_shapes_is_refused_with_the_rules(checked: Writing, release: Release) -> None:
    label = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    line = Iris().resource("action-line", "C2")
    answer = checked.update(f"DELETE WHERE {{ GRAPH <{Iris().graph('wsis').value}> {{ {line} {label} ?title }} }}")
    assert answer.status_code == 422
    assert any("PrefLabel-english" in problem["rule"] for problem in answer.json()["problems"])
    assert current_release(checked.data).id == release.id
    assert any("PrefLabel-english" in rule for rule in checked.trail()[-1]["rules"])  # type: ignore[attr-defined]


def test_what_is_counted_changes_by_publication_only(checked: Writing, release: Release) -> None:
    for update in (f"CLEAR GRAPH <{Iris().graph('matrix', '2015').value}>", "CLEAR ALL"):
        answer = checked.update(update)
        assert answer.status_code == 400
        assert "publication" in answer.json()["detail"]
        assert current_release(checked.data).id == release.id
