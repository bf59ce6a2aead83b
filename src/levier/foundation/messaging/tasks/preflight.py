"""The check of sender domains: when somebody asks, and every night for those that write in
number."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.actions.preflight import run_preflight
from levier.foundation.messaging.channels.dns import Resolver
from levier.foundation.messaging.models.preflight import Preflight


@app.task(name="messaging.preflight")
def preflight(organisation: int) -> None:
    """Look at one sender."""
    found = Organisation.objects.filter(pk=organisation).first()
    if found is not None:
        run_preflight(organisation=found, dns=Resolver(), now=timezone.now())


@app.periodic(cron="10 4 * * *")
@app.task(name="messaging.preflight_all", queueing_lock="messaging.preflight_all")
def preflight_all(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Look again at every sender that was looked at once: a DNS changes without telling us."""
    for row in Preflight.objects.select_related("organisation").order_by("organisation"):
        run_preflight(organisation=row.organisation, dns=Resolver(), now=timezone.now())
