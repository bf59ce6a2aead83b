"""A reader's signal about a comment (P52)."""

import hmac
from datetime import datetime

from django.db import transaction

from levier.foundation.campaigns.enums import CommentPolicy
from levier.foundation.common.tokens import key_for
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.comment import Comment, CommentReport
from levier.gathering.petitions.rules.choices import in_force

ENOUGH = 3  # distinct reports that hide a comment nobody of the team has read


@transaction.atomic
def flag_comment(*, comment: int, network: str, now: datetime) -> bool:
    """Report a published comment, once per network; returns whether this hid it.

    Where comments are seen before they are read (AFTER), the third distinct report since the team
    last looked hides it. Elsewhere the team has already approved it: reports wait for them.
    """
    flagged = (
        Comment.objects.select_for_update().select_related("petition__campaign").get(pk=comment)
    )
    if flagged.state != CommentState.PUBLISHED:
        return False
    key = reporter_key(comment=comment, network=network)
    CommentReport.objects.get_or_create(comment=flagged, reporter_key=key, defaults={"at": now})
    if not _must_hide(flagged):
        return False
    Comment.objects.filter(pk=comment).update(state=CommentState.HIDDEN, featured_at=None)
    return True


def reporter_key(*, comment: int, network: str) -> bytes:
    """What stands for who reported: says nothing from one comment to the next."""
    return hmac.digest(key_for("comment-report"), f"{comment}:{network}".encode(), "sha256")


def _must_hide(comment: Comment) -> bool:
    if in_force(comment.petition, "comment_policy") != CommentPolicy.AFTER:
        return False
    reports = CommentReport.objects.filter(comment=comment)
    if comment.moderated_at is not None:
        reports = reports.filter(at__gt=comment.moderated_at)
    return reports.count() >= ENOUGH
