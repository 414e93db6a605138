"""Measures of small random networks, against NetworkX or their definitions."""

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, permutations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsiskg.analysis.bridges import bridges, isolation
from wsiskg.analysis.centrality import centralities
from wsiskg.analysis.communities import adjusted_rand, communities, modularity
from wsiskg.analysis.export import export_network
from wsiskg.analysis.network import Edge, Network, Node, figures, graph
from wsiskg.analysis.prediction import back_test, network_scores, precision_recall, predictions
from wsiskg.analysis.robustness import robustness
from wsiskg.analysis.similarity import similarity
from wsiskg.analysis.summary import summarise
from wsiskg.analysis.time import DatedProject, Review, line_timeline, link_timeline
from wsiskg.evidence.index import EvidenceIndex, Loaded
from wsiskg.evidence.measures import Measures, PairEvidence
from wsiskg.model.codes import sdg_goal_of
from wsiskg.model.errors import UsageError

LINES = ("C1", "C2", "C3", "C10", "C11")
SDGS = ("1", "1.1", "1.2", "9.c", "17.6", "17.10")
AGENCIES = ("FAO", "ITU", "WHO")
NO_EVIDENCE = EvidenceIndex({}, Loaded(0, {}, {}, None, None))


def node(code: str, label: str = "") -> Node:
    if code.startswith("C"):
        return Node(f"line:{code}", "action-line", code, label)
    return Node(f"sdg:{code}", "sdg-target" if "." in code else "sdg-goal", code, label, goal=sdg_goal_of(code))


def network(links: dict[tuple[str, str], tuple[tuple[str, ...], int]], weight: str = "none") -> Network:
    edges = tuple(
        Edge(
            f"line:{line}", f"sdg:{sdg}", weight=1.0 if weight == "none" else float(projects),
            agencies=agencies, evidence={"direct-confirmed": projects},
        )
        for (line, sdg), (agencies, projects) in sorted(links.items())
    )  # fmt: skip
    nodes = tuple(node(code) for code in (*LINES, *SDGS))
    return Network("lines-targets", "2015", "linked", weight, "r", nodes, edges)


PAIRS = st.tuples(st.sampled_from(LINES), st.sampled_from(SDGS))
AGENCY_SETS = st.sets(st.sampled_from(AGENCIES), min_size=1).map(lambda s: tuple(sorted(s)))
LINKS = st.dictionaries(PAIRS, st.tuples(AGENCY_SETS, st.integers(1, 9)), max_size=25)
NETWORKS = st.builds(network, LINKS, st.sampled_from(["none", "direct-confirmed"]))
LINKED = NETWORKS.filter(lambda n: bool(n.edges))


def plain(found: Network) -> set[tuple[str, str]]:
    codes = {n.id: n.code for n in found.nodes}
    return {(codes[e.source], codes[e.target]) for e in found.edges}


def whole(found: Network) -> nx.Graph:
    made = nx.Graph()
    made.add_nodes_from(n.code for n in found.nodes)
    made.add_edges_from(plain(found))
    return made


# Prediction


@pytest.mark.parametrize(
    ("method", "index"), [("adamic-adar", nx.adamic_adar_index), ("resource-allocation", nx.resource_allocation_index)]
)
@settings(max_examples=30)
@given(found=NETWORKS)
def test_scores_are_sums_of_the_index_over_lines_of_the_sdg(method: str, index: object, found: Network) -> None:
    made, links = whole(found), plain(found)
    scores = network_scores(links, method)
    for line in LINES:
        for sdg in SDGS:
            if (line, sdg) not in links:
                asked = [(line, other) for other in made[sdg]]
                expected = sum(score for _, _, score in index(made, asked))  # type: ignore[operator]
                assert scores.get((line, sdg), 0.0) == pytest.approx(expected)
    assert not scores.keys() & links
    assert all(scores.values())


@settings(max_examples=30)
@given(NETWORKS)
def test_preferential_attachment_is_that_of_networkx(found: Network) -> None:
    made = whole(found)
    scores = network_scores(plain(found), "preferential-attachment")
    assert all(p == scores[u, v] for u, v, p in nx.preferential_attachment(made, list(scores)))


@settings(max_examples=30)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=6), st.data())
def test_precision_is_the_mean_over_all_orders_of_equal_scores(given_scores: list[int], data: st.DataObject) -> None:
    pairs = [("C1", str(n)) for n in range(len(given_scores))]
    scores = dict(zip(pairs, given_scores, strict=True))
    wanted = data.draw(st.sets(st.sampled_from(pairs), min_size=1))
    at = data.draw(st.integers(1, len(pairs)))
    orders = [o for o in permutations(pairs) if [scores[p] for p in o] == sorted(given_scores, reverse=True)]
    hits = sum(len(wanted & set(order[:at])) for order in orders) / len(orders)
    named = {pair: float(score) for pair, score in scores.items() if score}
    assert precision_recall(named, wanted, len(pairs), at) == pytest.approx((hits / at, hits / len(wanted)))


def test_a_back_test_finds_what_the_evidence_knows_and_chance_does_not() -> None:
    found = network({(line, sdg): (("ITU",), 1) for line in LINES[:3] for sdg in SDGS[1:]})
    measures = {("direct", "confirmed"): Measures(projects=5, countries=1)}
    knows = EvidenceIndex({p: PairEvidence(*p, measures) for p in plain(found)}, NO_EVIDENCE.loaded)
    by_method = {t.method: t for t in back_test(found, knows, at=(3,))}
    assert (by_method["evidence"].precision, by_method["evidence"].recall, by_method["evidence"].named) == (1, 1, 1)
    assert by_method["chance"].precision == figures(3 / by_method["chance"].pairs)
    assert by_method["chance"].pairs == 30 - 12
    assert back_test(found, knows, at=(3,)) == back_test(found, knows, at=(3,))
    assert {t.method: t.named for t in back_test(found, NO_EVIDENCE)}["evidence"] == 0


@pytest.mark.parametrize(("share", "splits", "at"), [(0, 1, 1), (1, 1, 1), (0.2, 0, 1), (0.2, 1, 0), (0.01, 1, 1)])
def test_a_back_test_refuses_what_it_cannot_do(share: float, splits: int, at: int) -> None:
    found = network({("C1", sdg): (("ITU",), 1) for sdg in SDGS})
    with pytest.raises(UsageError):
        back_test(found, NO_EVIDENCE, share, splits, at=(at,))


@settings(max_examples=30)
@given(NETWORKS.filter(lambda n: n.weight == "none"))
def test_predictions_are_unlinked_and_ordered(found: Network) -> None:
    made = predictions(found, NO_EVIDENCE, "adamic-adar")
    assert not {(p.line, p.sdg) for p in made} & plain(found)
    assert [p.adamic_adar for p in made] == sorted((p.adamic_adar for p in made), reverse=True)
    assert all(p.evidence_rank is None and p.projects == 0 for p in made)
    if made:
        assert made[0].adamic_adar_rank == 1


# Middle, bridges, likeness


@settings(max_examples=30)
@given(LINKED)
def test_centralities_are_those_of_networkx(found: Network) -> None:
    made = graph(found)
    lines = [n for n in made if n.startswith("line:")]
    unweighted = replace(found, weight="none")
    # NetworkX divides by zero where a side has one node only.
    sides_are_many = 1 < len(lines) < len(made) - 1
    between = nx.bipartite.betweenness_centrality(made, lines) if sides_are_many else {}
    for c in centralities(unweighted):
        assert c.degree == made.degree[c.node]
        assert c.strength == figures(made.degree(c.node, weight="weight"))
        assert c.betweenness == pytest.approx(between.get(c.node, c.betweenness), abs=1e-5)
    assert sum(c.pagerank for c in centralities(found)) == pytest.approx(1, abs=1e-4)
    assert all(0 <= c.betweenness <= 1 for c in centralities(found))
    largest = max(nx.connected_components(made), key=len)
    defined = [c.eigenvector for c in centralities(found) if c.eigenvector is not None]
    assert len(defined) == len(largest)
    assert math.fsum(x * x for x in defined) == pytest.approx(1, abs=1e-4)


@settings(max_examples=30)
@given(LINKED)
def test_bridges_hold_every_linked_sdg(found: Network) -> None:
    made = whole(found)
    for bridge in bridges(found):
        assert set(bridge.lines) == set(made[bridge.sdg])
        assert 1 - 1e-6 <= bridge.effective_lines <= len(bridge.lines) + 1e-5
        if found.weight == "none":
            assert bridge.effective_lines == pytest.approx(len(bridge.lines), abs=1e-5)
        assert 0 <= bridge.diversity < 1
        assert len(bridge.lines) > 1 or bridge.diversity == 0
    assert {b.sdg for b in bridges(found)} == {sdg for _, sdg in plain(found)}


@settings(max_examples=30)
@given(NETWORKS)
def test_partners_are_lines_two_steps_away(found: Network) -> None:
    made = whole(found)
    standings = isolation(found)
    assert {s.line for s in standings} == set(LINES)
    for s in standings:
        away = nx.single_source_shortest_path_length(made, s.line, cutoff=2)
        assert s.partners == sum(steps == 2 for steps in away.values())
        assert s.state == ("unlinked" if not made[s.line] else "connected" if s.partners else "alone")
        assert bool(s.closest) == bool(s.partners)


@settings(max_examples=30)
@given(NETWORKS)
def test_likeness_is_that_of_networkx(found: Network) -> None:
    made = whole(found)
    pairs = {(x.first, x.second): x for x in similarity(found)}
    for first, second, value in nx.jaccard_coefficient(made, combinations(LINES, 2)):
        assert (pairs[first, second].jaccard if value else 0.0) == figures(value)
        if value:
            assert set(pairs[first, second].shared) == set(nx.common_neighbors(made, first, second))
    assert all(0 <= x.cosine <= 1.000001 for x in pairs.values())


# Communities


@settings(max_examples=30)
@given(LINKED)
def test_communities_part_the_linked_nodes_and_are_always_the_same(found: Network) -> None:
    made = communities(found, seeds=3)
    assert sorted(n for c in made.communities for n in c.nodes) == sorted(graph(found))
    assert made == communities(found, seeds=3)
    assert made.modularity >= made.lowest
    assert made.modularity == modularity(found, [frozenset(c.nodes) for c in made.communities])


@settings(max_examples=30)
@given(LINKED, st.data())
def test_modularity_by_its_definition(found: Network, data: st.DataObject) -> None:
    made = graph(found)
    home = {n: data.draw(st.integers(0, 2)) for n in made}
    parts = [frozenset(n for n in made if home[n] == number) for number in range(3)]
    degree = dict(made.degree(weight="weight"))
    m = made.size(weight="weight")
    lines, sdgs = ([n for n in made if n.startswith(side)] for side in ("line:", "sdg:"))
    barber = sum(
        (made.get_edge_data(a, b, {"weight": 0})["weight"] - degree[a] * degree[b] / m) / m
        for a in lines
        for b in sdgs
        if home[a] == home[b]
    )
    assert modularity(found, parts) == pytest.approx(barber, abs=1e-5)
    without_sides = modularity(replace(found, kind="three-way"), parts)
    assert without_sides == pytest.approx(nx.community.modularity(made, parts, weight="weight"), abs=1e-5)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=9))
def test_adjusted_rand_by_pairs(homes: list[tuple[int, int]]) -> None:
    one, other = ({str(n): h[side] for n, h in enumerate(homes)} for side in (0, 1))
    both = first = second = neither = 0
    for a, b in combinations(homes, 2):
        same = (a[0] == b[0], a[1] == b[1])
        both += same == (True, True)
        first += same == (True, False)
        second += same == (False, True)
        neither += same == (False, False)
    below = (both + first) * (first + neither) + (both + second) * (second + neither)
    expected = 2 * (both * neither - first * second) / below if below else 1.0
    assert adjusted_rand(one, other) == pytest.approx(expected)


# Robustness and size


@settings(max_examples=30)
@given(NETWORKS)
def test_robustness_by_taking_the_links_away(found: Network) -> None:
    codes = {n.id: n.code for n in found.nodes}

    def reached(edges: Iterator[Edge]) -> tuple[set[str], set[str], set[str], int]:
        kept = list(edges)
        targets = {codes[e.target] for e in kept}
        return (
            {t for t in targets if "." in t}, {sdg_goal_of(t) for t in targets}, {codes[e.source] for e in kept},
            len(kept),
        )  # fmt: skip

    before = reached(iter(found.edges))
    for loss in robustness(found)[1:]:
        after = reached(e for e in found.edges if set(e.agencies) != {loss.agency})
        assert (loss.targets, loss.goals, loss.lines) == tuple(
            len(b - a) for b, a in zip(before[:3], after, strict=False)
        )
        assert loss.lost == before[3] - after[3]
        assert loss.links == sum(loss.agency in e.agencies for e in found.edges)
    first = robustness(found)[0]
    assert (first.agency, first.lost, first.components) == ("", 0, nx.number_connected_components(graph(found)))


def test_a_network_without_sides_has_triangles() -> None:
    nodes = (node("C1"), node("1.1"), Node("connect:1.1", "connect2020-target", "1.1"))
    ends = [(a.id, b.id) for a, b in combinations(nodes, 2)]
    found = summarise(Network("three-way", "2015", "linked", "none", "r", nodes, tuple(Edge(*e) for e in ends)))
    assert (found.triangles, found.density, found.components, found.largest) == (1, 1.0, 1, 3)
    with pytest.raises(UsageError, match="not defined for the network 'three-way'"):
        robustness(Network("three-way", "2015", "linked", "none", "r", nodes, ()))


# Export

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=30)
@given(LINKED, TEXT)
def test_exports_give_the_network_back(found: Network, label: str) -> None:
    found = replace(found, nodes=tuple(replace(n, label=label) for n in found.nodes))
    ends = {frozenset((e.source, e.target)): e for e in found.edges}
    readers = {
        "graphml": lambda text: nx.parse_graphml(text.decode()),
        "gexf": lambda text: nx.read_gexf(io.BytesIO(text)),
        "json": lambda text: nx.node_link_graph(json.loads(text), edges="links"),
    }
    for form, read in readers.items():
        made = read(export_network(found, form))
        assert set(made) == {n.id for n in found.nodes}
        assert {frozenset(e) for e in made.edges} == set(ends)
        for a, b, attributes in made.edges(data=True):
            edge = ends[frozenset((a, b))]
            assert attributes["weight"] == edge.weight
            assert attributes["agencies"] == ";".join(edge.agencies)
            assert attributes["evidence_direct_confirmed"] == edge.evidence["direct-confirmed"]
        assert made.nodes["sdg:1.1"]["kind"] == "sdg-target"
    rows = list(csv.DictReader(io.StringIO(export_network(found, "csv").decode(), newline="")))
    assert {frozenset((r["Source"], r["Target"])) for r in rows} == set(ends)
    nodes = list(csv.DictReader(io.StringIO(export_network(found, "csv", "nodes").decode(), newline="")))
    assert [r["Id"] for r in nodes] == [n.id for n in found.nodes]


def test_an_export_refuses_what_it_does_not_know() -> None:
    with pytest.raises(UsageError, match="unknown format 'dot'"):
        export_network(network({}), "dot")
    with pytest.raises(UsageError, match="no part 'faces'"):
        export_network(network({}), "csv", "faces")


# Time

REVIEW = Review("HLPF 2017", 2017, "9")


def test_a_project_counts_by_its_years_and_its_strongest_evidence() -> None:
    projects = (
        DatedProject("a", "declared", {"9.c": "declared"}, 2015, ((2016, "winner"), (2018, ""))),
        DatedProject("b", "assigned", {"9": "declared"}, 2017),
        DatedProject("c", "declared", {"4": "declared"}),
    )
    link = link_timeline(projects, "C2", "9.c", [REVIEW, Review("HLPF 2019", 2019, "4")])
    assert [(s.directness, s.origin, s.projects, s.undated) for s in link.sets] == [
        ("direct", "declared", 1, 0), ("direct", "confirmed", 1, 0),
        ("goal-level", "assigned", 1, 0), ("goal-level", "confirmed", 1, 0),
    ]  # fmt: skip
    direct = [y for y in link.years if (y.directness, y.origin) == ("direct", "declared")]
    assert [(y.year, y.started, y.dated, y.awarded) for y in direct] == [
        (2015, 1, 1, 0), (2016, 0, 1, 1), (2017, 0, 0, 0), (2018, 0, 1, 1),
    ]  # fmt: skip
    assert [(r.directness, r.until, r.since) for r in link.reviews if r.origin == "confirmed"] == [
        ("direct", 0, 1), ("goal-level", 1, 0),
    ]  # fmt: skip
    assert {r.session for r in link.reviews} == {"HLPF 2017"}
    line = line_timeline(projects, "C2", {("C2", "9.c")}, [REVIEW])
    assert [(s.directness, s.projects, s.undated) for s in line.sets if s.origin == "confirmed"] == [
        ("direct", 1, 0), ("goal-level", 1, 0), ("line-only", 1, 1),
    ]  # fmt: skip
