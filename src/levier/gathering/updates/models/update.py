from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import User
from levier.foundation.messaging.models.message import Message
from levier.gathering.petitions.models.milestone import Milestone
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.press_link import PRESS_URL_LENGTH, PressLink
from levier.gathering.updates.enums import WRITABLE, ArticleState, UpdateKind, UpdateState

TITLE_LENGTH = 120
BODY_LENGTH = 10_000


class Update(models.Model):
    """News of a petition, with its one ask (`Ask.update`).

    Two of one petition never leave within twenty-four hours of each other: a trigger of the
    database refuses it whoever writes (U21). A draft is whatever was typed so far; what is
    published is whole (U3; its ask is checked by the trigger, being another table's).
    """

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="+", db_index=False)
    n = models.PositiveIntegerField(null=True)  # given when it is published: the public address
    kind = models.CharField(max_length=20, choices=UpdateKind.choices)
    title = models.CharField(_("titre"), max_length=TITLE_LENGTH, blank=True, default="")
    body = models.TextField(_("nouvelle"), blank=True, default="")  # clean HTML
    # A media path, re-encoded; or the address of a photo of a meeting, never a copy of it (U4).
    photo = models.CharField(max_length=120, blank=True, default="")
    photo_alt = models.CharField(max_length=300, blank=True, default="")
    photo_credit = models.CharField(max_length=300, blank=True, default="")
    press_link = models.ForeignKey(
        PressLink, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The article as the draft has it: {"title", "outlet", "day", "image"}. Its `press_link` is made
    # when the update is published: until then nobody else sees it.
    article_url = models.CharField(max_length=PRESS_URL_LENGTH, blank=True, default="")
    article = models.JSONField(default=dict, blank=True)
    article_state = models.CharField(
        max_length=8, choices=ArticleState.choices, blank=True, default=""
    )
    milestone = models.ForeignKey(  # whose figure the news tells (U54)
        Milestone, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # U25: {"areas": ["FR-35"], "confirmed_only": true, "silent_since": <update id>}; {} is all.
    audience = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=UpdateState.choices, default=UpdateState.DRAFT)
    release_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    first_sent_at = models.DateTimeField(null=True, blank=True)  # its first mail left
    finished_at = models.DateTimeField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    message = models.OneToOneField(Message, models.PROTECT, null=True, blank=True, related_name="+")
    follows = models.ForeignKey(  # MEETING_HELD drafted with its MEETING_OBTAINED (U13)
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    remind_at = models.DateTimeField(null=True, blank=True)  # the draft, to its author (U11, U13)
    # How many deliveries were written when it left; null until its audience is fixed (U27).
    recipients = models.PositiveIntegerField(null=True, blank=True)
    readers_by_area = models.JSONField(default=dict, blank=True)  # {"FR-35": 41}, counted once
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sent_back_because = models.TextField(blank=True, default="")
    edition = models.PositiveIntegerField(default=1)  # grows at each change: two editors see it
    edited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "n"], name="update_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=UpdateKind.values, state__in=UpdateState.values),
                name="update_words_known",
            ),
            models.CheckConstraint(
                condition=Q(photo="") | ~Q(photo_alt=""), name="update_photo_has_alternative"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted({*WRITABLE, UpdateState.CANCELLED}))
                | (
                    ~Q(title="")
                    & ~Q(body="")
                    & Q(release_at__isnull=False)
                    & (~Q(photo="") | Q(press_link__isnull=False))
                ),
                name="update_released_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(n__isnull=False),
                name="update_published_has_number",
            ),
            models.CheckConstraint(
                condition=Q(article_state__in=["", *ArticleState.values]),
                name="update_article_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["petition", "-release_at"], name="update_window"),
            models.Index(
                fields=["release_at"],
                condition=Q(state=UpdateState.SCHEDULED),
                name="update_due",
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="update_remind",
            ),
        ]
