"""What organisations' contacts left here, by the clock."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.gathering.signing.actions.organisation_signatures import forget_organisations


@app.periodic(cron="45 2 * * *")
@app.task(name="signing.forget_organisations", queueing_lock="signing.forget_organisations")
def forget(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night; safe to run twice."""
    forget_organisations(now=timezone.now())
