from collections.abc import Sequence
from datetime import datetime

from levier.foundation.people.actions.activities import record_activities
from levier.foundation.people.enums import ActivityKind


def tell_recounted(*, organisation_id: int, signature_ids: Sequence[int], now: datetime) -> None:
    """Tell the journals to look again at signatures, in the caller's transaction, where no
    activity of a person says so: or where it may be erased with that person before it is read."""
    record_activities(
        organisation_id=organisation_id,
        kind=ActivityKind.RECOUNTED,
        at=now,
        rows=[(None, f"signature:{pk}", None) for pk in signature_ids],
    )
