"""Many assessments are judged by way of the screen, and what is found is what pySHACL finds on all of them."""

import pytest

from wsiskg.evidence.assessments import assessment_triples, candidate_triples, candidates
from wsiskg.evidence.index import EvidenceIndex
from wsiskg.graph.iris import Iris
from wsiskg.resources import default_mappings
from wsiskg.rules import policy as policies
from wsiskg.rules.policy import SHIPPED, judge, load_policy
from wsiskg.tables.load import load_tables


def test_many_assessments_are_judged_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    iris, tables = Iris(), load_tables(default_mappings())
    index = EvidenceIndex.count(tables)
    links = [(row.text("action_line"), row.text("target")) for row in tables.groups("links")["2015"]]
    said = assessment_triples(iris, "2015", links, index, measurements=False)
    said |= candidate_triples(iris, "2015", candidates(index, links))
    for name in SHIPPED:
        policy = load_policy(name, iris)
        monkeypatch.setattr(policies, "_MANY", len(said))
        few = judge(policy, said, iris)
        monkeypatch.setattr(policies, "_MANY", 0)
        assert judge(policy, said, iris) == few
        assert 0 < len(few) < len(links) + 200
