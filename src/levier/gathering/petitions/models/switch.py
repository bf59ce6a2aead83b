from django.db import models

from levier.foundation.accounts.models import User
from levier.gathering.petitions.enums import SwitchKind
from levier.gathering.petitions.models.petition import Petition

SENTENCE_LENGTH = 300


class Switch(models.Model):
    """Something stopped, held or asked for a while: the row is the switch thrown (P71).

    Without a petition it holds for the whole site. Taking it back deletes the row; the log keeps
    who threw it and who took it back.
    """

    kind = models.CharField(max_length=10, choices=SwitchKind.choices)
    petition = models.ForeignKey(
        Petition, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    sentence = models.CharField(max_length=SENTENCE_LENGTH)  # what the public reads
    thrown_at = models.DateTimeField()
    thrown_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "kind"], name="switch_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=SwitchKind.values), name="switch_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=SwitchKind.LAUNCH) | models.Q(petition=None),
                name="switch_launch_is_of_the_site",
            ),
            models.CheckConstraint(condition=~models.Q(sentence=""), name="switch_says_why"),
        ]
