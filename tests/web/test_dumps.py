"""Files of the release over HTTP."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import yaml

from wsiskg.graph.release import Release

if TYPE_CHECKING:
    from tests.conftest import Server

MEDIA_TYPES = {
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".tsv": "text/tab-separated-values",
    ".zip": "application/zip",
}
SYNTAXES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def test_list_is_the_manifest(server: Server, release: Release) -> None:
    answer = server.get("/dumps/")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-dataset-version"] == release.id
    listed = answer.json()
    assert listed["release"] == release.id
    assert listed["counts"] == release.manifest["counts"]
    assert {f["path"] for f in listed["files"]} == {
        f["path"] for f in release.manifest["files"] if f["path"].startswith("dumps/")
    }
    assert {"/dumps/wsis-kg.nq", "/dumps/wsis-kg.jsonld", "/dumps/graphs/sdg.ttl"} <= {
        f["url"] for f in listed["files"]
    }


def test_a_browser_is_led_to_a_page_that_links_every_file_and_graph(server: Server) -> None:
    led = server.client.get("/dumps/", headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "fr"})
    assert (led.status_code, led.headers["location"]) == (303, "/fr/downloads")
    page = server.get("/fr/downloads").text
    listed = server.get("/dumps/").json()
    linked = set(re.findall(r'href="(/dumps/[^"]+)"', page))
    graphs = {url for graph in listed["graphs"].values() for url in graph["distributions"].values()}
    assert linked == graphs | {f["url"] for f in listed["files"]}
    assert server.get("/dumps/", "*/*").headers["content-type"] == "application/json"


def test_every_file_is_what_the_manifest_says(server: Server) -> None:
    for file in server.get("/dumps/").json()["files"]:
        answer = server.client.get(file["url"], headers={"Accept-Encoding": "identity"})
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert len(answer.content) == file["bytes"]
        suffix = file["path"][file["path"].rindex(".") :]
        assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[suffix]
        assert answer.headers["etag"] == f'"{file["sha256"]}"'


def test_every_graph_in_every_syntax(server: Server, release: Release) -> None:
    graphs: dict[str, set[ox.Triple]] = {}
    for quad in ox.parse(path=release.nquads_path):
        graphs.setdefault(quad.graph_name.value, set()).add(quad.triple)  # type: ignore[union-attr]
    listed = server.get("/dumps/").json()["graphs"]
    assert set(listed) == set(graphs)
    for iri, entry in listed.items():
        assert set(entry["distributions"]) == set(SYNTAXES)
        for media_type, url in entry["distributions"].items():
            answer = server.client.get(url, headers={"Accept-Encoding": "identity"})
            assert answer.headers["content-type"].partition(";")[0] == media_type
            assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
            found = list(ox.parse(answer.content, SYNTAXES[media_type]))
            assert {q.triple for q in found} == graphs[iri], url
            if media_type != "text/turtle":
                assert {q.graph_name for q in found} == {ox.NamedNode(iri)}


@pytest.mark.parametrize("range_", ["0-99", "2000-40000", "-100", "999000-", "0-0", "5000-"])
@pytest.mark.parametrize("suffix", [".trig", ".jsonld", ".nq"])
def test_a_graph_can_be_had_in_pieces(server: Server, suffix: str, range_: str) -> None:
    url = f"/dumps/graphs/wsis{suffix}"
    whole = server.get(url).content
    first, _, last = range_.partition("-")
    expected = whole[-int(last) :] if not first else whole[int(first) : int(last) + 1 if last else None]
    answer = server.client.get(url, headers={"Range": f"bytes={range_}"})
    if not expected:
        assert answer.status_code == 416
        return
    assert (answer.status_code, answer.content) == (206, expected)
    assert "content-encoding" not in answer.headers  # the range is one of the file itself
    start = len(whole) - int(last) if not first else int(first)
    assert answer.headers["content-range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"


@pytest.mark.parametrize("path", ["graphs/wsis.trig", "graphs/wsis.ttl"])
@pytest.mark.parametrize("range_", ["bytes=1-2,4-", "lines=1-2", "bytes=9-1", "bytes=x-", "bytes=-", "bytes=²-"])
def test_ranges_that_say_nothing_are_passed_over(server: Server, path: str, range_: str) -> None:
    answer = server.client.get(f"/dumps/{path}", headers=[(b"Range", range_.encode())])
    if "," in range_ and path.endswith(".ttl"):  # several ranges of a file are answered, of a part of one they are not
        assert answer.status_code == 206
        assert answer.headers["content-type"].startswith("multipart/byteranges")
        return
    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["content-length"])


@pytest.mark.parametrize("path", ["graphs/current.trig", "graphs/current.ttl"])
def test_a_range_behind_the_end_is_told_the_size(server: Server, path: str) -> None:
    answer = server.client.get(f"/dumps/{path}", headers={"Range": "bytes=9999999-"})
    assert (answer.status_code, answer.headers["content-type"]) == (416, "application/problem+json")
    identity = server.client.head(f"/dumps/{path}", headers={"Accept-Encoding": "identity"})
    assert answer.headers["content-range"] == f"bytes */{identity.headers['content-length']}"


@pytest.mark.parametrize("encoding", ["identity", "br", "gzip"])
@pytest.mark.parametrize("path", ["graphs/current.ttl", "graphs/wsis.ttl"])
def test_head_says_what_get_does(server: Server, path: str, encoding: str) -> None:
    head, whole = (
        server.client.request(method, f"/dumps/{path}", headers={"Accept-Encoding": encoding})
        for method in ("HEAD", "GET")
    )
    for name in ("content-length", "content-encoding", "etag", "content-type", "last-modified", "repr-digest"):
        assert head.headers.get(name) == whole.headers.get(name), name


def test_dates_and_checksums(server: Server) -> None:
    for url in ("/dumps/void.ttl", "/dumps/graphs/wsis.nq"):
        answer = server.get(url)
        digest = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
        assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
        since = {"If-Modified-Since": answer.headers["last-modified"]}
        assert server.client.get(url, headers=since).status_code == 304
        assert server.client.get(url, headers=since | {"If-None-Match": '"x"'}).status_code == 200
        assert server.client.get(url, headers={"If-Modified-Since": "yesterday"}).status_code == 200


@pytest.mark.parametrize("name", ["matrix", "registers"])
def test_tables_are_what_their_description_says(server: Server, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(server.get(f"/dumps/csv/{name}.zip").content)) as package:
        described = json.loads(package.read("datapackage.json"))
        assert {r["path"] for r in described["resources"]} | {"datapackage.json"} == set(package.namelist())
        for resource in described["resources"]:
            rows = list(csv.DictReader(io.StringIO(package.read(resource["path"]).decode(), newline="")))
            fields = {f["name"]: READERS[f["type"]] for f in resource["schema"]["fields"]}
            keys = [row[resource["schema"]["primaryKey"]] for row in rows]
            assert len(set(keys)) == len(keys) == server.get(f"/api/v1/{resource['name']}").json()["totalItems"]
            for row in rows:
                assert list(row) == list(fields)
                for column, value in row.items():
                    if value:
                        fields[column](value)


READERS: dict[str, Callable[[str], object]] = {
    "string": str, "integer": int, "number": float, "year": lambda text: date(int(text), 1, 1),
    "date": date.fromisoformat, "boolean": {"true": True, "false": False}.__getitem__,
}  # fmt: skip


def test_edition_as_sssom(server: Server) -> None:
    text = server.get("/dumps/matrix/2015.sssom.tsv").text
    head = yaml.safe_load("".join(f"{line[1:]}\n" for line in text.splitlines() if line.startswith("#")))
    assert head["mapping_set_id"].endswith("id/edition/2015")
    body = [line for line in text.splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(body, delimiter="\t"))
    links = server.get("/api/v1/links", limit="500").json()["member"]
    pairs = {(link["actionLine"]["id"], link["target"]["id"]) for link in links}
    assert {(r["subject_id"], r["object_id"]) for r in rows} == pairs
    assert len(rows) == len(links)
    prefixes = {value.partition(":")[0] for r in rows for value in (r["subject_id"], r["predicate_id"], r["object_id"])}
    assert prefixes <= set(head["curie_map"])


def test_head_names_the_size(server: Server) -> None:
    file = next(f for f in server.get("/dumps/").json()["files"] if f["path"].endswith(".nq"))
    answer = server.client.head(file["url"])
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(file["bytes"])


def test_a_download_can_be_continued(server: Server, release: Release) -> None:
    whole = release.nquads_path.read_bytes()
    answer = server.client.get("/dumps/wsis-kg.nq", headers={"Range": "bytes=100-199"})
    assert answer.status_code == 206
    assert answer.content == whole[100:200]
    assert answer.headers["content-range"] == f"bytes 100-199/{len(whole)}"
    tag = answer.headers["etag"]
    rest = server.client.get("/dumps/wsis-kg.nq", headers={"Range": f"bytes={len(whole) - 50}-", "If-Range": tag})
    assert (rest.status_code, rest.content) == (206, whole[-50:])
    changed = server.client.get("/dumps/void.ttl", headers={"Range": "bytes=0-9", "If-Range": '"another release"'})
    assert changed.status_code == 200
    assert server.client.get("/dumps/void.ttl", headers={"Range": "bytes=9999999999-"}).status_code == 416


def test_what_the_client_has_is_not_sent_again(server: Server) -> None:
    tag = server.client.head("/dumps/void.ttl").headers["etag"]
    answer = server.client.get("/dumps/void.ttl", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert server.client.get("/dumps/void.ttl", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/nothing.nq",
        "/dumps/../manifest.json",
        "/dumps/..%2fmanifest.json",
        "/dumps/%2e%2e/manifest.json",
        "/dumps/../store/CURRENT",
        "/dumps/graphs/..%2f..%2fmanifest.json",
        "/dumps/..%2f..%2f..%2f.lock",
        "/dumps/%2fetc%2fpasswd",
        "/dumps//etc/passwd",
        "/dumps/graphs",
        "/dumps/graphs/",
        "/dumps/wsis-kg.nq%00",
        "/dumps/wsis-kg.nq/",
        "/dumps/WSIS-KG.NQ",
        "/dumps/..%2fevidence%2fpairs.json",
    ],
)
def test_nothing_else_can_be_had(server: Server, path: str) -> None:
    answer = server.client.get(server.client.base_url.copy_with(raw_path=path.encode()))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_void_describes_the_release(server: Server) -> None:
    said = {q.triple for q in ox.parse(server.get("/dumps/void.ttl").content, ox.RdfFormat.TURTLE)}
    void = "http://rdfs.org/ns/void#"
    assert {f"{void}triples", f"{void}classPartition", f"{void}propertyPartition", f"{void}linkPredicate"} <= {
        t.predicate.value for t in said
    }
    for form in (ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD):
        answer = server.get("/.well-known/void", form.media_type)
        assert answer.headers["content-type"].partition(";")[0] == form.media_type
        assert {q.triple for q in ox.parse(answer.content, form)} > said
        headers = {"Accept": form.media_type, "If-None-Match": answer.headers["etag"]}
        assert server.client.get("/.well-known/void", headers=headers).status_code == 304
    assert server.get("/.well-known/void", "image/png").status_code == 406


def test_void_lists_every_file_with_size_and_checksum(server: Server) -> None:
    graph = ox.Store()
    graph.bulk_load(input=server.get("/.well-known/void").content, format=ox.RdfFormat.TURTLE)
    text = """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX spdx: <http://spdx.org/rdf/terms#>
    SELECT ?url ?size ?digest WHERE {
        ?dataset dcat:distribution ?file . ?file dcat:downloadURL ?url ; dcat:byteSize ?size ; spdx:checksum ?sum .
        ?sum spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?digest .
    }"""
    rows = {tuple(row[name].value for name in ("url", "size", "digest")) for row in graph.query(text)}  # type: ignore
    files = server.get("/dumps/").json()["files"]
    assert rows == {(f"https://w3id.org/wsis-kg{f['url']}", str(f["bytes"]), f["sha256"]) for f in files}
    assert {Path(url).suffix for url, _, _ in rows} >= {".zip", ".tsv", ".nq"}


def test_void_shows_how_to_ask(server: Server) -> None:
    """Each example has declared prefixes and gives an answer, at the endpoint that is named."""
    graph = ox.Store()
    graph.bulk_load(input=server.get("/.well-known/void").content, format=ox.RdfFormat.TURTLE)
    text = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX schema: <http://schema.org/>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX void: <http://rdfs.org/ns/void#>
    SELECT ?text ?endpoint WHERE {
        ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?text ;
            schema:target ?endpoint ; sh:prefixes ?set .
        ?dataset void:sparqlEndpoint ?endpoint .
        FILTER EXISTS { ?set sh:declare [ sh:prefix ?prefix ; sh:namespace ?namespace ] }
    }"""
    found = [(row["text"].value, row["endpoint"].value) for row in graph.query(text)]  # type: ignore[union-attr]
    assert len(found) == len(server.get("/queries", "application/json").json())
    assert {endpoint for _, endpoint in found} == {f"{server.url}/sparql"}
    for query, endpoint in found:
        assert server.client.post(endpoint, data={"query": query}).status_code == 200


def test_ontology_leads_to_its_graph(server: Server) -> None:
    answer = server.client.get("/ontology", follow_redirects=True)
    assert answer.status_code == 200
    assert answer.history[0].status_code == 303
    assert any(q.subject.value.endswith("ontology#Link") for q in ox.parse(answer.content, ox.RdfFormat.TURTLE))


def test_jsonld_dump_is_json(server: Server) -> None:
    assert json.loads(server.get("/dumps/wsis-kg.jsonld").content)["@graph"]
