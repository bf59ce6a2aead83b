"""Who resembles whom, every night and when the team asks."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.resemblances import FIND, find_resemblances


@app.task(name=FIND)
def find(*, organisation: int) -> None:
    """One organisation's people. Run twice, it finds the same."""
    find_resemblances(organisation_id=organisation, now=timezone.now())


@app.periodic(cron="10 4 * * *")
@app.task(name="people.find_all_resemblances", queueing_lock="people.find_all_resemblances")
def find_everywhere(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night (UTC), one organisation after the other."""
    for pk in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        find_resemblances(organisation_id=pk, now=timezone.now())
