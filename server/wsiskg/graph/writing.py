"""Write a release that is worked out: dumps, store, index and manifest, beside the one that is served.

What did not change is taken from the base release: its files are hard links, and so are its store's tables, so that
publishing an edition, or a build with a few projects more, does not cost more as projects grow.
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
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from wsiskg import __version__
from wsiskg.disk import sync
from wsiskg.graph.beginning import REGISTER_TABLES, Beginning
from wsiskg.graph.columns.statements import Statements
from wsiskg.graph.content.registers import is_register_graph
from wsiskg.graph.description import describe
from wsiskg.graph.draft import Base, Draft
from wsiskg.graph.index.core import write_core
from wsiskg.graph.index.evidence import write_evidence
from wsiskg.graph.index.packages import CORE_TABLES, write_csv
from wsiskg.graph.index.schema import CORE, EVIDENCE
from wsiskg.graph.index.sssom import write_sssom
from wsiskg.graph.iris import Iris
from wsiskg.graph.loading import Loading, change_store
from wsiskg.graph.parts import Piece, save_parts
from wsiskg.graph.release import NQUADS, Release, file_digest, open_release, open_store, writing_below
from wsiskg.graph.serialise import DUMPS, form_digest, frame, graph_file, graph_turtle
from wsiskg.graph.spans import Span
from wsiskg.graph.statistics import Statistics
from wsiskg.model.errors import ReleaseError

__all__ = ["begin_release", "clear_unfinished", "write_release"]

_BUILDING = ".building-"
_MATRIX_TABLES = "dumps/csv/matrix.zip"


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
    with writing_below(data):
        begun = contextlib.nullcontext(draft.beginning) if draft.beginning else begin_release(data, load=False)
        with begun as beginning:
            building = beginning.folder
            building.chmod(0o755)
            _Writer(draft, building).write()
            approve()
            if target.exists():  # half-written, or written by another version
                target.rename(releases / f"{_BUILDING}{draft.id}")
            building.rename(target)
            shutil.rmtree(releases / f"{_BUILDING}{draft.id}", ignore_errors=True)
            sync(releases)
    return open_release(target)


@contextlib.contextmanager
def begin_release(data: Path, *, load: bool) -> Iterator[Beginning]:
    """Begin a new release, under `writer_lock`; it is removed in the end unless `write_release` names it.

    Args:
        data: directory of releases.
        load: whether its store is to hold all graphs, so that it can begin too.

    Raises:
        UsageError: it cannot be written, or is full.

    """
    releases = data / "releases"
    try:
        with writing_below(data):
            releases.mkdir(parents=True, exist_ok=True)
            clear_unfinished(data)
            folder = Path(tempfile.mkdtemp(prefix=_BUILDING, dir=releases))
        beginning = Beginning(folder, load=load)
        try:
            yield beginning
        finally:
            beginning.stop()
    finally:  # also where the work was ended before the directory's name was known
        with contextlib.suppress(OSError):
            clear_unfinished(data)


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
        for name in (CORE, _MATRIX_TABLES):
            (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
        strands = (self._nquads, self._dumps, self._register_index, self._core_index)  # none reads what another writes
        with ThreadPoolExecutor(len(strands)) as beside:
            for done in [beside.submit(strand) for strand in strands]:
                done.result()
        manifest = self._manifest()
        save_parts(self._folder, {iri: self._pieces(iri) for iri in self._draft.graphs}, manifest)
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (self._folder / "manifest.json").write_text(text, "utf-8")
        for path in sorted(self._folder.rglob("*")):
            sync(path)
        sync(self._folder)

    def _nquads(self) -> None:
        self._write(f"dumps/{NQUADS}", self._whole(NQUADS))
        beginning = self._draft.beginning
        if beginning and beginning.loading:
            beginning.loading.finish()
        else:
            self._store()

    def _dumps(self) -> None:
        draft = self._draft
        for dump in DUMPS:
            if dump != NQUADS:
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
        draft = self._draft
        changes = [draft.compared.get(iri) for iri in draft.texts]
        known = [change for change in changes if change]
        differing = sum(len(change.lost) + len(change.new) for change in known)
        if len(known) == len(changes) and differing < sum(found.triples for found in draft.statistics.values()):
            change_store(self._base.release.store_path, self._folder, draft.graphs, known)
            return
        loading = Loading(self._folder)
        try:
            nquads = self._folder / "dumps" / NQUADS
            loading.add(Span(nquads, 0, nquads.stat().st_size))
            loading.finish()
        finally:
            loading.stop()

    def _pieces(self, iri: str) -> Sequence[Piece]:
        draft = self._draft
        if iri in draft.texts:
            return draft.texts[iri].pieces
        return draft.before[iri].pieces if iri in draft.before else ()

    def _register_index(self) -> None:
        """Write what registers give to the index, unless that has begun; it is taken over if no register changed."""
        draft = self._draft
        if draft.same_registers:
            self._link(EVIDENCE)
            self._link(REGISTER_TABLES)
            return
        if draft.beginning is None or not draft.beginning.indexed():
            places = self._triples(draft.iris.graph("wsis").value)
            registers = list(map(self._stored, self._registers()))
            write_evidence(self._folder / EVIDENCE, self._folder / REGISTER_TABLES, draft.iris, registers, places)
        self._record(EVIDENCE)
        self._record(REGISTER_TABLES)

    def _registers(self) -> list[str]:
        return [iri for iri in self._draft.graphs if is_register_graph(self._draft.iris, iri)]

    def _core_index(self) -> None:
        """Write what all other graphs give to it."""
        draft, iris = self._draft, self._draft.iris
        apart = {*self._registers(), iris.graph("provenance").value}
        others = [iri for iri in draft.graphs if iri not in apart]
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
        """Return the statements of one graph."""
        return Statements.read(NamedNode(iri), lambda: self._part(iri, NQUADS))

    def _triples(self, iri: str) -> Sequence[Triple]:
        """Return the statements of one graph, those of one subject behind one another.

        From the dump: the store writes some numbers in another way.
        """
        text = b"".join(self._part(iri, NQUADS))
        return [quad.triple for quad in ox.parse(text, ox.RdfFormat.N_QUADS)]

    def _record(self, name: str) -> None:
        """Enter a file that is written already."""
        path = self._folder / name
        self._files.append({"path": name, "bytes": path.stat().st_size, "sha256": file_digest(path)})

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


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links, or too many of them
        shutil.copyfile(source, target)
