from datetime import datetime

from django.db import transaction

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.consents import withdraw_consent
from levier.foundation.people.actions.suppressions import suppress
from levier.foundation.people.enums import ActivityKind, SuppressionReason
from levier.foundation.people.queries.agreements import agreements_of
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.signing.actions.counting import locked, uncount
from levier.gathering.signing.enums import STANDING, HoldReason, SignatureState
from levier.gathering.signing.models.partner_agreement import PartnerAgreement
from levier.gathering.signing.models.signature import Signature


@transaction.atomic
def disown(*, signature_id: int, wording: str, now: datetime) -> Signature:
    """« Ce n’était pas moi » (P28): the signature leaves the count, its comment and its agreements
    go with it, and the mailbox gets nothing more from that petition. `wording` is what the person
    read. Twice is the same as once; a signature the team had set aside stays so.

    The owner may still sign one day: it will be a new signature with a new number (P22).
    """
    signature = locked(signature_id)
    if signature.state in STANDING:
        uncount(signature.petition, [signature], now=now)
        Signature.objects.filter(pk=signature.pk).update(
            state=SignatureState.WITHDRAWN, reason=HoldReason.DISOWNED
        )
    _forget_words(signature)
    _end_agreements(signature, wording, now)
    _write_no_more(signature, now)
    if signature.state in STANDING:
        record_activity(
            organisation_id=signature.petition.campaign.organisation_id,
            person_id=signature.person_id,
            kind=ActivityKind.DISOWNED,
            subject=f"signature:{signature.pk}",
            at=now,
        )
    signature.refresh_from_db(fields=["state", "reason"])
    return signature


def _forget_words(signature: Signature) -> None:
    """Delete the comment that came with it, unless another signature has taken its place."""
    later = Signature.objects.filter(
        petition=signature.petition_id, person=signature.person_id, pk__gt=signature.pk
    )
    if signature.person_id is not None and not later.exists():
        Comment.objects.filter(petition=signature.petition_id, person=signature.person_id).delete()


def _end_agreements(signature: Signature, wording: str, now: datetime) -> None:
    partners = PartnerAgreement.objects.filter(signature=signature, withdrawn_at=None)
    partners.update(withdrawn_at=now)
    if signature.person is None:
        return
    for agreement in agreements_of(signature.person):
        if agreement.given and agreement.source == f"signature:{signature.pk}":
            withdraw_consent(
                person=signature.person,
                channel=agreement.channel,
                purpose=agreement.purpose,
                scope=agreement.scope,
                wording=wording,
                source=f"signature:{signature.pk}",
                now=now,
            )


def _write_no_more(signature: Signature, now: datetime) -> None:
    point = signature.contact_point
    if point is not None:
        suppress(
            organisation=signature.petition.campaign.organisation,
            channel=point.channel,
            canonical=point.canonical,
            reason=SuppressionReason.NOT_ME,
            scope=f"petition:{signature.petition_id}",
            now=now,
        )
