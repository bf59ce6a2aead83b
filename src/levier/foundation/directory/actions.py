"""Writing down who decides."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.directory.models import Mandate, Organization, PersonInOffice, Post
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
