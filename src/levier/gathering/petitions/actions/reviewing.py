"""A supporter's petition, read by the team before anyone else (P5).

Approving opens the count as well: it is in `signing.actions.launch`.
"""

from datetime import datetime

from django.db import transaction

from levier.foundation.accounts.models import User
from levier.gathering.petitions.actions.drafting import audit, locked
from levier.gathering.petitions.actions.publishing import close_review, is_complete
from levier.gathering.petitions.enums import PetitionState
from levier.gathering.petitions.errors import ChangedMeanwhile, NotReady, WrongState
from levier.gathering.petitions.mails.review import send_refusal, send_to_moderate
from levier.gathering.petitions.models.petition import Petition, Version
from levier.gathering.petitions.models.review import Review


@transaction.atomic
def submit_for_review(*, petition: Petition, by: User, now: datetime) -> Petition:
    """Ask the team to read a draft, and tell them. Raises NotReady, WrongState."""
    petition = locked(petition)
    if petition.state != PetitionState.DRAFT:
        raise WrongState
    words = Version.objects.get(petition=petition, published_at=None)
    if not is_complete(petition, words):
        raise NotReady
    petition.state = PetitionState.IN_REVIEW
    petition.save(update_fields=["state"])
    Review.objects.create(petition=petition, asked_at=now)
    audit(petition, "submit_for_review", by, now)
    send_to_moderate(petition, words)
    return petition


@transaction.atomic
def refuse(*, petition: Petition, seen: str, reason: str, by: User, now: datetime) -> Petition:
    """Give it back to its author with the reason; every word of it is kept (P5).

    `seen` is the SHA-256, in hexadecimal, of the text that was read. Raises WrongState,
    ChangedMeanwhile.
    """
    petition, words = read_by_reviewer(petition=petition, seen=seen)
    petition.state = PetitionState.DRAFT
    petition.save(update_fields=["state"])
    close_review(petition=petition, approved=False, reason=reason, by=by, now=now)
    audit(petition, "refuse", by, now, sha256=seen)
    send_refusal(petition, words, reason)
    return petition


def read_by_reviewer(*, petition: Petition, seen: str) -> tuple[Petition, Version]:
    """The petition, locked, and the text that was read if it is still the same."""
    petition = locked(petition)
    if petition.state != PetitionState.IN_REVIEW:
        raise WrongState
    words = Version.objects.get(petition=petition, published_at=None)
    if bytes(words.sha256).hex() != seen:
        raise ChangedMeanwhile
    return petition, words
