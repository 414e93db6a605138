"""``/queries``: the catalogue over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from lxml import html

from wsiskg.graph.iris import Iris
from wsiskg.store.catalogue import load_catalogue
from wsiskg.store.guard import check_query

if TYPE_CHECKING:
    from tests.conftest import Server

HTML = "text/html,*/*;q=0.8"
CATALOGUE = load_catalogue(Iris())


def gives_graph(name: str) -> bool:
    form = check_query(CATALOGUE[name].text).form
    return form is not None and form.gives_graph


def test_list(server: Server) -> None:
    listed = server.get("/queries").json()
    assert [q["name"] for q in listed] == list(CATALOGUE)
    for entry in listed:
        query = CATALOGUE[entry["name"]]
        assert entry["summary"] == query.summary
        assert entry["columns"] == list(query.columns)
        assert [p["name"] for p in entry["parameters"]] == [p.name for p in query.params]
        assert entry["url"] == f"/queries/{query.name}"


def test_list_as_a_page(server: Server) -> None:
    assert server.get("/queries", HTML).headers["location"] == "/en/queries"
    page = html.fromstring(server.get("/ar/queries").content)
    listed = {link.get("href"): link.text_content() for link in page.xpath("//main//li/a")}
    assert listed == {f"/ar/queries/{name}": query.titles["ar"] for name, query in CATALOGUE.items()}


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_question_is_answered_for_programs(server: Server, name: str) -> None:
    answer = server.get(f"/queries/{name}", "application/json")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    if gives_graph(name):
        assert document["@graph"]
    else:
        assert document["head"]["vars"] == list(CATALOGUE[name].columns)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_question_is_answered_for_people(server: Server, name: str) -> None:
    assert server.get(f"/queries/{name}", HTML).headers["location"] == f"/en/queries/{name}"
    answer = server.get(f"/fr/queries/{name}")
    assert answer.status_code == 200, answer.text
    page = html.fromstring(answer.content)
    assert page.xpath("string(//h1/bdi)") == CATALOGUE[name].titles["fr"]
    columns = ("Sujet", "Propriété", "Valeur")
    if not gives_graph(name):
        bound = {p.name for p in CATALOGUE[name].params}
        columns = tuple(set(CATALOGUE[name].columns) - bound)
    for column in columns:
        assert f'<th scope="col">{column}</th>' in answer.text
    fields = page.xpath("//form[contains(@class, 'question')]//*[@name]/@name")
    assert sorted(fields) == sorted(p.name for p in CATALOGUE[name].params)


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_question_can_be_read(server: Server, name: str) -> None:
    answer = server.get(f"/queries/{name}.rq")
    assert answer.headers["content-type"].startswith("application/sparql-query")
    assert answer.text == CATALOGUE[name].text


def test_parameters_change_the_answer(server: Server) -> None:
    usual = server.get("/queries/target-supporters").json()
    other = server.get("/queries/target-supporters", target="4.4").json()
    assert usual["results"] != other["results"]
    assert server.get("/queries/target-supporters", target="9.c").json()["results"] == usual["results"]
    assert server.get("/queries/target-supporters", target="").json()["results"] == usual["results"]


@pytest.mark.parametrize("form", ["csv", "tsv", "xml", "json"])
def test_forms(server: Server, form: str) -> None:
    answer = server.get("/queries/target-supporters", HTML, format=form)
    assert answer.status_code == 200
    assert form in answer.headers["content-type"] or form == "tsv"
    assert "etag" in answer.headers


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"target": "99"}, "target"),
        ({"target": "9.c> . ?s ?p ?o . <http://metadata.un.org/sdg/9.c"}, "target"),
        ({"target": "x" * 10_000}, "target"),
        ({"goal": "9"}, "goal"),
        ({"format": "pdf"}, "pdf"),
        ({"format": "ttl"}, "ttl"),
    ],
)
def test_wrong_parameters_are_400(server: Server, parameters: dict[str, str], said: str) -> None:
    answer = server.get("/queries/target-supporters", **parameters)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]
    assert answer.json()["remedy"]
    page = server.get("/queries/target-supporters", HTML, **parameters)
    if page.status_code == 303:  # the parameter is one of the data's address only
        page = server.get(page.headers["location"])
    assert page.status_code == 400
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_a_parameter_given_twice_is_400(server: Server) -> None:
    answer = server.client.get("/queries/line-links?line=C2&line=C3", headers={"Accept": "text/csv"})
    assert answer.status_code == 400
    assert "'line' is given 2 times" in answer.json()["detail"]


def test_a_client_may_set_a_time_limit(server: Server) -> None:
    asked = {"line": "C2", "language": "ru", "format": "tsv"}  # which no other test asks: it is not kept
    assert server.get("/queries/line-links", **asked, timeout="0.000001").status_code == 503
    assert server.get("/queries/line-links", **asked, timeout="20").status_code == 200
    assert server.get("/queries/line-links", **asked, timeout="soon").status_code == 400


def test_well_formed_code_that_names_nothing_gives_no_rows(server: Server) -> None:
    answer = server.get("/queries/target-supporters", target="9.19")
    assert answer.status_code == 200
    assert answer.json()["results"]["bindings"] == []


def test_unknown_name_is_404_with_a_hint(server: Server) -> None:
    for accept in ("application/json", HTML):
        answer = server.get("/queries/target-suporters", accept)
        assert answer.status_code == 404
        assert "target-supporters" in answer.text
    assert server.get("/queries/target-suporters.rq").status_code == 404
    assert server.get("/queries/zzzzzzzz").status_code == 404


def test_conditional_request_for_a_page_gets_the_page(server: Server) -> None:
    tag = server.get("/queries/target-supporters", "application/json").headers["etag"]
    headers = {"Accept": "application/json", "If-None-Match": tag}
    assert server.client.get("/queries/target-supporters", headers=headers).status_code == 304
    page = server.client.get("/queries/target-supporters", headers=headers | {"Accept": HTML}, follow_redirects=True)
    assert page.status_code == 200
    assert "<table" in page.text


def test_head(server: Server) -> None:
    for path in ("/queries", "/queries/target-supporters", "/queries/target-supporters.rq"):
        answer = server.client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")
