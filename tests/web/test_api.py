"""``/api/v1``: lists, resources, matrix, differences, search, over HTTP; statements are counted in this process."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsiskg.graph.index.text import match_expression
from wsiskg.graph.release import Release
from wsiskg.model.errors import UsageError
from wsiskg.store.index.index import Index
from wsiskg.store.index.listings import Listing
from wsiskg.web.api.listings import COLLECTIONS

if TYPE_CHECKING:
    from conftest import Server

API = "/api/v1"
LISTS = [f"{API}/{name}" for name in COLLECTIONS]


def pages(server: Server, path: str, **parameters: str) -> list[dict[str, Any]]:
    """Follow ``next`` to the end."""
    found = [server.get(path, **parameters).json()]
    while following := found[-1]["view"].get("next"):
        found.append(server.get(following).json())
    return found


def members(server: Server, path: str, **parameters: str) -> list[str]:
    return [m["id"] for page in pages(server, path, **parameters) for m in page["member"]]


@pytest.mark.parametrize("path", LISTS)
def test_every_list(server: Server, path: str) -> None:
    first = server.get(path, limit="3")
    assert first.headers["content-type"] == "application/ld+json"
    document = first.json()
    assert document["type"] == ["Collection"]
    assert document["view"]["type"] == ["PartialCollectionView"]
    everything = members(server, path, limit="500")
    assert document["totalItems"] == len(everything) == len(set(everything)) > 0
    assert [m["id"] for m in document["member"]] == everything[:3]


@pytest.mark.parametrize("path", LISTS)
def test_every_list_in_csv(server: Server, path: str) -> None:
    answer = server.get(path, "text/csv", limit="500")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    columns = COLLECTIONS[path.rpartition("/")[2]].columns
    assert len(rows) == min(500, server.get(path).json()["totalItems"])
    assert all(list(row) == list(columns) for row in rows)
    assert all(row[next(iter(columns))] for row in rows)
    assert server.get(path, "text/html", limit="500", format="csv").text == answer.text


@pytest.mark.parametrize("name", COLLECTIONS)
def test_a_member_has_its_own_address(server: Server, name: str) -> None:
    collection = COLLECTIONS[name]
    answer = server.get(f"{API}/{name}/{quote(collection.example)}")
    assert answer.status_code == 200
    listed = [m for page in pages(server, f"{API}/{name}", limit="500") for m in page["member"]]
    assert {k: v for k, v in answer.json().items() if k != "@context"} in listed
    part = server.get(f"{API}/{name}/{quote(collection.example)}", fields="type").json()
    assert list(part) == ["@context", "id", "type"]


def test_lists_are_linked_data(server: Server) -> None:
    """What a list says of a link is what the graph says."""
    context = server.get("/context.jsonld").json()
    document = server.get(f"{API}/links/2015/C2-9.c").json()
    listed = {q.triple for q in ox.parse(json.dumps({**document, **context}), ox.RdfFormat.JSON_LD)}
    graph = {q.triple for q in ox.parse(server.get("/id/link/2015/C2-9.c.nt").content, ox.RdfFormat.N_TRIPLES)}
    doubles = [t for found in (listed, graph) for t in found if "#double" in str(t.object)]
    assert {t for t in listed if t not in doubles} == {t for t in graph if t not in doubles}
    assert len({(t.subject, t.predicate, float(t.object.value)) for t in doubles}) == len(doubles) / 2


@pytest.mark.parametrize("sort", ["code", "-code", "name", "-name", "year", "-year", "awards", "-awards"])
def test_pages_hold_everything_once_in_order(server: Server, sort: str) -> None:
    whole = members(server, f"{API}/projects", sort=sort, limit="500", country="IND")
    assert members(server, f"{API}/projects", sort=sort, limit="7", country="IND") == whole
    assert len(whole) == len(set(whole)) > 14
    if sort.endswith("code"):
        backwards = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
        assert members(server, f"{API}/projects", sort=backwards, limit="500", country="IND") == whole[::-1]


def test_filters_agree_with_sparql(server: Server) -> None:
    prefix = "PREFIX wsis: <https://w3id.org/wsis-kg/ontology#> PREFIX sdg: <http://metadata.un.org/sdg/> "
    line = "<https://w3id.org/wsis-kg/id/action-line/C2>"
    found = server.rows(
        f"{prefix} SELECT ?l WHERE {{ ?l a wsis:Link ; wsis:actionLine {line} ; wsis:goal sdg:9 ; wsis:edition ?e }}"
    )
    listed = members(server, f"{API}/links", line="C2", goal="9")
    assert {r["l"].rpartition("/id/")[2] for r in found} == {i.removeprefix("kg:") for i in listed}
    found = server.rows(f"{prefix} SELECT ?p WHERE {{ ?p a wsis:Project ; wsis:declaredTag|wsis:assignedTag {line} }}")
    listed = members(server, f"{API}/projects", line="C2", limit="500")
    assert {r["p"].rpartition("/")[2] for r in found} == {i.rpartition("/")[2] for i in listed}


def test_several_values_mean_any_and_several_filters_mean_all(server: Server) -> None:
    def of(query: str) -> set[str]:
        return set(members(server, f"{API}/projects?{query}"))

    assert of("line=C1&line=C2") == of("line=C1") | of("line=C2")
    assert of("line=C2&region=AFR") == of("line=C2") & of("region=AFR") != set()
    years = of("line=C2&year-from=2015&year-to=2016")
    assert years == of("line=C2&year-from=2015&year-to=2015") | of("line=C2&year-from=2016&year-to=2016") != set()


def test_evidence_is_what_the_assessment_counted(server: Server) -> None:
    """For every link: as many direct and goal-level projects as its assessment says, counted by other code."""
    for page in pages(server, f"{API}/links", limit="500"):
        for link in page["member"]:
            counted = link["assessments"][0]
            path = f"{API}/links/{link['id'].removeprefix('kg:link/')}/evidence?limit=1"
            for origin, label in (("confirmed", "Confirmed"), ("declared", "Declared")):
                for directness, kind in (("direct", "direct"), ("goal-level", "goal")):
                    found = server.get(f"{path}&origin={origin}&directness={directness}").json()["totalItems"]
                    assert found == counted[f"{kind}{label}"]["projectCount"], (link["id"], directness, origin)


def test_matrix_counts_are_the_assessments(server: Server) -> None:
    cells = server.get(f"{API}/matrix", linked="true").json()["member"]
    counts = {c["assessmentOf"]: (c["projectCount"], c["recognisedCount"]) for c in cells}
    links = [m for page in pages(server, f"{API}/links", limit="500") for m in page["member"]]
    assert len(links) == len(cells)
    for link in links:
        direct = link["assessments"][0]["directConfirmed"]
        assert counts[link["id"]] == (direct["projectCount"], direct["recognisedCount"]), link["id"]


def test_matrix_can_be_cut(server: Server) -> None:
    whole = server.get(f"{API}/matrix").json()["member"]
    for query, keep in (
        ("line=C2", lambda c: c["actionLine"] == "line:C2"),
        ("goal=9", lambda c: c["goal"] == "sdg:9"),
        ("level=goal", lambda c: c["level"] == "kg:level/goal"),
        ("linked=false", lambda c: "assessmentOf" not in c),
    ):
        assert server.get(f"{API}/matrix?{query}").json()["member"] == [c for c in whole if keep(c)] != []
    for query in ("region=AFR", "origin=declared", "year-from=2018", "year-from=2015&year-to=2015"):
        part = {
            (c["actionLine"], c["target"]): c["projectCount"]
            for c in server.get(f"{API}/matrix?{query}").json()["member"]
        }
        assert all(part.get((c["actionLine"], c["target"]), 0) <= c["projectCount"] for c in whole)
        assert 0 < sum(part.values()) < sum(c["projectCount"] for c in whole)
    rows = list(csv.DictReader(io.StringIO(server.get(f"{API}/matrix", "text/csv").text)))
    assert [int(r["projects"]) for r in rows] == [c["projectCount"] for c in whole]
    (row,) = [r for r in rows if r["link"] == "2015/C2-9.c"]
    assert (row["line"], row["sdg"], row["level"]) == ("C2", "9.c", "target")


def test_an_edition_does_not_differ_from_itself(server: Server) -> None:
    document = server.get(f"{API}/editions/2015/diff/2015").json()
    assert [document[name] for name in ("added", "removed", "changed")] == [[], [], []]
    assert document["unchangedCount"] == server.get(f"{API}/links").json()["totalItems"]
    assert server.get(f"{API}/editions/2015/diff/2019").status_code == 404


@pytest.mark.parametrize(
    ("text", "language", "kind", "code"),
    [
        ("9.c", "en", "target", "9.c"), ("SDG 9", "en", "goal", "9"), ("ods 9", "es", "goal", "9"),
        ("c7 eagr", "fr", "action-line", "C7-EAGR"), ("C7-EAGR", "en", "action-line", "C7-EAGR"),
        ("santé", "fr", "goal", "3"), ("SANTE", "fr", "goal", "3"), ("salud", "es", "goal", "3"),
        ("الصحة", "ar", "goal", "3"), ("农业", "zh", "action-line", "C7-EAGR"),
        ("сельское хозяйство", "ru", "action-line", "C7-EAGR"), ("dhis2", "en", "project", "dpg-dhis2"),
    ],
)  # fmt: skip
def test_search_in_six_languages(server: Server, text: str, language: str, kind: str, code: str) -> None:
    for finder in ("search", "lookup"):
        answer = server.get(f"{API}/{finder}", q=text, lang=language)
        found = [(m["kind"], m["code"]) for m in answer.json()["member"]]
        assert (kind, code) in found[:8], (finder, found)
    of_kind = server.get(f"{API}/search", q=text, kind=kind).json()["member"]
    assert {m["kind"] for m in of_kind} == {kind}


def test_what_is_found_is_told_in_the_language_asked_for(server: Server) -> None:
    assert server.get(f"{API}/search", q="9.c", lang="fr").json()["member"][0]["text"].startswith("Internet abordable")
    rows = list(csv.DictReader(io.StringIO(server.get(f"{API}/lookup", "text/csv", q="9.").text)))
    assert all(row["code"].startswith("9") for row in rows)


@pytest.mark.parametrize(
    "query",
    [
        "links?line=C99", "links?limit=0", "links?limit=501", "links?limit=x", "links?sort=colour", "links?nothing=1",
        "links?cursor=AAAAAAAAAA", "links?cursor=!", "links?limit=1&limit=2", "links?line=", "links?fields=a;b",
        "links?format=pdf", "matrix?year-from=1", "search", "search?q=", "lookup?q=a&limit=1000",
        "links/2015/C2-9.c?format=csv",
        "links?fields=colour", "links?fields=id,rational", "links?format=csv&fields=rationale",
        "projects?year-from=20155", "links?line=C1%00", "links?line=%ff",
    ],
)  # fmt: skip
def test_what_is_not_of_its_form_is_400(server: Server, query: str) -> None:
    answer = server.get(f"{API}/{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    ["links/2015/C2-99", "links/2099/C2-9.c", "sdgs/99", "nothing", "links?edition=2099", "links/2015/x/evidence"],
)
def test_what_is_not_there_is_404(server: Server, path: str) -> None:
    answer = server.get(f"{API}/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_names_are_in_the_order_of_their_letters(server: Server) -> None:
    found = server.get(f"{API}/countries", sort="name", limit="500", fields="label").json()["member"]
    names = [country["label"]["en"] for country in found]
    places = [names.index(name) for name in ("Afghanistan", "Åland Islands", "Albania", "Costa Rica", "Côte d’Ivoire")]
    assert places == sorted(places)
    assert names[-1] == "Zimbabwe"


def test_fields_are_columns_of_csv(server: Server) -> None:
    rows = server.get(f"{API}/links", "text/csv", fields="sdg,line,rationale_en", limit="1").text.splitlines()
    assert rows[0] == "line,sdg,rationale_en"
    assert rows[1].startswith("C1,1,")
    assert set(server.get(f"{API}/links", fields="target", limit="1").json()["member"][0]) == {"id", "target"}


def test_negotiation_and_etags(server: Server) -> None:
    first = server.get(f"{API}/links", "application/json")
    assert first.headers["content-type"] == "application/json"
    assert 'rel="http://www.w3.org/ns/json-ld#context"' in first.headers["link"]
    assert first.headers["vary"] == "Accept, Accept-Encoding"
    again = server.client.get(
        f"{API}/links", headers={"Accept": "application/json", "If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    other = server.client.get(f"{API}/links", headers={"Accept": "text/csv", "If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    assert server.get(f"{API}/links", "image/png").status_code == 406
    assert server.client.head(f"{API}/links").headers["etag"] == server.get(f"{API}/links").headers["etag"]
    assert server.client.post(f"{API}/links").status_code == 405
    assert (
        f'<{server.get(f"{API}/links", limit="2").json()["view"]["next"]}>; rel="next"'
        in server.get(f"{API}/links", limit="2").headers["link"]
    )


def test_openapi_describes_every_list_and_question_with_an_example(server: Server) -> None:
    document = server.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for name in COLLECTIONS:
        content = document["paths"][f"{API}/{name}"]["get"]["responses"]["200"]["content"]
        assert content["application/ld+json"]["example"]["totalItems"] > 0
        assert len(content["application/ld+json"]["example"]["member"]) == 1
    for question in server.get("/queries").json():
        described = document["paths"][question["url"]]["get"]
        assert [p["name"] for p in described["parameters"]] == [p["name"] for p in question["parameters"]] + ["format"]
    ids = [o["operationId"] for operations in document["paths"].values() for o in operations.values()]
    assert len(ids) == len(set(ids))


@pytest.fixture(scope="module")
def traced(release: Release) -> tuple[Index, list[str]]:
    statements: list[str] = []
    return Index(release, lambda sql: None if sql.startswith("--") else statements.append(sql)), statements


def test_statements_do_not_grow_with_what_is_found(traced: tuple[Index, list[str]]) -> None:
    index, statements = traced
    having = {"line": ["C2"], "region": ["AFR"]}
    numbers = []
    for limit in (1, 10, 500):
        statements.clear()
        index.page(Listing(("project",), having, limit=limit))
        numbers.append(len(statements))
    assert numbers == [numbers[0]] * 3
    assert numbers[0] <= 6
    for ask in (lambda: index.search("internet"), lambda: index.lookup("c")):
        statements.clear()
        assert len(ask()) > 5
        assert len(statements) <= 12
    statements.clear()
    index.cells(["declared"])
    index.digests("2015")
    assert len(statements) == 2


def test_cursors_of_others_are_refused(traced: tuple[Index, list[str]]) -> None:
    index, _ = traced
    cursor = index.page(Listing(("link",), limit=2)).next
    with pytest.raises(UsageError, match="order"):
        index.page(Listing(("link",), sort="name", after=cursor))
    with pytest.raises(UsageError, match="not one of ours"):
        index.page(Listing(("link",), after=cursor[:-5]))


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_whatever_is_searched_for_is_only_words(traced: tuple[Index, list[str]], text: str) -> None:
    index, _ = traced
    index.search(text)
    index.lookup(text)
    assert '""' not in match_expression(text, prefix=True)


@given(st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_any_query_string_is_answered(server: Server, raw: bytes) -> None:
    url = server.client.base_url.copy_with(raw_path=f"{API}/links?".encode() + quote(raw, safe="=&%").encode())
    answer: httpx.Response = server.client.get(url)
    assert answer.status_code in {200, 400, 404}


def test_facets_count_the_list_they_stand_by(server: Server) -> None:
    """Each number is what its address lists, and together they leave nothing out."""
    path = f"{API}/projects"
    answer = server.get(path, facets="register,region", line="C2", limit="1").json()
    register, region = answer["facets"]
    assert (register["name"], region["name"]) == ("register", "region")
    assert sum(value["count"] for value in register["values"]) == answer["totalItems"]
    for value in (*register["values"], *region["values"]):
        assert server.get(value["id"]).json()["totalItems"] == value["count"] > 0
    assert "facets" not in server.get(path, limit="1").json()
    refused = server.get(path, facets="colour")
    assert refused.status_code == 400
