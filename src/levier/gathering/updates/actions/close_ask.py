from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.ledger.actions import append_audit
from levier.gathering.updates.actions.answering import locked
from levier.gathering.updates.models.ask import Ask


@transaction.atomic
def close_ask(*, ask_id: int, by: User, now: datetime) -> Ask:
    """Take no answer any more, and show what was obtained instead (U56). What is closed stays
    closed at its own hour."""
    ask = locked(ask_id)
    if ask.closes_at is None or ask.closes_at > now:
        ask.closes_at = now
        ask.save(update_fields=["closes_at"])
        organisation = ask.update.petition.campaign.organisation_id
        body = {"act": "updates.close_ask", "ask": ask.pk}
        append_audit(scope=organisation, body=body, by=by.pk, now=now)
    return ask
