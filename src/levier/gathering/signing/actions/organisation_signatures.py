"""An organisation signs: by its form, its mailbox, then somebody of the team (never a number)."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing import mails
from levier.gathering.signing.enums import OrganisationState
from levier.gathering.signing.errors import AlreadyListed, NoLongerStanding
from levier.gathering.signing.models.organisation_signature import OrganisationSignature

UNANSWERED = timedelta(days=14)  # what no mailbox confirmed is forgotten
NOBODY = dict.fromkeys(("contact_name", "contact_role", "email"), "")
_FORGET = """
UPDATE levier_organisationsignature AS signed
SET contact_name = '', contact_role = '', email = '', anonymised_at = %(now)s
FROM levier_petition AS petition
JOIN levier_campaign AS campaign ON campaign.id = petition.campaign_id
WHERE signed.petition_id = petition.id AND signed.anonymised_at IS NULL
  AND coalesce(petition.closed_at, petition.closes_at)
      + coalesce(petition.retention_months, campaign.retention_months) * interval '1 month'
      <= %(now)s
"""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody said in the name of an organisation. `logo` is a path in the media."""

    name: str
    contact_name: str
    contact_role: str
    email: str
    website: str = ""
    logo: str = ""


@transaction.atomic
def sign_as_organisation(
    *, petition: Petition, title: str, told: Told, now: datetime
) -> OrganisationSignature:
    """Written down, and a mail to the contact's address; nothing is shown before it answers."""
    said = {field.name: getattr(told, field.name) for field in fields(told)}
    signed = OrganisationSignature.objects.create(petition=petition, created_at=now, **said)
    mails.organisation_to_confirm(signed=signed, title=title, now=now)
    return signed


@transaction.atomic
def confirm_organisation(*, signed: int, now: datetime) -> OrganisationSignature:
    """Its mailbox says it signs: the team reads it next. Twice is once. Raises NoLongerStanding."""
    found = _locked(signed)
    if found.state == OrganisationState.WITHDRAWN:
        raise NoLongerStanding
    if found.state == OrganisationState.UNCONFIRMED:
        found.state, found.confirmed_at = OrganisationState.WAITING, now
        found.save(update_fields=["state", "confirmed_at"])
    return found


@transaction.atomic
def withdraw_organisation(*, signed: int, now: datetime) -> None:
    """From its mailbox: it leaves the list, and who wrote for it is forgotten at once."""
    found = _locked(signed)
    if found.state == OrganisationState.UNCONFIRMED:
        found.delete()
        return
    _change(found, state=OrganisationState.WITHDRAWN, anonymised_at=now, logo="", **NOBODY)


@transaction.atomic
def publish_organisation(
    *, signed: OrganisationSignature, title: str, by: User, now: datetime
) -> OrganisationSignature:
    """Show its name. Raises AlreadyListed when the same name is shown, NoLongerStanding."""
    return _decided(signed, OrganisationState.PUBLISHED, title, by, now)


@transaction.atomic
def refuse_organisation(
    *, signed: OrganisationSignature, title: str, by: User, now: datetime
) -> OrganisationSignature:
    """Show it no more, or never. Raises NoLongerStanding."""
    return _decided(signed, OrganisationState.REFUSED, title, by, now)


@transaction.atomic
def forget_organisations(*, now: datetime) -> None:
    """Forget what no mailbox confirmed, and contacts of petitions closed long enough ago (P63)."""
    OrganisationSignature.objects.filter(
        state=OrganisationState.UNCONFIRMED, created_at__lte=now - UNANSWERED
    ).delete()
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"now": now})


def _decided(
    signed: OrganisationSignature, state: OrganisationState, title: str, by: User, now: datetime
) -> OrganisationSignature:
    found = _locked(signed.pk)
    if found.confirmed_at is None or found.state == OrganisationState.WITHDRAWN:
        raise NoLongerStanding
    if found.state == state:
        return found
    try:
        with transaction.atomic():
            _change(found, state=state, decided_at=now, decided_by=by)
    except IntegrityError as error:
        raise AlreadyListed from error
    petition = found.petition
    body = {
        "act": f"signing.organisation_{state}",
        "petition": str(petition.uuid),
        "organisation_signature": found.pk,
    }
    append_audit(scope=petition.campaign.organisation_id, body=body, by=by.pk, now=now)
    if found.email:
        mails.organisation_decided(signed=found, title=title, now=now)
    return found


def _change(found: OrganisationSignature, **values: object) -> None:
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))


def _locked(pk: int) -> OrganisationSignature:
    rows = OrganisationSignature.objects.select_for_update(of=("self",))
    found = rows.select_related("petition__campaign__organisation").filter(pk=pk).first()
    if found is None:
        raise NoLongerStanding
    return found
