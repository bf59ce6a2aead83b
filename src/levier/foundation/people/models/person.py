import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from levier.foundation.accounts.models import Organisation
from levier.foundation.people.enums import (
    Channel,
    ContactState,
)


class Person(models.Model):
    """A supporter of one organisation. Names are what the person first gave, never overwritten.

    A row is never deleted, and PostgreSQL refuses it: erased or merged, it stays, bare; taken back
    with the file that brought it, it is erased too (docs/decisions/57). Hence `db_constraint=False`
    here and on the signing path: a row whose parent is never deleted, and which is written from
    that parent's own row (docs/decisions/10).
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    uuid = models.UUIDField(unique=True)
    first_name = models.CharField(_("prénom"), max_length=100)
    last_name = models.CharField(_("nom"), max_length=100)
    honorific = models.CharField(_("civilité"), max_length=20, blank=True, default="")
    postcode = models.CharField(_("code postal"), max_length=16, blank=True, default="")
    country = models.CharField(_("pays"), max_length=2, blank=True, default="")
    language = models.CharField(max_length=5, blank=True, default="")
    time_zone = models.CharField(max_length=64, blank=True, default="")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]
        indexes = [
            models.Index(
                fields=["merged_into"],
                condition=models.Q(merged_into__isnull=False),
                name="person_merged_into",
            )
        ]


class ContactPoint(models.Model):
    """One way to reach a person. `typed` is what mail goes to; `canonical` is what is compared.

    An address that waits for its mailbox's word, or that was replaced, has a `canonical` that no
    address has: nobody is found by it, and it stays free for whoever else signs with it.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_constraint=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    typed = models.CharField(max_length=320)
    canonical = models.CharField(max_length=320)
    state = models.CharField(max_length=10, choices=ContactState.choices, default=ContactState.OK)
    state_reason = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "channel", "canonical"], name="contactpoint_once"
            ),
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="contactpoint_channel_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ContactState.values), name="contactpoint_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(state=ContactState.PENDING),
                name="contactpoint_pending",
            )
        ]
