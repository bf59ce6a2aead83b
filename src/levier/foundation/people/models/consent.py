import pgtrigger
from django.db import models

from levier.foundation.people.enums import (
    Channel,
    Purpose,
)
from levier.foundation.people.models.person import Person

# The news of a petition are agreed to petition by petition, everything else once for all.
_SCOPED = models.Q(purpose=Purpose.PETITION_NEWS, scope__startswith="petition:") | (
    ~models.Q(purpose=Purpose.PETITION_NEWS) & models.Q(scope="")
)


class Consent(models.Model):
    """One statement of consent, given or withdrawn, in its exact wording. Append-only (J1)."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_constraint=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    # "petition:12" for the news of that petition; "" where the purpose says all.
    scope = models.CharField(max_length=40, blank=True, default="", db_default="")
    given = models.BooleanField()
    wording = models.TextField()
    source = models.CharField(max_length=60)  # such as "signature:8686" or "moi"
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values, purpose__in=Purpose.values),
                name="consent_channel_and_purpose_known",
            ),
            models.CheckConstraint(condition=_SCOPED, name="consent_scope_of_purpose"),
        ]


class ConsentState(models.Model):
    """The latest statement for a person, channel and purpose, kept beside the statements."""

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    # "petition:12" for the news of that petition; "" where the purpose says all.
    scope = models.CharField(max_length=40, blank=True, default="", db_default="")
    given = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel", "purpose", "scope"], name="consentstate_once"
            ),
            models.CheckConstraint(condition=_SCOPED, name="consentstate_scope_of_purpose"),
        ]
