"""Addresses of people: found, proposed, taken, given up, forgotten."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.suppressions import carry_refusals
from levier.foundation.people.enums import (
    ActivityKind,
    Channel,
    ContactState,
)
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.rules import canonical_email


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
    blank_addresses(ContactPoint.objects.filter(person=person, state=ContactState.PENDING))


def forget_proposed_addresses(*, before: datetime) -> int:
    """Addresses whose mailbox did not answer in time are forgotten. Returns how many."""
    late = ContactPoint.objects.filter(state=ContactState.PENDING, created_at__lt=before)
    found = late.count()
    blank_addresses(late)
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


def forget_address(*, point: ContactPoint) -> None:
    """Leave nothing of one address, the person staying."""
    blank_addresses(ContactPoint.objects.filter(pk=point.pk))


def blank_addresses(points: QuerySet[ContactPoint]) -> None:
    points.update(
        typed="",
        canonical=Concat(Value("erased:"), Cast("pk", CharField())),
        state=ContactState.BLOCKED,
        state_reason="",
    )
