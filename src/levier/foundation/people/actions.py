"""What is written about a person: gestures, agreements, refusals, erasure."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import CharField, Func, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _
from psycopg.sql import SQL, Identifier

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.enums import (
    NOT_THEIRS,
    ActivityKind,
    Channel,
    ContactState,
    SuppressionReason,
)
from levier.foundation.people.models import (
    Activity,
    Consent,
    ConsentState,
    ContactPoint,
    Person,
    Suppression,
)
from levier.foundation.people.rules import canonical_email, suppression_hmac

# A stricter or later word on the same person, channel and purpose is never undone by an
# earlier one that commits after it (J1: the latest statement wins).
_KEEP_LATEST = """
INSERT INTO levier_consentstate (person_id, channel, purpose, given, at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (person_id, channel, purpose)
DO UPDATE SET given = excluded.given, at = excluded.at WHERE levier_consentstate.at <= excluded.at
"""
_RECORD = """
INSERT INTO levier_activity (organisation_id, person_id, kind, subject, data, at)
SELECT %s, person_id, %s, subject, data, %s
FROM unnest(%s::bigint[], %s::text[], %s::jsonb[]) AS told (person_id, subject, data)
"""
_NEEDED = """
SELECT to_regclass(%s) IS NULL AND NOT EXISTS (
    SELECT FROM levier_activity_other WHERE at >= %s AND at < %s
)
"""
MONTHS_AHEAD = 2

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
    data = [None if extra is None else orjson.dumps(extra).decode() for _, _, extra in told]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [organisation_id, kind, at, people, subjects, data])


@transaction.atomic
def give_consent(
    *, person: Person, channel: str, purpose: str, wording: str, source: str, now: datetime
) -> Consent:
    """Write down an agreement in its exact words. `source` is such as "signature:8686", "moi"."""
    said = Consent(person=person, channel=channel, purpose=purpose, given=True)
    said.wording, said.source, said.at = wording, source, now
    return _state(said)


@transaction.atomic
def withdraw_consent(
    *, person: Person, channel: str, purpose: str, wording: str, source: str, now: datetime
) -> Consent:
    """Write down the end of an agreement. Other channels and purposes are left alone (J29)."""
    said = Consent(person=person, channel=channel, purpose=purpose, given=False)
    said.wording, said.source, said.at = wording, source, now
    return _state(said)


@transaction.atomic
def withdraw_every_consent(*, person: Person, source: str, now: datetime) -> int:
    """End every agreement in force, whatever its channel and purpose. Returns how many."""
    given = ConsentState.objects.filter(person=person, given=True)
    states = list(given.select_for_update().order_by("channel", "purpose"))
    for state in states:
        withdraw_consent(
            person=person,
            channel=state.channel,
            purpose=state.purpose,
            wording=_("Tout arrêter"),
            source=source,
            now=now,
        )
    return len(states)


def _state(said: Consent) -> Consent:
    said.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP_LATEST, [said.person_id, said.channel, said.purpose, said.given, said.at]
        )
    record_activity(
        organisation_id=said.person.organisation_id,
        person_id=said.person_id,
        kind=ActivityKind.CONSENT_CHANGED,
        subject=f"consent:{said.pk}",
        at=said.at,
        data={"channel": said.channel, "purpose": said.purpose, "given": said.given},
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


def carry_refusals(*, old: ContactPoint, canonical: str) -> None:
    """Whoever refused mail at one address refuses it at the one that takes its place; that a
    mailbox is dead says nothing of another one."""
    refused = Suppression.objects.filter(
        organisation=old.organisation_id,
        channel=old.channel,
        canonical_hmac=suppression_hmac(old.organisation_id, old.channel, old.canonical),
    ).exclude(reason=SuppressionReason.HARD_BOUNCE)
    hashed = suppression_hmac(old.organisation_id, old.channel, canonical)
    carried = list(refused)
    for row in carried:
        row.pk, row.canonical_hmac = None, hashed
    Suppression.objects.bulk_create(carried, ignore_conflicts=True)


def lift_unsubscription(*, organisation: Organisation, channel: str, canonical: str) -> None:
    """A new agreement, given from the mailbox itself, ends an earlier « plus rien » (J3)."""
    Suppression.objects.filter(
        organisation=organisation,
        channel=channel,
        canonical_hmac=suppression_hmac(organisation.pk, channel, canonical),
        reason__in=[SuppressionReason.UNSUBSCRIBED, SuppressionReason.ERASED],
        scope="",
    ).delete()


def lift_disowning(*, organisation: Organisation, canonical: str, scope: str) -> None:
    """The mailbox itself says « c’est moi » where it had said « ce n’était pas moi »."""
    Suppression.objects.filter(
        organisation=organisation,
        channel=Channel.EMAIL,
        canonical_hmac=suppression_hmac(organisation.pk, Channel.EMAIL, canonical),
        reason=SuppressionReason.NOT_ME,
        scope=scope,
    ).delete()


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
    """Leave nothing of these people. Bare rows keep the place of each person and address:
    deleting them would make PostgreSQL read every signature, while people sign."""
    _blank(ContactPoint.objects.filter(person__in=person_ids))
    for model in (Consent, ConsentState, Activity):
        model._default_manager.filter(person__in=person_ids).delete()
    Person.objects.filter(pk__in=person_ids).update(
        **_NOTHING_LEFT, uuid=Func(function="gen_random_uuid"), erased_at=now
    )


def forget_address(*, point: ContactPoint) -> None:
    """Leave nothing of one address, the person staying."""
    _blank(ContactPoint.objects.filter(pk=point.pk))


def _blank(points: QuerySet[ContactPoint]) -> None:
    points.update(
        typed="",
        canonical=Concat(Value("erased:"), Cast("pk", CharField())),
        state=ContactState.BLOCKED,
        state_reason="",
    )


def find_or_add_address(
    *, person: Person, typed: str, canonical: str, now: datetime
) -> tuple[ContactPoint, bool]:
    """Who an e-mail address belongs to in the person's organisation, or else a new address of
    that person. What is known is never changed (P21). True when it is new.

    Waits for whoever is writing the same address: call it before locking any tally, as the
    intake does (docs/decisions/10).
    """
    return ContactPoint.objects.select_related("person").get_or_create(
        organisation_id=person.organisation_id,
        channel=Channel.EMAIL,
        canonical=canonical,
        defaults={"person": person, "typed": typed, "created_at": now},
    )


@transaction.atomic
def propose_address(*, person: Person, typed: str, now: datetime) -> ContactPoint:
    """An address that the person says is theirs, and that its mailbox has not confirmed: nobody
    is found by it. A second proposal replaces the first."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    cancel_proposed_address(person=person)
    return ContactPoint.objects.create(
        organisation_id=person.organisation_id,
        person=person,
        channel=Channel.EMAIL,
        typed=typed,
        canonical=f"pending:{uuid.uuid4()}",
        state=ContactState.PENDING,
        created_at=now,
    )


def cancel_proposed_address(*, person: Person) -> None:
    """Forget the address that waits for its mailbox's word, if there is one."""
    _blank(ContactPoint.objects.filter(person=person, state=ContactState.PENDING))


def forget_proposed_addresses(*, before: datetime) -> int:
    """Addresses whose mailbox did not answer in time are forgotten. Returns how many."""
    late = ContactPoint.objects.filter(state=ContactState.PENDING, created_at__lt=before)
    found = late.count()
    _blank(late)
    return found


def take_address(*, point: ContactPoint) -> bool:
    """The mailbox of a proposed address has answered: it is the person's. False when it was
    answered, cancelled or replaced meanwhile.

    Waits for whoever is writing the same address: call it before locking any tally. Raises
    IntegrityError when somebody has it; the caller's savepoint is to be rolled back.
    """
    waiting = ContactPoint.objects.filter(pk=point.pk, state=ContactState.PENDING)
    taken = waiting.update(canonical=canonical_email(point.typed), state=ContactState.OK)
    return bool(taken)


def retire_address(*, old: ContactPoint, new: ContactPoint, now: datetime) -> None:
    """Another address has taken its place: it stays as history, opens nothing, and is free again
    for whoever signs with it. What it refused, the new one refuses."""
    carry_refusals(old=old, canonical=canonical_email(new.typed))
    ContactPoint.objects.filter(pk=old.pk).update(
        canonical=Concat(Value("former:"), Cast("pk", CharField())), state=ContactState.FORMER
    )
    record_activity(
        organisation_id=new.organisation_id,
        person_id=new.person_id,
        kind=ActivityKind.ADDRESS_CHANGED,
        subject=f"contact:{new.pk}",
        at=now,
        data={"from": old.pk},
    )


@transaction.atomic
def prepare_activity_months(*, now: datetime) -> list[str]:
    """Make the partitions of this month and of the two that follow. Returns the new ones.

    A month whose rows already went to the default partition stays there. The lock it takes is
    short, and given up after two seconds rather than kept waiting for.
    """
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    made = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")
        for _ in range(MONTHS_AHEAD + 1):
            following = (first + timedelta(days=32)).replace(day=1)
            name = f"levier_activity_{first:%Y_%m}"
            cursor.execute(_NEEDED, [name, first, following])
            if (cursor.fetchone() or (False,))[0]:
                cursor.execute(
                    SQL(
                        "CREATE TABLE {} PARTITION OF levier_activity FOR VALUES FROM ({}) TO ({})"
                    ).format(Identifier(name), first, following)
                )
                made.append(name)
            first = following
    return made
