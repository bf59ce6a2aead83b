"""How the addressee of a petition is reached, for whoever may change its words."""

from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import User
from levier.foundation.directory.models import ContactDetail
from levier.foundation.directory.queries import contacts_of
from levier.gathering.petitions.rules.gates import Place, petition_for_editing


def contact_for_editing(user: User, slug: str, pk: int) -> tuple[Place, ContactDetail]:
    """One way to reach the addressee of that petition, or Hidden, or NotAllowed."""
    place = petition_for_editing(user, slug)
    petition = place.petition
    known = contacts_of(petition.addressee_post, petition.addressee_person)
    contact = known.filter(pk=pk, owner=petition.campaign.organisation_id).first()
    if contact is None:
        raise Hidden
    return place, contact
