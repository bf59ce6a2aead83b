"""Curves are drawn outside this process and say what they show."""

import sys
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from levier.foundation.common.charts import cumulative_curve, hourly_bars

FIRST = date(2026, 3, 2)


def points(days: int) -> list[tuple[date, int]]:
    return [(FIRST + timedelta(days=n), n * n) for n in range(days)]


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def test_a_curve_comes_wide_and_narrow_with_classes_for_the_style_sheet() -> None:
    curve = cumulative_curve(points(40), goals=[1_000, 2_000], said="De 0 à <1 521>")
    assert curve is not None
    assert curve.wide.startswith('<svg class="chart__wide" viewBox="0 0 ')
    assert curve.narrow.startswith('<svg class="chart__narrow" viewBox="0 0 ')
    for svg in (curve.wide, curve.narrow):
        assert 'role="img" aria-label="De 0 à &lt;1 521&gt;"' in svg
        for name in ("mark-area", "mark-line", "mark-rule", "mark-symbol", "role-axis"):
            assert name in svg
        assert "1\u202f521" in svg
        assert "2\u202f000" in svg
        assert "mars" in svg
        assert "Mar " not in svg
        assert 'fill="white"' not in svg
        assert " style=" not in svg  # the content policy forbids it


def test_the_engine_stays_out_of_this_process() -> None:
    others = set(sys.modules)  # the demonstration's drawing is made in this one
    assert cumulative_curve(points(3), goals=[10], said="Trois jours") is not None
    assert not {"altair", "vl_convert"} & (set(sys.modules) - others)


@pytest.mark.parametrize("days", [0, 1])
def test_one_day_is_not_a_curve(days: int) -> None:
    assert cumulative_curve(points(days), goals=[], said="") is None


def test_the_same_figures_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = cumulative_curve(points(5), goals=[], said="a")
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert cumulative_curve(points(5), goals=[], said="a") == first
    assert cumulative_curve(points(6), goals=[], said="a") is None


def test_bars_tell_hours_and_whole_numbers() -> None:
    first = datetime(2026, 9, 16, 9, tzinfo=ZoneInfo("Europe/Paris"))
    bars = hourly_bars([(first, 2_400), (first + timedelta(hours=2), 3)], said="Réponses")
    assert bars is not None
    for svg in (bars.wide, bars.narrow):
        assert 'role="img" aria-label="Réponses"' in svg
        assert "mark-rect" in svg
        assert "9 h" in svg
        assert "2\u202f400" in svg or "2\u00a0400" in svg
        assert " style=" not in svg
    assert hourly_bars([], said="") is None
