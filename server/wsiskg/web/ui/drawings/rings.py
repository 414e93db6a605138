"""Geometry of the network's drawing: agencies within, action lines around them, SDGs outside; pure functions.

Nodes of a ring stand where their neighbours of the next ring are, so that edges are short; an edge keeps to the space
between its two rings and crosses nothing else.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["SIZE", "Drawing", "Mark", "Stroke", "draw_rings"]

SIZE = 1000
"""Width and height of the sheet; its middle is the origin."""

_RADII = (105.0, 245.0, 425.0)
_STEPS = 8  # of a curve
_LABEL = 13.0  # from the middle of a node to its label
_FULL = 2 * math.pi


@dataclass(frozen=True, slots=True)
class Mark:
    """A node: its ring (0 within), its place, and the turn in degrees and anchor of its label."""

    node: str
    ring: int
    x: float
    y: float
    turn: float
    anchor: str
    shift: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """An edge from a node of one ring to one of the next, and the path that is drawn."""

    source: str
    target: str
    path: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes and edges, in their order."""

    marks: tuple[Mark, ...]
    strokes: tuple[Stroke, ...]


def draw_rings(rings: Sequence[Sequence[str]], edges: Sequence[tuple[str, str]]) -> Drawing:
    """Lay out nodes on three rings.

    Args:
        rings: nodes of the inner, the middle and the outer ring; the outer one keeps its order.
        edges: pairs of a node and one of the next ring outward.

    """
    angles = {node: _FULL * (n + 0.5) / len(rings[2]) - math.pi / 2 for n, node in enumerate(rings[2])}
    outward: dict[str, list[str]] = {}
    for source, target in edges:
        outward.setdefault(source, []).append(target)
    for ring in (rings[1], rings[0]):
        angles |= _arranged(ring, outward, angles)
    radius = {node: _RADII[number] for number, ring in enumerate(rings) for node in ring}
    marks = tuple(_mark(node, number, angles[node]) for number, ring in enumerate(rings) for node in ring)
    strokes = tuple(
        Stroke(a, b, _curve(radius[a], angles[a], radius[b], angles[b]))
        for a, b in edges
        if a in angles and b in angles
    )
    return Drawing(marks, strokes)


def _arranged(
    ring: Sequence[str], outward: Mapping[str, Sequence[str]], angles: Mapping[str, float]
) -> dict[str, float]:
    """Return even places on a ring, in the order of where the neighbours are, turned as near to them as can be."""
    wanted = {node: _mean([angles[n] for n in outward.get(node, ())]) for node in ring}
    ordered = sorted(ring, key=lambda node: (wanted[node] % _FULL, ring.index(node)))
    even = [_FULL * n / max(len(ordered), 1) for n in range(len(ordered))]
    turn = _mean([wanted[node] - place for node, place in zip(ordered, even, strict=True)])
    return {node: place + turn for node, place in zip(ordered, even, strict=True)}


def _mean(angles: Sequence[float]) -> float:
    """Return the circular mean (Mardia and Jupp 2000); 0 where there is none."""
    x, y = sum(map(math.cos, angles)), sum(map(math.sin, angles))
    return math.atan2(y, x) if math.hypot(x, y) > 1e-9 else 0.0


def _at(radius: float, angle: float) -> tuple[float, float]:
    return round(radius * math.cos(angle), 1), round(radius * math.sin(angle), 1)


def _mark(node: str, ring: int, angle: float) -> Mark:
    x, y = _at(_RADII[ring], angle)
    if ring < 2:
        return Mark(node, ring, x, y, 0.0, "middle", 0.0)
    left = math.cos(angle) < 0
    turn = math.degrees(angle) + (180 if left else 0)
    return Mark(node, ring, x, y, round(turn, 1), "end" if left else "start", -_LABEL if left else _LABEL)


def _curve(r1: float, a1: float, r2: float, a2: float) -> str:
    """Return a path that leaves and arrives along the radius, and turns the shorter way between."""
    turn = (a2 - a1 + math.pi) % _FULL - math.pi
    places = []
    for step in range(_STEPS + 1):
        t = step / _STEPS
        places.append(_at(r1 + (r2 - r1) * t, a1 + turn * (3 - 2 * t) * t * t))
    # Quadratic arcs from middle to middle of the steps, with the steps for handles: no corner shows.
    middles = [((x1 + x2) / 2, (y1 + y2) / 2) for (x1, y1), (x2, y2) in pairwise(places)]
    arcs = [f"Q{x:g} {y:g} {mx:g} {my:g}" for (x, y), (mx, my) in zip(places[1:], middles[1:], strict=False)]
    (x, y), (mx, my), (end_x, end_y) = places[0], middles[0], places[-1]
    return f"M{x:g} {y:g}L{mx:g} {my:g}{''.join(arcs)}L{end_x:g} {end_y:g}"
