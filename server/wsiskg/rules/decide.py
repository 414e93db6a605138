"""The verdict of pySHACL on graphs of any size: nodes that may break a shape are found in columns, and it judges those.

pySHACL is given all statements about these nodes, and about what the shapes can see from there, so that its results are
those that it has on the whole graph (docs/decisions/20261126-validation-at-scale.md).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isinf

import polars as pl
import rdflib

from wsiskg.graph.columns.statements import Statements, triples_of
from wsiskg.rules.runs import Run, perform_runs
from wsiskg.rules.screening.changes import Changes, screen_changes
from wsiskg.rules.screening.screen import Screened, Union, screen
from wsiskg.rules.screening.shapes import compile_shapes
from wsiskg.rules.shacl import Result, run_shapes, to_rdflib

__all__ = ["Decided", "decide"]

_CHUNK = 2_000
"""Nodes that one run of pySHACL is given."""

_WINDOW = 20
"""Chunks whose statements are held in memory at once."""

_NAMED = 2
"""How many statements away from a node a message may take a name from (`run_shapes`)."""

Seen = Callable[[pl.Series], pl.DataFrame]
"""Returns the statements about nodes."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a validation.

    Attributes:
        results: those that pySHACL has on the union of the graphs, in no particular order.
        suspects: the nodes that it was asked about, as N-Triples terms; None if it looked at everything.

    """

    results: list[Result]
    suspects: pl.Series | None


def decide(
    graphs: Sequence[Statements],
    shapes: rdflib.Graph,
    step: Callable[[], None] = lambda: None,
    changes: Changes | None = None,
) -> Decided:
    """Validate the union of ``graphs``.

    Args:
        graphs: named graphs.
        shapes: SHACL Core shapes.
        step: called now and then; may raise to end the work.
        changes: what was found of these graphs earlier by the same shapes, and what changed since.

    """
    rules = compile_shapes(shapes)
    reach = max([_NAMED, *(rule.depth for rule in rules)])
    if isinf(reach):  # a shape may look anywhere from a node
        return _plain(graphs, shapes)
    depth, found = int(reach), None
    if changes is not None and (found := screen_changes(changes, rules, step)) is not None:
        about: Seen = changes.parts.about
    if found is None:
        union = Union(graphs)
        found, about = screen(union, rules, step), _in_union(union)
    screened = found
    if not screened.suspects.str.starts_with("<").all():  # shapes aim at literals
        return _plain(graphs, shapes)

    def runs() -> Iterator[Run]:
        for window in screened.suspects.to_frame().iter_slices(_CHUNK * _WINDOW):
            held = _neighbourhood(about, screened, window.to_series(), depth)
            for chunk in window.iter_slices(_CHUNK):
                step()
                nodes = chunk.to_series()
                rows = held if len(window) <= _CHUNK else _neighbourhood(_in_frame(held), screened, nodes, depth)
                text = "".join(f"{s} {p} {o} .\n" for s, p, o in rows.iter_rows())
                yield Run(text, nodes.str.slice(1).str.head(-1).to_list())

    results: list[Result] = []
    for more in perform_runs(runs(), shapes, -(-len(screened.suspects) // _CHUNK)):
        step()
        results += more
    return Decided(results, screened.suspects)


def _plain(graphs: Sequence[Statements], shapes: rdflib.Graph) -> Decided:
    triples = (triple for block in Union(graphs).blocks() for triple in triples_of(block))
    return Decided(run_shapes(to_rdflib(triples), shapes), None)


def _neighbourhood(about: Seen, screened: Screened, nodes: pl.Series, depth: int) -> pl.DataFrame:
    """Return the statements about ``nodes`` and about what is up to ``depth`` statements away from them.

    From subject to object, and from object to subject over the predicates that shapes follow that way.
    """
    found, seen, wanted = [screened.subclasses], nodes, nodes
    for distance in range(depth + 1):
        rows = about(wanted)
        found.append(rows)
        if distance < depth:
            links = screened.links.filter(pl.col("object").is_in(wanted.implode()))
            found.append(links)
            near = pl.concat([rows["object"], links["subject"]]).unique()
            wanted = near.filter(near.str.starts_with("<") & ~near.is_in(seen.implode()))
            seen = pl.concat([seen, wanted])
    return pl.concat(found).unique()


def _in_frame(frame: pl.DataFrame) -> Seen:
    return lambda nodes: frame.filter(pl.col("subject").is_in(nodes.implode()))


def _in_union(union: Union) -> Seen:
    """Return what finds statements in ``union``: blocks are read only if they say anything of the nodes."""

    def about(nodes: pl.Series) -> pl.DataFrame:
        held = [_in_frame(union.small)(nodes)]
        if union.tells(nodes):
            held += [_in_frame(block)(nodes) for blocks in union.large() for block in blocks]
        return pl.concat(held)

    return about
