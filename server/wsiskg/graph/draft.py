"""Work out a release: named graphs and files, with the id that follows from them, before it is written.

Nothing of a release that did not change is made again: given a base release, its parts of the dumps are copied.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from wsiskg.graph.beginning import REGISTER_TABLES, Beginning
from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.comparing import compare
from wsiskg.graph.content.dataset import Dataset, Graph
from wsiskg.graph.content.registers import is_register_graph
from wsiskg.graph.description import release_triples
from wsiskg.graph.held import Compared
from wsiskg.graph.index.changing import Change
from wsiskg.graph.index.schema import EVIDENCE
from wsiskg.graph.iris import Iris
from wsiskg.graph.parts import Before
from wsiskg.graph.release import Release, writing_below
from wsiskg.graph.serialise import Follow, GraphText, form_digest, write_graph
from wsiskg.graph.statistics import Statistics
from wsiskg.model.errors import UsageError
from wsiskg.tables.rows import Tables

__all__ = ["Base", "Counted", "Draft", "draft_release"]

Counted = tuple[Mapping[NamedNode, Graph], Mapping[str, bytes]]
"""Graphs of a release that follow from others, and files by path."""


@dataclass(frozen=True, slots=True)
class Base:
    """A complete release to take from: ``graphs`` are not in the dataset at all, ``files`` are kept as they are.

    ``parts`` are its graphs in pieces (see `read_parts`), of which those that did not change are taken.
    """

    release: Release
    parts: Mapping[str, Before]
    graphs: frozenset[NamedNode] = frozenset()
    files: tuple[str, ...] = ()

    @property
    def digests(self) -> Mapping[str, str]:
        """The hash of every graph that it has, by IRI."""
        return {iri: entry["sha256"] for iri, entry in self.release.manifest["graphs"].items()}


@dataclass(frozen=True, slots=True)
class Draft:
    """A release that is worked out but not written.

    Attributes:
        id: its name, a hash of the graphs' hashes.
        iris: the IRIs it is built with.
        texts: the graphs that are new or changed, in IRI order.
        kept: the graphs taken from ``base``.
        statistics: of every graph, by IRI.
        digests: hash of every graph's sorted N-Quads, by IRI, before the release is named.
        sources: the tables, for the manifest.
        files: further files by path.
        base: the release to take unchanged parts from.
        compared: the graphs that were written compared with those of ``base``, as far as they could be.
        beginning: what of it is being made already.

    """

    id: str
    iris: Iris
    texts: Mapping[str, GraphText]
    kept: frozenset[str]
    statistics: Mapping[str, Statistics]
    digests: Mapping[str, str]
    sources: Sequence[Mapping[str, Any]]
    files: Mapping[str, bytes]
    base: Base | None
    compared: Mapping[str, Compared | None]
    beginning: Beginning | None

    @property
    def before(self) -> Mapping[str, Before]:
        """The graphs of ``base`` in pieces, by IRI."""
        return self.base.parts if self.base else {}

    @property
    def same_registers(self) -> bool:
        """Whether all that the index of registers follows from is as in ``base``."""
        if self.base is None:
            return False
        return _of_registers(self.iris, self.digests) == _of_registers(self.iris, self.base.digests)

    @property
    def graphs(self) -> tuple[str, ...]:
        """IRIs of all graphs, in the order of the dumps."""
        return tuple(sorted(self.digests))


def draft_release(
    dataset: Dataset,
    tables: Tables,
    base: Base | None = None,
    data: Path | None = None,
    beginning: Beginning | None = None,
    counted: Callable[[], Counted] = lambda: ({}, {}),
    told: Callable[[Mapping[str, Compared | None]], None] = lambda _: None,
) -> Draft:
    """Work out a release from named graphs, with its id: all its statements are written, into files without a name.

    Args:
        dataset: the named graphs, without those that ``base`` gives.
        tables: the tables they came from, for the manifest.
        base: a release to take unchanged graphs and files from.
        data: directory of releases, on whose disk that happens; the system's place for such things if it cannot.
        beginning: where its store and index may begin meanwhile (see `begin_release`).
        counted: returns more; called when all others are written.
        told: called before that if there is a ``base``, with the others compared with those that it has.

    Raises:
        UsageError: ``base`` was written by another version, or there is no room.

    """
    iris = dataset.iris
    known: Mapping[str, Mapping[str, Any]] = {}
    if base is not None:
        if base.release.manifest.get("form") != form_digest(iris) or base.release.iris != iris:
            raise UsageError(
                f"release {base.release.id} was built by another version of wsiskg, or with another base IRI",
                "Build first: wsiskg build",
            )
        known = base.release.manifest["graphs"]
    was = base.digests if base else {}
    provenance = iris.graph("provenance")
    folder = _scratch(data)
    with writing_below(data if data and folder else Path(tempfile.gettempdir())):
        follow: Follow = beginning.loading.add if beginning and beginning.loading else lambda _: None
        writer = _Writer(iris, base, folder, follow)
        own = [s for s in dataset.statements() if s.graph != provenance]
        # Registers are large: they are the first to be loaded and indexed.
        writer.write(s for s in own if _of_registers(iris, {s.graph.value: ""}))
        if beginning and writer.digests != _of_registers(iris, was):
            _begin_index(beginning, writer, dataset)
        writer.write(s for s in own if s.graph.value not in writer.texts)
        # The name of the release follows from what its provenance is without that name.
        unnamed = writer.write_one(Statements.of(provenance, dataset.graphs[provenance]), lambda _: None)
        if base:
            told(dict(writer.compared))
        more, files = counted()
        writer.write(Dataset(iris, more, {}).statements())
        digests = {**writer.digests, provenance.value: unnamed.digest}
        if base is not None:
            digests |= {g.value: was[g.value] for g in base.graphs}
        name = hashlib.sha256("".join(f"{g} {digests[g]}\n" for g in sorted(digests)).encode()).hexdigest()[:16]
        named = {*dataset.graphs[provenance], *release_triples(iris, name, [NamedNode(g) for g in digests])}
        writer.write([Statements.of(provenance, named)])
    kept = {iri for iri, digest in digests.items() if was.get(iri) == digest}
    kept.discard(provenance.value)  # it names the release, so it is never the same
    changed = {iri: writer.texts[iri] for iri in sorted(writer.texts) if iri not in kept}
    statistics = {iri: _statistics(known[iri]) for iri in kept}
    statistics |= {iri: text.statistics for iri, text in changed.items()}
    sources = [{"table": t.schema.name, "file": t.title, "rows": t.count, "sha256": t.digest} for t in tables.tables]
    return Draft(
        name, iris, changed, frozenset(kept), statistics, digests, sources, files, base, writer.compared, beginning
    )


class _Writer:
    """Writes graphs into files without a name, and compares them with those of a base release, if there is one.

    Attributes:
        texts: what was written, by IRI.
        compared: how it differs from the base, by IRI.

    """

    def __init__(self, iris: Iris, base: Base | None, folder: Path | None, follow: Follow) -> None:
        self.base = base
        self.texts: dict[str, GraphText] = {}
        self.compared: dict[str, Compared | None] = {}
        self._iris, self._folder, self._follow = iris, folder, follow
        self._was = base.digests if base else {}

    @property
    def digests(self) -> Mapping[str, str]:
        """The hashes of the graphs, by IRI."""
        return {iri: text.digest for iri, text in self.texts.items()}

    def write(self, graphs: Iterable[Statements]) -> None:
        """Write graphs."""
        for statements in graphs:
            self.texts[statements.graph.value] = self.write_one(statements, self._follow)

    def write_one(self, statements: Statements, follow: Follow) -> GraphText:
        """Write a graph, and return it."""
        iri = statements.graph.value
        before = self.base.parts.get(iri) if self.base else None
        text = write_graph(statements, self._iris, self._folder, before, follow)
        if self.base:  # a graph that it has may be one whose parts are not known
            known = before is not None or iri not in self._was
            self.compared[iri] = compare(iri, before, text) if known else None
        return text


def _of_registers(iris: Iris, digests: Mapping[str, str]) -> Mapping[str, str]:
    """Return the hashes of the graphs that the index of registers follows from."""
    places = iris.graph("wsis").value
    return {iri: digest for iri, digest in digests.items() if iri == places or is_register_graph(iris, iri)}


def _begin_index(beginning: Beginning, written: _Writer, dataset: Dataset) -> None:
    """Begin the index of registers, all of which are written: from that of the base, if what changed can be told."""
    iris, places = dataset.iris, dataset.iris.graph("wsis")
    registers = [written.texts[iri].statements() for iri in sorted(written.texts) if is_register_graph(iris, iri)]
    change = _register_change(iris, written.base, written.compared) if written.base else None
    beginning.index(iris, registers, dataset.graphs[places], change)


def _register_change(iris: Iris, base: Base, compared: Mapping[str, Compared | None]) -> Change | None:
    """Return what changed in the graphs that the index of registers follows from; None if more than can be told."""
    places = iris.graph("wsis").value
    wsis, registers = compared[places], [compared[iri] for iri in sorted(compared) if iri != places]
    known = [register for register in registers if register]
    same = wsis is not None and not len(wsis.lost) and not len(wsis.new)
    if not same or len(known) < len(registers) or {*compared} != _of_registers(iris, base.digests).keys():
        return None
    return Change(base.release.path / EVIDENCE, base.release.path / REGISTER_TABLES, known)


def _scratch(data: Path | None) -> Path | None:
    """Return the folder of releases, if it can be written."""
    if data is None:
        return None
    with contextlib.suppress(OSError):
        (data / "releases").mkdir(parents=True, exist_ok=True)
    return data / "releases" if os.access(data / "releases", os.W_OK) else None


def _statistics(entry: Mapping[str, Any]) -> Statistics:
    return Statistics(
        entry["triples"], entry["subjects"], entry["objects"], entry["classes"], entry["properties"],
        tuple(entry["schemes"]),
    )  # fmt: skip
