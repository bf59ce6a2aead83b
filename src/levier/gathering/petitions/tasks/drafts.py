"""Drafts of `/lancer/` that nobody came back to."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.gathering.petitions.actions.launching import AT_ONCE, erase_old_drafts


@app.periodic(cron="10 4 * * *")
@app.task(name="petitions.erase_old_drafts", queueing_lock="petitions.erase_old_drafts")
def erase_drafts(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night: what was typed a month ago and left there is erased."""
    while erase_old_drafts(now=timezone.now()) == AT_ONCE:
        continue
