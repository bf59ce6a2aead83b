from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import WRITABLE
from levier.gathering.updates.errors import WrongState
from levier.gathering.updates.mails.team import send_reminder
from levier.gathering.updates.models.update import Update

AT_ONCE = 100


@transaction.atomic
def remind_authors(*, now: datetime) -> int:
    """Write to the authors of drafts whose day has come, once each (U11, U13). Returns how many:
    call again while it is a full page."""
    due = list(
        Update.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .filter(remind_at__lte=now)
        .select_related("petition__campaign__organisation", "author")
        .order_by("remind_at")[:AT_ONCE]
    )
    for update in due:
        if update.state in WRITABLE:
            send_reminder(update)
    Update.objects.filter(pk__in=[update.pk for update in due]).update(remind_at=None)
    return len(due)


@transaction.atomic
def set_reminder(*, update: Update, at: datetime | None, by: User, now: datetime) -> Update:
    """A word to oneself about a draft, on a day; None for none (U11). Raises WrongState."""
    draft = lock_ask(update.pk).update
    if draft.state not in WRITABLE:
        raise WrongState
    draft.remind_at = at
    draft.save(update_fields=["remind_at"])
    audit(draft, "set_reminder", by, now)
    return draft
