"""What a sender may look at: due, locked for it alone, with all that its judgement needs."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection

from levier.foundation.messaging.enums import Lane, MessageState
from levier.foundation.messaging.models.message import Message
from levier.foundation.messaging.models.pressure import ContactPolicy
from levier.foundation.people.enums import Channel

# Messages with something waiting, one step of the index each, whatever the number of readers.
_OPEN = """
WITH RECURSIVE waiting (message) AS (
    (SELECT message_id FROM levier_delivery WHERE state = 'queued' AND lane = '{lane}'
     ORDER BY lane, message_id LIMIT 1)
    UNION ALL
    SELECT (SELECT message_id FROM levier_delivery WHERE state = 'queued' AND lane = '{lane}'
            AND message_id > waiting.message ORDER BY lane, message_id LIMIT 1)
    FROM waiting WHERE waiting.message IS NOT NULL
)
SELECT message.id, message.state FROM waiting JOIN levier_message AS message
    ON message.id = waiting.message
WHERE message.state = 'cancelled' OR message.state = 'running' AND (
    SELECT true FROM levier_delivery WHERE state = 'queued' AND lane = '{lane}'
        AND message_id = message.id AND not_before <= %s LIMIT 1
)
"""

# The agreement is that of the card that the reader's was merged into, if it was.
_DUE = """
WITH due (id, message_id, person_id, contact_point_id, source, ordinal, context, attempts,
    last_reply, over, held_for, held_during, counted) AS MATERIALIZED (
    SELECT id, message_id, person_id, contact_point_id, source, ordinal, context, attempts,
        last_reply, expires_at <= %(now)s, held_for,
        extract(epoch FROM %(now)s - held_since)::float8, counted
    FROM levier_delivery
    WHERE state = 'queued' AND lane = '{lane}' {of_message} AND not_before <= %(now)s
    ORDER BY not_before, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
SELECT due.*, coalesce(point.typed, ''), coalesce(point.canonical, ''), coalesce(point.state, ''),
    point.channel IS NOT DISTINCT FROM 'email' AND person.erased_at IS NULL
        AND person.id IS NOT NULL,
    coalesce(person.merged_into_id, due.person_id), coalesce(person.time_zone, ''),
    message.purpose = '' OR EXISTS (
        SELECT FROM levier_consentstate AS said
        WHERE said.person_id = coalesce(person.merged_into_id, due.person_id)
            AND said.channel = 'email' AND said.purpose = message.purpose AND said.given
            AND said.scope = CASE message.purpose WHEN 'petition_news' THEN message.source
                ELSE '' END
    ),
    (SELECT EXISTS (SELECT FROM levier_handedbefore)) AND EXISTS (
        SELECT FROM levier_handedbefore AS before WHERE before.mark = substr(sha256(convert_to(
            (SELECT uuid FROM levier_organisation WHERE id = message.organisation_id)
                || chr(31) || due.source || chr(31) || due.ordinal || chr(31) || point.typed,
            'UTF8')), 1, 8)
    )
FROM due JOIN levier_message AS message ON message.id = due.message_id
LEFT JOIN levier_person AS person ON person.id = due.person_id
LEFT JOIN levier_contactpoint AS point ON point.id = due.contact_point_id
ORDER BY due.id
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is due, locked, and what it is judged by."""

    pk: int
    message_id: int
    person_id: int
    contact_point_id: int
    source: str
    ordinal: int
    written: str  # the reader's own variables, as JSON
    attempts: int
    last_reply: str
    is_over: bool  # past its hour
    held_for: str
    held_during: float | None  # seconds
    counted: bool
    typed: str
    canonical: str
    point_state: str
    is_here: bool  # a person who was not erased, an e-mail address
    card: int  # whose agreements and pressure count
    time_zone: str
    agreed: bool
    handed_before: bool
    message: Message
    policy: ContactPolicy

    @property
    def context(self) -> Mapping[str, Any]:
        """The reader's own variables."""
        return dict(orjson.loads(self.written))

    @property
    def lane(self) -> str:
        """That of its message."""
        return self.message.lane

    @property
    def domain(self) -> str:
        """Where the address lives, lower case; as compared, so in A-labels."""
        return self.canonical.rpartition("@")[2] or self.typed.rpartition("@")[2].lower()


def due_messages(*, lane: str, now: datetime) -> tuple[list[int], list[int]]:
    """Messages that senders of a lane may take from, in no order; and cancelled ones of which
    something came back to the queue."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(lane=Lane(lane).value), [now])
        found = cursor.fetchall()
    running = [pk for pk, state in found if state == MessageState.RUNNING]
    random.shuffle(running)
    return running, [pk for pk, state in found if state == MessageState.CANCELLED]


def due_rows(*, lane: str, limit: int, now: datetime, message: int | None = None) -> list[Due]:
    """Up to `limit` deliveries, the longest due first, locked; those that another sender holds are
    passed over. Two statements more for their messages and policies."""
    narrowed = "" if message is None else "AND message_id = %(message)s"
    query = _DUE.format(lane=Lane(lane).value, of_message=narrowed)
    with connection.cursor() as cursor:
        cursor.execute(query, {"now": now, "limit": limit, "message": message})
        rows = cursor.fetchall()
    messages = _messages({row[1] for row in rows})
    policies = policies_of(one.organisation_id for one in messages.values())
    shared = {pk: (one, policies[one.organisation_id]) for pk, one in messages.items()}
    return [Due(*(*row, *shared[row[1]])) for row in rows]


def _messages(ids: set[int]) -> dict[int, Message]:
    """One copy of each, whatever the number of its readers."""
    return Message.objects.select_related("template", "organisation").in_bulk(ids)


def policies_of(organisations: Iterable[int]) -> dict[int, ContactPolicy]:
    """How each may write by e-mail: its own policy, or the defaults (J43, J47)."""
    wanted = set(organisations)
    kept = ContactPolicy.objects.filter(organisation__in=wanted, channel=Channel.EMAIL)
    found = {one.organisation_id: one for one in kept}
    return {
        pk: found.get(pk) or ContactPolicy(organisation_id=pk, channel=Channel.EMAIL)
        for pk in wanted
    }
