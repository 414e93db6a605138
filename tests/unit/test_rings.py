"""The drawing of the network: every node and edge once, nodes apart, edges within their ring, the same each time."""

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from wsiskg.web.ui.drawings.rings import SIZE, draw_rings

Rings = tuple[list[list[str]], list[tuple[str, str]]]


@st.composite
def rings(draw: st.DrawFn) -> Rings:
    sizes = draw(st.tuples(st.integers(0, 8), st.integers(1, 18), st.integers(1, 90)))
    made = [[f"{ring}-{n}" for n in range(size)] for ring, size in enumerate(sizes)]
    edges = draw(
        st.lists(st.sampled_from([(a, b) for ring in (0, 1) for a in made[ring] for b in made[ring + 1]]), unique=True)
    )
    return made, edges


def distance(path: str) -> list[float]:
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", path)]
    return [math.hypot(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]


@given(rings())
def test_all_is_drawn_and_nothing_crosses_a_ring(given_rings: Rings) -> None:
    made, edges = given_rings
    drawing = draw_rings(made, edges)
    assert [m.node for m in drawing.marks] == [node for ring in made for node in ring]
    assert [(s.source, s.target) for s in drawing.strokes] == edges
    assert drawing == draw_rings(made, edges)
    at = {m.node: (m.x, m.y) for m in drawing.marks}
    assert len(set(at.values())) == len(at)
    assert all(math.hypot(*place) < SIZE / 2 - 40 for place in at.values())  # room for the labels outside
    for stroke in drawing.strokes:
        inner, outer = (math.hypot(*at[end]) for end in (stroke.source, stroke.target))
        assert all(inner - 1 <= d <= outer + 1 for d in distance(stroke.path)[:1] + distance(stroke.path)[-1:])
        assert min(distance(stroke.path)) >= inner * 0.9
        assert max(distance(stroke.path)) <= outer + 1


def test_a_line_stands_near_its_goals() -> None:
    outer = [str(n) for n in range(12)]
    drawing = draw_rings(
        [["agency"], ["a", "b"], outer], [("agency", "a"), ("a", "2"), ("a", "3"), ("b", "8"), ("b", "9")]
    )
    at = {m.node: m for m in drawing.marks}
    assert at["a"].x * at["2"].x + at["a"].y * at["2"].y > 0
    assert at["b"].x * at["8"].x + at["b"].y * at["8"].y > 0
