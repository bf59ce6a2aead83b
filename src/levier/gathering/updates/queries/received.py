"""« Qui a reçu quoi » (U59)."""

from django.db.models import QuerySet

from levier.foundation.messaging.models.delivery import Delivery
from levier.foundation.people.models.person import Person
from levier.gathering.updates.models.update import Update
from levier.gathering.updates.queries.audience import SOURCE


def who_received(update: Update) -> QuerySet[Delivery]:
    """The mails of an update, each with its reader and mailbox, in the order they were written:
    page it by id. For roles that may see names."""
    mails = Delivery.objects.filter(message=update.message_id, source=f"{SOURCE}{update.pk}")
    return mails.select_related("person", "contact_point").order_by("pk")


def updates_received(person: Person) -> QuerySet[Delivery]:
    """The mails of updates that were written to somebody, the latest first: for themselves."""
    mails = Delivery.objects.filter(person=person, source__startswith=SOURCE)
    return mails.select_related("message").order_by("-pk")
