"""Reading news before they are public: by the team, and whom it gives the link."""

from datetime import datetime, timedelta

from levier.foundation.common.tokens import seal, unseal
from levier.gathering.updates.models.update import Update

PREVIEW = "update-preview"
PREVIEW_AGE = timedelta(days=7)


def update_preview_path(update: Update, *, now: datetime) -> str:
    """The address where anyone who has it reads a draft as its page will be, for a week."""
    return f"/apercu/nouvelle/{seal(PREVIEW, update.pk, now=now)}/"


def update_in(token: str, *, now: datetime) -> int:
    """The update that a link shows. Raises BadToken, ExpiredToken."""
    update, _ = unseal(PREVIEW, token, now=now, max_age=PREVIEW_AGE)
    return int(update)
