from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.updates.enums import Answer
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.response import Response


@transaction.atomic
def mark_present(
    *, ask: Ask, responses: Iterable[int], present: bool | None, by: User, now: datetime
) -> int:
    """Write down who came to an event, or did not, or take it back (None). Returns how many."""
    mine = Response.objects.filter(ask=ask, pk__in=list(responses))
    marked = mine.filter(kind__in=[Answer.YES, Answer.MAYBE]).update(present=present)
    body = {"act": "updates.mark_present", "ask": ask.pk, "present": present, "people": marked}
    append_audit(scope=ask.update.petition.campaign.organisation_id, body=body, by=by.pk, now=now)
    return marked
