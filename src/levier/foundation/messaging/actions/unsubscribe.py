from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.consents import withdraw_consent
from levier.foundation.people.enums import ActivityKind, Channel, Purpose
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import Person

SOURCE = "desabonnement"


@transaction.atomic
def unsubscribe(*, person: int, purpose: str, now: datetime) -> bool:
    """End the agreement to one purpose by e-mail; others stay (J29).

    Twice is the same as once, and an erased or unknown person is already out of every list:
    returns whether anything changed.
    """
    mine = Person.objects.filter(Q(pk=person) | Q(pk__in=_merged_into(person)))
    locking = mine.select_for_update().filter(erased_at=None, merged_into=None)
    found = locking.first()
    if found is None:
        return False
    standing = ConsentState.objects.filter(
        person=found, channel=Channel.EMAIL, purpose=purpose
    ).first()
    if standing is not None and not standing.given:
        return False
    withdraw_consent(
        person=found,
        channel=Channel.EMAIL,
        purpose=purpose,
        wording=_("Ne plus recevoir « {what} » par courriel").format(what=Purpose(purpose).label),
        source=SOURCE,
        now=now,
    )
    record_activity(
        organisation_id=found.organisation_id,
        person_id=found.pk,
        kind=ActivityKind.UNSUBSCRIBED,
        subject=f"person:{found.pk}",
        at=now,
        data={"channel": Channel.EMAIL, "purpose": purpose},
    )
    return True


def _merged_into(person: int) -> QuerySet[Person, int | None]:
    """The card that this one was merged into: a link sent before stops what is sent since."""
    return Person.objects.filter(pk=person).values_list("merged_into", flat=True)
