"""Who decides about messages at the desk: owners and campaigners of the organisation."""

from levier.foundation.accounts.enums import CAN_CAMPAIGN
from levier.foundation.accounts.errors import Hidden
from levier.foundation.accounts.models import Membership, User
from levier.foundation.accounts.rules import membership_of, require
from levier.foundation.messaging.enums import Lane
from levier.foundation.messaging.models.message import Message


def message_for_deciding(user: User, pk: int) -> tuple[Message, Membership]:
    """A message said to many and the user's place in its organisation, or Hidden, or NotAllowed."""
    found = (
        Message.objects.filter(pk=pk)
        .exclude(lane=Lane.TRANSACTIONAL)
        .select_related("template", "organisation")
        .first()
    )
    if found is None:
        raise Hidden
    return found, require(membership_of(user, found.organisation_id), CAN_CAMPAIGN)
