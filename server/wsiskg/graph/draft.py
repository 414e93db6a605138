"""Write a release: named graphs and files -> dumps, store and manifest, beside the one that is served.

Nothing of a release that did not change is made again: given a base release, its parts of the dumps are copied, its
files and its store's tables are hard links (a RocksDB checkpoint), so that publishing an edition, or a build with a few
projects more, does not cost more as projects grow.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from wsiskg import __version__
from wsiskg.disk import sync
from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.content.dataset import Dataset
from wsiskg.graph.content.registers import is_register_graph
from wsiskg.graph.description import describe, release_triples
from wsiskg.graph.index.core import write_core
from wsiskg.graph.index.evidence import write_evidence
from wsiskg.graph.index.packages import CORE_TABLES, write_csv
from wsiskg.graph.index.schema import CORE, EVIDENCE
from wsiskg.graph.index.sssom import write_sssom
from wsiskg.graph.iris import Iris
from wsiskg.graph.loading import STORE, Loading
from wsiskg.graph.parts import Before, Change, Piece, read_parts, save_parts
from wsiskg.graph.release import Release, open_release, open_store
from wsiskg.graph.serialise import (
    DUMPS,
    Follow,
    GraphText,
    form_digest,
    frame,
    graph_digest,
    graph_file,
    graph_turtle,
    write_graph,
)
from wsiskg.graph.spans import Span
from wsiskg.graph.statistics import Statistics
from wsiskg.model.errors import ReleaseError, UsageError
from wsiskg.tables.rows import Tables

__all__ = ["Base", "Draft", "clear_unfinished", "draft_release", "loading_beside", "write_release"]

_BUILDING = ".building-"
_MATRIX_TABLES = "dumps/csv/matrix.zip"
_REGISTER_TABLES = "dumps/csv/registers.zip"
_NQUADS = "wsis-kg.nq"
_CHANGED = 1.0
"""Statements to compare, as a share of all, above which the store is loaded anew, which by statement is quicker."""


@dataclass(frozen=True, slots=True)
class Base:
    """A complete release to take from: ``graphs`` are not in the dataset at all, ``files`` are kept as they are."""

    release: Release
    graphs: frozenset[NamedNode] = frozenset()
    files: tuple[str, ...] = ()


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
        before: its graphs in pieces, by IRI.
        loading: its store, if that is being loaded already.

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
    before: Mapping[str, Before]
    loading: Loading | None

    @property
    def graphs(self) -> tuple[str, ...]:
        """IRIs of all graphs, in the order of the dumps."""
        return tuple(sorted(self.digests))


def draft_release(
    dataset: Dataset,
    tables: Tables,
    files: Mapping[str, bytes],
    base: Base | None = None,
    data: Path | None = None,
    loading: Loading | None = None,
) -> Draft:
    """Work out a release from named graphs, with its id: all its statements are written, into files without a name.

    Args:
        dataset: the named graphs, without those that ``base`` gives.
        tables: the tables they came from, for the manifest.
        files: further files of the release by path.
        base: a release to take unchanged graphs and files from.
        data: directory of releases, on whose disk that happens; the system's place for such things if it cannot.
        loading: a store that is to hold all graphs (see `loading_beside`), where none is taken from ``base``.

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
    provenance = iris.graph("provenance")
    folder = _scratch(data)
    with _room(data if data and folder else Path(tempfile.gettempdir())):
        statements = {s.graph.value: s for s in dataset.statements()}
        before = read_parts(base.release) if base else {}
        follow: Follow = loading.add if loading else lambda _: None
        texts = {
            iri: write_graph(s, iris, folder, before.get(iri), follow)
            for iri, s in statements.items()
            if iri != provenance.value
        }
        digests = {iri: text.digest for iri, text in texts.items()}
        digests[provenance.value] = graph_digest(statements[provenance.value])
        if base is not None:
            digests |= {g.value: known[g.value]["sha256"] for g in base.graphs}
        name = hashlib.sha256("".join(f"{g} {digests[g]}\n" for g in sorted(digests)).encode()).hexdigest()[:16]
        named = {*dataset.graphs[provenance], *release_triples(iris, name, [NamedNode(g) for g in digests])}
        texts[provenance.value] = write_graph(Statements.of(provenance, named), iris, folder, follow=follow)
    kept = {iri for iri, digest in digests.items() if iri in known and known[iri]["sha256"] == digest}
    kept.discard(provenance.value)  # it names the release, so it is never the same
    changed = {iri: texts[iri] for iri in sorted(texts) if iri not in kept}
    statistics = {iri: _statistics(known[iri]) for iri in kept}
    statistics |= {iri: text.statistics for iri, text in changed.items()}
    sources = [{"table": t.schema.name, "file": t.title, "rows": t.count, "sha256": t.digest} for t in tables.tables]
    return Draft(name, iris, changed, frozenset(kept), statistics, digests, sources, files, base, before, loading)


def write_release(draft: Draft, data: Path, approve: Callable[[], None] = lambda: None) -> Release:
    """Write ``draft`` below ``data`` without making it current; call it under `writer_lock`.

    A release with the same content is not written again.

    Args:
        draft: what to write.
        data: directory of releases.
        approve: called when all is written, before the release gets its name; raises if it must not.

    Raises:
        UsageError: ``data`` cannot be written, or is full.

    """
    releases = data / "releases"
    target = releases / draft.id
    with contextlib.suppress(ReleaseError):
        existing = open_release(target)
        open_store(existing)  # or building again would not repair it
        if existing.manifest.get("form") == form_digest(draft.iris):
            approve()
            return existing
    with _room(data):
        releases.mkdir(parents=True, exist_ok=True)
        if draft.loading is None:
            clear_unfinished(data)
        building = draft.loading.folder if draft.loading else Path(tempfile.mkdtemp(prefix=_BUILDING, dir=releases))
        try:
            building.chmod(0o755)
            _Writer(draft, building).write()
            approve()
            if target.exists():  # half-written, or written by another version
                target.rename(releases / f"{_BUILDING}{draft.id}")
            building.rename(target)
            shutil.rmtree(releases / f"{_BUILDING}{draft.id}", ignore_errors=True)
            sync(releases)
        except BaseException:
            shutil.rmtree(building, ignore_errors=True)
            raise
    return open_release(target)


@contextlib.contextmanager
def loading_beside(data: Path) -> Iterator[Loading]:
    """Begin the store of a new release, under `writer_lock`; it is removed in the end unless `write_release` names it.

    Args:
        data: directory of releases.

    Raises:
        UsageError: it cannot be written, or is full.

    """
    releases = data / "releases"
    with _room(data):
        releases.mkdir(parents=True, exist_ok=True)
        clear_unfinished(data)
        folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=releases))
    loading = Loading(folder)
    try:
        yield loading
    finally:
        loading.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _scratch(data: Path | None) -> Path | None:
    """Return the folder of releases, if it can be written."""
    if data is None:
        return None
    with contextlib.suppress(OSError):
        (data / "releases").mkdir(parents=True, exist_ok=True)
    return data / "releases" if os.access(data / "releases", os.W_OK) else None


@contextlib.contextmanager
def _room(folder: Path) -> Iterator[None]:
    """Say of ``folder`` that it cannot be written where that turns out."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"'{folder}' cannot be written: {error.strerror or error}",
            "Make room, or name another directory. The release that is served was not touched.",
        ) from error


def clear_unfinished(data: Path) -> None:
    """Remove what a writer that was killed left half-written; the lock says that none is running."""
    for leftover in (data / "releases").glob(f"{_BUILDING}*"):
        shutil.rmtree(leftover)


class _Writer:
    """Writes one draft into one directory."""

    def __init__(self, draft: Draft, folder: Path) -> None:
        self._draft = draft
        self._folder = folder
        self._files: list[dict[str, Any]] = []
        self._ranges: dict[str, dict[str, tuple[int, int]]] = {iri: {} for iri in draft.graphs}

    def write(self) -> None:
        (self._folder / "dumps" / "graphs").mkdir(parents=True)
        with ThreadPoolExecutor(1) as beside:
            self._write(f"dumps/{_NQUADS}", self._whole(_NQUADS))
            loaded = beside.submit(self._draft.loading.finish if self._draft.loading else self._store)
            self._others()
            loaded.result()
        manifest = self._manifest()
        save_parts(self._folder, {iri: self._pieces(iri) for iri in self._draft.graphs}, manifest)
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (self._folder / "manifest.json").write_text(text, "utf-8")
        for path in sorted(self._folder.rglob("*")):
            sync(path)
        sync(self._folder)

    def _others(self) -> None:
        draft = self._draft
        for dump in DUMPS:
            if dump != _NQUADS:
                self._write(f"dumps/{dump}", self._whole(dump))
        self._write("dumps/void.ttl", [graph_turtle(describe(draft.iris, draft.statistics, draft.id), draft.iris)])
        head = frame("wsis-kg.ttl", draft.iris)[0]
        for iri in draft.graphs:
            name = f"dumps/{graph_file(NamedNode(iri), draft.iris)}"
            if iri in draft.kept:
                self._link(name)
            else:
                self._write(name, chain([head], draft.texts[iri].part("wsis-kg.ttl")))
        for name, content in draft.files.items():
            self._write(name, [content])
        for name in draft.base.files if draft.base else ():
            if name not in {CORE, EVIDENCE}:  # these follow from the graphs
                self._link(name)
        self._index()

    def _write(self, name: str, pieces: Iterable[bytes]) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as handle:
            for piece in pieces:
                handle.write(piece)
                digest.update(piece)
                size += len(piece)
        self._files.append({"path": name, "bytes": size, "sha256": digest.hexdigest()})

    def _link(self, name: str) -> None:
        """Take a file over from the base release."""
        base = self._base.release
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _link_or_copy(base.path / name, path)
        self._files.append(next(dict(f) for f in base.manifest["files"] if f["path"] == name))

    @property
    def _base(self) -> Base:
        if self._draft.base is None:
            raise TypeError("a graph is kept, but there is no base release")
        return self._draft.base

    def _whole(self, dump: str) -> Iterator[bytes]:
        """Yield a dump of all graphs, remembering where each begins."""
        before, between, after = frame(dump, self._draft.iris)
        yield before
        offset = len(before)
        for position, iri in enumerate(self._draft.graphs):
            if position:
                yield between
                offset += len(between)
            size = 0
            for piece in self._part(iri, dump):
                yield piece
                size += len(piece)
            self._ranges[iri][dump] = (offset, size)
            offset += size
        yield after

    def _part(self, iri: str, dump: str) -> Iterator[bytes]:
        if iri not in self._draft.kept:
            yield from self._draft.texts[iri].part(dump)
            return
        base = self._base.release
        offset, size = base.manifest["graphs"][iri]["ranges"][dump]
        yield from Span(base.path / "dumps" / dump, offset, size).read()

    def _store(self) -> None:
        """Fill the store when the N-Quads are complete: with what changed since the base release, if that is less."""
        if self._mostly_new():
            loading = Loading(self._folder)
            try:
                nquads = self._folder / "dumps" / _NQUADS
                loading.add(Span(nquads, 0, nquads.stat().st_size))
                loading.finish()
            finally:
                loading.stop()
            return
        place = str(self._folder / STORE)
        ox.Store.read_only(str(self._base.release.store_path)).backup(place)
        store = ox.Store(place)
        for graph in list(store.named_graphs()):
            if isinstance(graph, NamedNode) and graph.value not in self._draft.graphs:
                store.remove_graph(graph)
        for iri, text in self._draft.texts.items():
            self._change(store, iri, text.pieces)
        store.flush()

    def _mostly_new(self) -> bool:
        """Whether loading everything costs less than changing what the base release has."""
        draft = self._draft
        known = draft.before
        if draft.base is None or any(iri in draft.base.release.graphs and iri not in known for iri in draft.texts):
            return True
        changes = [c for iri, text in draft.texts.items() if iri in known for c in known[iri].changes(text.pieces)]
        new = sum(text.statistics.triples for iri, text in draft.texts.items() if iri not in known)
        new += sum(piece.count.triples for change in changes for piece in (*change.before, *change.after))
        return new > _CHANGED * sum(found.triples for found in draft.statistics.values())

    def _change(self, store: ox.Store, iri: str, pieces: Sequence[Piece]) -> None:
        """Bring one graph of the store to what it is now."""
        before = self._draft.before.get(iri)
        for change in before.changes(pieces) if before else [Change((), pieces)]:
            old = [line for p in change.before if before for line in _lines(before.place(p, _NQUADS))]
            new = [line for piece in change.after for line in _lines(self._place(iri, piece))]
            gone = set(old).difference(new)
            for quad in ox.parse(b"".join(sorted(gone)), ox.RdfFormat.N_QUADS):
                store.remove(quad)
            # The store has one form for 0.5 and 0.50: what is left of a property that lost a value is said again.
            said = {_about(line) for line in gone}
            added = set(new).difference(old).union(line for line in new if _about(line) in said)
            if added:
                store.bulk_load(input=b"".join(sorted(added)), format=ox.RdfFormat.N_QUADS)

    def _place(self, iri: str, piece: Piece) -> Span:
        """Return where a piece stands in the N-Quads that are just written."""
        offset, size = piece.places[_NQUADS]
        return Span(self._folder / "dumps" / _NQUADS, self._ranges[iri][_NQUADS][0] + offset, size)

    def _pieces(self, iri: str) -> Sequence[Piece]:
        draft = self._draft
        if iri in draft.texts:
            return draft.texts[iri].pieces
        return draft.before[iri].pieces if iri in draft.before else ()

    def _index(self) -> None:
        """Write the index; what registers give to it is taken over if no register changed."""
        draft, iris = self._draft, self._draft.iris
        registers = [iri for iri in draft.graphs if is_register_graph(iris, iri)]
        places = iris.graph("wsis").value
        (self._folder / CORE).parent.mkdir()
        if draft.base is not None and draft.kept.issuperset([*registers, places]):
            self._link(EVIDENCE)
            self._link(_REGISTER_TABLES)
        else:
            (self._folder / _REGISTER_TABLES).parent.mkdir()
            write_evidence(
                self._folder / EVIDENCE, self._folder / _REGISTER_TABLES, iris, list(map(self._stored, registers)),
                self._triples(places),
            )  # fmt: skip
            self._record(EVIDENCE)
            self._record(_REGISTER_TABLES)
        others = [iri for iri in draft.graphs if iri not in registers and iri != iris.graph("provenance").value]
        write_core(self._folder / CORE, iris, map(self._triples, others))
        self._record(CORE)
        title = "WSIS knowledge graph: matrix and frameworks"
        core = self._folder / CORE
        write_csv(self._folder / _MATRIX_TABLES, core, iris, "wsis-kg-matrix", title, CORE_TABLES)
        self._record(_MATRIX_TABLES)
        (self._folder / "dumps" / "matrix").mkdir()
        prefix = iris.graph("matrix", "").value
        for edition in (iri.removeprefix(prefix) for iri in draft.graphs if iri.startswith(prefix)):
            name = f"dumps/matrix/{edition}.sssom.tsv"
            write_sssom(self._folder / name, core, iris, edition)
            self._record(name)

    def _stored(self, iri: str) -> Statements:
        """Return the statements of one graph as the dump that is just written has them."""
        offset, size = self._ranges[iri][_NQUADS]
        return Statements.stored(NamedNode(iri), self._folder / "dumps" / _NQUADS, offset, size)

    def _triples(self, iri: str) -> Sequence[Triple]:
        """Return the statements of one graph, those of one subject behind one another.

        From the dump: the store writes some numbers in another way.
        """
        text = b"".join(self._part(iri, _NQUADS))
        return [quad.triple for quad in ox.parse(text, ox.RdfFormat.N_QUADS)]

    def _record(self, name: str) -> None:
        """Enter a file that is written already."""
        path = self._folder / name
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        self._files.append({"path": name, "bytes": path.stat().st_size, "sha256": digest})

    def _manifest(self) -> dict[str, Any]:
        draft = self._draft
        return {
            "release": draft.id,
            "base": draft.iris.base,
            "software": f"wsiskg {__version__}",
            "form": form_digest(draft.iris),
            "counts": _counts(draft.iris, draft.statistics),
            "sources": list(draft.sources),
            "graphs": {
                iri: {
                    "sha256": draft.digests[iri],
                    **asdict(draft.statistics[iri]),
                    "ranges": {dump: list(place) for dump, place in self._ranges[iri].items()},
                }
                for iri in draft.graphs
            },
            "files": sorted(self._files, key=lambda file: str(file["path"])),
        }


def _counts(iris: Iris, statistics: Mapping[str, Statistics]) -> dict[str, Any]:
    prefix = iris.term("").value
    classes: Counter[str] = Counter()
    for found in statistics.values():
        classes.update({c.removeprefix(prefix): n for c, n in found.classes.items() if c.startswith(prefix)})
    graphs = {iri: statistics[iri].triples for iri in sorted(statistics)}
    return {"quads": sum(graphs.values()), "graphs": graphs, "classes": dict(sorted(classes.items()))}


def _statistics(entry: Mapping[str, Any]) -> Statistics:
    return Statistics(
        entry["triples"], entry["subjects"], entry["objects"], entry["classes"], entry["properties"],
        tuple(entry["schemes"]),
    )  # fmt: skip


def _lines(span: Span) -> list[bytes]:
    return b"".join(span.read()).splitlines(keepends=True)


def _about(line: bytes) -> bytes:
    """Return subject and predicate of a line of N-Quads."""
    return b" ".join(line.split(b" ", 2)[:2])


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links, or too many of them
        shutil.copyfile(source, target)
