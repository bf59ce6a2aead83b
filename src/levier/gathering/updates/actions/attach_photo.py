import re
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.enums import WRITABLE
from levier.gathering.updates.errors import NotAPicture, PictureNeedsWords, WrongState
from levier.gathering.updates.models.update import Update

OURS = re.compile(r"images/[0-9a-f]{32}\.jpg")  # what `common.images` keeps, without metadata
# A photo of a meeting stays where it is: its place in the archive decides who sees it.
OF_A_MEETING = re.compile(r"/medias/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/")
PHOTO = ("photo", "photo_alt", "photo_credit", "edited_by", "edited_at", "approved_by")


@transaction.atomic
def attach_photo(
    *, update: Update, photo: str, alt: str, credit: str = "", by: User, now: datetime
) -> Update:
    """Illustrate a draft with a picture that `common.images` stored, or with a photo of a meeting
    at its own address; `alt` says what it shows (U4).

    Raises PictureNeedsWords, NotAPicture, WrongState.
    """
    if not alt.strip():
        raise PictureNeedsWords
    stored = OURS.fullmatch(photo) and default_storage.exists(photo)
    if not stored and not OF_A_MEETING.fullmatch(photo):
        raise NotAPicture
    return _write(update, photo, alt.strip(), credit.strip(), by, now)


@transaction.atomic
def remove_photo(*, update: Update, by: User, now: datetime) -> Update:
    """Without a picture. Twice is the same as once. Raises WrongState."""
    return _write(update, "", "", "", by, now)


def _write(update: Update, photo: str, alt: str, credit: str, by: User, now: datetime) -> Update:
    draft = lock_ask(update.pk).update
    if draft.state not in WRITABLE:
        raise WrongState
    draft.photo, draft.photo_alt, draft.photo_credit = photo, alt, credit
    draft.edited_by, draft.edited_at, draft.approved_by = by, now, None
    draft.save(update_fields=PHOTO)
    audit(draft, "attach_photo" if photo else "remove_photo", by, now)
    return draft
