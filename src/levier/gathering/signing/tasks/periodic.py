"""What comes back by the clock. Each is safe to run twice."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.people.actions.addresses import forget_proposed_addresses
from levier.gathering.signing.actions.anonymise_due import anonymise_due
from levier.gathering.signing.actions.purge_guard import purge_guard
from levier.gathering.signing.actions.raise_alerts import alarm_discrepancies, raise_alerts
from levier.gathering.signing.actions.reconcile_paper import reconcile_all_paper
from levier.gathering.signing.actions.tell_alerts import tell_alerts
from levier.gathering.signing.rules.links import NEW_ADDRESS_AGE
from levier.gathering.signing.tasks.remind import PAGE, remind

log = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(name="signing.remind_unconfirmed", queueing_lock="signing.remind_unconfirmed")
def remind_unconfirmed(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """A page at a time, until nobody is left to remind."""
    while remind(now=timezone.now()) == PAGE:
        continue


@app.periodic(cron="20 3 * * *")
@app.task(name="signing.check_tallies", queueing_lock="signing.check_tallies")
def check_tallies(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night: a tally that disagrees with its rows is an alarm (P41), at the desk at once and
    in the morning's mail."""
    for found in alarm_discrepancies(now=timezone.now()):
        log.error("petition %d: tally %s, rows %s", found.petition, found.told, found.true)


@app.periodic(cron="*/15 * * * *")
@app.task(name="signing.raise_alerts", queueing_lock="signing.raise_alerts")
def look_for_oddities(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every quarter of an hour: what looks unusual in the last day."""
    raise_alerts(now=timezone.now())


@app.periodic(cron="30 5 * * *")
@app.task(name="signing.tell_alerts", queueing_lock="signing.tell_alerts")
def tell_team(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every morning (UTC): one mail for all that is new."""
    tell_alerts(now=timezone.now())


@app.periodic(cron="40 2 * * *")
@app.task(name="signing.anonymise_due", queueing_lock="signing.anonymise_due")
def anonymise(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night: names leave the petitions closed long enough ago (P63)."""
    while anonymise_due(now=timezone.now()):
        continue


@app.periodic(cron="50 * * * *")
@app.task(name="signing.forget_addresses", queueing_lock="signing.forget_addresses")
def forget_addresses(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every hour: addresses whose mailbox did not answer in time are nobody's."""
    forget_proposed_addresses(before=timezone.now() - NEW_ADDRESS_AGE)


@app.periodic(cron="*/10 * * * *")
@app.task(name="signing.reconcile_paper", queueing_lock="signing.reconcile_paper")
def reconcile_paper(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every ten minutes: whoever signed on paper and online since counts once (P55)."""
    reconcile_all_paper(now=timezone.now())


@app.periodic(cron="40 * * * *")
@app.task(name="signing.purge_guard", queueing_lock="signing.purge_guard")
def forget_visits(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every hour: counts of a day ago protect nobody and concern somebody."""
    purge_guard(now=timezone.now())
