"""Links that were asked for, events of tomorrow, and what must be forgotten."""

from django.utils import timezone
from procrastinate.contrib.django import app

from levier.foundation.common.tokens import BadToken
from levier.gathering.updates.actions.forget_answers import forget_erased
from levier.gathering.updates.actions.forget_contacts import forget_contacts
from levier.gathering.updates.actions.remind_events import remind_events
from levier.gathering.updates.actions.request_answer_link import SEND, request_answer_link
from levier.gathering.updates.rules.answering import asked_link_in


@app.task(name=SEND)
def send_answer_link(*, asked: str) -> None:
    """To the mailbox, if it signed. A job left for a day is asked for again by who still wants
    it."""
    now = timezone.now()
    try:
        update, email = asked_link_in(asked, now=now)
    except BadToken:
        return
    request_answer_link(update=update, email=email, now=now)


@app.periodic(cron="*/10 * * * *")
@app.task(name="updates.remind_events", queueing_lock="updates.remind_events")
def remind_of_events(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every ten minutes; each person once for each date."""
    remind_events(now=timezone.now())


@app.periodic(cron="35 2 * * *")
@app.task(name="updates.forget_contacts", queueing_lock="updates.forget_contacts")
def forget_proposed_contacts(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every night: third persons whom nobody called in ninety days (U49)."""
    forget_contacts(now=timezone.now())


@app.periodic(cron="5-59/10 * * * *")
@app.task(name="updates.forget_erased", queueing_lock="updates.forget_erased")
def forget_erased_people(timestamp: int) -> None:  # noqa: ARG001 - given by the clock
    """Every ten minutes: what erased people had answered."""
    while forget_erased(now=timezone.now()):
        continue
