from django.db import models

from levier.foundation.messaging.enums import TROUBLE, DeliveryState, EventKind, Hold, Lane
from levier.foundation.messaging.models.message import Message
from levier.foundation.people.models.person import ContactPoint, Person


class Delivery(models.Model):
    """One message to one person, once: unique by (source, person, ordinal).

    A million are written by one statement: its parents are rows that are never deleted, or whose
    deletion the claim sees, so the database checks none of them again.
    """

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(
        Message, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_constraint=False)
    contact_point = models.ForeignKey(
        ContactPoint, models.CASCADE, related_name="+", db_constraint=False
    )
    source = models.CharField(max_length=80)  # "signature:123:thanks"
    ordinal = models.PositiveIntegerField(default=0)
    lane = models.CharField(max_length=16, choices=Lane.choices)
    state = models.CharField(
        max_length=12, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    context = models.JSONField(default=dict)
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    held_for = models.CharField(
        max_length=8, choices=Hold.choices, blank=True, default=Hold.NONE, db_default=Hold.NONE
    )
    held_since = models.DateTimeField(null=True, blank=True)
    counted = models.BooleanField(default=False, db_default=False)  # in the reader's Pressure
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_by = models.UUIDField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    last_reply = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "person", "ordinal"], name="delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(lane__in=Lane.values), name="delivery_lane_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=DeliveryState.CLAIMED) | ~models.Q(claimed_by=None),
                name="delivery_claimed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"],
                condition=models.Q(state=DeliveryState.QUEUED, lane=Lane.TRANSACTIONAL),
                name="delivery_queue",
            ),
            models.Index(
                fields=["lane", "message", "not_before", "id"],
                condition=models.Q(state=DeliveryState.QUEUED) & ~models.Q(lane=Lane.TRANSACTIONAL),
                name="delivery_message_queue",
            ),
            models.Index(
                fields=["claimed_at"],
                condition=models.Q(state=DeliveryState.CLAIMED),
                name="delivery_claims",
            ),
            models.Index(
                fields=["message", "id"],
                condition=models.Q(state__in=sorted(TROUBLE)),
                name="delivery_trouble",
            ),
        ]

    @property
    def domain(self) -> str:
        """Where the address lives, as compared: in A-labels, lower case."""
        point = self.contact_point
        return point.canonical.rpartition("@")[2] or point.typed.rpartition("@")[2].lower()


class DeliveryEvent(models.Model):
    """What a server or a provider told of a delivery, each notice once."""

    pk = models.CompositePrimaryKey("provider", "event_id")
    provider = models.CharField(max_length=40)  # "smtp" for replies of our own route
    event_id = models.CharField(max_length=120)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=EventKind.choices)
    reply = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()
