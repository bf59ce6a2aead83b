"""« Tout arrêter », and coming back."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.consents import withdraw_every_consent
from levier.foundation.people.actions.suppressions import lift_unsubscription, suppress
from levier.foundation.people.enums import NOT_THEIRS, SuppressionReason
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.queries.agreements import stopped_on


@transaction.atomic
def stop_everything(*, person: Person, source: str, now: datetime) -> bool:
    """End every agreement, and refuse at each address and number of the person's whatever they do
    not ask for themselves (docs/decisions/73): no file and no form makes us write there again (J3).
    Twice is once: returns whether anything changed."""
    was_stopped = stopped_on(person) is not None
    organisation = Organisation.objects.get(pk=person.organisation_id)
    for point in _points(person):
        suppress(
            organisation=organisation,
            channel=point.channel,
            canonical=point.canonical,
            reason=SuppressionReason.UNSUBSCRIBED,
            now=now,
        )
    ended = withdraw_every_consent(person=person, source=source, now=now)
    return bool(ended) or not was_stopped


@transaction.atomic
def come_back(*, person: Person, channel: str) -> None:
    """The person agrees to something anew, from their own mailbox: what they are reached by on that
    channel refuses us no more (J3). Call it with the new agreement, in its transaction."""
    organisation = Organisation.objects.get(pk=person.organisation_id)
    for point in _points(person).filter(channel=channel):
        lift_unsubscription(organisation=organisation, channel=channel, canonical=point.canonical)


def _points(person: Person) -> QuerySet[ContactPoint]:
    own = ContactPoint.objects.filter(person=person).exclude(state__in=NOT_THEIRS)
    return own.exclude(typed="").order_by("pk")
