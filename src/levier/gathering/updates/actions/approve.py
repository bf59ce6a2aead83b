from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import UpdateState
from levier.gathering.updates.errors import ChangedMeanwhile, NotYourOwnReview, WrongState
from levier.gathering.updates.mails.team import send_approved
from levier.gathering.updates.models.update import Update


@transaction.atomic
def approve(*, update: Update, edition: int, by: User, now: datetime) -> Update:
    """Say that it may leave, and tell its author (U15). It leaves by `publish`; a change of its
    words takes the approval back.

    `edition` is the one that was read. Raises ChangedMeanwhile, NotYourOwnReview, WrongState.
    """
    ask = lock_ask(update.pk)
    draft = ask.update
    if draft.state != UpdateState.IN_REVIEW:
        raise WrongState
    if draft.edition != edition:
        raise ChangedMeanwhile(ask, None, None)
    if by.pk in (draft.author_id, draft.edited_by_id):
        raise NotYourOwnReview
    draft.approved_by, draft.sent_back_because = by, ""
    draft.save(update_fields=["approved_by", "sent_back_because"])
    audit(draft, "approve", by, now, edition=edition)
    send_approved(draft, by=by)
    return draft
