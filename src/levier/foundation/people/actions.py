"""What is written about a person: gestures, agreements, refusals, erasure."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.enums import ActivityKind, SuppressionReason
from levier.foundation.people.models import (
    Activity,
    Consent,
    ConsentState,
    ContactPoint,
    Person,
    Suppression,
)
from levier.foundation.people.rules import suppression_hmac

# A stricter or later word on the same person, channel and purpose is never undone by an
# earlier one that commits after it (J1: the latest statement wins).
_KEEP_LATEST = """
INSERT INTO levier_consentstate (person_id, channel, purpose, given, at)
SELECT person_id, channel, purpose, given, at
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::boolean[], %s::timestamptz[])
     AS said (person_id, channel, purpose, given, at)
ORDER BY person_id, channel, purpose
ON CONFLICT (person_id, channel, purpose)
DO UPDATE SET given = excluded.given, at = excluded.at WHERE levier_consentstate.at <= excluded.at
"""
_RECORD = """
INSERT INTO levier_activity (organisation_id, person_id, kind, subject, data, at)
SELECT %s, person_id, %s, subject, data, %s
FROM unnest(%s::bigint[], %s::text[], %s::jsonb[]) AS told (person_id, subject, data)
"""

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


def record_activity(
    *,
    organisation_id: int,
    person_id: int | None,
    kind: str,
    subject: str,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """Tell, in the caller's transaction, what happened. `subject` is such as "signature:12"."""
    record_activities(
        organisation_id=organisation_id,
        kind=kind,
        at=at,
        rows=[(person_id, subject, data)],
    )


def record_activities(
    *,
    organisation_id: int,
    kind: str,
    at: datetime,
    rows: Iterable[tuple[int | None, str, dict[str, Any] | None]],
) -> None:
    """The same for many people in one statement. Rows are (person id, subject, data)."""
    told = list(rows)
    people = [person for person, _, _ in told]
    subjects = [subject for _, subject, _ in told]
    data = [
        None if extra is None else orjson.dumps(extra).decode() for _, _, extra in told
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [organisation_id, kind, at, people, subjects, data])


@transaction.atomic
def give_consent(
    *,
    person: Person,
    channel: str,
    purpose: str,
    wording: str,
    source: str,
    now: datetime,
) -> Consent:
    """Write down an agreement in its exact words. `source` is such as "signature:8686", "moi"."""
    return _state(person, channel, purpose, True, wording, source, now)


@transaction.atomic
def withdraw_consent(
    *,
    person: Person,
    channel: str,
    purpose: str,
    wording: str,
    source: str,
    now: datetime,
) -> Consent:
    """Write down the end of an agreement. Other channels and purposes are left alone (J29)."""
    return _state(person, channel, purpose, False, wording, source, now)


@transaction.atomic
def withdraw_every_consent(*, person: Person, source: str, now: datetime) -> int:
    """End every agreement in force, whatever its channel and purpose. Returns how many."""
    given = ConsentState.objects.filter(person=person, given=True)
    states = list(given.select_for_update().order_by("channel", "purpose"))
    for state in states:
        _state(
            person, state.channel, state.purpose, False, _("Tout arrêter"), source, now
        )
    return len(states)


def _state(
    person: Person,
    channel: str,
    purpose: str,
    given: bool,
    wording: str,
    source: str,
    now: datetime,
) -> Consent:
    said = Consent.objects.create(
        person=person,
        channel=channel,
        purpose=purpose,
        given=given,
        wording=wording,
        source=source,
        at=now,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_LATEST, [[person.pk], [channel], [purpose], [given], [now]]
        )
    record_activity(
        organisation_id=person.organisation_id,
        person_id=person.pk,
        kind=ActivityKind.CONSENT_CHANGED,
        subject=f"consent:{said.pk}",
        at=now,
        data={"channel": channel, "purpose": purpose, "given": given},
    )
    return said


def suppress(
    *,
    organisation: Organisation,
    channel: str,
    canonical: str,
    reason: str,
    scope: str = "",
    now: datetime,
) -> None:
    """Never write there again: at all, or about what `scope` names. The same twice as once."""
    Suppression.objects.bulk_create(
        [
            Suppression(
                organisation=organisation,
                channel=channel,
                canonical_hmac=suppression_hmac(organisation.pk, channel, canonical),
                reason=reason,
                scope=scope,
                at=now,
            )
        ],
        ignore_conflicts=True,
    )


def lift_unsubscription(
    *, organisation: Organisation, channel: str, canonical: str
) -> None:
    """A new agreement, given from the mailbox itself, ends an earlier « plus rien » (J3)."""
    Suppression.objects.filter(
        organisation=organisation,
        channel=channel,
        canonical_hmac=suppression_hmac(organisation.pk, channel, canonical),
        reason__in=[SuppressionReason.UNSUBSCRIBED, SuppressionReason.ERASED],
        scope="",
    ).delete()


@transaction.atomic
def erase(*, person: Person, now: datetime) -> None:
    """Forget a person, in their organisation only; the hash that keeps us from writing to the
    address again is all that stays (P64). A bare row keeps the place of what stood on it.

    Addresses take their deliveries with them, waiting or done. Once is the same as twice.
    """
    kept = (
        Person.objects.select_for_update()
        .select_related("organisation")
        .get(pk=person.pk)
    )
    if kept.erased_at is not None:
        return
    points = ContactPoint.objects.filter(person=kept)
    for point in points:
        suppress(
            organisation=kept.organisation,
            channel=point.channel,
            canonical=point.canonical,
            reason=SuppressionReason.ERASED,
            now=now,
        )
    points.delete()
    Consent.objects.filter(person=kept).delete()
    ConsentState.objects.filter(person=kept).delete()
    Activity.objects.filter(person=kept).delete()
    Person.objects.filter(pk=kept.pk).update(
        **_NOTHING_LEFT, uuid=uuid.uuid4(), erased_at=now
    )
    record_activity(
        organisation_id=kept.organisation_id,
        person_id=kept.pk,
        kind=ActivityKind.ERASED,
        subject=f"person:{kept.pk}",
        at=now,
    )
