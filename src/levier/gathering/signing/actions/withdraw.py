from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from levier.foundation.people.actions.activities import record_activity
from levier.foundation.people.actions.consents import withdraw_consent
from levier.foundation.people.enums import ActivityKind
from levier.foundation.people.models.consent import ConsentState
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.rules.consents import news_of
from levier.gathering.signing import mails
from levier.gathering.signing.actions.counting import locked, uncount
from levier.gathering.signing.enums import STANDING, WITHDRAWABLE, HoldReason, SignatureState
from levier.gathering.signing.errors import NoLongerStanding
from levier.gathering.signing.models.signature import Signature


@transaction.atomic
def withdraw(*, signature_id: int, now: datetime) -> Signature:
    """The owner takes the signature back (P32): the count goes down, the comment is hidden, the
    news of that petition stops, and no number is freed.

    A receipt leaves by mail. Twice is the same as once. Raises NoLongerStanding if the team had
    already set it aside.
    """
    signature = locked(signature_id)
    if signature.state == SignatureState.WITHDRAWN:
        return signature
    if signature.state not in WITHDRAWABLE:
        raise NoLongerStanding
    uncount(signature.petition, [signature], now=now)
    signature.state, signature.reason = SignatureState.WITHDRAWN, HoldReason.NONE
    signature.save(update_fields=["state", "reason"])
    Comment.objects.filter(petition=signature.petition_id, person=signature.person_id).update(
        state=CommentState.HIDDEN, featured_at=None
    )
    record_activity(
        organisation_id=signature.petition.campaign.organisation_id,
        person_id=signature.person_id,
        kind=ActivityKind.WITHDREW,
        subject=f"signature:{signature.pk}",
        at=now,
    )
    if signature.person is not None:
        _stop_news(signature, signature.person, now)
        mails.withdrawn(signature=signature, now=now)
    return signature


def _stop_news(signature: Signature, person: Person, now: datetime) -> None:
    """News of a petition makes no sense to somebody who stands behind it no more."""
    news = news_of(signature.petition_id)
    standing = Signature.objects.filter(
        person=person, petition=signature.petition_id, state__in=STANDING
    )
    agreed = ConsentState.objects.filter(person=person, given=True, **news)
    if agreed.exists() and not standing.exists():
        withdraw_consent(
            person=person,
            **news,
            wording=_("Retirer ma signature"),
            source=f"signature:{signature.pk}",
            now=now,
        )
