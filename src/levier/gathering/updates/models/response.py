from django.db import models
from django.db.models import Q

from levier.foundation.accounts.models import User
from levier.foundation.people.models.person import Person
from levier.gathering.updates.enums import Answer, CallResult, ResponseState
from levier.gathering.updates.models.ask import Ask

WORDS_LENGTH = 5_000
CONTACT_LENGTH = 300


class Response(models.Model):
    """What one person answered to an ask. One row each: the last answer stands (U39)."""

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Answer.choices)
    words = models.TextField(blank=True, default="")
    # Somebody proposed: a third person's data, erased after 90 days if not used (U49).
    contact = models.CharField(max_length=CONTACT_LENGTH, blank=True, default="")
    contact_used_at = models.DateTimeField(null=True, blank=True)
    photo = models.CharField(max_length=120, blank=True, default="")  # media path, re-encoded
    call_result = models.CharField(
        max_length=10, choices=CallResult.choices, blank=True, default=""
    )
    # The author's own ticks, for each use (U50).
    for_page = models.BooleanField(default=False)
    for_press = models.BooleanField(default=False)
    for_dossier = models.BooleanField(default=False)
    show_name = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=ResponseState.choices, default=ResponseState.WAITING
    )
    useful = models.BooleanField(default=False)
    handled_at = models.DateTimeField(null=True, blank=True)  # « Fait »
    handled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # Of an event: on the waiting list since, null when in; and whether they came.
    waiting_since = models.DateTimeField(null=True, blank=True)
    present = models.BooleanField(null=True, blank=True)
    at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ask", "person"], name="response_once"),
            models.CheckConstraint(
                condition=Q(kind__in=Answer.values, state__in=ResponseState.values),
                name="response_words_known",
            ),
        ]
        indexes = [
            models.Index(fields=["ask", "state", "-at"], name="response_to_sort"),
            models.Index(
                fields=["ask", "waiting_since", "id"],
                condition=Q(waiting_since__isnull=False),
                name="response_waiting",
            ),
        ]
