"""Two editions: the second is synthetic, made here from the first; what is served of each, and of what lies between."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wsiskg.build import build
from wsiskg.graph.iris import Iris
from wsiskg.resources import default_mappings

if TYPE_CHECKING:
    from conftest import Server

Rows = list[dict[str, str]]
API = "/api/v1"
RETIRED, ADDED, CHANGED = "C2-9.c", "C11-9.c", "C1-1"


def edit(path: Path, change: Callable[[Rows], Rows]) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        names, rows = list(reader.fieldnames or ()), list(reader)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, names, restval="")
        writer.writeheader()
        writer.writerows(change(rows))


def links(rows: Rows) -> Rows:
    kept = [r for r in rows if (r["action_line"], r["target"]) != ("C2", "9.c")]
    kept[0]["note"] = "Synthetic change."
    return [*kept, {**kept[0], "action_line": "C11", "target": "9.c", "note": "Synthetic link."}]


@pytest.fixture(scope="module")
def two(
    start: Callable[..., AbstractContextManager[Server]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("two")
    mappings = folder / "mappings"
    shutil.copytree(str(default_mappings()), mappings)
    new = mappings / "matrix" / "2019"
    shutil.copytree(mappings / "matrix" / "2015", new)
    edit(new / "edition.csv", lambda rows: [
        {**rows[0], "code": "2019", "title_en": "Synthetic edition", "title_fr": "Édition synthétique",
         "title_es": "Edición sintética", "issued": "2019-07-18", "hlpf": "2019"}])  # fmt: skip
    edit(new / "links.csv", links)
    edit(new / "discrepancies.csv", lambda rows: [r for r in rows if r["action_line"] != "C2" or r["sdg"] != "9"])
    edit(new / "decisions.csv", lambda _: [
        {"action_line": "C2", "target": "9.c", "decision": "retired", "by": "Synthetic officer", "agency": "ITU",
         "decided_on": "2019-07-01", "reason": "Synthetic reason."}])  # fmt: skip
    build(mappings, folder / "data", Iris())
    with start(folder / "data") as server:
        yield server


def test_what_an_edition_retired_is_gone_and_says_what_was_there(two: Server) -> None:
    answer = two.get(f"/id/link/2019/{RETIRED}")
    assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json")
    problem = answer.json()
    assert problem["lastVersion"].endswith(f"/id/link/2015/{RETIRED}")
    assert problem["replacedBy"] is None
    (decision,) = problem["decisions"]
    assert "Synthetic reason." in two.get(f"/id/{decision.partition('/id/')[2]}").text
    assert two.get(f"/id/link/2019/{RETIRED}", "text/html").status_code == 410
    kept = two.get(f"/id/link/2015/{RETIRED}").json()
    assert kept["decisions"][0]["id"].endswith(f"2019/{RETIRED}/retired")
    assert two.get(f"/id/link/2015/{ADDED}").status_code == 404  # it was not there yet


def test_time_map_and_time_gate(two: Server) -> None:
    lines = two.get(f"/timemap/link/{CHANGED}").text.splitlines()
    assert [line.partition(">")[0] for line in lines if "memento" in line] == [
        f"</id/link/{edition}/{CHANGED}" for edition in ("2015", "2019")
    ]
    assert 'rel="last memento"; datetime="Thu, 18 Jul 2019 00:00:00 GMT"' in lines[-1]
    assert two.get(f"/id/link/{CHANGED}").headers["location"] == f"/id/link/2019/{CHANGED}"
    assert two.get(f"/id/link/{RETIRED}").headers["location"] == f"/id/link/2015/{RETIRED}"
    for day, edition in (("Wed, 17 Jul 2019", "2015"), ("Fri, 19 Jul 2019", "2019")):
        gate = two.client.get(f"/id/link/{CHANGED}", headers={"Accept-Datetime": f"{day} 12:00:00 GMT"})
        assert gate.headers["location"] == f"/id/link/{edition}/{CHANGED}"


def test_difference_of_editions(two: Server) -> None:
    document = two.get(f"{API}/editions/2015/diff/2019").json()
    assert [m["id"] for m in document["added"]] == [f"kg:link/2019/{ADDED}"]
    assert [m["id"] for m in document["removed"]] == [f"kg:link/2015/{RETIRED}"]
    (changed,) = document["changed"]
    assert (changed["id"], changed["wasRevisionOf"]["id"]) == (f"kg:link/2019/{CHANGED}", f"kg:link/2015/{CHANGED}")
    back = two.get(f"{API}/editions/2019/diff/2015").json()
    assert [m["id"] for m in back["added"]] == [f"kg:link/2015/{RETIRED}"]


def test_the_latest_edition_is_meant_where_none_is_named(two: Server) -> None:
    def pairs(query: str) -> set[str]:
        return {m["id"].rpartition("/")[2] for m in two.get(f"{API}/links?limit=500{query}").json()["member"]}

    assert pairs("") == pairs("&edition=2019") != pairs("&edition=2015")
    assert (ADDED in pairs(""), RETIRED in pairs("")) == (True, False)
    assert two.get(f"{API}/links?edition=2015&edition=2019&limit=1").json()["totalItems"] == 2 * len(pairs(""))
    cells = two.get(f"{API}/matrix?linked=true").json()["member"]
    assert {c["assessmentOf"].rpartition("/")[2] for c in cells} == pairs("")
    found = two.get(f"{API}/search?q=C11-9.c").json()["member"]
    assert found[0]["code"] == f"2019/{ADDED}"
    question = next(q for q in two.get("/queries").json() if q["name"] == "matrix-size")
    assert question["parameters"][0]["default"] == "2019"
    (row,) = two.get("/queries/matrix-size", "application/json").json()["results"]["bindings"]
    assert row["edition_code"]["value"] == "2019"


def test_every_edition_can_be_downloaded(two: Server) -> None:
    for edition, pair in (("2015", ("line:C2", "sdg:9.c")), ("2019", ("line:C11", "sdg:9.c"))):
        text = two.get(f"/dumps/matrix/{edition}.sssom.tsv").text
        body = [line for line in text.splitlines() if not line.startswith("#")]
        found = {(r["subject_id"], r["object_id"]) for r in csv.DictReader(body, delimiter="\t")}
        assert pair in found
        assert two.get(f"/dumps/graphs/matrix-{edition}.nq").status_code == 200
    assert len(found) == two.get(f"{API}/links").json()["totalItems"]


def test_pages_show_what_changed_between_editions(two: Server) -> None:
    matrix = two.get("/en/matrix?measure=changes&compare=2015").text
    assert "No longer there: 9.c." in matrix
    assert "New against the edition compared with: 9.c." in matrix
    edition = two.get("/fr/edition/2019").text
    for pair in (f"2015/{RETIRED}", f"2019/{ADDED}", f"2019/{CHANGED}"):
        assert f'href="/fr/link/{pair}"' in edition, pair
    kept = two.get(f"/en/link/2015/{RETIRED}").text
    assert "Synthetic reason." in kept
    gone = two.get(f"/en/link/2019/{RETIRED}")
    assert gone.status_code == 410
    assert f'href="/en/link/2015/{RETIRED}"' in gone.text
    assert two.get(f"/en/link/2015/{ADDED}").status_code == 404
    rows = list(csv.DictReader(two.get("/en/matrix.csv?compare=2015").text.splitlines()))
    assert [(r["line"], r["sdg"]) for r in rows if r["new"]] == [("C11", "9")]
    assert [(r["line"], r["sdg"]) for r in rows if r["gone"]] == [("C2", "9")]
