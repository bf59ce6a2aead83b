from datetime import datetime

from django.db import transaction

from levier.foundation.common.typography import shown_name
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.signing.actions.counting import locked
from levier.gathering.signing.enums import STANDING
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.models.signature import Signature

IDENTITY = ("first_name", "last_name", "postcode", "country")


@transaction.atomic
def correct(
    *,
    signature_id: int,
    first_name: str,
    last_name: str,
    postcode: str,
    country: str,
    show_name: bool,
    now: datetime,
) -> Signature:
    """The owner mends what they typed: on that signature, on the person, and in the name shown
    beside their words. Number, day and count do not move. Raises NoLongerStanding.

    The log keeps that it happened, since its leaf attests what was typed first; what was changed
    is told by field name only.
    """
    signature = locked(signature_id)
    if signature.state not in STANDING:
        raise NoLongerStanding
    typed = dict(zip(IDENTITY, (first_name, last_name, postcode, country), strict=True))
    wanted = {**typed, "show_name": show_name}
    changed = [name for name, value in wanted.items() if getattr(signature, name) != value]
    if not changed:
        return signature
    Signature.objects.filter(pk=signature.pk).update(**wanted)
    if signature.person is not None:
        Person.objects.filter(pk=signature.person.pk).update(**typed)
    Comment.objects.filter(petition=signature.petition_id, person=signature.person_id).update(
        shown_name=shown_name(first_name, last_name) if show_name else ""
    )
    _tell(signature, changed, now)
    signature.refresh_from_db(fields=list(wanted))
    return signature


def _tell(signature: Signature, changed: list[str], now: datetime) -> None:
    organisation_id = signature.petition.campaign.organisation_id
    record_activity(
        organisation_id=organisation_id,
        person_id=signature.person_id,
        kind=ActivityKind.CORRECTED,
        subject=f"signature:{signature.pk}",
        at=now,
        data={"fields": changed},
    )
    append_audit(
        scope=organisation_id,
        body={
            "act": "correct",
            "petition": str(signature.petition.uuid),
            "signature": signature.pk,
            "fields": changed,
        },
        by=None,
        now=now,
    )
