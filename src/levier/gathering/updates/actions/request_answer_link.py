from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from levier.foundation.people.enums import Channel
from levier.foundation.people.queries.addresses import known_addresses
from levier.foundation.people.rules import canonical_email
from levier.gathering.signing.actions.request_my_link import may_be_written_to
from levier.gathering.updates.mails import responders
from levier.gathering.updates.queries.published import published_by_id
from levier.gathering.updates.rules.answering import seal_asked_link, standing_signature

SEND = "updates.send_answer_link"


def queue_answer_link(*, update: int, email: str, now: datetime) -> None:
    """Let the worker look for the mailbox: looking here would tell a stranger, by a clock, who
    signed. The job carries the address sealed."""
    app.configure_task(SEND).defer(asked=seal_asked_link(update, email, now=now))


@transaction.atomic
def request_answer_link(*, update: int, email: str, now: datetime) -> None:
    """Send the personal link of an update to a mailbox that signed its petition. Any other gets
    nothing, and whoever asked is told nothing in any case."""
    ask = published_by_id(update)
    if ask is None:
        return
    organisation = ask.update.petition.campaign.organisation_id
    points = known_addresses(channel=Channel.EMAIL, canonical=canonical_email(email))
    points = points.filter(organisation=organisation)
    point = points.select_for_update(of=("self",), no_key=True).first()
    if point is None:
        return
    signature = standing_signature(ask.update.petition_id, point.person)
    if signature is not None and may_be_written_to(point, now=now):
        responders.answer_link(ask=ask, signature=signature, mailbox=point, now=now)
