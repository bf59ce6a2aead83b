"""What follows a signature from one address to another, and what the first one keeps: nothing."""

from datetime import datetime

from django.utils.translation import gettext as _

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.addresses import forget_address
from levier.foundation.people.actions.consents import give_consent, withdraw_consent
from levier.foundation.people.actions.forgetting import forget_people
from levier.foundation.people.enums import Channel
from levier.foundation.people.models.person import ContactPoint, Person
from levier.foundation.people.queries.agreements import Agreement, agreements_of
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.signing.models.signature import Signature


def came_with_it(signature: Signature) -> bool:
    """Whether the person was first heard of by this signature, and by nothing else since."""
    person = signature.person
    others = Signature.objects.filter(person=person).exclude(pk=signature.pk)
    return person is not None and person.created_at >= signature.signed_at and not others.exists()


def hand_over(signature: Signature, owner: Person, *, alone: bool, now: datetime) -> None:
    """What came with the signature goes with it, as if the owner had signed: words and telephone
    only where there are none (P21), agreements in the words that were read."""
    words = Comment.objects.filter(
        petition=signature.petition_id, person=signature.person_id, created_at=signature.signed_at
    )
    if Comment.objects.filter(petition=signature.petition_id, person=owner).exists():
        words.delete()
    words.update(person=owner)
    for agreement in end_agreements(signature, now):
        give_consent(
            person=owner,
            channel=agreement.channel,
            purpose=agreement.purpose,
            scope=agreement.scope,
            wording=agreement.wording,
            source=agreement.source,
            now=now,
        )
    phones = ContactPoint.objects.filter(channel=Channel.PHONE)
    if alone and not phones.filter(person=owner).exists():
        phones.filter(person=signature.person_id).update(person=owner)


def end_agreements(signature: Signature, now: datetime) -> list[Agreement]:
    """End what the mistyped address's person had agreed to by this signature; returns it."""
    if signature.person is None:
        return []
    source = f"signature:{signature.pk}"
    given = [a for a in agreements_of(signature.person) if a.given and a.source == source]
    for agreement in given:
        withdraw_consent(
            person=signature.person,
            channel=agreement.channel,
            purpose=agreement.purpose,
            scope=agreement.scope,
            wording=_("Corriger mon adresse"),
            source=source,
            now=now,
        )
    return given


def leave_address(signature: Signature, owner: Person, *, alone: bool, now: datetime) -> None:
    """Nothing more leaves for the mistyped address; of one known only by this mistake, nothing
    is kept."""
    old, person = signature.contact_point, signature.person
    if old is None or person is None:
        return
    mails = Delivery.objects.filter(person=person, source__startswith=f"signature:{signature.pk}:")
    if alone and person == owner:
        forget_address(point=old)
    elif alone:
        Delivery.objects.filter(person=person).delete()
        forget_people(person_ids=[person.pk], now=now)
    else:
        mails.filter(state=DeliveryState.QUEUED).delete()
