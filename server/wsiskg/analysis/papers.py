"""The answers of ``wsiskg analyse`` as papers, in the languages of messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from wsiskg.analysis.bridges import Bridge, Standing
from wsiskg.analysis.centrality import Centrality
from wsiskg.analysis.communities import Communities
from wsiskg.analysis.network import Network
from wsiskg.analysis.papers_texts import COLUMNS, KINDS, LEADS, NAMES, TEXTS, TITLES
from wsiskg.analysis.prediction import BackTest, Prediction
from wsiskg.analysis.robustness import Loss
from wsiskg.analysis.similarity import Likeness
from wsiskg.analysis.summary import Summary
from wsiskg.analysis.time import Timeline
from wsiskg.matrix.papers.paper import Column, Paper, Record, Section, columns_named, number_text
from wsiskg.matrix.papers.wording import loaded_text

__all__ = [
    "back_test_paper",
    "bridges_paper",
    "centrality_paper",
    "communities_paper",
    "isolation_paper",
    "predictions_paper",
    "robustness_paper",
    "similarity_paper",
    "summary_paper",
    "timeline_paper",
]


def summary_paper(network: Network, found: Summary, language: str) -> Paper:
    """Return the size of a network; people also read its density and parts."""
    density = "–" if found.density is None else number_text(found.density, language)
    said = TEXTS["whole"][language].format(
        density=density, components=found.components, largest=found.largest, triangles=found.triangles
    )
    kinds, relations = [asdict(k) for k in found.kinds], [asdict(r) for r in found.relations]
    sections = [
        Section("", (), _columns(("kind", "nodes", "linked"), language), kinds),
        Section("", (), _columns(("relation", "edges", "links"), language), relations, (said,)),
    ]
    return _paper("summary", network, sections, asdict(found), language)


def centrality_paper(network: Network, found: Iterable[Centrality], by: str, limit: int | None, language: str) -> Paper:
    """Return the centralities of nodes, those with the highest value of ``by`` first."""
    nodes = {node.id: node for node in network.nodes}
    # The order of the network where values are equal; what has no eigenvector centrality comes last.
    ordered = sorted(found, key=lambda c: -1.0 if getattr(c, by) is None else getattr(c, by), reverse=True)
    records = [
        {"kind": nodes[c.node].kind, "code": nodes[c.node].code, "label": nodes[c.node].label, **asdict(c)}
        for c in ordered
    ]
    columns = ("kind", "code", "label", "degree", "strength", "betweenness", "pagerank", "eigenvector")
    return _table("centrality", network, columns, records, language, limit)


def bridges_paper(network: Network, found: Iterable[Bridge], limit: int | None, language: str) -> Paper:
    """Return the SDGs that bring lines together."""
    labels = {node.code: node.label for node in network.nodes if node.kind.startswith("sdg")}
    records = [
        {"sdg": b.sdg, "label": labels[b.sdg], "number": len(b.lines), **asdict(b), "lines": list(b.lines),
         "agencies": list(b.agencies)}
        for b in found
    ]  # fmt: skip
    columns = ("sdg", "number", "lines", "agencies", "betweenness", "effective_lines", "diversity")
    return _table("bridges", network, columns, records, language, limit)


def isolation_paper(network: Network, found: Iterable[Standing], language: str) -> Paper:
    """Return how action lines stand among the others."""
    columns = ("line", "state", "sdgs", "shared", "partners", "closest", "jaccard")
    return _table("isolation", network, columns, [asdict(s) for s in found], language)


def similarity_paper(network: Network, found: Iterable[Likeness], limit: int | None, language: str) -> Paper:
    """Return pairs of lines, or of agencies, and how alike they are."""
    records: list[Record] = [
        {
            "first": x.first, "second": x.second, "number_shared": len(x.shared), "either": x.either,
            "jaccard": x.jaccard, "cosine": x.cosine, "shared_sdgs": list(x.shared),
        }
        for x in found
    ]  # fmt: skip
    columns = ("first", "second", "number_shared", "either", "jaccard", "cosine", "shared_sdgs")
    return _table("similarity", network, columns, records, language, limit)


def communities_paper(network: Network, found: Communities, language: str) -> Paper:
    """Return communities, one row each, and how far they depend on chance."""
    codes = {node.id: node.code for node in network.nodes}
    lines = {node.id for node in network.nodes if node.kind in {"action-line", "agency"}}
    records: list[Record] = [
        {
            "number": c.number,
            "nodes": len(c.nodes),
            "stability": c.stability,
            "members": [codes[n] for n in c.nodes if n in lines],
            "others": [codes[n] for n in c.nodes if n not in lines],
        }
        for c in found.communities
    ]
    said = TEXTS["runs"][language].format(
        modularity=number_text(found.modularity, language), lowest=number_text(found.lowest, language),
        seeds=found.seeds, partitions=found.partitions, agreement=number_text(found.agreement, language),
    )  # fmt: skip
    columns = _columns(("number", "nodes", "stability", "members", "others"), language)
    about = {**asdict(found), "communities": [asdict(c) for c in found.communities]}
    return _paper("communities", network, [Section("", (), columns, records, (said,))], about, language)


def robustness_paper(network: Network, found: Iterable[Loss], language: str) -> Paper:
    """Return what falls with the links of each agency."""
    columns = ("agency", "links", "lost", "pairs", "targets", "goals", "lines_lost", "components", "largest")
    records = [{**{k: v for k, v in asdict(x).items() if k != "lines"}, "lines_lost": x.lines} for x in found]
    return _table("robustness", network, columns, records, language)


def predictions_paper(network: Network, found: Sequence[Prediction], limit: int | None, language: str) -> Paper:
    """Return pairs that nobody has linked, with their rank by each method."""
    columns = (
        "line", "sdg", "evidence_rank", "projects", "adamic_adar_rank", "adamic_adar", "resource_allocation_rank",
        "resource_allocation",
    )  # fmt: skip
    return _table("candidates", network, columns, [asdict(p) for p in found], language, limit)


def back_test_paper(
    network: Network, found: Sequence[BackTest], share: float, splits: int, seed: int, language: str
) -> Paper:
    """Return how well each method finds hidden links."""
    said = TEXTS["split"][language].format(
        hidden=found[0].hidden, links=sum(edge.links for edge in network.edges), pairs=found[0].pairs, splits=splits,
        seed=seed,
    )  # fmt: skip
    records = [asdict(b) for b in found]
    columns = _columns(
        ("at", "method", "precision", "precision_lowest", "precision_highest", "recall", "named"), language
    )
    about = {"share": share, "splits": splits, "seed": seed, "records": records}
    return _paper("back-test", network, [Section("", (said,), columns, records)], about, language)


def timeline_paper(found: Timeline, loaded: str, release: str, language: str) -> Paper:
    """Return evidence over the years, and before and after reviews; CSV holds the years.

    Args:
        found: the timeline.
        loaded: how much evidence there is at all, in words.
        release: id of the release.
        language: of the texts.

    """
    about = asdict(found)
    pair = f"{found.line} – {found.sdg}" if found.sdg else found.line
    sections = [
        Section(
            TEXTS[title][language], (), _columns(columns, language), about[key],
            () if about[key] else (TEXTS["nothing"][language],),
        )
        for title, key, columns in (
            ("by-year", "years", ("year", "directness", "origin", "started", "dated", "awarded")),
            ("in-all", "sets", ("directness", "origin", "projects", "undated")),
            ("by-review", "reviews", ("session", "year", "goal", "directness", "origin", "until", "since", "undated")),
        )
    ]  # fmt: skip
    return Paper(
        f"{TITLES['timeline'][language]} ({pair})",
        (LEADS["timeline"][language],),
        sections,
        (loaded, TEXTS["release"][language].format(release=release)),
        {"analysis": "timeline", "release": release, **about},
        language,
    )


def _table(
    name: str,
    network: Network,
    columns: Sequence[str],
    records: Sequence[Record],
    language: str,
    limit: int | None = None,
) -> Paper:
    shown = records[:limit]
    after = []
    if not records:
        after.append(TEXTS["nothing"][language])
    elif len(shown) < len(records):
        after.append(TEXTS["shown"][language].format(shown=len(shown), number=number_text(len(records), language)))
    section = Section("", (), _columns(columns, language), shown, after)
    return _paper(name, network, [section], {"number": len(records), "records": list(shown)}, language)


def _paper(name: str, network: Network, sections: Sequence[Section], about: Mapping[str, Any], language: str) -> Paper:
    settings = {
        "network": network.kind, "edition": network.edition, "level": network.level, "weight": network.weight,
        "release": network.release, "links_without_evidence": network.without_evidence,
    }  # fmt: skip
    end = [TEXTS["network"][language].format(**settings)]
    if network.weight != "none":
        end.append(TEXTS["left-out"][language].format(number=network.without_evidence))
        if network.loaded is not None:
            end.append(loaded_text(network.loaded, language))
    lead = (LEADS[name][language],)
    return Paper(TITLES[name][language], lead, sections, end, {"analysis": name, **settings, **about}, language)


def _columns(keys: Iterable[str], language: str) -> list[Column]:
    return columns_named(keys, COLUMNS, language, {**NAMES, "kind": KINDS, "relation": KINDS})
