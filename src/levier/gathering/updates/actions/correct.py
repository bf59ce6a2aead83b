from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.common.html_cleaning import clean_html
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.errors import NotWhole, PictureNeedsWords, WrongState
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.links_inside import without_desk_links
from levier.gathering.updates.rules.whole import missing_in

CORRECTED = ("title", "body", "photo_alt", "photo_credit", "corrected_at", "edition", "edited_by")


@transaction.atomic
def correct(
    *,
    update: Update,
    title: str,
    body: str,
    photo_alt: str = "",
    photo_credit: str = "",
    by: User,
    now: datetime,
) -> Update:
    """Put right the page of an update that left, « corrigé le … »: no mail, no window (U24). The
    page, the feed and the card say the same (U61); the address and the number stay.

    Raises NotWhole, PictureNeedsWords, WrongState.
    """
    ask = lock_ask(update.pk)
    told = ask.update
    if told.published_at is None:
        raise WrongState
    if told.photo and not photo_alt.strip():
        raise PictureNeedsWords
    told.title, told.body = title.strip(), without_desk_links(clean_html(body))
    if told.photo:
        told.photo_alt, told.photo_credit = photo_alt.strip(), photo_credit.strip()
    if missing := [one for one in missing_in(told, ask) if one.field in ("title", "body")]:
        raise NotWhole(missing)
    told.corrected_at, told.edition = now, told.edition + 1
    told.edited_by, told.edited_at = by, now
    told.save(update_fields=[*CORRECTED, "edited_at"])
    audit(told, "correct", by, now, edition=told.edition)
    return told
