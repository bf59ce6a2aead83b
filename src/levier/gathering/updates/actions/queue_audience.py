from datetime import datetime

from django.db import transaction

from levier.foundation.messaging.actions.queue_set import queue_set
from levier.gathering.petitions.queries import desk_slug
from levier.gathering.updates.actions.locking import lock_ask
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.readers import readers_of
from levier.gathering.updates.rules.answering import answer_link

WANTED = frozenset({UpdateState.SENDING, UpdateState.PAUSED})


@transaction.atomic
def queue_audience(*, update: int, now: datetime) -> int:
    """Write one delivery for each person of the audience, in one statement (docs/decisions/82).

    Whoever signs after the update appeared is not among them (U27); run again, it writes nothing
    (U28). Returns how many were written.
    """
    found = Update.objects.filter(pk=update).first()
    if found is None:
        return 0
    leaving = lock_ask(found.pk).update
    message, at = leaving.message, leaving.published_at
    if leaving.state not in WANTED or leaving.recipients is not None:
        return 0
    if message is None or at is None:
        return 0
    link = answer_link(desk_slug(leaving.petition), leaving.n, "").rstrip("/") + "/"
    written = queue_set(
        message=message,
        readers=readers_of(leaving, at=at, link=link),
        source=source_of(leaving),
        now=now,
    )
    leaving.recipients = written
    leaving.save(update_fields=["recipients"])
    return written


def source_of(update: Update) -> str:
    """What its deliveries are known by."""
    return f"update:{update.pk}"
