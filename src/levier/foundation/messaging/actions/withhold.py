from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.enums import ContactState
from levier.foundation.people.models.person import ContactPoint
from levier.foundation.people.models.suppression import Suppression
from levier.foundation.people.rules import canonical_email, suppression_hmac

UNASKED = "plus rien ne part vers cette adresse sans qu’on le demande"


@transaction.atomic
def withhold(*, deliveries: QuerySet[Delivery], now: datetime) -> int:
    """Close what was queued for addresses that wanted nothing more, before anybody takes it: for a
    transactional message that no gesture of that mailbox asked for, since the claim lets answers
    through (docs/decisions/73). To be called in the transaction that queued it. Returns how many.
    """
    hashes = {
        row.pk: suppression_hmac(
            row.contact_point.organisation_id,
            row.contact_point.channel,
            _compared(row.contact_point),
        )
        for row in deliveries.filter(state=DeliveryState.QUEUED).select_related("contact_point")
    }
    refused = Suppression.objects.filter(canonical_hmac__in=set(hashes.values()), scope="")
    silent = {bytes(hmac) for hmac in refused.values_list("canonical_hmac", flat=True)}
    closing = [pk for pk, hashed in hashes.items() if hashed in silent]
    return Delivery.objects.filter(pk__in=closing).update(
        state=DeliveryState.SUPPRESSED, last_reply=UNASKED, finished_at=now
    )


def _compared(point: ContactPoint) -> str:
    """What an address is compared by, also while it waits to be somebody's."""
    return canonical_email(point.typed) if point.state == ContactState.PENDING else point.canonical
