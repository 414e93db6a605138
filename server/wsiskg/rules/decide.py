"""The verdict of pySHACL on graphs of any size: nodes that may break a shape are found in columns, and it judges those.

pySHACL is given all statements about these nodes, and about what the shapes can see from there, so that its results are
those that it has on the whole graph (docs/decisions/20261126-validation-at-scale.md).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import isinf

import polars as pl
import rdflib

from wsiskg.graph.columns.statements import Statements, triples_of
from wsiskg.graph.held import statements_about
from wsiskg.rules.runs import Run, perform_runs
from wsiskg.rules.screening.changes import Changes, screen_changes
from wsiskg.rules.screening.screen import Union, screen
from wsiskg.rules.screening.shapes import compile_shapes, followed_backwards
from wsiskg.rules.shacl import Result, run_shapes, to_rdflib

__all__ = ["Decided", "decide"]

_CHUNK = 2_000
"""Nodes that one run of pySHACL is given."""

_WINDOW = 20
"""Chunks whose statements are held in memory at once."""

_NAMED = 2
"""How many statements away from a node a message may take a name from (`run_shapes`)."""

Seen = Callable[[pl.Series], pl.DataFrame]
"""Returns statements about nodes, or that name them."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """What shapes can see from nodes.

    Attributes:
        about: returns the statements about them.
        naming: returns those with them as objects, over the predicates that shapes follow from object to subject.

    """

    about: Seen
    naming: Seen


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
    depth, backwards = int(reach), followed_backwards(rules)
    screened = screen_changes(changes, rules, step) if changes else None
    if changes and screened:
        sight = _Sight(changes.parts.about, lambda nodes: changes.parts.naming(nodes, backwards))
    else:
        union = Union(graphs)
        screened = screen(union, rules, step)
        sight = _Sight(lambda nodes: union.about(nodes, step), _naming_in(screened.links, backwards))
    suspects, subclasses = screened.suspects, screened.subclasses
    if not suspects.str.starts_with("<").all():  # shapes aim at literals
        return _plain(graphs, shapes)

    def runs() -> Iterator[Run]:
        for window in suspects.to_frame().iter_slices(_CHUNK * _WINDOW):
            held = _neighbourhood(sight, window.to_series(), depth, subclasses)
            again = _Sight(partial(statements_about, frame=held), _naming_in(held, backwards))
            for chunk in window.iter_slices(_CHUNK):
                step()
                nodes = chunk.to_series()
                rows = held if len(window) <= _CHUNK else _neighbourhood(again, nodes, depth, subclasses)
                text = "".join(f"{s} {p} {o} .\n" for s, p, o in rows.iter_rows())
                yield Run(text, nodes.str.slice(1).str.head(-1).to_list())

    results: list[Result] = []
    for more in perform_runs(runs(), shapes, -(-len(suspects) // _CHUNK)):
        step()
        results += more
    return Decided(results, suspects)


def _plain(graphs: Sequence[Statements], shapes: rdflib.Graph) -> Decided:
    triples = (triple for block in Union(graphs).blocks() for triple in triples_of(block))
    return Decided(run_shapes(to_rdflib(triples), shapes), None)


def _neighbourhood(sight: _Sight, nodes: pl.Series, depth: int, subclasses: pl.DataFrame) -> pl.DataFrame:
    """Return the statements about ``nodes`` and about what is up to ``depth`` statements away from them.

    From subject to object, and from object to subject over the predicates that shapes follow that way.
    """
    found, seen, wanted = [subclasses], nodes, nodes
    for distance in range(depth + 1):
        rows = sight.about(wanted)
        found.append(rows)
        if distance < depth:
            links = sight.naming(wanted)
            found.append(links)
            near = pl.concat([rows["object"], links["subject"]]).unique()
            wanted = near.filter(near.str.starts_with("<") & ~near.is_in(seen.implode()))
            seen = pl.concat([seen, wanted])
    return pl.concat(found).unique()


def _naming_in(frame: pl.DataFrame, backwards: frozenset[str]) -> Seen:
    links = frame.filter(pl.col("predicate").is_in(list(backwards)))
    return lambda nodes: links.filter(pl.col("object").is_in(nodes.implode()))
