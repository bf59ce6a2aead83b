"""What the team hears of by mail, by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.gathering.petitions.actions.telling_team import (
    AT_ONCE,
    tell_closing_soon,
    tell_goals_reached,
)


@app.periodic(cron="*/10 * * * *")
@app.task(name="petitions.tell_goals_reached", queueing_lock="petitions.tell_goals_reached")
def tell_goals(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every ten minutes: thresholds crossed, once each."""
    while tell_goals_reached(now=timezone.now()) == AT_ONCE:
        continue


@app.periodic(cron="0 6 * * *")
@app.task(name="petitions.tell_closing_soon", queueing_lock="petitions.tell_closing_soon")
def tell_closing(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every morning (UTC): petitions that close within three days."""
    tell_closing_soon(now=timezone.now())
