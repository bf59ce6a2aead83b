from datetime import datetime

from django.db import connection, transaction

from levier.foundation.ledger.actions import append_audit
from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.actions.forgetting import forget_people
from levier.foundation.people.models.retention import DEFAULT_MONTHS
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.signing.actions.merging import hold_everything

AT_ONCE = 1_000
# The entries say whom to look at; what is true now decides.
_DUE = """
SELECT entry.person_id FROM levier_searchentry AS entry
WHERE entry.organisation_id = %(organisation)s
    AND entry.last_at <= %(now)s - coalesce((
        SELECT months FROM levier_retention WHERE organisation_id = %(organisation)s
    ), %(months)s) * interval '1 month'
    AND NOT EXISTS (
        SELECT FROM levier_consentstate WHERE person_id = entry.person_id AND given
    )
    AND NOT EXISTS (SELECT FROM levier_signature WHERE person_id = entry.person_id)
    AND NOT EXISTS (
        SELECT FROM levier_paperline
        WHERE person_id = entry.person_id AND anonymised_at IS NULL
    )
ORDER BY entry.person_id LIMIT %(at_most)s
"""


@transaction.atomic
def forget_due(*, organisation_id: int, now: datetime, at_most: int = AT_ONCE) -> int:
    """Forget people who agreed to nothing, have no signature that is still theirs, and did
    nothing for as long as their organisation says. Words that were public stay, without a name.

    Whoever signs at that very moment waits, and is found again or is new. Returns how many were
    forgotten: call again until none is. Safe to run twice.
    """
    if not _due(organisation_id, now, 1):
        return 0
    hold_everything(organisation_id)
    body = {"act": "people.forget_due"}
    append_audit(scope=organisation_id, body=body, by=None, now=now)
    ids = _due(organisation_id, now, at_most)
    words = Comment.objects.filter(person__in=ids)
    words.filter(state=CommentState.PUBLISHED).update(shown_name="")
    words.exclude(state=CommentState.PUBLISHED).delete()
    Delivery.objects.filter(person__in=ids).delete()
    forget_people(person_ids=ids, now=now)
    return len(ids)


def _due(organisation_id: int, now: datetime, at_most: int) -> list[int]:
    values: dict[str, int | datetime] = {
        "organisation": organisation_id,
        "now": now,
        "months": DEFAULT_MONTHS,
        "at_most": at_most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        return [row[0] for row in cursor.fetchall()]
