from django.db import models

from levier.gathering.petitions.enums import ShareNetwork
from levier.gathering.petitions.models.petition import Petition


class ShareText(models.Model):
    """What a petition proposes to say on one network; without a row, the words we would choose."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    network = models.CharField(max_length=10, choices=ShareNetwork.choices)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "network"], name="sharetext_once"),
            models.CheckConstraint(
                condition=models.Q(network__in=ShareNetwork.values), name="sharetext_network_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="sharetext_says_something"),
        ]
