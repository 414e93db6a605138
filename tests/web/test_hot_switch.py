"""A new release while the server runs; and that a build elsewhere, with another hash seed, gives the same bytes.

The server begins on an older release, made here from the bundled one with markup in a title. Then ``wsiskg build``
writes the bundled release beside it while clients go on asking.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyoxigraph as ox
import pytest

from wsiskg.graph.release import Release, current_release, open_release, switch

if TYPE_CHECKING:
    from tests.conftest import Server, Start

MARKUP = '<script>alert(1)</script><img src=x onerror="alert(2)">\'&amp;'
LINE = "https://w3id.org/wsis-kg/id/action-line/C2"
PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"


def older_release(release: Release, data: Path) -> Release:
    """Write a release like ``release`` below ``data``, with markup in the title of C2 and other odd values."""
    folder = data / "releases" / "0123456789abcdef"
    shutil.copytree(release.path, folder)
    odd = [
        ox.Triple(ox.NamedNode(LINE), ox.NamedNode(PREF_LABEL), ox.Literal(MARKUP, language="en")),
        ox.Triple(ox.NamedNode(LINE), ox.NamedNode("http://a.example/b"), ox.Literal(MARKUP)),
        ox.Triple(ox.NamedNode(LINE), ox.NamedNode("http://a.example/c"), ox.NamedNode("javascript:alert(3)")),
        ox.Triple(ox.NamedNode(LINE), ox.NamedNode("http://a.example/c"), ox.NamedNode("data:text/html,x")),
    ]
    graph = ox.NamedNode("https://w3id.org/wsis-kg/graph/wsis")
    quads = [
        q
        for q in ox.parse(path=release.nquads_path)
        if not (str(q.subject) == f"<{LINE}>" and q.predicate.value == PREF_LABEL and '"@en' in str(q.object))
    ] + [ox.Quad(t.subject, t.predicate, t.object, graph) for t in odd]
    text = "".join(sorted(f"{q} .\n" for q in quads)).encode()
    (folder / "dumps" / "wsis-kg.nq").write_bytes(text)
    shutil.rmtree(folder / "store")
    store = ox.Store(str(folder / "store"))
    store.bulk_load(input=text, format=ox.RdfFormat.N_QUADS)
    store.flush()
    del store
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for file in manifest["files"]:
        if file["path"] == "dumps/wsis-kg.nq":
            file |= {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}
    older = {**manifest, "release": folder.name, "form": "of an older version"}
    (folder / "manifest.json").write_text(json.dumps(older), "utf-8")
    return open_release(folder)


@pytest.fixture(scope="module")
def data(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("switched")
    switch(folder, older_release(release, folder))
    return folder


@pytest.fixture(scope="module")
def switched(data: Path, start: Start) -> Iterator[Server]:
    with start(data, WORKERS=1) as running:
        yield running


@dataclass
class Clients:
    """Clients that ask without a pause, each on a connection of its own."""

    server: Server
    statuses: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    releases: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def ask(self, path: str) -> None:
        with httpx.Client(base_url=self.server.url, timeout=20) as client:
            while not self.stop.is_set():
                try:
                    answer = client.get(path)
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                    continue
                self.statuses.append(answer.status_code)
                if answer.status_code != 200:
                    self.failures.append(answer.text)
                self.releases.append(answer.headers.get("x-dataset-version", ""))
                time.sleep(0.03)


def test_markup_in_data_is_text(switched: Server) -> None:
    page = switched.get("/id/action-line/C2.html")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "<img" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "javascript:alert(3)" in page.text
    assert 'href="javascript:' not in page.text
    assert 'href="data:' not in page.text
    assert switched.get("/id/action-line/C2").json()["prefLabel"]["en"] == MARKUP
    for path in ("/en/queries/target-supporters", "/id/link/2015/C2-9.c.html", "/en/queries/frameworks"):
        page = switched.get(path, "text/html")
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "<img" not in page.text
    assert "&lt;script&gt;" in switched.get("/id/link/2015/C2-9.c.html").text


def test_new_release_is_served_without_a_failed_request(switched: Server, data: Path, release: Release) -> None:
    assert switched.get("/health").json()["release"] == "0123456789abcdef"
    old = switched.rows(f'SELECT ?t {{ <{LINE}> <{PREF_LABEL}> ?t FILTER(LANG(?t) = "en") }}')
    assert old == [{"t": MARKUP}]
    clients = Clients(switched)
    paths = ("/id/action-line/C2.nt", "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D", "/queries/target-supporters")
    threads = [threading.Thread(target=clients.ask, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    try:
        command = [str(Path(sys.executable).with_name("wsiskg")), "build", "--out", str(data)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("WSISKG_")}
        built = subprocess.run(
            command, env=environment | {"PYTHONHASHSEED": "1"}, capture_output=True, text=True, check=False
        )
        assert built.returncode == 0, built.stderr
        until = time.monotonic() + 5
        while switched.get("/health").json()["release"] == "0123456789abcdef" and time.monotonic() < until:
            time.sleep(0.1)
        assert switched.get("/health").json()["release"] == release.id
        time.sleep(0.3)
    finally:
        clients.stop.set()
        for thread in threads:
            thread.join()
    assert clients.failures == []
    assert len(clients.statuses) > 30
    assert set(clients.releases) == {"0123456789abcdef", release.id}
    new = switched.rows(f'SELECT ?t {{ <{LINE}> <{PREF_LABEL}> ?t FILTER(LANG(?t) = "en") }}')
    assert MARKUP not in new[0]["t"]
    assert switched.get("/dumps/").json()["release"] == release.id


def test_old_workers_are_gone(switched: Server) -> None:
    assert switched.workers_when(lambda found: len(found) == 1)


def test_built_elsewhere_with_another_hash_seed_the_bytes_are_the_same(data: Path, release: Release) -> None:
    """Runs after the build of the test above; the seed of this process was another."""
    other = current_release(data)
    assert other.id == release.id
    assert other.manifest == release.manifest
    for file in release.manifest["files"]:
        assert (other.path / file["path"]).read_bytes() == (release.path / file["path"]).read_bytes()


def test_damaged_release_is_not_switched_to(switched: Server, data: Path, release: Release) -> None:
    broken = data / "releases" / "fedcba9876543210"
    shutil.copytree(release.path, broken)
    (broken / "dumps" / "wsis-kg.nq").write_bytes(b"")
    pointer = data / "broken"
    pointer.symlink_to(Path("releases") / broken.name)
    pointer.replace(data / "current")
    time.sleep(2.5)
    assert switched.get("/health").json()["release"] == release.id
    assert switched.rows("SELECT (1 AS ?n) {}") == [{"n": "1"}]
    assert switched.process.poll() is None
