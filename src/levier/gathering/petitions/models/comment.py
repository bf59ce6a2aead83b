from django.db import models

from levier.foundation.accounts.models import User
from levier.foundation.people.models.person import Person
from levier.gathering.petitions.enums import CommentState
from levier.gathering.petitions.models.petition import Petition

COMMENT_LENGTHS = (10, 500)


class Comment(models.Model):
    """Why somebody signed, in plain text."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    shown_name = models.CharField(max_length=120, blank=True, default="")  # « Paul T. » if ticked
    text = models.CharField(max_length=COMMENT_LENGTHS[1])
    state = models.CharField(
        max_length=10, choices=CommentState.choices, default=CommentState.WAITING
    )
    featured_at = models.DateTimeField(null=True, blank=True)
    for_press = models.BooleanField(default=False)
    for_dossier = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    moderated_at = models.DateTimeField(null=True, blank=True)
    moderated_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "person"], name="comment_one_per_person"),
            models.CheckConstraint(
                condition=models.Q(featured_at=None) | models.Q(state=CommentState.PUBLISHED),
                name="comment_featured_is_published",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CommentState.values), name="comment_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["petition", "state", "-created_at"], name="comment_by_state")
        ]


class CommentReport(models.Model):
    """A reader's signal about a comment, once per network."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="+", db_index=False)
    reporter_key = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "reporter_key"], name="commentreport_once_per_network"
            )
        ]
