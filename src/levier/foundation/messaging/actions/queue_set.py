from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.models.message import Message

_QUEUE = """
INSERT INTO levier_delivery (message_id, person_id, contact_point_id, source, ordinal, lane, state,
    context, not_before, expires_at, held_for, counted, attempts, last_reply, created_at)
SELECT %s, person, point, %s, 0, %s, %s, context::jsonb, %s, %s, '', false, 0, '', %s
FROM ({readers}) AS reader (person, point, context)
ON CONFLICT (person_id, source, ordinal) DO NOTHING
"""


@transaction.atomic
def queue_set(
    *,
    message: Message,
    readers: QuerySet[Any, Any],
    source: str,
    now: datetime,
    not_before: datetime | None = None,
) -> int:
    """Write one delivery for each reader, in one statement, whatever their number.

    `readers` gives (person id, contact point id, context) rows, by `.values_list(…)`; the context
    is JSON: a `JSONObject(…)`, or a `Value({…}, JSONField())` that all share. A person who already
    has a delivery of this source is left alone (U28). Returns how many were written.

    What the template asks for is checked before, by `queue.preflight` on a few readers (J8).
    """
    query, values = readers.query.sql_with_params()
    start = not_before or now
    shared: list[Any] = [message.pk, source, message.lane, DeliveryState.QUEUED]
    with connection.cursor() as cursor:
        cursor.execute(
            _QUEUE.format(readers=query),
            [*shared, start, start + message.expires_after, now, *values],
        )
        return int(cursor.rowcount)
