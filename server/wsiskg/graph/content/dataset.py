"""All named graphs of a release, made from the tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.content.collector import Cells, Collector, Origins
from wsiskg.graph.content.connect2020 import add_connect2020
from wsiskg.graph.content.matrix import add_current, add_edition, latest_edition
from wsiskg.graph.content.provenance import Unverified, add_publication, add_table, build_activity
from wsiskg.graph.content.registers import Register, register_graph
from wsiskg.graph.content.sdg import add_sdgs
from wsiskg.graph.content.wsis import add_wsis
from wsiskg.graph.iris import Iris
from wsiskg.graph.ontology import ontology_triples
from wsiskg.model.problems import Origin
from wsiskg.tables.rows import Tables

__all__ = ["Dataset", "Graph", "build_dataset"]

Graph = frozenset[Triple] | Statements
"""The statements of one named graph; those of a register, of which there may be millions, are made when asked for."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Named graphs by IRI, and the cell that each statement came from."""

    iris: Iris
    graphs: Mapping[NamedNode, Graph]
    origins: Origins

    def statements(self) -> list[Statements]:
        """Return every graph in blocks."""
        return [g if isinstance(g, Statements) else Statements.of(name, g) for name, g in self.graphs.items()]


@dataclass(frozen=True, slots=True)
class _Origins:
    """Origins of several kinds; the first that knows one gives it."""

    parts: Sequence[Origins]

    def get(self, key: tuple[str, str], /) -> Origin | None:
        return next((found for part in self.parts if (found := part.get(key)) is not None), None)


def build_dataset(tables: Tables, iris: Iris, overlay: Iterable[Triple] = ()) -> Dataset:
    """Turn checked tables into named graphs; ``overlay`` is added to ``graph/sdg`` (published texts of the UN).

    Registers whose tables were left unread (see `load_tables`) have no graph.
    """
    origins: Cells = {}
    graphs: dict[NamedNode, set[Triple]] = {iris.graph("ontology"): ontology_triples(iris)}

    def collector(graph: NamedNode) -> Collector:
        out = Collector(graph, origins)
        graphs[graph] = out.triples
        return out

    provenance = collector(iris.graph("provenance"))
    activity = build_activity(provenance, iris)
    unverified = Unverified(provenance, iris)
    by_folder: dict[str, NamedNode] = {name: iris.graph(name) for name in ("sdg", "wsis", "connect2020")}
    add_sdgs(collector(by_folder["sdg"]), iris, tables)
    graphs[by_folder["sdg"]].update(overlay)
    add_wsis(collector(by_folder["wsis"]), iris, tables, unverified)
    add_connect2020(collector(by_folder["connect2020"]), iris, tables)
    for edition in tables.groups("links"):
        by_folder[f"matrix/{edition}"] = iris.graph("matrix", edition)
        add_edition(collector(by_folder[f"matrix/{edition}"]), iris, tables, edition)
        for row in tables.groups("activity").get(edition, ()):
            add_publication(provenance, iris, activity, tables, edition, row)
    current = collector(iris.graph("current"))
    add_current(current, iris, tables)
    complete = [code for code, projects in tables.groups("projects").items() if projects.complete]
    registers = [Register(iris, tables, code) for code in complete]
    by_folder |= {f"evidence/{code}": register_graph(iris, code) for code in tables.groups("projects")}
    for table in tables.tables:
        folder = table.file.split("/", 1)[1].rsplit("/", 1)[0]
        add_table(provenance, iris, activity, table, by_folder[folder])
        if table.schema.name == "links" and table.group == latest_edition(tables):
            add_table(provenance, iris, activity, table, current.graph)
    made: dict[NamedNode, Graph] = {graph: frozenset(triples) for graph, triples in graphs.items()}
    made |= {register.graph: register.statements() for register in registers}
    return Dataset(iris, made, _Origins([origins, *registers]))
