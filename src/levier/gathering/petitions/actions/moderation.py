"""What the team decides of the words of signatories (P52, P53)."""

from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import audit
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.errors import WrongState
from levier.gathering.petitions.models.comment import Comment


@transaction.atomic
def approve_comment(*, comment: Comment, by: User, now: datetime) -> Comment:
    """Let it be read by anyone."""
    return _decided(comment, CommentState.PUBLISHED, "approve_comment", by, now)


@transaction.atomic
def hide_comment(*, comment: Comment, by: User, now: datetime) -> Comment:
    """Let nobody read it, featured or not."""
    return _decided(comment, CommentState.HIDDEN, "hide_comment", by, now)


@transaction.atomic
def keep_comment(*, comment: Comment, by: User, now: datetime) -> Comment:
    """It was reported, somebody of the team read it again, and it stays: only later reports count.
    Raises WrongState unless it is published."""
    comment = _locked(comment)
    if comment.state != CommentState.PUBLISHED:
        raise WrongState
    comment.moderated_at, comment.moderated_by = now, by
    comment.save(update_fields=["moderated_at", "moderated_by"])
    audit(comment.petition, "keep_comment", by, now, comment=comment.pk)
    return comment


@transaction.atomic
def feature_comment(*, comment: Comment, by: User, now: datetime) -> Comment:
    """Show it first. Raises WrongState unless it is published (P53)."""
    return _featured(comment, now, "feature_comment", by, now)


@transaction.atomic
def unfeature_comment(*, comment: Comment, by: User, now: datetime) -> Comment:
    """Give it back its place among the others."""
    return _featured(comment, None, "unfeature_comment", by, now)


def _decided(comment: Comment, state: CommentState, act: str, by: User, now: datetime) -> Comment:
    comment = _locked(comment)
    if comment.state == state:
        return comment
    comment.state = state
    comment.featured_at = None
    comment.moderated_at, comment.moderated_by = now, by
    comment.save(update_fields=["state", "featured_at", "moderated_at", "moderated_by"])
    audit(comment.petition, act, by, now, comment=comment.pk)
    return comment


def _featured(comment: Comment, at: datetime | None, act: str, by: User, now: datetime) -> Comment:
    comment = _locked(comment)
    if comment.state != CommentState.PUBLISHED:
        raise WrongState
    if (comment.featured_at is None) != (at is None):
        comment.featured_at = at
        comment.save(update_fields=["featured_at"])
        audit(comment.petition, act, by, now, comment=comment.pk)
    return comment


def _locked(comment: Comment) -> Comment:
    return (
        Comment.objects.select_for_update(of=("self",))
        .select_related("petition__campaign")
        .get(pk=comment.pk)
    )
