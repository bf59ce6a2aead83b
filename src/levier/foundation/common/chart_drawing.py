"""Draws a curve: JSON on standard input, SVG on standard output. A process of its own.

Altair and Vega's engine take some 110 MB that are given back when this process ends: see
`docs/decisions/31-charts-in-a-process.md`. Nothing else may import this module.
"""

import json
import sys
from typing import Any

import altair as alt
import vl_convert

FONT = "sans-serif"  # the page's style sheet sets its own
MONTHS = "timeFormat(datum.value, timeFormat(datum.value, '%j') === '001' ? '%Y' : '%b')"
DAYS = "timeFormat(datum.value, '%-d %b')"
HOURS = "timeFormat(datum.value, '%-H h')"
LONG = 75  # days from which the axis tells months rather than days


def chart(order: dict[str, Any]) -> alt.LayerChart | alt.FacetChart:
    """`order`: points [[day, total], …], goals [n, …], label, width, height."""
    points = [{"day": day, "total": total} for day, total in order["points"]]
    goals = [{"goal": goal, "said": said} for goal, said in order["goals"]]
    top = max([1, *(point["total"] for point in points), *(goal["goal"] for goal in goals)])
    axis = alt.Axis(
        title=None,
        grid=False,
        ticks=False,
        labelExpr=MONTHS if len(points) > LONG else DAYS,
        tickCount=max(2, order["width"] // 90),
        labelPadding=8,
    )
    day = alt.X("day:T", axis=axis)
    total = alt.Y("total:Q", axis=None, scale=alt.Scale(domain=[0, top * 1.08]))
    curve = alt.Chart(alt.InlineData(values=points))
    last = alt.Chart(alt.InlineData(values=[{**points[-1], "said": order["label"]}]))
    lines = alt.Chart(alt.InlineData(values=goals))
    return alt.layer(
        lines.mark_rule(strokeDash=[2, 5]).encode(y=alt.Y("goal:Q", axis=None)),
        lines.mark_text(align="left", dx=6, fontSize=13).encode(
            x=alt.value(order["width"]), y=alt.Y("goal:Q", axis=None), text="said:N"
        ),
        curve.mark_area(interpolate="monotone").encode(x=day, y=total),
        curve.mark_line(interpolate="monotone", strokeWidth=3).encode(x=day, y=total),
        last.mark_point(filled=True, size=120).encode(x=day, y=total),
        last.mark_text(align="right", dx=-10, dy=-14, fontSize=13, fontWeight=600).encode(
            x=day, y=total, text="said:N"
        ),
    ).properties(width=order["width"], height=order["height"])


def bars(order: dict[str, Any]) -> alt.LayerChart | alt.FacetChart:
    """`order`: bars [[hour, how many], …], width, height."""
    values = [{"hour": hour, "n": n} for hour, n in order["bars"]]
    axis = alt.Axis(
        title=None,
        grid=False,
        ticks=False,
        labelExpr=HOURS,
        tickCount=max(2, order["width"] // 90),
        labelPadding=8,
    )
    top = max(n for _hour, n in order["bars"])
    counts = alt.Axis(
        title=None,
        grid=False,
        ticks=False,
        domain=False,
        values=sorted({0, top // 2, top} if top > 1 else {0, top}),
        format=",d",
    )
    drawn = alt.Chart(alt.InlineData(values=values)).mark_bar()
    return alt.layer(
        drawn.encode(
            x=alt.X("hour:T", timeUnit="yearmonthdatehours", axis=axis),
            y=alt.Y("n:Q", axis=counts),
        )
    ).properties(width=order["width"], height=order["height"])


def svg(order: dict[str, Any]) -> str:
    asked = bars(order) if "bars" in order else chart(order)
    drawn = asked.configure(
        background="transparent", font=FONT, padding={"left": 8, "right": 8, "top": 8, "bottom": 4}
    )
    spec = drawn.configure_view(stroke=None).configure_axis(labelFontSize=13).to_dict()
    return str(vl_convert.vegalite_to_svg(spec, format_locale="fr-FR", time_format_locale="fr-FR"))


if __name__ == "__main__":
    json.dump([svg(order) for order in json.load(sys.stdin)], sys.stdout)
