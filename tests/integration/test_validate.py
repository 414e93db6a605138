"""``wsiskg validate``: tables and RDF files held against the shapes, as text for people, JSON and CSV for programs."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
LINK = "https://w3id.org/wsis-kg/id/link/2015/C1-3.8"


@pytest.fixture
def check(inside: Run, small_tables: Path) -> Run:
    return lambda *args: inside("validate", *args, "--mappings", small_tables)


@pytest.fixture(scope="module")
def link(wsiskg: Run, small_data: Path) -> str:
    """Every statement about one link, as N-Triples."""
    result = wsiskg(
        "query", f"CONSTRUCT {{ <{LINK}> ?p ?o }} WHERE {{ <{LINK}> ?p ?o }}", "-f", "nt", "--data", small_data
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def written(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def with_object(link: str, predicate: str, value: str) -> str:
    """The link with another value of one predicate."""
    lines = [line.split(" ", 2) for line in link.splitlines()]
    changed = [(s, p, f"<{value}> ." if p.endswith(f"#{predicate}>") else o) for s, p, o in lines]
    assert changed != [tuple(line) for line in lines]
    return "".join(f"{' '.join(parts)}\n" for parts in changed)


# Tables.


def test_the_bundled_tables_have_no_violation(inside: Run) -> None:
    result = inside("validate")
    assert result.returncode == 0, result.stdout
    assert "Violation" not in result.stdout
    assert "Traceback" not in result.stderr


@pytest.fixture
def broken(tables: Path) -> Path:
    links = tables / "matrix" / "2015" / "links.csv"
    lines = links.read_text("utf-8").splitlines()
    assert lines[2].startswith("C1,3.8,")
    assert lines[3].startswith("C1,3.d,")
    lines[2] = lines[2].replace("C1,3.8,", "C1,http://example.org/9.c,")
    lines[3] = lines[3].replace("C1,3.d,", "C12,3.d,")
    links.write_text("\n".join(lines) + "\n", "utf-8")
    return tables


PLACES = [("mappings/matrix/2015/links.csv", 3, "target"), ("mappings/matrix/2015/links.csv", 4, "action_line")]


def test_wrong_tables_as_text(broken: Path, inside: Run) -> None:
    result = inside("validate", broken)
    assert result.returncode == 1
    for file, row, column in PLACES:
        assert f"Violation: {file}:{row}: {column}: " in result.stdout
    assert "2 violations" in result.stderr


def test_wrong_tables_as_json(broken: Path, inside: Run) -> None:
    result = inside("validate", broken, "--format", "json")
    assert result.returncode == 1
    found = json.loads(result.stdout)
    assert [(p["file"], p["row"], p["column"]) for p in found] == PLACES
    assert {p["severity"] for p in found} == {"Violation"}
    assert found[0]["value"] == "http://example.org/9.c"
    assert all(p["rule"] and p["message"] for p in found)


def test_wrong_tables_as_csv(broken: Path, inside: Run) -> None:
    result = inside("validate", broken, "-f", "csv")
    assert result.returncode == 1
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(p["file"], int(p["row"]), p["column"]) for p in found] == PLACES


def test_messages_in_three_languages(broken: Path, inside: Run) -> None:
    said = {
        language: json.loads(inside("validate", broken, "-f", "json", "--lang", language).stdout)[0]["message"]
        for language in ("en", "fr", "es")
    }
    assert "is not the UN's address" in said["en"]
    assert "n'est pas l'adresse ONU" in said["fr"]
    assert "no es la dirección de la ONU" in said["es"]


def test_tables_can_be_named_as_mappings_too(broken: Path, inside: Run) -> None:
    assert inside("validate", "--mappings", broken).returncode == 1


def test_what_only_the_graph_shows_names_its_row(tables: Path, inside: Run) -> None:
    titles = tables / "wsis" / "action_line_titles.csv"
    with titles.open("a", encoding="utf-8") as handle:
        handle.write("C2,en,preferred,A second preferred title,sourced,https://www.itu.int/,\n")
    result = inside("validate", tables, "-f", "json")
    assert result.returncode == 1
    (problem,) = [p for p in json.loads(result.stdout) if p["severity"] == "Violation"]
    assert problem["file"] == "mappings/wsis/action_line_titles.csv"
    assert problem["row"]


# RDF files.


def test_a_link_as_published_is_right(link: str, check: Run, tmp_path: Path) -> None:
    result = check(written(tmp_path, "link.ttl", link))
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("predicate", "value"),
    [
        ("target", "http://example.org/sdg/3.8"),
        ("target", "http://metadata.un.org/sdg/3.88"),
        ("actionLine", "https://w3id.org/wsis-kg/id/action-line/C12"),
        ("proposedBy", "https://w3id.org/wsis-kg/id/agency/NOBODY"),
    ],
    ids=["not the UN's", "no such target", "no such line", "no such agency"],
)
def test_a_wrong_link_is_refused_by_the_name_of_its_file(
    predicate: str, value: str, link: str, check: Run, tmp_path: Path
) -> None:
    file = written(tmp_path, "proposal.ttl", with_object(link.replace("C1-3.8>", "C1-other>"), predicate, value))
    result = check(file, "-f", "json")
    assert result.returncode == 1
    violations: list[dict[str, Any]] = [p for p in json.loads(result.stdout) if p["severity"] == "Violation"]
    assert {p["file"] for p in violations} == {str(file)}
    assert value in {p["value"] for p in violations}
    assert any("C1-other" in p["message"] for p in violations)


def test_each_file_is_named_for_its_own_mistakes(link: str, check: Run, tmp_path: Path) -> None:
    good = written(tmp_path, "good.ttl", link)
    bad = written(tmp_path, "bad.ttl", with_object(link.replace("C1-3.8>", "C1-x>"), "target", "http://example.org/1"))
    result = check(good, bad)
    assert result.returncode == 1
    assert str(bad) in result.stdout
    assert str(good) not in result.stdout


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("broken.ttl", "@prefix a: <http://a/> .\na:b a:c a:d\na:e a:f a:g .\n", "line 3"),
        ("broken.nt", "<http://a/b> <http://a/c> .\n", "line 1"),
        ("broken.jsonld", '{"@id": "http://a/b", ', "broken.jsonld"),
        ("broken.rdf", "<rdf:RDF>", "broken.rdf"),
    ],
)
def test_a_syntax_error_is_misuse(name: str, text: str, place: str, check: Run, tmp_path: Path) -> None:
    result = check(written(tmp_path, name, text))
    assert result.returncode == 2
    assert name in result.stderr
    assert place in result.stderr
    assert "Traceback" not in result.stderr


DOCUMENT = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [<!ENTITY wsis "https://w3id.org/wsis-kg/ontology#">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>
"""


@pytest.mark.parametrize("filling", [0, 10_000], ids=["at once", "after a long comment"])
def test_rdf_xml_with_a_doctype_is_refused(filling: int, check: Run, tmp_path: Path) -> None:
    text = DOCUMENT.replace("<!DOCTYPE", f"<!-- {'x' * filling} -->\n<!DOCTYPE")
    result = check(written(tmp_path, "entities.rdf", text))
    assert result.returncode == 2
    assert "declares XML entities" in result.stderr


def test_rdf_xml_in_another_encoding_hides_no_doctype(check: Run, tmp_path: Path) -> None:
    file = tmp_path / "entities.rdf"
    file.write_bytes(DOCUMENT.replace("?>", ' encoding="UTF-16"?>', 1).encode("utf-16"))
    result = check(file)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_a_remote_context_is_not_fetched(check: Run, tmp_path: Path) -> None:
    text = '{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "http://a/b", "name": "x"}'
    result = check(written(tmp_path, "remote.jsonld", text))
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["links.xlsx", "links", "links.txt"])
def test_another_kind_of_file_is_misuse(name: str, check: Run, tmp_path: Path) -> None:
    result = check(written(tmp_path, name, "whatever"))
    assert result.returncode == 2
    assert "is not a kind of file that can be checked" in result.stderr
    assert ".ttl" in result.stderr


def test_a_file_that_is_not_there_is_misuse(check: Run, tmp_path: Path) -> None:
    result = check(tmp_path / "nowhere.ttl")
    assert result.returncode == 2
    assert "cannot be read" in result.stderr


def test_an_unknown_format_is_misuse(check: Run) -> None:
    result = check("--format", "yaml")
    assert result.returncode == 2
    assert "Known: text, json, csv." in result.stderr


def test_a_folder_without_tables_is_misuse(inside: Run, tmp_path: Path) -> None:
    result = inside("validate", tmp_path)
    assert result.returncode == 2
    assert "holds no tables" in result.stderr
