from datetime import datetime, timedelta

from django.db import transaction

from levier.foundation.messaging.actions.withhold import withhold
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.addresses import propose_address
from levier.foundation.people.enums import ActivityKind, Channel
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.queries.addresses import known_addresses
from levier.foundation.people.rules import canonical_email
from levier.gathering.signing import mails
from levier.gathering.signing.actions.request_my_link import may_be_written_to
from levier.gathering.signing.errors import TooManyChanges

PER_DAY = 5


@transaction.atomic
def request_new_address(*, contact_point: ContactPoint, email: str, now: datetime) -> ContactPoint:
    """Ask a new mailbox for its word before it replaces the old one, which is told (P31). A new
    request replaces the one before.

    An address that somebody of the organisation already has gets a mail that says so, and the
    asker sees and receives the same as for any other. Raises TooManyChanges.
    """
    proposed = propose_address(person=contact_point.person, typed=email, now=now)
    _count(contact_point, now)
    mails.address_asked(old=contact_point, new=proposed, now=now)
    holders = known_addresses(channel=Channel.EMAIL, canonical=canonical_email(email))
    holder = holders.filter(organisation=contact_point.organisation).first()
    if holder is None:
        mails.address_to_confirm(old=contact_point, new=proposed, now=now)
    elif may_be_written_to(holder, now=now):
        mails.address_taken(holder=holder, now=now)
    # Asked for from another mailbox: one that wants nothing more is told nothing.
    sources = [f"contact:{there.pk}:new_address" for there in (proposed, holder) if there]
    withhold(deliveries=Delivery.objects.filter(source__in=sources), now=now)
    return proposed


def _count(contact_point: ContactPoint, now: datetime) -> None:
    """The proposal has locked the person: two at once are counted one after the other."""
    asked = Activity.objects.filter(
        person=contact_point.person_id,
        kind=ActivityKind.ADDRESS_ASKED,
        at__gt=now - timedelta(days=1),
    )
    if asked.count() >= PER_DAY:
        raise TooManyChanges
    record_activity(
        organisation_id=contact_point.organisation_id,
        person_id=contact_point.person_id,
        kind=ActivityKind.ADDRESS_ASKED,
        subject=f"contact:{contact_point.pk}",
        at=now,
    )
