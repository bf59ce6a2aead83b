import uuid
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from levier.foundation.campaigns.enums import CountPolicy
from levier.foundation.ledger.actions import append_audit
from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.addresses import find_or_add_address
from levier.foundation.people.enums import ActivityKind, Channel
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.rules import canonical_email
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.signing.actions.counting import adjust_tally, locked, uncount
from levier.gathering.signing.actions.erase import NOBODY
from levier.gathering.signing.actions.handing_over import (
    came_with_it,
    end_agreements,
    hand_over,
    leave_address,
)
from levier.gathering.signing.actions.numbering import number_signatures
from levier.gathering.signing.actions.tell_recounted import tell_recounted
from levier.gathering.signing.enums import (
    STANDING,
    TOLD_WHILE_HELD,
    HoldReason,
    SignatureState,
)
from levier.gathering.signing.models.signature import ReferralCode, Signature
from levier.gathering.signing.rules.receipts import Receipt, is_correctable, is_of_receipt

# What the team or the trap set aside, or another state, is not the visitor's to move.
MOVABLE = TOLD_WHILE_HELD | {HoldReason.NONE, HoldReason.BOUNCE}
_WITH = ("contact_point", "person", "petition__campaign__organisation")


class _NotTheirs(Exception):
    """Nothing to correct: what was prepared is undone, and the visitor is told nothing of it."""


def correct_address(*, receipt: Receipt, given_at: datetime, email: str, now: datetime) -> None:
    """A mistyped address is corrected within ten minutes, from the page that follows the
    signature (P24): what was written becomes what signing with the right address would have
    written, number and day kept. Returns nothing, and raises nothing, in any case (P17).

    Only a signature made by this very receipt, unconfirmed, moves: a repeat's receipt never
    touches the older one. If the right address had already signed, the mistaken signature leaves
    the count and the owner is told as for any repeat. See docs/decisions/43.
    """
    if not is_correctable(given_at, now=now):
        return
    with suppress(_NotTheirs), transaction.atomic():
        _correct(receipt, given_at, email, now)


def _correct(receipt: Receipt, given_at: datetime, email: str, now: datetime) -> None:
    code = ReferralCode.objects.filter(code=receipt.code, signature__petition=receipt.petition)
    found = Signature.objects.select_related(*_WITH).filter(pk__in=code.values("signature"))
    before = found.first()
    if before is None or not _is_theirs(before, receipt, given_at):
        raise _NotTheirs
    point = _address_of(before, email, now)  # before the tally, as the intake does
    signature = locked(before.pk)
    point.refresh_from_db(fields=["person"])  # two cards may have become one meanwhile
    if not _is_theirs(signature, receipt, given_at) or signature.contact_point_id == point.pk:
        raise _NotTheirs
    _write_down(signature, now)  # takes the log's head before any agreement, as the intake does
    known = Signature.objects.filter(petition=signature.petition_id, person=point.person_id)
    standing = known.exclude(state=SignatureState.WITHDRAWN).exclude(pk=signature.pk).first()
    if standing is None:
        _move(signature, point, now)
    else:
        _give_way(signature, standing, now)


def _is_theirs(signature: Signature, receipt: Receipt, given_at: datetime) -> bool:
    return (
        signature.person is not None
        and signature.contact_point is not None
        and signature.confirmed_at is None
        and signature.state in STANDING
        and signature.reason in MOVABLE
        and is_of_receipt(signature, receipt, given_at)
    )


def _address_of(signature: Signature, email: str, now: datetime) -> ContactPoint:
    """The right address: whoever has it, else the same person; or somebody new when the mistyped
    one happens to belong to somebody known."""
    person = signature.person
    if person is None:
        raise _NotTheirs
    canonical = canonical_email(email)
    known = ContactPoint.objects.select_related("person").filter(
        organisation=person.organisation_id, channel=Channel.EMAIL, canonical=canonical
    )
    if (point := known.first()) is not None:
        return point
    owner = person if came_with_it(signature) else _somebody_new(signature, now)
    point, is_new = find_or_add_address(person=owner, typed=email, canonical=canonical, now=now)
    if not is_new and owner != person:
        owner.delete()  # somebody has just written this address
    return point


def _somebody_new(signature: Signature, now: datetime) -> Person:
    return Person.objects.create(
        organisation_id=signature.petition.campaign.organisation_id,
        uuid=uuid.uuid4(),
        first_name=signature.first_name,
        last_name=signature.last_name,
        postcode=signature.postcode,
        country=signature.country,
        created_at=now,
    )


def _write_down(signature: Signature, now: datetime) -> None:
    """The log keeps that it happened, since its leaf attests the address typed first."""
    body = {
        "act": "correct_address",
        "petition": str(signature.petition.uuid),
        "signature": signature.pk,
    }
    organisation_id = signature.petition.campaign.organisation_id
    append_audit(scope=organisation_id, body=body, by=None, now=now)


def _move(signature: Signature, point: ContactPoint, now: datetime) -> None:
    """The signature, its words and its agreements become the right address's; the thanks leave
    for it by the reader of activities."""
    alone = came_with_it(signature)
    if signature.reason == HoldReason.BOUNCE:
        _count_again(signature, now)
    Signature.objects.filter(pk=signature.pk).update(person=point.person_id, contact_point=point)
    if point.person_id != signature.person_id:
        hand_over(signature, point.person, alone=alone, now=now)
    leave_address(signature, point.person, alone=alone, now=now)
    record_activity(
        organisation_id=point.organisation_id,
        person_id=point.person_id,
        kind=ActivityKind.READDRESSED,
        subject=f"signature:{signature.pk}",
        at=now,
    )


def _counts_at_once(petition: Petition) -> bool:
    return (petition.count_policy or petition.campaign.count_policy) == CountPolicy.AT_ONCE


def _count_again(signature: Signature, now: datetime) -> None:
    """It was held because nobody was at the mistyped address (P35)."""
    if _counts_at_once(signature.petition):
        number_signatures(petition=signature.petition, signature_ids=[signature.pk], now=now)
    else:
        adjust_tally(signature.petition_id, now=now, held=-1)
        Signature.objects.filter(pk=signature.pk).update(
            state=SignatureState.PENDING, reason=HoldReason.NONE
        )


def _give_way(signature: Signature, standing: Signature, now: datetime) -> None:
    """The right address had already signed: nobody counts twice. The mistaken signature leaves
    the count, its number to nobody (P12); its links lead to the other, as a repeat's do (P45);
    the owner is told at most once a day (P18), the mistyped address nothing."""
    alone = came_with_it(signature)
    uncount(signature.petition, [signature], now=now)
    Comment.objects.filter(
        petition=signature.petition_id, person=signature.person_id, created_at=signature.signed_at
    ).delete()
    end_agreements(signature, now)
    ReferralCode.objects.filter(signature=signature).update(signature=standing)
    brought = Signature.objects.filter(referred_by=signature)
    tell_recounted(
        organisation_id=signature.petition.campaign.organisation_id,
        signature_ids=[signature.pk, *brought.values_list("pk", flat=True)],
        now=now,
    )
    brought.update(referred_by=standing)
    gone = {**NOBODY, "anonymised_at": now} if alone else {}
    Signature.objects.filter(pk=signature.pk).update(
        state=SignatureState.WITHDRAWN, reason=HoldReason.NONE, **gone
    )
    if standing.person is not None:
        leave_address(signature, standing.person, alone=alone, now=now)
    record_activity(
        organisation_id=signature.petition.campaign.organisation_id,
        person_id=standing.person_id,
        kind=ActivityKind.SIGNED_AGAIN,
        subject=f"signature:{standing.pk}",
        at=now,
    )
