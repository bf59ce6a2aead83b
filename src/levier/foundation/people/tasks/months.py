"""The table of activities is ready for the months that come."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.people.actions.activities import prepare_activity_months


@app.periodic(cron="7 * * * *")
@app.task(name="people.prepare_activity_months", queueing_lock="people.prepare_activity_months")
def prepare_months(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Hourly: nothing to do but once a month."""
    prepare_activity_months(now=timezone.now())
