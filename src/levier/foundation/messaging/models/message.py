from django.db import models

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.enums import Lane, MessageState
from levier.foundation.messaging.models.template import Template
from levier.foundation.people.enums import Purpose


class Message(models.Model):
    """One thing said to many: a template, its lane and purpose, and what all its readers share."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    template = models.ForeignKey(Template, models.PROTECT, related_name="+")
    lane = models.CharField(max_length=16, choices=Lane.choices)
    # Empty for a transactional message, which answers a gesture and needs no consent.
    purpose = models.CharField(max_length=20, choices=Purpose.choices, blank=True, default="")
    source = models.CharField(max_length=80)  # "petition:12"
    context = models.JSONField(default=dict)
    context_sha256 = models.BinaryField(max_length=32)
    expires_after = models.DurationField()
    state = models.CharField(
        max_length=10,
        choices=MessageState.choices,
        default=MessageState.RUNNING,
        db_default=MessageState.RUNNING,
    )
    unsubscribed = models.PositiveIntegerField(default=0, db_default=0)  # people, by its link
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "template", "source", "context_sha256"],
                name="message_once",
            ),
            models.CheckConstraint(
                condition=models.Q(lane=Lane.TRANSACTIONAL) | ~models.Q(purpose=""),
                name="message_purpose_unless_transactional",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=MessageState.values), name="message_state_known"
            ),
        ]
