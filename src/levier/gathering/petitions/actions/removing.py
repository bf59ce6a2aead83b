from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.enums import PUBLIC, PetitionState
from levier.gathering.petitions.errors import WrongState
from levier.gathering.petitions.models.petition import Petition
from levier.gathering.petitions.models.removal import Removal


@transaction.atomic
def remove(*, petition: Petition, reason: str, by: User, now: datetime) -> Removal:
    """Take a petition away from the public, for good: its address says so, and why.

    Signatures stay with the team until they are erased on time (P63). Raises WrongState for a
    draft, and for what is removed already.
    """
    petition = locked(petition)
    if petition.state not in PUBLIC:
        raise WrongState
    petition.state = PetitionState.REMOVED
    petition.closed_at = petition.closed_at or now
    petition.save(update_fields=["state", "closed_at"])
    audit(petition, "remove", by, now)
    return Removal.objects.create(petition=petition, reason=reason, removed_at=now, removed_by=by)
