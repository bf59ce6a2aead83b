"""Curves drawn on the server, as SVG that the style sheet colours in both schemes."""

import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from django.core.cache import cache
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from levier.foundation.common.typography import number

WIDE, NARROW = (520, 250), (270, 210)
SECONDS = 20
KEPT = 60 * 60
log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The same curve for a wide and a narrow column; one of them is hidden by the style sheet."""

    wide: SafeString
    narrow: SafeString


def cumulative_curve(
    points: Sequence[tuple[date, int]], *, goals: Sequence[int], said: str
) -> Curve | None:
    """The curve through (day, total) points, with dotted goals. `said` is its text alternative.

    Drawn by a short process (Vega's engine is heavy) and kept an hour for the same figures.
    None for fewer than two points, or when drawing fails: the table under it says the same.
    """
    if len(points) < 2:
        return None
    return _chart([_order(points, goals, size) for size in (WIDE, NARROW)], said)


def hourly_bars(points: Sequence[tuple[datetime, int]], *, said: str) -> Curve | None:
    """One bar for each (hour, how many), in the current time zone. The same otherwise."""
    if not points:
        return None
    bars = [[timezone.localtime(at).strftime("%Y-%m-%dT%H:00"), n] for at, n in points]
    sizes = ((width, height // 2) for width, height in (WIDE, NARROW))
    orders = [{"bars": bars, "width": width, "height": height} for width, height in sizes]
    return _chart(list(orders), said)


def _chart(asked: list[dict[str, object]], said: str) -> Curve | None:
    orders = json.dumps(asked)
    key = f"curve:{hashlib.sha256(orders.encode()).hexdigest()}"
    drawn: list[str] | None = cache.get(key)
    if drawn is None:
        drawn = _drawn(orders)
        if drawn is None:
            return None
        cache.set(key, drawn, KEPT)
    wide, narrow = drawn
    return Curve(
        wide=_dressed(wide, "chart__wide", said), narrow=_dressed(narrow, "chart__narrow", said)
    )


def _order(
    points: Sequence[tuple[date, int]], goals: Sequence[int], size: tuple[int, int]
) -> dict[str, object]:
    return {
        "points": [[day.isoformat(), total] for day, total in points],
        "goals": [[goal, number(goal)] for goal in goals],
        "label": number(points[-1][1]),
        "width": size[0],
        "height": size[1],
    }


def _drawn(orders: str) -> list[str] | None:
    command = [sys.executable, "-m", "levier.foundation.common.chart_drawing"]
    try:
        done = subprocess.run(
            command, input=orders, capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        log.warning("curve_not_drawn", error=str(error), said=str(error.stderr)[-300:])
        return None
    except OSError as error:
        log.warning("curve_not_drawn", error=str(error))
        return None
    found: list[str] = json.loads(done.stdout)
    return found


def _dressed(svg: str, name: str, said: str) -> SafeString:
    """An image with one name, without the background rectangle and Vega's own ARIA words."""
    inner = re.sub(r'\s(aria-[a-z]+|role|tabindex)="[^"]*"', "", svg.partition(">")[2])
    box = re.search(r'viewBox="([^"]+)"', svg)
    view = box.group(1) if box else "0 0 0 0"
    head = f'<svg class="{name}" viewBox="{view}" role="img" aria-label="{escape(said)}">'
    return mark_safe(head + inner)  # noqa: S308 - Vega wrote it, from numbers and dates
