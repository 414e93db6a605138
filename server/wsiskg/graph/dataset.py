"""All named graphs of a release, made from the tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad, Triple

from wsiskg.graph.collector import Collector, Origins
from wsiskg.graph.connect2020 import add_connect2020
from wsiskg.graph.iris import Iris
from wsiskg.graph.matrix import add_current, add_edition, latest_edition
from wsiskg.graph.ontology import ontology_triples
from wsiskg.graph.provenance import Unverified, add_publication, add_table, build_activity
from wsiskg.graph.registers import add_register, register_graph
from wsiskg.graph.sdg import add_sdgs
from wsiskg.graph.wsis import add_wsis
from wsiskg.tables.rows import Tables

__all__ = ["Dataset", "build_dataset"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Named graphs by IRI, and the cell that each statement came from."""

    iris: Iris
    graphs: Mapping[NamedNode, frozenset[Triple]]
    origins: Origins

    def quads(self) -> Iterator[Quad]:
        """Iterate over all statements with their graphs, in no particular order."""
        for graph, triples in self.graphs.items():
            for triple in triples:
                yield Quad(triple.subject, triple.predicate, triple.object, graph)

    def __len__(self) -> int:
        """Return the number of quads."""
        return sum(len(triples) for triples in self.graphs.values())


def build_dataset(tables: Tables, iris: Iris, overlay: Iterable[Triple] = ()) -> Dataset:
    """Turn checked tables into named graphs; ``overlay`` is added to ``graph/sdg`` (published texts of the UN).

    Registers whose tables were left unread (see `load_tables`) have no graph.
    """
    origins: Origins = {}
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
    for register, projects in tables.groups("projects").items():
        by_folder[f"evidence/{register}"] = register_graph(iris, register)
        if projects.complete:
            add_register(collector(by_folder[f"evidence/{register}"]), iris, tables, register)
    for table in tables.tables:
        folder = table.file.split("/", 1)[1].rsplit("/", 1)[0]
        add_table(provenance, iris, activity, table, by_folder[folder])
        if table.schema.name == "links" and table.group == latest_edition(tables):
            add_table(provenance, iris, activity, table, current.graph)
    return Dataset(iris, {g: frozenset(triples) for g, triples in graphs.items()}, origins)
