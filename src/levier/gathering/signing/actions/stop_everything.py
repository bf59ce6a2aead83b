from datetime import datetime

from django.db import transaction

from levier.foundation.messaging.actions.unsubscribe import unsubscribe_from_everything
from levier.foundation.people.actions import stopping
from levier.foundation.people.models.person import Person
from levier.gathering.signing.actions.partner_agreements import withdraw_partner_agreements


@transaction.atomic
def stop_everything(*, person: Person, source: str, now: datetime) -> None:
    """« Tout arrêter », from one's own page: agreements, addresses, and partners too. Signatures
    stay, and so do answers to what the person asks for (docs/decisions/73)."""
    stopping.stop_everything(person=person, source=source, now=now)
    withdraw_partner_agreements(person=person, now=now)


@transaction.atomic
def stop_everything_by_link(*, person: int, message: int | None, now: datetime) -> None:
    """The same from the link of a mail, which is counted as having made somebody leave. Nothing
    for whoever is already out of every list."""
    found = unsubscribe_from_everything(person=person, message=message, now=now)
    if found is not None:
        withdraw_partner_agreements(person=found, now=now)
