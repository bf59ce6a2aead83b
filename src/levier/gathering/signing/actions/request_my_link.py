from datetime import datetime, timedelta

from django.db import transaction

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind, Channel
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.queries.addresses import known_addresses
from levier.foundation.people.rules import canonical_email
from levier.gathering.signing import mails

# Whoever types somebody's address again and again does not fill that mailbox.
APART = timedelta(minutes=5)
PER_DAY = 6


@transaction.atomic
def request_my_link(*, email: str, now: datetime) -> None:
    """Send its personal link to the mailbox, one per organisation that knows it (P29).

    An unknown mailbox gets nothing, and the caller is told nothing in any case.
    """
    points = known_addresses(channel=Channel.EMAIL, canonical=canonical_email(email))
    for point in points.select_for_update(of=("self",), no_key=True).order_by("pk"):
        if may_be_written_to(point, now=now):
            mails.my_link(contact_point=point, now=now)


def may_be_written_to(point: ContactPoint, *, now: datetime) -> bool:
    """Whether a link asked for by anybody may leave now for a mailbox, which the caller has
    locked; if so, it is remembered."""
    subject = f"contact:{point.pk}"
    asked = Activity.objects.filter(
        person=point.person_id,
        kind=ActivityKind.LINK_ASKED,
        subject=subject,
        at__gt=now - timedelta(days=1),
    )
    times = list(asked.values_list("at", flat=True))
    if len(times) >= PER_DAY or any(at > now - APART for at in times):
        return False
    record_activity(
        organisation_id=point.organisation_id,
        person_id=point.person_id,
        kind=ActivityKind.LINK_ASKED,
        subject=subject,
        at=now,
    )
    return True
