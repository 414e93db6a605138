"""Make a release of changed statements: what updates leave behind, validated and written like a build's.

Only graphs that nothing is counted or computed from may change: the ontology, the SDGs, the frameworks, and the
installation's own below ``graph/local/``. The matrix, the registers and whatever follows from them change by import,
build and publication, so that evidence never contradicts what it was counted from.

Run as ``python -m wsiskg.store.amend BASE FILE DATA``; prints the release's id, or what is wrong, as JSON. The caller
holds `writer_lock`.
"""

import asyncio
import contextlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from wsiskg.graph.iris import Iris
from wsiskg.graph.release import Release, open_release
from wsiskg.graph.vocabulary import XSD
from wsiskg.model.errors import LimitError, UsageError, ViolationError, WorkerError, WsiskgError
from wsiskg.model.problems import Origin, Problem, Severity
from wsiskg.processes import end_with_parent

__all__ = ["amend_release", "main", "may_change"]

_OPEN = ("ontology", "sdg", "wsis", "connect2020")
_LOCAL = re.compile(r"local/[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MOST_PROBLEMS = 100
_KEPT_AS_WRITTEN = frozenset({XSD("string").value, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"})


async def amend_release(base: Release, file: Path, data: Path, seconds: float) -> Release:
    """Write the release that follows from ``base`` when its statements are those of ``file`` (N-Quads).

    Raises:
        ViolationError: it would break structural shapes.
        UsageError: a graph may not be changed, or ``data`` cannot be written.
        LimitError: it took longer than ``seconds``.
        WorkerError: the process that does it was ended.

    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "wsiskg.store.amend", str(base.path.resolve()), str(file.resolve()), str(data.resolve()),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, cwd=Path("/"), start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            printed, _ = await process.communicate()
    except TimeoutError as error:
        raise LimitError(f"validating took longer than {seconds:g} seconds and was stopped", "time") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    try:
        answer: Mapping[str, Any] = json.loads(printed)
    except ValueError as error:
        raise WorkerError("the process that writes the release ended without a word") from error
    if "problems" in answer:
        raise ViolationError(answer["message"], [_problem(p) for p in answer["problems"]], answer["remedy"])
    if "message" in answer:
        raise UsageError(answer["message"], answer["remedy"])
    return open_release(data / "releases" / str(answer["release"]))


def may_change(graph: str, iris: Iris) -> bool:
    """Return whether updates may change the named graph ``graph``."""
    name = graph.removeprefix(iris.graph("").value)
    return name != graph and (name in _OPEN or _LOCAL.fullmatch(name) is not None)


def main() -> None:
    """Write the release and print what came of it."""
    end_with_parent()
    try:
        print(json.dumps({"release": _amend(open_release(Path(sys.argv[1])), *map(Path, sys.argv[2:4])).id}))  # noqa: T201
    except ViolationError as error:
        problems = [
            {"rule": p.rule, "texts": dict(p.texts), "value": p.value, "severity": p.severity.value}
            for p in error.problems[:_MOST_PROBLEMS]
        ]
        print(json.dumps({"message": error.message, "remedy": error.remedy, "problems": problems}))  # noqa: T201
    except WsiskgError as error:
        print(json.dumps({"message": error.message, "remedy": error.remedy}))  # noqa: T201


def _amend(base: Release, file: Path, data: Path) -> Release:
    from wsiskg.graph.columns.statements import Statements
    from wsiskg.graph.content.dataset import Dataset
    from wsiskg.graph.description import release_triples
    from wsiskg.graph.draft import Base, draft_release
    from wsiskg.graph.parts import read_parts
    from wsiskg.graph.serialise import graph_digest
    from wsiskg.graph.writing import write_release
    from wsiskg.rules.check import check_dataset
    from wsiskg.tables.rows import Tables

    iris, known = base.iris, base.manifest["graphs"]
    graphs = _respelt(_graphs(file), _graphs(base.nquads_path))
    provenance = iris.graph("provenance")
    if provenance in graphs:  # the release names itself there, so what is compared and kept is the graph without that
        graphs[provenance] -= release_triples(iris, base.id, [NamedNode(graph) for graph in known])
    digests = {graph: graph_digest(Statements.of(graph, triples)) for graph, triples in graphs.items()}
    changed = {g for g, digest in digests.items() if known.get(g.value, {}).get("sha256") != digest}
    gone = {NamedNode(graph) for graph in known} - set(graphs)
    if not changed and not gone:
        return base
    for graph in sorted(changed | gone, key=str):
        if not may_change(graph.value, iris):
            raise UsageError(
                f"{graph} changes by import, build and publication only",
                f"Updates may change graph/{', graph/'.join(_OPEN)} and graphs below {iris.graph('local').value}/.",
            )
    counted = (iris.graph("evidence").value, iris.graph("tallies").value)
    # As a build does, which counts evidence after the check.
    checked = {graph: triples for graph, triples in graphs.items() if not graph.value.startswith(counted)}
    violations = [p for p in check_dataset(Dataset(iris, _frozen(checked), {})) if p.severity is Severity.VIOLATION]
    if violations:
        raise ViolationError(
            f"{len(violations)} violation(s) of the structural shapes", violations,
            "Correct the update: nothing of it was kept.",
        )  # fmt: skip
    own = Dataset(iris, _frozen({g: graphs[g] for g in changed | {provenance}}), {})
    names = [str(file["path"]) for file in base.manifest["files"]]
    files = tuple(
        name for name in names if not name.startswith(("dumps/", "index/"))
    )  # these follow from the statements
    kept = Base(base, read_parts(base), frozenset(set(graphs) - changed - {provenance}), files)
    draft = draft_release(own, Tables(()), kept, data)
    return write_release(replace(draft, sources=base.manifest["sources"]), data)


def _graphs(file: Path) -> dict[NamedNode, set[Triple]]:
    """Read all statements by graph.

    Raises:
        UsageError: one is in the default graph, has a blank node, or is about a statement.

    """
    graphs: defaultdict[NamedNode, set[Triple]] = defaultdict(set)
    for quad in ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS):
        if not isinstance(quad.graph_name, NamedNode):
            raise UsageError("a release has named graphs only", "Name the graph: INSERT DATA { GRAPH <...> { ... } }")
        if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode | ox.Literal):
            raise UsageError(
                f"{quad.subject} {quad.predicate}: a release has no blank nodes", "Give each thing an IRI."
            )
        graphs[quad.graph_name].add(quad.triple)
    return dict(graphs)


def _respelt(
    graphs: Mapping[NamedNode, set[Triple]], base: Mapping[NamedNode, set[Triple]]
) -> dict[NamedNode, set[Triple]]:
    """Return ``graphs`` with the spelling that ``base`` has: a store keeps values, so 0.50 came back as 0.5."""
    typed = {t.object for triples in base.values() for t in triples if isinstance(t.object, ox.Literal)}
    stored = _as_stored([literal for literal in typed if literal.datatype.value not in _KEPT_AS_WRITTEN])
    out: dict[NamedNode, set[Triple]] = {}
    for graph, triples in graphs.items():
        spelt: defaultdict[Triple, set[Triple]] = defaultdict(set)
        for triple in base.get(graph, ()):
            if triple.object in stored:
                spelt[Triple(triple.subject, triple.predicate, stored[triple.object])].add(triple)
        out[graph] = {written for triple in triples for written in spelt.get(triple, (triple,))}
    return out


def _as_stored(literals: Sequence[ox.Literal]) -> dict[object, ox.Literal]:
    """Return how a store gives back each of ``literals``."""
    store = ox.Store()
    subjects = [NamedNode(f"urn:literal:{number}") for number in range(len(literals))]
    pairs = zip(subjects, literals, strict=True)
    store.extend(ox.Quad(subject, subject, literal) for subject, literal in pairs)
    found = {quad.subject: quad.object for quad in store}
    return {literal: found[s] for s, literal in zip(subjects, literals, strict=True) if found[s] != literal}


def _frozen(graphs: Mapping[NamedNode, set[Triple]]) -> dict[NamedNode, frozenset[Triple]]:
    return {graph: frozenset(triples) for graph, triples in graphs.items()}


def _problem(found: Mapping[str, Any]) -> Problem:
    return Problem(Origin("update"), found["rule"], found["texts"], Severity(found["severity"]), found["value"])


if __name__ == "__main__":
    main()
