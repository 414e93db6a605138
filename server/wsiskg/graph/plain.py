"""Plain releases: a dataset that SPARQL updates change, with one N-Quads file and a manifest.

Nothing of it comes from tables, so there are no other dumps, no description, no store on disk: a small dataset is
written, synced and switched in within milliseconds. Its id is a hash of its sorted statements and of its empty graphs.
"""

import contextlib
import hashlib
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from wsiskg import __version__
from wsiskg.disk import sync
from wsiskg.graph.iris import Iris
from wsiskg.graph.release import NQUADS, Release, current_release, open_release, switch, writer_lock
from wsiskg.model.errors import ReleaseError, UsageError

__all__ = ["begin_plain", "forget_plain", "write_plain"]


def begin_plain(data: Path, iris: Iris) -> Release:
    """Return the current plain release below ``data``; an empty one is made where there is no release at all.

    Raises:
        UsageError: the current release was built from tables, or ``data`` cannot be written.
        ReleaseError: the current release is incomplete.

    """
    if not (data / "current").exists():
        with writer_lock(data):
            switch(data, write_plain(ox.Store(), data, iris))
    release = current_release(data)
    if not release.plain:
        raise UsageError(
            f"'{data}' holds a release built from tables, which plain updates would lose",
            "Name another directory with --data, or set WSISKG_UPDATES to checked or off.",
        )
    return release


def write_plain(store: ox.Store, data: Path, iris: Iris) -> Release:
    """Write what ``store`` holds as a plain release below ``data``, without making it current.

    Call it under `writer_lock`. A release with the same content is not written again.

    Raises:
        UsageError: ``data`` cannot be written.

    """
    lines = sorted((store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines(keepends=True))
    text = b"".join(lines)
    graphs: Counter[str] = Counter({str(graph): 0 for graph in store.named_graphs()})
    graphs.update(str(graph) for graph in (quad.graph_name for quad in store) if graph != ox.DefaultGraph())
    names = {graph[1:-1]: number for graph, number in sorted(graphs.items()) if graph.startswith("<")}
    digest = hashlib.sha256(text)
    name = hashlib.sha256(digest.digest() + "\n".join(names).encode()).hexdigest()[:16]
    releases = data / "releases"
    with contextlib.suppress(ReleaseError):
        return open_release(releases / name)
    manifest: dict[str, Any] = {
        "release": name,
        "base": iris.base,
        "software": f"wsiskg {__version__}",
        "plain": True,
        "counts": {"quads": len(lines), "graphs": names, "classes": {}},
        "sources": [],
        "graphs": {graph: {"triples": number} for graph, number in names.items()},
        "files": [{"path": f"dumps/{NQUADS}", "bytes": len(text), "sha256": digest.hexdigest()}],
    }
    try:
        releases.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".building-", dir=releases))
        building.chmod(0o755)
        (building / "dumps").mkdir()
        (building / "dumps" / NQUADS).write_bytes(text)
        (building / "manifest.json").write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
        for path in (building / "dumps" / NQUADS, building / "manifest.json", building / "dumps", building):
            sync(path)
        shutil.rmtree(releases / name, ignore_errors=True)  # half-written, or it would have been opened above
        building.rename(releases / name)
        sync(releases)
    except OSError as error:
        raise UsageError(f"'{data}' cannot be written: {error.strerror or error}", "Make room.") from error
    return Release(releases / name, manifest)


def forget_plain(data: Path, release: Release) -> None:
    """Remove a plain release that is not the current one, and whatever a killed writer left; under `writer_lock`."""
    if release.plain and (data / "current").resolve() != release.path.resolve():
        shutil.rmtree(release.path, ignore_errors=True)
    for leftover in (data / "releases").glob(".building-*"):
        shutil.rmtree(leftover, ignore_errors=True)
