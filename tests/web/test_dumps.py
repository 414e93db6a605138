"""Files of the release over HTTP."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from wsiskg.graph.release import Release

if TYPE_CHECKING:
    from tests.conftest import Server

MEDIA_TYPES = {
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
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


def test_every_file_is_what_the_manifest_says(server: Server) -> None:
    for file in server.get("/dumps/").json()["files"]:
        answer = server.client.get(file["url"], headers={"Accept-Encoding": "identity"})
        assert answer.status_code == 200
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
        assert len(answer.content) == file["bytes"]
        suffix = file["path"][file["path"].rindex(".") :]
        assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[suffix]
        assert answer.headers["etag"] == f'"{file["sha256"]}"'


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
