from django.db import models

from levier.foundation.accounts.models import Organisation
from levier.foundation.messaging.enums import DeliveryState, DomainOutcome
from levier.foundation.messaging.models.message import Message


class MessageTally(models.Model):
    """How many deliveries of a message are in a state: the sum over `slot`.

    Written by triggers on `Delivery`, transactional lane left out. A slot is a connection's own
    (`pg_backend_pid()`), so that two senders never wait for each other; 0 is what was left by
    connections that are no more.
    """

    pk = models.CompositePrimaryKey("message", "slot", "state")
    message = models.ForeignKey(
        Message, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    slot = models.IntegerField()
    state = models.CharField(max_length=12, choices=DeliveryState.choices)
    n = models.BigIntegerField()


class DomainTally(models.Model):
    """What became of a day's mails to one domain, and the last words of its server."""

    pk = models.CompositePrimaryKey("organisation", "day", "domain", "outcome")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    day = models.DateField()  # in the installation's time zone
    domain = models.CharField(max_length=253)  # A-labels, lower case
    outcome = models.CharField(max_length=12, choices=DomainOutcome.choices)
    n = models.BigIntegerField()
    last_reply = models.CharField(max_length=300, blank=True, default="")
    last_at = models.DateTimeField()
