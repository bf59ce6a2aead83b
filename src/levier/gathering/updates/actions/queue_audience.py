from datetime import datetime

from django.db import connection, transaction

from levier.foundation.messaging.actions.queue_set import queue_set
from levier.gathering.petitions.queries import desk_slug
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.readers import readers_of
from levier.gathering.updates.rules.answering import answer_link

# Not the row of the update: somebody who pauses or cancels waits for no million of mails. What is
# written after a cancellation is closed by the next claim, unsent.
_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
WANTED = frozenset({UpdateState.SENDING, UpdateState.PAUSED})


@transaction.atomic
def queue_audience(*, update: int, now: datetime) -> int:
    """Write one delivery for each person of the audience, in one statement (docs/decisions/82).

    Whoever signs after the update appeared is not among them (U27); run again, it writes nothing
    (U28). Returns how many were written.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [f"updates.queue_audience:{update}"])
    leaving = _leaving(update)
    if leaving is None or leaving.message is None or leaving.published_at is None:
        return 0
    message, at = leaving.message, leaving.published_at
    link = answer_link(desk_slug(leaving.petition), leaving.n, "").rstrip("/") + "/"
    written = queue_set(
        message=message,
        readers=readers_of(leaving, at=at, link=link),
        source=source_of(leaving),
        now=now,
    )
    Update.objects.filter(pk=update).update(recipients=written)
    return written


def _leaving(update: int) -> Update | None:
    """The update, if its mails are still to be written."""
    return (
        Update.objects.filter(pk=update, state__in=WANTED, recipients=None)
        .select_related("message", "petition__campaign__organisation")
        .first()
    )


def source_of(update: Update) -> str:
    """What its deliveries are known by."""
    return f"update:{update.pk}"
