"""Charts as pictures: Altair says what they look like, vl-convert draws them without a browser."""

from collections.abc import Mapping
from typing import Any

from wsiskg.reports.content import Chart

__all__ = ["chart_png", "chart_svg", "specification"]

_COLOURS = ("#1a5a96", "#d07c00", "#6b7a86", "#9c3d6e")  # told apart by those who see few colours, and in grey
_WIDTH, _HEIGHT, _BAR = 520, 165, 18
_CATEGORIES = 60  # of the chart's longest axis: more would not be readable
_LABEL = 42


def specification(chart: Chart) -> Mapping[str, Any]:
    """Return the chart as a specification of Vega-Lite."""
    import altair as alt

    names = list(dict.fromkeys(point.x for point in chart.points))[:_CATEGORIES]
    shown = set(names)
    values = [
        {
            "x": int(point.x) if chart.kind == "lines" else _short(point.x),
            "y": point.y.value,
            "series": point.series,
            "place": place,
        }
        for place, point in enumerate(chart.points)
        if point.x in shown
    ]
    order = [_short(name) for name in names]
    whole = all(isinstance(value["y"], int) for value in values)
    amount: dict[str, Any] = {"title": chart.y, "axis": alt.Axis(format="d", tickMinStep=1) if whole else alt.Axis()}
    colour = alt.Color(
        "series:N", title=None, sort=list(chart.series), legend=alt.Legend(orient="top", labelLimit=240),
        scale=alt.Scale(domain=list(chart.series), range=list(_COLOURS)),
    ) if chart.series else alt.value(_COLOURS[0])  # fmt: skip
    data = alt.InlineData(values=values)
    shared = {"color": colour, "order": alt.Order("place:Q")}
    if chart.kind == "bars":
        drawn: Any = alt.Chart(data, width=_WIDTH - 120, height=max(3, len(names)) * _BAR)
        drawn = drawn.mark_bar().encode(
            y=alt.Y("x:N", title=chart.x, sort=order, axis=alt.Axis(labelLimit=260)), x=alt.X("y:Q", **amount), **shared
        )
    elif chart.kind == "columns":
        drawn = alt.Chart(data, width=_WIDTH, height=_HEIGHT)
        drawn = drawn.mark_bar().encode(
            x=alt.X("x:N", title=chart.x, sort=order, axis=alt.Axis(labelAngle=0)), y=alt.Y("y:Q", **amount), **shared
        )
    else:
        drawn = alt.Chart(data, width=_WIDTH, height=_HEIGHT)
        drawn = drawn.mark_line(point=alt.OverlayMarkDef(size=60, filled=True)).encode(
            x=alt.X(
                "x:Q", title=chart.x, scale=alt.Scale(nice=False, zero=False, padding=12),
                axis=alt.Axis(format="d", values=[int(name) for name in names], grid=False),
            ),
            y=alt.Y("y:Q", scale=alt.Scale(zero=True), **amount), **shared,
        )  # fmt: skip
    for name, figure in chart.aims:
        aim = alt.Chart(alt.InlineData(values=[{"aim": figure.value, "name": name}]))
        rule = aim.mark_rule(strokeDash=[6, 4], color="#444").encode(y="aim:Q")
        text = aim.mark_text(align="left", baseline="bottom", dx=4, dy=-3, color="#444").encode(
            y="aim:Q", x=alt.value(0), text="name:N"
        )
        drawn = alt.layer(drawn, rule, text)
    drawn = drawn.configure_view(stroke=None).configure_axis(gridColor="#ddd", domainColor="#666", labelFontSize=11)
    found: dict[str, Any] = drawn.configure(font="Noto Sans, sans-serif", background="white").to_dict()
    return found


def chart_svg(chart: Chart) -> str:
    """Return the chart as SVG."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(dict(specification(chart)), allowed_base_urls=[]))


def chart_png(chart: Chart) -> bytes:
    """Return the chart as PNG, at twice its size."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(dict(specification(chart)), scale=2, allowed_base_urls=[]))


def _short(name: str) -> str:
    return name if len(name) <= _LABEL else name[: _LABEL - 1] + "…"
