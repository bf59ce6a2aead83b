from django.db import models
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.enums import CommentPolicy, CountPolicy, TeamRole


class Campaign(models.Model):
    """What an organisation wants changed, and the choices its petitions inherit."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=120)
    slug = models.SlugField(max_length=80)
    count_policy = models.CharField(
        max_length=10, choices=CountPolicy.choices, default=CountPolicy.AT_ONCE
    )
    comment_policy = models.CharField(
        max_length=10, choices=CommentPolicy.choices, default=CommentPolicy.BEFORE
    )
    retention_months = models.PositiveSmallIntegerField(default=6)
    offers_org_news = models.BooleanField(default=True)
    offers_phone = models.BooleanField(default=False)
    offers_post = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "slug"], name="campaign_slug_once"),
            models.CheckConstraint(
                condition=models.Q(retention_months__gte=1, retention_months__lte=36),
                name="campaign_retention_1_to_36_months",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A user's part in one campaign."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=TeamRole.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "user"], name="teammember_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=TeamRole.values), name="teammember_role_known"
            ),
        ]
