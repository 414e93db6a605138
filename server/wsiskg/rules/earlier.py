"""What the validation of a release found, kept with it: the next build judges only what changed since.

That is the release's own note, like that of its parts (`wsiskg.graph.parts`), and not named in its manifest.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import polars as pl
import pyoxigraph as ox
import pyshacl
import rdflib
from pyoxigraph import NamedNode

from wsiskg import __version__
from wsiskg.disk import sync
from wsiskg.graph.columns.statements import COLUMNS, frame_of
from wsiskg.graph.comparing import compare
from wsiskg.graph.description import release_triples
from wsiskg.graph.draft import Base
from wsiskg.graph.held import Compared
from wsiskg.graph.release import Release
from wsiskg.rules.screening.changes import Changes
from wsiskg.rules.shacl import shapes_digest

__all__ = ["SUSPECTS", "changes_since", "save_suspects"]

SUSPECTS = "suspects.parquet"
"""The file, in the directory of the release."""

_FORM = "1"
"""Counts up when other nodes may be suspects for another reason than the shapes."""


def save_suspects(release: Release, suspects: pl.Series, graphs: Iterable[str], shapes: Sequence[str]) -> None:
    """Keep with a release what was found when it was validated.

    Args:
        release: where the note goes.
        suspects: all nodes that may break one of the shapes, and perhaps others.
        graphs: IRIs of the graphs that were validated, as the release has them, but for what it says of itself.
        shapes: names of the shapes.

    Raises:
        OSError: it cannot be written.

    """
    known = {"key": _key(release, shapes), "graphs": json.dumps(sorted(graphs))}
    unfinished = release.path / f".{SUSPECTS}"
    suspects.alias("node").to_frame().write_parquet(unfinished, metadata=known)
    sync(unfinished)
    unfinished.rename(release.path / SUSPECTS)
    sync(release.path)


def changes_since(base: Base, graphs: Mapping[str, Compared | None], shapes: Sequence[str]) -> Changes | None:
    """Return what changed since a release, if it was validated by the same shapes.

    Args:
        base: the release.
        graphs: the graphs that are to be validated, compared with those of the release.
        shapes: names of the shapes.

    Returns:
        What changed; None if there is no note of that, or it is too much.

    """
    release, before = base.release, base.parts
    path = release.path / SUSPECTS
    try:
        known = pl.read_parquet_metadata(path)
        suspects = pl.read_parquet(path)["node"]
    except (OSError, pl.exceptions.PolarsError):
        return None
    if known.get("key") != _key(release, shapes):
        return None
    validated = set(json.loads(known["graphs"]))
    if not validated <= before.keys() or not before.keys() & graphs.keys() <= validated:
        return None
    compared = [*graphs.values(), *(compare(iri, before[iri], None) for iri in validated - graphs.keys())]
    found = [graph for graph in compared if graph]
    if len(found) < len(compared):
        return None
    # A release is validated before it has its name.
    about_itself = frame_of(release_triples(release.iris, release.id, [NamedNode(graph) for graph in release.graphs]))
    lost = pl.concat([graph.lost for graph in found]).join(about_itself, on=COLUMNS, how="anti")
    return Changes(suspects, [part for graph in found for part in graph.held], lost, pl.concat(g.new for g in found))


def _key(release: Release, shapes: Sequence[str]) -> str:
    """Return what the note is good for: this release, these shapes, and the versions of all that judges."""
    versions = [_FORM, __version__, pyshacl.__version__, rdflib.__version__, pl.__version__, np.__version__]
    text = " ".join([release.id, shapes_digest(release.iris, *shapes), *versions, ox.__version__])
    return hashlib.sha256(text.encode()).hexdigest()
