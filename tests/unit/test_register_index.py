"""The index of registers from columns holds what the statements say one by one: a plain reference says it again."""

import csv
import io
import json
import sqlite3
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import hypothesis.strategies as st
import polars as pl
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, example, given, settings
from pyoxigraph import Literal, NamedNode, Triple

from wsiskg.graph.columns.statements import Statements, frame_of
from wsiskg.graph.content.registers import is_register_graph
from wsiskg.graph.framing import framer
from wsiskg.graph.index.columns import COLUMNS, row_of
from wsiskg.graph.index.evidence import write_evidence
from wsiskg.graph.index.schema import EVIDENCE
from wsiskg.graph.index.text import code_key, search_text
from wsiskg.graph.index.text_columns import code_keys, natural_order, search_texts
from wsiskg.graph.index.writer import Doc, Item, create_index
from wsiskg.graph.iris import SDG, Iris
from wsiskg.graph.jsonld import load_context
from wsiskg.graph.release import Release
from wsiskg.graph.vocabulary import DCTERMS, PROV, RDF_TYPE, RDFS, SCHEMA, XSD
from wsiskg.model.codes import natural_key, parent_line, sdg_goal_of

IRIS = Iris()
ORIGINS = ("declared", "assigned", "suggested")
ITEM_TABLES = ("kind", "item", "term", "facet", "label", "alias", "doc", "cell")
CSV_KINDS = {"projects": "project", "prizes": "award", "organisations": "organisation", "registers": "register"}


def one_by_one(path: Path, iris: Iris, registers: Sequence[Sequence[Triple]], places: Sequence[Triple]) -> None:
    """Write the index of registers as slowly as it can be said."""
    region = iris.term("region").value
    regions = {t.subject.value: _local(t.object) for t in places if t.predicate.value == region}
    cells: dict[tuple[str, str, str, str, int], list[int]] = {}
    views = [_Register(iris, triples, regions, cells) for triples in registers]
    _join(views, iris.term("register").value)
    with create_index(path) as writer:
        writer.add(item for view in views for item in view.register())
        writer.add(item for view in views for item in view.projects())
        writer.add(item for view in views for item in view.awards())
        writer.add(_organisations(views))
        writer.labels({name: label for view in views for name, label in view.labels().items()})
        names = ["origin", "region", "line", "sdg", "year", "projects", "recognised"]
        types = [pl.String] * 4 + [pl.Int64] * 3
        rows = [(*key, *counts) for key, counts in cells.items()]
        writer.cells(pl.DataFrame(rows, dict(zip(names, types, strict=True)), orient="row"))


def _join(views: Sequence["_Register"], register: str) -> None:
    """Let each register see the awards and projects of all: an award may be of another one's project.

    What a register says of a project that is not its own, that it has an award, is said where the project is.
    """
    for view in views:
        own = view.kinds["project"]
        for iri in [i for i, found in own.items() if not any(t.predicate.value == register for t in found)]:
            said = own.pop(iri)
            for other in views:
                if iri in other.kinds["project"]:
                    found = {*other.kinds["project"][iri], *said}
                    other.kinds["project"][iri] = tuple(sorted(found, key=str))
    everywhere = {
        kind: {iri: found for view in views for iri, found in view.kinds[kind].items()} for kind in ("award", "project")
    }
    for view in views:
        view.everywhere = everywhere


class _Register:
    """The statements of one register by subject, without copying them.

    ``everywhere`` has the awards and projects of all registers, once they are joined.
    """

    def __init__(
        self, iris: Iris, triples: Sequence[Triple], regions: Mapping[str, str], cells: dict[Any, list[int]]
    ) -> None:
        self._iris = iris
        self._framer = framer(iris)
        self._context = self._framer.context
        self._regions = regions
        self._cells = cells
        self.kinds: defaultdict[str, dict[str, Sequence[Triple]]] = defaultdict(dict)
        self.everywhere: Mapping[str, Mapping[str, Sequence[Triple]]] = self.kinds
        for subject, group in groupby(triples, key=lambda t: t.subject):
            iri = subject.value
            self.kinds[self._framer.kind(iri)][iri] = tuple(group)
        tagged = iris.term("tagged").value
        self._tags: defaultdict[str, list[str]] = defaultdict(list)
        for tag, found in self.kinds["tag"].items():
            for project in _objects(found, tagged):
                self._tags[project.value].append(tag)
        self.organisations = {iri: self._framer.label(iri, found) for iri, found in self.kinds["organisation"].items()}
        self.counts: defaultdict[str, int] = defaultdict(int)

    def register(self) -> Iterator[Item]:
        """Yield the register itself."""
        for iri, triples in self.kinds["register"].items():
            code = _local_name(iri)
            titles = {o.language or "": o.value for o in _objects(triples, DCTERMS("title").value)}
            docs = [Doc(lang, text, search_text(text), search_text(code)) for lang, text in sorted(titles.items())]
            document = self._framer.nest(iri, {iri: triples})
            facets = frozenset({("projects", str(len(self.kinds["project"])))})
            yield Item(
                "register", code, document, facets, titles.get("en", ""), number=len(self.kinds["project"]),
                aliases=(code_key(code),), docs=tuple(docs),
            )  # fmt: skip

    def labels(self) -> dict[str, Any]:
        """Return what is shown of registers and curators, by compact IRI."""
        named = {**self.kinds["register"], **self.kinds["agent"]}
        return {self._context.compact_iri(iri): self._framer.label(iri, found) for iri, found in named.items()}

    def projects(self) -> Iterator[Item]:
        """Yield the projects, and count them by action line and SDG."""
        organisations = {self._context.compact_iri(i): label for i, label in self.organisations.items()}
        for iri in sorted(self.kinds["project"], key=lambda i: natural_key(_local_name(i))):
            triples = self.kinds["project"][iri]
            awards = [o.value for o in _objects(triples, SCHEMA("award").value)]
            statements = {iri: triples}
            statements |= {a: self.everywhere["award"][a] for a in awards if a in self.everywhere["award"]}
            statements |= {t: self.kinds["tag"][t] for t in self._tags.get(iri, ())}
            document = self._framer.with_labels(self._framer.nest(iri, statements), organisations)
            facets, years = self._facets(triples, awards)
            self._count(self._ranks(triples), facets, max(years, default=0))
            names = [o["name"] for o in document.get("organisation", ()) if isinstance(o, dict)]
            for organisation in _objects(triples, self._iris.term("organisation").value):
                self.counts[organisation.value] += 1
            title, code = str(document.get("name", "")), _local_name(iri)
            texts = list(document.get("description", {}).values())
            doc = Doc(
                "", "", search_text(title), search_text(" ".join([code, *(" ".join(_flat(n)) for n in names)])),
                search_text(" ".join(texts)),
            )  # fmt: skip
            yield Item(
                "project", code, document, frozenset(facets), title, max(years, default=0), len(awards),
                aliases=(code_key(code),), docs=(doc,),
            )  # fmt: skip

    def _ranks(self, triples: Sequence[Triple]) -> dict[tuple[str, str], int]:
        """Return the rank of the strongest origin of all that a project counts for, by (framework, code)."""
        found: dict[tuple[str, str], int] = {}
        for rank, origin in enumerate(ORIGINS):
            for tag in _objects(triples, self._iris.term(f"{origin}Tag").value):
                for carried in _carried(tag.value):
                    found.setdefault(carried, rank)
        return found

    def _facets(self, triples: Sequence[Triple], awards: Sequence[str]) -> tuple[set[tuple[str, str]], list[int]]:
        term = self._iris.term
        facets: set[tuple[str, str]] = set()
        years = [int(o.value) for o in _objects(triples, term("firstYear").value)]
        for (name, code), rank in self._ranks(triples).items():
            facets.add((f"{name}:{ORIGINS[rank]}", code))
            if ORIGINS[rank] != "suggested":
                facets.add((name, code))
        countries = [o.value for o in _objects(triples, term("country").value)]
        facets |= {("country", _local_name(c)) for c in countries}
        facets |= {("region", self._regions[c]) for c in countries if c in self._regions}
        facets |= {("register", _local(o)) for o in _objects(triples, term("register").value)}
        facets |= {("stakeholder", _local(o)) for o in _objects(triples, term("stakeholderType").value)}
        facets |= {("organisation", _local(o)) for o in _objects(triples, term("organisation").value)}
        for award in awards:
            found = self.everywhere["award"].get(award, ())
            years += [int(o.value) for o in _objects(found, term("year").value)]
            certain = all(o.value == "true" for o in _objects(found, term("gradeCertain").value))
            facets |= {("grade", _local(o)) for o in _objects(found, term("grade").value) if certain}
        if awards:
            facets.add(("recognised", "true"))
        return facets, years

    def _count(self, ranks: Mapping[tuple[str, str], int], facets: set[tuple[str, str]], year: int) -> None:
        """Add a project to the cells of every pair that it carries."""
        lines = [(code, rank) for (name, code), rank in ranks.items() if name == "line"]
        sdgs = [(code, rank) for (name, code), rank in ranks.items() if name == "sdg"]
        regions = ["", *(value for name, value in facets if name == "region")]
        recognised = ("recognised", "true") in facets
        for line, line_rank in lines:
            for sdg, sdg_rank in sdgs:
                origin = ORIGINS[max(line_rank, sdg_rank)]  # a pair is as strong as the weaker of its tags
                for region in regions:
                    cell = self._cells.setdefault((origin, region, line, sdg, year), [0, 0])
                    cell[0] += 1
                    cell[1] += recognised

    def awards(self) -> Iterator[Item]:
        """Yield the awards, each with the name of its project."""
        term = self._iris.term
        for iri in sorted(self.kinds["award"], key=lambda i: natural_key(_local_name(i))):
            triples = self.kinds["award"][iri]
            facets: set[tuple[str, str]] = set()
            names: dict[str, Any] = {}
            for project in _objects(triples, term("project").value):
                facets.add(("project", _local(project)))
                found = self.everywhere["project"].get(project.value, ())
                names[self._context.compact_iri(project.value)] = self._framer.label(project.value, found)
                countries = [o.value for o in _objects(found, term("country").value)]
                facets |= {("country", _local_name(c)) for c in countries}
                facets |= {("region", self._regions[c]) for c in countries if c in self._regions}
            for name in ("grade", "register"):
                facets |= {(name, _local(o)) for o in _objects(triples, term(name).value)}
            facets |= {("certain", o.value) for o in _objects(triples, term("gradeCertain").value)}
            facets |= {("year", o.value) for o in _objects(triples, term("year").value)}
            for line in _objects(triples, term("actionLine").value):
                facets |= {("line", value) for _, value in _carried(line.value)}
            document = self._framer.with_labels(self._framer.nest(iri, {iri: triples}), names)
            year = int(document.get("year", 0))
            yield Item("award", _local_name(iri), document, frozenset(facets), str(document.get("name", "")), year)


def _organisations(views: Sequence[_Register]) -> Iterator[Item]:
    """Yield the organisations of all registers together: one may stand in several."""
    found: dict[str, dict[str, Any]] = {}
    counts: defaultdict[str, int] = defaultdict(int)
    for view in views:
        for iri, label in view.organisations.items():
            known = found.setdefault(iri, {**label, "name": []})
            known["name"] = sorted({*known["name"], *_flat(label.get("name"))})
            counts[iri] += view.counts[iri]
    for iri in sorted(found):
        label = found[iri]
        words = search_text(" ".join(label["name"]))
        name = label["name"][0] if label["name"] else ""
        yield Item("organisation", _local_name(iri), label, label=name, number=counts[iri], docs=(Doc("", "", words),))


def _carried(tag: str) -> Iterator[tuple[str, str]]:
    """Yield (framework, code) of all that a tag counts for: a sub-line for C7, a target for its goal."""
    code = _local_name(tag)
    if tag.startswith(SDG):
        yield "sdg", code
        if "." in code:
            yield "sdg", sdg_goal_of(code)
        else:
            yield "named-goal", code
    else:
        yield "line", code
        if parent := parent_line(code):
            yield "line", parent


def _objects(triples: Sequence[Triple], predicate: str) -> list[Any]:
    return [t.object for t in triples if t.predicate.value == predicate and isinstance(t.object, NamedNode | Literal)]


def _local(node: Any) -> str:
    return _local_name(node.value)


def _local_name(iri: str) -> str:
    return unquote(iri.rpartition("/")[2])


def _flat(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of an index, and every word it is searched by with its place."""
    with closing(sqlite3.connect(path)) as connection:
        run = connection.execute
        run("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'text', 'instance')")
        found = {table: run(f"SELECT * FROM {table}").fetchall() for table in ITEM_TABLES}  # noqa: S608
        found["text"] = run("SELECT * FROM temp.words ORDER BY doc, col, offset, term").fetchall()
    return found


def lines_of(path: Path) -> dict[str, list[dict[str, str]]]:
    """The tables that say what the documents of an index say."""
    found: dict[str, list[dict[str, str]]] = {table: [] for table in CSV_KINDS}
    with closing(sqlite3.connect(path)) as connection:
        for table, kind in CSV_KINDS.items():
            for (text,) in connection.execute("SELECT json FROM item WHERE kind = ? ORDER BY id", (kind,)):
                found[table].append(row_of(json.loads(text), COLUMNS[table], load_context(IRIS)))
    return found


def package_of(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        return {name.removesuffix(".csv"): package.read(name).decode() for name in package.namelist() if "csv" in name}


def written(lines: Mapping[str, list[dict[str, str]]]) -> dict[str, str]:
    texts = {}
    for table, rows in lines.items():
        text = io.StringIO()
        writer = csv.DictWriter(text, list(COLUMNS[table]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        texts[table] = text.getvalue()
    return texts


def whole(graph: int, triples: Sequence[Triple]) -> Statements:
    return Statements.of(NamedNode(f"https://example.org/{graph}"), triples)


def in_pieces(graph: int, triples: Sequence[Triple]) -> Statements:
    """The same, four subjects in a block."""
    subjects = frame_of(triples).partition_by("subject", maintain_order=True) if triples else []
    blocks = [pl.concat(subjects[start : start + 4]) for start in range(0, len(subjects), 4)]
    return Statements.in_blocks(NamedNode(f"https://example.org/{graph}"), lambda: iter(blocks))


CODES = st.sampled_from(["p-1", "p-10", "p-2", "p", "P.3", "a b", "p-02", "\u00e9-1", "100%", "p--x", "p-1-y"])
ODD_TEXTS = (
    "sdg:9.c", "kg:country/KEN", "award:x", 'say "so"', "a, b", "two\nlines", "Caf\u00e9 \u00c6r\u00f8",
    "9.c for 4.1.2", "\u0627\u0644\u0635\u062d\u0629", "\u6570\u5b57\u5065\u5eb7", "back\\slash",
    "\u0001\u001f\u007f", "x" * 50, "\ufb01rst \u00b2 _under_ ",
)  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8) | st.sampled_from(ODD_TEXTS)
URLS = st.sampled_from(["https://example.org/a", "https://example.org/b?x=1", "urn:example:c"])
COUNTRIES = st.sampled_from(["KEN", "FRA", "ZZZ"])
TAGS = st.sampled_from(["line/C2", "line/C7-EGOV", "line/C7", "sdg/9", "sdg/9.c", "sdg/4"])
ORGANISATIONS = st.sampled_from(["one", "two", "tr\u00eas", "four-4"])
PLACES = [
    Triple(IRIS.resource("country", code), IRIS.term("region"), IRIS.resource("region", region))
    for code, region in (("KEN", "AFR"), ("FRA", "EUR"))
]


def tag_node(tag: str) -> NamedNode:
    framework, code = tag.split("/")
    return IRIS.sdg(code) if framework == "sdg" else IRIS.resource("action-line", code)


@st.composite
def registers(draw: st.DrawFn) -> list[list[Triple]]:
    """Statements of one to three registers, in which an award may be of another's project."""
    found: list[set[Triple]] = [set() for _ in range(draw(st.integers(1, 3)))]
    codes = draw(st.lists(CODES, unique=True, max_size=7))
    homes = {code: draw(st.integers(0, len(found) - 1)) for code in codes}
    term = IRIS.term
    for number, out in enumerate(found):
        node = IRIS.resource("register", f"r{number}")
        out |= {
            Triple(node, RDF_TYPE, term("Register")),
            Triple(node, DCTERMS("title"), Literal(draw(TEXTS), language="en")),
        }
    for code, home in homes.items():
        out, project = found[home], IRIS.resource("project", code)
        named = {
            term("register"): [IRIS.resource("register", f"r{home}")],
            RDF_TYPE: [term("Project"), SCHEMA("Project")],
        }
        named[DCTERMS("identifier")] = [Literal(code)]
        named[SCHEMA("name")] = [Literal(t) for t in draw(st.lists(TEXTS, max_size=1))]
        languages = draw(st.lists(st.sampled_from(["en", "fr", "pt-BR"]), unique=True, max_size=3))
        named[SCHEMA("description")] = [Literal(draw(TEXTS), language=language) for language in languages]
        named[term("country")] = [IRIS.resource("country", c) for c in draw(st.lists(COUNTRIES, unique=True))]
        named[SCHEMA("url")] = [NamedNode(u) for u in draw(st.lists(URLS, unique=True, max_size=2))]
        named[DCTERMS("source")] = [NamedNode(u) for u in draw(st.lists(URLS, unique=True, max_size=2))]
        years = draw(st.lists(st.integers(2003, 2026), max_size=1))
        named[term("firstYear")] = [Literal(str(y), datatype=XSD("integer")) for y in years]
        named[term("note")] = [Literal(t, language="en") for t in draw(st.lists(TEXTS, max_size=1))]
        for origin in ORIGINS:
            tags = draw(st.lists(TAGS, unique=True, max_size=2))
            named[term(f"{origin}Tag")] = [tag_node(t) for t in tags]
        for name in draw(st.lists(ORGANISATIONS, unique=True, max_size=2)):
            organisation = IRIS.resource("organisation", name)
            named.setdefault(term("organisation"), []).append(organisation)
            types = (term("Organisation"), SCHEMA("Organization"))
            out |= {Triple(organisation, RDF_TYPE, t) for t in types}
            out |= {
                Triple(organisation, SCHEMA("name"), Literal(t)) for t in draw(st.lists(TEXTS, min_size=1, max_size=2))
            }
        out |= {Triple(project, p, o) for p, objects in named.items() for o in objects}
        for tag in draw(st.lists(TAGS, unique=True, max_size=2)):
            node = IRIS.resource("tag", f"{code}-{tag}")
            out |= {Triple(node, RDF_TYPE, term("TagAssignment")), Triple(node, term("tagged"), project)}
            out |= {
                Triple(node, term("tagValue"), tag_node(tag)),
                Triple(node, term("origin"), IRIS.resource("origin", "assigned")),
            }
            out |= {Triple(node, term("reason"), Literal(draw(TEXTS), language="en"))}
            out |= {Triple(node, PROV("wasAttributedTo"), IRIS.resource("agent", "someone"))}
            out |= {Triple(IRIS.resource("agent", "someone"), RDFS("label"), Literal("Someone", language="en"))}
    owners = st.sampled_from([*codes, "gone"])
    for number in range(draw(st.integers(0, 5))):
        home = draw(st.integers(0, len(found) - 1))
        award, project = (
            IRIS.resource("award", f"a{number}"),
            IRIS.resource("project", draw(owners)),
        )
        out = found[home]
        out |= {Triple(award, RDF_TYPE, term("Award")), Triple(award, term("project"), project)}
        out |= {Triple(award, SCHEMA("name"), Literal(draw(TEXTS))), Triple(project, SCHEMA("award"), award)}
        out |= {Triple(award, term("register"), IRIS.resource("register", f"r{home}"))}
        out |= {Triple(award, term("year"), Literal(str(draw(st.integers(2012, 2026))), datatype=XSD("integer")))}
        out |= {Triple(award, term("grade"), IRIS.resource("grade", draw(st.sampled_from(["winner", "nominee"]))))}
        out |= {
            Triple(award, term("gradeCertain"), Literal(draw(st.booleans()))) for _ in range(draw(st.integers(0, 1)))
        }
        lines = [t for t in draw(st.lists(TAGS, max_size=1)) if t.startswith("line/")]
        out |= {Triple(award, term("actionLine"), tag_node(t)) for t in lines}
    return [sorted(triples, key=str) for triples in found]


def awards_from_two_others() -> list[list[Triple]]:
    """A project of the last register, which has an award in each of the other two and is tagged by a curator."""
    term, project = IRIS.term, IRIS.resource("project", "p-1")
    found: list[list[Triple]] = []
    for number in range(2):
        award = IRIS.resource("award", f"a{number}")
        found.append([
            Triple(award, RDF_TYPE, term("Award")), Triple(award, term("project"), project),
            Triple(award, term("year"), Literal("2020", datatype=XSD("integer"))),
            Triple(award, term("grade"), IRIS.resource("grade", "winner")), Triple(project, SCHEMA("award"), award),
        ])  # fmt: skip
    tag = IRIS.resource("tag", "p-1-9")
    found.append([
        Triple(project, RDF_TYPE, term("Project")), Triple(project, term("register"), IRIS.resource("register", "r2")),
        Triple(project, SCHEMA("name"), Literal("Shared")),
        Triple(project, term("declaredTag"), tag_node("line/C7-EGOV")),
        Triple(project, term("assignedTag"), tag_node("sdg/9.c")), Triple(tag, term("tagged"), project),
        Triple(project, term("country"), IRIS.resource("country", "KEN")),
        Triple(tag, RDF_TYPE, term("TagAssignment")), Triple(tag, term("tagValue"), tag_node("sdg/9.c")),
    ])  # fmt: skip
    return [sorted(triples, key=str) for triples in found]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(registers())
@example(awards_from_two_others())
def test_columns_say_what_is_said_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, graphs: list[list[Triple]]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    one_by_one(folder / "slow", IRIS, graphs, PLACES)
    for name, made in (("whole", whole), ("pieces", in_pieces)):
        statements = [made(number, triples) for number, triples in enumerate(graphs)]
        write_evidence(folder / name, folder / f"{name}.zip", IRIS, statements, PLACES)
    assert contents(folder / "whole") == contents(folder / "slow")
    assert package_of(folder / "whole.zip") == written(lines_of(folder / "slow"))
    assert (folder / "pieces").read_bytes() == (folder / "whole").read_bytes()
    assert (folder / "pieces.zip").read_bytes() == (folder / "whole.zip").read_bytes()


def test_the_bundled_registers_are_said_alike(release: Release, tmp_path: Path) -> None:
    iris, found = release.iris, defaultdict[str, list[Triple]](list)
    for quad in ox.parse(path=release.nquads_path):
        assert isinstance(quad.graph_name, NamedNode)
        found[quad.graph_name.value].append(quad.triple)
    graphs = [found[name] for name in sorted(found) if is_register_graph(iris, name)]
    assert len(graphs) > 1
    one_by_one(tmp_path / "slow", iris, graphs, found[iris.graph("wsis").value])
    assert contents(release.path / EVIDENCE) == contents(tmp_path / "slow")
    assert package_of(release.path / "dumps/csv/registers.zip") == written(lines_of(tmp_path / "slow"))


@given(st.lists(TEXTS | CODES | st.text("aB1.2-_\u00e9\x00\x01\x03", max_size=9), max_size=12, unique=True))
def test_columns_of_codes_and_texts(texts: list[str]) -> None:
    column = pl.Series(texts, dtype=pl.String)
    assert column.gather(natural_order(column).arg_sort()).to_list() == sorted(texts, key=natural_key)
    assert search_texts(column).to_list() == [search_text(text) for text in texts]
    assert code_keys(column).to_list() == [code_key(text) for text in texts]
    assert column.to_list() == texts
