"""Geometry of the drawings: pure functions from numbers to places on a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["FigureChart", "Flow", "Node", "Point", "Sankey", "figure_chart", "sankey"]

Json = Any

_TOP, _FLOOR, _LEFT, _RIGHT = 30.0, 210.0, 50.0, 620.0


@dataclass(frozen=True, slots=True)
class Point:
    """A bar: its middle, its top, what it stands for, and the kind of figure."""

    x: float
    y: float
    value: str
    year: str
    kind: str


@dataclass(frozen=True, slots=True)
class FigureChart:
    """Bars of reported figures by year on a sheet of 640 by 260, and the height of the line of the target."""

    points: tuple[Point, ...]
    aim: float


def figure_chart(document: Mapping[str, Json]) -> FigureChart | None:
    """Return the chart of a Connect 2020 target: baseline and figures that were not revised; None without any."""
    figures = [
        (int(f["year"]), str(f["value"]), str(f.get("figureKind", {}).get("notation", "figure")))
        for f in document.get("figures", ())
        if "revisedBy" not in f and _is_number(f.get("value")) and f.get("unit") == document.get("unit")
    ]
    baseline = document.get("baselineValue")
    if _is_number(baseline) and document.get("baselineUnit") == document.get("unit"):
        figures.insert(0, (int(document.get("baselineYear", 0)), str(baseline), "baseline"))
    if not figures or not _is_number(document.get("targetValue")):
        return None
    seen: dict[tuple[int, str], str] = {}
    for year, value, kind in sorted(figures):
        seen.setdefault((year, value), kind)
    aim = float(document["targetValue"])
    top = max([aim, *(float(value) for _, value in seen)], default=1.0) or 1.0
    width = (_RIGHT - _LEFT) / len(seen)

    def height(value: float) -> float:
        return round(_FLOOR - (_FLOOR - _TOP) * max(value, 0.0) / top, 1)

    points = tuple(
        Point(round(_LEFT + width * (n + 0.5), 1), height(float(value)), value, str(year or ""), kind)
        for n, ((year, value), kind) in enumerate(seen.items())
    )
    return FigureChart(points, height(aim))


def _is_number(value: Json) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Node:
    """A box of a Sankey diagram: its name, its column, where it stands, and the amount that passes."""

    name: str
    column: int
    x: float
    y: float
    height: float
    amount: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A band between two boxes: path of its outline, amount, and the class of its look."""

    source: str
    target: str
    path: str
    amount: int
    kind: str


@dataclass(frozen=True, slots=True)
class Sankey:
    """Boxes and bands on a sheet of the given size."""

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    width: float
    height: float


def sankey(
    columns: Sequence[Sequence[str]],
    flows: Sequence[tuple[str, str, int, str]],
    *,
    width: float = 1000.0,
    unit: float = 3.0,
    gap: float = 8.0,
    box: float = 14.0,
) -> Sankey:
    """Lay out a Sankey diagram.

    Args:
        columns: names of the boxes, column by column from the start; every name is of one column only.
        flows: (name in a column, name in the next one, amount, kind).
        width: of the sheet.
        unit: height of an amount of 1.
        gap: between boxes.
        box: width of a box.

    """
    out: dict[str, int] = {}
    into: dict[str, int] = {}
    for source, target, amount, _ in flows:
        out[source] = out.get(source, 0) + amount
        into[target] = into.get(target, 0) + amount
    amounts = {name: max(out.get(name, 0), into.get(name, 0)) for names in columns for name in names}
    heights = [sum(max(amounts[n] * unit, 6.0) + gap for n in names) for names in columns]
    height = max(heights, default=0.0) + gap
    nodes: dict[str, Node] = {}
    step = (width - box) / max(len(columns) - 1, 1)
    for number, names in enumerate(columns):
        y = (height - heights[number]) / 2 + gap / 2
        for name in names:
            tall = max(amounts[name] * unit, 6.0)
            nodes[name] = Node(name, number, round(step * number, 1), round(y, 1), round(tall, 1), amounts[name])
            y += tall + gap
    left = {name: node.y for name, node in nodes.items()}
    right = dict(left)
    place = {name: n for names in columns for n, name in enumerate(names)}
    drawn = []
    for source, target, amount, kind in sorted(flows, key=lambda f: (place[f[0]], place[f[1]], f[3])):
        a, b, thick = nodes[source], nodes[target], amount * unit
        x1, x2, y1, y2 = a.x + box, b.x, right[source], left[target]
        right[source] += thick
        left[target] += thick
        middle = (x1 + x2) / 2
        path = (
            f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
            f"V{y2 + thick:.1f}C{middle:.1f} {y2 + thick:.1f} {middle:.1f} {y1 + thick:.1f} {x1:.1f} {y1 + thick:.1f}Z"
        )
        drawn.append(Flow(source, target, path, amount, kind))
    return Sankey(tuple(nodes.values()), tuple(drawn), width, round(height, 1))
