from django.db import models
from django.db.models import Q

from levier.foundation.accounts.models import Organisation
from levier.foundation.campaigns.models import Campaign
from levier.gathering.petitions.enums import ShareNetwork
from levier.gathering.petitions.models.petition import Petition


class ShareText(models.Model):
    """What is proposed to say on one network: by a petition, by its campaign for all of its own, by
    the organisation for all. The nearest one counts; without a row, the words we would choose."""

    petition = models.ForeignKey(
        Petition, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    campaign = models.ForeignKey(
        Campaign, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    network = models.CharField(max_length=10, choices=ShareNetwork.choices)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "network"], name="sharetext_once"),
            models.UniqueConstraint(
                fields=["campaign", "network"], name="sharetext_once_per_campaign"
            ),
            models.UniqueConstraint(
                fields=["organisation", "network"], name="sharetext_once_per_organisation"
            ),
            models.CheckConstraint(
                condition=Q(petition__isnull=False, campaign=None, organisation=None)
                | Q(petition=None, campaign__isnull=False, organisation=None)
                | Q(petition=None, campaign=None, organisation__isnull=False),
                name="sharetext_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(network__in=ShareNetwork.values), name="sharetext_network_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="sharetext_says_something"),
        ]
