"""Releases on disk: built aside, synced, renamed, and only then made current.

::

    DATA/current -> releases/<id>          the one that is served
    DATA/releases/<id>/manifest.json       counts, hashes, sources; written last
    DATA/releases/<id>/parts.parquet       what its graphs were made from, for the next one (see `wsiskg.graph.parts`)
    DATA/releases/<id>/suspects.parquet    whom its validation looked at, for the next one (see `wsiskg.rules.earlier`)
    DATA/releases/<id>/store/              Oxigraph, opened read-only
    DATA/releases/<id>/dumps/              N-Quads, TriG, Turtle, JSON-LD, VoID, one Turtle file for each graph

The id is a hash of every graph's sorted N-Quads, so the same tables give the same id on any machine. A plain release
(see `wsiskg.graph.plain`) has neither tables behind it nor a store: only its N-Quads.
"""

import contextlib
import fcntl
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from wsiskg.beside import Step
from wsiskg.disk import sync
from wsiskg.graph.iris import Iris
from wsiskg.model.errors import ReleaseError, UsageError

__all__ = [
    "DUMP_TYPES",
    "NQUADS",
    "Release",
    "check_files",
    "current_path",
    "current_release",
    "file_digest",
    "load_store",
    "open_release",
    "open_store",
    "switch",
    "writer_lock",
    "writing_below",
]

NQUADS = "wsis-kg.nq"
"""The dump that a release is named by and looked up in."""

DUMP_TYPES: Mapping[str, str] = {
    ".nq": "application/n-quads",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
    ".jsonld": "application/ld+json",
    ".tsv": "text/tab-separated-values",
    ".zip": "application/zip",
}


_REMEDY = "Build again: wsiskg build. The tables are the truth, so nothing is lost."


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
    def plain(self) -> bool:
        """Whether it is a plain dataset, changed by updates, rather than built from tables."""
        return bool(self.manifest.get("plain"))

    @property
    def graphs(self) -> tuple[str, ...]:
        """IRIs of the named graphs, empty ones too."""
        return tuple(self.manifest["graphs"])

    @property
    def store_path(self) -> Path:
        """Directory of the Oxigraph store."""
        return self.path / "store"

    @property
    def nquads_path(self) -> Path:
        """The whole release as N-Quads."""
        return self.path / "dumps" / NQUADS


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


def switch(data: Path, release: Release) -> None:
    """Make ``release`` the current one: the last step, atomic; call it under `writer_lock`."""
    pointer = data / ".current"
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(Path("releases") / release.id)
    pointer.replace(data / "current")
    sync(data)


def current_release(data: Path) -> Release:
    """Return the current release below ``data``.

    Raises:
        ReleaseError: none was built there, or it is incomplete.

    """
    path = current_path(data)
    if not path.exists():
        raise ReleaseError(f"no release in '{data}'", f"Build one: wsiskg build --out {data}")
    return open_release(path)


def current_path(data: Path) -> Path:
    """Return the directory that the pointer below ``data`` names, whether or not a release is there."""
    return (data / "current").resolve()


def open_release(path: Path) -> Release:
    """Open a release and check that every file its manifest names is there in full size.

    Raises:
        ReleaseError: the directory is not a complete release.

    """
    try:
        manifest = json.loads((path / "manifest.json").read_text("utf-8"))
        files = {entry["path"]: entry["bytes"] for entry in manifest["files"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"'{path}' is not a complete release: its manifest is missing or damaged", _REMEDY
        ) from error
    for name, size in files.items():
        file = path / name
        if not file.is_file() or file.stat().st_size != size:
            raise ReleaseError(f"'{path}' is not a complete release: {name} is missing or damaged", _REMEDY)
    if not manifest.get("plain") and not (path / "store" / "CURRENT").is_file():
        raise ReleaseError(f"'{path}' is not a complete release: its store is missing", _REMEDY)
    return Release(path, manifest)


def check_files(release: Release, step: Step = lambda: None) -> None:
    """Read the files of a release and compare their hashes with the manifest: damage is not handed on.

    Args:
        release: the release.
        step: called now and then; may raise to end the work.

    Raises:
        ReleaseError: one is missing or damaged.

    """
    for file in release.manifest["files"]:
        path = release.path / file["path"]
        step()
        try:
            digest = file_digest(path)
        except OSError as error:
            raise ReleaseError(f"'{path}' cannot be read: {error.strerror}", _REMEDY) from error
        if digest != file["sha256"]:
            raise ReleaseError(f"'{path}' is damaged", _REMEDY)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, as manifests have it.

    Raises:
        OSError: it cannot be read.

    """
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def load_store(release: Release) -> ox.Store:
    """Return a store in memory that holds the release.

    Raises:
        ReleaseError: its files are missing or damaged.

    """
    try:
        store = ox.Store()
        store.bulk_load(path=str(release.nquads_path), format=ox.RdfFormat.N_QUADS)
        for graph in release.graphs:
            store.add_graph(ox.NamedNode(graph))
    except (OSError, SyntaxError, ValueError) as error:
        raise ReleaseError(f"the statements of '{release.path}' are damaged: {error}", _REMEDY) from error
    return store


def open_store(release: Release) -> ox.Store:
    """Open the store of a release, read-only; a plain release is loaded into memory.

    Raises:
        ReleaseError: its files are missing or damaged.

    """
    if release.plain:
        return load_store(release)
    try:
        return ox.Store.read_only(str(release.store_path))
    except (OSError, RuntimeError) as error:
        raise ReleaseError(f"the store of '{release.path}' is damaged: {error}", _REMEDY) from error


@contextlib.contextmanager
def writing_below(folder: Path) -> Iterator[None]:
    """Say of ``folder`` that it cannot be written where that turns out."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"'{folder}' cannot be written: {error.strerror or error}",
            "Make room, or name another directory. The release that is served was not touched.",
        ) from error
