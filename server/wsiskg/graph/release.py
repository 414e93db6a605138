"""Releases on disk: built aside, synced, renamed, and only then made current.

::

    DATA/current -> releases/<id>          the one that is served
    DATA/releases/<id>/manifest.json       counts, hashes, sources; written last
    DATA/releases/<id>/store/              Oxigraph, opened read-only
    DATA/releases/<id>/dumps/              N-Quads, TriG, Turtle, JSON-LD, VoID, one Turtle file for each graph

The id is a hash of the sorted N-Quads, so the same tables give the same id on any machine.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode

from wsiskg import __version__
from wsiskg.graph.dataset import Dataset
from wsiskg.graph.description import describe, release_triples
from wsiskg.graph.iris import Iris
from wsiskg.graph.serialise import graph_turtle, jsonld_dump, nquads, trig, turtle
from wsiskg.graph.vocabulary import RDF_TYPE
from wsiskg.model.errors import ReleaseError, UsageError
from wsiskg.tables.rows import Tables

__all__ = ["DUMP_TYPES", "Release", "current_release", "open_release", "switch", "write_release", "writer_lock"]

DUMP_TYPES: Mapping[str, str] = {
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
}


@dataclass(frozen=True, slots=True)
class Release:
    """A complete release; ``manifest`` is the content of its manifest.json."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The content hash that names the release."""
        return str(self.manifest["release"])

    @property
    def iris(self) -> Iris:
        """The IRIs of the release, below the base it was built with."""
        return Iris(str(self.manifest["base"]))

    @property
    def store_path(self) -> Path:
        """Directory of the Oxigraph store."""
        return self.path / "store"

    @property
    def nquads_path(self) -> Path:
        """The whole release as N-Quads."""
        return self.path / "dumps" / "wsis-kg.nq"


@contextlib.contextmanager
def writer_lock(data: Path) -> Iterator[None]:
    """Hold the right to write releases below ``data``.

    Raises:
        UsageError: somebody else is building or publishing, or ``data`` cannot be written.

    """
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle = (data / ".lock").open("w")
    except OSError as error:
        raise UsageError(
            f"'{data}' cannot be written: {error.strerror}", "Name another directory with --out."
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(f"another build or publication is writing '{data}'", "Wait until it has ended.") from error
        yield


def write_release(
    dataset: Dataset, tables: Tables, data: Path, files: Mapping[str, bytes], approve: Callable[[], None]
) -> Release:
    """Write ``dataset`` as a release below ``data`` without making it current; call it under `writer_lock`.

    A release with the same content is not written again.

    Args:
        dataset: all named graphs.
        tables: the tables they came from, for the manifest.
        data: directory of releases.
        files: further files of the release by path.
        approve: called when all is written, before the release gets its name; raises if it must not.

    """
    name = hashlib.sha256(nquads(dataset)).hexdigest()[:16]
    releases = data / "releases"
    target = releases / name
    with contextlib.suppress(ReleaseError):
        existing = open_release(target)
        approve()
        return existing
    graphs = dict(dataset.graphs)
    provenance = dataset.iris.graph("provenance")
    graphs[provenance] = graphs[provenance] | release_triples(dataset, name)
    full = Dataset(dataset.iris, graphs, dataset.origins)
    releases.mkdir(parents=True, exist_ok=True)
    for leftover in releases.glob(".building-*"):  # a build that was killed; the lock says it is not running
        shutil.rmtree(leftover)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=releases))
    try:
        building.chmod(0o755)
        _write_files(full, tables, name, building, files)
        approve()
        if target.exists():  # half-written: it has no manifest, or files are missing
            shutil.rmtree(target)
        building.rename(target)
        _sync(releases)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return open_release(target)


def switch(data: Path, release: Release) -> None:
    """Make ``release`` the current one: the last step, atomic."""
    pointer = data / f".current-{os.getpid()}"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(Path("releases") / release.id)
    pointer.replace(data / "current")
    _sync(data)


def current_release(data: Path) -> Release:
    """Return the current release below ``data``.

    Raises:
        ReleaseError: none was built there, or it is incomplete.

    """
    pointer = data / "current"
    if not pointer.exists():
        raise ReleaseError(f"no release in '{data}'", f"Build one: wsiskg build --out {data}")
    return open_release(pointer.resolve())


def open_release(path: Path) -> Release:
    """Open a release and check that every file its manifest names is there in full size.

    Raises:
        ReleaseError: the directory is not a complete release.

    """
    remedy = "Build again: wsiskg build. The tables are the truth, so nothing is lost."
    try:
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        files = {entry["path"]: entry["bytes"] for entry in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"'{path}' is not a complete release: its manifest is missing or damaged", remedy) from error
    for name, size in files.items():
        file = path / name
        if not file.is_file() or file.stat().st_size != size:
            raise ReleaseError(f"'{path}' is not a complete release: {name} is missing or damaged", remedy)
    if not (path / "store" / "CURRENT").is_file():
        raise ReleaseError(f"'{path}' is not a complete release: its store is missing", remedy)
    return Release(path, manifest)


def _write_files(dataset: Dataset, tables: Tables, name: str, folder: Path, files: Mapping[str, bytes]) -> None:
    dumps = {
        "wsis-kg.nq": nquads(dataset),
        "wsis-kg.trig": trig(dataset),
        "wsis-kg.ttl": turtle(dataset),
        "wsis-kg.jsonld": jsonld_dump(dataset),
        "void.ttl": graph_turtle(describe(dataset, name), dataset.iris),
    }
    prefix = dataset.iris.graph("").value
    for graph, triples in dataset.graphs.items():
        dumps["graphs/" + graph.value.removeprefix(prefix).replace("/", "-") + ".ttl"] = graph_turtle(
            triples, dataset.iris
        )
    written = {**{f"dumps/{file}": content for file, content in dumps.items()}, **files}
    for file, content in written.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    store = ox.Store(str(folder / "store"))
    store.bulk_load(input=dumps["wsis-kg.nq"], format=ox.RdfFormat.N_QUADS)
    store.flush()
    del store
    manifest = {
        "release": name,
        "base": dataset.iris.base,
        "software": f"wsiskg {__version__}",
        "counts": _counts(dataset),
        "sources": [
            {"table": t.schema.name, "file": t.file, "rows": len(t.rows), "sha256": t.digest} for t in tables.tables
        ],
        "files": [
            {"path": file, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for file, content in sorted(written.items())
        ],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for path in sorted(folder.rglob("*")):
        _sync(path)
    _sync(folder)


def _counts(dataset: Dataset) -> dict[str, Any]:
    prefix = dataset.iris.term("").value
    classes = Counter(
        t.object.value.removeprefix(prefix)
        for triples in dataset.graphs.values()
        for t in triples
        if t.predicate == RDF_TYPE and isinstance(t.object, NamedNode) and t.object.value.startswith(prefix)
    )
    return {
        "quads": len(dataset),
        "graphs": {g.value: len(t) for g, t in sorted(dataset.graphs.items(), key=lambda item: item[0].value)},
        "classes": dict(sorted(classes.items())),
    }


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
