from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from levier.foundation.messaging.actions.withhold import withhold
from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.delivery import Delivery
from levier.gathering.petitions.enums import SIGNABLE
from levier.gathering.signing import mails
from levier.gathering.signing.enums import TOLD_WHILE_HELD, SignatureState
from levier.gathering.signing.models.signature import Signature

AFTER = timedelta(days=4)
UNTIL = timedelta(days=14)  # a worker that was away for weeks does not wake old stories
PAGE = 500
ARRIVED = (DeliveryState.HANDED, DeliveryState.DELIVERED)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """One page of signatures thanked by mail and unconfirmed after four days, each reminded once,
    but for whoever stopped everything. Returns how many; call again while it returns a full page.
    """
    waiting = Q(state__in=[SignatureState.COUNTED, SignatureState.PENDING]) | Q(
        state=SignatureState.HELD, reason__in=TOLD_WHILE_HELD
    )
    due = (
        Signature.objects.filter(
            waiting,
            signed_at__gt=now - UNTIL,
            signed_at__lte=now - AFTER,
            confirmed_at=None,
            contact_point__isnull=False,
            petition__state__in=SIGNABLE,
        )
        .filter(Exists(_mailed("thanks").filter(state__in=ARRIVED)))
        .exclude(Exists(_mailed("reminder")))
        .order_by("pk")[:PAGE]
    )
    rows = list(due)
    if rows:
        mails.reminder(signatures=rows, now=now)
        sources = [f"signature:{row.pk}:reminder" for row in rows]
        withhold(deliveries=Delivery.objects.filter(source__in=sources), now=now)
    return len(rows)


def _mailed(what: str) -> QuerySet[Delivery]:
    """The mail of that kind about the signature of an outer query."""
    key = Cast(OuterRef("pk"), CharField())
    source = Concat(Value("signature:"), key, Value(f":{what}"))
    return Delivery.objects.filter(source=source, person=OuterRef("person"))
