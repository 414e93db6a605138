"""Each class of measure equals the answer of its published definition in ``queries/measures/``."""

import csv
import io
from pathlib import Path

import pyoxigraph as ox
import pytest
from scipy import stats

from wsiskg.evidence.assessments import COUNTS
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.graph.release import Release
from wsiskg.resources import data_folder
from wsiskg.store.evaluate import Request, evaluate

FIELDS = {metric: field for field, (_, metric) in COUNTS.items()}
COUNTED = sorted(set(FIELDS) - {"lift", "pValue", "qValue"})


@pytest.fixture(scope="module")
def store(release: Release) -> ox.Store:
    return ox.Store.read_only(str(release.store_path))


@pytest.fixture(scope="module")
def index(release: Release) -> EvidenceIndex:
    return EvidenceIndex.read(release.path)


def ask(store: ox.Store, name: str) -> list[dict[str, str]]:
    text = (data_folder("queries") / "measures" / f"{name}.rq").read_text("utf-8")
    answer = evaluate(store, Request(text, "text/csv"))
    return list(csv.DictReader(io.StringIO(answer.body.decode())))


def test_every_measure_has_its_definition() -> None:
    files = {Path(str(f)).stem for f in (data_folder("queries") / "measures").iterdir()}
    assert files == {*COUNTED, "association"}


@pytest.mark.parametrize("metric", COUNTED)
def test_measure_equals_its_definition(metric: str, store: ox.Store, index: EvidenceIndex) -> None:
    asked = {(r["line_code"], r["sdg_code"], r["directness"], r["origin"]): int(r["value"]) for r in ask(store, metric)}
    counted = {
        (*pair, *kept): getattr(measures, FIELDS[metric])
        for pair, evidence in index.pairs.items()
        for kept, measures in evidence.sets.items()
        if getattr(measures, FIELDS[metric])
    }
    assert asked == counted


def test_lift_and_p_value_equal_their_definition(store: ox.Store, index: EvidenceIndex) -> None:
    rows = ask(store, "association")
    assert rows
    for row in rows:
        both, of_line, of_sdg, universe = (int(row[c]) for c in ("both", "of_line", "of_sdg", "universe"))
        measures = index.get(row["line_code"], row["sdg_code"]).of("direct", "confirmed")
        assert measures.projects == both
        assert measures.lift == pytest.approx(both * universe / (of_line * of_sdg), abs=5e-4)
        table = [[both, of_line - both], [of_sdg - both, universe - of_line - of_sdg + both]]
        assert measures.p_value == pytest.approx(stats.fisher_exact(table, "greater").pvalue, rel=1e-3)
        assert measures.q_value is not None
        assert measures.q_value >= measures.p_value or measures.q_value == pytest.approx(measures.p_value, rel=1e-3)
