"""Check a directory of tables, or RDF files, against the structural shapes."""

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from wsiskg.graph.content.collector import Origins
from wsiskg.graph.content.dataset import Dataset, build_dataset
from wsiskg.graph.iris import Iris
from wsiskg.model.errors import UsageError
from wsiskg.model.problems import Origin, Problem
from wsiskg.rules.decide import decide
from wsiskg.rules.shacl import load_shapes, problems_of, to_rdflib, validate
from wsiskg.tables.load import check_tables, load_tables

__all__ = ["QUALITY", "STRUCTURE", "check_dataset", "check_directory", "check_files"]

STRUCTURE = ("structure",)
"""Shapes that everything is held against."""

QUALITY = ("structure", "quality")
"""These, and advice on what is missing, unverified or contradictory."""

_SYNTAXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
}
_MAX_BYTES = 50_000_000


def check_dataset(dataset: Dataset, shapes: Sequence[str] = STRUCTURE) -> list[Problem]:
    """Return what the ``shapes`` of these names say of a whole dataset."""
    decided = decide(dataset.statements(), load_shapes(dataset.iris, *shapes))
    return problems_of(decided.results, dataset.origins)


def check_directory(root: Traversable, iris: Iris, shapes: Sequence[str] = STRUCTURE) -> list[Problem]:
    """Return the problems of the tables in ``root``, or, where there are none, of the graph they make.

    Raises:
        UsageError: ``root`` holds no readable data package, or an import into it has not ended.

    """
    tables, problems = check_tables(root)
    return problems or check_dataset(build_dataset(tables, iris), shapes)


def check_files(
    files: Sequence[Path], mappings: Traversable, iris: Iris, shapes: Sequence[str] = STRUCTURE
) -> list[Problem]:
    """Return the problems of what RDF files say, held against the graph that the tables make.

    Args:
        files: Turtle, N-Triples, N-Quads, TriG, JSON-LD or RDF/XML, by their endings.
        mappings: directory of tables.
        iris: IRIs to build with.
        shapes: names of the shapes, see `STRUCTURE` and `QUALITY`.

    Raises:
        UsageError: a file cannot be read or parsed.
        ViolationError: rows of the tables are wrong.

    """
    dataset = build_dataset(load_tables(mappings), iris)
    triples = {t for graph in dataset.graphs.values() for t in graph}
    rules = load_shapes(iris, *shapes)
    problems: list[Problem] = []
    for file in files:
        found = _parse(file)
        subjects = {t.subject.value for t in found if isinstance(t.subject, NamedNode)}
        origins: Origins = {(subject, ""): Origin(str(file)) for subject in subjects}
        problems += validate(to_rdflib(triples | found), rules, origins, sorted(subjects), str(file))
    return problems


def _parse(file: Path) -> set[Triple]:
    if (syntax := _SYNTAXES.get(file.suffix.lower())) is None:
        known = ", ".join(_SYNTAXES)
        raise UsageError(
            f"'{file}' is not a kind of file that can be checked", f"Known: {known}, directories of tables."
        )
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"'{file}' cannot be read: {error.strerror}") from error
    if len(data) > _MAX_BYTES:
        raise UsageError(f"'{file}' has {len(data):,} bytes; at most {_MAX_BYTES:,} are checked at once")
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
        raise UsageError(f"'{file}' declares XML entities, which are not read", "Remove the DOCTYPE.")
    try:
        return {Triple(q.subject, q.predicate, q.object) for q in ox.parse(data, syntax)}
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"'{file}': {error}", "Correct the syntax there.") from error
