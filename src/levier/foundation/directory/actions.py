"""Writing down who decides, and how they are reached."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.directory.errors import ContactInUse, ContactTaken, SourceMissing
from levier.foundation.directory.models import (
    ContactDetail,
    Mandate,
    Organization,
    PersonInOffice,
    Post,
)
from levier.foundation.directory.rules import family_name
from levier.foundation.ledger.actions import append_audit


@dataclass(frozen=True, kw_only=True)
class DecisionMaker:
    """Who, as somebody typed it, and where they read it."""

    name: str
    post: str  # « 3e adjointe au maire »
    institution: str
    honorific: str = ""
    responsibility: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A way to reach somebody who decides, in the shape of `rules.contact_value`."""

    type: str
    value: str
    label: str = ""
    note: str = ""
    is_public: bool = False
    source: str = ""


@transaction.atomic
def add_decision_maker(
    *, owner: Organisation, who: DecisionMaker, by: User, now: datetime
) -> Mandate:
    """A person holding a post in an institution; what is already written down is used again."""
    Organisation.objects.select_for_update().get(pk=owner.pk)
    post = _post(owner, _institution(owner, who), who)
    person = _person(owner, who)
    mandate, is_new = Mandate.objects.get_or_create(
        owner=owner,
        person=person,
        post=post,
        start_date=None,
        defaults={"source": who.source, "consulted_on": timezone.localdate(now)},
    )
    if is_new:
        body = {"act": "directory.add_decision_maker", "mandate": mandate.pk}
        append_audit(scope=owner.pk, body=body, by=by.pk, now=now)
    return mandate


@transaction.atomic
def add_post(*, owner: Organisation, who: DecisionMaker) -> Post:
    """A post in an institution, by whoever does not know who holds it."""
    Organisation.objects.select_for_update().get(pk=owner.pk)
    return _post(owner, _institution(owner, who), who)


@transaction.atomic
def add_contact(
    *, whose: Post | PersonInOffice, how: Reached, by: User, now: datetime
) -> ContactDetail:
    """A way to reach a post, whoever holds it, or a person. Raises ContactTaken, SourceMissing."""
    post = whose if isinstance(whose, Post) else None
    person = whose if isinstance(whose, PersonInOffice) else None
    contact = ContactDetail(owner=whose.owner, post=post, person=person)
    _write_contact(contact, how, now)
    _audit_contact(contact, "add_contact", by, now)
    return contact


@transaction.atomic
def change_contact(
    *, contact: ContactDetail, how: Reached, by: User, now: datetime
) -> ContactDetail:
    """Write it otherwise. Marked private, it is shown nowhere from now on (U45)."""
    contact = ContactDetail.objects.select_for_update().get(pk=contact.pk)
    _write_contact(contact, how, now)
    _audit_contact(contact, "change_contact", by, now)
    return contact


@transaction.atomic
def delete_contact(*, contact: ContactDetail, by: User, now: datetime) -> None:
    """Forget it. Raises ContactInUse when something published leads to it; twice is once."""
    try:
        gone, _ = ContactDetail.objects.filter(pk=contact.pk).delete()
    except ProtectedError as error:
        raise ContactInUse from error
    if gone:
        _audit_contact(contact, "delete_contact", by, now)


def _write_contact(contact: ContactDetail, how: Reached, now: datetime) -> None:
    if how.is_public and not how.source:
        raise SourceMissing
    looked = how.source and how.source != contact.source
    for name, value in vars(how).items():
        setattr(contact, name, value)
    if looked or not how.source:
        contact.consulted_on = timezone.localdate(now) if how.source else None
    try:
        with transaction.atomic():
            contact.save()
    except IntegrityError as error:
        raise ContactTaken from error


def _audit_contact(contact: ContactDetail, act: str, by: User, now: datetime) -> None:
    body = {"act": f"directory.{act}", "contact": contact.pk, "public": contact.is_public}
    append_audit(scope=contact.owner_id, body=body, by=by.pk, now=now)


def _institution(owner: Organisation, who: DecisionMaker) -> Organization:
    found = Organization.objects.filter(owner=owner, name__iexact=who.institution).first()
    return found or Organization.objects.create(owner=owner, name=who.institution)


def _post(owner: Organisation, institution: Organization, who: DecisionMaker) -> Post:
    found = Post.objects.filter(owner=owner, organization=institution, label__iexact=who.post)
    return found.filter(responsibility__iexact=who.responsibility).first() or Post.objects.create(
        owner=owner, organization=institution, label=who.post, responsibility=who.responsibility
    )


def _person(owner: Organisation, who: DecisionMaker) -> PersonInOffice:
    found = PersonInOffice.objects.filter(owner=owner, name__iexact=who.name).first()
    return found or PersonInOffice.objects.create(
        owner=owner,
        name=who.name,
        honorific_prefix=who.honorific,
        family_name=family_name(who.name),
    )
