from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from levier.foundation.directory.models import ContactDetail
from levier.gathering.updates.enums import TO_DECISION_MAKER, AskKind
from levier.gathering.updates.models.update import Update

LABEL_LENGTH = 60
INSTRUCTIONS_LENGTH = 1_000
SUGGESTED_LENGTH = 2_000
PLACE_LENGTH = 200


class Ask(models.Model):
    """The one thing an update asks: a second is refused by the table itself (U8).

    A draft may still lack its contact or its hours; the update's publication checks them.
    """

    update = models.OneToOneField(Update, models.CASCADE, primary_key=True, related_name="+")
    kind = models.CharField(max_length=10, choices=AskKind.choices)
    label = models.CharField(_("bouton"), max_length=LABEL_LENGTH)
    instructions = models.TextField(_("ce que vous demandez"), blank=True, default="")
    suggested_text = models.TextField(_("texte proposé"), blank=True, default="")
    contact = models.ForeignKey(  # of the decision-maker
        ContactDetail, models.PROTECT, null=True, blank=True, related_name="+"
    )
    event_type = models.CharField(max_length=60, blank=True, default="")
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=40, blank=True, default="")  # IANA, of the event
    place = models.CharField(_("lieu"), max_length=PLACE_LENGTH, blank=True, default="")
    place_is_public = models.BooleanField(default=True)  # else for who said yes (U48)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0)  # of the calendar file (RFC 5545)
    event_cancelled_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    # Two figures, never added (U44).
    started = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AskKind.values), name="ask_kind_known"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="ask_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | ~Q(zone=""), name="ask_hours_have_a_zone"
            ),
            models.CheckConstraint(
                condition=Q(contact=None) | Q(kind__in=sorted(TO_DECISION_MAKER)),
                name="ask_contact_when_one_is_used",
            ),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(capacity__gte=1), name="ask_capacity_positive"
            ),
        ]
