"""What officers read of findings and evidence, in three languages."""

import pytest

from wsiskg.evidence.index import Loaded
from wsiskg.evidence.measures import Measures
from wsiskg.matrix.papers.outlook import shortfall, why
from wsiskg.matrix.papers.wording import loaded_text, measures_text
from wsiskg.rules.policy import Finding

THRESHOLD = Finding(
    "urn:rule:1", "2", "3", {"en": "Projects: 2; 3 are needed.", "fr": "Projets : 2 ; il en faut 3."},
    {"en": "projects", "fr": "projets", "es": "proyectos"}, "projectCount", "MinInclusive",
)  # fmt: skip
OTHER = Finding("urn:rule:2", "x", "", {"en": "Something else."}, {"en": "pattern"}, "", "Pattern")


@pytest.mark.parametrize(
    ("language", "short", "full"),
    [
        ("en", "projects 2/3, Something else.", "Projects: 2; 3 are needed. Something else."),
        ("fr", "projets 2/3, Something else.", "Projets : 2 ; il en faut 3. Something else."),
        ("es", "proyectos 2/3, Something else.", "Projects: 2; 3 are needed. Something else."),
    ],
)
def test_findings_in_short_and_in_full(language: str, short: str, full: str) -> None:
    assert shortfall([THRESHOLD, OTHER], language) == short
    assert why([THRESHOLD, OTHER], language) == full


def test_a_policy_without_names_is_said_in_full() -> None:
    bare = Finding("urn:rule:3", "0", "1", {"en": "0 found, 1 needed."}, component="MinInclusive")
    assert shortfall([bare], "fr") == "0 found, 1 needed."


def test_prizes_and_lift_are_said_where_there_are_any() -> None:
    assert measures_text(Measures(), "en") == "projects: 0, countries: 0"
    some = Measures(projects=1234, winners=2, countries=3, lift=2.5, p_value=0.01, q_value=0.0123)
    assert measures_text(some, "fr") == (
        "projets\u00a0: 1\u202f234; pays\u00a0: 3; lauréats\u00a0: 2; lift\u00a0: 2,5 (q 0,0123)"
    )
    assert measures_text(some, "en") == "projects: 1,234, countries: 3, winners: 2, lift: 2.5 (q 0.0123)"


def test_no_evidence_at_all_is_said_so() -> None:
    text = loaded_text(Loaded(0, {}, {}, None, None), "en")
    assert "0 projects (–), years unknown" in text
    assert "declared 0, assigned 0, suggested 0" in text
