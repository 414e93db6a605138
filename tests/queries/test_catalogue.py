"""The catalogue: every question is well described, runs on the bundled release, and answers what is known by hand."""

import csv
import functools
import io
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml

from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import prefixes
from wsiskg.graph.release import Release
from wsiskg.model.errors import UsageError
from wsiskg.resources import data_folder
from wsiskg.store.catalogue import PARAMETER_TYPES, CatalogueQuery, load_catalogue
from wsiskg.store.evaluate import Request, evaluate
from wsiskg.store.guard import check_query

GOLDEN = Path(__file__).parent / "golden"
CATALOGUE = load_catalogue(Iris())
NAMES = sorted(CATALOGUE)
KEYS = {"summary", "titles", "description", "tags", "params", "columns"}
PARAMETER_KEYS = {"name", "type", "default", "description"}

COUNTED_ELSEWHERE = {"graph-sizes", "graph-tables", "classes"}
"""Answers that change with every edit of any table: compared with the release's manifest, not with a golden file."""

KNOWS_ALL_EDITIONS = {"editions", "graph-sizes", "classes", "sources-by-site", "sources-by-class", "freshness"}
"""Questions that are about all editions, so that a further one changes the answer."""

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def store(release: Release) -> ox.Store:
    return ox.Store.read_only(str(release.store_path))


def header(name: str) -> dict[str, Any]:
    text = CATALOGUE[name].text
    loaded = yaml.safe_load("\n".join(line[2:] for line in text.splitlines() if line.startswith("#+")))
    assert isinstance(loaded, dict)
    return loaded


def body(name: str) -> str:
    lines = CATALOGUE[name].text.splitlines()
    return "\n".join(line for line in lines if not line.startswith(("#+", "PREFIX ")))


def builds_graph(query: CatalogueQuery) -> bool:
    return query.columns == ("subject", "predicate", "object")


def answer(store: ox.Store, name: str, values: Mapping[str, str] | None = None) -> bytes:
    query = CATALOGUE[name]
    form = "application/n-triples" if builds_graph(query) else "text/csv"
    found = evaluate(store, Request(query.text, form, query.bind(values or {}, Iris()))).body
    return b"".join(sorted(found.splitlines(keepends=True))) if builds_graph(query) else found


def rows(store: ox.Store, name: str, **values: str) -> Rows:
    return list(csv.DictReader(io.StringIO(answer(store, name, values).decode())))


def column(found: Rows, name: str) -> list[str]:
    return [row[name] for row in found]


def table(*path: str) -> Rows:
    """A table of the mappings, read without our own code."""
    file = functools.reduce(lambda folder, part: folder / part, path, data_folder("mappings"))
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))


# Every file, its header and its text


def test_at_least_thirty_questions() -> None:
    assert len(NAMES) >= 30


@pytest.mark.parametrize("name", NAMES)
def test_header_has_exactly_the_agreed_keys(name: str) -> None:
    found = header(name)
    assert set(found) == KEYS
    assert "\n" not in found["summary"]
    assert len(found["summary"]) <= 80
    assert not found["summary"].endswith(".")
    assert found["titles"].keys() == {"ar", "es", "fr", "ru", "zh"}
    assert all(title == title.strip() and not title.endswith(".") for title in found["titles"].values())
    assert found["description"].strip().endswith(".")
    assert found["tags"]
    assert len(set(found["tags"])) == len(found["tags"])


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_described_and_their_defaults_fit(name: str) -> None:
    for parameter in header(name)["params"]:
        assert set(parameter) == PARAMETER_KEYS
        assert parameter["type"] in PARAMETER_TYPES
        assert isinstance(parameter["default"], str)
        assert parameter["description"].endswith(".")
    assert set(CATALOGUE[name].bind({}, Iris())) == {p["name"] for p in header(name)["params"]}


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_is_projected(name: str) -> None:
    query = CATALOGUE[name]
    given = {p.name for p in query.params}
    if builds_graph(query):
        template = body(name).split("WHERE", 1)[0]
        assert given <= set(re.findall(r"\?(\w+)", template))
    else:
        assert query.columns[: len(query.params)] == tuple(p.name for p in query.params)


@pytest.mark.parametrize("name", NAMES)
def test_prefixes_are_ours_and_all_used(name: str) -> None:
    declared = dict(re.findall(r"^PREFIX (\w+): <([^>]+)>$", CATALOGUE[name].text, re.MULTILINE))
    known = prefixes(Iris())
    assert declared == {prefix: known[prefix] for prefix in declared}
    text = re.sub(r'"[^"\n]*"', '""', body(name))
    assert set(re.findall(r"(?<![\w?])(\w+):\w", text)) == set(declared)
    assert list(declared) == sorted(declared)


@pytest.mark.parametrize("name", NAMES)
def test_text_is_ordered_and_passes_the_guard(name: str) -> None:
    text = body(name)
    assert text.rindex("ORDER BY") > text.rindex("}")
    assert "NOT EXISTS" not in text
    check_query(CATALOGUE[name].text)


@pytest.mark.parametrize("name", NAMES)
def test_every_term_exists(store: ox.Store, name: str) -> None:
    """A misspelt property is silent: the answer is only empty."""
    known = prefixes(Iris())
    text = re.sub(r'"[^"\n]*"', '""', body(name))
    terms = {known[p] + local for p, local in re.findall(r"(?<![\w?])(\w+):(\w+)", text) if p != "xsd"}
    ask = "ASK {{ GRAPH ?g {{ {{ ?s <{0}> ?o }} UNION {{ ?s a <{0}> }} UNION {{ <{0}> a ?c }} }} }}"
    assert [term for term in sorted(terms) if not store.query(ask.format(term))] == []


def test_catalogue_follows_another_base() -> None:
    other = load_catalogue(Iris("https://kg.example.org/"))
    assert sorted(other) == NAMES
    assert all("w3id.org/wsis-kg" not in query.text for query in other.values())
    assert other["target-supporters"].bind({}, Iris("https://kg.example.org/"))["edition"] == (
        "<https://kg.example.org/id/edition/2015>"
    )


def test_readme_lists_every_question_once_with_its_summary() -> None:
    text = (data_folder("queries") / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| ([^|]*) \| [^|]*\|$", text, re.MULTILINE)
    assert sorted(listed) == [(name, CATALOGUE[name].summary) for name in NAMES]


# Every answer


@pytest.mark.parametrize("name", [name for name in NAMES if CATALOGUE[name].params])
def test_filled_in_it_asks_the_same(store: ox.Store, name: str) -> None:
    """What the workbench puts into its editor: values in the text, and no parameter left open."""
    query = CATALOGUE[name]
    form = "application/n-triples" if builds_graph(query) else "text/csv"
    text = query.filled({}, Iris())
    assert "#+" not in text
    found = evaluate(store, Request(text, form, {})).body
    assert sorted(found.splitlines()) == sorted(answer(store, name).splitlines())


@pytest.mark.parametrize("name", NAMES)
def test_columns_are_those_of_the_header(store: ox.Store, name: str) -> None:
    query = CATALOGUE[name]
    if builds_graph(query):
        assert answer(store, name).count(b" .\n") > 0
    else:
        first, _, rest = answer(store, name).decode().partition("\r\n")
        assert tuple(first.split(",")) == query.columns
        assert rest, "no rows with the default values"


@pytest.mark.parametrize("name", [n for n in NAMES if n not in COUNTED_ELSEWHERE])
def test_answer_is_the_golden_one(store: ox.Store, name: str, update_golden: bool) -> None:
    golden = GOLDEN / f"{name}.{'nt' if builds_graph(CATALOGUE[name]) else 'csv'}"
    found = answer(store, name)
    if update_golden:
        golden.write_bytes(found)
    assert golden.read_bytes() == found, "if the change is meant: pytest tests/queries --update-golden"


def test_no_golden_file_is_left_over() -> None:
    assert sorted(f.stem for f in GOLDEN.iterdir()) == [n for n in NAMES if n not in COUNTED_ELSEWHERE]


@pytest.fixture(scope="module")
def reversed_store(release: Release) -> ox.Store:
    """The same release in memory, loaded back to front."""
    quads = list(ox.parse(path=release.nquads_path, format=ox.RdfFormat.N_QUADS))
    store = ox.Store()
    store.extend(reversed(quads))
    return store


@pytest.mark.parametrize("name", NAMES)
def test_order_is_total(store: ox.Store, reversed_store: ox.Store, name: str) -> None:
    assert answer(reversed_store, name) == answer(store, name)


@pytest.fixture(scope="module")
def store_with_later_edition(release: Release) -> ox.Store:
    """The release and a copy of the edition of 2015 that calls itself 2019."""
    base = release.iris.base
    matrix = f"<{base}graph/matrix/2015> ."
    lines = [line for line in release.nquads_path.read_text("utf-8").splitlines() if line.endswith(matrix)]
    copy = "\n".join(lines).replace('"2015"', '"2019"')
    for kind in ("id/link", "id/edition", "id/discrepancy", "graph/matrix"):
        copy = copy.replace(f"<{base}{kind}/2015", f"<{base}{kind}/2019")
    store = ox.Store()
    store.bulk_load(path=release.nquads_path, format=ox.RdfFormat.N_QUADS)
    store.bulk_load(copy, format=ox.RdfFormat.N_QUADS)
    return store


@pytest.mark.parametrize("name", [n for n in NAMES if n not in KNOWS_ALL_EDITIONS])
def test_another_edition_changes_no_answer(store: ox.Store, store_with_later_edition: ox.Store, name: str) -> None:
    assert answer(store_with_later_edition, name) == answer(store, name)


def test_the_later_edition_can_be_asked(store_with_later_edition: ox.Store) -> None:
    assert column(rows(store_with_later_edition, "editions"), "edition_code") == ["2015", "2019"]
    assert column(rows(store_with_later_edition, "matrix-size", edition="2019"), "links") == ["188"]


# Facts known by hand, or counted in the tables without our own code


def test_size_of_the_matrix_of_2015(store: ox.Store) -> None:
    [size] = rows(store, "matrix-size")
    assert size["edition_code"] == "2015"
    assert (size["links"], size["target_links"], size["goal_links"], size["pairs"]) == ("188", "163", "25", "124")
    assert (size["lines"], size["goals"], size["agencies"]) == ("18", "17", "8")
    assert size["targets"] == str(
        len({r["target"] for r in table("matrix", "2015", "links.csv") if "." in r["target"]})
    )


def test_pairs_of_line_and_goal(store: ox.Store) -> None:
    found = rows(store, "line-goal-pairs")
    assert len(found) == 124
    links = Counter((r["action_line"], r["target"].split(".")[0]) for r in table("matrix", "2015", "links.csv"))
    counted = {(r["line_code"], r["goal_code"]): int(r["target_links"]) + int(r["goal_links"]) for r in found}
    assert counted == links


def test_goal_level_links(store: ox.Store) -> None:
    found = rows(store, "goal-level-links")
    assert len(found) == 25
    assert Counter(column(found, "line_code"))["C3"] == 17


def test_all_lines_goals_and_targets_are_there(store: ox.Store) -> None:
    lines = rows(store, "lines-by-goals")
    assert len(lines) == 19
    assert lines[0]["line_code"] == "C3"
    assert lines[0]["goals"] == "17"
    assert [row["line_code"] for row in lines if row["links"] == "0"] == ["C7"]
    goals = rows(store, "goals-by-lines")
    assert len(goals) == 17
    assert sum(int(row["targets_in_all"]) for row in goals) == 169
    assert sum(int(row["links"]) for row in goals) == 188


def test_targets_are_either_supported_or_not(store: ox.Store) -> None:
    supported = set(column(rows(store, "targets-by-lines"), "target_code"))
    unsupported = set(column(rows(store, "unsupported-targets"), "target_code"))
    assert supported.isdisjoint(unsupported)
    assert len(supported | unsupported) == 169
    assert "1.1" in unsupported
    assert "9.c" in supported


def test_concepts_of_the_frameworks(store: ox.Store) -> None:
    concepts = {row["scheme"].rsplit("/", 1)[1]: int(row["concepts"]) for row in rows(store, "frameworks")}
    assert concepts["wsis"] == 19
    assert concepts["connect2020"] == 21
    assert concepts["sdg"] == 17 + 169 + 232


@pytest.mark.parametrize("target", ["9.c", "5.b", "17.8", "1.1"])
def test_supporters_of_a_target(store: ox.Store, target: str) -> None:
    expected = [
        (r["action_line"], r["proposed_by"]) for r in table("matrix", "2015", "links.csv") if r["target"] == target
    ]
    found = [(row["line_code"], row["agency_code"]) for row in rows(store, "target-supporters", target=target)]
    assert sorted(found) == sorted(expected)


def test_goal_supporters_keep_the_two_levels_apart(store: ox.Store) -> None:
    found = {
        row["line_code"]: (row["target_links"], row["goal_links"]) for row in rows(store, "goal-supporters", goal="9")
    }
    assert found["C3"] == ("0", "1")
    assert found["C2"] == ("3", "0")


def test_a_line_includes_its_sub_lines(store: ox.Store) -> None:
    links = table("matrix", "2015", "links.csv")
    found = rows(store, "line-links", line="C7")
    assert len(found) == sum(r["action_line"].startswith("C7-") for r in links)
    assert len(set(column(found, "part_code"))) == 8
    assert set(column(rows(store, "line-links", line="C7-EAGR"), "part_code")) == {"C7-EAGR"}


def test_links_of_agencies_add_up(store: ox.Store) -> None:
    links = {row["agency_code"]: row["links"] for row in rows(store, "agencies-by-links")}
    assert sum(map(int, links.values())) == 188
    for agency in links:
        assert str(len(rows(store, "agency-links", agency=agency))) == links[agency]
    assert len(rows(store, "agencies")) == 24


def test_four_links_without_rationale(store: ox.Store) -> None:
    found = {(row["line_code"], row["sdg_code"]) for row in rows(store, "links-without-rationale")}
    assert found == {("C3", "4"), ("C6", "11.b"), ("C7-EGOV", "17.8"), ("C10", "10.3")}


def test_twenty_seven_shared_rationales(store: ox.Store) -> None:
    found = rows(store, "shared-rationales")
    assert len(set(column(found, "rationale_key"))) == 27
    assert Counter(column(found, "rationale_key")) == {row["rationale_key"]: int(row["uses"]) for row in found}


def test_eight_discrepancies_of_which_five_led_to_a_link(store: ox.Store) -> None:
    found = rows(store, "discrepancies")
    assert {(row["line_code"], row["goal_code"]) for row in found} == {
        ("C2", "8"), ("C3", "4"), ("C4", "8"), ("C7-EENV", "14"), ("C7-EENV", "16"),
        ("C8", "5"), ("C8", "9"), ("C9", "5"),
    }  # fmt: skip
    assert Counter(column(found, "outcome")) == {"link": 5, "no-link": 3}
    assert all(bool(row["resulting_link"]) == (row["outcome"] == "link") for row in found)


def test_connect_2020(store: ox.Store) -> None:
    targets = rows(store, "connect2020-targets")
    assert len(targets) == 17
    assert len(set(column(targets, "goal_code"))) == 4
    assert sum(int(row["proposed_links"]) for row in targets) == 79
    assert [row["target_code"] for row in targets if row["verified"] == "false"] == ["4.1", "4.2"]
    assert len(rows(store, "itu-statements")) == 37


def test_revised_figures_keep_both_values(store: ox.Store) -> None:
    figures = rows(store, "connect2020-figures")
    assert len(figures) == 29
    values = {row["id"]: row["value"] for row in table("connect2020", "figures.csv")}
    revised = {row["figure"].rsplit("/", 1)[1]: row["revised_to"] for row in figures if row["revised_to"]}
    assert revised == {"2.1.A-2015-1": values["2.1.A-2015-2"], "2.1.B-2015-1": values["2.1.B-2015-2"]}


def test_three_way_paths_and_triangles_agree_with_the_tables(store: ox.Store) -> None:
    proposals = [(r["connect_target"], r["object"]) for r in table("connect2020", "proposals.csv")]
    links = [(r["action_line"], r["target"]) for r in table("matrix", "2015", "links.csv")]
    paths = {(c, sdg, line) for c, sdg in proposals for line, target in links if sdg == target}
    triangles = {(c, sdg, line) for c, sdg, line in paths if (c, line) in proposals}
    found = rows(store, "connect2020-triangles")
    assert {(r["connect_code"], r["target_code"], r["line_code"]) for r in found} == triangles
    assert len(found) == len(triangles) > 0
    for connect in {c for c, _ in proposals}:
        walked = rows(store, "three-way-paths", connect=connect)
        assert {(r["connect_code"], r["target_code"], r["line_code"]) for r in walked} == {
            p for p in paths if p[0] == connect
        }
        direct = {(r["connect_code"], r["target_code"], r["line_code"]) for r in walked if r["also_direct"] == "true"}
        assert direct == {t for t in triangles if t[0] == connect}


def test_hlpf_sessions_of_which_those_of_2019_2023_and_2027_change_the_matrix(store: ox.Store) -> None:
    found = rows(store, "hlpf-sessions")
    assert len(found) == 18
    assert {row["year"] for row in found if row["matrix_update"] == "true"} == {"2019", "2023", "2027"}


def test_goals_of_the_session_of_2027(store: ox.Store) -> None:
    found = rows(store, "hlpf-involves", session="2027")
    assert set(column(found, "goal_code")) == {"4", "10", "12", "15", "17"}
    assert {row["goal_code"] for row in found if row["verified"] == "true"} == {"4"}
    links = {(row["goal_code"], row["line_code"]): row["links"] for row in found}
    assert links["4", "C3"] == "1"
    assert sum(map(int, links.values())) == sum(
        r["target"].split(".")[0] in {"4", "10", "12", "15", "17"} for r in table("matrix", "2015", "links.csv")
    )


@pytest.mark.parametrize(
    ("line", "year", "expected"),
    [
        ("C4", "2005", set()),
        ("C4", "2009", {("UNDP", "facilitator"), ("ITU", "co-facilitator")}),
        ("C4", "2010", {("ITU", "facilitator")}),
        ("C7-EENV", "2013", {("UNEP", "facilitator"), ("WMO", "facilitator"), ("ITU", "co-facilitator")}),
        ("C7-EENV", "2015", {("WMO", "facilitator"), ("ITU", "co-facilitator"), ("UNEP", "co-facilitator")}),
        ("C7-EBUS", "2024", {("UNCTAD", "facilitator"), ("ITC", "co-facilitator")}),
    ],
)
def test_facilitators_in_a_year(store: ox.Store, line: str, year: str, expected: set[tuple[str, str]]) -> None:
    found = rows(store, "facilitators-at", line=line, year=year)
    assert {(row["agency_code"], row["role"]) for row in found} == expected
    assert len(found) == len(expected)


def test_facilitators_that_ended(store: ox.Store) -> None:
    ended = {
        (r["line_code"], r["agency_code"], r["ended_by"]) for r in rows(store, "facilitator-changes") if r["ended_by"]
    }
    assert ended == {("C4", "UNDP", "2010"), ("C6", "UNDP", "2008"), ("C7-EENV", "UNEP", "2014")}
    assert sum(int(row["observations"]) for row in rows(store, "facilitator-changes")) == 118


def test_who_keeps_the_indicator_of_9c(store: ox.Store) -> None:
    found = [row for row in rows(store, "custodians-among-facilitators") if row["target_code"] == "9.c"]
    assert {(row["agency_code"], row["line_code"], row["indicator_code"]) for row in found} >= {("ITU", "C2", "9.c.1")}
    assert {row["agency_code"] for row in found} == {"ITU"}
    assert "9.c.1" in column(rows(store, "indicators-of-line", line="C2"), "indicator_code")


@pytest.mark.parametrize("name", ["prizes-by-line", "prizes-by-year", "prizes-by-grade"])
def test_awards_add_up_to_629(store: ox.Store, name: str) -> None:
    assert sum(int(row["awards"]) for row in rows(store, name)) == 629


@pytest.mark.parametrize(
    ("name", "code", "column_name"), [("prizes-by-line", "category", "line_code"), ("prizes-by-year", "year", "year")]
)
def test_awards_are_counted_by_certain_grade(store: ox.Store, name: str, code: str, column_name: str) -> None:
    awards = table("evidence", "wsis-prizes", "awards.csv")
    found = {row[column_name]: row for row in rows(store, name)}
    for group in {award[code] for award in awards}:
        inside = [award for award in awards if award[code] == group]
        certain = Counter(award["grade"] for award in inside if award["grade_certain"] == "yes")
        row = found.pop(group)
        assert int(row["awards"]) == len(inside)
        assert int(row["doubtful"]) == len(inside) - certain.total()
        assert (int(row["winners"]), int(row["champions"]), int(row["nominees"])) == (
            certain["winner"], certain["champion"], certain["nominee"],
        )  # fmt: skip
    assert {row["awards"] for row in found.values()} <= {"0"}


def test_doubtful_grades_stand_apart(store: ox.Store) -> None:
    found = {(row["grade"], row["certain"]): row["awards"] for row in rows(store, "prizes-by-grade")}
    assert found == {
        ("winner", "true"): "94", ("winner", "false"): "11", ("champion", "true"): "104", ("champion", "false"): "18",
        ("nominee", "true"): "402",
    }  # fmt: skip


def test_registers_hold_what_their_tables_hold(store: ox.Store) -> None:
    found = {row["register_code"]: row for row in rows(store, "registers")}
    assert (found["dpga"]["projects"], found["dpga"]["awards"]) == ("228", "0")
    assert (found["wsis-prizes"]["projects"], found["wsis-prizes"]["awards"]) == ("609", "629")
    assert (found["wsis-prizes"]["first_year"], found["wsis-prizes"]["last_year"]) == ("2012", "2026")


def test_tags_add_up_to_those_of_the_tables(store: ox.Store) -> None:
    found = Counter[tuple[str, str]]()
    for row in rows(store, "tags-by-origin"):
        found[row["register_code"], row["origin"]] += int(row["tags"])
    for register in ("dpga", "wsis-prizes"):
        assert found[register, "assigned"] == len(table("evidence", register, "tags.csv"))
        projects = table("evidence", register, "projects.csv")
        declared = sum(len([c for c in (p["action_lines"] + ";" + p["sdgs"]).split(";") if c]) for p in projects)
        assert found[register, "declared"] == declared


def test_eighteen_projects_with_several_awards(store: ox.Store) -> None:
    found = rows(store, "projects-with-several-awards")
    assert len(set(column(found, "project_code"))) == 18
    assert Counter(column(found, "project_code")) == {row["project_code"]: int(row["awards"]) for row in found}


def test_projects_of_a_pair_carry_both_ends(store: ox.Store) -> None:
    pair = {row["project_code"] for row in rows(store, "projects-of-pair", line="C2", target="9.c")}
    of_line = {row["project_code"] for row in rows(store, "projects-of-line", line="C2")}
    of_target = {row["project_code"] for row in rows(store, "projects-of-target", target="9.c")}
    assert pair == of_line & of_target
    assert pair


def test_countries_are_named_by_a_register_or_not(store: ox.Store) -> None:
    projects = table("evidence", "wsis-prizes", "projects.csv")
    named = {c for p in projects for c in p["countries"].split(";") if c}
    missing = set(column(rows(store, "countries-without-projects", register="wsis-prizes"), "country_code"))
    assert missing.isdisjoint(named)
    assert len(missing) + len(named) == 246
    found = {row["country_code"]: row["awards"] for row in rows(store, "prizes-by-country")}
    assert found.keys() <= named


def test_regions_hold_the_countries_of_the_table(store: ox.Store) -> None:
    expected = Counter(row["region"] for row in table("wsis", "countries.csv") if row["region"])
    coverage = rows(store, "region-coverage")
    assert len(coverage) == 6 * 2
    assert {row["region_code"]: int(row["countries"]) for row in coverage} == expected
    for region in expected:
        assert len(rows(store, "countries-of-region", region=region)) == expected[region]


def test_unverified_statements_are_those_of_the_tables(store: ox.Store) -> None:
    found = {
        (r["class"].rsplit("#")[1], re.split("[#/]", r["property"])[-1]): r
        for r in rows(store, "unverified-statements")
    }
    counts = {key: int(row["unverified"]) for key, row in found.items()}
    regions = sum(row["region_status"] == "unverified" for row in table("wsis", "countries.csv"))
    facilitators = sum(row["status"] == "unverified" for row in table("wsis", "facilitators.csv"))
    assert counts["Country", "region"] == regions
    assert counts["Facilitation", ""] == facilitators
    assert counts["HlpfSession", "reviewsGoal"] == 4


def test_titles_follow_the_language(store: ox.Store) -> None:
    [french] = {r["line_title"] for r in rows(store, "target-supporters", language="fr") if r["line_code"] == "C2"}
    titles = table("wsis", "action_line_titles.csv")
    assert french in {r["title"] for r in titles if (r["action_line"], r["lang"]) == ("C2", "fr")}
    english = rows(store, "target-supporters", language="en")
    assert column(rows(store, "target-supporters", language="tlh"), "rationale") == column(english, "rationale")


def test_missing_labels_complete_the_coverage(store: ox.Store) -> None:
    missing = Counter(column(rows(store, "missing-labels", language="fr"), "kind"))
    for row in rows(store, "label-coverage"):
        if row["language_code"] == "fr":
            assert missing[row["kind"]] == int(row["in_all"]) - int(row["with_label"])


def test_provenance_of_a_link(store: ox.Store, release: Release) -> None:
    found = rows(store, "provenance-of-link", line="C2", sdg="9.c")
    graphs = {
        row["graph"].removeprefix(release.iris.base): row["table_file"]
        for row in found
        if "links.csv" in row["table_file"]
    }
    assert graphs == {
        "graph/matrix/2015": "mappings/matrix/2015/links.csv",
        "graph/current": "mappings/matrix/2015/links.csv",
    }
    assert set(column(found, "source")) == {"https://github.com/uwidcit/WSIS-SDG-Matrix"}


def test_statements_from_memory_are_marked(store: ox.Store) -> None:
    found = rows(store, "provenance-of-statement", line="C2")
    verified = {row["value_language"]: row["verified"] for row in found if row["property"].endswith("prefLabel")}
    statuses = {
        r["lang"]: r["status"]
        for r in table("wsis", "action_line_titles.csv")
        if r["action_line"] == "C2" and r["kind"] == "preferred"
    }
    assert verified == {lang: "false" if status == "unverified" else "true" for lang, status in statuses.items()}


def test_graph_of_a_link_names_both_ends(store: ox.Store) -> None:
    text = answer(store, "link-construct", {"line": "C2", "sdg": "9.c"}).decode()
    assert '"C2"' in text
    assert '"9.c"' in text
    assert '"ITU"' in text
    assert answer(store, "link-construct", {"line": "C1", "sdg": "9.c"}) == b""


def test_sizes_and_tables_are_those_of_the_manifest(store: ox.Store, release: Release) -> None:
    sizes = {row["graph"]: int(row["statements"]) for row in rows(store, "graph-sizes")}
    assert sizes == release.manifest["counts"]["graphs"]
    tables = {row["table_file"]: (int(row["rows"]), row["sha256"]) for row in rows(store, "graph-tables")}
    assert tables == {entry["file"]: (entry["rows"], entry["sha256"]) for entry in release.manifest["sources"]}


def test_classes_are_counted_as_in_the_manifest(store: ox.Store, release: Release) -> None:
    counts = dict(release.manifest["counts"]["classes"])
    found = {row["class"].rsplit("#")[1]: int(row["instances"]) for row in rows(store, "classes")}
    # The manifest counts statements: an organisation named by two registers counts twice there.
    assert found.pop("Organisation") <= counts.pop("Organisation")
    assert {name: n for name, n in found.items() if n} == counts


def test_a_wrong_value_is_refused(store: ox.Store) -> None:
    with pytest.raises(UsageError, match="'9' is no sdg-target"):
        answer(store, "target-supporters", {"target": "9"})
    with pytest.raises(UsageError, match="no parameter 'goal'"):
        answer(store, "target-supporters", {"goal": "9"})
    assert rows(store, "matrix-size", edition="2099") == []
