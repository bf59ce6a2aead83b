import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import User
from levier.foundation.campaigns.enums import CommentPolicy, CountPolicy
from levier.foundation.campaigns.models import LONGEST, SHORTEST, Campaign, Theme
from levier.foundation.common.full_text import text_vector
from levier.foundation.directory.models import PersonInOffice, Post
from levier.gathering.petitions.enums import PUBLISHED, PetitionState

TITLE_LENGTH = 120
ASK_LENGTH = 300
SEARCHED = {"title": "A", "ask": "B", "story": "C"}


class Version(models.Model):
    """The text of a petition as it stood from one date to the next. Frozen once published (P6)."""

    petition = models.ForeignKey(
        "levier.Petition", models.CASCADE, related_name="+", db_index=False
    )
    n = models.PositiveIntegerField()
    title = models.CharField(_("titre"), max_length=TITLE_LENGTH)
    ask = models.CharField(_("demande"), max_length=ASK_LENGTH)
    story = models.TextField(_("texte"))  # clean HTML
    image = models.CharField(max_length=120, blank=True, default="")  # media path, re-encoded
    image_alt = models.CharField(_("texte de remplacement"), max_length=300, blank=True, default="")
    image_credit = models.CharField(_("légende"), max_length=300, blank=True, default="")
    sha256 = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="frozen_once_published",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]
        indexes = [GinIndex(text_vector(SEARCHED), name="version_text")]
        constraints = [
            models.UniqueConstraint(fields=["petition", "n"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(image="") | ~models.Q(image_alt=""),
                name="version_image_has_alternative",
            ),
        ]


class Petition(models.Model):
    """A demand to one decision-maker. Its words are in `Version`; its count in `signing.Tally`."""

    uuid = models.UUIDField(unique=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_supporters = models.BooleanField(default=False)  # its author need not be a member
    theme = models.ForeignKey(Theme, models.SET_NULL, null=True, blank=True, related_name="+")
    # The petition whose news invited its author to launch one too (U53).
    origin = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    addressee_post = models.ForeignKey(
        Post, models.PROTECT, null=True, blank=True, related_name="+"
    )
    addressee_person = models.ForeignKey(
        PersonInOffice, models.PROTECT, null=True, blank=True, related_name="+"
    )
    addressee_text = models.CharField(_("à qui"), max_length=200, blank=True, default="")
    state = models.CharField(
        max_length=10, choices=PetitionState.choices, default=PetitionState.DRAFT
    )
    version = models.ForeignKey(
        Version, models.PROTECT, null=True, blank=True, related_name="+"
    )  # the one the public reads
    fixed_goal = models.PositiveIntegerField(null=True, blank=True)  # null: moving goal (P39)
    count_policy = models.CharField(
        max_length=10, choices=CountPolicy.choices, null=True, blank=True
    )  # null, here and below: the campaign's
    comment_policy = models.CharField(
        max_length=10, choices=CommentPolicy.choices, null=True, blank=True
    )
    comment_words = models.TextField(null=True, blank=True)
    retention_months = models.PositiveSmallIntegerField(null=True, blank=True)
    offers_org_news = models.BooleanField(null=True)
    offers_phone = models.BooleanField(null=True)
    offers_post = models.BooleanField(null=True)
    asks_postcode = models.BooleanField(null=True)
    reviews_updates = models.BooleanField(null=True)
    country = models.CharField(max_length=2, default="FR")
    fields = models.JSONField(default=list, blank=True)  # declared extra fields, at most 5 (P8)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=PetitionState.values), name="petition_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=sorted(PUBLISHED))
                | (
                    models.Q(version__isnull=False, published_at__isnull=False)
                    & (
                        models.Q(addressee_post__isnull=False)
                        | models.Q(addressee_person__isnull=False)
                    )
                ),
                name="petition_published_has_text_and_addressee",
            ),
            models.CheckConstraint(
                condition=models.Q(fixed_goal=None) | models.Q(fixed_goal__gte=1),
                name="petition_goal_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(retention_months=None)
                | models.Q(retention_months__gte=SHORTEST, retention_months__lte=LONGEST),
                name="petition_retention_1_to_36_months",
            ),
        ]


class Slug(models.Model):
    """An address of a petition. Old ones redirect to the current one."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=120, unique=True)
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["petition"], condition=models.Q(current=True), name="slug_one_current"
            )
        ]
