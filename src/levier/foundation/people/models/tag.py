from django.db import models

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.people.models.person import Person

TAG_LENGTH = 40


class Tag(models.Model):
    """A word the team puts on people, such as « bénévole ». `folded` is what is compared."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=TAG_LENGTH)
    folded = models.CharField(max_length=2 * TAG_LENGTH)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "folded"], name="tag_once"),
            models.CheckConstraint(condition=~models.Q(folded=""), name="tag_says_something"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonTag(models.Model):
    """A tag on a person, since when, put by whom; nobody when a file brought it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "tag"], name="persontag_once")]


class Tagging(models.Model):
    """A tag being put on, or taken off, all the people some conditions name: its progress."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+", db_index=False)
    adds = models.BooleanField()
    conditions = models.JSONField()
    sentence = models.TextField()
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    # People are taken in the order of their ids, up to the last one there was at the start.
    reached = models.BigIntegerField(default=0)
    until = models.BigIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
