from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.foundation.common.html_cleaning import clean_html
from levier.foundation.directory.models import ContactDetail
from levier.gathering.updates.actions.locking import audit, lock_ask
from levier.gathering.updates.actions.start_draft import last_milestone
from levier.gathering.updates.enums import TO_DECISION_MAKER, WRITABLE, AskKind, UpdateKind
from levier.gathering.updates.errors import (
    AskNotAllowed,
    ChangedMeanwhile,
    ContactNotShown,
    WrongHours,
    WrongState,
)
from levier.gathering.updates.models.ask import Ask
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.rules.asks import asks_allowed
from levier.gathering.updates.rules.links_inside import without_desk_links
from levier.gathering.updates.rules.words import AskWords, Words


@transaction.atomic
def save_draft(
    *, update: Update, words: Words, ask: AskWords, edition: int, by: User, now: datetime
) -> Update:
    """Keep what was typed so far, whole or not (U2); an approval falls with the words it was given
    to.

    `edition` is the one the words were typed over. Raises ChangedMeanwhile with both versions,
    AskNotAllowed, ContactNotShown, WrongHours, WrongState.
    """
    kept = lock_ask(update.pk)
    draft = kept.update
    if draft.state not in WRITABLE:
        raise WrongState
    if draft.edition != edition:
        raise ChangedMeanwhile(kept, words, ask)
    if ask.kind not in asks_allowed(words.kind):
        raise AskNotAllowed
    _keep_ask(kept, ask)
    _keep_words(draft, words, by, now)
    audit(draft, "save_draft", by, now, edition=draft.edition)
    return draft


def _keep_words(draft: Update, words: Words, by: User, now: datetime) -> None:
    draft.kind, draft.title = words.kind, words.title
    draft.body = without_desk_links(clean_html(words.body))
    draft.audience = words.audience.kept()
    is_milestone = words.kind == UpdateKind.MILESTONE
    draft.milestone = last_milestone(draft.petition) if is_milestone else None
    mark_edited(draft, by, now)
    draft.save(
        update_fields=["kind", "title", "body", "audience", "milestone", *EDITED],
    )


EDITED = ("edition", "edited_by", "edited_at", "approved_by")


def mark_edited(draft: Update, by: User, now: datetime) -> None:
    """One more edition, by somebody: whoever had approved another one approved nothing of it."""
    draft.edition += 1
    draft.edited_by, draft.edited_at, draft.approved_by = by, now, None


def _keep_ask(kept: Ask, typed: AskWords) -> None:
    told = _fitting(typed)
    contact = _contact(kept, told)
    if told.starts_at and told.ends_at and told.ends_at <= told.starts_at:
        raise WrongHours
    for name, value in {**asdict(told), "contact": contact}.items():
        setattr(kept, name, value)
    kept.save(update_fields=[*asdict(told)])


def _fitting(typed: AskWords) -> AskWords:
    """Without what this kind of ask has no use for."""
    told = typed if typed.kind in TO_DECISION_MAKER else replace(typed, contact=None)
    if told.kind == AskKind.ATTEND:
        return told
    told = replace(told, event_type="", zone="", place="", place_is_public=True)
    return replace(told, starts_at=None, ends_at=None, capacity=None)


def _contact(kept: Ask, told: AskWords) -> ContactDetail | None:
    """One of the organisation's own, public and professional (U45)."""
    if told.contact is None:
        return None
    owner = kept.update.petition.campaign.organisation_id
    found = ContactDetail.objects.filter(pk=told.contact, owner=owner, is_public=True).first()
    if found is None:
        raise ContactNotShown
    return found
