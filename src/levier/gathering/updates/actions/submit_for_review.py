from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import NotWhole, WrongState
from levier.gathering.updates.mails.team import send_to_approve
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.whole import missing_in


@transaction.atomic
def submit_for_review(*, update: Update, by: User, now: datetime) -> Update:
    """Ask the team to read a draft, and tell them (U15). Raises NotWhole, WrongState."""
    ask = lock_ask(update.pk)
    draft = ask.update
    if draft.state != UpdateState.DRAFT:
        raise WrongState
    if missing := missing_in(draft, ask):
        raise NotWhole(missing)
    draft.state, draft.sent_back_because = UpdateState.IN_REVIEW, ""
    draft.save(update_fields=["state", "sent_back_because"])
    audit(draft, "submit_for_review", by, now, edition=draft.edition)
    send_to_approve(draft)
    return draft
