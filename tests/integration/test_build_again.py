"""Building again with some rows changed: the release that a build from nothing makes, with little written anew."""

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyoxigraph as ox
import pytest
from tests.index_content import said

from wsiskg.build import build
from wsiskg.graph import beginning, loading, serialise, writing
from wsiskg.graph.content import registers
from wsiskg.graph.content.registers import is_register_graph
from wsiskg.graph.index import changing
from wsiskg.graph.index.schema import EVIDENCE
from wsiskg.graph.iris import Iris
from wsiskg.graph.parts import PARTS, read_parts
from wsiskg.graph.release import Release, open_store
from wsiskg.rules import decide as deciding
from wsiskg.rules.earlier import SUSPECTS

Rows = list[dict[str, str]]
PROJECTS = "evidence/wsis-prizes/projects.csv"
AWARDS = "evidence/wsis-prizes/awards.csv"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "_SUBJECTS", 3)
    monkeypatch.setattr(changing, "_SHARE", 0.5)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """How stores and indexes were made, from nothing or from the release before; first subjects of the parts made."""
    done: dict[str, list[str]] = {"loads": [], "indexes": [], "parts": []}
    fill, begin, write = writing._Writer._store, loading.Loading.__init__, serialise._Writer.add
    change_evidence, write_evidence = beginning.change_evidence, beginning.write_evidence

    def changed(*args: Any) -> bool:
        if found := change_evidence(*args):
            done["indexes"].append("changed")
        return found

    def indexed(*args: Any) -> None:
        done["indexes"].append("anew")
        write_evidence(*args)

    def filled(writer: writing._Writer) -> None:
        before = len(done["loads"])
        fill(writer)
        if len(done["loads"]) == before:
            done["loads"].append("changed")

    def begun(load: loading.Loading, folder: Path) -> None:
        done["loads"].append("anew")
        begin(load, folder)

    def counted(writer: serialise._Writer, first: str, source: str, block: pl.DataFrame) -> None:
        if source:
            done["parts"].append(first)
        write(writer, first, source, block)

    monkeypatch.setattr(writing._Writer, "_store", filled)
    monkeypatch.setattr(loading.Loading, "__init__", begun)
    monkeypatch.setattr(serialise._Writer, "add", counted)
    monkeypatch.setattr(beginning, "change_evidence", changed)
    monkeypatch.setattr(beginning, "write_evidence", indexed)
    return done


def edit(file: Path, change: Callable[[Rows], Rows]) -> None:
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        rows, columns = list(reader), list(reader.fieldnames or ())
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def retitled(rows: Rows) -> Rows:
    return [{**row, "title": f"{row['title']} again"} if place == 4 else row for place, row in enumerate(rows)]


def joined_by_others(rows: Rows) -> Rows:
    """New projects before, between and behind the others."""
    names = [f"{rows[0]['project'][:-1]}", f"{rows[2]['project']}a", "zzz-last"]
    return [*rows, *({**rows[1], "project": name, "title": f"One more: {name}", "url": ""} for name in names)]


def without_the_first(rows: Rows) -> Rows:
    return rows[1:]


def same(one: Release, other: Release) -> None:
    assert one.id == other.id
    names = {str(f.relative_to(one.path)) for f in one.path.rglob("*") if f.is_file() and f.parent.name != "store"}
    for name in sorted(names - {PARTS, SUSPECTS, EVIDENCE, "manifest.json"}):
        assert (one.path / name).read_bytes() == (other.path / name).read_bytes(), name
    # An index that was changed says the same, in other bytes.
    assert said(one.path / EVIDENCE) == said(other.path / EVIDENCE)
    manifests = [dict(release.manifest) for release in (one, other)]
    for manifest in manifests:
        manifest["files"] = [file for file in manifest["files"] if file["path"] != EVIDENCE]
    assert manifests[0] == manifests[1]
    assert set(open_store(one)) == set(open_store(other)) == set(stored(one))


def stored(release: Release) -> Iterator[ox.Quad]:
    store = ox.Store()
    store.bulk_load(path=str(release.nquads_path), format=ox.RdfFormat.N_QUADS)
    yield from store


def test_changed_tables_give_the_release_of_a_build_from_nothing(
    tables: Path, tmp_path: Path, work: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, judged = tmp_path / "data", list[bool]()
    screen_changes = deciding.screen_changes

    def counted(*args: Any) -> Any:
        found = screen_changes(*args)
        judged.append(found is not None)
        return found

    monkeypatch.setattr(deciding, "screen_changes", counted)
    built = build(tables, data, Iris())
    before = built.release
    for file, change in [(PROJECTS, retitled), (PROJECTS, joined_by_others), (AWARDS, without_the_first)]:
        work["parts"].clear()
        edit(tables / file, change)
        built = build(tables, data, Iris())
        again = built.release
        assert again.id != before.id
        of_registers = [g for iri, g in read_parts(again).items() if is_register_graph(again.iris, iri)]
        assert 0 < len(work["parts"]) < sum(len(graph.pieces) for graph in of_registers) / 2
        before = again
    assert work["loads"] == work["indexes"] == ["anew", "changed", "changed", "changed"]
    anew = build(tables, tmp_path / "other", Iris())
    same(before, anew.release)
    assert built.problems == anew.problems
    assert judged == [True, True, True]


def test_a_release_whose_parts_are_unknown_is_not_taken_from(
    tables: Path, data: Path, work: dict[str, list[str]]
) -> None:
    ((data / "current").resolve() / PARTS).write_bytes(b"no parquet")
    edit(tables / PROJECTS, retitled)
    build(tables, data, Iris())
    assert work["loads"] == ["anew"]


@pytest.mark.parametrize("file", ["dumps/wsis-kg.ttl", "dumps/csv/registers.zip", EVIDENCE])
def test_a_damaged_release_is_not_taken_from(tables: Path, data: Path, work: dict[str, list[str]], file: str) -> None:
    damaged = (data / "current").resolve() / file
    text = bytearray(damaged.read_bytes())
    text[len(text) // 2] ^= 1
    damaged.unlink()  # it may be a link
    damaged.write_bytes(text)
    edit(tables / PROJECTS, retitled)
    build(tables, data, Iris())
    assert work["loads"] == ["anew"]


def test_a_release_that_grows_much_is_loaded_while_it_is_written(
    tables: Path, tmp_path: Path, work: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    build(tables, data, Iris())
    monkeypatch.setattr("wsiskg.build._GROWTH", 0.5)
    edit(tables / PROJECTS, retitled)
    again = build(tables, data, Iris()).release
    assert work["loads"] == ["anew", "anew"]
    same(again, build(tables, tmp_path / "other", Iris()).release)


def test_a_register_that_is_gone_leaves_the_index_too(tables: Path, tmp_path: Path, work: dict[str, list[str]]) -> None:
    """The others are as before, but what was written of all of them is not."""
    data = tmp_path / "data"
    build(tables, data, Iris())
    shutil.rmtree(tables / "evidence/dpga")
    again = build(tables, data, Iris()).release
    assert work["indexes"] == ["anew", "anew"]
    same(again, build(tables, tmp_path / "other", Iris()).release)
