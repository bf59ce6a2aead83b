"""Forget people, and leave what must stay."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Func, Q

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.addresses import blank_addresses
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import (
    NOT_THEIRS,
    ActivityKind,
    SuppressionReason,
)
from levier.foundation.people.models.activity import Activity
from levier.foundation.people.models.consent import Consent, ConsentState
from levier.foundation.people.models.merge import Merge
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.models.resemblance import Resemblance
from levier.foundation.people.models.search import SearchEntry, SearchWords
from levier.foundation.people.models.tag import PersonTag

_NOTHING_LEFT = dict.fromkeys(
    (
        "first_name",
        "last_name",
        "honorific",
        "postcode",
        "country",
        "language",
        "time_zone",
    ),
    "",
)


@transaction.atomic
def erase(*, person: Person, now: datetime) -> None:
    """Forget a person, in their organisation only; the hash that keeps us from writing to the
    address again is all that stays (P64). Twice is the same as once.

    What stands above and names the person is forgotten by whoever calls this.
    """
    locking = Person.objects.select_for_update(of=("self",), no_key=True)
    kept = locking.select_related("organisation").get(pk=person.pk)
    if kept.erased_at is not None:
        return
    for point in ContactPoint.objects.filter(person=kept).exclude(state__in=NOT_THEIRS):
        suppress(
            organisation=kept.organisation,
            channel=point.channel,
            canonical=point.canonical,
            reason=SuppressionReason.ERASED,
            now=now,
        )
    forget_people(person_ids=[kept.pk], now=now)
    record_activity(
        organisation_id=kept.organisation_id,
        person_id=kept.pk,
        kind=ActivityKind.ERASED,
        subject=f"person:{kept.pk}",
        at=now,
    )


@transaction.atomic
def forget_people(*, person_ids: Sequence[int], now: datetime) -> None:
    """Leave nothing of these people, nor of the cards that were merged into theirs. Bare rows
    keep the place of each person and address: deleting them would make PostgreSQL read every
    signature, while people sign."""
    everyone = [*person_ids, *_merged_into(person_ids)]
    blank_addresses(ContactPoint.objects.filter(person__in=everyone))
    for model in (Consent, ConsentState, Activity, PersonTag, Note, SearchEntry, SearchWords):
        model._default_manager.filter(person__in=everyone).delete()
    Resemblance.objects.filter(Q(first__in=everyone) | Q(second__in=everyone)).delete()
    Merge.objects.filter(Q(kept__in=everyone) | Q(merged__in=everyone)).delete()
    Person.objects.filter(pk__in=everyone).update(
        **_NOTHING_LEFT, uuid=Func(function="gen_random_uuid"), erased_at=now
    )


def _merged_into(person_ids: Sequence[int]) -> list[int]:
    merged = Person.objects.filter(merged_into__in=person_ids)
    return list(merged.values_list("pk", flat=True))
