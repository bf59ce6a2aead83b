"""« Tout arrêter », and coming back."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.actions.consents import withdraw_consent, withdraw_every_consent
from levier.foundation.people.actions.suppressions import lift_unsubscription, suppress
from levier.foundation.people.enums import NOT_THEIRS, SuppressionReason
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.rules import stopped_channels

Key = tuple[str, str, str]  # channel, purpose, scope


@transaction.atomic
def stop_everything(*, person: Person, source: str, now: datetime) -> bool:
    """End every agreement, and refuse at each address and number of the person's whatever they do
    not ask for themselves (docs/decisions/73): no file and no form makes us write there again (J3).
    Twice is once: returns whether anything changed."""
    was_stopped = bool(stopped_channels(person))
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
def come_back(
    *, person: Person, channel: str, to: Collection[Key], source: str, now: datetime
) -> None:
    """The person agrees to something anew, from their own mailbox: what they are reached by on that
    channel refuses us no more (J3). They come back `to` that alone: a box ticked meanwhile on some
    form, by whoever typed the address, is not taken for it. Call it once the new agreement is
    written, in its transaction."""
    for state in ConsentState.objects.filter(person=person, channel=channel, given=True):
        if (state.channel, state.purpose, state.scope) not in to:
            withdraw_consent(
                person=person,
                channel=channel,
                purpose=state.purpose,
                scope=state.scope,
                wording=_("Tout arrêter"),
                source=source,
                now=now,
            )
    organisation = Organisation.objects.get(pk=person.organisation_id)
    for point in _points(person).filter(channel=channel):
        lift_unsubscription(organisation=organisation, channel=channel, canonical=point.canonical)


def _points(person: Person) -> QuerySet[ContactPoint]:
    own = ContactPoint.objects.filter(person=person).exclude(state__in=NOT_THEIRS)
    return own.exclude(typed="").order_by("pk")
