"""What is in force for a petition: its own choice, or else its campaign's (docs/decisions/68)."""

from dataclasses import dataclass
from typing import Any

from levier.foundation.accounts.models import Organisation
from levier.foundation.campaigns.models import INHERITED
from levier.gathering.petitions.models.petition import Petition


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The choices that hold for one petition."""

    organisation: Organisation
    count_policy: str
    comment_policy: str
    comment_words: str
    retention_months: int
    offers_org_news: bool
    offers_phone: bool
    offers_post: bool
    asks_postcode: bool
    reviews_updates: bool


def terms_of(petition: Petition) -> Terms:
    """What holds now; wants the campaign and its organisation at hand."""
    held = {name: in_force(petition, name) for name in INHERITED}
    return Terms(organisation=petition.campaign.organisation, **held)


def in_force(petition: Petition, name: str) -> Any:
    """One choice: the petition's own, or the campaign's."""
    own = getattr(petition, name)
    return getattr(petition.campaign, name) if own is None else own
