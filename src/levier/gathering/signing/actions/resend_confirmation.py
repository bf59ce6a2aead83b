from datetime import datetime

from django.db import transaction

from levier.foundation.people.models.person import ContactPoint
from levier.gathering.signing import mails
from levier.gathering.signing.actions.request_my_link import may_be_written_to
from levier.gathering.signing.enums import STANDING, HoldReason
from levier.gathering.signing.models.signature import ReferralCode, Signature

_WITH = ("contact_point", "person", "petition__campaign__organisation")


@transaction.atomic
def resend_confirmation(*, code: str, now: datetime) -> None:
    """« Je n’ai rien reçu »: write again to the one person whose share code this is (P34)."""
    found = ReferralCode.objects.filter(code=code).first()
    if found is not None:
        resend_to(signature_id=found.signature_id, now=now)


@transaction.atomic
def resend_to(*, signature_id: int, now: datetime) -> None:
    """The same, from a confirmation link that is too old.

    Who confirmed already gets their personal link instead, so that what the asker sees tells
    nothing of it; what the honeypot caught gets no mail (P69). No more often than other links.
    """
    signature = (
        Signature.objects.select_related(*_WITH)
        .filter(pk=signature_id, state__in=STANDING, contact_point__isnull=False)
        .exclude(reason=HoldReason.HONEYPOT)
        .first()
    )
    if signature is None or signature.contact_point is None:
        return
    locking = ContactPoint.objects.select_for_update(of=("self",), no_key=True)
    point = locking.select_related("organisation", "person").get(pk=signature.contact_point.pk)
    if not may_be_written_to(point, now=now):
        return
    if signature.confirmed_at is None:
        mails.confirmation_again(signature=signature, now=now)
    else:
        mails.my_link(contact_point=point, now=now)
