from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import Organisation, User
from levier.foundation.campaigns.enums import CommentPolicy, CountPolicy, TeamRole

WORDS_LENGTH = 4_000
#: The choices that are inherited: columns of `Choices`, and of petitions, where null follows.
INHERITED = (
    "count_policy",
    "comment_policy",
    "comment_words",
    "retention_months",
    "offers_org_news",
    "offers_phone",
    "offers_post",
    "asks_postcode",
    "reviews_updates",
)
SHORTEST, LONGEST = 1, 36  # months


class Theme(models.Model):
    """What petitions are about, for readers who look around. Rows, so that a site has its own."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("thème"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Choices(models.Model):
    """What petitions inherit: from the organisation by the campaign (docs/decisions/68)."""

    count_policy = models.CharField(
        max_length=10, choices=CountPolicy.choices, default=CountPolicy.AT_ONCE
    )
    comment_policy = models.CharField(
        max_length=10, choices=CommentPolicy.choices, default=CommentPolicy.BEFORE
    )
    comment_words = models.TextField(blank=True, default="")  # one per line (P52)
    retention_months = models.PositiveSmallIntegerField(default=6)
    offers_org_news = models.BooleanField(default=True)
    offers_phone = models.BooleanField(default=False)
    offers_post = models.BooleanField(default=False)
    asks_postcode = models.BooleanField(default=True)
    reviews_updates = models.BooleanField(default=False)  # by somebody else, before they leave

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(retention_months__gte=SHORTEST, retention_months__lte=LONGEST),
                name="%(class)s_retention_1_to_36_months",
            )
        ]


class OrganisationChoices(Choices):
    """What a campaign follows unless it chose for itself. No row: what most people want."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="+"
    )


class Campaign(Choices):
    """What an organisation wants changed, and the choices its petitions inherit.

    Its columns are what is in force: a signature looks no further up. `own` names those the
    campaign chose itself; the others follow the organisation, and are written when it changes.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=120)
    slug = models.SlugField(max_length=80)
    own = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # Only its team enters, and those responsible for the organisation.
    team_is_closed = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta(Choices.Meta):
        abstract = False
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Choices.Meta.constraints,
            models.UniqueConstraint(fields=["organisation", "slug"], name="campaign_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """A user's part in one campaign. It decides there, whatever their role elsewhere."""

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
