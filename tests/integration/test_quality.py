"""Data quality: report, catalogue, shapes and badge say the same numbers of the bundled release."""

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from lxml import etree
from rdflib import URIRef
from rdflib.namespace import RDF, RDFS, SH, SKOS

from wsiskg.analysis.quality.badge import quality_badge
from wsiskg.analysis.quality.findings import PARTS, Quality, Share, quality_requests, read_quality
from wsiskg.analysis.quality.texts import COLUMNS, MEASURES, NAMES, TITLES
from wsiskg.cli import main
from wsiskg.graph.content.dataset import Dataset, build_dataset
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import Severity
from wsiskg.resources import default_mappings
from wsiskg.rules.check import check_dataset
from wsiskg.rules.shacl import load_shapes, run_shapes, to_rdflib
from wsiskg.store.evaluate import evaluate
from wsiskg.tables.load import load_tables

Run = Callable[..., str]
WSH = "https://w3id.org/wsis-kg/shapes#"


@pytest.fixture(scope="module")
def quality(release: Release) -> Quality:
    store = ox.Store.read_only(str(release.store_path))
    requests = quality_requests(release.iris, "2015")
    return read_quality({name: evaluate(store, request).body for name, request in requests.items()}, release.id, "2015")


@pytest.fixture
def run(release: Release, data_dir: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    def command(*args: str, code: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["wsiskg", *args, "--data", str(data_dir)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capfd.readouterr()
        assert (end.value.code or 0) == code, err
        return out if not code else err

    return command


@pytest.fixture(scope="module")
def warned(release: Release) -> Counter[str]:
    """How often pySHACL warns on the release, by shape."""
    shapes = load_shapes(Iris(), "quality")
    used = {str(path) for path in shapes.objects(None, SH.path) if isinstance(path, URIRef)}
    used |= {str(RDF.type), str(RDFS.label), str(SKOS.prefLabel)}
    store = ox.Store.read_only(str(release.store_path))
    triples = {q.triple for p in used for q in store.quads_for_pattern(None, ox.NamedNode(p), None, None)}
    found = run_shapes(to_rdflib(triples), shapes)
    assert {result.severity for result in found} == {Severity.WARNING}
    assert all(set(result.texts) >= {"en", "fr", "es"} for result in found)
    return Counter(result.shape.removeprefix(WSH) for result in found)


def test_the_shapes_ask_for_what_the_question_counts(quality: Quality, warned: Counter[str]) -> None:
    shapes = load_shapes(Iris(), "quality")
    names = {str(name) for name in (str(s).removeprefix(WSH) for s in shapes.subjects(SH.minCount, None))}
    of_class = sorted(warned[name] for name in names if name != "Quality-source")
    lacking = sorted(int(row["in_all"]) - int(row["with_value"]) for row in quality.tables["completeness"])
    assert of_class == lacking
    kinds = Counter(str(row["kind"]) for row in quality.tables["completeness"])
    assert len(names) - 1 == kinds.total()
    assert warned["Quality-Project-description"] == 709  # 128 of 837 have one


def test_every_warning_is_a_number_of_the_report(quality: Quality, warned: Counter[str]) -> None:
    sources, labels = quality.tables["sources"], quality.tables["labels"]
    assert warned["Quality-source"] == sum(int(r["in_all"]) - int(r["with_source"]) for r in sources)
    assert warned["Quality-verified"] == sum(int(r["unverified"]) for r in quality.tables["unverified"])
    assert warned["Quality-discrepancy"] == len(quality.tables["discrepancies"]) == 8
    for language in ("en", "fr", "es", "ru", "ar", "zh"):
        missing = sum(int(r["in_all"]) - int(r["with_label"]) for r in labels if r["language_code"] == language)
        assert warned[f"Quality-label-{language}"] == missing


def test_a_warning_names_file_and_row() -> None:
    tables = load_tables(default_mappings())
    dataset = build_dataset(tables, Iris())
    events = {
        graph: frozenset(t for t in triples if "/id/event/" in str(t.subject))
        for graph, triples in dataset.graphs.items()
    }
    found = check_dataset(Dataset(dataset.iris, events, dataset.origins), ("quality",))
    [placeless] = [p for p in found if p.rule.endswith("Quality-Event-place")]
    assert placeless.origin.file == "mappings/wsis/events.csv"
    assert placeless.origin.row


def test_measures_in_short_add_up(quality: Quality) -> None:
    shares = {s.measure: s for s in quality.shares}
    assert list(shares) == list(MEASURES)
    assert (shares["rationales"].met, shares["rationales"].of) == (184, 188)
    for name, met, of in (("completeness", "with_value", "in_all"), ("labels", "with_label", "in_all")):
        rows = quality.tables[name]
        assert (shares[name].met, shares[name].of) == tuple(sum(int(r[c]) for r in rows) for c in (met, of))
    assert shares["verified"].of == shares["sources"].of
    assert Share("none", 0, 0).share == 1


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_report_is_complete_in_each_language(run: Run, language: str, quality: Quality) -> None:
    said = run("quality", "--lang", language, "--format", "md")
    assert all(f"## {TITLES[part][language]}" in said for part in PARTS)
    assert all(texts[language] for texts in (*COLUMNS.values(), *NAMES.values()))
    kinds = {str(row[key]) for name in ("completeness", "sources", "freshness", "labels", "unverified")
             for row in quality.tables[name] for key in ("kind", "information") if row.get(key)}  # fmt: skip
    assert kinds <= set(NAMES)


def test_json_and_csv_say_the_same(run: Run, quality: Quality) -> None:
    said = json.loads(run("quality", "--format", "json"))
    assert said["parts"].keys() == PARTS.keys()
    for name, part in list(said["parts"].items())[::3]:
        rows = list(csv.DictReader(io.StringIO(run("quality", name, "--format", "csv"))))
        assert [{k: str(v) for k, v in record.items()} for record in part["records"]] == rows
        assert part["records"] == list(quality.tables[name])
    short = {r["measure"]: r for r in csv.DictReader(io.StringIO(run("quality", "--format", "csv")))}
    assert {s["measure"]: str(s["met"]) for s in said["shares"]} == {name: r["met"] for name, r in short.items()}


def test_an_unknown_part_is_named_with_the_known(run: Run) -> None:
    assert "Choose from: completeness, sources" in run("quality", "fresh", code=2)


def test_badge_rounds_down_and_holds_any_text(quality: Quality) -> None:
    svg = etree.fromstring(quality_badge(quality).encode())
    assert "91% verified" in svg.attrib["aria-label"]
    almost = Quality("<&>", "", tuple(Share(m, 999, 1000) for m in MEASURES), {})
    badge = etree.fromstring(quality_badge(almost).encode())
    assert badge.attrib["aria-label"].count("99%") == 4


def test_no_edition_is_no_error(release: Release) -> None:
    with pytest.raises(UsageError):
        quality_requests(release.iris, "not an edition!")
    assert quality_requests(release.iris, "").keys() >= {part.query for part in PARTS.values()}
