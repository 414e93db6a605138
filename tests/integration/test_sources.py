"""``wsiskg sources``: the UN's own texts join the next build, checked by their hash, and only then."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("WSISKG_SHARED", ROOT.parent / "shared"))
PUBLISHED = SHARED / "data" / "published" / "un-sdg-kos.ttl"
SMALL = """@prefix sdg: <http://metadata.un.org/sdg/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
sdg:9.c skos:prefLabel "Example  text\\nof a target"@en , "Texte d'exemple"@fr ; skos:notation "9.c" .
<http://example.org/other> skos:prefLabel "Not the UN's"@en .
"""


@pytest.fixture
def published() -> Path:
    if not PUBLISHED.is_file():
        pytest.skip("the UN's file is not here: name its folder with WSISKG_SHARED")
    return PUBLISHED


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "texts.ttl"
    file.write_text(SMALL, "utf-8")
    return file


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def release(data: Path) -> str:
    return str(json.loads((data / "current" / "manifest.json").read_text("utf-8"))["release"])


def definitions(code: str, data: Path, inside: Run) -> dict[str, str]:
    text = f"SELECT ?text (LANG(?text) AS ?lang) WHERE {{ GRAPH graph:sdg {{ sdg:{code} skos:definition ?text }} }}"
    result = inside("query", text, "-f", "json", "--data", data)
    assert result.returncode == 0, result.stderr
    rows = json.loads(result.stdout)["results"]["bindings"]
    return {row["lang"]["value"]: row["text"]["value"] for row in rows}


def sources_of(code: str, data: Path, inside: Run) -> set[str]:
    text = f"SELECT ?source WHERE {{ GRAPH graph:sdg {{ sdg:{code} dcterms:source ?source }} }}"
    return set(inside("query", text, "-f", "csv", "--data", data).stdout.split()[1:])


def test_the_uns_file_gives_definitions_in_its_languages(
    published: Path, data: Path, tables: Path, inside: Run
) -> None:
    before = release(data)
    assert definitions("9.c", data, inside) == {}
    added = inside("sources", "add", "un-sdg-kos", published, "--sha256", sha256(published), "--data", data)
    assert added.returncode == 0, added.stderr
    assert sha256(published) in added.stdout
    assert release(data) == before
    built = inside("build", "--mappings", tables, "--out", data)
    assert built.returncode == 0, built.stderr
    assert release(data) != before
    found = definitions("9.c", data, inside)
    assert {"en", "fr", "es"} <= set(found)
    assert all(text == " ".join(text.split()) for text in found.values())
    assert "http://metadata.un.org/sdg" in sources_of("9.c", data, inside)


def test_texts_come_and_go_with_the_source(small: Path, data: Path, tables: Path, inside: Run) -> None:
    before = release(data)
    assert inside("sources", "add", "un-sdg-kos", small, "--data", data).returncode == 0
    assert inside("build", "--mappings", tables, "--out", data).returncode == 0
    assert definitions("9.c", data, inside) == {"en": "Example text of a target", "fr": "Texte d'exemple"}
    assert "Not the UN's" not in (data / "current/dumps/wsis-kg.nq").read_text("utf-8")
    shutil.rmtree(data / "sources")
    assert inside("build", "--mappings", tables, "--out", data).returncode == 0
    assert release(data) == before


def test_a_source_is_listed_once_it_is_added(small: Path, tmp_path: Path, inside: Run) -> None:
    listing = ["sources", "list", "--json", "--data", tmp_path / "data"]
    assert json.loads(inside(*listing).stdout) == [{"name": "un-sdg-kos", "added": False, "sha256": None}]
    inside("sources", "add", "un-sdg-kos", small, "--data", tmp_path / "data")
    assert json.loads(inside(*listing).stdout) == [{"name": "un-sdg-kos", "added": True, "sha256": sha256(small)}]
    assert "added, 3 statements" in inside("sources", "list", "--data", tmp_path / "data").stdout


def test_a_wrong_hash_is_refused_and_nothing_is_kept(small: Path, tmp_path: Path, inside: Run) -> None:
    result = inside("sources", "add", "un-sdg-kos", small, "--sha256", "0" * 64, "--data", tmp_path / "data")
    assert result.returncode == 2
    assert f"has SHA-256 {sha256(small)}, not {'0' * 64}" in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_hash_may_be_written_in_capitals(small: Path, tmp_path: Path, inside: Run) -> None:
    digest = sha256(small).upper()
    result = inside("sources", "add", "un-sdg-kos", small, "--sha256", digest, "--data", tmp_path / "data")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7 \x00\xff\xfe", "is not Turtle"),
        (b"<html><body>Not found</body></html>", "is not Turtle"),
        (b"", "says nothing of the Sustainable Development Goals"),
        (
            b"<http://example.org/a> <http://example.org/b> 'c'@en .",
            "says nothing of the Sustainable Development Goals",
        ),
    ],
    ids=["binary", "a page", "empty", "other Turtle"],
)
def test_garbage_is_refused_and_what_was_added_stays(
    content: bytes, message: str, small: Path, tmp_path: Path, inside: Run
) -> None:
    data = tmp_path / "data"
    inside("sources", "add", "un-sdg-kos", small, "--data", data)
    garbage = tmp_path / "garbage.ttl"
    garbage.write_bytes(content)
    result = inside("sources", "add", "un-sdg-kos", garbage, "--data", data)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert sha256(data / "sources" / "un-sdg-kos.ttl") == sha256(small)


@pytest.mark.parametrize(
    ("name", "location", "message"),
    [
        ("un-sdg", "texts.ttl", "there is no source called 'un-sdg'"),
        ("un-sdg-kos", "nowhere.ttl", "cannot be read"),
        ("un-sdg-kos", "http://127.0.0.1:9/un-sdg-kos.ttl", "cannot be read"),
        ("un-sdg-kos", "ftp://127.0.0.1/un-sdg-kos.ttl", "cannot be read"),
    ],
)
def test_misuse_is_said(name: str, location: str, message: str, tmp_path: Path, inside: Run) -> None:
    result = inside("sources", "add", name, location, "--data", tmp_path / "data")
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_place_that_cannot_be_written_is_misuse(small: Path, tmp_path: Path, inside: Run) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    result = inside("sources", "add", "un-sdg-kos", small, "--data", tmp_path / "file")
    assert result.returncode == 2
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_source_changed_by_hand_stops_the_build(small: Path, tables: Path, data: Path, inside: Run) -> None:
    before = release(data)
    inside("sources", "add", "un-sdg-kos", small, "--data", data)
    with (data / "sources" / "un-sdg-kos.ttl").open("a", encoding="utf-8") as handle:
        handle.write("# changed\n")
    result = inside("build", "--mappings", tables, "--out", data)
    assert result.returncode == 2
    assert "was changed after it was added" in result.stderr
    assert release(data) == before


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_record_of_a_source_is_said(damage: str, small: Path, tables: Path, data: Path, inside: Run) -> None:
    inside("sources", "add", "un-sdg-kos", small, "--data", data)
    if damage == "cut":
        (data / "sources" / "un-sdg-kos.json").write_text('{"name": ', "utf-8")
    else:
        (data / "sources" / "un-sdg-kos.ttl").unlink()
    result = inside("build", "--mappings", tables, "--out", data)
    assert result.returncode == 2
    assert "Add it again." in result.stderr
    assert "Traceback" not in result.stderr
