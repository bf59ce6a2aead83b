"""Reading a petition before it is public: by its team, its author, and whom they give the link."""

from datetime import datetime, timedelta

from levier.foundation.common.tokens import seal, unseal
from levier.foundation.messaging.rules.addresses import absolute
from levier.gathering.petitions.models.petition import Petition

PREVIEW = "petition-preview"
PREVIEW_AGE = timedelta(days=7)


def preview_path(petition: Petition, *, now: datetime) -> str:
    """The address where anyone who has it reads the latest words, for a week (P5, P7)."""
    return f"/apercu/{seal(PREVIEW, petition.pk, now=now)}/"


def preview_link(petition: Petition, *, now: datetime) -> str:
    """The same, whole."""
    return absolute(preview_path(petition, now=now))


def petition_in(token: str, *, now: datetime) -> int:
    """The petition that a link shows. Raises BadToken, ExpiredToken."""
    petition, _ = unseal(PREVIEW, token, now=now, max_age=PREVIEW_AGE)
    return int(petition)
