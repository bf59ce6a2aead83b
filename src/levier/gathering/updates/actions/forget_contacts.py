from datetime import datetime, timedelta

from django.db import transaction

from levier.gathering.updates.models.response import Response

UNUSED_FOR = timedelta(days=90)


@transaction.atomic
def forget_contacts(*, now: datetime) -> int:
    """Erase the third persons proposed ninety days ago and not used (U49). Returns how many."""
    unused = Response.objects.filter(
        changed_at__lte=now - UNUSED_FOR, contact_used_at=None
    ).exclude(contact="")
    return unused.update(contact="")
