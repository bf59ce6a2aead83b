from datetime import datetime, timedelta

from django.db import transaction

from levier.gathering.signing.models import Guard

KEPT = timedelta(days=1)


@transaction.atomic
def purge_guard(*, now: datetime) -> int:
    """Forget how often networks and mailboxes came, a day after. Returns how many rows went."""
    forgotten, _ = Guard.objects.filter(window__lt=now - KEPT).delete()
    return forgotten
