from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from levier.foundation.messaging.enums import DeliveryState
from levier.foundation.messaging.mails.compiled import compiled
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.messaging.models.message import Message

AT_ONCE = 1_000  # rows of one insert


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """One reader of a message. (source, person, ordinal) makes the delivery unique for good."""

    person: int
    contact_point: int
    source: str  # "signature:123:thanks"
    ordinal: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None


def queue(*, message: Message, recipients: Iterable[Recipient], now: datetime) -> None:
    """Write the deliveries in the caller's transaction; those already written are left alone.

    One mail of each shape of context is written first: raises MissingVariable, with nothing
    queued, when the template asks for what somebody does not have (J8).
    """
    rows = list(recipients)
    preflight(message=message, contexts=[row.context for row in rows])
    Delivery.objects.bulk_create(
        [
            Delivery(
                message=message,
                person_id=row.person,
                contact_point_id=row.contact_point,
                source=row.source,
                ordinal=row.ordinal,
                lane=message.lane,
                state=DeliveryState.QUEUED,
                context=dict(row.context),
                not_before=row.not_before or now,
                expires_at=(row.not_before or now) + message.expires_after,
                created_at=now,
            )
            for row in rows
        ],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )


def preflight(*, message: Message, contexts: Iterable[Mapping[str, Any]]) -> None:
    """Write one mail for each set of variables that are there, empty or not. Raises
    MissingVariable."""
    shapes = {
        tuple(
            sorted((name, value is None, bool(value)) for name, value in context.items())
        ): context
        for context in contexts
    }
    letter = compiled(message.template)
    for context in shapes.values():
        letter.fill({**message.context, **context})
