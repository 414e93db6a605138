"""Registers made from columns hold what their tables say row by row, and know the cell of each statement."""

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings
from pyoxigraph import Literal, NamedNode

from wsiskg.graph.columns.statements import frame_of
from wsiskg.graph.content import registers
from wsiskg.graph.content.collector import Cells, Collector
from wsiskg.graph.content.registers import Register, register_graph
from wsiskg.graph.iris import Iris, slug
from wsiskg.graph.vocabulary import DC, DCAT, DCTERMS, PROV, RDFS, SCHEMA
from wsiskg.resources import default_mappings
from wsiskg.tables.load import load_tables
from wsiskg.tables.rows import Row, Table, Tables

IRIS = Iris()


class Reference:
    """A register row by row, statement by statement: slow, and plain to read."""

    def __init__(self, tables: Tables, code: str) -> None:
        self.cells: Cells = {}
        self.out = Collector(register_graph(IRIS, code), self.cells)
        self.register = IRIS.resource("register", code)
        rows = {name: tables.groups(name).get(code, ()) for name in ("registers", "projects", "awards", "tags")}
        for row in rows["registers"]:
            self._register(row)
        for row in rows["projects"]:
            self._project(row)
        for row in rows["awards"]:
            self._award(row)
        projects = {row.text("project"): row for row in rows["projects"]}
        for row in rows["tags"]:
            self._tag(row, projects[row.text("project")])

    def _register(self, row: Row) -> None:
        out, node = self.out, self.register
        out.subject(node, row, IRIS.term("Register"), DCAT("Dataset"))
        out.text(node, DCTERMS("identifier"), row, "code")
        out.texts(node, DCTERMS("title"), row, "title", ("en", "fr", "es"))
        out.text(node, DC("publisher"), row, "publisher")
        out.text(node, DC("rights"), row, "licence")
        out.date(node, DCTERMS("issued"), row, "as_of")
        out.text(node, IRIS.term("note"), row, "note", "en")
        out.sources(node, row)

    def _project(self, row: Row) -> None:
        out, node, term = self.out, IRIS.resource("project", row.text("project")), IRIS.term
        out.subject(node, row, term("Project"), SCHEMA("Project"))
        out.text(node, DCTERMS("identifier"), row, "project")
        out.text(node, SCHEMA("name"), row, "title")
        out.text(node, SCHEMA("description"), row, "description", "en")
        out.add(node, term("register"), self.register)
        for name in row.values("organisations"):
            organisation = IRIS.resource("organisation", slug(name))
            out.subject(organisation, row, term("Organisation"), SCHEMA("Organization"))
            out.add(organisation, SCHEMA("name"), Literal(name))
            out.link(node, term("organisation"), organisation, row, "organisations")
        for column, name in (
            ("countries", "country"),
            ("development_countries", "developmentCountry"),
            ("deployment_countries", "deploymentCountry"),
        ):
            out.links(node, term(name), (IRIS.resource("country", c) for c in row.values(column)), row, column)
        if kind := row.text("stakeholder_type"):
            value = IRIS.resource("stakeholder-type", kind)
            out.link(node, term("stakeholderType"), value, row, "stakeholder_type")
        lines = (IRIS.resource("action-line", c) for c in row.values("action_lines"))
        out.links(node, term("declaredTag"), lines, row, "action_lines")
        out.links(node, term("declaredTag"), map(IRIS.sdg, row.values("sdgs")), row, "sdgs")
        out.integer(node, term("firstYear"), row, "first_year")
        out.links(node, SCHEMA("url"), map(NamedNode, row.values("url")), row, "url")
        self._source(node, row)

    def _award(self, row: Row) -> None:
        out, node, term = self.out, IRIS.resource("award", row.text("record")), IRIS.term
        out.subject(node, row, term("Award"))
        out.text(node, DCTERMS("identifier"), row, "record")
        out.text(node, SCHEMA("name"), row, "title")
        out.add(node, term("register"), self.register)
        project = IRIS.resource("project", row.text("project"))
        out.link(node, term("project"), project, row, "project")
        out.add(project, SCHEMA("award"), node)
        out.integer(node, term("year"), row, "year")
        out.link(node, term("grade"), IRIS.resource("grade", row.text("grade")), row, "grade")
        out.flag(node, term("gradeCertain"), row, "grade_certain")
        if line := row.text("category"):
            out.link(node, term("actionLine"), IRIS.resource("action-line", line), row, "category")
        self._source(node, row)

    def _source(self, node: NamedNode, row: Row) -> None:
        self.out.sources(node, row)
        self.out.text(node, IRIS.term("sourceTitle"), row, "source_title")
        self.out.text(node, IRIS.term("note"), row, "note", "en")

    def _tag(self, row: Row, source: Row) -> None:
        out, term, code = self.out, IRIS.term, row.text("code")
        project = IRIS.resource("project", row.text("project"))
        value = IRIS.sdg(code) if row.text("framework") == "sdg" else IRIS.resource("action-line", code)
        node = IRIS.resource("tag", f"{row.text('project')}-{row.text('framework')}-{code}")
        out.subject(node, row, term("TagAssignment"))
        out.link(project, term("assignedTag"), value, row, "code")
        out.link(node, term("tagged"), project, row, "project")
        out.link(node, term("tagValue"), value, row, "code")
        out.add(node, term("origin"), IRIS.resource("origin", "assigned"))
        out.text(node, term("reason"), row, "reason", "en")
        curator = IRIS.resource("agent", slug(row.text("curator")))
        out.subject(curator, row, PROV("Agent"))
        out.text(curator, RDFS("label"), row, "curator", "en")
        out.link(node, PROV("wasAttributedTo"), curator, row, "curator")
        out.date(node, DCTERMS("date"), row, "assigned_on")
        out.sources(node, source)


def hold_the_same(tables: Tables, code: str) -> Reference:
    wanted = Reference(tables, code)
    blocks = list(Register(IRIS, tables, code).statements().blocks())
    assert pl.concat(blocks).equals(frame_of(wanted.out.triples))
    subjects = [subject for block in blocks for subject in block["subject"].unique()]
    assert len(subjects) == len(set(subjects))
    return wanted


@pytest.fixture(scope="module")
def bundled() -> Tables:
    return load_tables(default_mappings())


def test_bundled_registers(bundled: Tables) -> None:
    for code in bundled.groups("projects"):
        hold_the_same(bundled, code)


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=";|"), min_size=1, max_size=9).filter(
    str.strip
)
CODES = st.sampled_from(["a", "a-1", "a.b", "b", "b~2", "é", "ü/x", "10", "9", "a_"])
NAMES = TEXT | st.sampled_from(["Café ß", "CAFÉ SS", "café-ss", 'The "best"', "a\\b", "Ａ", "x" * 90])
ADDRESSES = st.sampled_from(["https://a.example/", "https://b.example/é%20", "urn:x-y:z"])


def several(values: st.SearchStrategy[str], separator: str) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=3).map(f" \x1f{separator}".join)  # which Python strips, and Rust does not


def maybe(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | values


PROJECT = {
    "title": maybe(TEXT),
    "organisations": several(NAMES.map(str.strip), ";"),
    "countries": several(st.sampled_from(["KEN", "FRA", "ÅLA"]), ";"),
    "development_countries": several(st.sampled_from(["KEN", "FRA"]), ";"),
    "deployment_countries": maybe(st.just("KEN")),
    "stakeholder_type": maybe(st.sampled_from(["academia", "other"])),
    "action_lines": several(st.sampled_from(["C2", "C10", "C7-EAGR"]), ";"),
    "sdgs": several(st.sampled_from(["9", "9.c", "10"]), ";"),
    "first_year": maybe(st.sampled_from(["2015", "0099"])),
    "description": maybe(TEXT),
    "url": maybe(ADDRESSES),
    "source_url": several(ADDRESSES, "|"),
    "source_title": maybe(TEXT),
    "note": maybe(TEXT),
}
AWARD = {
    "project": CODES,
    "year": maybe(st.just("2018")),
    "grade": st.sampled_from(["winner", "nominee"]),
    "grade_certain": st.sampled_from(["yes", "no", ""]),
    "category": maybe(st.just("C7-EGOV")),
    "title": maybe(TEXT),
    "source_url": several(ADDRESSES, "|"),
    "source_title": maybe(TEXT),
    "note": maybe(TEXT),
}
TAG = {
    "framework": st.sampled_from(["sdg", "wsis"]),
    "code": st.sampled_from(["9", "9.c", "C2"]),
    "reason": TEXT,
    "curator": NAMES,
    "assigned_on": st.sampled_from(["2026-01-02", "2026-01", "2026"]),
}


@st.composite
def registers_of(draw: st.DrawFn) -> Mapping[str, list[dict[str, str]]]:
    projects = draw(st.dictionaries(CODES, st.fixed_dictionaries(PROJECT), max_size=6))
    awards = draw(st.dictionaries(CODES, st.fixed_dictionaries(AWARD), max_size=6))
    tags = (
        draw(st.lists(st.fixed_dictionaries({"project": st.sampled_from([*projects]), **TAG}), max_size=6))
        if projects
        else []
    )
    return {
        "projects": [{"project": code, **cells} for code, cells in projects.items()],
        "awards": [{"record": code, **cells} for code, cells in awards.items()],
        "tags": tags,
    }


def with_rows(bundled: Tables, rows: Mapping[str, list[dict[str, str]]]) -> Tables:
    made = [t for t in bundled.of("registers") if t.group == registers.PRIZES]
    for name, cells in rows.items():
        schema = bundled.of(name)[0].schema
        file = f"mappings/evidence/{name}.csv"
        made.append(
            Table(schema, file, tuple(Row(schema, file, n, c) for n, c in enumerate(cells, 2)), registers.PRIZES)
        )
    return Tables(tuple(made))


@given(registers_of(), st.sampled_from([2, 50_000]))
@settings(max_examples=25)  # of many rows: what costs is each example, not its size
def test_any_cells(bundled: Tables, rows: Mapping[str, list[dict[str, str]]], size: int) -> None:
    tables = with_rows(bundled, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registers, "_SUBJECTS", size)
        wanted = hold_the_same(tables, registers.PRIZES)
    origins = Register(IRIS, tables, registers.PRIZES)
    assert {key: origins.get(key) for key in wanted.cells} == wanted.cells
    said = {(t.subject.value, t.predicate.value) for t in wanted.out.triples}
    assert all(origins.get(key) is None for key in said - wanted.cells.keys())


def test_cells_of_bundled_statements(bundled: Tables) -> None:
    for code in bundled.groups("projects"):
        wanted = Reference(bundled, code).cells
        origins = Register(IRIS, bundled, code)
        some = sorted(wanted)[:: len(wanted) // 150]
        assert {key: origins.get(key) for key in some} == {key: wanted[key] for key in some}


def test_an_unknown_subject_has_no_cell(bundled: Tables) -> None:
    origins = Register(IRIS, bundled, registers.PRIZES)
    assert origins.get((IRIS.resource("project", "nowhere").value, "")) is None
    assert origins.get(("https://example.org/elsewhere", "")) is None


def test_invented_registers_in_blocks_of_any_size(bundled: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "registers.py"
    spec = importlib.util.spec_from_file_location("invented_registers", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look there
    spec.loader.exec_module(module)
    frames = module.synthetic_register(300, 7, bundled)
    rows = {name: frames[name].fill_null("").rows(named=True) for name in ("projects", "awards", "tags")}
    tables = with_rows(bundled, rows)
    for size in (70, 50_000):
        monkeypatch.setattr(registers, "_SUBJECTS", size)
        hold_the_same(tables, registers.PRIZES)
