from django.db.models import QuerySet

from levier.foundation.people.enums import ContactState
from levier.foundation.people.models.person import ContactPoint, Person


def known_addresses(*, channel: str, canonical: str) -> QuerySet[ContactPoint]:
    """The mailbox as each organisation knows it, those erased left out."""
    return ContactPoint.objects.filter(
        channel=channel, canonical=canonical, person__erased_at=None
    ).select_related("organisation", "person")


def proposed_address_of(person: Person) -> ContactPoint | None:
    """The address that waits for its mailbox's word to be this person's."""
    return ContactPoint.objects.filter(person=person, state=ContactState.PENDING).first()
