"""A country's areas drawn as SVG on the server, shaded by how much each has.

Always beside a table that says the same: the map shows where, the table how many.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from levier.foundation.common.areas.names import area_name

DRAWINGS = Path(__file__).with_name("drawings.json")
MOST_SHADES = 4
MARGIN = 8


@dataclass(frozen=True, kw_only=True)
class Shade:
    """The areas that have from `low` to `high`, both included; 1 is the lightest."""

    n: int
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The outline of an area, and its shade: 0 for nothing to show."""

    code: str
    name: str
    outline: str
    shade: int


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What a template needs to draw a country."""

    view_box: str
    frames: Sequence[Sequence[int]]  # around what is drawn apart: left, top, width, height
    shapes: Sequence[Shape]
    shades: Sequence[Shade]
    hidden: bool


@cache
def drawings() -> dict[str, Any]:
    """The outlines as they are shipped (docs/decisions/71)."""
    read: dict[str, Any] = json.loads(DRAWINGS.read_text(encoding="utf-8"))
    return read


def shades_of(values: Iterable[float]) -> list[Shade]:
    """At most four shades, each with about as many areas; areas that have as much share one."""
    found = sorted(value for value in values if value > 0)
    shades: list[Shade] = []
    for n in range(MOST_SHADES):
        part = found[len(found) * n // MOST_SHADES : len(found) * (n + 1) // MOST_SHADES]
        above = [value for value in part if not shades or value > shades[-1].high]
        if above:
            shades.append(Shade(n=len(shades) + 1, low=above[0], high=above[-1]))
    return shades


def shade_of(value: float, shades: Sequence[Shade]) -> int:
    """The number of the shade a value is in; 0 for nothing."""
    if value <= 0:
        return 0
    return next((shade.n for shade in shades if value <= shade.high), 0)


def drawing_of(
    country: str, values: Mapping[str, float], *, hidden: bool = False
) -> Drawing | None:
    """The areas of a country shaded by their value; None for a country without a drawing.
    `hidden`: an area without a value is not said to have none, but few."""
    if country not in drawings():
        return None
    drawn = drawings()[country]
    width, height = drawn["box"]
    shades = shades_of(values.values())
    return Drawing(
        view_box=f"{-MARGIN} {-MARGIN} {width + 2 * MARGIN} {height + 2 * MARGIN}",
        frames=drawn["frames"],
        shapes=[
            Shape(
                code=code,
                name=area_name(code),
                outline=outline,
                shade=shade_of(values.get(code, 0), shades),
            )
            for code, outline in drawn["paths"].items()
        ],
        shades=shades,
        hidden=hidden,
    )
