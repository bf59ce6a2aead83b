"""Whose words are read by somebody else before they leave (U15)."""

from levier.gathering.petitions.rules.choices import in_force
from levier.gathering.updates.models.update import Update


def review_is_wanted(update: Update) -> bool:
    """For a petition that a supporter launched, what they write themselves; for the team, where
    it chose so. Wants the petition with its campaign."""
    petition = update.petition
    theirs = petition.author_id in (update.author_id, update.edited_by_id)
    return (petition.is_supporters and theirs) or bool(in_force(petition, "reviews_updates"))


def awaits_approval(update: Update) -> bool:
    """Whether it cannot leave yet for want of a reader."""
    return update.approved_by_id is None and review_is_wanted(update)
