"""P52, P53: what the team decides of the words of signatories."""

from datetime import datetime

import pytest

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.moderation import (
    approve_comment,
    feature_comment,
    hide_comment,
    unfeature_comment,
)
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.errors import WrongState
from levier.gathering.petitions.models.comment import Comment
from levier.gathering.petitions.models.petition import Petition
from tests.cast import make_signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(lilas: Petition, now: datetime) -> Comment:
    person = make_signature(lilas).person
    assert person is not None
    return Comment.objects.create(
        petition=lilas,
        person=person,
        text="Ma fille passe par là chaque matin.",
        shown_name="Camille R.",
        created_at=now,
    )


def test_P52_a_comment_is_approved_by_somebody_at_some_time(
    comment: Comment, aicha: User, now: datetime
) -> None:
    approve_comment(comment=comment, by=aicha, now=now)
    comment.refresh_from_db()
    assert comment.state == CommentState.PUBLISHED
    assert (comment.moderated_by, comment.moderated_at) == (aicha, now)


def test_P53_only_a_published_comment_is_featured(
    comment: Comment, aicha: User, now: datetime
) -> None:
    with pytest.raises(WrongState):
        feature_comment(comment=comment, by=aicha, now=now)
    approve_comment(comment=comment, by=aicha, now=now)
    feature_comment(comment=comment, by=aicha, now=now)
    assert Comment.objects.get(pk=comment.pk).featured_at == now
    unfeature_comment(comment=comment, by=aicha, now=now)
    assert Comment.objects.get(pk=comment.pk).featured_at is None


def test_P53_a_featured_comment_that_is_hidden_is_featured_no_more(
    comment: Comment, aicha: User, now: datetime
) -> None:
    approve_comment(comment=comment, by=aicha, now=now)
    feature_comment(comment=comment, by=aicha, now=now)
    hide_comment(comment=comment, by=aicha, now=now)
    comment.refresh_from_db()
    assert (comment.state, comment.featured_at) == (CommentState.HIDDEN, None)
