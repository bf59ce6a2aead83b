"""What the team mends and writes on a person's card: the log's head first, then the card."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.consents import withdraw_consent
from levier.foundation.people.actions.indexing import index_people
from levier.foundation.people.enums import ActivityKind, Channel
from levier.foundation.people.errors import NumberTaken
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.note import Note
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.rules import canonical_phone

IDENTITY = ("honorific", "first_name", "last_name", "postcode", "country")


@transaction.atomic
def correct_person(
    *,
    person: Person,
    honorific: str,
    first_name: str,
    last_name: str,
    postcode: str,
    country: str,
    by: User,
    now: datetime,
) -> list[str]:
    """Mend who a person is. Their signatures keep what was typed then. Returns the fields that
    changed; the log keeps their names, never what was in them."""
    typed = (honorific, first_name, last_name, postcode, country)
    kept = Person.objects.get(pk=person.pk)
    changes = {
        name: value
        for name, value in zip(IDENTITY, typed, strict=True)
        if getattr(kept, name) != value
    }
    if changes:
        _audit(kept, "people.correct", by, now, fields=sorted(changes))
        Person.objects.filter(pk=_locked(person).pk).update(**changes)
        _told(kept, ActivityKind.CORRECTED, {"fields": sorted(changes), "by": by.pk}, now)
        index_people(person_ids=[kept.pk])
    return sorted(changes)


@transaction.atomic
def add_phone(*, person: Person, typed: str, by: User, now: datetime) -> ContactPoint:
    """A number the person gave. It agrees to nothing. Raises NumberTaken, with whose it is left
    unsaid; adding the same twice is once."""
    _audit(person, "people.add_phone", by, now)
    kept = _locked(person)
    point, is_new = ContactPoint.objects.get_or_create(
        organisation_id=kept.organisation_id,
        channel=Channel.PHONE,
        canonical=canonical_phone(typed),
        defaults={"person": kept, "typed": typed, "created_at": now},
    )
    if point.person_id != kept.pk:
        raise NumberTaken
    if is_new:
        _told(kept, ActivityKind.PHONE_ADDED, {"by": by.pk}, now, subject=f"contact:{point.pk}")
        index_people(person_ids=[kept.pk])
    return point


@transaction.atomic
def withdraw_on_request(
    *, person: Person, channel: str, purpose: str, scope: str = "", by: User, now: datetime
) -> bool:
    """End an agreement because the person asked the team to. False when there was none. The team
    never gives one: nothing here would prove it."""
    standing = ConsentState.objects.filter(
        person=person, channel=channel, purpose=purpose, scope=scope, given=True
    )
    if not standing.exists():
        return False
    what = {"channel": channel, "purpose": purpose, "scope": scope}
    _audit(person, "people.withdraw_consent", by, now, **what)
    kept = _locked(person)
    withdraw_consent(
        person=kept,
        channel=channel,
        purpose=purpose,
        scope=scope,
        wording=_("Retiré par l’équipe, à la demande de la personne"),
        source=f"desk:{by.pk}",
        now=now,
    )
    index_people(person_ids=[kept.pk])
    return True


@transaction.atomic
def write_note(*, person: Person, text: str, by: User, now: datetime) -> Note:
    """What the team wants to remember, dated and signed."""
    kept = _locked(person)
    return Note.objects.create(person=kept, text=text, by=by, at=now)


@transaction.atomic
def delete_note(*, note: Note, by: User, now: datetime) -> None:
    """Twice is once."""
    _audit(note.person, "people.delete_note", by, now)
    Note.objects.filter(pk=note.pk).delete()


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update(no_key=True).get(
        pk=person.pk, erased_at=None, merged_into=None
    )


def _told(
    person: Person, kind: str, data: dict[str, object], now: datetime, *, subject: str = ""
) -> None:
    record_activity(
        organisation_id=person.organisation_id,
        person_id=person.pk,
        kind=kind,
        subject=subject or f"person:{person.pk}",
        at=now,
        data=data,
    )


def _audit(person: Person, act: str, by: User, now: datetime, **more: object) -> None:
    body = {"act": act, "person": person.pk, **more}
    append_audit(scope=person.organisation_id, body=body, by=by.pk, now=now)
